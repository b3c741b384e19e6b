"""Words that date something, resolved relative to the day of publication by the rules of the codebook."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from onrecord.curate.resolve.datewords import FUTURE, PAST, Reader
from onrecord.curate.spans import Span
from onrecord.dates import bounds, day

__all__ = ["Dated", "dated", "lean", "open_until", "reference_day", "windowed"]

_TITLE = re.compile(r"(?:This|Last|Next) (?:Week|Month|Year)")  # a broadcast
_LAST_DAY = re.compile(r"(?:on )?last \w+day\b", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Dated:
    """A date that words give: where they stand, its EDTF value, the basis of claims.said_basis, and whether it is a guess.

    ``later`` is set where the words lean on another date of the text ("a day earlier"): how many days after it.
    """

    span: Span
    edtf: str
    basis: str
    guess: bool = False
    later: int | None = None


def reference_day(published: str) -> dt.date | None:
    """The day of publication, None where EDTF leaves it open."""
    found = bounds(published)
    return day(found.start) if found.start and found.start == found.end else None


def open_until(published: str) -> Dated:
    """An undated utterance: open until publication; empty where that is not known either."""
    end = bounds(published).end
    value = f"../{published}" if re.fullmatch(r"\d{4}(-\d{2}){0,2}", published) else f"../{end}" if end else ""
    return Dated(Span(0, 0), value, "publication", not value)


def dated(text: str, published: str, spans: tuple[Span, ...]) -> list[Dated]:
    """The dates of an utterance in stretches of a text, in the order of the text; none lies after publication.

    ``published`` is EDTF. Words that need a day of publication that is not known are passed over, never guessed.
    """
    last = bounds(published).end
    found = _found(text, published, spans, PAST)
    return sorted(one for one in found if not last or bounds(one.edtf).start <= last)


def windowed(text: str, published: str, spans: tuple[Span, ...], future: bool) -> list[Dated]:
    """The times that a claim's own words set; ``future`` says that it speaks of what is yet to come."""
    return sorted(_found(text, published, spans, FUTURE if future else PAST))


def _found(
    text: str, published: str, spans: tuple[Span, ...], readers: dict[re.Pattern[str], Reader]
) -> Iterator[Dated]:
    today = reference_day(published)
    taken: list[Span] = []
    for pattern, reader in readers.items():
        for span in spans:
            for match in pattern.finditer(text, span.start, span.end):
                at = Span(*match.span())
                if any(at.start < other.end and other.start < at.end for other in taken) or _TITLE.match(match[0]):
                    continue
                taken.append(at)
                try:
                    result = reader(match, today)
                except (OverflowError, ValueError):  # before the year 1 or after 9999
                    result = None
                if result is None:
                    continue
                value, basis = result
                if basis.startswith("leans"):
                    yield Dated(at, "", "relative", True, int(basis.removeprefix("leans")))
                elif not bounds(value).problem:
                    yield Dated(at, value, basis, basis == "relative" and _LAST_DAY.match(match[0]) is not None)


def lean(found: Dated, antecedent: Dated | None) -> Dated | None:
    """A date that leans on another, resolved by it; None where that is no single day."""
    if found.later is None:
        return found
    start = reference_day(antecedent.edtf) if antecedent and antecedent.edtf else None
    if antecedent is None or start is None:
        return None
    try:
        moved = start + dt.timedelta(days=found.later)
    except OverflowError:
        return None
    basis = antecedent.basis if found.later == 0 else "relative"
    return replace(found, edtf=moved.isoformat(), basis=basis, later=None)

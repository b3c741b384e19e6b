"""Where words stand in a text, and the parts of one attribution."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Attribution", "Span", "parse_span", "span_of"]

_SPAN = re.compile(r"([0-9]{1,9})-([0-9]{1,9})", re.ASCII)


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of a text: code points from 0, half-open. As a string it is what a worksheet holds: 120-180."""

    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.start}-{self.end}"

    def of(self, text: str) -> str:
        """What stands there in a text."""
        return text[self.start : self.end]

    def holds(self, other: Span) -> bool:
        """Whether another stretch lies within this one."""
        return self.start <= other.start and other.end <= self.end


def parse_span(written: str) -> Span | None:
    """The span that is written as 120-180; None where it is none, or ends before it begins."""
    match = _SPAN.fullmatch(written)
    return Span(int(match[1]), int(match[2])) if match and int(match[1]) < int(match[2]) else None


def span_of(row: Mapping[str, str]) -> Span | None:
    """The offsets of a row of evidence or source_ranges; None where they are none."""
    return parse_span(f"{row['start_char']}-{row['end_char']}")


@dataclass(frozen=True)
class Attribution:
    """That somebody is said to have said something.

    ``content`` is what is attributed (several spans where a cue or source interrupts it), ``cue`` the words that
    say that it is, ``source`` to whom (empty where to nobody). ``quote_type`` is direct, mixed or indirect.
    ``parent`` is the index, in the list of which this is one, of the attribution in whose content it is nested.
    ``kind`` is statement, refusal (declined to comment) or absence (has not commented). ``confidence`` lies
    between 0 and 1, and ``reason`` says which rule and words decided.
    """

    content: tuple[Span, ...]
    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    quote_type: str
    parent: int | None
    kind: str
    confidence: float
    reason: str

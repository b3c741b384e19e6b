"""Recorded spans on a changed edition of their text: found again, or reported, never shifted by guess."""

from __future__ import annotations

import bisect
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from onrecord.curate.draft import Draft, drafting
from onrecord.curate.keeping import kept, place
from onrecord.curate.passages import Passages
from onrecord.curate.spans import Span, span_of
from onrecord.curate.tables import Row
from onrecord.curate.verifying import evidence_of
from onrecord.evidence import find_texts, normalize, span_hash
from onrecord.findings import PackageError
from onrecord.package import Package
from onrecord.report import Report

__all__ = ["Editions", "Lost", "Rebased", "rebase"]

_CONTEXT = (1, 2, 3, 5, 8, 13, 21, 34, 55)
"""How many words on either side are tried, to tell a passage from others in the same words."""
_ANCHOR = 4
"""Words of the landmarks between which a passage is looked for: runs that stand once in both editions."""


@dataclass(frozen=True)
class Lost:
    """A span that was not found again, or that could be one of several: its row, its table, its words, and why."""

    table: str
    row: Row
    words: str
    why: str


@dataclass
class Rebased:
    """What a rebase did, or would do: how many spans are found, which moved, and which are lost.

    ``dropped`` are ranges that were left out because that was asked for. ``report`` is of the package as it
    would be; nothing was written where something is lost, or the package would not be valid. ``text_path`` is
    where the new text is kept.
    """

    found: int = 0
    moved: int = 0
    lost: list[Lost] = field(default_factory=list)
    dropped: list[Lost] = field(default_factory=list)
    same: bool = False
    report: Report | None = None
    text_path: Path | None = None
    written: list[Path] = field(default_factory=list)

    @property
    def done(self) -> bool:
        return not self.lost and (self.report is None or self.report.valid)


class Editions:
    """Two editions of a text, and where in the new one a passage of the old one stands."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = Passages(old), Passages(new)
        self._known: dict[str, dict[tuple[int, int], tuple[int, int]]] = {}

    def moved(self, span: Span) -> Span | str:
        """The span in the new edition; or, where it is not certain, why.

        A passage is found where its words stand once in either edition; or once together with as many words
        around them as make it the only one; or once between the same two landmarks. What was not the only one
        in the old edition is never taken for the only one in the new, and no two passages for one.
        """
        words = normalize(span.of(self.old.text))
        if not words:
            return "there are no words in it"
        old, new = self.old.found(words), self.new.found(words)
        if not new:
            return "its words do not stand in the new text"
        start = self.old.index.offset(span.start)
        here = (start, start + len(words))
        if old == [here] and len(new) == 1:
            return self._span(new[0], words)
        there = self._placed(words).get(here) or self._way(here, words)
        claims = [place for other, place in self._placed(words).items() if other != here]
        if there is None or there in claims:
            return f"its words stood {len(old)} times, now {len(new)} times, and nothing tells which is meant"
        return self._span(there, words)

    def _placed(self, words: str) -> dict[tuple[int, int], tuple[int, int]]:
        """Where each occurrence of some words in the old edition seems to stand in the new."""
        if words not in self._known:
            ways = {here: self._way(here, words) for here in self.old.found(words)}
            self._known[words] = {here: there for here, there in ways.items() if there}
        return self._known[words]

    def _way(self, here: tuple[int, int], words: str) -> tuple[int, int] | None:
        """Where a passage stands by all that tells it from others in the same words; None where that differs."""
        ways = {place for place in (self._in_context(here, *sides) for sides in ((1, 1), (1, 0), (0, 1))) if place}
        if not ways and (place := self._between(here, words)):
            ways = {place}
        return ways.pop() if len(ways) == 1 else None

    def _span(self, place: tuple[int, int], words: str) -> Span | str:
        span = self.new.index.span(*place)
        if normalize(span.of(self.new.text)) != words:
            return "its words stand in the new text only as a part of letters that belong together"
        return span

    def _in_context(self, here: tuple[int, int], left: int, right: int) -> tuple[int, int] | None:
        """Where the passage stands in the new edition with the fewest words around it that make it the only one."""
        text = self.old.index.text
        for count in _CONTEXT:
            low, high = self._wider(here, count * left, count * right)
            around = text[low:high]
            if len(self.old.found(around)) == 1:
                there = self.new.found(around)
                if len(there) != 1:
                    return None
                start = there[0][0] + here[0] - low
                return start, start + here[1] - here[0]
        return None

    def _wider(self, here: tuple[int, int], left: int, right: int) -> tuple[int, int]:
        """A stretch of the old edition with so many words more on either side."""
        starts, ends = self._words
        low, high = here
        if left:
            low = starts[max(bisect.bisect_left(starts, here[0]) - left, 0)] if starts else low
        if right:
            high = ends[min(bisect.bisect_right(ends, here[1]) - 1 + right, len(ends) - 1)] if ends else high
        return min(low, here[0]), max(high, here[1])

    @cached_property
    def _words(self) -> tuple[list[int], list[int]]:
        places = _words(self.old.index.text)
        return [start for start, _ in places], [end for _, end in places]

    def _between(self, here: tuple[int, int], words: str) -> tuple[int, int] | None:
        """The only occurrence between the nearest landmarks, where there is one only in both editions."""
        before = [(a, b) for a, b in self._landmarks if a[1] <= here[0]]
        after = [(a, b) for a, b in self._landmarks if a[0] >= here[1]]
        low, there_low = (before[-1][0][1], before[-1][1][1]) if before else (0, 0)
        high, there_high = (
            (after[0][0][0], after[0][1][0]) if after else (len(self.old.index.text), len(self.new.index.text))
        )
        if there_low > there_high:
            return None
        one = [p for p in self.old.found(words) if low <= p[0] and p[1] <= high]
        other = [p for p in self.new.found(words) if there_low <= p[0] and p[1] <= there_high]
        return other[0] if one == [here] and len(other) == 1 else None

    @cached_property
    def _landmarks(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """Runs of words that stand once in each edition, by their place in the old one."""
        one, other = _once(self.old.index.text), _once(self.new.index.text)
        return sorted((place, other[run]) for run, place in one.items() if run in other)


def _words(text: str) -> list[tuple[int, int]]:
    found, at = [], 0
    for word in text.split(" "):
        found.append((at, at + len(word)))
        at += len(word) + 1
    return found


def _once(text: str) -> dict[str, tuple[int, int]]:
    places = _words(text)
    runs = [(places[i][0], places[i + _ANCHOR - 1][1]) for i in range(len(places) - _ANCHOR + 1)]
    counts = Counter(text[a:b] for a, b in runs)
    return {text[a:b]: (a, b) for a, b in runs if counts[text[a:b]] == 1}


def rebase(
    package: Package, source_id: str, new: str, texts: Path | None, drop_ranges: bool = False, dry_run: bool = False
) -> Rebased:
    """Find every span and range of a source again in another edition of its text, and record where they are.

    Needs the text that was coded among ``texts``. Nothing is written where a span is lost; ``drop_ranges``
    leaves out ranges (never evidence) that are. Raises PackageError when there is no such source or text, and
    when the recorded spans are wrong already.
    """
    with drafting(package, "onrecord evidence rebase", dry_run) as draft:
        return _rebase(draft, source_id, new, texts, drop_ranges)


def _rebase(draft: Draft, source_id: str, new: str, texts: Path | None, drop_ranges: bool) -> Rebased:
    source = draft.get("sources", source_id)
    if source is None:
        raise PackageError(f"there is no source {source_id}")
    digest = hashlib.sha256(new.encode("utf-8")).hexdigest()
    if digest == source["text_sha256"]:
        return Rebased(same=True)
    held = find_texts(texts)
    if source["text_sha256"] not in held:
        what = f"the text from which {source_id} was coded is not among the texts at hand"
        raise PackageError(f"{what}; put it there (SHA-256 {source['text_sha256'] or 'not recorded'}), or name --texts")
    if other := next((r["source_id"] for r in draft.rows("sources") if r["text_sha256"] == digest), ""):
        raise PackageError(f"this is the text of {other}; name the source that it belongs to")
    editions = Editions(held[source["text_sha256"]], new)
    found = Rebased()
    for row in evidence_of(draft.rows("claims"), draft.rows("evidence")).get(source_id, []):
        if there := _there("evidence", row, editions, found, found.lost):
            exact = there.of(new) if row["exact"] else ""
            draft.change("evidence", row, start_char=str(there.start), end_char=str(there.end), exact=exact)
    _move_ranges(draft, source_id, editions, found, found.dropped if drop_ranges else found.lost)
    draft.change("sources", source, text_length=str(len(new)), text_sha256=digest)
    if found.lost or texts is None:
        return found
    found.report = draft.report(texts)
    publisher = draft.get("actors", source["publisher_id"])
    found.text_path = place(texts, digest, source, publisher["actor_name"] if publisher else "")
    if not draft.dry and found.report.valid:
        with kept(found.text_path, new.encode("utf-8"), draft.root) as more:
            found.written = draft.write(more)
    return found


def _move_ranges(draft: Draft, source_id: str, editions: Editions, found: Rebased, gone: list[Lost]) -> None:
    """Move the ranges of a source, all at once, since their offsets are their key."""
    moved = []
    for row in [row for row in draft.rows("source_ranges") if row["source_id"] == source_id]:
        if there := _there("source_ranges", row, editions, found, gone):
            moved.append({**row, "start_char": str(there.start), "end_char": str(there.end)})
        draft.remove("source_ranges", row)
    for cells in moved:
        draft.add("source_ranges", **cells)


def _there(table: str, row: Row, editions: Editions, found: Rebased, gone: list[Lost]) -> Span | None:
    """Where a row stands in the new edition, counted; None where that is not certain, and then ``gone`` says why."""
    span, old = span_of(row), editions.old.text
    if span is None or span.end > len(old) or (table == "evidence" and span_hash(span.of(old)) != row["span_sha256"]):
        raise PackageError(f"the spans recorded are wrong already ({_named(row)}); run: onrecord evidence verify")
    there = editions.moved(span)
    if isinstance(there, str):
        gone.append(Lost(table, dict(row), " ".join(span.of(old).split()), there))
        return None
    found.found += 1
    found.moved += there != span
    return there


def _named(row: Row) -> str:
    return row.get("evidence_id") or f"{row['range_kind']} {row['start_char']}-{row['end_char']}"

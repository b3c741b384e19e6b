"""The evidence of new claims: a row per span, ranges of quotations where they lack, quoted words within the limits."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from onrecord.curate.evidencing import Text
from onrecord.curate.planning import Part, Plan
from onrecord.curate.registry import Ledger, Origin
from onrecord.curate.spans import Span, span_of

__all__ = ["Recorder"]

WORDS, SHARE = 40, 0.2
"""The most words of a quotation, and the share of a source that all of them stay under (rule exact-within-limit)."""
_ORDER = ("source", "cue", "content", "time", "condition")


@dataclass
class _Staged:
    """A span that will be evidence, and its quoted words if they may be recorded."""

    claim: str
    part: Part
    text: Text
    origin: Origin
    exact: str = ""


class Recorder:
    """Gathers the spans of claims, and records them in the end, when all of a source are known."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.draft = ledger.draft
        self._staged: list[_Staged] = []
        self._known: defaultdict[str, set[tuple[str, str, Span]]] = defaultdict(set)
        for row in self.draft.rows("evidence"):
            if span := span_of(row):
                self._known[row["claim_id"]].add((row["part"], row["hop"], span))

    def content(self) -> defaultdict[str, set[Span]]:
        """The content spans of every claim."""
        found: defaultdict[str, set[Span]] = defaultdict(set)
        for claim, parts in self._known.items():
            found[claim] = {span for part, _, span in parts if part == "content"}
        return found

    def record(self, plan: Plan, claim: str, parts: Iterable[Part]) -> bool:
        """Note spans of a claim that it has not yet; whether there was one."""
        before = len(self._staged)
        for part in sorted(parts, key=lambda p: _ORDER.index(p.part)):
            if (part.part, part.hop, part.span) not in self._known[claim]:
                self._known[claim].add((part.part, part.hop, part.span))
                origin = Origin(plan.sheet, plan.number, {}, part.column)
                self._staged.append(_Staged(claim, part, plan.text, origin))
        return len(self._staged) > before

    def close(self) -> None:
        """Add the rows of evidence, and of source_ranges for quotations that have none."""
        ranges = self._quotations()
        by_claim: dict[str, list[_Staged]] = defaultdict(list)
        for one in self._staged:
            by_claim[one.claim].append(one)
        for claim, staged in by_claim.items():
            self._quote(claim, staged, ranges)
        every = [one for staged in by_claim.values() for one in staged]
        self._choose_exact(every, ranges)
        for one in every:
            row = one.text.recorded(one.part.span)
            row |= {"claim_id": one.claim, "part": one.part.part, "hop": one.part.hop, "exact": one.exact}
            self.ledger.new("evidence", row, one.origin)
        self._staged = []

    def _quotations(self) -> defaultdict[str, list[Span]]:
        found: defaultdict[str, list[Span]] = defaultdict(list)
        for row in self.draft.rows("source_ranges"):
            if row["range_kind"] == "quotation" and (span := span_of(row)):
                found[row["source_id"]].append(span)
        return found

    def _quote(self, claim: str, staged: list[_Staged], ranges: defaultdict[str, list[Span]]) -> None:
        """Find the quotation of a direct or mixed claim, where no range holds one of its spans."""
        row = self.draft.row("claims", claim)
        source = row["source_id"]
        content = {span for part, _, span in self._known[claim] if part == "content"}
        if row["quote_type"] not in ("direct", "mixed") or any(_inside(span, ranges[source]) for span in content):
            return
        for one in [s for s in staged if s.part.part == "content"]:
            for quotation in one.text.quotations(one.part.span):
                cells = {"source_id": source, "start_char": str(quotation.start), "end_char": str(quotation.end)}
                if self.ledger.add("source_ranges", cells | {"range_kind": "quotation"}, one.origin):
                    ranges[source].append(quotation)
                inner = one.text.trimmed(quotation)
                if not _inside(one.part.span, [quotation]) and ("content", "", inner) not in self._known[claim]:
                    self._known[claim].add(("content", "", inner))
                    staged.append(_Staged(claim, Part("content", "", inner, one.part.column), one.text, one.origin))

    def _choose_exact(self, staged: list[_Staged], ranges: defaultdict[str, list[Span]]) -> None:
        """Fill in quoted words, the shortest first, as long as they stay under the share of their source."""
        able: defaultdict[str, list[_Staged]] = defaultdict(list)
        for one in staged:
            row = self.draft.row("claims", one.claim)
            speech = row["quote_type"] in ("direct", "mixed") and not self._is_outlet(row["speaker_id"])
            words = one.part.span.of(one.text.text)
            plain = words.isprintable() and unicodedata.is_normalized("NFC", words)  # as cells of the dataset are
            fit = one.part.part == "content" and len(words.split()) <= WORDS and plain
            if speech and fit and _inside(one.part.span, ranges[row["source_id"]]):
                able[row["source_id"]].append(one)
        if not able:
            return
        covered = self._covered(able)
        for source, some in able.items():
            length = len(some[0].text.text)
            quoted = sum(covered[source])
            for one in sorted(some, key=lambda s: s.part.span.end - s.part.span.start):
                span = one.part.span
                fresh = covered[source][span.start : span.end].count(0)
                if quoted + fresh < SHARE * length:
                    one.exact = span.of(one.text.text)
                    _cover(covered[source], span)
                    quoted += fresh

    def _covered(self, sources: dict[str, list[_Staged]]) -> dict[str, bytearray]:
        """Of each source one byte per character, 1 where its quoted words are recorded."""
        found = {source: bytearray(len(some[0].text.text)) for source, some in sources.items()}
        for row in self.draft.rows("evidence"):
            claim, span = self.draft.get("claims", row["claim_id"]), span_of(row)
            if row["exact"] and claim and span and claim["source_id"] in found:
                _cover(found[claim["source_id"]], span)
        return found

    def _is_outlet(self, actor: str) -> bool:
        row = self.draft.get("actors", actor)
        return row is not None and row["actor_kind"] == "media_outlet"


def _cover(characters: bytearray, span: Span) -> None:
    characters[span.start : span.end] = b"\1" * (span.end - span.start)


def _inside(span: Span, ranges: Iterable[Span]) -> bool:
    return any(one.holds(span) for one in ranges)

"""What the rows of a worksheet say once they are read against the dataset and the texts: spans, chains, speakers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from onrecord.curate.columns import JOINED, TAKEN, hops_in
from onrecord.curate.evidencing import Text
from onrecord.curate.naming import fold
from onrecord.curate.passages import cuts_word
from onrecord.curate.registry import At, Registry
from onrecord.curate.spans import Span, parse_span
from onrecord.curate.tables import Row
from onrecord.curate.worksheet import Sheet
from onrecord.findings import Finding, shown

__all__ = ["Hop", "Part", "Plan", "Ref", "planned"]

NOBODY = ("agentless", "lost")


@dataclass(frozen=True)
class Ref:
    """Somebody or something, by identifier or by name; empty where neither is given. ``at`` is where to complain."""

    cell: str
    name: str
    at: At

    def __bool__(self) -> bool:
        return bool(self.cell or self.name)


@dataclass(frozen=True)
class Part:
    """A span with the part of the attribution that it is, its hop, and the column that gives it."""

    part: str
    hop: str
    span: Span
    column: str


@dataclass(frozen=True)
class Hop:
    """One hop of a chain."""

    number: int
    kind: str
    actor: Ref
    row: Row


@dataclass(frozen=True)
class Plan:
    """One row that is taken: its source, the text, the spans of its content, all its spans, its chain, its speaker.

    ``speaker`` is empty where the chain ends with nobody; for narration it is who publishes. ``named`` are those who
    are given by identifier and name.
    """

    sheet: Sheet
    number: int
    row: Row
    source: str
    text: Text
    content: tuple[Span, ...]
    parts: tuple[Part, ...]
    hops: tuple[Hop, ...]
    speaker: Ref
    named: tuple[Ref, ...]

    @property
    def name(self) -> str:
        """The row_id."""
        return self.row["row_id"]

    def at(self, column: str) -> At:
        """A cell of the row."""
        return At(self.sheet, self.number, column)


def planned(sheet: Sheet, registry: Registry, texts: Mapping[str, Text], damaged: set[int]) -> list[Plan]:
    """The rows of a worksheet that are taken, those left out in which something is wrong; findings go to the ledger.

    ``texts`` are those at hand, by hash; ``damaged`` are the rows, by number, that are known to be wrong.
    """
    plans = []
    asked: set[str] = set()
    for number, row in enumerate(sheet.rows):
        if row.get("decision") in TAKEN and number not in damaged:
            reader = _Reader(sheet, number, row, registry, texts, asked)
            if plan := reader.plan():
                plans.append(plan)
            registry.ledger.findings += reader.findings
    return plans


class _Reader:
    """Reads one row; ``asked`` are the sources whose text was asked for already."""

    def __init__(
        self, sheet: Sheet, number: int, row: Row, registry: Registry, texts: Mapping[str, Text], asked: set[str]
    ) -> None:
        self.asked = asked
        self.sheet, self.number, self.row = sheet, number, row
        self.registry, self.texts = registry, texts
        self.findings: list[Finding] = []
        self.named: list[Ref] = []
        self._cut: set[tuple[str, Span]] = set()

    def plan(self) -> Plan | None:
        row = self.row
        source = self.registry.need("sources", row["source_id"], "", self.at("source_id"))
        text = self._text(source) if source else None
        if source is None or text is None:
            return None
        content = self._content(text) if text.text else []
        parts = tuple(self._parts(text, content)) if text.text else ()
        hops = tuple(self._hops())
        speaker = self._speaker(source, hops) if row["decision"] != "merge" else Ref("", "", self.at("speaker_id"))
        if self.findings:
            return None
        return Plan(self.sheet, self.number, row, source, text, tuple(content), parts, hops, speaker, tuple(self.named))

    def at(self, column: str) -> At:
        return At(self.sheet, self.number, column)

    def wrong(self, column: str, rule: str, message: str, fix: str) -> None:
        self.findings.append(self.at(column).finding(rule, message, fix))

    def note(self, column: str, rule: str, message: str, fix: str) -> None:
        self.registry.ledger.notes.append(self.at(column).finding(rule, message, fix))

    def _text(self, source: str) -> Text | None:
        """The text to which the row refers; it must be that of the source."""
        recorded = (self.registry.draft.get("sources", source) or {}).get("text_sha256", "")
        given = self.row["text_sha256"]
        if given != recorded:
            what = f"text_sha256 is not that of {source}, which has {f'{recorded[:12]}…' if recorded else 'no text'}"
            fix = "restore it; if the worksheet was made from another edition of the text, propose anew"
            self.wrong("text_sha256", "identifier", what, fix)
            return None
        if not given:
            return self._without_text(source)
        if given not in self.texts and source not in self.asked:
            self.asked.add(source)
            fix = "put it into the folder that ONRECORD_TEXTS names, or texts/, or pass --texts"
            self.wrong("text_sha256", "no-text", f"the text of {source} is not at hand", fix)
        return self.texts.get(given)

    def _without_text(self, source: str) -> Text:
        """The empty text of a source of which none was kept: nothing of it can be located."""
        fix = f"empty them, or keep the text of {source} and propose anew"
        for name, cell in self.row.items():
            if cell and (name == "content" or name.endswith("_span")):
                self.wrong(name, "no-text", f"{name} is given, and {source} has no text in which it could stand", fix)
        return Text("")

    def _content(self, text: Text) -> list[Span]:
        """The spans of the content: as given, or where the words stand if these were edited and the spans were not."""
        words, given, before = (
            self.row.get("content", ""),
            self.row.get("content_span", ""),
            self.row.get("proposed_span", ""),
        )
        spans = self._spans(text, "content_span")
        if given and (not spans or not words.strip() or text.says(spans, words)):
            return spans
        if given and before and before != given:
            what = f"content_span was edited, and counts: its words are {shown(self._words(text, spans))}"
            self.note("content", "words", what, "edit content too if other words are meant")
            return spans
        if given and not before:
            what = f"content {shown(words)} does not stand at {given}"
            self.wrong("content", "words", what, "empty the one that is wrong, content or content_span")
            return []
        near = spans[0].start if spans else int(self.row["passage_start"]) if self.row.get("passage_start") else None
        found = text.located(words, near)
        if found is None:
            several = near is None and text.stand(words)
            what = "stand in several places of the text" if several else "do not stand in the text"
            fix = "give content_span too" if several else "copy them from the text, or write content_span yourself"
            self.wrong("content", "words", f"the words {shown(words)} {what}", fix)
        return found or []

    def _words(self, text: Text, spans: list[Span]) -> str:
        return JOINED.join(" ".join(span.of(text.text).split()) for span in spans)

    def _spans(self, text: Text, column: str) -> list[Span]:
        found = []
        for part in self.row.get(column, "").split():
            span = parse_span(part)
            if span is None or span.end > len(text.text):
                what = f"{column} {part} ends beyond the text, which has {len(text.text):,} characters"
                self.wrong(column, "span", what, "restore it")
                return []
            if (column, span) not in self._cut and cuts_word(text.text, span.start, span.end):
                self._cut.add((column, span))
                what = f"{column} {part} begins or ends in the middle of a word: {shown(span.of(text.text))}"
                self.note(column, "span", what, "move its ends to those of words, if that is not meant")
            found.append(span)
        return found

    def _parts(self, text: Text, content: list[Span]) -> Iterator[Part]:
        for number in range(1, hops_in(self.row) + 1):
            for part in ("source", "cue"):
                column = f"hop_{number}_{part}_span"
                yield from (Part(part, str(number), span, column) for span in self._spans(text, column))
        yield from (Part("content", "", span, "content_span") for span in content)
        for part in ("condition", "time"):
            yield from (Part(part, "", span, f"{part}_span") for span in self._spans(text, f"{part}_span"))

    def _hops(self) -> Iterator[Hop]:
        last = 0
        for number in range(1, hops_in(self.row) + 1):
            cells = {
                n: self.row.get(f"hop_{number}_{n}", "")
                for n in ("actor_id", "actor", "kind", "cue", "said_edtf", "channel", "source_span", "cue_span")
            }
            if not any(cells.values()):
                continue
            if number != last + 1:
                self.wrong(
                    f"hop_{number}_kind",
                    "hops",
                    f"hop {number} follows hop {last}",
                    "fill the hops without gaps, from 1",
                )
            last = number
            actor = self._ref(f"hop_{number}_actor_id", f"hop_{number}_actor")
            if self.row["decision"] == "merge":
                yield Hop(number, cells["kind"], actor, cells)
                continue
            if not cells["kind"]:
                self.wrong(
                    f"hop_{number}_kind",
                    "required",
                    f"hop_{number}_kind is empty",
                    "write explicit, implicit, agentless or lost",
                )
            elif cells["kind"] in NOBODY and actor:
                what = f"hop {number} is {cells['kind']}, and names {actor.cell or shown(actor.name)}"
                self.wrong(actor.at.name, "hops", what, "empty the actor, or mend the kind")
            yield Hop(number, cells["kind"], actor, cells)

    def _ref(self, cell: str, name: str) -> Ref:
        """Somebody by identifier and name."""
        identifier, called = self.row.get(cell, ""), self.row.get(name, "").strip()
        ref = Ref(identifier, called, self.at(cell if identifier else name))
        if identifier and called:
            self.named.append(ref)
        return ref

    def _speaker(self, source: str, hops: tuple[Hop, ...]) -> Ref:
        given = self._ref("speaker_id", "speaker")
        if self.row["quote_type"] == "narration":
            return self._voice(source, hops, given)
        if not hops:
            fix = "fill hop_1 (kind agentless or lost where the text names nobody), or write narration"
            self.wrong("hop_1_kind", "hops", f"quote_type is {self.row['quote_type']}, and there is no hop", fix)
            return given
        last = hops[-1]
        if last.kind in NOBODY:
            if given:
                what = f"the chain ends {last.kind}, so that nobody is the speaker"
                self.wrong(given.at.name, "speaker", what, "empty speaker_id and speaker, or mend the hop")
            return given
        if not given and not last.actor:
            self.wrong("speaker", "required", "neither the speaker nor the last hop names anybody", "fill one of them")
        if given and last.actor and not self._same(given, last.actor):
            what = f"the speaker is {given.cell or shown(given.name)}, and the last hop {last.actor.cell or shown(last.actor.name)}"
            self.wrong(given.at.name, "speaker", what, "the speaker is the end of the chain: mend one of them")
        return last.actor if last.actor.cell and not given.cell else given or last.actor

    def _voice(self, source: str, hops: tuple[Hop, ...], given: Ref) -> Ref:
        """Who speaks where nobody is cited: the publisher, or the first one of a republication."""
        if hops:
            self.wrong("quote_type", "hops", "narration has no hops", "empty them, or mend quote_type")
        draft, seen = self.registry.draft, {source}
        row = draft.row("sources", source)
        while row["republished_from"] not in seen and (first := draft.get("sources", row["republished_from"])):
            seen.add(row["republished_from"])
            row = first
        voice = Ref(row["publisher_id"], "", self.at("speaker_id"))
        if given and not self._same(given, voice):
            what = f"narration is in the voice of {voice.cell}, and the speaker is {given.cell or shown(given.name)}"
            self.wrong(given.at.name, "speaker", what, "empty the speaker, or mend quote_type")
        return voice

    def _same(self, one: Ref, other: Ref) -> bool:
        known = [self.registry.known("actors", ref.cell, ref.name) for ref in (one, other)]
        if all(known):
            return known[0] == known[1]
        if one.cell and other.cell:
            return one.cell == other.cell
        return bool(one.name) and fold(one.name) == fold(other.name)

"""From a source's text to the rows of a worksheet: attributions resolved, narration beside them, propositions ranked."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from onrecord.curate.claimed import FILLED_FROM, Claimed, outermost
from onrecord.curate.newactors import NewActors
from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.chains import Hop, Utterance
from onrecord.curate.resolve.conditions import condition
from onrecord.curate.resolve.dates import Dated, open_until
from onrecord.curate.resolve.judging import Judgement, judge
from onrecord.curate.resolve.names import country_of
from onrecord.curate.resolve.narrated import Narrated, narrated, stretches
from onrecord.curate.resolve.newcomers import Speaker
from onrecord.curate.resolve.sayings import sayings
from onrecord.curate.resolve.sentences import sentences, trimmed
from onrecord.curate.resolve.speakers import Cast
from onrecord.curate.resolve.summaries import begins_small, summary
from onrecord.curate.resolve.turns import spoken
from onrecord.curate.resolve.utterances import utterances
from onrecord.curate.spans import Attribution, Span

__all__ = ["FILLED_FROM", "Proposals", "propose"]

Row = dict[str, str]
Tell = Callable[[str, int, int], None]
_CUE_LENGTH = 60
_LONGEST_CELL = 8_000
"""The characters of a text that are shown in one cell; spreadsheets keep 32,767."""
_POINTED = 0.5
"""By how much a claim whose words only point back is less sure."""
_ASKED_OF = 900
"""How many characters before a refusal that names no matter what was asked is looked for."""


@dataclass(frozen=True)
class Proposals:
    """The rows of a worksheet, and new rows of other tables that they hang on: actors, their roles and links."""

    rows: list[Row]
    tables: Mapping[str, list[Row]]

    @property
    def actors(self) -> list[Row]:
        """New rows of the table actors."""
        return self.tables.get("actors", [])


def propose(
    text: str,
    source_id: str,
    known: Background,
    attributions: Sequence[Attribution],
    tell: Tell | None = None,
) -> Proposals:
    """Propose the claims of a source, in the order of the text; nothing is written.

    ``text`` is that of the source, ``attributions`` what was extracted from it. ``tell`` is called as the work goes on.
    Raises KeyError when the package has no such source.
    """
    return _Work(text, source_id, known, attributions, tell).proposals()


class _Work:
    """One text while it is proposed from."""

    def __init__(
        self, text: str, source_id: str, known: Background, attributions: Sequence[Attribution], tell: Tell | None
    ) -> None:
        self.text, self.source_id, self.known = text, source_id, known
        self.attributions, self.tell = sayings(text, attributions), tell
        source = known.sources[source_id]
        self.sha256, self.published = source["text_sha256"], source["published_edtf"]
        ranges = [(Span(one.start, one.end), one.kind) for one in known.ranges(source_id)]
        self.stretches = stretches(text, ranges)
        self.narrating = stretches(text, [*ranges, *((span, "boilerplate") for span in spoken(text))])
        self.quotations = [span for span, kind in ranges if kind == "quotation"]
        self.sentences = sentences(text, [one.span for one in self.stretches])
        self.cast = Cast(known, text, self.published)
        self.publisher = self.cast.named(known.voice(source_id), "its own voice")
        self.claimed = Claimed(text, known, self.cast, self.sentences, self.published)
        self.new = NewActors(known, source_id, self.publisher)
        self.heard = {self.publisher.actor_id, source["publisher_id"]}

    def proposals(self) -> Proposals:
        said = utterances(
            self.text,
            self.known,
            self.cast,
            self.attributions,
            self.sentences,
            self.published,
            self._in_headline,
            self.heard,
            self.tell,
        )
        absences = [one for one in said if one.attribution.kind == "absence"]
        spoken = [self._spoken(one) for one in said if one.attribution.kind != "absence"]
        told = [self._told(one) for one in narrated(self.text, self.narrating, self.attributions)]
        told += [self._told(self._absence(one), "absence") for one in absences]
        with_words = [item for item in (*spoken, *told) if re.search(r"\w", item[1]["content"])]
        ordered = sorted(with_words, key=lambda item: (item[0], item[1].get("speaker", "")))
        rows: list[Row] = []
        for number, (_, row) in enumerate(ordered, 1):
            self._matter_before(row, rows)
            rows.append({"row_id": f"{self.source_id}-{number:03}", **row})
            if self.tell is not None:
                self.tell("proposals", number, len(ordered))
        return Proposals(rows, self.new.companions(rows, self.cast.met))

    def _matter_before(self, row: Row, before: Sequence[Row]) -> None:
        """A refusal that names no matter is on what is claimed before it; a guess."""
        if row["proposition"] or row["stance"] != "noncommittal":
            return
        start = int(row["passage_start"])
        for other in reversed(before):
            if start - int(other["passage_start"]) > _ASKED_OF:
                return
            apart = other["speaker"] != row["speaker"] or other["stance"] == "deny"
            if apart and other["proposition"] and other["proposition_kind"] != "absence":
                row |= self.claimed.taken_over(other)
                row["claim_summary"] = self._summary(
                    row, _judged(row), (), "", keeps_capital=not begins_small(row["proposition"])
                )
                row["reason"] += f"; on what {other['row_id']} is about"
                row["guesses"] = " ".join(sorted({*row["guesses"].split(), "proposition", "proposition_id"}))
                return

    def _in_headline(self, at: int) -> bool:
        return self._location(at) in ("headline", "deck")

    def _location(self, at: int) -> str:
        return next((one.location for one in self.stretches if one.span.start <= at < one.span.end), "body")

    def _absence(self, one: Utterance) -> Narrated:
        """A silence that the text states is its own claim: the clause from who is silent to what about."""
        parts = [*one.attribution.source, *one.attribution.cue, *one.attribution.content]
        near = [part for part in parts if one.sentence.start <= part.start < one.sentence.end] or parts
        span = Span(min(part.start for part in near), max(part.end for part in near))
        return Narrated(
            trimmed(self.text, span), self._location(span.start), one.sentence, 0.6, "a silence that the text states"
        )

    def _told(self, one: Narrated, kind: str = "statement") -> tuple[Span, Row]:
        """A row in the text's own voice."""
        words = self.text[one.span.start : one.span.end]
        judged = judge(kind, "", words, narrated=True)
        said = Dated(Span(0, 0), self.published or open_until(self.published).edtf, "publication", not self.published)
        guesses = set(judged.guesses) | ({"said_edtf"} if said.guess else set())
        row = self._row((one.span,), one.sentence, self.publisher, judged, said, "narration", guesses)
        row |= {"quote_type": "narration", "channel": "press_report", "confidence": f"{one.confidence:.2f}"}
        row |= {"claim_location": one.location, "reason": f"{one.reason}; {judged.reason}"}
        return one.span, row

    def _spoken(self, one: Utterance) -> tuple[Span, Row]:
        """A row for what somebody is cited with."""
        text, what = self.text, one.attribution
        words = _spoken_words(text, outermost(what.content))
        cue = " ".join(text[span.start : span.end] for span in one.cue)
        last = one.speaker
        agentless = len(one.hops) == 1 and last is None
        outlet = last is not None and last.sector == "JRN"
        official = last is not None and last.kind in ("public_body", "state")
        judged = judge(what.kind, cue, words, outlet=outlet, official=official)
        guesses = set(judged.guesses) | set(one.guesses)
        if last is not None and last.guess:
            guesses |= {"speaker_id", "speaker"}
        if not one.said.edtf:
            guesses |= {"said_edtf", "said_basis"}
        content, quote_type = self._quoted(what.content, what.quote_type)
        if quote_type != what.quote_type:
            guesses.add("quote_type")
        row = self._row(content, one.sentence, last, judged, one.said, quote_type, guesses, one.hops)
        sure = what.confidence * (last.confidence if last else 0.7) * (1 if row["proposition"] else _POINTED)
        reasons = [what.reason, last.reason if last else "nobody is named", *one.reasons, judged.reason]
        row |= {
            "quote_type": "agentless" if agentless else quote_type,
            "channel": one.channel,
            "confidence": f"{max(0.0, min(1.0, sure)):.2f}",
            "claim_location": self._location(what.content[0].start),
            "reason": "; ".join(reason for reason in reasons if reason),
        }
        for number, hop in enumerate(one.hops, 1):
            row |= self._hop(number, hop, one.hops)
        return what.content[0], row

    def _quoted(self, content: Sequence[Span], quote_type: str) -> tuple[tuple[Span, ...], str]:
        """A mixed claim's words with the quoted ones among them as spans of their own, as the dataset has them.

        Where the source's quotations are recorded and none lies in the words, nothing of them is quoted speech.
        """
        if quote_type != "mixed" or not self.quotations:
            return tuple(content), quote_type
        inner = {
            Span(max(a.start, b.start), min(a.end, b.end))
            for a in content
            for b in self.quotations
            if a.start < b.end and b.start < a.end
        }
        return tuple(sorted({*content, *inner})), "mixed" if inner else "indirect"

    def _hop(self, number: int, hop: Hop, hops: Sequence[Hop]) -> Row:
        cue = " ".join(self.text[span.start : span.end] for span in hop.cue)
        row = {
            "actor_id": hop.speaker.actor_id if hop.speaker else "",
            "actor": self.new.name(hop.speaker, hops[: number - 1]) if hop.speaker else "",
            "kind": hop.kind,
            "cue": cue if len(cue) <= _CUE_LENGTH else "",
            "said_edtf": hop.dated.edtf if hop.dated and number < len(hops) else "",
            "channel": hop.channel,
            "source_span": _spans(hop.source),
            "cue_span": _spans(hop.cue),
        }
        return {f"hop_{number}_{name}": value for name, value in row.items()}

    def _row(
        self,
        content: Sequence[Span],
        sentence: Span,
        speaker: Speaker | None,
        judged: Judgement,
        said: Dated,
        quote_type: str,
        guesses: set[str],
        hops: Sequence[Hop] = (),
    ) -> Row:
        text = self.text
        passage = self._passage(
            Span(min(sentence.start, content[0].start), max(sentence.end, content[-1].end)), content
        )
        words = " … ".join(text[span.start : span.end] for span in content)
        hangs_on = condition(text, sentence, content)
        row = {
            "source_id": self.source_id,
            "text_sha256": self.sha256,
            "passage": text[passage.start : passage.end],
            "passage_start": str(passage.start),
            "content": words if len(words) <= _LONGEST_CELL else "",  # the spans say where they stand
            "content_span": _spans(content),
            "proposed_span": _spans(content),
            "speaker_id": speaker.actor_id if speaker else "",
            "speaker": self.new.name(speaker, hops[:-1]) if speaker else "",
            "speech_act": judged.speech_act,
            "stance": judged.stance,
            "certainty": judged.certainty,
            "said_edtf": said.edtf,
            "said_basis": said.basis,
            "time_span": _spans([said.span]) if said.span.end else "",
        }
        if hangs_on is not None:
            row["claim_condition"] = re.sub(r"^if ", "", text[hangs_on.start : hangs_on.end], flags=re.IGNORECASE)
            row["condition_span"] = _spans([hangs_on])
            guesses.add("claim_condition")
        if speaker and not speaker.actor_id:
            row |= {
                "speaker_kind": speaker.kind,
                "speaker_anonymity": speaker.anonymity,
                "speaker_country": speaker.country,
                "speaker_sector": speaker.sector,
            }
        columns, guessed, wording = self.claimed.columns(content, sentence, judged, speaker, quote_type)
        row |= columns
        guesses |= guessed if row.get("proposition_id") else guessed | {"claim_summary"}
        capital = self._keeps_capital(wording or row["proposition"], row, content)
        row["claim_summary"] = self._summary(row, judged, hops, wording, keeps_capital=capital)
        row["guesses"] = " ".join(sorted(guesses))
        return row

    def _passage(self, passage: Span, content: Sequence[Span]) -> Span:
        """A passage as it fits into a cell: cut between words, about where the content begins."""
        if passage.end - passage.start <= _LONGEST_CELL:
            return passage
        start = max(passage.start, content[0].start - _LONGEST_CELL // 4)
        end = min(passage.end, start + _LONGEST_CELL)
        start = passage.start if start == passage.start else self.text.find(" ", start, content[0].start) + 1 or start
        end = passage.end if end == passage.end else max(self.text.rfind(" ", content[0].start, end), start + 1)
        return Span(start, end)

    def _summary(self, row: Row, judged: Judgement, hops: Sequence[Hop], wording: str, *, keeps_capital: bool) -> str:
        narrates = row["speaker_id"] == self.publisher.actor_id and not hops
        through = hops[-2].speaker.name if len(hops) > 1 and hops[-2].speaker else ""
        if wording and not row["proposition"]:
            return summary(row["speaker"], wording, judged, narrates, through, keeps_capital, phrase=True)
        return summary(row["speaker"], row["proposition"], judged, narrates, through, keeps_capital)

    def _keeps_capital(self, wording: str, row: Row, content: Sequence[Span]) -> bool:
        """Whether a proposition begins with a name: an actor's, or a word that the text has with a capital too."""
        named = self.cast.find(wording)
        if named and named[0].span.start == 0:
            return True
        first = re.split(r"[\s’']", wording, maxsplit=1)[0]
        small = first[:1].lower() + first[1:]
        if begins_small(wording) or re.search(rf"\b{re.escape(small)}\b", self.text):
            return False
        if country_of(first) or re.search(rf"[a-z,] {re.escape(first)}\b", self.text):
            return True
        return bool(row.get("proposition_id")) or not self.text[content[0].start : content[0].start + 1].islower()


def _judged(row: Row) -> Judgement:
    return Judgement(row["speech_act"], row["stance"], row["certainty"], row["proposition_kind"], row["reason"])


def _spoken_words(text: str, content: Sequence[Span]) -> str:
    """The words of a claim; a full stop between two spans where one ends in the text."""
    words = ""
    for span in content:
        stopped = re.search(r"[.!?]", text[span.start - 4 : span.start]) is not None and text[span.start].isupper()
        words += (". " if words and stopped else " " if words else "") + text[span.start : span.end]
    return words


def _spans(spans: Sequence[Span]) -> str:
    return " ".join(f"{span.start}-{span.end}" for span in spans)

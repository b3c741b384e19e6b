"""From a source's text to the rows of a worksheet: attributions resolved, narration beside them, propositions ranked."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.chains import Hop, Utterance
from onrecord.curate.resolve.dates import Dated, open_until, reference_day, windowed
from onrecord.curate.resolve.judging import Judgement, evaded, judge
from onrecord.curate.resolve.names import Mention
from onrecord.curate.resolve.narrated import Narrated, narrated, stretches
from onrecord.curate.resolve.newcomers import Speaker
from onrecord.curate.resolve.propositions import Candidate, Ranking, folded, worded
from onrecord.curate.resolve.sayings import sayings
from onrecord.curate.resolve.sentences import sentences, trimmed
from onrecord.curate.resolve.speakers import Cast
from onrecord.curate.resolve.summaries import begins_small, summary
from onrecord.curate.resolve.utterances import utterances
from onrecord.curate.spans import Attribution, Span
from onrecord.dates import bounds

__all__ = ["FILLED_FROM", "Proposals", "propose"]

Row = dict[str, str]
Tell = Callable[[str, int, int], None]
FILLED_FROM = 0.6
"""The least likeness at which a known proposition is filled in; measured by scripts/bench/proposals.py."""
_LISTED = 5
_CUE_LENGTH = 60
_IF = re.compile(
    r"\bif (?!not\b|only\b|ever\b|so\b|any\b)[^,.;”\"“\n]{3,90}|\bunless [^,.;”\"“\n]{3,90}|\bon condition that [^,.;”\"\n]{3,90}",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\basked (?:by [^,“”\"]{1,40}? )?(?:about|if|whether|on|for) (?P<what>[^,;.“”\"]{4,120})", re.IGNORECASE
)
_NO_CONDITION = re.compile(
    r"(?:\bas|\beven|\basked|\bknow|\bsay|\bsee|\bunclear|\bwonder\w*|\bonly)\s*$", re.IGNORECASE
)
_MONTHS = ("Jan", "Feb", "March", "April", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Proposals:
    """The rows of a worksheet, and the new actors of earlier hops as rows of the table actors."""

    rows: list[Row]
    actors: list[Row]


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
        self.quotations = [span for span, kind in ranges if kind == "quotation"]
        self.sentences = sentences(text, [one.span for one in self.stretches])
        self.cast = Cast(known, text, self.published)
        self.publisher = self.cast.named(known.voice(source_id), "its own voice")
        self.ranking = Ranking(known, self.cast.find)
        self.names = {key: row["actor_name"] for key, row in known.actors.items()}
        self.new: dict[str, str] = {}

    def proposals(self) -> Proposals:
        said = utterances(
            self.text,
            self.known,
            self.cast,
            self.attributions,
            self.sentences,
            self.published,
            self._in_headline,
            self.tell,
        )
        absences = [one for one in said if one.attribution.kind == "absence"]
        spoken = [self._spoken(one) for one in said if one.attribution.kind != "absence"]
        told = [self._told(one) for one in narrated(self.text, self.stretches, self.attributions)]
        told += [self._told(self._absence(one)) for one in absences]
        with_words = [item for item in (*spoken, *told) if re.search(r"\w", item[1]["content"])]
        ordered = sorted(with_words, key=lambda item: (item[0], item[1].get("speaker", "")))
        rows = []
        for number, (_, row) in enumerate(ordered, 1):
            rows.append({"row_id": f"{self.source_id}-{number:03}", **row})
            if self.tell is not None:
                self.tell("proposals", number, len(ordered))
        return self._with_actors(rows)

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

    def _told(self, one: Narrated) -> tuple[Span, Row]:
        """A row in the text's own voice."""
        words = self.text[one.span.start : one.span.end]
        judged = judge("statement", "", words, narrated=True)
        said = Dated(Span(0, 0), self.published or open_until(self.published).edtf, "publication", not self.published)
        guesses = set(judged.guesses) | ({"said_edtf"} if said.guess else set())
        row = self._row((one.span,), one.sentence, self.publisher, judged, said, guesses)
        row |= {"quote_type": "narration", "channel": "press_report", "confidence": f"{one.confidence:.2f}"}
        row |= {"claim_location": one.location, "reason": f"{one.reason}; {judged.reason}"}
        return one.span, row

    def _spoken(self, one: Utterance) -> tuple[Span, Row]:
        """A row for what somebody is cited with."""
        text, what = self.text, one.attribution
        words = " ".join(text[span.start : span.end] for span in what.content)
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
        row = self._row(content, one.sentence, last, judged, one.said, guesses, one.hops)
        sure = what.confidence * (last.confidence if last else 0.7)
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
            "actor": self._name(hop.speaker, hops[: number - 1]) if hop.speaker else "",
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
        guesses: set[str],
        hops: Sequence[Hop] = (),
    ) -> Row:
        text = self.text
        passage = Span(min(sentence.start, content[0].start), max(sentence.end, content[-1].end))
        condition = self._condition(sentence, content)
        row = {
            "source_id": self.source_id,
            "text_sha256": self.sha256,
            "passage": text[passage.start : passage.end],
            "passage_start": str(passage.start),
            "content": " … ".join(text[span.start : span.end] for span in content),
            "content_span": _spans(content),
            "proposed_span": _spans(content),
            "speaker_id": speaker.actor_id if speaker else "",
            "speaker": self._name(speaker, hops[:-1]) if speaker else "",
            "speech_act": judged.speech_act,
            "stance": judged.stance,
            "certainty": judged.certainty,
            "said_edtf": said.edtf,
            "said_basis": said.basis,
            "time_span": _spans([said.span]) if said.span.end else "",
        }
        if condition is not None:
            row["claim_condition"] = re.sub(r"^if ", "", text[condition.start : condition.end], flags=re.IGNORECASE)
            row["condition_span"] = _spans([condition])
            guesses.add("claim_condition")
        if speaker and not speaker.actor_id:
            row |= {
                "speaker_kind": speaker.kind,
                "speaker_anonymity": speaker.anonymity,
                "speaker_country": speaker.country,
                "speaker_sector": speaker.sector,
            }
        row |= self._proposition(content, sentence, judged, guesses)
        row["claim_summary"] = summary(
            row["speaker"],
            row["proposition"],
            judged,
            row["speaker_id"] == self.publisher.actor_id and not hops,
            self._through(hops),
            self._keeps_capital(row, content),
        )
        if not row.get("proposition_id"):
            guesses.add("claim_summary")
        row["guesses"] = " ".join(sorted(guesses))
        return row

    def _through(self, hops: Sequence[Hop]) -> str:
        return hops[-2].speaker.name if len(hops) > 1 and hops[-2].speaker else ""

    def _keeps_capital(self, row: Row, content: Sequence[Span]) -> bool:
        """Whether a proposition begins with a name: an actor's, or what the text too begins with a capital."""
        named = self.cast.find(row["proposition"])
        if named and named[0].span.start == 0:
            return True
        small = begins_small(row["proposition"]) or (
            not row.get("proposition_id") and self.text[content[0].start : content[0].start + 1].islower()
        )
        return not small

    def _condition(self, sentence: Span, content: Sequence[Span]) -> Span | None:
        """What a claim hangs on: an "if" in its sentence, beside or within its words."""
        for match in _IF.finditer(self.text, sentence.start, sentence.end):
            if _NO_CONDITION.search(self.text, max(sentence.start, match.start() - 12), match.start()):
                continue
            span = trimmed(self.text, Span(*match.span()))
            if any(part.start - 2 <= match.end() and match.start() <= part.end + 40 for part in content):
                return span
        return None

    def _proposition(self, content: Sequence[Span], sentence: Span, judged: Judgement, guesses: set[str]) -> Row:
        candidates = self._candidates(content, sentence, judged)
        guesses.add("proposition_id")
        if _evades(judged):  # silences are claimed by others than those who keep them
            candidates = [
                one
                for one in candidates
                if self.known.propositions[one.proposition_id]["proposition_kind"] != "absence"
            ]
        listed = "; ".join(f"{one.proposition_id} {one.score:.2f} {one.text}" for one in candidates)
        if candidates and candidates[0].score >= FILLED_FROM:
            best = self.known.propositions[candidates[0].proposition_id]
            return {
                "proposition_id": best["proposition_id"],
                "proposition": best["proposition"],
                "proposition_kind": best["proposition_kind"],
                "window_edtf": best["window_edtf"],
                "window_basis": best["window_basis"],
                "place_id": best["place_id"],
                "event_id": self.known.events.get(best["proposition_id"], ""),
                "subjects": "; ".join(self.known.subjects.get(best["proposition_id"], [])),
                "candidates": listed,
            }
        return self._new_proposition(content, sentence, judged, guesses) | {"candidates": listed}

    def _candidates(self, content: Sequence[Span], sentence: Span, judged: Judgement) -> list[Candidate]:
        """Known propositions like the words; a refusal in words that say nothing is about what was asked before it."""
        words = self._words(content)
        if _evades(judged) and (left := self._left(content)):
            words = self._words(left)
        elif _evades(judged):
            at = next((n for n, one in enumerate(self.sentences) if one.start >= sentence.start), 0)
            near = self.sentences[max(0, at - 1) : at + 1]
            words = self._words(near)
        return self.ranking.like(words, judged.proposition_kind, _LISTED)

    def _words(self, spans: Sequence[Span]) -> list[str]:
        found: list[str] = []
        for span in _without_inner(spans):
            found += folded(self.text[span.start : span.end], self.cast.within(span.start, span.end), span.start)
        if spans and re.match(r"(?:he|she)\b", self.text[spans[0].start : spans[0].start + 4], re.IGNORECASE):
            people = (m.actor_id for m in reversed(self.cast.within(0, spans[0].start)))
            found += [a for a in people if self.known.actors[a]["actor_kind"] == "person" and a not in found][:1]
        return found

    def _mentions(self, content: Sequence[Span]) -> list[Mention]:
        return [mention for span in content for mention in self.cast.within(span.start, span.end)]

    def _left(self, content: Sequence[Span]) -> list[Span]:
        """What an evasion is on, where its own words say so: "could not confirm a report that …"."""
        at = evaded(self.text[content[0].start : content[0].end])
        return [] if at is None else [trimmed(self.text, Span(content[0].start + at, content[0].end))]

    def _asked(self, sentence: Span) -> list[Span]:
        """What was asked, where the sentence of an evasion says so."""
        match = _ASKED.search(self.text, sentence.start, sentence.end)
        return [trimmed(self.text, Span(*match.span("what")))] if match else []

    def _new_proposition(self, content: Sequence[Span], sentence: Span, judged: Judgement, guesses: set[str]) -> Row:
        mentions = self._mentions(content)
        future = judged.proposition_kind in ("prediction", "intent")
        names = {m.actor_id: self.names[m.actor_id] for m in mentions}
        asked = (self._left(content) or self._asked(sentence)) if _evades(judged) else None
        words = worded(
            self.text,
            _without_inner(content) if asked is None else asked,
            mentions,
            names,
            denied=judged.stance == "deny",
            future=judged.stance == "expect",
        )
        times = [one for one in windowed(self.text, self.published, tuple(content), future) if one.edtf]
        window = times[0] if times else None
        inside = [self.text[span.start : span.end] for span in content]
        places = [
            row["place_id"]
            for row in self.known.tables["places"]
            if any(_names(row["place_name"], part) for part in inside)
        ]
        guesses |= (
            {"proposition", "proposition_kind"}
            | ({"window_edtf"} if window else set())
            | ({"place_id"} if places else set())
        )
        subjects = list(
            dict.fromkeys(m.actor_id for m in mentions if self.known.actors[m.actor_id]["actor_kind"] != "media_outlet")
        )
        if subjects:
            guesses.add("subjects")
        return {
            "proposition": words,
            "proposition_kind": judged.proposition_kind,
            "window_edtf": window.edtf if window else "",
            "window_basis": ("stated" if window.basis == "stated" else "inferred") if window else "none",
            "place_id": places[0] if places else "",
            "subjects": "; ".join(subjects[:2]),
        }

    def _name(self, speaker: Speaker, before: Sequence[Hop]) -> str:
        """The name of a speaker; an unnamed one is called after who vouches for it, and when, by the codebook's rule."""
        if speaker.actor_id or not speaker.unnamed:
            return speaker.name
        if name := self.new.get(speaker.key):
            return name
        outlet = next((hop for hop in reversed(before) if hop.speaker and not hop.speaker.unnamed), None)
        at, publisher = _day(self.published) or self.known.sources[self.source_id]["retrieved"][:4], self.publisher.name
        if outlet is None or outlet.speaker is None:
            vouched = f"{publisher} {at}"
        else:
            short = self._short(outlet.speaker)
            reported = outlet.dated.edtf if outlet.dated else ""
            vouched = (
                f"{short} {_day(reported)} via {publisher}"
                if reference_day(reported)
                else f"{short} via {publisher} {at}"
            )
        name = f"{speaker.name}, unnamed, {vouched}"
        self.new[speaker.key] = name
        return name

    def _short(self, speaker: Speaker) -> str:
        """The name of an outlet, or its abbreviation where the package knows one."""
        rows = (row for row in self.known.tables["actor_names"] if row["actor_id"] == speaker.actor_id)
        return next((row["alternative_name"] for row in rows if row["alternative_name"].isupper()), speaker.name)

    def _with_actors(self, rows: list[Row]) -> Proposals:
        """Rows of actors for whoever is new in an earlier hop; the worksheet describes only new speakers."""
        existing = {row["actor_name"]: key for key, row in self.known.actors.items()}
        needed: dict[str, str] = {}
        for row in rows:
            for prefix in ("speaker", *(f"hop_{n}_actor" for n in range(1, _hops(row) + 1))):
                column = "speaker_id" if prefix == "speaker" else f"{prefix}_id"
                if not row.get(column) and row.get(prefix) in existing:
                    row[column] = existing[row[prefix]]
            for n in range(1, _hops(row)):
                if not row.get(f"hop_{n}_actor_id") and row.get(f"hop_{n}_actor"):
                    needed.setdefault(row[f"hop_{n}_actor"], f"A+{len(needed) + 1}")
        for row in rows:
            for prefix in ("speaker", *(f"hop_{n}_actor" for n in range(1, _hops(row) + 1))):
                column = "speaker_id" if prefix == "speaker" else f"{prefix}_id"
                if not row.get(column) and row.get(prefix) in needed:
                    row[column] = needed[row[prefix]]
        by_name = {self._name(one, ()): one for _, one in self.cast.met if not one.actor_id}
        return Proposals(rows, [_actor(identifier, name, by_name.get(name)) for name, identifier in needed.items()])


def _actor(identifier: str, name: str, one: Speaker | None) -> Row:
    row = {"actor_id": identifier, "actor_name": name}
    if one is not None:
        size = str(one.size) if one.size else "2" if one.anonymity == "unnamed_group" and one.kind == "group" else ""
        row |= {
            "actor_kind": one.kind,
            "anonymity": one.anonymity,
            "size_min": size,
            "actor_country": one.country,
            "sector": one.sector,
        }
        row["size_max"] = str(one.size) if one.size else ""
    return row


def _hops(row: Row) -> int:
    return sum(1 for name in row if re.fullmatch(r"hop_\d+_kind", name))


def _spans(spans: Sequence[Span]) -> str:
    return " ".join(f"{span.start}-{span.end}" for span in spans)


def _without_inner(content: Sequence[Span]) -> list[Span]:
    """The spans that lie in no other of them."""
    return [a for a in content if not any(b != a and b.start <= a.start and a.end <= b.end for b in content)]


def _evades(judged: Judgement) -> bool:
    """Whether the words themselves are the refusal, and do not say what was asked."""
    return judged.stance == "noncommittal" and judged.reason.endswith("takes no side")


def _names(place: str, words: str) -> bool:
    """Whether words place something there: the name after a preposition."""
    return re.search(rf"\b(?:in|at|to|near|on|outside) (?:[\w'’-]+ ){{0,4}}?{re.escape(place)}\b", words) is not None


def _day(published: str) -> str:
    """A date as names of unnamed actors have it: 5 Sept 2023, or the year alone."""
    found = reference_day(published)
    if found is not None:
        return f"{found.day} {_MONTHS[found.month - 1]} {found.year}"
    return (bounds(published).start or bounds(published).end)[:4]

"""The columns of a worksheet that say what is claimed: a known proposition, or a new one worded from the words."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.dates import windowed
from onrecord.curate.resolve.judging import Judgement
from onrecord.curate.resolve.matters import asked, is_question, matter
from onrecord.curate.resolve.names import Mention
from onrecord.curate.resolve.newcomers import Speaker
from onrecord.curate.resolve.persons import Voice, voice_of
from onrecord.curate.resolve.propositions import Candidate, Ranking, folded
from onrecord.curate.resolve.speakers import Cast
from onrecord.curate.resolve.verbs import has_verb
from onrecord.curate.resolve.wordings import worded
from onrecord.curate.spans import Span

__all__ = ["FILLED_FROM", "SURE_FROM", "Claimed", "outermost"]

FILLED_FROM = 0.6
"""The least likeness at which a known proposition is filled in; measured by scripts/bench/proposals.py."""
SURE_FROM = 0.8
"""The least likeness from which a known proposition that is filled in is no guess: 22 of 28 were right."""
_LISTED = 5
_COLUMNS = (
    "proposition_id", "proposition", "proposition_kind", "window_edtf", "window_basis", "place_id", "event_id", "subjects",
)  # fmt: skip


@dataclass(frozen=True)
class Words:
    """The words of a claim: their spans, the sentence around them, who says them, and how they are quoted."""

    content: Sequence[Span]
    sentence: Span
    judged: Judgement
    speaker: Speaker | None
    quote_type: str


class Claimed:
    """What the claims of one text claim."""

    def __init__(self, text: str, known: Background, cast: Cast, sentences: Sequence[Span], published: str) -> None:
        self._text, self._known, self._cast = text, known, cast
        self._sentences, self._published = sentences, published
        self._ranking = Ranking(known, cast.find)
        self._voices: dict[tuple[Span, ...], Voice | None] = {}

    def columns(
        self, content: Sequence[Span], sentence: Span, judged: Judgement, speaker: Speaker | None, quote_type: str
    ) -> tuple[dict[str, str], set[str], str]:
        """The columns from ``proposition_id`` to ``candidates``, the names of those that are guesses, and the wording.

        The proposition stays empty where the words only point back ("such reports", "it") or are no sentence.
        """
        words = Words(content, sentence, judged, speaker, quote_type)
        own = matter(self._text, outermost(content), judged)
        candidates = self._candidates(words, own)
        row = {"candidates": "; ".join(f"{one.proposition_id} {one.score:.2f} {one.text}" for one in candidates)}
        evades = judged.stance == "noncommittal"
        if candidates and (own or evades) and candidates[0].score >= FILLED_FROM and self._met(candidates[0]):
            doubted = {"proposition_id"} if candidates[0].score < SURE_FROM else set()
            return row | self._recorded(candidates[0].proposition_id), doubted, ""
        about = own
        if evades and not own:
            about = asked(self._text, sentence, self._before(sentence))
            about = about or matter(self._text, outermost(content), judged, least=1)
        new, guesses, wording = self._new(words, about)
        return row | new, guesses | {"proposition_id"}, wording

    def _met(self, candidate: Candidate) -> bool:
        """Whether this text names every actor whom a known proposition names; one on others has its words by chance."""
        named = {mention.actor_id for mention in self._cast.find(candidate.text) if mention.strong}
        return named <= {mention.actor_id for mention in self._cast.mentions}

    def taken_over(self, row: dict[str, str]) -> dict[str, str]:
        """The columns of the proposition of another row, for one that is on the same matter."""
        return {name: row[name] for name in _COLUMNS if name in row}

    def _before(self, sentence: Span) -> Span | None:
        at = bisect.bisect_left(self._sentences, sentence)
        return self._sentences[at - 1] if at > 0 else None

    def _recorded(self, proposition_id: str) -> dict[str, str]:
        row = self._known.propositions[proposition_id]
        return {name: row[name] for name in _COLUMNS[:6]} | {
            "event_id": self._known.events.get(proposition_id, ""),
            "subjects": "; ".join(self._known.subjects.get(proposition_id, [])),
        }

    def _candidates(self, words: Words, about: Sequence[Span]) -> list[Candidate]:
        """Known propositions like the words; a refusal that names no matter is on what was said before it."""
        evades = words.judged.stance == "noncommittal"
        spans: Sequence[Span] = about or words.content
        if evades and not about:
            at = next((n for n, one in enumerate(self._sentences) if one.start >= words.sentence.start), 0)
            spans = self._sentences[max(0, at - 1) : at + 1]
        kind = self._kind(words, about)
        found = self._ranking.like(self._folded(spans), kind, _LISTED)
        if evades and not about:  # silences are claimed by others than those who keep them
            kinds = self._known.propositions
            found = [one for one in found if kinds[one.proposition_id]["proposition_kind"] != "absence"]
        return found

    def _kind(self, words: Words, about: Sequence[Span]) -> str:
        evades = words.judged.stance == "noncommittal"
        if evades and about and is_question(self._text[about[0].start : about[0].end]):
            return "question"
        if words.judged.speech_act != "demand" and self._to_do(about):
            return "prediction"
        return words.judged.proposition_kind

    def _to_do(self, about: Sequence[Span]) -> bool:
        return bool(about) and re.match(r"to [a-z]", self._text[about[0].start : about[0].start + 5]) is not None

    def _folded(self, spans: Sequence[Span]) -> list[str]:
        found: list[str] = []
        for span in outermost(spans):
            found += folded(self._text[span.start : span.end], self._cast.within(span.start, span.end), span.start)
        if spans and (person := self._person_before(spans[0])) and person not in found:
            found.append(person)
        return found

    def _person_before(self, span: Span) -> str:
        """The person named last before words that begin with "he" or "she"; empty where they do not."""
        if not re.match(r"(?:he|she)\b", self._text[span.start : span.start + 4], re.IGNORECASE):
            return ""
        people = (m.actor_id for m in reversed(self._cast.within(0, span.start)))
        return next((a for a in people if self._known.actors[a]["actor_kind"] == "person"), "")

    def _named_before(self, span: Span) -> str:
        """The name of the person named or cited last before words that begin with "he" or "she"; empty if none."""
        person = self._person_before(span)
        mentions = [m.span.start for m in self._cast.within(0, span.start) if m.actor_id == person]
        cited = self._cast.met.person(span.start)
        if cited and (not mentions or cited[0] > mentions[-1]):
            return cited[1].name if person else ""
        return self._known.actors[person]["actor_name"] if person else ""

    def _new(self, words: Words, about: Sequence[Span]) -> tuple[dict[str, str], set[str], str]:
        text, judged = self._text, words.judged
        spans = outermost(about)
        mentions = [mention for span in spans for mention in self._cast.within(span.start, span.end)]
        kind = self._kind(words, about)
        wording = worded(
            text,
            spans,
            mentions,
            {m.actor_id: self._known.actors[m.actor_id]["actor_name"] for m in mentions},
            denied=judged.stance == "deny",
            future=judged.stance == "expect",
            voice=self._voices.setdefault(tuple(words.content), self._voice(words)),
            promised=judged.speech_act != "demand",
            question=kind == "question",
            quoted=words.quote_type in ("direct", "mixed"),
        )
        future = kind in ("prediction", "intent")
        times = [one for one in windowed(text, self._published, tuple(words.content), future) if one.edtf]
        window = times[0] if times else None
        place = self._place([text[span.start : span.end] for span in words.content])
        subjects = self._subjects(mentions)
        states = judged.stance == "noncommittal" or words.quote_type == "narration" or has_verb(wording)
        row = {
            "proposition": wording if states else "",
            "proposition_kind": kind,
            "window_edtf": window.edtf if window else "",
            "window_basis": ("stated" if window.basis == "stated" else "inferred") if window else "none",
            "place_id": place,
            "subjects": "; ".join(subjects[:2]),
        }
        guessed = {"window_edtf": window, "place_id": place, "subjects": subjects}
        return row, {"proposition", "proposition_kind"} | {name for name, value in guessed.items() if value}, wording

    def _voice(self, words: Words) -> Voice | None:
        if words.quote_type == "narration":
            name = self._named_before(words.content[0])
            return Voice(name, name, True, False) if name else None
        if words.speaker is None:
            return None
        actor_id = words.speaker.actor_id
        held = (row["organization_id"] for row in self._known.tables["actor_roles"] if row["actor_id"] == actor_id)
        bodies = [*sorted(self._known.principals.get(actor_id, ())), *held]
        return voice_of(words.speaker, self._known.actors[bodies[0]]["actor_name"] if actor_id and bodies else "")

    def _subjects(self, mentions: Sequence[Mention]) -> list[str]:
        kinds = ((m.actor_id, self._known.actors[m.actor_id]["actor_kind"]) for m in mentions)
        return list(dict.fromkeys(actor_id for actor_id, kind in kinds if kind != "media_outlet"))

    def _place(self, parts: Sequence[str]) -> str:
        """The first known place at which words place something: its name after a preposition."""
        for row in self._known.tables["places"]:
            name = rf"\b(?:in|at|to|near|on|outside) (?:[\w'’-]+ ){{0,4}}?{re.escape(row['place_name'])}\b"
            if any(re.search(name, part) for part in parts):
                return row["place_id"]
        return ""


def outermost(content: Sequence[Span]) -> list[Span]:
    """The spans that lie in no other of them, each once, in their order."""
    once = list(dict.fromkeys(content))
    return [a for a in once if not any(b != a and b.start <= a.start and a.end <= b.end for b in once)]

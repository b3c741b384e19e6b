"""Transcripts: what follows a name and a colon is said by that name, until the next name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from onrecord.curate.resolve.sentences import sentences, trimmed
from onrecord.curate.spans import Attribution, Span

__all__ = ["spoken", "turns"]

# A name of capitals ("MR. HOLLIS:"), or a letter for question and answer, at the beginning of a line.
_MARK = re.compile(
    r"^(?:(?P<who>[A-Z][A-Z.’'-]+(?: (?:[A-Z][A-Z.’'-]*|\([^)\n]{2,30}\))){0,4}):[ \t]+|(?P<letter>Q(?::|[ \t])|A:)[ \t]+)(?=\S)",
    re.MULTILINE,
)
_ASKING = re.compile(r"(?:Q|QUESTIONS?|REPORTERS?|JOURNALISTS?|MODERATOR|INTERVIEWER|PARTICIPANT)", re.IGNORECASE)
_COURTESY = re.compile(
    r"(?:thank|thanks|good (?:morning|afternoon|evening)|hello|yes\b|no\b|sure\b|okay|please|next question|go ahead)",
    re.IGNORECASE,
)
_SELF = re.compile(r"(?:I|we|you|he|she|it|they|who|that|this)", re.IGNORECASE)
_LEAST_TURNS = 3
_LEAST_WORDS = 3


@dataclass(frozen=True)
class _Turn:
    who: Span
    words: Span
    asks: bool


def turns(text: str, attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions of a transcript, with one for each sentence of an answer; any other text's as they are.

    What somebody in an answer is cited with is nested in its sentence; a question holds only what it cites others with,
    and is itself no claim.
    """
    found = _turns(text)
    if not _is_transcript(found):
        return list(attributions)
    kept = [one for one in attributions if not _superseded(text, one, found)]
    place = {id(one): n for n, one in enumerate(kept)}
    made = []
    for one in kept:
        above = attributions[one.parent] if one.parent is not None else None
        made.append(replace(one, parent=place.get(id(above)) if above is not None else None))
    for turn in found:
        if not turn.asks:
            _add(text, made, turn)
    return made


def spoken(text: str) -> list[Span]:
    """What of a text is a transcript, and so nobody's narration."""
    found = _turns(text)
    return [Span(found[0].who.start, found[-1].words.end)] if _is_transcript(found) else []


def _is_transcript(found: Sequence[_Turn]) -> bool:
    return len(found) >= _LEAST_TURNS and any(turn.asks for turn in found) and any(not turn.asks for turn in found)


def _turns(text: str) -> list[_Turn]:
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)]
    found = []
    for mark, end in zip(marks, ends, strict=False):
        name = "who" if mark["who"] else "letter"
        asks = _ASKING.fullmatch(mark[name].strip(" \t:")) is not None
        found.append(_Turn(trimmed(text, Span(*mark.span(name))), Span(mark.end(), end), asks))
    return found


def _superseded(text: str, one: Attribution, found: Sequence[_Turn]) -> bool:
    """Whether a turn says it better: one of the turn itself, or one of its speaker's own "I said"."""
    turn = next((turn for turn in found if turn.who.start <= one.content[0].start < turn.words.end), None)
    if turn is None:
        return False
    if not one.source:
        return True
    own = one.source[0].start < turn.words.start
    return own or all(_SELF.fullmatch(text[span.start : span.end]) for span in one.source)


def _add(text: str, made: list[Attribution], turn: _Turn) -> None:
    for sentence in sentences(text, [turn.words]):
        span = trimmed(text, sentence)
        words = text[span.start : span.end]
        if len(words.split()) < _LEAST_WORDS or _COURTESY.match(words) or text[span.end : sentence.end].startswith("?"):
            continue
        at = len(made)
        for n, one in enumerate(made):
            if one.parent is None and one.cue and span.start <= one.cue[0].start < span.end:
                made[n] = replace(one, parent=at)
        reason = f"a turn of {text[turn.who.start : turn.who.end]}"
        made.append(Attribution((span,), (), (turn.who,), "direct", None, "statement", 0.7, reason))

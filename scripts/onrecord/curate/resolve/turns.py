"""Transcripts: what follows a name and a colon is said by that name, until the next name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from onrecord.curate.resolve.sentences import sentences, trimmed
from onrecord.curate.spans import Attribution, Span
from onrecord.curate.talk import Turn, turns_of

__all__ = ["spoken", "turns"]

_COURTESY = re.compile(
    r"(?:thank|thanks|good (?:morning|afternoon|evening)|hello|yes\b|no\b|sure\b|okay|please|next question|go ahead)",
    re.IGNORECASE,
)
_SELF = re.compile(r"(?:I|we|you|he|she|it|they|who|that|this)", re.IGNORECASE)
_LEAST_WORDS = 3


def turns(text: str, attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions of a transcript, with one for each sentence of an answer; any other text's as they are.

    What somebody in an answer is cited with is nested in its sentence; a question holds only what it cites others with,
    and is itself no claim.
    """
    found = turns_of(text)
    if not found:
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
    return [Span(turn.who.start, turn.words.end) for turn in turns_of(text)]


def _superseded(text: str, one: Attribution, found: Sequence[Turn]) -> bool:
    """Whether a turn says it better: one of the turn itself, or one of its speaker's own "I said"."""
    turn = next((turn for turn in found if turn.who.start <= one.content[0].start < turn.words.end), None)
    if turn is None:
        return False
    if not one.source:
        return True
    own = one.source[0].start < turn.words.start
    return own or all(_SELF.fullmatch(text[span.start : span.end]) for span in one.source)


def _add(text: str, made: list[Attribution], turn: Turn) -> None:
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

"""The turns of a transcript: who speaks, in which words, and who only asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from onrecord.curate.spans import Span

__all__ = ["Turn", "answers", "turns_of"]

# A name of capitals ("MR. HOLLIS:"), or a letter for question and answer, at the beginning of a line.
_MARK = re.compile(
    r"^(?:(?P<who>[A-Z][A-Z.’'-]+(?: (?:[A-Z][A-Z.’'-]*|\([^)\n]{2,30}\))){0,4}):[ \t]+|(?P<letter>Q(?::|[ \t])|A:)[ \t]+)(?=\S)",
    re.MULTILINE,
)
_ASKING = re.compile(r"(?:Q|QUESTIONS?|REPORTERS?|JOURNALISTS?|MODERATOR|INTERVIEWER|PARTICIPANT)", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\S[^\n]*")
_ONE_SELF = re.compile(r"\b(?:I|we|our|us|my|you|your)\b|\b(?:I|we|you)[’'](?:m|re|ve|ll|d)\b", re.IGNORECASE)
_TOLD = re.compile(
    r"[”\"],? (?:[a-z]+ )?(?:he|she|it|they|[A-Z][\w.’'-]+)(?: [\w.’'-]+){0,6} (?:said|added|told|wrote|warned|replied)\b"
    r"|[”\"],? (?:said|added|wrote) |\b(?:said|told|added|wrote|reported)\b[^.!?\n]{0,60}[:,]? [“\"]|\b[Aa]ccording to\b"
)
_LEAST_TURNS = 3


@dataclass(frozen=True)
class Turn:
    """One turn: the label, the words behind it, and whether its speaker only asks."""

    who: Span
    words: Span
    asks: bool


def turns_of(text: str) -> list[Turn]:
    """The turns of a transcript; none where the text is no transcript, with questions and answers."""
    marks = list(_MARK.finditer(text))
    ends = [*(mark.start() for mark in marks[1:]), len(text)][: len(marks)]
    found = []
    for n, (mark, end) in enumerate(zip(marks, ends, strict=True)):
        name = "who" if mark["who"] else "letter"
        label = mark[name].rstrip(" \t:")
        who = Span(mark.start(name), mark.start(name) + len(label))
        words = Span(mark.end(), _end(text, mark.end(), end, last=n == len(marks) - 1))
        found.append(Turn(who, words, _ASKING.fullmatch(label) is not None))
    talk = len(found) >= _LEAST_TURNS and any(turn.asks for turn in found) and any(not turn.asks for turn in found)
    return found if talk else []


def _end(text: str, start: int, end: int, *, last: bool) -> int:
    """Where a turn ends: with its paragraph, and with those after it in which its speaker goes on."""
    kept = start
    for n, paragraph in enumerate(_PARAGRAPH.finditer(text, start, end)):
        if n and not _ONE_SELF.search(paragraph[0]) and (last or _TOLD.search(paragraph[0])):
            break
        kept = paragraph.end()
    return kept


def answers(text: str) -> Iterator[Span]:
    """The words of those who do not only ask, paragraph by paragraph."""
    for turn in turns_of(text):
        if not turn.asks:
            yield from (Span(*found.span()) for found in _PARAGRAPH.finditer(text, turn.words.start, turn.words.end))

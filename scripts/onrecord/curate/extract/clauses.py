"""Where a clause that is attributed begins and ends."""

from __future__ import annotations

from onrecord.curate.extract.document import Document, Sentence
from onrecord.curate.extract.verbs import VerbGroup

__all__ = ["clause_after", "clause_before", "without_marks"]

_DASHES = frozenset({"—", "–", "--", "-", ";"})
_JOINING = frozenset({"and", "but", "or"})
_STRONG = frozenset({"say", "ask", "think", "judge", "want", "call", "decree", "show", "point"})
_SIDEWAYS = frozenset({"while", "although", "though", "whereas", "but", "so", "yet", "even"})


def clause_after(doc: Document, sentence: Sentence, start: int, group: VerbGroup, groups: list[VerbGroup]) -> int:
    """Where what is attributed from ``start`` on ends: with the sentence, or before another attribution."""
    by_first = {item.first: item for item in groups if item.first > start}
    at = start
    depth = 0
    while at < sentence.last:
        number = doc.quoted[at]
        if number >= 0:
            at = max(at + 1, min(doc.quotes[number].closing + 1, sentence.last))
            continue
        word = doc.word(at)
        if word == "(":
            depth += 1
        elif word == ")":
            depth -= 1
            if depth < 0:
                return at
        if at > start and depth <= 0 and _stops(doc, sentence, at, word, group, by_first):
            return at
        at += 1
    return sentence.last


def _stops(
    doc: Document, sentence: Sentence, at: int, word: str, group: VerbGroup, by_first: dict[int, VerbGroup]
) -> bool:
    after = at + 1
    if word in _DASHES and doc.tokens[at].start > doc.tokens[at - 1].end:
        return True
    if word in ("—", "--", ";"):
        return True
    if word == ",":
        if doc.word(after) in ("and", "but", "or") and after + 1 in by_first:
            after += 1
            return _again(by_first[after], group)
        item = by_first.get(after)
        if item and item.form == "ing" and item.cue and item.cue.sense in _STRONG:
            return True
        if doc.word(after) == "according" and doc.word(after + 1) == "to":
            return True
        if doc.word(after) == "with" or doc.word(after) in _SIDEWAYS:
            return group.cue is not None and doc.word(after) in (
                "while",
                "although",
                "though",
                "whereas",
                "but",
                "with",
                "even",
            )
        return False
    if word in _JOINING and after in by_first:
        return _again(by_first[after], group)
    return bool(word == "while" and after in by_first and by_first[after].form == "ing")


def _again(item: VerbGroup, group: VerbGroup) -> bool:
    """Whether a verb after "and" is a further cue of the same source."""
    return item.cue is not None and item.cue.sense in _STRONG and item.form == group.form == "finite"


def clause_before(doc: Document, sentence: Sentence, end: int, floor: int) -> int:
    """Where what is attributed up to ``end`` ("…, he said") begins."""
    at = floor
    while at < end and (
        doc.word(at) in (",", ";", "—", "–", "--", "-", ")") or (doc.word(at) in ("but", "and") and at == floor)
    ):
        at += 1
    return at


def without_marks(doc: Document, first: int, last: int) -> tuple[int, int]:
    """The tokens without commas, stops and dashes at either end."""
    loose = (",", ".", ";", ":", "—", "–", "--", "-", "!", "?")
    while first < last and doc.word(first) in loose:
        first += 1
    while last > first and doc.word(last - 1) in loose:
        last -= 1
    return first, last

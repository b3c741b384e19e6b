"""Sentences and clauses of a text, where each begins and ends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from onrecord.curate.spans import Span

__all__ = ["after_dateline", "clauses", "parts_outside", "sentences", "trimmed"]

_ABBREVIATION = re.compile(
    r"(?:\b(?:(?<!\bon )[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|Gen|Brig|Lt|Col|Maj|Adm|Capt|Sgt|Sen|Rep|Gov|Rev|Hon|Inc|Corp|Co|Ltd|No|vs|etc|e\.g|i\.e"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|U\.S|U\.N|U\.K|E\.U|a\.m|p\.m))\.$"
)
_END = re.compile(r"[.!?…]+[)\]]*[”\"’']*(?=\s|$|[“\"A-Z])|\n+")
_SHORTEST, _LEAST = 12, 4
_LONGEST = 1_500
_SUBJECT = r"(?:he|she|it|they|we|I|there|this|that|the|its|his|her|their|both|an?|[A-Z])"
_AUXILIARY = (
    r"(?:has|have|had|is|are|was|were|will|would|did|does|do|could|can|may|might|held|took|went|came|met|said|told)"
)
# Where another clause may begin; what is not followed by a verb is none.
_CLAUSE = re.compile(
    r"(?:,|;| –| —)\s+(?:which|who|whom|whose|where|while|although|though|even though|whereas|as well as|a move that)\b"
    r"|;\s+|\s+(?:while|even though|although|whereas)\s+"
    rf"|(?:,\s+|\s+)(?:when|(?:largely |mainly |partly |mostly |in (?:large )?part )because|after|since|because|before|as) (?={_SUBJECT})|,\s+(?:but|and|yet|so) (?={_SUBJECT})"
    rf"|,?\s+and (?=(?:{_AUXILIARY}|[a-z]{{3,}}ed)\b)"
)
_ASKS_WHEN = re.compile(
    r"\b(?:verify|say|known?|clear|unclear|determine|specify|decide|establish|tell|disclose|see|recall|remember|of)$"
)
_RELATED = re.compile(r" (?:that|who|which|whose|where)\b| -- |[,;–—]")
_ROLE = re.compile(r",?\s+as an? ")
_FRONTED = re.compile(
    r"(?:(?:But|And|Yet) )?(?i:if|as|when|after|since|because|while|although|though|even though|before)\b[^,]{8,},\s+(?=\w)"
)
_VERB = re.compile(
    rf"\b(?:{_AUXILIARY}|[a-z]{{2,}}(?:ed|n[’']t)|be|been|became|began|fell|rose|made|gave|left|sent|got|led|won|lost|kept|won[’']t"
    r"|says|goes|go|drags|ends|begins|shares|remains|wants|needs|plans|hopes|comes|come|faces|lies|shows|includes|makes)\b"
)
_AROUND = " \t\n\r\u00a0,;:.“”\"‘’'–—-…()[]"
_CONJUNCTION = re.compile(
    r"(?:but|and|yet|so|also|however|meanwhile|while|although|though|even though|whereas|as well as)\s*,?\s+",
    re.IGNORECASE,
)
# The place, day and agency before a report.
_DATELINE = re.compile(
    r"(?:(?:[A-Z][\w.’'/-]*(?:,? [A-Z][\w.’'/-]*){0,3},? ?)?"
    r"(?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w*\.? \d{1,2}(?:, \d{4})?|\d{1,2} [A-Z][a-z]+(?: \d{4})?)[.,]? ?"
    r"|[A-Z]{3,}(?:,? [A-Z][\w.’'/-]*){0,3},? )"
    r"(?:\([A-Z][\w.&’' /-]{1,40}\)|/[A-Z][\w.& -]{1,30}/\.?) ?(?:--?|–|—|:)? ?(?=[\w“\"‘'])"
    r"|[A-Z]{3,}(?:,? [A-Z][\w.’'/-]*){0,3},? (?:--|–|—) +(?=[\w“\"‘'])"
    r"|[A-Z][\w.’'-]+(?: [A-Z][\w.’'-]+){0,2},? \([A-Za-z][\w.&’' /-]{1,40}\) (?:--?|–|—) (?=[“\"‘']?[A-Z])"
)

_INSIDE = re.compile(
    r",? ?(?:who|which|whose|where)\b[^,]{3,120}, (?:has|have|had|is|are|was|were|will|would|could|can|may|might|must|should|did|does)\b"
)


def sentences(text: str, within: Iterable[Span] = ()) -> list[Span]:
    """The sentences of a text (or of stretches of it) without the white space around them; a line break ends one.

    What goes on for more than ``_LONGEST`` characters without an end is cut, at a comma or else between words.
    """
    found: list[Span] = []
    for stretch in within or (Span(0, len(text)),):
        at = stretch.start
        for match in _END.finditer(text, stretch.start, stretch.end):
            stop = match.end() if not match[0].startswith("\n") else match.start()
            ending = text[at:stop]
            if not match[0].startswith("\n") and _goes_on(text, ending, stop):
                continue
            found.append(Span(at, stop))
            at = match.end()
        found.append(Span(at, stretch.end))
    spaced = (_strip(text, part, " \t\n\r\u00a0") for span in found for part in _cut(text, span))
    return [span for span in spaced if span.start < span.end]


def _cut(text: str, span: Span) -> Iterator[Span]:
    at = span.start
    while span.end - at > _LONGEST:
        half = at + _LONGEST // 2
        stop = max(text.rfind(mark, half, at + _LONGEST) + len(mark) for mark in ("; ", ", "))
        stop = stop if stop > half else text.rfind(" ", half, at + _LONGEST) + 1
        stop = stop if stop > half else at + _LONGEST
        yield Span(at, stop)
        at = stop
    yield Span(at, span.end)


def _goes_on(text: str, ending: str, stop: int) -> bool:
    """Whether a full stop is that of an abbreviation, or the quotation before it is followed by a small letter."""
    rest = text[stop : stop + 3].lstrip()
    if ending.endswith(" .") or rest.startswith(". "):  # ". . ."
        return True
    return bool(_ABBREVIATION.search(ending)) or (rest[:1].islower() and not rest[:1].isspace())


def clauses(text: str, span: Span) -> list[Span]:
    """A sentence parted before relative clauses and "while", each without punctuation and conjunctions around it.

    One behind which the clause around it goes on with its verb is no end of that.
    """
    found, at = [], span.start
    if fronted := _FRONTED.match(text, span.start, span.end):
        if not text.startswith("If", span.start):  # a condition is no claim
            found.append(Span(at, fronted.end()))
        at = fronted.end()
    for match in _CLAUSE.finditer(text, at, span.end):
        before, after = text[at : match.start()], text[match.start() : span.end]
        if match[0].strip(" ,") in ("since", "after", "before"):  # a clause, or "since the crisis that …"
            after = _RELATED.split(after.lstrip(" ,"), maxsplit=1)[0]
        if len(before) < _SHORTEST or len(after) < _SHORTEST or not (_VERB.search(before) and _VERB.search(after)):
            continue
        if _INSIDE.match(text, match.start(), span.end):
            continue
        if _ROLE.match(text, match.start()) and not _VERB.search(
            after.split(",")[0]
        ):  # "stepped down as a member of …"
            continue
        if match[0].strip() == "when" and _ASKS_WHEN.search(before):
            continue
        found.append(Span(at, match.start()))
        at = match.start()
    found.append(Span(at, span.end))
    return [one for one in (trimmed(text, part) for part in found) if one.end - one.start >= _LEAST]


def trimmed(text: str, span: Span) -> Span:
    """A span without quotation marks, punctuation and conjunctions around it, as the codebook wants content spans."""
    span = _strip(text, span, _AROUND)
    while match := _CONJUNCTION.match(text, span.start, span.end):
        span = Span(match.end(), span.end)
    return span


def _strip(text: str, span: Span, characters: str) -> Span:
    start, end = span.start, span.end
    while start < end and text[start] in characters:
        start += 1
    while start < end and text[end - 1] in characters:
        end -= 1
    return Span(start, end)


def parts_outside(span: Span, taken: Iterable[Span]) -> Iterator[Span]:
    """What of a span lies in none of the others."""
    at = span.start
    for other in sorted(taken):
        if other.end <= at or other.start >= span.end:
            continue
        if other.start > at:
            yield Span(at, other.start)
        at = max(at, other.end)
    if at < span.end:
        yield Span(at, span.end)


def after_dateline(text: str, span: Span) -> int:
    """Where words begin behind a dateline ("OSLO, Oct 5 (Northern Wire) - ", "OSLO — "), or where the span does."""
    match = _DATELINE.match(text, span.start, span.end)
    return match.end() if match else span.start

"""What of the attributions in a text is saying by the codebook: thoughts, plans and acts are the outlet's own statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from onrecord.curate.resolve.lexicons import rows
from onrecord.curate.resolve.sentences import trimmed
from onrecord.curate.spans import Attribution, Span

__all__ = ["sayings"]

_PRONOUN = re.compile(r"(?:they|he|she|it|we|I)", re.IGNORECASE)
_NOBODY = re.compile(r"(?:this|that|these|those|which|what|there|one)", re.IGNORECASE)
_THOUGHT = re.compile(
    r"\b(?:believ|expect|think|thought|suspect|assum|anticipat|fear|doubt|reckon|presum|know|knew)", re.IGNORECASE
)
_REFUSING = re.compile(
    r"\b(?:declin|refus|avoid|unable\b|not able\b)|\b(?:could|can|would|did|does|do)(?: not|n[’']t)\b|\bcannot\b",
    re.IGNORECASE,
)
_ANSWERING = re.compile(
    r"\b(?:confirm|comment|say|answer|respond|reply|discuss|verify|provide|give|elaborate|specify|disclose|reveal|detail)",
    re.IGNORECASE,
)
_SILENT = re.compile(r"\b(?:has|have|had)(?: also| still| yet| so far)?(?: not| never|n[’']t)\b", re.IGNORECASE)
_HOW = r"(?P<how>(?:cited|quoted|interviewed) by|(?:provided|given|shown|leaked) to|obtained by|speaking to)"
_CITED_BY = re.compile(rf"(?P<who>.+?),? {_HOW} (?P<outlet>(?:the |The )?[A-Z].*|the newspaper|the agency)", re.DOTALL)
_CITED_AFTER = re.compile(
    rf",? {_HOW} (?P<outlet>(?:the |The )?[A-Z][\w’'&-]*(?: [A-Z][\w’'&-]*)*|the newspaper|the (?:news )?agency|the outlet)"
)
_LEADS_ON = re.compile(r"(?:also )?(?:adding|noting|saying|stressing|warning|insisting|arguing|claiming|explaining)")
_CITING = re.compile(r"(?:citing|quoting|cited|quoted|which cited|who cited)", re.IGNORECASE)
_AND_THAT = re.compile(r",?[”\"]? (?:and|but) that ")
_ANONYMITY = re.compile(
    r"\b(?:anonymity|(?:not|declined) to be (?:named|identified)|requested anonymity)\b", re.IGNORECASE
)
_PLACE_OF_SAYING = re.compile(
    r",? in an? (?:[\w-]+ ){0,3}(?:statement|interview|speech|address|letter|message|post|communiqué|press release)\b[^“”\"]*$"
)
_MARK = re.compile(r"[“”\"]")
_LONGEST_SOURCE = 8
_LEAST = 8
_ADDED = re.compile(r", (?:which|who|whose|where|a move|something|the first|the latest)\b")


def sayings(text: str, attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions that are saying or reporting, in their order, with ``parent`` pointing within the result.

    Thinking, wanting and acting are left out, and what was nested in them is nested in what they were nested in. "Said
    they believe" and "declined to confirm" are one attribution each. Refusals and silences are marked as such, and a
    relative clause at the end of indirect content is left to narration.
    """
    made = _parted(text, attributions)
    gone: dict[int, int | None] = {}
    for n, one in enumerate(made):
        parent = made[one.parent] if one.parent is not None else None
        cue = _words(text, one.cue)
        if parent is not None and one.parent is not None and _one_act(text, parent, one):
            made[one.parent] = _joined(text, parent, one)
            gone[n] = one.parent
        elif one.kind == "statement" and _no_saying(text, one, cue):
            gone[n] = one.parent
    kept = [n for n in range(len(made)) if n not in gone]
    place = {n: at for at, n in enumerate(kept)}
    return [_marked(text, replace(made[n], parent=_above(made[n].parent, gone, place))) for n in kept]


def _parted(text: str, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Attributions whose words hold two taken apart: who cites whom, "adding that", "and that", "citing two officials"."""
    made = _passed_on(text, attributions)
    made = [_continued(text, made, n) for n in range(len(made))]
    made = _origins(text, made)
    return made + [part for n, one in enumerate(made) for part in _second(text, made, n, one)]


def _passed_on(text: str, attributions: Sequence[Attribution]) -> list[Attribution]:
    """ "Officials cited by The Times": the outlet is a hop before the officials."""
    made, outer = list(attributions), []
    for n, one in enumerate(attributions):
        if len(one.source) != 1:
            continue
        whole = one.source[0]
        match = _CITED_BY.fullmatch(text, whole.start, whole.end)
        after = None if match else _CITED_AFTER.match(text, whole.end)
        found = match or after
        if found is None:
            continue
        reason = f"“{found['how']}” after the words of the source"
        cue, outlet = (Span(*found.span(part)) for part in ("how", "outlet"))
        outer.append(replace(one, cue=(cue,), source=(outlet,), kind="statement", reason=reason))
        who = Span(*match.span("who")) if match else whole
        made[n] = replace(one, source=(who,), parent=len(attributions) + len(outer) - 1)
    return made + outer


def _continued(text: str, made: Sequence[Attribution], n: int) -> Attribution:
    """ "Said A, adding that B": B is no part of A, and is said by the same, not within A."""
    one = made[n]
    for other in made:
        if other.parent == n and other.source == one.source and _LEADS_ON.fullmatch(_words(text, other.cue).lower()):
            content = [
                trimmed(text, Span(span.start, min(span.end, other.cue[0].start)))
                for span in one.content
                if span.start < other.cue[0].start
            ]
            kept = tuple(span for span in content if span.start < span.end)
            one = replace(one, content=kept) if kept else one
    parent = made[one.parent] if one.parent is not None else None
    if parent and parent.source == one.source and _LEADS_ON.fullmatch(_words(text, one.cue).lower()):
        one = replace(one, parent=parent.parent)
    return one


def _origins(text: str, made: list[Attribution]) -> list[Attribution]:
    """ "The agency reported X, citing two officials": they are the origin of X."""
    found = list(made)
    for n, one in enumerate(made):
        if not (_CITING.fullmatch(_words(text, one.cue)) and one.content and one.source):
            continue
        said = next(
            (
                m
                for m in range(len(made))
                if m != n and _before(made[m], one) and (made[m].source == one.source or _reports(text, made[m]))
            ),
            None,
        )
        if said is not None and len(_words(text, one.content).split()) <= _LONGEST_SOURCE:
            found[n] = replace(
                made[said],
                cue=one.cue,
                source=one.content,
                parent=said,
                reason=f"{one.reason}; the origin that is cited",
            )
    return found


def _before(one: Attribution, citing: Attribution) -> bool:
    return bool(one.cue) and 0 < citing.cue[0].start - one.cue[0].end < 40


def _reports(text: str, one: Attribution) -> bool:
    return (
        re.fullmatch(r"(?:has |had |have )?(?:reported|reports|said|wrote|writes)", _words(text, one.cue)) is not None
    )


def _second(text: str, made: Sequence[Attribution], n: int, one: Attribution) -> list[Attribution]:
    """ "Said A and that B": B by itself; A is cut where it is marked."""
    match = _first_and_that(text, one)
    if match is None or any(other.parent == n for other in made):
        return []
    rest = trimmed(text, Span(match.end(), one.content[-1].end))
    return [replace(one, content=(rest,), reason=f"{one.reason}; and that …")] if rest.start < rest.end else []


def _first_and_that(text: str, one: Attribution) -> re.Match[str] | None:
    if len(one.content) != 1 or one.quote_type == "direct":
        return None
    return _AND_THAT.search(text, one.content[0].start + 12, one.content[0].end)


def _above(parent: int | None, gone: dict[int, int | None], place: dict[int, int]) -> int | None:
    seen: set[int] = set()
    while parent is not None and parent in gone and parent not in seen:
        seen.add(parent)
        parent = gone[parent]
    return place.get(parent) if parent is not None else None


def _words(text: str, spans: Sequence[Span]) -> str:
    return " ".join(text[span.start : span.end] for span in spans)


def _unsaid(cue: str) -> bool:
    return any(re.fullmatch(row["cue"], cue, re.IGNORECASE) for row in rows("unsaid"))


def _no_saying(text: str, one: Attribution, cue: str) -> bool:
    """Whether it is a thought, a plan or an act of whom it names; what is expected by nobody stays."""
    if not one.content or _ANONYMITY.search(f"{cue} {_words(text, one.content)}"):
        return True
    if not one.source and re.search(r"\b(?:is|are|was|were|been|being)\b", cue, re.IGNORECASE):
        return False
    return _unsaid(cue) or _NOBODY.fullmatch(_words(text, one.source)) is not None


def _one_act(text: str, parent: Attribution, child: Attribution) -> bool:
    """Whether what is nested is the same act: the speaker's own thought, or what was declined."""
    source, cue, outer = _words(text, child.source), _words(text, child.cue), _words(text, parent.cue)
    if not child.content or not parent.source:
        return False
    if _REFUSING.search(outer) and _ANSWERING.search(cue) and child.source == parent.source:
        return True
    near = not parent.content or child.cue[0].start - parent.content[0].start < 60
    return bool(_PRONOUN.fullmatch(source)) and near and bool(_THOUGHT.search(cue))


def _joined(text: str, parent: Attribution, child: Attribution) -> Attribution:
    start, end = min(span.start for span in parent.cue), max(span.end for span in child.cue)
    cue = (Span(start, end),) if end - start <= 60 and start < end else (*parent.cue, *child.cue)
    refuses = _REFUSING.search(_words(text, parent.cue)) is not None
    return replace(
        parent,
        cue=cue,
        content=child.content,
        kind="refusal" if refuses else parent.kind,
        reason=f"{parent.reason}; {child.reason}",
    )


def _marked(text: str, one: Attribution) -> Attribution:
    """An attribution with its kind, where the cue tells one that the extractor did not, and its content cut back."""
    cue = _words(text, one.cue)
    kind = one.kind
    if kind == "statement" and _SILENT.search(cue):
        kind = "absence"
    elif kind == "statement" and _REFUSING.search(cue):
        kind = "refusal" if _ANSWERING.search(cue) else kind
    if match := _first_and_that(text, one):
        one = _cut(text, one, match.start())
    last = one.content[-1]
    added = _ADDED.search(text, last.start + 12, last.end) if one.quote_type != "direct" else None
    if added and not _MARK.search(text, added.start(), last.end):
        one = _cut(text, one, added.start())
    place = (
        _PLACE_OF_SAYING.search(text[one.content[-1].start : one.content[-1].end])
        if one.quote_type != "direct"
        else None
    )
    if place and place.start() > _LEAST:
        one = _cut(text, one, one.content[-1].start + place.start())
    return replace(one, kind=kind)


def _cut(text: str, one: Attribution, end: int) -> Attribution:
    """An attribution whose last content span ends earlier; indirect where no mark of quotation is left in it."""
    last = one.content[-1]
    content = (*one.content[:-1], trimmed(text, Span(last.start, end)))
    quoted = any(_MARK.search(text, max(0, span.start - 1), span.end + 1) for span in content)
    return replace(one, content=content, quote_type=one.quote_type if quoted else "indirect")

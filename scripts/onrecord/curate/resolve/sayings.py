"""What of the attributions in a text is saying by the codebook: thoughts, plans and acts are the outlet's own statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from onrecord.curate.resolve.parting import cut, first_and_that, parted, said_at
from onrecord.curate.resolve.sentences import after_dateline, trimmed
from onrecord.curate.resolve.turns import turns
from onrecord.curate.resolve.unsaid import no_saying
from onrecord.curate.spans import Attribution, Span

__all__ = ["sayings"]

_PRONOUN = re.compile(r"(?:they|he|she|it|we|I)", re.IGNORECASE)
_THIS_ON = re.compile(
    r"(?P<what>this|that|it|these|them)(?: (?:on|in|at|last|late|early|yesterday|today)\b.*)", re.IGNORECASE | re.DOTALL
)
_COLON = re.compile(r": [“\"](?=[A-Z])")
_FEELING = re.compile(
    r"(?:(?:has|have|had) )?(?:also |again |repeatedly )?(?:express|voic|rais|repeat|reiterat)(?:es|ed|ing|e|s|d)",
    re.IGNORECASE,
)
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
_UNANSWERED = re.compile(
    r"\b(?:did|does|do)(?: not|n[’']t)(?: \w+ly)? (?:respond|reply|answer|return)\b"
    r"|\b(?:respond|repl|answer|return)\w*\b.*\b(?:requests?|questions?|inquir\w+|enquir\w+|quer\w+|e-?mails?|calls?|messages?)\b",
    re.IGNORECASE | re.DOTALL,
)
_WHAT_WAS_SAID = re.compile(
    r"(?:reports?|claims?|allegations?|accusations?|suggestions?|speculation|rumou?rs?)", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:(?:an?|the|any|those|these|such|earlier|recent|media|news) )*", re.IGNORECASE)
_MARK = re.compile(r"[“”\"]")
_PLACE_OF_SAYING = re.compile(
    r",? in an? (?:[\w-]+ ){0,3}(?:statement|interview|speech|address|letter|message|post|communiqué|press release)\b[^“”\"]*$"
)
_LEAST = 8
_ADDED = re.compile(
    r", (?:which|who|whose|where|as had been|a move|a figure|a number|an estimate|something|the (?:first|last|latest|\w{3,}est|most \w+)\b)\b"
)


def sayings(text: str, attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions that are saying or reporting, in their order, with ``parent`` pointing within the result.

    Thinking, wanting and acting are left out, and what was nested in them is nested in what they were nested in. "Said
    they believe" and "declined to confirm" are one attribution each. Who was asked and did not answer refuses; who has
    not spoken is silent. A relative clause at the end of indirect content is left to narration.
    """
    begun = [_without_dateline(text, one) for one in turns(text, attributions)]
    made = parted(text, begun)
    gone: dict[int, int | None] = {}
    for n, one in enumerate(made):
        above = _standing(one.parent, gone)
        parent = made[above] if above is not None else None
        if parent is not None and above is not None and above != n and _one_act(text, parent, one):
            made[above] = _joined(text, parent, one)
            gone[n] = above
        elif parent is not None and one.kind != "statement" and _PRONOUN.fullmatch(said_at(text, one.source)):
            gone[n] = above  # "said it could not confirm X": the words themselves take no side
        elif parent is not None and _named_act(parent, one):
            gone[n] = above
        elif one.kind == "statement" and no_saying(text, one):
            if led := _led_up_to(text, one):
                made[n] = led
            else:
                gone[n] = one.parent
    kept = [n for n in range(len(made)) if n not in gone]
    place = {n: at for at, n in enumerate(kept)}
    parents = [_standing(made[n].parent, gone) for n in kept]
    moved = [place.get(parent) if parent is not None else None for parent in parents]
    whole = [replace(made[n], parent=parent) for n, parent in zip(kept, moved, strict=True)]
    cut_back = [_marked(text, one) for one in whole]
    return [_outside_the_cut(text, whole, cut_back, one) for one in cut_back]


def _outside_the_cut(
    text: str, whole: Sequence[Attribution], cut_back: Sequence[Attribution], one: Attribution
) -> Attribution:
    """ "X said A, which B denied": B is not told by X once the relative clause is cut off."""
    while one.parent is not None and one.cue:
        was, now = whole[one.parent].content[-1].end, cut_back[one.parent].content[-1].end
        if not now <= one.cue[0].start < was or not _ADDED.match(text, now):
            break
        one = replace(one, parent=cut_back[one.parent].parent)
    return one


def _without_dateline(text: str, one: Attribution) -> Attribution:
    """ "Oct. 5 (Agency) - The ministry said": the place and day before the dash are no part of source or content."""
    return replace(one, source=_behind_dateline(text, one.source), content=_behind_dateline(text, one.content))


def _behind_dateline(text: str, spans: tuple[Span, ...]) -> tuple[Span, ...]:
    return tuple(Span(after_dateline(text, span), span.end) if n == 0 else span for n, span in enumerate(spans))


def _standing(parent: int | None, gone: dict[int, int | None]) -> int | None:
    """The nearest attribution around that is not left out."""
    seen: set[int] = set()
    while parent is not None and parent in gone and parent not in seen:
        seen.add(parent)
        parent = gone[parent]
    return parent


def _led_up_to(text: str, one: Attribution) -> Attribution | None:
    """The words that a thought or an act leads up to: "Lee does not want to wait: “We go now.”"; None if it leads to none."""
    match = _COLON.search(text, one.content[0].start, one.content[-1].end + 2) if one.content and one.source else None
    if match is None:
        return None
    content = trimmed(text, Span(match.end(), one.content[-1].end))
    if content.start >= content.end or _MARK.search(text, content.start, content.end):
        return None
    return replace(one, cue=(Span(match.start(), match.start() + 1),), content=(content,), quote_type="direct")


def _named_act(parent: Attribution, child: Attribution) -> bool:
    """Whether what is said begins with a verb of the same speaker's: "ruled out calling an election"."""
    begins = bool(child.cue and parent.content) and child.cue[0].start == parent.content[0].start
    return begins and child.source == parent.source


def _one_act(text: str, parent: Attribution, child: Attribution) -> bool:
    """Whether what is nested is the same act: the speaker's own thought, what was declined, the reports that are denied."""
    source, cue, outer = said_at(text, child.source), said_at(text, child.cue), said_at(text, parent.cue)
    if not child.content or not parent.source:
        return False
    if not child.source and _FEELING.fullmatch(outer) and child.reason.startswith("the noun "):
        return True
    if _REFUSING.search(outer) and _ANSWERING.search(cue) and child.source == parent.source:
        return True
    begun = text[parent.content[0].start : child.cue[0].start] if parent.content and child.cue else "-"
    if _ARTICLE.fullmatch(begun) and _WHAT_WAS_SAID.fullmatch(cue):
        return parent.kind == "statement" and child.source in ((), parent.source)
    near = not parent.content or not child.source or child.source[0].start - parent.content[0].start < 12
    return bool(_PRONOUN.fullmatch(source)) and near and bool(_THOUGHT.search(cue))


def _joined(text: str, parent: Attribution, child: Attribution) -> Attribution:
    start, end = min(span.start for span in parent.cue), max(span.end for span in child.cue)
    cue = (Span(start, end),) if end - start <= 60 and start < end else (*parent.cue, *child.cue)
    if _WHAT_WAS_SAID.fullmatch(said_at(text, child.cue)):
        cue = parent.cue
    refuses = _REFUSING.search(said_at(text, parent.cue)) is not None
    return replace(
        parent,
        cue=cue,
        content=child.content,
        kind="refusal" if refuses else parent.kind,
        reason=f"{parent.reason}; {child.reason}",
    )


def _marked(text: str, one: Attribution) -> Attribution:
    """An attribution with its kind, where the cue tells one that the extractor did not, and its content cut back."""
    cue = said_at(text, one.cue)
    kind = one.kind
    if kind == "statement" and _SILENT.search(cue):
        kind = "absence"
    if kind == "absence" and _UNANSWERED.search(f"{cue} {said_at(text, one.content)}"):
        kind = "refusal"
    if match := first_and_that(text, one):
        one = cut(text, one, match.start())
    last = one.content[-1]
    added = _ADDED.search(text, last.start + 12, last.end) if one.quote_type != "direct" else None
    if added and not _MARK.search(text, added.start(), last.end):
        one = cut(text, one, added.start())
    last = one.content[-1]
    if alone := _THIS_ON.fullmatch(text, last.start, last.end):
        one = cut(text, one, alone.end("what"))
    last = one.content[-1]
    place = _PLACE_OF_SAYING.search(text[last.start : last.end]) if one.quote_type != "direct" else None
    if place and place.start() > _LEAST:
        one = cut(text, one, last.start + place.start())
    return replace(one, kind=kind)

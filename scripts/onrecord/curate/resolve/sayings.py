"""What of the attributions in a text is saying by the codebook: thoughts, plans and acts are the outlet's own statements."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from onrecord.curate.resolve.lexicons import rows
from onrecord.curate.resolve.parting import cut, first_and_that, parted, said_at
from onrecord.curate.resolve.sentences import after_dateline, trimmed
from onrecord.curate.resolve.turns import turns
from onrecord.curate.resolve.verbs import has_verb
from onrecord.curate.spans import Attribution, Span

__all__ = ["sayings"]

_PRONOUN = re.compile(r"(?:they|he|she|it|we|I)", re.IGNORECASE)
_NOBODY = re.compile(
    r"(?:this|that|these|those|which|what|there|alone|you|me|us|nobody|no one|none|neither(?: [\w ]+)?)",
    re.IGNORECASE,
)
_PLACE_OF_PAPER = re.compile(
    r"(?:posted|published|released|issued|carried|broadcast|aired|circulated)(?: (?:on|by|in|at))?", re.IGNORECASE
)
_PAPER = re.compile(
    r"(?:an? |the |its |his |her )?(?:\w+ )?(?:statement|letter|message|video|photographs?|photos?|transcript)s?",
    re.IGNORECASE,
)
_DOCUMENTS = re.compile(
    r"(?:(?:the|internal|leaked|court|government) )*(?:documents?|papers|e-?mails?|records|letters?|memos?|minutes|filings|messages)",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"(?:(?:has|have|had|was|were) )?(?:\w+ly )?(?:agreed?|agrees|offer(?:s|ed)?)(?: to| on)?", re.IGNORECASE
)
_TO_COME = re.compile(r"(?:will|would|should|must|may|might) (?!not\b)", re.IGNORECASE)
_NOTHING = re.compile(r"(?:them|him|her|it|us|me|you|this|that|so|no|yes)", re.IGNORECASE)
_WHATEVER = re.compile(r"\b[Ww]hat(?:ever)? $")
_IS = re.compile(r"(?:is|was|are|were) ")
_ANYBODY = re.compile(r"\b(?:those|people|anyone|everyone|anybody|everybody|somebody|someone) $", re.IGNORECASE)
_ASKS = re.compile(r"\b(?:ask|asks|asked)$", re.IGNORECASE)
_ASKER = re.compile(r"\b(?:journalists?|reporters?|moderators?|interviewers?|hosts?)$", re.IGNORECASE)
_CITES = re.compile(r"(?:citing|quoting|cited|quoted|cites|quotes)", re.IGNORECASE)
_WROTE = re.compile(r"\b(?:wrote|writ(?:e|es|ing|ten))$", re.IGNORECASE)
_IN_COURT = re.compile(
    r"(?:an?|the) (?:[\w-]+ ){0,2}(?:court|jury|inquest|inquiry|tribunal|hearing|panel|committee) heard", re.IGNORECASE
)
_DATE = re.compile(r"(?:[A-Z][a-z]{2,8}\.? )?\d{1,2}(?: [A-Z][a-z]+)?(?:,? \d{4})?|[A-Z][a-z]+day", re.DOTALL)
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
_ANONYMITY = re.compile(
    r"\b(?:anonymity|(?:not|declined) (?:to )?be (?:named|identified)|requested anonymity|(?:name|identity) (?:to be )?(?:published|used|printed|disclosed|revealed))\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?:(?:on|the|that|this|last|next|same|following|previous|earlier|late|early) )*"
    r"(?:day|week|month|year|evening|morning|afternoon|night|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|today|yesterday)",
    re.IGNORECASE,
)
_ADDRESSED = re.compile(r"\b(?:asked|ordered|told|urged|invited|requested|required|forced|allowed)$", re.IGNORECASE)
# What somebody is asked at the beginning of a sentence, up to its comma, is said by nobody.
_QUESTIONED = re.compile(
    r"(?:^|[.!?]|[.!?,][”\"])\s*(?:When )?[Aa]sked (?:about|whether|if|why|how|what|when)\b[^,.!?“”\"\n]*\Z",
    re.MULTILINE,
)
_LONGEST_QUESTION = 240
_BE = re.compile(r"\b(?:is|are|was|were|been|being)\b", re.IGNORECASE)
_WHAT_WAS_SAID = re.compile(
    r"(?:reports?|claims?|allegations?|accusations?|suggestions?|speculation|rumou?rs?)", re.IGNORECASE
)
_ARTICLE = re.compile(r"(?:(?:an?|the|any|those|these|such|earlier|recent|media|news) )*", re.IGNORECASE)
_MARK = re.compile(r"[“”\"]")
_PLACE_OF_SAYING = re.compile(
    r",? in an? (?:[\w-]+ ){0,3}(?:statement|interview|speech|address|letter|message|post|communiqué|press release)\b[^“”\"]*$"
)
_LEAST = 8
_WRITTEN_TO = re.compile(r"\b(?:wrote|writ(?:es?|ten|ing)) to$", re.IGNORECASE)
_LONGEST_NAME = 60
_NAMED = re.compile(r"(?<![.] )(?<![\n])[A-Z][\w’'-]+, $")
_ADDED = re.compile(r", (?:which|who|whose|where|a move|something|the (?:first|last|latest|\w{3,}est|most \w+)\b)\b")


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
        cue = said_at(text, one.cue)
        if parent is not None and above is not None and above != n and _one_act(text, parent, one):
            made[above] = _joined(text, parent, one)
            gone[n] = above
        elif parent is not None and one.kind != "statement" and _PRONOUN.fullmatch(said_at(text, one.source)):
            gone[n] = above  # "said it could not confirm X": the words themselves take no side
        elif parent is not None and _named_act(parent, one):
            gone[n] = above
        elif one.kind == "statement" and _no_saying(text, one, cue):
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


def _unsaid(cue: str) -> bool:
    return any(re.fullmatch(row["cue"], cue, re.IGNORECASE) for row in rows("unsaid"))


def _no_saying(text: str, one: Attribution, cue: str) -> bool:
    """Whether it is a thought, a plan or an act of whom it names; what is expected by nobody stays."""
    if not one.content or _ANONYMITY.search(f"{cue} {said_at(text, one.content)}"):
        return True
    if not one.cue:  # a turn of a transcript, or words that are signed
        return False
    if _QUESTIONED.search(text, max(0, one.cue[0].start - _LONGEST_QUESTION), one.cue[-1].end):
        return True
    if not one.source:
        return _ADDRESSED.search(cue) is not None or (
            not _BE.search(cue) and (_unsaid(cue) or one.reason.startswith("the verb "))
        )
    if _WRITTEN_TO.search(cue) and one.quote_type == "indirect" and " that " not in said_at(text, one.content):
        return True
    source = said_at(text, one.source)
    if _PLACE_OF_PAPER.fullmatch(cue) and _PAPER.fullmatch(source):
        return True
    if _DOCUMENTS.fullmatch(source) and one.parent is not None:  # "documents seen by the paper show"
        return False
    if _ASKS.search(cue) and _ASKER.search(source):
        return True
    if _CITES.fullmatch(cue) and not has_verb(said_at(text, one.content)):  # who is quoted, and not what they say
        return True
    if (
        _WROTE.search(cue) and one.quote_type == "indirect" and not has_verb(said_at(text, one.content))
    ):  # "wrote a book"
        return True
    if _IN_COURT.fullmatch(f"{source} {cue}"):
        return False
    if one.reason.startswith("the noun ") and _DATE.fullmatch(said_at(text, one.content)):
        return True
    if source == "who" and _ANYBODY.search(text, max(0, one.source[0].start - 20), one.source[0].start):
        return True
    if one.parent is not None and _no_words(text, one, cue):
        return True
    if _WHATEVER.search(text, max(0, one.source[0].start - 10), one.source[0].start) and _IS.match(
        text, one.content[0].start
    ):
        return True
    if source == "which" and _NAMED.search(text, max(0, one.source[0].start - _LONGEST_NAME), one.source[0].start):
        return _unsaid(cue)
    return _unsaid(cue) or _NOBODY.fullmatch(source) is not None or _TIME.fullmatch(source) is not None


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


def _no_words(text: str, one: Attribution, cue: str) -> bool:
    """Whether what is nested is an act, is yet to come, or says nothing: "said A had agreed a fee", "said B would demand"."""
    if one.kind != "statement" or any(_MARK.search(text, part.start, part.end) for part in one.content):
        return False
    return bool(_DONE.fullmatch(cue) or _TO_COME.match(cue) or _NOTHING.fullmatch(said_at(text, one.content)))


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

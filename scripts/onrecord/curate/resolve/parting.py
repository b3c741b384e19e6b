"""Attributions whose words hold several taken apart: who cites whom, who disputes whom, one sentence from the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from onrecord.curate.resolve.sentences import sentences, trimmed
from onrecord.curate.spans import Attribution, Span

__all__ = ["cut", "first_and_that", "parted", "said_at"]

_HOW = r"(?P<how>(?:cited|quoted|interviewed) by|(?:provided|given|shown|leaked) to|(?:obtained|seen|reviewed|viewed) by|speaking to)"
_CITED_BY = re.compile(rf"(?P<who>.+?),? {_HOW} (?P<outlet>(?:the |The )?[A-Z].*|the newspaper|the agency)", re.DOTALL)
_CITED_AFTER = re.compile(
    rf",? {_HOW} (?P<outlet>(?:the |The )?[A-Z][\w’'&-]*(?: [A-Z][\w’'&-]*)*|the newspaper|the (?:news )?agency|the outlet)"
)
_CITING = re.compile(r"(?:citing|quoting|cited|quoted|which cited|who cited)", re.IGNORECASE)
_CITED = re.compile(r"\b(?:cit(?:ed|ing|es)|quot(?:ed|ing|es))$", re.IGNORECASE)
_IN_TURN = re.compile(r", which (?:in turn )?(?:cited|quoted) [^,;.]{3,90}, ")
_CITING_FIRST = re.compile(
    r"(?:(?:which|who|itself) )?(?P<how>citing|quoting|cited|quoted) (?P<who>[^,;“”\"\n]{3,90}), (?=\w)"
)
_AND_THAT = re.compile(r",?[”\"]? (?:and|but) that ")
_QUOTES_ANEW = re.compile(r"[.!?]\s*(?:[“\"]|''|‘)$")
_FALSE = re.compile(
    r"(?:(?:[Tt]he|[Aa]ny|[Aa]ll|[Mm]edia|[Pp]ress|[Ss]uch|[Rr]ecent) )*(?:[Rr]eports?|[Cc]laims?|[Aa]llegations?|[Rr]umou?rs?|[Ss]uggestions?) that "
    r"(?P<what>.+?) (?P<how>(?:is|are|was|were) (?:\w+ly )?(?:false|untrue|wrong|baseless|unfounded|fabricated|incorrect|groundless"
    r"|inaccurate|true|correct|accurate))",
    re.DOTALL,
)
_LONGEST_SOURCE = 8
_UNIT = r"(?:hour|day|week|month|year)s?"
# What leads on from one saying to another that answers, precedes or accompanies it.
_MEANWHILE = re.compile(
    rf"(?:, (?:just |only |barely )?(?:\w+ )?{_UNIT} (?:after|before|since)"
    r"|, (?:even |just )?(?:after|before|as|when|while|although|though|but|whereas|and)"
    r"| (?:even as|even though|although|though|while|whereas|as)) (?:[Tt]he |its |an? )?$"
)
_CLAIM_BY = re.compile(
    r"(?:an?|the|earlier|recent)? ?(?P<how>claims?|allegations?|accusations?|reports?|assertions?|suggestions?|charges?) (?:by|from) "
    r"(?P<who>[^,;.“”\"\n]{3,60}?) that (?=\S)"
)
_ACCORDING = re.compile(
    r"(?:the |any )?(?:media |press |news |earlier )*(?:reports?|claims|rumou?rs) (?:according to|in) which (?=\S)"
)
_WHO_DENIES = (
    r"(?P<who>(?:the )?[A-Z][\w’'.-]*(?: [A-Z][\w’'.-]*)*|(?:(?:the|its|his|her) )?(?:[\w’'.-]+ ){0,3}(?:officials|authorities"
    r"|government|ministry|minister|spokes\w+|company|police|army|office|party)) "
    r"(?P<how>(?:(?:has|have|had) )?(?:\w+ly )?(?:den|reject|dismiss|disput|refut)(?:y|ied|ies|s|es|ed))\b"
)
_DISPUTED = re.compile(
    r",[”\"]? an? (?:claim|charge|accusation|allegation|suggestion|assertion|account|version|report|call|demand|view|argument)s?"
    r"(?: that| which)? " + _WHO_DENIES
)
_ECHOED = re.compile(
    r",[”\"]? an? (?:[\w-]+ )?(?:position|view|claim|charge|call|demand|warning|sentiment|point|line|argument|assessment|message)"
    r" (?P<how>(?:repeated|echoed|shared|backed|supported|reiterated) by) (?P<who>[^,.;:“”\"\n]{3,60}?)"
    r"(?=[,.;:\n]| (?:on|in|at|last|this|earlier|later|during|after|who)\b|$)"
)
_DENIED_AFTER = re.compile(r", (?:(?:something|allegations|charges|claims) )?(?:which|that) " + _WHO_DENIES)
_AS_SAYING = re.compile(r"(?P<who>[^,;“”\"\n]{3,90}?) (?P<how>as (?:saying|telling \w+|writing))(?: that)? (?=\S)")
_MARK = re.compile(r"[“”\"]")
_ANSWER = re.compile(r"(?:No|Yes|Well|Sure|Right),? [^.!?]{0,16}[.!?]?", re.IGNORECASE)
_LEAST_WORDS = 3


def parted(text: str, attributions: Sequence[Attribution]) -> list[Attribution]:
    """Attributions with one saying each; their indices stay, what is new stands behind them."""
    made = _passed_on(text, [_reported(text, one) for one in attributions])
    made = _cited_in_turn(text, _origins(text, made))
    made = _cited_first(text, made)
    made = _as_saying(text, _false_reports(text, made))
    made = _whom_cited(text, made)
    made = _claims_by(text, _disputed(text, made))
    made = _meanwhile(text, made)
    for n in range(len(made)):
        if parts := _second(text, made[n]):
            made += parts
            _nest(made, n, [len(made) - 1, n])
    for n in range(len(made)):
        parts = _by_sentence(text, made, n)
        places = [n, *range(len(made), len(made) + len(parts))]
        made += parts
        if parts:
            _nest(made, n, places)
    return made


def _reported(text: str, one: Attribution) -> Attribution:
    """ "Denied reports according to which X": of X."""
    match = _ACCORDING.match(text, one.content[0].start, one.content[0].end) if one.content else None
    if match is None or match.end() >= one.content[0].end:
        return one
    return replace(one, content=(Span(match.end(), one.content[0].end), *one.content[1:]))


def _nest(made: list[Attribution], outer: int, places: Sequence[int]) -> None:
    """Put what was nested in an attribution into that of its parts in which its cue stands."""
    for m, one in enumerate(made):
        if one.parent == outer and one.cue:
            at = one.cue[0].start
            held = (n for n in places if any(span.start <= at < span.end for span in made[n].content))
            made[m] = replace(one, parent=next(held, outer))


def said_at(text: str, spans: Sequence[Span]) -> str:
    """The words of spans, joined by spaces."""
    return " ".join(text[span.start : span.end] for span in spans)


def cut(text: str, one: Attribution, end: int) -> Attribution:
    """An attribution whose last content span ends earlier; indirect where no mark of quotation is left in it."""
    last = one.content[-1]
    content = (*one.content[:-1], trimmed(text, Span(last.start, end)))
    quoted = any(_MARK.search(text, max(0, span.start - 1), span.end + 1) for span in content)
    return replace(one, content=content, quote_type=one.quote_type if quoted else "indirect")


def first_and_that(text: str, one: Attribution) -> re.Match[str] | None:
    """Where "and that" begins a second thing said, in content that is not quoted."""
    if len(one.content) != 1 or one.quote_type == "direct":
        return None
    return _AND_THAT.search(text, one.content[0].start + 12, one.content[0].end)


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


def _origins(text: str, made: list[Attribution]) -> list[Attribution]:
    """ "The agency reported X, citing two officials", "the agency, citing two officials, said": they are the origin."""
    found = list(made)
    for n, one in enumerate(made):
        if not (_CITING.fullmatch(said_at(text, one.cue)) and one.content and one.source):
            continue
        if said_at(text, one.source) == "which":
            continue
        said = next(
            (
                m
                for m in range(len(made))
                if m != n and _before(text, made[m], one) and (made[m].source == one.source or _reports(text, made[m]))
            ),
            None,
        )
        if said is not None and len(said_at(text, one.content).split()) <= _LONGEST_SOURCE:
            found[n] = replace(
                made[said],
                cue=one.cue,
                source=one.content,
                parent=said,
                reason=f"{one.reason}; the origin that is cited",
            )
    return found


def _cited_in_turn(text: str, made: list[Attribution]) -> list[Attribution]:
    """ "The agency, citing the paper, which cited an official, said": the official is the origin behind the paper."""
    found = list(made)
    for n, one in enumerate(made):
        if not one.cue or not one.source or not _CITING.search(said_at(text, one.cue)):
            continue
        for m, other in enumerate(made):
            behind = other.source and said_at(text, other.source) == "which" and _CITED.search(said_at(text, other.cue))
            if (
                behind
                and m != n
                and text[one.source[-1].end : other.source[0].start] == ", "
                and one.parent is not None
            ):
                found[m] = replace(
                    one, cue=other.cue, source=other.content, parent=n, reason=f"{one.reason}; and whom they cite"
                )
    return found


def _before(text: str, one: Attribution, citing: Attribution) -> bool:
    """Whether the saying stands a few words before who is cited with it, or right behind."""
    if not one.cue:
        return False
    between = text[citing.content[-1].end : one.cue[0].start]
    behind = one.source == citing.source and (0 < len(between) < 4 or _IN_TURN.fullmatch(between) is not None)
    if one.source and one.source == citing.source:  # "Citing officials, the agency reported"
        behind |= text[citing.content[-1].end : one.source[0].start] in (", ", ", the ")
    return behind or 0 < citing.cue[0].start - one.cue[0].end < 40


def _reports(text: str, one: Attribution) -> bool:
    return (
        re.fullmatch(r"(?:has |had |have )?(?:reported|reports|said|wrote|writes)", said_at(text, one.cue)) is not None
    )


def _cited_first(text: str, made: list[Attribution]) -> list[Attribution]:
    """ "According to the agency, citing an official, X": the official is the origin of X, and no part of it."""
    found = list(made)
    for n, one in enumerate(made):
        match = _CITING_FIRST.match(text, one.content[0].start, one.content[0].end) if one.content else None
        if match is None or match.end() >= one.content[0].end or not one.source:
            continue
        content = (Span(match.end(), one.content[0].end), *one.content[1:])
        cue, source = Span(*match.span("how")), Span(*match.span("who"))
        found[n] = replace(one, content=content)
        origin = replace(
            one, content=content, cue=(cue,), source=(source,), parent=n, reason=f"{one.reason}; the origin cited first"
        )
        _put(found, origin, cue)
    return found


def _as_saying(text: str, made: list[Attribution]) -> list[Attribution]:
    """ "The paper quoted officials as saying X": the officials said X, and the paper passes it on."""
    found = list(made)
    for n, one in enumerate(made):
        if not (_CITING.fullmatch(said_at(text, one.cue)) and one.content and one.source):
            continue
        match = _AS_SAYING.match(text, one.content[0].start, one.content[0].end)
        if match is None:
            continue
        content = (Span(match.end(), one.content[0].end), *one.content[1:])
        found[n] = replace(one, content=content)
        who, cue = Span(*match.span("who")), Span(*match.span("how"))
        reason = f"{one.reason}; “… {match['how']}”"
        _put(found, replace(one, content=content, cue=(cue,), source=(who,), parent=n, reason=reason), cue)
    return found


def _whom_cited(text: str, made: list[Attribution]) -> list[Attribution]:
    """ "The paper quoted the minister, who said X": the minister said X, and the paper passes it on."""
    found = list(made)
    for n, one in enumerate(made):
        if not (_CITING.fullmatch(said_at(text, one.cue)) and one.content and one.source):
            continue
        for m, other in enumerate(made):
            said_by = other.source[0] if other.source and other.parent is None and m != n else None
            if said_by and text[one.content[-1].end : said_by.start] == ", " and said_at(text, [said_by]) == "who":
                found[n] = replace(one, content=other.content, quote_type=other.quote_type)
                found[m] = replace(other, parent=n)
    return found


def _disputed(text: str, made: list[Attribution]) -> list[Attribution]:
    """ "A said X, a claim that B rejected", "…, which B denied", "…, a view shared by B": no part of what A said.

    B denies X, or says it too.
    """
    found = list(made)
    for n, one in enumerate(made):
        if not one.content or one.quote_type == "direct" or not one.source:
            continue
        last = one.content[-1]
        inside = _DISPUTED.search(text, last.start, last.end) or _ECHOED.search(text, last.start, last.end)
        denied = inside or _DENIED_AFTER.search(text, last.start, last.end)
        inside = denied if denied and (inside or denied.end() == last.end) else None
        match = inside or _DENIED_AFTER.match(text, last.end) or _ECHOED.match(text, last.end)
        if match is None or match.start() == last.start:
            continue
        shorter = cut(text, one, match.start()) if match.start() < last.end else one
        found[n] = shorter
        cue, source = Span(*match.span("how")), Span(*match.span("who"))
        answer = replace(
            shorter,
            cue=(cue,),
            source=(source,),
            quote_type="indirect",
            kind="statement",
            confidence=0.6,
            reason=f"“{match[0].lstrip(', ”').split()[1]} … {match['how']}”",
        )
        _put(found, answer, Span(match.start(), max(last.end, match.end())))
    return found


def _claims_by(text: str, made: list[Attribution]) -> list[Attribution]:
    """ "B rejected a claim by A that X": B says of X that it is not so, and A claims X."""
    found = list(made)
    for n, one in enumerate(made):
        match = _CLAIM_BY.match(text, one.content[0].start, one.content[0].end) if one.content else None
        if match is None or not one.source or match.end() >= one.content[0].end:
            continue
        content = (Span(match.end(), one.content[0].end), *one.content[1:])
        found[n] = replace(one, content=content)
        claim = replace(
            found[n],
            cue=(Span(*match.span("how")),),
            source=(Span(*match.span("who")),),
            kind="statement",
            parent=None,
            reason=f"{one.reason}; “a {match['how']} by …”",
        )
        _put(found, claim, Span(one.content[0].start, match.end()))
    return found


def _false_reports(text: str, made: list[Attribution]) -> list[Attribution]:
    """ "Reports that X were false, he said": he denies X, or confirms it, and nobody else says it."""
    found = list(made)
    for n, one in enumerate(made):
        match = _FALSE.fullmatch(text, one.content[0].start, one.content[0].end) if len(one.content) == 1 else None
        if match is None or not one.cue:
            continue
        found[n] = replace(one, content=(Span(*match.span("what")),), cue=(*one.cue, Span(*match.span("how"))))
        for m, other in enumerate(made):
            if other.parent == n and not other.source:
                found[m] = replace(other, content=())  # claims nothing by itself
    return found


def _put(found: list[Attribution], new: Attribution, where: Span) -> None:
    """Put an attribution in place of the one whose cue lies in a stretch, else at the end."""
    for m, other in enumerate(found):
        if other.cue and where.start <= other.cue[0].start < where.end:
            above = other.parent
            found[:] = [replace(one, parent=above) if one.parent == m else one for one in found]
            found[m] = replace(new, parent=above if new.parent == m else new.parent)
            return
    found.append(new)


def _meanwhile(text: str, made: list[Attribution]) -> list[Attribution]:
    """ "A said X, a day after B dismissed Y": what B said is no part of X, and not told by A."""
    found = list(made)
    for m, inner in enumerate(made):
        if inner.parent is None or not inner.source or inner.parent >= len(made):
            continue
        n, outer = inner.parent, found[inner.parent]
        if not outer.content or outer.quote_type == "direct" or outer.content[-1].end < inner.source[0].start:
            continue
        last = outer.content[-1]
        before = text[last.start : inner.source[0].start]
        match = _MEANWHILE.search(before)
        if match is None or len(before[: match.start()].split()) < _LEAST_WORDS:
            continue
        found[n] = cut(text, outer, last.start + match.start())
        found[m] = replace(found[m], parent=outer.parent)
    return found


def _second(text: str, one: Attribution) -> list[Attribution]:
    """ "Said A and that B": B by itself; A is cut where it is marked."""
    match = first_and_that(text, one)
    if match is None:
        return []
    rest = trimmed(text, Span(match.end(), one.content[-1].end))
    return [replace(one, content=(rest,), reason=f"{one.reason}; and that …")] if rest.start < rest.end else []


def _passes_on(one: Attribution, outer: Attribution) -> bool:
    """Whether an attribution has the words of the one that it is nested in, and is so a hop behind it."""
    return one.content == outer.content or not one.cue


def _begins_anew(text: str, one: Attribution) -> int:
    """Which of its spans begins a quotation of its own behind the sentence of the first; 0 where none does."""
    for at in range(1, len(one.content)):
        between = text[one.content[at - 1].end : one.content[at].start]
        if _QUOTES_ANEW.search(between) and text[one.content[at].start].isupper():
            return at
    return 0


def _by_sentence(text: str, made: list[Attribution], n: int) -> list[Attribution]:
    """A quotation of several sentences as one attribution each; the first takes the place of the whole."""
    one = made[n]
    if any(other.parent == n and _passes_on(other, one) for other in made):
        return []
    if one.quote_type == "mixed" and (at := _begins_anew(text, one)):
        made[n] = replace(one, content=one.content[:at])
        later = [replace(one, content=one.content[at:], quote_type="direct")]
        later += _by_sentence(text, later, 0)
        return later
    if one.quote_type != "direct":
        return []
    units: list[list[Span]] = []
    open_ended = False
    for number, span in enumerate(one.content):
        between = text[one.content[number - 1].end : span.start] if number else ""
        open_ended = open_ended and not re.search(r"[.!?…]\s*[“\"‘']*$", between)
        for sentence in sentences(text, [span]):
            words = text[sentence.start : sentence.end]
            short = len(words.split()) < _LEAST_WORDS or _ANSWER.fullmatch(words) is not None
            if units and (open_ended or short):
                units[-1].append(sentence)
            else:
                units.append([sentence])
            open_ended = not re.search(r"[.!?…]", text[sentence.end - 1 : sentence.end + 1]) or (
                short and len(units) == 1 and len(units[0]) == 1
            )
    if len(units) < 2:
        return []
    parts = [
        replace(one, content=tuple(trimmed(text, span) for span in unit), reason=f"{one.reason}; a sentence of several")
        for unit in units
    ]
    made[n] = parts[0]
    return parts[1:]

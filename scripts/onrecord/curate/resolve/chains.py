"""The chain of one attribution: its hops, the outlet that was told, date and channel by the words of its sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.channels import channel_of, outlet_channel
from onrecord.curate.resolve.dates import Dated, dated, open_until
from onrecord.curate.resolve.newcomers import Speaker, outlet_in
from onrecord.curate.resolve.speakers import Cast
from onrecord.curate.spans import Attribution, Span

__all__ = ["Hop", "Utterance", "before_report", "channelled", "timed", "told", "words_at"]

_TOLD = re.compile(r"\b(?:tells?|told|telling)\b", re.IGNORECASE)
_QUOTED_BY = re.compile(r"\s*(?:[^.;“”\"]{0,30}?\b)?by\s+", re.IGNORECASE)
_SUBORDINATE = re.compile(
    r"\b(?:who|which|when|where|since|as|after|before|while|until|because|if|whose)\b", re.IGNORECASE
)
_ASKED_WHAT = re.compile(r"\b(?:asked|pressed|questioned)\b.*\b(?:whether|if|why|how|what)\b", re.IGNORECASE)
_ASKED = re.compile(r"\b(?:asked|speaking|pressed|said|saying|told|questioned)\b", re.IGNORECASE)
_INTERVIEW = re.compile(r"\binterviews? (?:with|to|by)\b")
_TRADE = re.compile(r" (?:state )?(?:news )?(?:agency|newspaper|television)")
_WHEN = re.compile(r"\b(?:on|in|that|at|last|this|during|after)\b")
_REACH = 70
_FEW = 4
_BEHIND_A_COMMA = 40


@dataclass(frozen=True)
class Hop:
    """One step of a chain: who says it (None for nobody), how that is marked, and the words."""

    speaker: Speaker | None
    kind: str
    cue: tuple[Span, ...] = ()
    source: tuple[Span, ...] = ()
    dated: Dated | None = None
    channel: str = "unspecified"


@dataclass(frozen=True)
class Utterance:
    """One attribution with one speaker at its end: the chain, outermost first, date and channel, and what is a guess."""

    attribution: Attribution
    hops: tuple[Hop, ...]
    said: Dated
    channel: str
    sentence: Span
    guesses: frozenset[str] = frozenset()
    reasons: tuple[str, ...] = field(default=())

    @property
    def speaker(self) -> Speaker | None:
        """Who takes the stance; None where nobody is named."""
        return self.hops[-1].speaker

    @property
    def cue(self) -> tuple[Span, ...]:
        """The words of the last hop's cue."""
        return self.hops[-1].cue


def told(text: str, cast: Cast, one: Attribution, sentence: Span) -> Hop | None:
    """The outlet that was told, or that quotes: "he told TASS", "quoted as saying by TASS", "in an interview with TASS"."""
    for cue in one.cue:
        words = text[cue.start : cue.end]
        tellings = list(_TOLD.finditer(words))
        after = cue.start + tellings[-1].end() if tellings else cue.end
        by = _QUOTED_BY.match(text, after, sentence.end) if re.search(r"\b(?:quot|cit)ed\b", words) else None
        if not (tellings or by):
            continue
        start = by.end() if by else after
        if found := _outlet_after(text, cast, start, max(sentence.end, cue.end), words):
            mark = Span(cue.start + tellings[-1].start(), cue.start + tellings[-1].end()) if tellings else cue
            return Hop(found[0], "explicit", (mark,), (found[1],))
    for match in _INTERVIEW.finditer(text, sentence.start, sentence.end):
        if any(span.start <= match.start() < span.end for span in one.content):
            continue
        if found := _outlet_after(text, cast, match.end(), sentence.end, match[0]):
            return Hop(found[0], "explicit", (Span(match.start(), match.end()),), (found[1],))
    return None


def _outlet_after(text: str, cast: Cast, start: int, end: int, words: str) -> tuple[Speaker, Span] | None:
    """The outlet that is named right behind a word of telling, and where."""
    reach = re.match(r"[^.,;“”\"]*", text[start : min(start + _REACH, end)])
    stretch = reach[0] if reach else ""
    for mention in cast.within(start, start + len(stretch)):
        speaker = cast.named(mention.actor_id, f"“{words} …” {text[mention.span.start : mention.span.end]}")
        before = text[start : mention.span.start]
        if speaker.kind == "media_outlet" and len(before.split()) <= _FEW:
            tail = _TRADE.match(text, mention.span.end, end)
            return speaker, Span(start + len(before) - len(before.lstrip()), tail.end() if tail else mention.span.end)
    name = _WHEN.split(stretch)[0].strip()
    unknown = outlet_in(name)
    lead = start + len(stretch) - len(stretch.lstrip())
    return (unknown, Span(lead, lead + len(name))) if unknown else None


def timed(
    text: str, hops: list[Hop], outside: list[Span], others: list[Span], published: str
) -> tuple[list[Hop], Dated, set[str], list[str]]:
    """The date of the utterance: the nearest to its cue in the sentence; what dates an outlet's report bounds it."""
    reasons: list[str] = []
    times = [time for time in dated(text, published, tuple(outside)) if not _elsewhere(text, time.span, outside)]
    undated = open_until(published)
    if not times:
        return hops, undated, set(), reasons
    owned: dict[int, Dated] = {}
    marks = [(n, span) for n, hop in enumerate(hops) for span in (*hop.cue, *hop.source)]
    for time in times:
        if not marks:
            break
        n, span = min(marks, key=lambda mark: (_distance(mark[1], time.span), -mark[0]))
        own = _apart(text, span, time.span)
        if any(_apart(text, other, time.span) < own for other in others):
            continue
        if n not in owned or _distance(span, time.span) < min(_distance(s, owned[n].span) for m, s in marks if m == n):
            owned[n] = time
    last = len(hops) - 1
    for n in list(owned):
        if (n < last and set(hops[n].cue) & set(hops[last].cue)) or (
            n < last and (_TOLD.search(words := words_at(text, hops[n].cue)) or _INTERVIEW.search(words))
        ):
            owned.setdefault(last, owned.pop(n))
    said = owned.get(last, undated)
    hops = [replace(hop, dated=owned.get(n)) if n < last else hop for n, hop in enumerate(hops)]
    if last not in owned and (report := next((hop.dated for hop in reversed(hops[:-1]) if hop.dated), None)):
        said = before_report(report) or undated
        reasons.append("open until the dated report that passes it on")
    if said.edtf and said.span.end:
        reasons.append(f"“{text[said.span.start : said.span.end]}” dates it")
    return hops, said, {"said_edtf", "said_basis"} if said.guess else set(), reasons


def _elsewhere(text: str, time: Span, outside: Sequence[Span]) -> bool:
    """Whether a date stands in a clause of its own ("who in July visited"), and does not date the saying."""
    start = max((part.start for part in outside if part.start <= time.start), default=0)
    segment = text[max(start, text.rfind(",", start, time.start)) : time.start]
    if ";" in text[start : time.start]:  # "…, she said; in 2012 …"
        return True
    return _ASKED_WHAT.search(segment) is not None or bool(_SUBORDINATE.search(segment) and not _ASKED.search(segment))


def before_report(report: Dated) -> Dated | None:
    """Open until a dated report that passes the words on; None where it has no end."""
    end = report.edtf.split("/")[-1]
    return (
        Dated(report.span, f"../{end}", "relative", report.guess)
        if end and end != ".." and report.later is None
        else None
    )


def _distance(one: Span, other: Span) -> int:
    return max(one.start - other.end, other.start - one.end, 0)


def _apart(text: str, one: Span, time: Span) -> int:
    """How far a mark stands from a date; behind a comma it stands farther than anything before it."""
    between = text[time.end : one.start] if time.end <= one.start else ""
    return _distance(one, time) + (_BEHIND_A_COMMA if "," in between else 0)


def words_at(text: str, spans: Sequence[Span]) -> str:
    """The words of spans, joined by spaces."""
    return " ".join(text[span.start : span.end] for span in spans)


def channelled(text: str, known: Background, hops: list[Hop], around: str) -> tuple[list[Hop], str, str]:
    """Channels of the hops and of the claim: what was said to an outlet has its channel, but behind a newspaper none."""
    last = hops[-1].speaker
    channel, words = channel_of(f"{words_at(text, hops[-1].cue)} {around}")
    passed = []
    for hop in hops[:-1]:
        own = "unspecified"
        if hop.speaker and hop.speaker.sector == "JRN":
            own = outlet_channel(
                known.actors.get(hop.speaker.actor_id, {"actor_name": hop.speaker.name}), words_at(text, hop.source)
            )
        passed.append(replace(hop, channel=own))
    through = [hop.channel for hop in passed if hop.speaker and hop.speaker.sector == "JRN"]
    if last is not None and last.sector == "JRN":
        own = outlet_channel(
            known.actors.get(last.actor_id, {"actor_name": last.name}),
            f"{words_at(text, hops[-1].source)} {last.called}",
        )
        channel, words = (channel, words) if channel == "direct_observation" else (own, "")
    elif through and through[-1] != "press_report":
        channel, words = through[-1], ""
    elif channel == "direct_observation" or (through and channel == "document"):
        channel, words = "unspecified", ""
    return [*passed, replace(hops[-1], channel=channel)], channel, words

"""What other sentences of a text tell of an utterance: its date, its channel, the outlet or the origin in its chain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile, zip_longest

from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.chains import Hop, Utterance, before_report, words_at
from onrecord.curate.resolve.dates import Dated, lean, open_until

__all__ = ["headline_outlets", "implicit", "neighbours", "reports"]

_PERFECT = re.compile(r"^(?:has|have|had)\b", re.IGNORECASE)
_BEFORE_CUE = re.compile(r"\b(?:has|have|had)(?: \w+){0,2} $", re.IGNORECASE)
_EARLIER = re.compile(r"\b(?:previously|earlier|in the past|repeatedly|long)\b", re.IGNORECASE)
_REPORTS = re.compile(r"(?:(?:media|news|press) )?reports?|state media|local media", re.IGNORECASE)
_BACKWARD = 3
_MEANWHILE = 1500
_FAR = 3 * _MEANWHILE
_NEXT = 5


def neighbours(
    text: str, known: Background, found: list[Utterance], published: str, headline: Callable[[int], bool]
) -> list[Utterance]:
    """Dates and channels from neighbouring sentences of the same speaker, and for a headline from its body; guesses."""
    done: list[Utterance] = []
    for one in found:
        start = one.attribution.content[0].start
        lately = takewhile(lambda other: start - other.sentence.start < _FAR, reversed(done))  # noqa: B023  # used at once
        before = [other for other in lately if start - other.sentence.end < _MEANWHILE]
        same = [other for other in before[: 2 * _BACKWARD] if _one_voice(known, one, other)]
        said = one.said
        if said.later is not None:
            antecedent = next(
                (
                    other.said
                    for other in before
                    if other.said.span.end and other.said.later is None and other.said.edtf
                ),
                None,
            )
            said = lean(said, antecedent) or open_until(published)
            one = replace(one, said=said, guesses=one.guesses | {"said_edtf", "said_basis"})
        undated = not said.span.end and said.basis == "publication" and not _perfect(text, one)
        if undated and not headline(one.attribution.content[0].start):
            near = next(
                (other for other in same[:_BACKWARD] if other.said.span.end and _as_told(text, one, other)), None
            )
            if near is not None:
                why = (*one.reasons, f"date of the neighbouring “{text[near.said.span.start : near.said.span.end]}”")
                one = replace(one, said=near.said, guesses=one.guesses | {"said_edtf", "said_basis"}, reasons=why)
                one = replace(one, hops=tuple(_hop_dates(one.hops, near.hops)))
        if one.channel == "unspecified" and len(one.hops) == 1:
            near = next((o for o in same[:1] if o.speaker and one.speaker and o.speaker.key == one.speaker.key), None)
            if near is not None and len(near.hops) == 1 and near.channel != "unspecified" and one.speaker:
                last = replace(one.hops[-1], channel=near.channel)
                one = replace(one, channel=near.channel, hops=(last,), guesses=one.guesses | {"channel"})
        done.append(one)
    done = [_next_channel(one, after) for one, after in zip_longest(done, done[1:])]
    return [
        _headline_date(text, known, one, done) if headline(one.attribution.content[0].start) else one for one in done
    ]


def _next_channel(one: Utterance, after: Utterance | None) -> Utterance:
    """The channel that the same speaker's next sentence tells: "he warned … he told reporters"."""
    if one.channel != "unspecified" or after is None or one.speaker is None or after.speaker is None:
        return one
    near = after.sentence.start - one.sentence.end < _NEXT
    if not near or one.speaker.key != after.speaker.key or {len(one.hops), len(after.hops)} != {1}:
        return one
    if after.channel in ("unspecified", "direct_observation"):
        return one
    last = replace(one.hops[-1], channel=after.channel)
    return replace(one, channel=after.channel, hops=(last,), guesses=one.guesses | {"channel"})


def _perfect(text: str, one: Utterance) -> bool:
    """Whether the saying is not tied to a day: "have said", "previously hinted"."""
    before = "".join(text[max(one.sentence.start, cue.start - 25) : cue.start] for cue in one.cue[:1])
    return bool(_PERFECT.match(words_at(text, one.cue)) or _BEFORE_CUE.search(before) or _EARLIER.search(before))


def _hop_dates(hops: Sequence[Hop], others: Sequence[Hop]) -> list[Hop]:
    by_key = {hop.speaker.key: hop.dated for hop in others if hop.speaker and hop.dated}
    return [
        replace(hop, dated=hop.dated or by_key.get(hop.speaker.key)) if hop.speaker and n < len(hops) - 1 else hop
        for n, hop in enumerate(hops)
    ]


def _headline_date(text: str, known: Background, one: Utterance, found: list[Utterance]) -> Utterance:
    if one.said.span.end or one.speaker is None:
        return one
    for other in found:
        if other.sentence.start > one.sentence.end and other.said.span.end and _one_voice(known, one, other):
            why = (*one.reasons, f"date of the body's “{text[other.said.span.start : other.said.span.end]}”")
            return replace(one, said=other.said, guesses=one.guesses | {"said_edtf", "said_basis"}, reasons=why)
    return one


def headline_outlets(text: str, found: list[Utterance], headline: Callable[[int], bool]) -> list[Utterance]:
    """Headlines that cite "reports" or "state media": the outlet that the body names first is implicit, a guess."""
    outlet = next(
        (
            hop
            for one in found
            if not headline(one.attribution.content[0].start)
            for hop in one.hops
            if hop.speaker and hop.speaker.sector == "JRN" and hop.kind == "explicit"
        ),
        None,
    )
    if outlet is None:
        return found
    done = []
    for one in found:
        reports = one.speaker is None and _REPORTS.fullmatch(words_at(text, one.attribution.source))
        if reports and headline(one.attribution.content[0].start):
            last = replace(outlet, kind="implicit", cue=(), source=(), dated=None)
            why = (*one.reasons, "the outlet that the body names")
            one = replace(one, hops=(last,), channel=outlet.channel, guesses=one.guesses | {"speaker"}, reasons=why)
        done.append(one)
    return done


def _as_told(text: str, one: Utterance, other: Utterance) -> bool:
    """Whether an utterance is of no interview, or of that of the other."""
    given = {hop.speaker.key for hop in one.hops[:-1] if hop.speaker and "interview" in words_at(text, hop.cue)}
    return given <= {hop.speaker.key for hop in other.hops[:-1] if hop.speaker}


def _one_voice(known: Background, one: Utterance, other: Utterance) -> bool:
    """Whether two utterances have the same speaker, or one speaks for the other by office."""
    if one.speaker is None or other.speaker is None:
        return False
    a, b = one.speaker, other.speaker
    if a.key == b.key:
        return True
    return b.actor_id in known.principals.get(a.actor_id, ()) or a.actor_id in known.principals.get(b.actor_id, ())


def implicit(found: list[Utterance]) -> list[Utterance]:
    """Hops that another sentence of the text supplies: the outlet of a run of utterances, the origin behind an outlet."""
    outlets: dict[str, Hop] = {}
    origins: dict[str, Hop] = {}
    for one in found:
        if len(one.hops) > 1 and (outlet := one.hops[-2]).speaker and one.speaker and outlet.speaker.sector == "JRN":
            outlets.setdefault(one.speaker.key, outlet)
            if one.speaker.unnamed and outlet.channel == "press_report":
                origins.setdefault(outlet.speaker.key, one.hops[-1])
    done: list[Utterance] = []
    for at, one in enumerate(found):
        if one.speaker and one.speaker.key in origins:
            done.append(_with_origin(one, origins))
        else:
            done.append(_with_outlet(one, outlets, [*done[-5:], *found[at + 1 : at + 3]]))
    return done


def _with_origin(one: Utterance, origins: dict[str, Hop]) -> Utterance:
    if one.speaker is None or one.attribution.kind != "statement":
        return one
    origin = origins[one.speaker.key]
    last = replace(one.hops[-1], dated=one.said if one.said.span.end else one.hops[-1].dated)
    hidden = Hop(replace(origin.speaker, guess=True) if origin.speaker else None, "implicit", channel="unspecified")
    said = (before_report(one.said) if one.said.span.end else None) or one.said
    why = (*one.reasons, "the origin that the text names behind this outlet elsewhere")
    return replace(
        one,
        hops=(*one.hops[:-1], last, hidden),
        said=said,
        channel="unspecified",
        guesses=one.guesses | {"speaker_id", "speaker"},
        reasons=why,
    )


def _with_outlet(one: Utterance, outlets: dict[str, Hop], around: list[Utterance]) -> Utterance:
    """The outlet to which the same speaker speaks in a sentence nearby."""
    if len(one.hops) > 1 or one.speaker is None or one.speaker.key not in outlets:
        return one
    near = [
        other
        for other in around
        if len(other.hops) > 1
        and other.speaker
        and other.speaker.key == one.speaker.key
        and abs(other.sentence.start - one.sentence.start) < _MEANWHILE // 2
    ]
    if not near or one.channel != "unspecified":
        return one
    outlet = replace(outlets[one.speaker.key], kind="implicit", cue=(), source=())
    channel = outlet.channel if outlet.channel != "press_report" else one.channel
    last = replace(one.hops[-1], channel=channel)
    why = (*one.reasons, f"the outlet named nearby, {outlet.speaker.name if outlet.speaker else ''}")
    said, dated_report = one.said, outlet.dated
    if not said.span.end and dated_report and (bounded := before_report(dated_report)):
        said = bounded
    return replace(
        one,
        hops=(outlet, last),
        channel=channel,
        said=said,
        guesses=one.guesses | {"channel", "hop_1_actor_id"},
        reasons=why,
    )


def reports(found: list[Utterance]) -> list[Utterance]:
    """Where a text dates an outlet's report once, whatever reaches it through that outlet is open until then; a guess."""
    dates: dict[str, dict[str, Dated]] = defaultdict(dict)
    for one in found:
        for hop in one.hops[:-1]:
            if hop.speaker and hop.speaker.sector == "JRN" and hop.dated and hop.dated.edtf:
                dates[hop.speaker.key].setdefault(hop.dated.edtf, hop.dated)
    once = {key: next(iter(days.values())) for key, days in dates.items() if len(days) == 1}
    return [_reported(one, once) for one in found]


def _reported(one: Utterance, dates: Mapping[str, Dated]) -> Utterance:
    hop = one.hops[-2] if len(one.hops) > 1 else None
    if hop is None or hop.speaker is None or hop.speaker.key not in dates or one.said.basis != "publication":
        return one
    report = hop.dated or dates[hop.speaker.key]
    said = before_report(report)
    if said is None:
        return one
    hops = (*one.hops[:-2], replace(hop, dated=report), one.hops[-1])
    why = (*one.reasons, f"open until the report of {hop.speaker.name} that the text dates")
    return replace(one, hops=hops, said=said, guesses=one.guesses | {"said_edtf", "said_basis"}, reasons=why)

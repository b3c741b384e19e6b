"""Attributions as acts of speaking: by whom, through whom, when and where."""

from __future__ import annotations

import bisect
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence

from onrecord.curate.resolve.background import Background
from onrecord.curate.resolve.chains import Hop, Utterance, channelled, timed, told
from onrecord.curate.resolve.neighbours import headline_outlets, implicit, neighbours, reports
from onrecord.curate.resolve.newcomers import Speaker, joint
from onrecord.curate.resolve.sentences import parts_outside
from onrecord.curate.resolve.speakers import Cast
from onrecord.curate.resolve.touching import Spans
from onrecord.curate.spans import Attribution, Span

__all__ = ["utterances"]

_HEAD = 200
_HEARD = re.compile(r"\bheard$", re.IGNORECASE)
_LOST = re.compile(
    r"(?:(?:internal|new|recent|fresh|latest|leaked|multiple|several|various|some|unconfirmed|the|an?) )*"
    r"(?:intelligence|reports?|information|documents?|draft(?: \w+)?|data|evidence|rumou?rs?|memos?|leaks?|letters?|e-?mails?|filings?|minutes)",
    re.IGNORECASE,
)


def utterances(
    text: str,
    known: Background,
    cast: Cast,
    attributions: Sequence[Attribution],
    sentences: Sequence[Span],
    published: str,
    headline: Callable[[int], bool],
    heard: Collection[str] = (),
    tell: Callable[[str, int, int], None] | None = None,
) -> list[Utterance]:
    """The utterances of a text in the order of their words; a joint one is one per speaker.

    An attribution that holds others gives none of its own unless it says something beside them. ``headline`` tells
    whether an offset lies in a headline or standfirst; ``heard`` are the identifiers of the text's own publishers,
    who are no hop between whom they hear and themselves.
    """
    order = sorted(range(len(attributions)), key=lambda n: _first(attributions[n]))
    speakers: dict[int, list[tuple[tuple[Span, ...], Speaker | None]]] = {}
    for done, n in enumerate(order):
        speakers[n] = _speakers(text, cast, attributions[n])
        if tell is not None:
            tell("who speaks", done, len(order))
    found = []
    contents = Spans(span for one in attributions for span in one.content)
    marks = Spans(span for one in attributions for span in (*one.cue, *one.source))
    inner: dict[int | None, list[Attribution]] = defaultdict(list)
    for one in attributions:
        inner[one.parent].append(one)
    for n in order:
        if not _says_more(text, attributions[n], inner[n]):
            continue
        for source, speaker in speakers[n]:
            found.append(
                _utterance(
                    text,
                    known,
                    cast,
                    attributions,
                    n,
                    source,
                    speaker,
                    speakers,
                    sentences,
                    published,
                    heard,
                    contents,
                    marks,
                )
            )
    found = headline_outlets(text, neighbours(text, known, found, published, headline), headline)
    return reports(implicit(found))


def _first(attribution: Attribution) -> tuple[int, int]:
    places = [span.start for span in (*attribution.source, *attribution.cue)]
    return (min(places) if places else attribution.content[0].start), attribution.content[0].start


def _speakers(text: str, cast: Cast, attribution: Attribution) -> list[tuple[tuple[Span, ...], Speaker | None]]:
    if not attribution.source:
        return [((), None)]
    if all(_LOST.fullmatch(text[span.start : span.end]) for span in attribution.source):
        return [(attribution.source, None)]
    if _HEARD.search(" ".join(text[span.start : span.end] for span in attribution.cue)):
        return [(attribution.source, None)]  # "a court heard": who said it, the words do not tell
    quoted = attribution.content if attribution.quote_type == "direct" else ()
    if len(attribution.source) > 1:
        words = " ".join(text[span.start : span.end] for span in attribution.source)
        return [(attribution.source, cast.identify(words, attribution.source[0].start, quoted))]
    several = joint(text, attribution.source[0])
    resolved = [((span,), cast.identify(words, span.start, quoted)) for span, words in several]
    if len(resolved) > 1 and any(speaker.confidence < 0.6 for _, speaker in resolved):
        span = attribution.source[0]
        return [((span,), cast.identify(text[span.start : span.end], span.start, quoted))]
    return [(source, speaker) for source, speaker in resolved]


def _says_more(text: str, attribution: Attribution, inner: Sequence[Attribution]) -> bool:
    """Whether an attribution has content beside those nested in it, four words at least; a refusal always does."""
    if not inner or attribution.kind == "refusal":
        return True
    taken = [span for one in inner for span in (*one.content, *one.cue, *one.source)]
    rest = [text[part.start : part.end] for span in attribution.content for part in parts_outside(span, taken)]
    return len(re.findall(r"\w+", " ".join(rest))) >= 4


def _utterance(
    text: str,
    known: Background,
    cast: Cast,
    attributions: Sequence[Attribution],
    n: int,
    source: tuple[Span, ...],
    speaker: Speaker | None,
    speakers: dict[int, list[tuple[tuple[Span, ...], Speaker | None]]],
    sentences: Sequence[Span],
    published: str,
    heard: Collection[str],
    contents: Spans,
    marks: Spans,
) -> Utterance:
    one = attributions[n]
    sentence = _around(one, sentences)
    outer: list[Hop] = []
    parent, seen = one.parent, {n}
    while parent is not None and parent not in seen:
        seen.add(parent)
        spans, who = speakers[parent][0]
        marked = "explicit" if attributions[parent].cue else "implicit"
        outer.insert(0, Hop(who, marked if who else "agentless", attributions[parent].cue, spans))
        parent = attributions[parent].parent
    outer = [hop for hop in outer if hop.speaker]  # nobody can stand only at the end
    named = "explicit" if one.cue else "implicit"  # the label of a turn is no cue
    kind = named if speaker else "lost" if outer or source else "agentless"
    last = Hop(speaker, kind, one.cue, source)
    if not any(hop.speaker and hop.speaker.sector == "JRN" for hop in outer) and (
        outlet := told(text, cast, one, sentence)
    ):
        outer.append(outlet)
    outer = [hop for hop in outer if hop.speaker and hop.speaker.actor_id not in heard]
    hops = _distinct([*outer, last])
    outside = _outside(sentence, contents)
    if one.source and not sentence.start <= one.source[0].start < sentence.end:
        outside = _outside(_sentence_of(one.source[0], sentences), contents) + outside
    own = {span for hop in hops for span in (*hop.cue, *hop.source)} | {*one.cue, *one.source}
    begin, end = (outside[0].start, outside[-1].end) if outside else (sentence.start, sentence.end)
    others = [span for span in marks.touching(min(begin, sentence.start), end) if span not in own]
    hops, said, guesses, reasons = timed(text, hops, outside, others, published)
    around = " ".join(text[part.start : part.end] for part in outside)
    if not one.cue:  # a turn of a transcript: its head says where it was spoken
        around = f"{text[:_HEAD]} {around}"
    hops, channel, words = channelled(text, known, hops, around)
    if words:
        reasons.append(f"“{words}” is {channel}")
    return Utterance(one, tuple(hops), said, channel, sentence, frozenset(guesses), tuple(reasons))


def _distinct(hops: list[Hop]) -> list[Hop]:
    """A chain in which nobody stands twice; the later place stays."""
    kept: list[Hop] = []
    for hop in reversed(hops):
        if hop.speaker is None or all(other.speaker is None or other.speaker.key != hop.speaker.key for other in kept):
            kept.insert(0, hop)
    return kept


def _around(one: Attribution, sentences: Sequence[Span]) -> Span:
    """The sentence of the cue, else of the source, else of the content."""
    return _sentence_of(next(iter((*one.cue, *one.source, *one.content))), sentences)


def _sentence_of(place: Span, sentences: Sequence[Span]) -> Span:
    at = bisect.bisect_right(sentences, Span(place.start, sys.maxsize)) - 1
    return sentences[at] if at >= 0 and place.start < sentences[at].end else place


def _outside(sentence: Span, contents: Spans) -> list[Span]:
    return list(parts_outside(sentence, contents.touching(sentence.start, sentence.end)))

"""What a text says in its own voice: the sentences and clauses in which nobody is cited."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from onrecord.curate.resolve.sentences import after_dateline, clauses, parts_outside, sentences, trimmed
from onrecord.curate.resolve.touching import Spans
from onrecord.curate.resolve.verbs import has_verb
from onrecord.curate.spans import Attribution, Span
from onrecord.evidence import normalize

__all__ = ["Narrated", "Stretch", "narrated", "stretches"]

_CODED = frozenset({"headline", "deck", "caption"})
_PASSED = frozenset({"boilerplate", "byline", "credit", "alt_text", "subhead"})
_RELATIVE = re.compile(
    r"^[\s,–—(]*(?:who|which|where|whose|when|as|while|although|though|whereas|after|before|since|despite|amid|following)\b",
    re.IGNORECASE,
)
_MENTION_ONLY = re.compile(
    r"^(?:who|which|where|whose) (?:is|was|has been|are|were) (?:also )?(?:the |an? )?[\w ]{0,40}$", re.IGNORECASE
)
_WHICH_CITED = re.compile(r"[\s,–—(]*(?:which|who) (?:in turn )?(?:cited|quoted|citing|quoting)\b")
_ASKED_ALONE = re.compile(r"\n[^\n“”\"]{3,90}\?\n")  # a question between paragraphs, which the text itself answers
_LEADS_ON = re.compile(r"\s+(?:and|but|or)(?: that)?\s*$")
_ASKED = re.compile(r"(?:when|after|as|while)\b[^,]{0,30}\b(?:asked|pressed|questioned)\b", re.IGNORECASE)
_UNNAMED = re.compile(
    r".{3,80}? (?:spoke|spoken|speaking|talked|commented) (?:to \w+(?: \w+)? )?(?:only )?(?:on|under) (?:the |a )?(?:(?:condition|promise) of )?(?:\w+ )?anonymity(?: (?:because|as|since) .*|.{0,12})",
    re.IGNORECASE | re.DOTALL,
)
# What happened, before a clause in which somebody is cited: "The talks ended in May, when | he said …".
_BEFORE_CITED = re.compile(
    r"(?P<main>[A-Z][^,;:“”\"]{3,}? (?:has|have|had|is|are|was|were|did|\w+ed|went|came|met|held|took|fell|rose|left|spoke)\b[^,;:“”\"]*)"
    r",? (?:when|after|before|hours after|a day after|days after|while)(?: the)? ?",
    re.DOTALL,
)
_LEAST_WORDS, _LEAST_ASIDE = 3, 5
_ASIDE = re.compile(r"(?:as|when|after|before|while|since) ", re.IGNORECASE)  # "as he left"


@dataclass(frozen=True)
class Stretch:
    """A stretch of the text that is coded: its place, and headline, deck, caption or body."""

    span: Span
    location: str


@dataclass(frozen=True)
class Narrated:
    """A claim in the text's own voice: its words, where it stands, its sentence, how sure it is to be one, and why."""

    span: Span
    location: str
    sentence: Span
    confidence: float
    reason: str


def stretches(text: str, ranges: Sequence[tuple[Span, str]]) -> list[Stretch]:
    """The coded stretches of a text: its headlines, standfirsts, captions, and the body between all ranges."""
    found = [Stretch(span, kind) for span, kind in ranges if kind in _CODED and span.end <= len(text)]
    taken = [span for span, kind in ranges if kind in _CODED | _PASSED]
    found += [Stretch(part, "body") for part in parts_outside(Span(0, len(text)), taken)]
    return sorted((one for one in found if text[one.span.start : one.span.end].strip()), key=lambda one: one.span)


def narrated(text: str, coded: Sequence[Stretch], attributions: Sequence[Attribution]) -> list[Narrated]:
    """The narration of a text: headlines and captions whole, sentences by clauses, a headline printed twice once.

    Of a sentence that cites somebody only the relative clauses outside the attribution are narration. A headline that
    speaks of reports, and not of whom they are, is narration whole.
    """
    taken = _spans(attributions)
    named = _spans(one for one in attributions if one.source)
    found: list[Narrated] = []
    seen: set[str] = set()
    for stretch in coded:
        whole = stretch.location != "body"
        for sentence in sentences(text, [stretch.span]):
            if stretch.location == "body" and _ASKED_ALONE.match(text, max(0, sentence.start - 1), sentence.end + 1):
                continue
            key = normalize(text[sentence.start : sentence.end]).casefold()
            if stretch.location in ("headline", "deck") and key in seen:
                continue
            seen.add(key)
            told = named if stretch.location == "headline" else taken
            cited = told.touching(sentence.start, sentence.end)
            found += _of_sentence(text, sentence, stretch.location, cited, whole)
    return found


def _spans(attributions: Iterable[Attribution]) -> Spans:
    return Spans(span for one in attributions for span in (*one.content, *one.cue, *one.source))


def _of_sentence(text: str, sentence: Span, location: str, cited: Sequence[Span], whole: bool) -> list[Narrated]:
    sentence = Span(after_dateline(text, sentence), sentence.end)
    if not cited:
        parts = [trimmed(text, sentence)] if whole else clauses(text, sentence)
        sure, why = (
            (0.4, "nobody is cited") if len(parts) == 1 else (0.35, "a clause of a sentence in which nobody is cited")
        )
        return [Narrated(part, location, sentence, sure, why) for part in parts if _is_claim(text, part)]
    outside = list(parts_outside(sentence, cited))
    rest = [part for part in outside if _RELATIVE.match(text[part.start : part.end])]
    rest = [part for part in rest if not _WHICH_CITED.match(text, part.start, part.end)]
    if outside and outside[0].start == sentence.start and (main := _BEFORE_CITED.fullmatch(text, *_ends(outside[0]))):
        rest.insert(0, Span(*main.span("main")))
    kept = [trimmed(text, _clause(text, part)) for part in rest]
    return [
        Narrated(part, location, sentence, 0.25, "a clause beside what is cited")
        for part in kept
        if _is_claim(text, part)
    ]


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _clause(text: str, part: Span) -> Span:
    """A relative clause to its comma, without the conjunction that leads on to what is cited."""
    begin = re.compile(r"[\s,–—(]*").match(text, part.start, part.end)
    start = begin.end() if begin else part.start
    comma = text.find(", ", start, part.end)
    while comma > 0 and not has_verb(text[start:comma]):  # "whose son Luca, 9, was killed"
        comma = text.find(", ", comma + 1, part.end)
    end = comma if comma > 0 else part.end
    if tail := _LEADS_ON.search(text, start, end):
        end = tail.start()
    return Span(start, end)


def _is_claim(text: str, span: Span) -> bool:
    """Whether words say something: three at least, not all in capitals (promotions), and more than whom or how one asked."""
    words = re.findall(r"[^\W\d_][\w’'-]*", text[span.start : span.end])
    if len(words) < _LEAST_WORDS or all(word.isupper() for word in words):
        return False
    if len(words) < _LEAST_ASIDE and _ASIDE.match(text, span.start, span.end):
        return False
    if _ASKED.match(text, span.start, span.end) or _UNNAMED.fullmatch(text, span.start, span.end):
        return False
    return any(word.islower() for word in words) and not _MENTION_ONLY.match(text[span.start : span.end])

"""What somebody takes no side on, in the words of a refusal or of what was asked; and words that only point back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.curate.resolve.judging import Judgement, evaded
from onrecord.curate.resolve.sentences import trimmed
from onrecord.curate.spans import Span

__all__ = ["asked", "is_question", "matter", "points_back"]

_REFUSED = re.compile(
    r"(?:to )?(?:(?:publicly|immediately|directly|further|fully|independently|officially) )*"
    r"(?:comment|respond|reply|answer|elaborate|speculate|say|confirm|deny|confirm or deny|discuss|disclose|specify|reveal|provide"
    r"|give|share|verify|address|explain|rule out|be drawn|get into|talk)\b"
    r"(?: (?:publicly|further|immediately|directly|more|anything|any|details?|information|specifics|questions?|reporters|journalists))*"
    r"(?: (?:on|about|to|upon|of|into|regarding))?(?: (?:the |any |a )?(?:question|reports?|claims?|allegations?)s?(?: of| on| about|(?= that)))?"
    r"(?: (?:whether|if|that))?(?:\s+|$)",
    re.IGNORECASE,
)
_LED = re.compile(r"(?:on |about |to )?(?:whether|if|that)\s+", re.IGNORECASE)
_ASKED = re.compile(
    r"\basked (?:by [^,“”\"]{1,40}? )?(?:(?:about|if|whether|on|for) |(?=(?:what|how|why|when|where|who|which)\b))"
    r"(?P<what>[^,;.“”\"]{4,120})",
    re.IGNORECASE,
)
_WH = re.compile(r"(?:how|what|when|where|who|whom|whose|why|which)\b", re.IGNORECASE)
_SAID = (
    r"(?:reports?|reporting|claims?|allegations?|accusations?|charges?|rumou?rs?|suggestions?|stor(?:y|ies)|news|information"
    r"|matters?|issues?|statements?|remarks?|comments?|questions?|inquir(?:y|ies)|requests?(?: for comment)?|role|details?|idea|notion)"
)
_POINTER = (
    r"(?:such|these|those|this|that|the|any|all|both|earlier|previous|recent|media|news|press|emailed|written|their|his|her|its"
    r"|widespread|similar|repeated|an?)"
)
_BACK = re.compile(
    r"(?:(?:to|on|about|of|for) )?(?:"
    r"(?:it|that|this|so|them|those|these|such|as much|otherwise)(?: (?:as|to be) [\w’' -]{2,60})?"
    rf"|(?:{_POINTER} )*{_SAID}(?: (?:as|to be|is|are|was|were) [\w’' -]{{2,60}})?)",
    re.IGNORECASE,
)
_SHORT = re.compile(
    r"(?:it|them)(?: (?!(?:is|are|was|were|has|have|had|will|would|can|could|may|might|must|does|did)\b)[\w-]+){1,3}",
    re.IGNORECASE,
)

_LEFT_OPEN = re.compile(
    r"(?P<what>(?:how|what|when|where|who|why|which|whether)\b.{6,}?) (?:is|are|was|were|remains?|remained)(?: \w+)? (?:not |un)\w+$",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"\b(?:believe|think|confirm|say|tell us|know|deny|agree|expect|suggest|comment on)(?: (?:that|whether|if))? (?P<what>\w[^?]{8,})\?"
)


def matter(text: str, content: Sequence[Span], judged: Judgement, least: int = 3) -> list[Span]:
    """What a claim's own words are about: all of them, or of a refusal the rest behind it; none where they do not tell.

    ``least`` is how many words must be left behind words that take no side.
    """
    words = " ".join(text[span.start : span.end] for span in content)
    if points_back(words):
        return []
    if judged.stance != "noncommittal":
        return list(content)
    first = content[0]
    words = text[first.start : first.end]
    if found := _LEFT_OPEN.fullmatch(words):
        return [Span(first.start, first.start + found.end("what"))]
    at = evaded(words, least)
    if at is None and not judged.reason.endswith("takes no side"):
        begun = _REFUSED.match(words) or _LED.match(words)
        at = begun.end() if begun else 0
    left = trimmed(text, Span(first.start + at, first.end)) if at is not None else None
    if left is None or left.start >= left.end or points_back(text[left.start : left.end]):
        return []
    return [left, *content[1:]]


def asked(text: str, sentence: Span, before: Span | None) -> list[Span]:
    """What was asked, where a sentence says so ("asked about wages, he declined to comment") or the question before it."""
    match = _ASKED.search(text, sentence.start, sentence.end)
    if match is None and before is not None and text[before.start : before.end].endswith("?"):
        match = _QUESTION.search(text, before.start, before.end)
    found = trimmed(text, Span(*match.span("what"))) if match else None
    return [found] if found and found.start < found.end and not points_back(text[found.start : found.end]) else []


def points_back(words: str) -> bool:
    """Whether words say nothing without those before them: "it", "such reports", "the claim as false"."""
    bare = words.strip(" ,;:.…–—“”\"‘’'")
    return _BACK.fullmatch(bare) is not None or _SHORT.fullmatch(bare) is not None


def is_question(words: str) -> bool:
    """Whether words are what is asked: how many, who, whether by a word for a question."""
    return _WH.match(words) is not None

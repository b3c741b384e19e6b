"""Quoted speech in a text: what stands between quotation marks, terms and titles left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from onrecord.curate.spans import Span

__all__ = ["marked", "quotations"]

# Opening marks and what closes them. The order of the second group matters where a mark opens in one language and
# closes in another.
_PAIRS = {"“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", "‘": "’", '"': '"'}
_PARAGRAPH = re.compile(r"[^\n]+")
_SENTENCE_END = re.compile(r"[.!?…。！？][”\"’»)\]]*\s+(?=[“\"‘«„]?[A-ZÀ-ÞА-Я0-9])")
_INITIAL = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sgt|Sen|Rep|Gov|St|Prof|No|Sept|Oct|Nov|Dec|Jan|Feb|Aug))\.$"
)
_NAMING = re.compile(
    r"\b(?:so-called|known as|dubbed|nicknamed|codenamed|code-named|named|titled|entitled|"
    r"film|movie|book|novel|song|album|play|show|series|magazine|headline|headlined)\s*,?$",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"\b(?:s(?:aid|ays|aying|ay)|t(?:old|ells|elling)|ask(?:ed|s|ing)?|add(?:ed|s|ing)|wr(?:ote|ites|iting|itten)|"
    r"call(?:ed|s|ing)|describ(?:ed|es|ing)|stat(?:ed|es|ing|ement)|announc\w+|warn(?:ed|s|ing)?|assert\w*|"
    r"accus\w+|claim(?:ed|s|ing)|insist\w*|report(?:ed|s|ing|edly)?|declar\w+|den(?:y|ied|ies|ying)|confirm\w*|"
    r"according|argu(?:ed|es|ing)|express\w*|hail(?:ed|s|ing)?|prais\w+|promis\w+|vow\w*|pledg\w+|urg(?:ed|es|ing)|"
    r"quot(?:ed|es|ing)|cit(?:ed|es|ing)|stress\w*|note[sd]|noting|explain\w*|repl(?:y|ied|ies|ying)|respond\w*|"
    r"answer\w*|suggest\w*|admit\w*|acknowledg\w+|condemn\w*|threat\w+|caution\w*|complain\w*|conclud\w+|"
    r"demand\w*|predict\w*|recall\w*|remark\w*|repeat\w*|tweet\w*|post(?:ed|s|ing)|agree[ds]?|believ\w+|"
    r"characteri[sz]\w+|label(?:l?ed|s)|refer(?:red|s|ring)|spoke\w*|speak\w*|testif\w+|discuss\w*|plan\w*|"
    r"continu(?:ed|es|ing)|joked?|reveal\w*|letter|interview|statement|mention\w*|emphasi[sz]\w+|reiterat\w+)\b",
    re.IGNORECASE,
)
_LONGEST = 20_000  # code points of one quotation, so that a mark that is never closed costs little
_AROUND = 1_000
_CAPITALIZED = re.compile(r"(?:[A-ZÀ-Þ0-9][\w’'.-]*|of|the|and|in|on|for|a|to|at|&|[-–])")


def quotations(text: str) -> list[Span]:
    """Quoted speech in a text, without its quotation marks, in order.

    A quotation that runs on over paragraphs, each opened by a mark and only the last closed, is a span per
    paragraph. Terms, titles and names between quotation marks are no speech: what names something, what is
    all capitalized, and one to three words in a sentence in which nobody says anything.
    """
    found = _by_paragraph(text, _uses_single(text))
    return [span for paragraph, span in found if _is_speech(text, paragraph, span)]


def marked(text: str) -> list[Span]:
    """All that stands between quotation marks, single ones too, terms and titles with it; marks left out, in order."""
    return [span for _, span in _by_paragraph(text, single=True)]


def _by_paragraph(text: str, single: bool) -> Iterator[tuple[Span, Span]]:
    """What stands between quotation marks, after the paragraph in which it does."""
    paragraphs = [Span(m.start(), m.end()) for m in _PARAGRAPH.finditer(text)]
    for paragraph, following in zip_longest(paragraphs, paragraphs[1:]):
        for span in _marked(text, paragraph, following, single):
            yield paragraph, span


def _uses_single(text: str) -> bool:
    """Whether a text quotes in single marks: it has several that open, and hardly any double ones."""
    opened = len(re.findall(r"(?:^|[\s(])‘\w", text))
    return opened > 0 and opened > len(re.findall(r"[“\"«„]", text))


def _marked(text: str, paragraph: Span, following: Span | None, single: bool) -> Iterator[Span]:
    """What stands between quotation marks in a paragraph; marks within marks belong to what is quoted."""
    at = paragraph.start
    unclosed: dict[str, int] = {}
    while at < paragraph.end:
        mark = text[at]
        if at < unclosed.get(mark, 0) or not _opens(text, at, paragraph, single):
            at += 1
            continue
        end = _close(text, at, min(paragraph.end, at + _LONGEST))
        if end < 0 and following and text[following.start] == mark and mark != "‘":
            end = paragraph.end
        if end < 0:
            unclosed[mark] = _last_before_close(text, at, paragraph.end)
            at += 1
            continue
        inner = text[at + 1 : end]
        start = at + 1 + len(inner) - len(inner.lstrip())
        stop = end - (len(inner) - len(inner.rstrip()))
        if stop > start:
            yield Span(start, stop)
        at = end + 1


def _opens(text: str, at: int, paragraph: Span, single: bool) -> bool:
    mark = text[at]
    if mark not in _PAIRS or (mark == "‘" and not single):
        return False
    after = text[at + 1] if at + 1 < paragraph.end else " "
    before = text[at - 1] if at > paragraph.start else " "
    if mark == '"':  # the same mark opens and closes; after a figure it is an inch
        return not after.isspace() and not before.isalnum()
    return mark != "‘" or not before.isalnum()


def _close(text: str, at: int, end: int) -> int:
    """Where the mark that opens at ``at`` is closed, -1 where it is not."""
    mark, depth = text[at], 0
    for i in range(at + 1, end):
        if text[i] in _PAIRS[mark]:
            if mark == "‘" and i + 1 < end and text[i + 1].isalnum():
                continue  # an apostrophe
            if not depth:
                return i
            depth -= 1
        elif text[i] == mark and mark in "“«「『":
            depth += 1
        elif mark == "“" and text[i] == '"':
            return i  # marks of two kinds, mixed
        elif mark == '"' and text[i] == "”":
            return i
    return -1


def _last_before_close(text: str, at: int, end: int) -> int:
    """The last mark of this kind before the next one that closes, ``end`` where none does: those between are not closed."""
    mark = text[at]
    closes = [i for closing in _PAIRS[mark] if (i := text.find(closing, at + 1, end)) >= 0]
    return max(text.rfind(mark, at + 1, min(closes)), at + 1) if closes else end


def _is_speech(text: str, paragraph: Span, span: Span) -> bool:
    words = re.findall(r"\w[\w’'.-]*", span.of(text))
    if not words:
        return not span.of(text).isascii()
    before = text[max(paragraph.start, span.start - 100) : span.start - 1].rstrip()
    if _NAMING.search(before):
        return False
    if len(words) > 3 and not all(_CAPITALIZED.fullmatch(word) for word in words):
        return True
    if len(words) > 1 and all(_CAPITALIZED.fullmatch(word) for word in words):
        return False
    if not span.of(text).isascii() and not re.search("[a-z]", span.of(text)):
        return True  # another script, whose verbs nobody listed
    sentence = _sentence(text, paragraph, span)
    around = text[sentence.start : span.start - 1] + " " + text[span.end + 1 : sentence.end]
    return bool(_SPEECH.search(around))


def _sentence(text: str, paragraph: Span, span: Span) -> Span:
    """The sentence of a paragraph in which a quotation stands, roughly: abbreviations of titles and months are known."""
    start, end = max(paragraph.start, span.start - _AROUND), min(paragraph.end, span.end + _AROUND)
    for match in _SENTENCE_END.finditer(text, start, end):
        if _INITIAL.search(text[max(start, match.start() - 8) : match.start() + 1]):
            continue
        if match.end() <= span.start:
            start = match.end()
        elif match.start() >= span.end:
            return Span(start, match.start() + 1)
    return Span(start, end)

"""What is recorded of a span of a text: length, hash, anchors, and the quoted words where they may stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from onrecord.evidence import FOLDED, normalize, span_hash

__all__ = ["Span", "Text"]

Span = tuple[int, int]
"""Start and end in code points, half-open."""
_WORD = re.compile(r"\S+")
_MOST = 4
_PAIRS = {"“": "”", "„": "“”", "«": "»", "‘": "’", '"': '"'}
_CLOSING = ".,;:!?… "


@dataclass(frozen=True)
class Text:
    """A source text at hand."""

    text: str

    @cached_property
    def _folded(self) -> str:
        """Case aside, as far as every character keeps its place."""
        folded = self.text.casefold()
        return folded if len(folded) == len(self.text) else self.text

    def recorded(self, span: Span) -> dict[str, str]:
        """The cells of an evidence row that follow from the text."""
        words = self.text[slice(*span)]
        first, last = self.anchors(span)
        return {
            "start_char": str(span[0]),
            "end_char": str(span[1]),
            "span_length": str(len(normalize(words))),
            "span_sha256": span_hash(words),
            "anchor_from": " ".join(first.split()),
            "anchor_to": " ".join(last.split()),
        }

    def anchors(self, span: Span) -> tuple[str, str]:
        """The first and last words of a span by which a browser finds it, case aside.

        First two words, or as many up to four as it takes until they stand nowhere before; last one, or as many up to
        four until they end the span. Empty where the span has fewer than three words or four do not suffice; the
        second is empty too where the first holds the whole span.
        """
        start, end = span
        words = [(start + m.start(), start + m.end()) for m in _WORD.finditer(self.text[start:end])]
        if len(words) < 3:
            return "", ""
        counts = (n for n in range(2, _MOST + 1) if n <= len(words))
        after = next((words[n - 1][1] for n in counts if self._first(start, words[n - 1][1], 0) == start), 0)
        if not after or after == end:
            return self.text[start:after] if after else "", ""
        for count in range(1, _MOST + 1):
            begin = words[-count][0]
            if begin < after:
                break
            if self._first(begin, end, after) == begin:
                return self.text[start:after], self.text[begin:end]
        return self.text[start:after], ""

    def _first(self, start: int, end: int, after: int) -> int:
        """Where the words of a stretch stand first, after an offset."""
        return self._folded.find(self._folded[start:end], after)

    def places(self, words: str) -> list[Span]:
        """Where words stand; spacing and the form of quotation marks are nothing. Whole words come first."""
        pattern = _pattern(words)
        whole = [m.span() for m in re.finditer(rf"(?<!\w){pattern}(?!\w)", self.text)]
        return whole or [m.span() for m in re.finditer(pattern, self.text)]

    def located(self, words: str, near: int | None) -> list[Span] | None:
        """Where words stand, those parted by ' … ' one after the other, of several places that nearest to an offset.

        None where some of them stand nowhere, or in several places and no offset is given.
        """
        spans: list[Span] = []
        for part in (p for p in words.split(" … ") if p.strip()):
            places = [
                place for place in self.places(part) if not spans or (place[0] >= spans[-1][0] and place not in spans)
            ]
            at = spans[-1][1] if spans else near
            if not places or (at is None and len(places) > 1):
                return None
            spans.append(min(places, key=lambda place: abs(place[0] - (at or 0))))
        return spans or None

    def says(self, spans: list[Span], words: str) -> bool:
        """Whether these words stand there, spacing and the form of quotation marks aside."""
        return normalize(" … ".join(self.text[s:e] for s, e in spans)) == normalize(words)

    def quotations(self, span: Span) -> list[Span]:
        """What stands between quotation marks around a span, or else within it, marks left out."""
        start, end = self._paragraph(span)
        found = self._quoted(start, end)
        around = [q for q in found if q[0] <= span[0] and span[1] <= q[1]]
        return around or [q for q in found if span[0] <= q[0] and q[1] <= span[1]]

    def trimmed(self, span: Span) -> Span:
        """A span without closing punctuation."""
        start, end = span
        while end - 1 > start and self.text[end - 1] in _CLOSING:
            end -= 1
        return start, end

    def _paragraph(self, span: Span) -> Span:
        start = self.text.rfind("\n", 0, span[0]) + 1
        end = self.text.find("\n", span[1])
        return start, end if end >= 0 else len(self.text)

    def _quoted(self, start: int, end: int) -> list[Span]:
        found: list[Span] = []
        at = start
        while at < end:
            mark = self.text[at]
            inner = at > start and self.text[at - 1].isalnum()
            if mark not in _PAIRS or (mark in '‘"' and inner):
                at += 1
                continue
            close = self._close(at + 1, end, _PAIRS[mark])
            if close < 0:  # it goes on in the next paragraph
                found.append((at + 1, end))
                break
            found.append((at + 1, close))
            at = close + 1
        return [q for q in found if q[0] < q[1]]

    def _close(self, at: int, end: int, marks: str) -> int:
        for place in range(at, end):
            if self.text[place] in marks:
                apostrophe = self.text[place] == "’" and self.text[place + 1 : place + 2].isalnum()
                if not apostrophe:
                    return place
        return -1


def _pattern(words: str) -> str:
    """Words as a pattern: any white space, and any form of quotation marks."""
    marks = {
        plain: "[" + re.escape(plain + "".join(m for m, p in zip(*FOLDED, strict=True) if p == plain)) + "]"
        for plain in "'\""
    }
    letters = ("".join(marks.get(c, re.escape(c)) for c in word) for word in normalize(words).split())
    return r"\s+".join(letters)

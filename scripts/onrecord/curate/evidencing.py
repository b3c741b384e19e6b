"""What is recorded of a span of a text: length, hash, and anchors; and where quoted words stand around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from onrecord.curate.columns import JOINED
from onrecord.curate.passages import Passages
from onrecord.curate.quotations import marked
from onrecord.curate.spans import Span
from onrecord.curate.wording import Wording
from onrecord.evidence import normalize, span_hash

__all__ = ["Text"]

_WORD = re.compile(r"\S+")
_MOST = 4
_CLOSING = ".,;:!?… "


@dataclass(frozen=True)
class Text:
    """A source text at hand."""

    text: str

    @cached_property
    def _passages(self) -> Passages:
        return Passages(self.text)

    @cached_property
    def wording(self) -> Wording:
        """Its words, against which ours are held."""
        return Wording(self.text)

    @cached_property
    def _marked(self) -> list[Span]:
        return marked(self.text)

    @cached_property
    def _folded(self) -> str:
        """Case aside, as far as every character keeps its place."""
        folded = self.text.casefold()
        return folded if len(folded) == len(self.text) else self.text

    def recorded(self, span: Span) -> dict[str, str]:
        """The cells of an evidence row that follow from the text."""
        words = span.of(self.text)
        first, last = self.anchors(span)
        return {
            "start_char": str(span.start),
            "end_char": str(span.end),
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
        words = [Span(span.start + m.start(), span.start + m.end()) for m in _WORD.finditer(span.of(self.text))]
        if len(words) < 3:
            return "", ""
        ends = [word.end for word in words[1:_MOST]]
        after = next((end for end in ends if self._first(span.start, end, 0) == span.start), 0)
        if not after or after == span.end:
            return self.text[span.start : after] if after else "", ""
        for word in reversed(words[-_MOST:]):
            if word.start < after:
                break
            if self._first(word.start, span.end, after) == word.start:
                return self.text[span.start : after], self.text[word.start : span.end]
        return self.text[span.start : after], ""

    def _first(self, start: int, end: int, after: int) -> int:
        """Where the words of a stretch stand first, after an offset."""
        return self._folded.find(self._folded[start:end], after)

    def stand(self, words: str) -> bool:
        """Whether words stand in the text, those parted by ``JOINED`` each for itself."""
        return all(self._passages.locate(part) for part in _parts(words))

    def located(self, words: str, near: int | None) -> list[Span] | None:
        """Where words stand, those parted by ``JOINED`` one after the other, of several places that nearest to an offset.

        None where some of them stand nowhere, or in several places and no offset is given.
        """
        spans: list[Span] = []
        for part in _parts(words):
            last = spans[-1] if spans else None
            places = [place for place in self._passages.locate(part) if not last or place.start >= last.end]
            at = last.end if last else near
            if not places or (at is None and len(places) > 1):
                return None
            spans.append(min(places, key=lambda place: abs(place.start - (at or 0))))
        return spans or None

    def says(self, spans: list[Span], words: str) -> bool:
        """Whether these words stand there, spacing and the form of quotation marks aside."""
        return normalize(JOINED.join(span.of(self.text) for span in spans)) == normalize(words)

    def quotations(self, span: Span) -> list[Span]:
        """What stands between quotation marks around a span, or else within it, marks left out."""
        around = [quoted for quoted in self._marked if quoted.holds(span)]
        return around or [quoted for quoted in self._marked if span.holds(quoted)]

    def trimmed(self, span: Span) -> Span:
        """A span without closing punctuation."""
        return Span(span.start, span.start + max(len(span.of(self.text).rstrip(_CLOSING)), 1))


def _parts(words: str) -> list[str]:
    return [part for part in words.split(JOINED) if part.strip()]

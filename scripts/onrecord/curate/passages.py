"""Where given words stand in a text, whatever its spacing and quotation marks."""

from __future__ import annotations

import bisect
import hashlib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from onrecord.curate.spans import Span
from onrecord.evidence import FOLDED, normalize

__all__ = ["Near", "Normalized", "Passages", "cuts_word", "locate", "normalized_index"]

_FOLD = str.maketrans(*FOLDED)
# Words that normalization leaves as they are, but for the form of quotation marks.
_PLAIN = re.compile(r"[!-~]+(?: [!-~]+)*")
_LEAST_LIKE = 75.0


@dataclass(frozen=True)
class Normalized:
    """A text as ``evidence.normalize`` makes it, and where each part of it stands in the text as it was.

    ``text`` is cut into pieces: piece i begins at ``norms[i]`` in it, and is made of the code points from
    ``starts[i]`` to ``ends[i]`` of the original. Pieces of equal length correspond letter by letter.
    """

    text: str
    norms: list[int]
    starts: list[int]
    ends: list[int]

    def span(self, start: int, end: int) -> Span:
        """The stretch of the original that became ``text[start:end]``, which must not be empty."""
        return Span(self._original(start)[0], self._original(end - 1)[1])

    def offset(self, original: int) -> int:
        """Where in ``text`` an offset of the original lies; within what was collapsed, where that ends."""
        i = max(bisect.bisect_right(self.starts, original) - 1, 0) if self.starts else 0
        if not self.starts or original <= self.starts[0]:
            return 0
        if original >= self.ends[i]:
            return self.norms[i] + self._length(i)
        inside = original - self.starts[i]
        return self.norms[i] + (inside if self._even(i) else min(inside, 1) * self._length(i))

    def _length(self, i: int) -> int:
        return (self.norms[i + 1] if i + 1 < len(self.norms) else len(self.text)) - self.norms[i]

    def _even(self, i: int) -> bool:
        return self._length(i) == self.ends[i] - self.starts[i]

    def _original(self, at: int) -> tuple[int, int]:
        i = bisect.bisect_right(self.norms, at) - 1
        if not self._even(i):
            return self.starts[i], self.ends[i]
        first = self.starts[i] + at - self.norms[i]
        return first, first + 1


class _Pieces:
    """Pieces of a normalized text, gathered from left to right; white space waits until something follows it."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.length = 0
        self.norms: list[int] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.gap: tuple[int, int] | None = None

    def space(self, start: int, end: int) -> None:
        self.gap = (self.gap[0] if self.gap else start, end)

    def put(self, norm: str, start: int, end: int) -> None:
        if self.gap and self.out:
            gap, self.gap = self.gap, None
            self._add(" ", *gap)
        self.gap = None
        self._add(norm, start, end)

    def _add(self, norm: str, start: int, end: int) -> None:
        even = len(norm) == end - start
        goes_on = self.ends and self.ends[-1] == start and self.length - self.norms[-1] == start - self.starts[-1]
        if even and goes_on:
            self.ends[-1] = end
        else:
            self.norms.append(self.length)
            self.starts.append(start)
            self.ends.append(end)
        self.out.append(norm)
        self.length += len(norm)


def normalized_index(text: str) -> Normalized:
    """A text normalized, with the way back: ``normalized_index(t).text == evidence.normalize(t)``.

    Takes time in proportion to the text. Normalization works on clusters (a letter and what combines with
    it), so each cluster is normalized by itself and remembered with its place.
    """
    pieces, at = _Pieces(), 0
    while at < len(text):
        end = _plain_end(text, at)
        if end > at:
            pieces.put(text[at:end], at, end)
        else:
            end = _cluster_end(text, at)
            for letter in unicodedata.normalize("NFKC", text[at:end]):
                if letter.isspace():
                    pieces.space(at, end)
                else:
                    pieces.put(letter, at, end)
        at = end
    joined = "".join(pieces.out).translate(_FOLD)
    return Normalized(joined, pieces.norms, pieces.starts, pieces.ends)


def _plain_end(text: str, at: int) -> int:
    """Where the plain words that begin here end, ``at`` where none do."""
    match = _PLAIN.match(text, at)
    if match is None:
        return at
    end = match.end()
    if end < len(text) and not text[end].isascii():
        end -= 1  # the last letter may combine with what follows
        end -= text[end - 1] == " " and end > at
    return end


def _cluster_end(text: str, at: int) -> int:
    end = at + 1
    while end < len(text) and not (text[end].isascii() or _parts(text[at:end], text[end])):
        end += 1
    return end


@lru_cache(maxsize=2**16)
def _parts(before: str, letter: str) -> bool:
    """Whether a letter begins a cluster of its own after this one."""
    if unicodedata.combining(unicodedata.normalize("NFKD", letter)[0]):
        return False
    alone = unicodedata.normalize("NFKC", before) + unicodedata.normalize("NFKC", letter)
    return unicodedata.normalize("NFKC", before + letter) == alone


@dataclass(frozen=True, order=True)
class Near:
    """Words like those that were sought: where they stand, and how like they are (0 to 100)."""

    span: Span
    likeness: float


@dataclass(frozen=True)
class Passages:
    """A text in which passages are sought, normalized once."""

    text: str

    @cached_property
    def index(self) -> Normalized:
        """The text normalized, with the way back."""
        return normalized_index(self.text)

    def locate(self, words: str) -> list[Span]:
        """Where words stand, in order and without overlap; spacing and the form of quotation marks are nothing.

        Whole words come first: "he" is found within "the" only where it stands nowhere by itself.
        """
        return self._whole(self.found(normalize(words)))

    def found(self, normal: str) -> list[tuple[int, int]]:
        """Where normalized words stand in the normalized text: whole ones, or those inside words if there are no others."""
        every = list(_occurrences(self.index.text, normal))
        return [(a, b) for a, b in every if not cuts_word(self.index.text, a, b)] or every

    def _whole(self, found: list[tuple[int, int]]) -> list[Span]:
        """The spans of the original, those left out that hold more than the words (half of a ligature, of an ellipsis)."""
        spans = [(self.index.span(a, b), self.index.text[a:b]) for a, b in found]
        return [span for span, words in spans if normalize(span.of(self.text)) == words]

    def hashed(self, sha256: str, length: int) -> list[Span]:
        """Where a passage stands of which only the hash and length after normalization are known.

        Tries every stretch of that length, those of whole words first: two seconds in a text of 1.8 million.
        """
        text = self.index.text
        starts = [a for a in range(len(text) - length + 1) if text[a] != " " != text[a + length - 1]] if length else []
        whole = [a for a in starts if not cuts_word(text, a, a + length)]
        for some in (whole, sorted(set(starts) - set(whole))):
            hits = [a for a in some if hashlib.sha256(text[a : a + length].encode("utf-8")).hexdigest() == sha256]
            if hits:
                return self._whole([(a, a + length) for a in hits])
        return []

    def near(self, words: str, most: int = 3) -> list[Near]:
        """Passages like these words (RapidFuzz's partial ratio, case aside), the most like first, ends at whole words."""
        sought, text = _lower(normalize(words)), _lower(self.index.text)
        if not sought:
            return []
        found = sorted(_alike(sought, text, 0, len(text), most), reverse=True)[:most]
        return [Near(self.index.span(a, b), likeness) for likeness, a, b in found]


def locate(text: str, words: str) -> list[Span]:
    """Where words stand in a text (code points, half-open), all occurrences in order; none where there are none."""
    return Passages(text).locate(words)


def cuts_word(text: str, start: int, end: int) -> bool:
    """Whether a stretch begins or ends in the middle of a word."""
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    return before or (end < len(text) and text[end - 1].isalnum() and text[end].isalnum())


def _occurrences(text: str, words: str) -> Iterator[tuple[int, int]]:
    at = text.find(words) if words else -1
    while at >= 0:
        yield at, at + len(words)
        at = text.find(words, at + len(words))


def _lower(text: str) -> str:
    """In small letters, where that keeps every letter in its place."""
    small = text.lower()
    return small if len(small) == len(text) else text


def _alike(sought: str, text: str, low: int, high: int, most: int) -> list[tuple[float, int, int]]:
    """The stretch of ``text[low:high]`` most like what is sought, then those before and after it."""
    from rapidfuzz import fuzz

    if high - low < len(sought) // 2 or not most:
        return []
    best = fuzz.partial_ratio_alignment(sought, text[low:high], score_cutoff=_LEAST_LIKE)
    if best is None or best.dest_end <= best.dest_start:
        return []
    start, end = _words(text, low + best.dest_start, low + best.dest_end)
    before = _alike(sought, text, low, start, most - 1) if start > low else []
    after = _alike(sought, text, end, high, most - 1) if end > low else []
    return [(float(best.score), start, end), *before, *after]


def _words(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch widened to whole words, without space at its ends."""
    while start > 0 and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    held = text[start:end]
    return start + len(held) - len(held.lstrip()), end - (len(held) - len(held.rstrip()))

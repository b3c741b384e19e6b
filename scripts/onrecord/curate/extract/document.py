"""A text prepared for the rules: words, tags, paragraphs, sentences and quotations."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from onrecord.curate.extract.grammar import is_titled, tag
from onrecord.curate.extract.quotes import Quote, find_quotes, quoted_by
from onrecord.curate.extract.tokens import Token, paragraphs, sentence_ends, tokenize

__all__ = ["Document", "Range", "Sentence", "prepare"]

_HEADLINES = frozenset({"headline", "subhead"})
_PASSED_OVER = frozenset({"boilerplate", "credit", "byline"})


class Range(Protocol):
    """A stretch of a text of one kind, as in the table source_ranges: code points, half-open."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def kind(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """Indexes of its first token and after its last, and the number of its paragraph."""

    first: int
    last: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Document:
    """The words of a text with their tags, sentences and quotations; ``quoted`` gives each word's quotation or -1.

    ``headlines`` are the numbers of the paragraphs that are headlines: by their range, or by their capitals.
    """

    text: str
    tokens: list[Token]
    tags: list[str]
    sentences: list[Sentence]
    quotes: list[Quote]
    quoted: list[int]
    headlines: frozenset[int] = frozenset()

    def word(self, at: int) -> str:
        """The word at an index in small letters, or nothing outside the text."""
        return self.tokens[at].lower if 0 <= at < len(self.tokens) else ""

    def is_title(self, first: int, last: int) -> bool:
        """Whether most words of a stretch begin with a capital, as in the name of a book or broadcast."""
        words = [token.text for token in self.tokens[first:last] if token.text[0].isalpha()]
        return 2 * sum(word[0].isupper() for word in words) > len(words)


def prepare(text: str, ranges: Sequence[Range]) -> Document:
    """Read a text; boilerplate, credits and bylines are passed over, headlines and captions stand for themselves."""
    tokens = tokenize(text)
    starts = [token.start for token in tokens]
    pieces = []
    for start, end in _pieces(text, ranges):
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        if first < last:
            pieces.append((first, last))
    quotes = find_quotes(tokens, pieces)
    quoted = quoted_by(quotes, len(tokens))
    tags = ["outside"] * len(tokens)
    sentences = []
    for number, (first, last) in enumerate(pieces):
        begin = first
        for end in sentence_ends(tokens, first, last, quoted):
            sentences.append(Sentence(begin, end, number))
            tags[begin:end] = tag(tokens, begin, end)
            begin = end
    headlines = frozenset(
        number
        for number, (first, last) in enumerate(pieces)
        if is_titled(tokens, first, last)
        or any(item.kind in _HEADLINES and item.start <= starts[first] < item.end for item in ranges)
    )
    beyond = 2  # the rules look at the words next to one; behind the last there is nothing
    return Document(text, tokens, tags + ["outside"] * beyond, sentences, quotes, quoted + [-1] * beyond, headlines)


def _pieces(text: str, ranges: Sequence[Range]) -> list[tuple[int, int]]:
    """The paragraphs, cut where a range other than a quotation begins or ends, without what is passed over."""
    marked = [item for item in ranges if item.kind != "quotation"]
    cuts = sorted({place for item in marked for place in (item.start, item.end)})
    passed = [item for item in marked if item.kind in _PASSED_OVER]
    found = []
    for start, end in paragraphs(text):
        places = [start, *(cut for cut in cuts if start < cut < end), end]
        for a, b in itertools.pairwise(places):
            if not any(item.start <= a and b <= item.end for item in passed):
                found.append((a, b))
    return found

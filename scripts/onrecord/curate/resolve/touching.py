"""Spans of one kind, found by the stretch of the text that they touch."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate

from onrecord.curate.spans import Span

__all__ = ["Spans"]


class Spans:
    """Spans that are asked for by stretch; the time that an answer takes does not grow with the text."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(set(spans))
        self._starts = [span.start for span in self._spans]
        self._reach = list(accumulate((span.end for span in self._spans), max))

    def touching(self, start: int, end: int) -> list[Span]:
        """The spans of which some part lies between two offsets, in the order of the text."""
        found = []
        at = bisect_left(self._starts, end) - 1
        while at >= 0 and self._reach[at] > start:
            if self._spans[at].end > start:
                found.append(self._spans[at])
            at -= 1
        return found[::-1]

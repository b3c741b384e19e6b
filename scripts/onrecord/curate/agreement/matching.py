"""Which passages of two codings are the same: one to one, by the characters that they share."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from onrecord.curate.spans import Span

__all__ = ["THRESHOLD", "best_pairs", "eligible", "iou", "most_often", "noise"]

T = TypeVar("T", bound=Hashable)
THRESHOLD = 0.5
"""Passages that share less than this part of the characters of both are not the same (as PolNeAR counts)."""
_SCALE = 10**6
# Above any sum of _SCALE over the pairs of one text, so that a lower part of a score never outweighs a higher one.
_STEP = 10**13


def iou(a: Sequence[Span], b: Sequence[Span]) -> float:
    """The characters in both passages by those in either (intersection over union), 0 where both are empty."""
    one, other = _joined(a), _joined(b)
    both = sum(max(0, min(x.end, y.end) - max(x.start, y.start)) for x in one for y in other)
    either = sum(span.end - span.start for span in (*one, *other)) - both
    return both / either if either else 0.0


def _joined(spans: Sequence[Span]) -> list[Span]:
    """The same characters in spans that do not overlap."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def best_pairs(scores: Mapping[tuple[int, int], Sequence[float]]) -> list[tuple[int, int]]:
    """The pairs, each number once on each side, whose scores have the greatest sum.

    ``scores`` are of pairs that may be made, each a sequence of numbers from 0 to 1: the sum of the first
    decides, then that of the second, and so on (a matching of greatest weight in a graph of two sides,
    computed in whole numbers).
    """
    import networkx

    graph = networkx.Graph()
    for (a, b), parts in sorted(scores.items()):
        weight = 0
        for part in parts:
            weight = weight * _STEP + round(part * _SCALE)
        graph.add_edge(("a", a), ("b", b), weight=weight)
    found: list[tuple[int, int]] = []
    for nodes in networkx.connected_components(graph):
        for pair in networkx.max_weight_matching(graph.subgraph(sorted(nodes))):
            (_, a), (_, b) = sorted(pair)
            found.append((a, b))
    return sorted(found)


def most_often(together: Iterable[tuple[T, T]], order: Callable[[T, T], object]) -> Iterator[tuple[T, T]]:
    """Pairs that stand together most often, taken one after the other, each side once.

    Of pairs that do so equally often, the one first by ``order`` is taken.
    """
    counted = Counter(together)
    seen: tuple[set[T], set[T]] = (set(), set())
    for a, b in sorted(counted, key=lambda pair: (-counted[pair], order(*pair))):
        if a not in seen[0] and b not in seen[1]:
            seen[0].add(a)
            seen[1].add(b)
            yield a, b


def noise(*things: object) -> float:
    """A number from 0 to 1 that depends on the things alone and not on their order, to choose among equals."""
    text = "\n".join(sorted(map(repr, things)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) / 2**32


def eligible(a: Sequence[Sequence[Span]], b: Sequence[Sequence[Span]]) -> dict[tuple[int, int], float]:
    """The pairs of two lists of passages that may be the same, with the share of characters that they have in common."""
    reach = [[(min(s).start, max(span.end for span in s)) if s else (0, 0) for s in some] for some in (a, b)]
    found = {}
    for m, (start, end) in enumerate(reach[0]):
        for n, (other_start, other_end) in enumerate(reach[1]):
            if start < other_end and other_start < end and (share := iou(a[m], b[n])) >= THRESHOLD:
                found[m, n] = share
    return found

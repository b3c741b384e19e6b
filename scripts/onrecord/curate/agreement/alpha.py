"""Krippendorff's alpha of two coders, its bootstrap interval, and the alpha of two partitions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np

    Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.float64]]

__all__ = ["FEWEST_TEXTS", "REPLICATES", "Alpha", "Level", "Unit", "alpha", "partition_alpha"]

Level = Literal["nominal", "ordinal"]

REPLICATES = 1000
FEWEST_TEXTS = 10
"""With fewer texts than these, units are resampled instead: a bootstrap over few clusters gives intervals that are
too narrow (Cameron, Gelbach and Miller, Review of Economics and Statistics 90(3), 2008)."""
_SEED = 0
_AT_ONCE = 100  # replicates, so that memory does not grow with their number


@dataclass(frozen=True, order=True)
class Unit:
    """What both coders gave to one unit; ``text`` is where it stands, empty where it belongs to no text."""

    text: str
    name: str
    a: str
    b: str


@dataclass(frozen=True)
class Alpha:
    """``value`` is None where alpha is not defined: no units, or one value only. ``agreed`` is the share of equal values.

    ``low`` and ``high`` bound the 95 % percentile interval; None where there is none.
    """

    value: float | None
    agreed: float | None
    low: float | None = None
    high: float | None = None


def alpha(units: Sequence[Unit], level: Level, replicates: int = REPLICATES) -> Alpha:
    """Krippendorff's alpha of two coders who both gave every unit a value; ordinal values are integers as text.

    Alpha is computed from how often each two values meet (Krippendorff, Content Analysis, 4th edition 2019, chapter
    12), so that a resample is only other counts. Texts are resampled, or units where there are fewer texts than
    ``FEWEST_TEXTS``. The same units in any order, or with the coders swapped, give the same interval.
    """
    import numpy as np

    if not units:
        return Alpha(None, None)
    agreed = sum(unit.a == unit.b for unit in units) / len(units)
    domain = sorted({value for unit in units for value in (unit.a, unit.b)}, key=int if level == "ordinal" else str)
    if len(domain) < 2:
        return Alpha(None, agreed)
    number = {value: n for n, value in enumerate(domain)}
    sides = [(min(two), max(two)) for two in ((number[unit.a], number[unit.b]) for unit in units)]
    met = sorted(zip((unit.text for unit in units), sides, strict=True))
    kinds = sorted(set(sides))
    kind = _numbered([two for _, two in met], kinds)
    of = _ordinal if level == "ordinal" else _nominal

    def estimate(weights: Numbers) -> Numbers:
        return of(_summed(weights, kind), kinds, len(domain))

    value = estimate(np.ones((1, len(units))))[0]
    return Alpha(float(value), agreed, *_interval(estimate, [text for text, _ in met], replicates))


def partition_alpha(units: Sequence[Unit], replicates: int = REPLICATES) -> Alpha:
    """Alpha of what two coders took for the same: the units of alpha are the pairs of these units.

    To each pair a coder gives the value "same" or "different", whatever the values are called. Resampled as in
    ``alpha``; a unit drawn twice makes no pair with itself.
    """
    import numpy as np

    ordered = sorted(units)
    pairs = [(unit.a, unit.b) for unit in ordered]
    blocks = [_numbered(values) for values in ([a for a, _ in pairs], [b for _, b in pairs], pairs)]

    def estimate(weights: Numbers) -> Numbers:
        return _pairs_alike(weights, *blocks)[0]

    if len(units) < 2:
        return Alpha(None, None)
    value, agreed = (found[0] for found in _pairs_alike(np.ones((1, len(units))), *blocks))
    if np.isnan(value):
        return Alpha(None, float(agreed))
    return Alpha(float(value), float(agreed), *_interval(estimate, [unit.text for unit in ordered], replicates))


def _resamples(texts: Sequence[str], replicates: int) -> Iterator[Numbers]:
    """How often each unit is drawn: a row for each replicate, some at a time, given the text of each unit."""
    import numpy as np

    random = np.random.default_rng(_SEED)
    text = _numbered(texts)
    many = max(text) + 1 if max(text) + 1 >= FEWEST_TEXTS else 0
    things = many or len(texts)
    for done in range(0, replicates, _AT_ONCE):
        drawn = random.multinomial(things, np.full(things, 1 / things), size=min(_AT_ONCE, replicates - done))
        yield (drawn[:, text] if many else drawn).astype(float)


def _summed(weights: Numbers, group: Sequence[int]) -> Numbers:
    """Sums of columns that are of one group; the groups are numbered from 0 without gaps."""
    import numpy as np

    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(np.asarray(group)[order], prepend=-1))
    found: Numbers = np.add.reduceat(weights[:, order], starts, axis=1)
    return found


def _nominal(weights: Numbers, kinds: Sequence[tuple[int, int]], values: int) -> Numbers:
    import numpy as np

    used = np.zeros((len(weights), values))
    for column, two in enumerate(kinds):
        for value in two:
            used[:, value] += weights[:, column]
    alike = weights @ np.array([float(a == b) for a, b in kinds])
    return _of_shares(weights.sum(axis=1), alike, used)


def _of_shares(units: Numbers, alike: Numbers, used: Numbers) -> Numbers:
    """Nominal alpha, a row each: the units, those with equal values, and how often each value was given."""
    import numpy as np

    n = 2 * units
    unlike, expected = n - 2 * alike, n**2 - (used**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Numbers = np.where(expected > 0, 1 - (n - 1) * unlike / expected, np.nan)
    return found


def _ordinal(weights: Numbers, kinds: Sequence[tuple[int, int]], values: int) -> Numbers:
    import numpy as np

    met = np.zeros((len(kinds), values, values))
    for row, (a, b) in enumerate(kinds):
        met[row, a, b] += 1
        met[row, b, a] += 1
    observed = np.tensordot(weights, met, axes=1)
    used = observed.sum(axis=2)
    upto = used.cumsum(axis=1)
    earlier = np.triu(np.ones((values, values)), 1)
    first = used[:, :, None] * earlier + used[:, None, :] * (1 - earlier)
    inner = np.abs(upto[:, :, None] - upto[:, None, :]) + first
    distance = (inner - (used[:, :, None] + used[:, None, :]) / 2) ** 2
    n = used.sum(axis=1)
    expected: Numbers = (used[:, :, None] * used[:, None, :] * distance).sum(axis=(1, 2))
    unlike: Numbers = (observed * distance).sum(axis=(1, 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Numbers = np.where(expected > 0, 1 - (n - 1) * unlike / expected, np.nan)
    return found


def _pairs_alike(weights: Numbers, one: list[int], other: list[int], both: list[int]) -> tuple[Numbers, Numbers]:
    """Alpha and the share of agreement over pairs of units, a row for each row of weights."""
    import numpy as np

    def within(blocks: list[int]) -> Numbers:
        pairs: Numbers = (_summed(weights, blocks) ** 2).sum(axis=1) / 2 - (weights**2).sum(axis=1) / 2
        return pairs

    pairs = within([0] * len(one))
    same_one, same_other, same_both = within(one), within(other), within(both)
    alike = pairs - same_one - same_other + 2 * same_both
    same = same_one + same_other
    with np.errstate(divide="ignore", invalid="ignore"):
        agreed = np.where(pairs > 0, alike / pairs, np.nan)
    return _of_shares(pairs, alike, np.stack([same, 2 * pairs - same], axis=1)), agreed


def _interval(
    estimate: Callable[[Numbers], Numbers], texts: Sequence[str], replicates: int
) -> tuple[float, float] | tuple[None, None]:
    """The 95 % percentile interval; none where alpha is not defined in more than one of twenty resamples."""
    import numpy as np

    values = np.concatenate([estimate(weights) for weights in _resamples(texts, replicates)])
    known = values[~np.isnan(values)]
    if len(known) < 0.95 * len(values):
        return None, None
    low, high = np.percentile(known, [2.5, 97.5])
    return float(low), float(high)


def _numbered(values: Sequence[object], order: Sequence[object] = ()) -> list[int]:
    """The number of each value, by the order given, else by that of their first occurrence."""
    number = {value: n for n, value in enumerate(order or dict.fromkeys(values))}
    return [number[value] for value in values]

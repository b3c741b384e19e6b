"""Where things stand in the drawings: time scales, lanes of marks, bars, and the routes of a rumour.

Positions along time are percentages of the width, so that a drawing fits every screen without
scaling its words; heights are pixels.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from onrecord.site.words import MARKS

__all__ = [
    "Bar",
    "Edge",
    "Graph",
    "Lane",
    "Mark",
    "Node",
    "Scale",
    "Tick",
    "bars",
    "busiest",
    "condensed",
    "graph",
    "lanes",
    "scale",
]

_NEAR = 2.4
_NEAR_COUNT = 4.6
_STEP = 16
_COUNT = 12
_PAD = 15
_STACK = 3
_BOXES = 40
_ORIGINS = 8
_ALIKE = 2
_MONTH = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905


@dataclass(frozen=True)
class Tick:
    """A line across a drawing: ``x`` in percent, its words, and whether a narrow screen leaves the words out."""

    x: float
    label: str
    minor: bool = False


@dataclass(frozen=True)
class Scale:
    """Days from ``first`` to ``last`` on 0 to 100 percent.

    ``cut`` where earlier days were left out, ``cut_late`` where later ones were.
    """

    first: dt.date
    last: dt.date
    cut: bool = False
    cut_late: bool = False

    @property
    def days(self) -> int:
        """How many days it spans, at least one."""
        return max((self.last - self.first).days, 1)

    def x(self, day: dt.date) -> float:
        """Where a day stands, in percent; days outside stand at the edge."""
        inside = min(max(day, self.first), self.last)
        return round(100 * (inside - self.first).days / self.days, 2)

    @property
    def ticks(self) -> list[Tick]:
        """About ten dates worth naming: days, Mondays, months or years."""
        if self.days <= 16:
            every = [self.first + dt.timedelta(days=n) for n in range(1, self.days)]
            named = [
                f"{d.day} {_MONTH[d.month - 1]}" if i == 0 or d.day == 1 else str(d.day) for i, d in enumerate(every)
            ]
        elif self.days <= 70:
            monday = self.first + dt.timedelta(days=-self.first.weekday() % 7)
            every = [monday + dt.timedelta(days=n) for n in range(0, (self.last - monday).days, 7)]
            named = [f"{d.day} {_MONTH[d.month - 1]}" for d in every]
        elif self.days <= 900:
            count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
            step = max(1, -(-count // 10))
            every = [_month(self.first, n) for n in range(1, count + 1, step)]
            named = [
                f"{_MONTH[d.month - 1]} {d.year}" if i == 0 or d.month <= step else _MONTH[d.month - 1]
                for i, d in enumerate(every)
            ]
        else:
            step = max(1, -(-(self.last.year - self.first.year) // 10))
            every = [dt.date(y, 1, 1) for y in range(self.first.year + 1, self.last.year + 1, step)]
            named = [str(d.year) for d in every]
        return [
            Tick(self.x(d), label, minor=bool(i % 2)) for i, (d, label) in enumerate(zip(every, named, strict=True))
        ]


def _month(first: dt.date, later: int) -> dt.date:
    months = first.year * 12 + first.month - 1 + later
    return dt.date(months // 12, months % 12 + 1, 1)


def parsed(value: object) -> dt.date | None:
    """A date from ISO text, None from anything else."""
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError:
        return None


def scale(days: Iterable[dt.date | None]) -> Scale | None:
    """A scale for these days, with a day's room at each end.

    Where a few early days would press the rest together (more than nine tenths of the days lie in the
    last third of the span), it begins later, and ``cut`` says so; where a few late ones would, it ends
    earlier, and ``cut_late`` says so. None without a day.
    """
    known = sorted(d for d in days if d is not None)
    if not known:
        return None
    few = len(known) // 10
    first, last = known[0], known[-1]
    early, late = known[few], known[-1 - few]
    cut, cut_late = _pressed(known, last - early, last - first), _pressed(known, late - first, last - first)
    rest = (late if cut_late else last) - (early if cut else first)
    if _pressed(known, late - early, rest):
        cut = cut_late = True
    first, last = early if cut else first, late if cut_late else last
    room = dt.timedelta(days=max(1, (last - first).days // 25))
    try:
        return Scale(first - room, last + room, cut, cut_late)
    except OverflowError:
        return Scale(first, last, cut, cut_late)


def _pressed(known: Sequence[dt.date], most: dt.timedelta, span: dt.timedelta) -> bool:
    """Whether most of these days would stand in less than a third of a span, were it drawn."""
    return len(known) > 3 and span.days > 30 and most * 3 < span


@dataclass(frozen=True)
class Mark:
    """Claims at one place of a lane: ``x`` and ``from_x`` in percent (said between them), ``y`` in pixels.

    ``row`` is the first of ``count`` claims.
    """

    x: float
    from_x: float
    y: int
    symbol: str
    stance: str
    row: Mapping[str, Any]
    count: int = 1

    @property
    def foot(self) -> int:
        """Where the next mark below may stand, in pixels."""
        return self.y + _STEP + (_COUNT if self.count > 1 else 0)


@dataclass
class Lane:
    """All marks of one actor; ``height`` in pixels, ``claims`` the number of claims that they stand for."""

    key: str
    name: str
    marks: list[Mark] = field(default_factory=list)
    height: int = 2 * _PAD
    claims: int = 0


def symbol(stance: str, certainty: str) -> str:
    """The name of the symbol for a stance and a certainty; ``symbols.html`` draws them."""
    shape = {"deny": "square", "noncommittal": "diamond"}.get(stance, "circle")
    return f"{shape}-{MARKS.get(certainty[:2], 'full')}"


def lanes(rows: Iterable[Mapping[str, Any]], along: Scale) -> list[Lane]:
    """Positions as lanes, one per actor that said something in its own words, in order of first speaking.

    ``rows`` are those of ``Records.positions``. Claims at nearly the same time stand above each other;
    more than three of one stance and certainty at one time are one mark with their number.
    """
    rows = list(rows)
    own = {row["actor_id"] for row in rows if row["voice"] == "own words"}
    found: dict[str, Lane] = {}
    places: dict[tuple[str, float, str], list[tuple[float, Mapping[str, Any]]]] = {}
    for row in rows:
        end, start = parsed(row["said_end"]), parsed(row["said_start"])
        if row["actor_id"] not in own or (at := end or start) is None:
            continue
        found.setdefault(row["actor_id"], Lane(row["actor_id"], row["actor_name"]))
        x = along.x(at)
        began = along.x(start) if start else max(x - 4, 0.0)
        places.setdefault((row["actor_id"], x, symbol(row["stance"], row["certainty"])), []).append((began, row))
    for (actor, x, shape), here in places.items():
        lane = found[actor]
        lane.claims += len(here)
        if len(here) > _STACK:
            _put(lane, x, max(began for began, _ in here), shape, here[0][1], len(here))
            continue
        for began, row in here:
            _put(lane, x, began, shape, row)
    return list(found.values())


def _put(lane: Lane, x: float, began: float, shape: str, row: Mapping[str, Any], count: int = 1) -> None:
    """Add a mark to a lane, below those that stand too near to it."""
    y = _PAD
    for mark in sorted(lane.marks, key=lambda m: m.y):
        near = _NEAR_COUNT if count > 1 or mark.count > 1 else _NEAR
        if abs(mark.x - x) < near and mark.y < y + _STEP + (_COUNT if count > 1 else 0):
            y = max(y, mark.foot)
    mark = Mark(x, began, y, shape, row["stance"], row, count)
    lane.marks.append(mark)
    lane.height = max(lane.height, mark.foot - _STEP + _PAD)


def busiest(found: Sequence[Lane], most: int) -> tuple[list[Lane], list[Lane]]:
    """The lanes with most claims and the others, both in the order in which they came."""
    chosen = {lane.key for lane in sorted(found, key=lambda lane: -lane.claims)[:most]}
    return [lane for lane in found if lane.key in chosen], [lane for lane in found if lane.key not in chosen]


@dataclass(frozen=True)
class Bar:
    """A span of time: ``x`` and ``width`` in percent, and which of its ends are open."""

    x: float
    width: float
    open_start: bool
    open_end: bool
    row: Mapping[str, Any]


def bars(rows: Iterable[Mapping[str, Any]], along: Scale, start: str, end: str) -> list[Bar]:
    """Rows with two date columns as bars; rows without either date are left out."""
    found = []
    for row in rows:
        first, last = parsed(row[start]), parsed(row[end])
        if first is None and last is None:
            continue
        left = along.x(first) if first else 0.0
        right = along.x(last) if last else 100.0
        found.append(Bar(left, round(max(right - left, 0.8), 2), first is None, last is None, row))
    return found


@dataclass
class Node:
    """A box of a graph: its corner and size in pixels, its words line by line."""

    key: str
    column: int
    lines: list[str]
    kind: str
    x: int = 0
    y: int = 0
    width: int = 168
    claims: set[str] = field(default_factory=set)

    @property
    def height(self) -> int:
        """Height in pixels, by its lines."""
        return 17 * len(self.lines) + 14


@dataclass(frozen=True)
class Edge:
    """A line from the one who repeats to the one repeated, in pixels; ``claims`` went this way."""

    path: str
    claims: int
    title: str


@dataclass(frozen=True)
class Graph:
    """A drawing of routes; ``width`` and ``height`` in pixels."""

    nodes: list[Node]
    edges: list[Edge]
    width: int
    height: int


def graph(steps: Sequence[Mapping[str, Any]]) -> Graph | None:
    """The routes of a proposition from its origins (left) to its publishers (right).

    ``steps`` are those of ``Records.routes``. An actor stands once in each role: as publisher, on the
    way, as origin. Nobody named is a box of its own for each claim's publisher.
    """
    chains: dict[str, list[Mapping[str, Any]]] = {}
    for step in steps:
        chains.setdefault(step["claim_id"], []).append(step)
    if not chains:
        return None
    columns = max(2, *(len(chain) for chain in chains.values()))
    depth: dict[str, int] = {}
    for chain in chains.values():
        for place, step in enumerate(chain[1:-1], 1):
            depth[step["actor_id"]] = max(place, depth.get(step["actor_id"], 0))
    nodes: dict[tuple[int, str], Node] = {}
    flows: dict[tuple[tuple[int, str], tuple[int, str]], set[str]] = {}
    for claim, chain in chains.items():
        before = None
        for place, step in enumerate(chain):
            kind = "publisher" if place == 0 else "origin" if place == len(chain) - 1 else "way"
            key = step["actor_id"] or f"nobody-{chain[place - 1]['actor_id']}"
            name = step["actor_name"] or ("lost on the way" if step["hop_kind"] == "lost" else "nobody named")
            column = {"publisher": columns - 1, "origin": 0}.get(kind, columns - 1 - depth.get(key, 0))
            node = nodes.setdefault((column, key), Node(key, column, textwrap.wrap(name, 23)[:5] or [name], kind))
            node.claims.add(claim)
            if before is not None:
                flows.setdefault((before, (column, key)), set()).add(claim)
            before = (column, key)
    return _placed(nodes, flows, columns)


def condensed(steps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Of routes too many to be drawn, those to the origins with most claims; else all of them.

    Outlets that have it from one and the same alone are one step together, "5 outlets", without an identifier
    that leads anywhere.
    """
    chains: dict[str, list[Mapping[str, Any]]] = {}
    for step in steps:
        chains.setdefault(step["claim_id"], []).append(step)
    publishers = Counter(chain[0]["actor_id"] for chain in chains.values())
    origins = Counter(c[-1]["actor_id"] for c in chains.values() if len(c) > 1 and c[-1]["actor_id"])
    if len(publishers) + len(origins) <= _BOXES:
        return list(steps)
    top = {actor for actor, _ in origins.most_common(_ORIGINS)}
    kept = {claim: chain for claim, chain in chains.items() if len(chain) > 1 and chain[-1]["actor_id"] in top}
    befores: dict[str, set[str]] = {}
    for chain in kept.values():
        befores.setdefault(chain[0]["actor_id"], set()).add(chain[1]["actor_id"] or "")
    alike: dict[str, set[str]] = {}
    for outlet, before in befores.items():
        if len(before) == 1:
            alike.setdefault(next(iter(before)), set()).add(outlet)
    for claim, chain in kept.items():
        before_it = chain[1]["actor_id"] or ""
        outlets = alike.get(before_it, set())
        if before_it and len(outlets) >= _ALIKE and chain[0]["actor_id"] in outlets:
            folded = {"actor_id": f"outlets-{before_it}", "actor_name": f"{len(outlets)} outlets"}
            kept[claim] = [{**chain[0], **folded}, *chain[1:]]
    return [step for chain in kept.values() for step in chain]


def _placed(
    nodes: dict[tuple[int, str], Node], flows: dict[tuple[tuple[int, str], tuple[int, str]], set[str]], columns: int
) -> Graph:
    """Order each column by where its neighbours stand, a few times over, and draw the lines around the boxes.

    A line that skips a column passes through a place of its own in it.
    """
    boxes = dict(nodes)
    ways: dict[tuple[tuple[int, str], tuple[int, str]], list[tuple[int, str]]] = {}
    for one, other in flows:
        between = [(column, f"{other[1]} > {one[1]}") for column in range(other[0] + 1, one[0])]
        for place in between:
            boxes.setdefault(place, Node(place[1], place[0], [], "line"))
        ways[one, other] = [other, *between, one]
    by_column: dict[int, list[tuple[int, str]]] = {}
    for key in boxes:
        by_column.setdefault(key[0], []).append(key)
    order = {key: float(i) for keys in by_column.values() for i, key in enumerate(keys)}
    near: dict[tuple[int, str], list[tuple[int, str]]] = {}
    for way in ways.values():
        for a, b in pairwise(way):
            near.setdefault(a, []).append(b)
            near.setdefault(b, []).append(a)
    for turn in range(8):
        for column in sorted(by_column, reverse=turn % 2 == 0):
            by_column[column].sort(
                key=lambda k: (sum(order[n] for n in near.get(k, [k])) / len(near.get(k, [k])), k[1])
            )
            order |= {key: float(i) for i, key in enumerate(by_column[column])}
    gap, across = 16, 236
    heights = {c: sum(boxes[k].height + gap for k in keys) - gap for c, keys in by_column.items()}
    tallest = max(heights.values())
    for column, keys in by_column.items():
        y = (tallest - heights[column]) // 2 + 4
        for key in keys:
            boxes[key].x, boxes[key].y = column * across + 4, y
            y += boxes[key].height + gap
    edges = []
    for (one, other), claims in flows.items():
        title = f"{' '.join(boxes[other].lines)} → {' '.join(boxes[one].lines)}"
        edges.append(Edge(_path([boxes[key] for key in ways[one, other]]), len(claims), title))
    return Graph(list(nodes.values()), edges, (columns - 1) * across + 176, tallest + 8)


def _path(way: Sequence[Node]) -> str:
    """A line from the right of the first box to the left of the last, straight through the places between."""
    x, y = way[0].x + way[0].width, way[0].y + way[0].height // 2
    parts = [f"M{x} {y}"]
    for node in way[1:]:
        to_x, to_y = node.x - (10 if node is way[-1] else 0), node.y + node.height // 2
        middle = (x + to_x) // 2
        parts.append(f"C{middle} {y} {middle} {to_y} {to_x} {to_y}")
        x, y = node.x + node.width, to_y
        if node is not way[-1]:
            parts.append(f"H{x}")
    return " ".join(parts)

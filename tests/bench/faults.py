"""Faults with a certain place: kinds, where each can be put, and what a validator must then report.

A fault is put into rows that no other fault has changed or relies on, so that what it brings about is
certain; ``Attempt`` notes what it changes (``set``) and what it relies on (``need``).
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import story
from bench.splice import Records
from bench.tables import broken_lines
from onrecord.csvtable import render, sort_key
from onrecord.package import open_package
from onrecord.tableschema import TableSchema

__all__ = ["DEFAULT", "GROUPS", "Attempt", "Kind", "inject", "kind"]

GROUPS = ("rules", "keys", "cells", "form", "files")
DEFAULT = ("cells", "keys", "rules")
HEADER = ("kind", "table", "row", "line", "column_name", "rule", "value")

Cells = dict[str, str]
Place = tuple[str, int]  # a table and a record of it


class UnfitError(Exception):
    """A fault cannot be put here."""


@dataclass(frozen=True)
class Kind:
    """One kind of fault: the rule that reports it, and the rows of a table's plan where it can be tried.

    ``make`` changes what it must and returns the place that is then reported: table, record, column.
    """

    name: str
    group: str
    rule: str
    over: str
    make: Callable[[Attempt], tuple[str, int, str]]
    table: str = ""
    slots: tuple[int, ...] | None = None


KINDS: list[Kind] = []


def kind(
    rule: str, over: str, where: Callable[[Any], Any] = lambda row: True, table: str = "", group: str = "rules"
) -> Callable[[Callable[[Attempt], tuple[str, int, str]]], Callable[[Attempt], tuple[str, int, str]]]:
    """Note a function as a kind: tried at the rows of the plan of ``over`` that ``where`` names, reported in ``table``."""

    def note(make: Callable[[Attempt], tuple[str, int, str]]) -> Callable[[Attempt], tuple[str, int, str]]:
        plan = story.PLANS.get(over)
        slots = None if plan is None else tuple(n for n, row in enumerate(plan) if where(row))
        name = f"{rule}: {make.__name__.replace('_', ' ')}"
        KINDS.append(Kind(name, group, rule, over, make, table or over, slots))
        return make

    return note


class Places:
    """Many records of several tables, in little memory."""

    def __init__(self) -> None:
        self._records: dict[str, set[int]] = {}

    def add(self, places: set[Place]) -> None:
        for table, record in places:
            self._records.setdefault(table, set()).add(record)

    def hold_any(self, places: set[Place]) -> bool:
        """Whether one of these is among them."""
        return any(record in self._records.get(table, ()) for table, record in places)


@dataclass
class Package:
    """The tables of a generated package, and what was done to them so far."""

    folder: Path
    schemas: dict[str, TableSchema]
    records: dict[str, Records]
    changed: dict[str, dict[int, bytes]]
    touched: Places = field(default_factory=Places)
    relied: Places = field(default_factory=Places)
    reported: Places = field(default_factory=Places)


@dataclass
class Attempt:
    """One try to put a fault at a row: its story, its row in the plan, its cells; what it changes and relies on."""

    package: Package
    over: str
    record: int
    changes: dict[Place, Cells] = field(default_factory=dict)
    needs: set[Place] = field(default_factory=set)
    raw: dict[Place, bytes] = field(default_factory=dict)
    alone: set[Place] = field(default_factory=set)  # rows that mean something else now, though nothing in them changed

    @property
    def story(self) -> int:
        return self.record // len(story.PLANS[self.over])

    @property
    def slot(self) -> int:
        return self.record % len(story.PLANS[self.over])

    @property
    def plan(self) -> story.Row:
        return story.PLANS[self.over][self.slot]

    def at(self, table: str, slot: int) -> int:
        """The record of a row of this story's plan."""
        return self.story * len(story.PLANS[table]) + slot

    def cells(self, table: str, record: int) -> Cells:
        """The cells as they were generated."""
        return self.package.records[table].cells(record)

    @property
    def row(self) -> Cells:
        return self.cells(self.over, self.record)

    def put(self, table: str, record: int, **cells: str) -> None:
        """Change cells of a record; at least one must differ from what stands there."""
        old = self.cells(table, record)
        if all(old[name] == cell for name, cell in cells.items()):
            raise UnfitError
        self.changes.setdefault((table, record), {}).update(cells)

    def set(self, **cells: str) -> None:
        """Change cells of the row itself."""
        self.put(self.over, self.record, **cells)

    def need(self, table: str, *slots: int) -> None:
        """Rely on rows of this story."""
        self.needs |= {(table, self.at(table, slot)) for slot in slots}

    def day(self, offset: int) -> str:
        """A day so many days from the story's day."""
        first = self.cells("sources", self.at("sources", 0))["published_start"]
        return (dt.date.fromisoformat(first) + dt.timedelta(days=offset)).isoformat()

    def date(self, table: str, record: int, prefix: str, day: str) -> None:
        """Date a row to one day, with its bounds."""
        self.put(table, record, **{f"{prefix}_edtf": day, f"{prefix}_start": day, f"{prefix}_end": day})

    def here(self, column: str) -> tuple[str, int, str]:
        """That the row itself is reported at a column."""
        return self.over, self.record, column

    def there(self, table: str, slot: int, column: str) -> tuple[str, int, str]:
        """That another row of the story is reported."""
        return table, self.at(table, slot), column

    def settle(self, reported: Place) -> None:
        """Take the changes over; raises UnfitError where they touch other faults or move a row."""
        package = self.package
        self.needs.add(reported)
        for table, record in list(self.changes):
            self._keep_order(table, record)
        touched = {*self.changes, *self.raw, *self.alone}
        if (
            package.reported.hold_any({reported})
            or package.touched.hold_any(touched)
            or package.relied.hold_any(touched)
        ):
            raise UnfitError
        if package.touched.hold_any(self.needs - touched):
            raise UnfitError
        for (table, record), cells in self.changes.items():
            new = self.cells(table, record) | cells
            package.changed[table][record] = render([list(new.values())]).encode("utf-8")
        for (table, record), data in self.raw.items():
            package.changed[table][record] = data
        package.touched.add(touched)
        package.relied.add(self.needs)
        package.reported.add({reported})

    def _keep_order(self, table: str, record: int) -> None:
        key, records = self.package.schemas[table].primary_key, self.package.records[table]
        if not set(key) & self.changes[table, record].keys():
            return
        near = [n for n in (record - 1, record + 1) if 0 <= n < len(records)]
        self.needs |= {(table, n) for n in near}
        three = {n: records.cells(n) for n in near} | {record: records.cells(record) | self.changes[table, record]}
        order = [[sort_key(three[n][k]) for k in key] for n in sorted(three)]
        if order != sorted(order):
            raise UnfitError


def inject(folder: Path, share: float, groups: tuple[str, ...] = DEFAULT) -> dict[str, int]:
    """Put faults into a generated package, and write ``faults.csv`` beside its descriptor.

    Of each kind there are ``share`` times the rows of its table, at least one where a row is left that
    it can be put into. Returns how many there are of each kind.
    """
    opened = open_package(folder)
    stories = _stories(folder)
    records = {
        name: Records(folder / opened.path(name), broken_lines(name, len(story.PLANS.get(name, ())) * stories))
        for name in opened.names
    }
    schemas = {name: TableSchema(name, schema) for name, schema in opened.schemas.items()}
    package = Package(folder, schemas, records, {name: {} for name in records})
    found: list[tuple[str, str, tuple[str, int, str]]] = []
    counts = {}
    for number, one in enumerate(_all_kinds(schemas, groups)):
        wanted = max(1, round(share * len(records[one.table])))
        places = []
        for attempt in _attempts(package, one, number, wanted):
            try:
                place = one.make(attempt)
                attempt.settle(place[:2])
            except UnfitError:
                continue
            places.append(place)
            if len(places) == wanted:
                break
        counts[one.name] = len(places)
        found += [(one.name, one.rule, place) for place in places]
    for name, changed in package.changed.items():
        if changed:
            records[name].write(changed)
    _write_manifest(package, found)
    return counts


def _stories(folder: Path) -> int:
    with (folder / "dataset" / "places.csv").open("rb") as file:
        return (sum(1 for _ in file) - 1) // story.PLACES


def _all_kinds(schemas: dict[str, TableSchema], groups: tuple[str, ...]) -> list[Kind]:
    from bench import broken_cells, broken_rules

    every = [*KINDS, *broken_rules.dated(schemas), *broken_cells.kinds(schemas)]
    return [one for group in GROUPS if group in groups for one in every if one.group == group]


def _attempts(package: Package, one: Kind, number: int, wanted: int) -> Iterator[Attempt]:
    """Rows to try, spread over the whole table, each once."""
    rows = len(package.records[one.over])
    plan = len(story.PLANS.get(one.over, ())) or 1
    slots = one.slots if one.slots is not None else (0,)
    total = rows // plan * len(slots)
    if not total:
        return
    step = max(1, round(total * 0.6180339887)) | 1
    while math.gcd(step, total) > 1:
        step += 2 if total > 2 else 1
    begin = number * 7919
    for turn in range(min(total, 200 + 50 * wanted)):
        told, slot = divmod((begin + turn * step) % total, len(slots))
        yield Attempt(package, one.over, told * plan + slots[slot])


def _cells(records: Records, record: int, new: bytes | None) -> Cells:
    """The cells of a record as it is now."""
    if new is None:
        return records.cells(record)
    cells = next(csv.reader(new.decode("utf-8").splitlines(keepends=True)))
    return dict(zip(records.columns, cells, strict=False))


def _write_manifest(package: Package, found: list[tuple[str, str, tuple[str, int, str]]]) -> None:
    """The faults by table and record, with the line on which each cell begins in the file as it is now."""
    order = {name: number for number, name in enumerate(package.records)}
    with (package.folder / "faults.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(HEADER)
        for name, rule, (table, record, column) in sorted(
            found, key=lambda f: (order[f[2][0]], f[2][1], f[2][2], f[1])
        ):
            records = package.records[table]
            cells = _cells(records, record, package.changed[table].get(record))
            before = list(cells)[: list(cells).index(column)] if column else []
            breaks = sum(cells[c].count("\n") for c in before)
            value = cells[column] if column else ""
            out.writerow([name, table, record, records.line(record) + breaks, column, rule, value])

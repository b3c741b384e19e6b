"""Whether a report names every fault that the generator put in."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

__all__ = ["Fault", "Found", "Named", "compare", "faults", "findings"]

_LONGEST = 200


@dataclass(frozen=True)
class Fault:
    """A fault as the generator wrote it down: what kind, where, and which rule must name it."""

    kind: str
    table: str
    line: int
    column: str
    rule: str
    value: str


@dataclass(frozen=True)
class Named:
    """A place that a report names. ``value`` is None where the report has none."""

    table: str
    line: int
    field: str
    rule: str
    value: str | None


@dataclass
class Found:
    """How many faults a report names.

    ``exactly`` by rule, line, column and value; ``at_row`` by rule and line at least (those counted too);
    ``otherwise`` only by another rule at that line. ``missed`` lists the kinds of the others with their number and one
    example, ``beside`` counts the places named where no fault was put.
    """

    faults: int = 0
    exactly: int = 0
    at_row: int = 0
    otherwise: int = 0
    beside: int = 0
    missed: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)


def faults(path: Path) -> Iterator[Fault]:
    """The faults of a package, from its ``faults.csv``."""
    with path.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            yield Fault(
                row["kind"], row["table"], int(row["line"]), row["column_name"], row["rule"], row["value"] or ""
            )


def findings(path: Path) -> Iterator[Named]:
    """The places that a Parquet of all findings names."""
    found = duckdb.connect().execute('SELECT "table", line, field, rule, value FROM read_parquet(?)', [str(path)])
    while rows := found.fetchmany(100_000):
        for table, line, name, rule, value in rows:
            yield Named(table or "", line or 0, name or "", rule, value)


def compare(put: Iterable[Fault], named: Iterable[Named]) -> Found:
    """Count the faults that are named, and the places named that are none."""
    every = list(put)
    lines = {(fault.table, fault.line) for fault in every}
    exact, rows, places = set(), set(), set()
    found = Found(faults=len(every))
    for one in named:
        place = (one.table, one.line)
        if place not in lines:
            found.beside += 1
            continue
        places.add(place)
        rows.add((*place, one.rule))
        exact.add((*place, one.rule, one.field, _shown(one.value or "")))
    missed: Counter[str] = Counter()
    for fault in every:
        place = (fault.table, fault.line)
        if (*place, fault.rule, fault.column, _shown(fault.value)) in exact:
            found.exactly += 1
        if (*place, fault.rule) in rows:
            found.at_row += 1
        else:
            found.otherwise += place in places
            missed[fault.kind] += 1
            found.examples.setdefault(fault.kind, f"{fault.table}:{fault.line} {fault.rule} {fault.value}"[:120])
    found.missed = dict(missed.most_common())
    return found


def _shown(value: str) -> str:
    """As much of a cell as reports show."""
    return value.removesuffix("…")[:_LONGEST]

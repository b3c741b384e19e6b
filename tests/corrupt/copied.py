"""A copy of the founding package that a trial breaks, and where its cells stand: by the csv module, not by onrecord."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

from conftest import FOUNDING, ROOT, copy_package

__all__ = ["ROOT", "Copy", "Expected", "Row", "Sheet", "Wrong", "at", "joined"]

Row = dict[str, str]
_ID = re.compile(r"([A-Z]?)([0-9]+)")


@dataclass(frozen=True)
class Expected:
    """A finding that a corruption must bring about: its first place, its rule, and its other places where they are known.

    ``because`` is empty for the fault itself; a consequence, true in itself, says there why it follows.
    ``texts`` says that only whoever holds the texts can find it.
    """

    path: str
    line: int
    column: int
    rule: str
    because: str = ""
    texts: bool = False
    others: frozenset[tuple[str, int, int]] | None = None

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column} {self.rule}"


@dataclass
class Wrong:
    """A cell, row or file that is wrong, by the row itself: its line is known once everything is written."""

    sheet: Sheet
    row: Row | None
    column: str
    rule: str
    because: str = ""
    texts: bool = False
    also: list[Wrong] = field(default_factory=list)
    beside: list[Wrong] = field(default_factory=list)

    def expected(self) -> Expected:
        """The finding, its first place first; those ``beside`` never lead."""
        places = sorted((w.sheet.path, *w.sheet.place(w.row, w.column)) for w in (self, *self.also))
        beside = [(w.sheet.path, *w.sheet.place(w.row, w.column)) for w in self.beside]
        others = frozenset([*places[1:], *beside]) if self.also or self.beside else None
        return Expected(*places[0], self.rule, self.because, self.texts, others)


def joined(wrongs: list[Wrong], beside: Iterable[Wrong] = ()) -> Wrong:
    """Several places of one finding; those ``beside`` never lead."""
    first, *rest = wrongs
    return Wrong(first.sheet, first.row, first.column, first.rule, first.because, first.texts, rest, list(beside))


def at(path: str, line: int = 0, column: int = 0, rule: str = "", **more: Any) -> Expected:
    """A finding at a place that is known outright."""
    return Expected(path, line, column, rule, **more)


class Sheet:
    """A table of the copy: rows to edit in place, written back by ``Copy.save`` with least quoting and LF."""

    def __init__(self, copy: Copy, name: str) -> None:
        self.copy, self.name, self.path = copy, name, f"dataset/{name}.csv"
        self.columns, *records = csv.reader(io.StringIO(self.text, newline=""))
        self.rows: list[Row] = [dict(zip(self.columns, cells, strict=True)) for cells in records]
        self.before = self.render()

    @property
    def text(self) -> str:
        """What stands in the file now."""
        return self.copy.read(self.path).decode("utf-8")

    @property
    def schema(self) -> dict[str, Any]:
        return schema(self.name)

    @property
    def key(self) -> list[str]:
        return list(self.schema["primaryKey"])

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        return {f["name"]: f for f in self.schema["fields"]}

    def render(self) -> str:
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([self.columns, *([row[c] for c in self.columns] for row in self.rows)])
        return out.getvalue()

    def lines(self) -> list[int]:
        """The line on which each record of the file begins, the header's first."""
        return record_lines(self.text)

    def place(self, row: Row | None, column: str) -> tuple[int, int]:
        """Line and number of a cell in the file as it stands; without column the line, without row the file."""
        if row is None:
            return (1, self.columns.index(column) + 1) if column else (1, 0)
        number = self.number(row)
        line = self.lines()[number + 1]
        if not column:
            return line, 0
        position = self.columns.index(column)
        return line + sum(row[c].count("\n") for c in self.columns[:position]), position + 1

    def number(self, row: Row) -> int:
        """Where a row stands, counted from 0."""
        return next(i for i, r in enumerate(self.rows) if r is row)

    def wrong(self, row: Row | None, column: str, rule: str, because: str = "", texts: bool = False) -> Wrong:
        """A cell that is wrong."""
        return Wrong(self, row, column, rule, because, texts)

    def where(self, **cells: str) -> list[Row]:
        """The rows with these cells."""
        return [row for row in self.rows if cells.items() <= row.items()]

    def get(self, **cells: str) -> Row:
        """The one row with these cells."""
        (row,) = self.where(**cells)
        return row

    def pick(self, rng: Random, fits: Callable[[Row], Any] = lambda _: True) -> Row:
        """A random row among those that fit."""
        rows = [row for row in self.rows if fits(row)]
        if not rows:
            raise LookupError(f"no row of {self.name} fits")
        return rng.choice(rows)

    def add(self, **cells: str) -> Row:
        """A new row, where its key belongs."""
        if not cells.keys() <= set(self.columns):
            raise ValueError(f"no such columns of {self.name}: {cells}")
        row = dict.fromkeys(self.columns, "") | cells
        self.put(row)
        return row

    def put(self, row: Row) -> None:
        """Put a row where its key belongs."""
        after = [i for i, r in enumerate(self.rows) if self.order(r) <= self.order(row)]
        self.rows.insert(after[-1] + 1 if after else 0, row)

    def take(self, row: Row) -> None:
        """Take a row away."""
        del self.rows[self.number(row)]

    def order(self, row: Row) -> list[tuple[int, str, int]]:
        """Identifiers and numbers by value, before other texts."""
        found = []
        for name in self.key:
            match = _ID.fullmatch(row[name])
            found.append((1, match[1], int(match[2])) if match else (2, row[name], 0))
        return found


class Copy:
    """A package in a folder of its own; ``restore`` undoes whatever was written through it."""

    def __init__(self, folder: Path, broken_lines: bool = False) -> None:
        self.folder = folder
        copy_package(folder)
        self.sheets: dict[str, Sheet] = {}
        self._before: dict[str, bytes | None] = {}
        if broken_lines:
            self._break_lines()

    def _break_lines(self) -> None:
        """Put line breaks into free texts, so that a row's number says nothing of its line."""
        for name in self.names():
            sheet = self.sheet(name)
            for column in free_texts(name):
                for row in sheet.rows[:: 3 + len(column) % 5]:
                    row[column] = row[column].replace(" ", "\n", 1)
        self.save()
        self.sheets, self._before = {}, {}

    def names(self) -> list[str]:
        """The tables."""
        return sorted(path.stem for path in FOUNDING.glob("*.csv"))

    def filled(self) -> list[str]:
        """The tables with rows."""
        return [name for name in self.names() if self.sheet(name).rows]

    def sheet(self, name: str) -> Sheet:
        """A table, to edit."""
        if name not in self.sheets:
            self.sheets[name] = Sheet(self, name)
        return self.sheets[name]

    def read(self, path: str) -> bytes:
        """The bytes of a file."""
        return (self.folder / path).read_bytes()

    def write(self, path: str, data: bytes | str) -> None:
        """Write a file, which need not have been there."""
        self._remember(path)
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_bytes(data.encode("utf-8") if isinstance(data, str) else data)

    def delete(self, path: str) -> None:
        """Delete a file."""
        self._remember(path)
        (self.folder / path).unlink()

    def make_folder(self, path: str) -> None:
        """Make a folder, in place of a file if need be."""
        self._remember(path)
        (self.folder / path).unlink(missing_ok=True)
        (self.folder / path).mkdir()

    def _remember(self, path: str) -> None:
        at = self.folder / path
        self._before.setdefault(path, at.read_bytes() if at.is_file() else None)

    def save(self) -> None:
        """Write the tables whose rows were edited."""
        for sheet in self.sheets.values():
            if (text := sheet.render()) != sheet.before:
                self.write(sheet.path, text)

    def restore(self) -> None:
        """Undo everything."""
        for path, data in self._before.items():
            at = self.folder / path
            if at.is_dir():
                shutil.rmtree(at)
            at.unlink(missing_ok=True)
            if data is not None:
                at.write_bytes(data)
        if (self.folder / "releases").is_dir():
            shutil.rmtree(self.folder / "releases")
        self.sheets, self._before = {}, {}


@lru_cache
def schema(name: str) -> dict[str, Any]:
    """The Table Schema of a table, as JSON."""
    found: dict[str, Any] = json.loads((ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def free_texts(name: str) -> Iterator[str]:
    """The columns of a table that hold text in nobody's form: no key, vocabulary, pattern, limit or recorded span."""
    s = schema(name)
    for f in s["fields"]:
        plain = f.get("type", "string") == "string" and not {"enum", "pattern", "maxLength"} & set(
            f.get("constraints", {})
        )
        if plain and f["name"] not in (*s["primaryKey"], "exact", "anchor_from", "anchor_to"):
            yield f["name"]


def record_lines(text: str) -> list[int]:
    """The line on which each record of a CSV begins, as the csv module reads it."""
    reader = csv.reader(io.StringIO(text, newline=""))
    starts, line = [], 1
    for _ in reader:
        starts.append(line)
        line = reader.line_num + 1
    return starts

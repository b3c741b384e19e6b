"""A table in memory: its text, its cells as strings and as typed values, and where each stands in the file."""

from __future__ import annotations

import bisect
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from onrecord.csvtable import TableText, sort_key
from onrecord.dates import bounds, day
from onrecord.findings import Finding, Level
from onrecord.tableschema import TableSchema, arrow_array, convert

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow

__all__ = ["Cell", "LoadedTable", "in_order", "load_table"]

Cell = tuple[int, str]
_LONGEST = 200


@dataclass
class LoadedTable:
    """A table read: its text, its cells as strings and as typed values, and what could not be typed.

    ``frame`` has the types of ``schema.typed`` and the row numbers of ``text`` as its index;
    ``mistyped`` are the cells (row, column) that hold no value of their type. The checks of cells fill
    ``doubts``, cells that are not what they should be, each with the value that was probably meant or
    None where none is likely, and ``doubles``, rows with the key of another, each with that other.
    """

    text: TableText
    schema: TableSchema
    strings: pd.DataFrame
    frame: pd.DataFrame
    mistyped: set[Cell]
    doubts: dict[Cell, str | None] = field(default_factory=dict)
    doubles: dict[int, int] = field(default_factory=dict)

    def changed(self, cells: Mapping[Cell, str], gone: Collection[int]) -> LoadedTable:
        """The table with other cells, and without some rows."""
        if not cells and not gone:
            return self
        strings = self.strings.copy()
        for (row, name), value in cells.items():
            strings.at[row, name] = value
        return _typed(self.text, self.schema, strings.drop(index=list(gone)))

    def doubtful(self, row: int, name: str) -> bool:
        """Whether a cell is known to be wrong."""
        return (row, name) in self.doubts or row in self.text.ragged

    def same(self, row: int, other: int) -> bool:
        """Whether two rows agree in every cell."""
        return bool((self.strings.loc[row] == self.strings.loc[other]).all())

    @property
    def name(self) -> str:
        return self.schema.name

    @property
    def complete(self) -> bool:
        """Whether all rows and columns could be read, so that what is missing is absent."""
        return self.text.complete and not self.text.ragged

    @property
    def lacking(self) -> set[str]:
        """The columns of the schema that the file has not."""
        return set(self.schema.columns) - set(self.text.columns)

    @cached_property
    def undated(self) -> dict[Cell, str | None]:
        """The EDTF cells that are no dates, each with the one that its bounds tell."""
        found: dict[Cell, str | None] = {}
        for x in self.schema.edtf:
            cells = self.strings[[f"{x}_edtf", f"{x}_start", f"{x}_end"]].itertuples(name=None)
            for row, value, start, end in cells:
                if bounds(value).problem:
                    found[row, f"{x}_edtf"] = _dated(start, end)
        return found

    @cached_property
    def in_order(self) -> set[int]:
        """The rows whose keys stand in order."""
        keys = self.strings[self.schema.primary_key].itertuples(index=False, name=None)
        rows = self.strings.index.tolist()
        return {rows[number] for number in in_order([[sort_key(cell) for cell in key] for key in keys])}

    @cached_property
    def digest(self) -> str:
        """A hash of the bytes of the file, or of all cells: equal tables have equal findings."""
        data = self.text.data if self.text.data is not None else repr(self.text.rows).encode("utf-8", errors="replace")
        return hashlib.sha256(data).hexdigest()

    @cached_property
    def arrow(self) -> pyarrow.Table:
        """The table with its row numbers, and the bounds that its EDTF values really have."""
        import pyarrow

        columns = {"row": pyarrow.array(self.frame.index.tolist(), type=pyarrow.int64())}
        columns |= {f.name: arrow_array(self.frame[f.name], f.arrow_type()) for f in self.schema.fields}
        for x in self.schema.edtf:
            found = [bounds(v) for v in self.strings[f"{x}_edtf"]]
            columns[f"{x}_start"] = pyarrow.array([day(b.start) for b in found], type=pyarrow.date32())
            columns[f"{x}_end"] = pyarrow.array([day(b.end) for b in found], type=pyarrow.date32())
        return pyarrow.table(columns)

    def finding(self, row: int, name: str, rule: str, message: str, fix: str, level: Level = "error") -> Finding:
        """A finding at a cell, with its true line and column."""
        line, column = self.text.place(row, name)
        value = self.text.cell(row, name)
        shown = value if value is None or len(value) <= _LONGEST else f"{value[:_LONGEST]}…"
        return Finding(self.text.path, line, column, rule, message, fix, self.name, name, shown, level)


def load_table(text: TableText, schema: TableSchema) -> LoadedTable:
    """Type the cells of a table; columns the file lacks are empty."""
    import pandas as pd

    raw = pd.DataFrame(text.rows, columns=range(len(text.columns)), dtype="str")
    strings = pd.DataFrame(
        {
            c: raw[text.columns.index(c)] if c in text.columns else pd.Series("", index=raw.index, dtype="str")
            for c in schema.columns
        }
    )
    return _typed(text, schema, strings)


def _typed(text: TableText, schema: TableSchema, strings: pd.DataFrame) -> LoadedTable:
    import pandas as pd

    frame, mistyped = {}, set()
    for f in schema.fields:
        frame[f.name], bad = convert(strings[f.name], f.type)
        mistyped |= {(int(row), f.name) for row in bad[bad].index}
    return LoadedTable(text, schema, strings, pd.DataFrame(frame), mistyped)


def _dated(start: str, end: str) -> str | None:
    """The EDTF value that has these bounds."""
    value = start if start == end else f"{start or '..'}/{end or '..'}"
    return value if value and not bounds(value).problem else None


def in_order(keys: list[Any]) -> set[int]:
    """The most keys that stand in order (a longest increasing subsequence), by number; of equal ones the first."""
    tails: list[Any] = []
    ends: list[int] = []
    before: list[int] = []
    for row, key in enumerate(keys):
        length = bisect.bisect_left(tails, key)
        before.append(ends[length - 1] if length else -1)
        if tails[length : length + 1] != [key]:
            tails[length : length + 1] = [key]
            ends[length : length + 1] = [row]
    found, row = set(), ends[-1] if ends else -1
    while row >= 0:
        found.add(row)
        row = before[row]
    return found

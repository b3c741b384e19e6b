"""A table in memory: its text, its cells as strings and as typed values, and where each stands in the file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from onrecord.csvtable import TableText
from onrecord.dates import bounds, day
from onrecord.findings import Finding, Level
from onrecord.tableschema import TableSchema, arrow_array, convert

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow

__all__ = ["LoadedTable", "load_table"]

_LONGEST = 200


@dataclass
class LoadedTable:
    """A table read: its text, its cells as strings and as typed values, and what could not be typed.

    ``frame`` has the types of ``schema.typed`` and the row numbers of ``text`` as its index;
    ``mistyped`` are the cells (row, column) that hold no value of their type. ``doubts`` are cells that
    are no values of their fields, each with the value that was probably meant, empty where none is
    likely; the checks of cells find them. ``doubtful`` are rows that are not what they seem: too many or
    too few cells, or the key of an earlier row.
    """

    text: TableText
    schema: TableSchema
    strings: pd.DataFrame
    frame: pd.DataFrame
    mistyped: set[tuple[int, str]]
    doubtful: set[int] = field(default_factory=set)
    doubts: dict[tuple[int, str], str] = field(default_factory=dict)

    def with_cells(self, cells: Mapping[tuple[int, str], str]) -> LoadedTable:
        """The table with other cells, and without doubtful rows and rows whose key becomes empty."""
        strings = self.strings.copy()
        for (row, name), value in cells.items():
            strings.at[row, name] = value
        gone = self.doubtful | {
            row for (row, name), value in cells.items() if name in self.schema.primary_key and not value
        }
        return _typed(self.text, self.schema, strings.drop(index=list(gone)))

    @property
    def name(self) -> str:
        return self.schema.name

    @cached_property
    def digest(self) -> str:
        """A hash of the bytes of the file: equal tables have equal findings."""
        return hashlib.sha256(self.text.data or b"").hexdigest()

    @cached_property
    def arrow(self) -> pyarrow.Table:
        """The table with its row numbers, and the bounds that its EDTF values really have."""
        import pandas as pd
        import pyarrow

        frame = self.frame.copy()
        for x in self.schema.edtf:
            found = [bounds(v) for v in self.strings[f"{x}_edtf"]]
            frame[f"{x}_start"] = pd.Series([day(b.start) for b in found], index=frame.index, dtype="object")
            frame[f"{x}_end"] = pd.Series([day(b.end) for b in found], index=frame.index, dtype="object")
        columns = {"row": pyarrow.array(frame.index.tolist(), type=pyarrow.int64())}
        columns |= {f.name: arrow_array(frame[f.name], f.arrow_type()) for f in self.schema.fields}
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
    key = strings[schema.primary_key]
    doubtful = text.ragged | {int(row) for row in key.index[key.duplicated()]}
    return LoadedTable(text, schema, strings, pd.DataFrame(frame), mistyped, doubtful)

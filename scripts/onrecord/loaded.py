"""A table in memory: its text, its cells as strings and as typed values, and where each stands in the file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from onrecord.findings import Finding
from onrecord.package import TableText
from onrecord.tableschema import TableSchema, convert

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LoadedTable", "load_table"]


@dataclass
class LoadedTable:
    """A table read: its text, its cells as strings and as typed values, and what could not be typed.

    ``frame`` has the types of ``schema.typed`` and the row numbers of ``text`` as its index;
    ``mistyped`` are the cells (row, column) that hold no value of their type.
    """

    text: TableText
    schema: TableSchema
    strings: pd.DataFrame
    frame: pd.DataFrame
    mistyped: set[tuple[int, str]]

    @cached_property
    def doubtful(self) -> set[int]:
        """Rows not to be trusted: too many or too few cells, a cell of another type, the key of an earlier row."""
        key = self.strings[self.schema.primary_key]
        return self.text.ragged | {row for row, _ in self.mistyped} | {int(row) for row in key.index[key.duplicated()]}

    def without_doubt(self) -> LoadedTable:
        """The table without its doubtful rows; the others keep their row numbers."""
        strings, frame = self.strings.drop(index=list(self.doubtful)), self.frame.drop(index=list(self.doubtful))
        return LoadedTable(self.text, self.schema, strings, frame, self.mistyped)

    @property
    def name(self) -> str:
        return self.schema.name

    def finding(self, row: int, field: str, rule: str, message: str) -> Finding:
        """A finding at a cell, with its true line and column."""
        line, column = self.text.place(row, field)
        return Finding(self.text.path, line, column, rule, message, self.name, field, self.text.cell(row, field))


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
    frame, mistyped = {}, set()
    for f in schema.fields:
        frame[f.name], bad = convert(strings[f.name], f.type)
        mistyped |= {(int(row), f.name) for row in bad[bad].index}
    return LoadedTable(text, schema, strings, pd.DataFrame(frame), mistyped)

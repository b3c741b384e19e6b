"""A table as a survey knows it: where it lies, what is kept of it, and what its scan told."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from onrecord.columnar import SUFFIX
from onrecord.ruling import ibis_type
from onrecord.tableschema import TableSchema

__all__ = ["LINE", "Surveyed"]

LINE = "line__"  # the last column of a copy


@dataclass
class Surveyed:
    """A table on disk, and what a scan told of it: it is ``sorted`` if every key is greater than the one above.

    ``complete`` is false where columns are missing, ``odd`` says that it was copied without the rows
    that cannot be read, which are ``unread``. Columns ``lent`` refer to keys of the same pattern, and those
    ``referred`` do so wherever they are filled. An odd table really has the columns ``header``, its copy has
    ``copied``, and ``where`` tells at which of these each of the former stands. ``breaks`` are the rows with
    line breaks in their cells, and how many have come by then.
    """

    schema: TableSchema
    path: str
    kept: list[str]
    lent: list[str]
    rows: int = 0
    suspects: int = 0
    strange: int = 0
    sorted: bool = False
    broken: bool = False
    complete: bool = True
    odd: bool = False
    header: list[str] = field(default_factory=list)
    copied: list[str] = field(default_factory=list)
    where: list[int] = field(default_factory=list)
    breaks: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    unread: list[dict[str, str]] = field(default_factory=list)
    referred: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return self.schema.name

    @property
    def numbered(self) -> bool:
        """Whether it has rows but no lines, see ``TableText``."""
        return self.path.endswith(SUFFIX)

    @property
    def types(self) -> dict[str, str]:
        """The columns that are kept of the scanned table, with their types in Ibis."""
        return {"row": "int64", **{c: ibis_type(self.schema.field[c].type) for c in self.kept}}

    @cached_property
    def essence(self) -> dict[str, Any]:
        """Of the schema, what its queries depend on."""
        fields = [[f.name, f.type, dict(f.constraints)] for f in self.schema.fields]
        return {"name": self.name, "fields": fields, "kept": self.kept}

    @property
    def lacking(self) -> set[str]:
        """The columns of the schema that the file has not."""
        return set(self.schema.columns) - set(self.header) if self.odd else set()

    def name_columns(self, header: list[str]) -> None:
        """Note the columns that an odd table really has."""
        columns = self.schema.columns
        first = {header.index(name): at for at, name in enumerate(columns) if name in header}
        others = [at for at in range(len(header)) if at not in first]
        first |= {at: number for number, at in enumerate(others, len(columns))}
        self.header, self.where = header, [first[at] for at in range(len(header))]
        self.copied = [*columns, *(f"{at}__" for at in others), LINE]

    def line(self, row: int) -> int:
        """The line on which a row begins, if the table is not odd."""
        if self.numbered:
            return row + 1
        rows, sums = self.breaks
        number = bisect.bisect_left(rows, row)
        return row + 2 + (sums[number - 1] if number else 0)

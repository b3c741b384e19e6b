"""A finding: one fault, with its place in a file, what is wrong and how to mend it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Literal

__all__ = ["Finding", "Level", "PackageError", "Place", "Region", "shown"]

Level = Literal["error", "warning"]


class PackageError(Exception):
    """The work could not be begun: the message says why, in one line for people."""


@dataclass(frozen=True, order=True)
class Place:
    """A cell, a line or a file.

    ``path`` is relative to the package, ``line`` the line on which the cell begins, from 1, and
    ``column`` the number of the field in the header, from 1; 0 where there is no line or no column.
    """

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.path, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True, order=True)
class Region:
    """Where the characters of a cell stand in its file: lines and columns from 1, in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, order=True)
class Finding:
    """One fault, at one place or, where one cause has many effects, at several.

    ``message`` says what is wrong and ``fix`` how to mend it. ``line`` and ``column`` are those of
    ``Place``; ``others`` are the further places of the same cause, in the order of the files.
    ``mendable`` says that writing the file anew mends it without loss; ``region`` is known for
    cells, once a whole package has been checked.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    fix: str = ""
    table: str = ""
    field: str = ""
    value: str | None = None
    level: Level = "error"
    mendable: bool = False
    others: tuple[Place, ...] = ()
    region: Region | None = dataclasses.field(default=None, compare=False)

    @property
    def place(self) -> Place:
        """The first place."""
        return Place(self.path, self.line, self.column)

    @property
    def count(self) -> int:
        """The number of places."""
        return 1 + len(self.others)

    def __str__(self) -> str:
        text = f"{self.place} {self.rule}: {self.message}"
        if self.fix:
            text += f"; {self.fix}"
        if self.others:
            first = ", ".join(str(p) for p in self.others[:3])
            more = f", and {len(self.others) - 3} more" if len(self.others) > 3 else ""
            text += f" (also at {first}{more})"
        return text


def shown(value: str) -> str:
    """A value quoted for a message: control characters escaped, long ones cut."""
    return repr(value) if len(value) <= 80 else f"{value[:60]!r}… ({len(value):,} characters)"

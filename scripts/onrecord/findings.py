"""A finding: one thing that is wrong, at one place in one file, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding", "PackageError"]


class PackageError(Exception):
    """The work could not be begun: the message says why, in one line for people."""


@dataclass(frozen=True, order=True)
class Finding:
    """One fault.

    ``line`` is the line of the file on which the cell begins, from 1; ``column`` the number of
    the field in the header, from 1; 0 where the fault has no line or no column.
    ``mendable`` says that writing the file anew mends it without loss.
    """

    path: str
    line: int
    column: int
    rule: str
    message: str
    table: str = ""
    field: str = ""
    value: str | None = None
    mendable: bool = False

    def __str__(self) -> str:
        place = self.path
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        return f"{place} {self.rule}: {self.message}"

"""New identifiers of a table: the number after the highest that it ever had."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onrecord.findings import PackageError
from onrecord.tableschema import TableSchema

__all__ = ["Mint"]

_IDENTIFIER = re.compile(r"([A-Z])([0-9]+)", re.ASCII)
_PATTERN = re.compile(r"\^([A-Z])\[0-9\]\{([0-9]+),\}\$")


class Mint:
    """Gives identifiers of a table that nobody has or had.

    ``had`` are all that were ever used: those of its rows, of its releases, and the retired ones; those of other
    tables, which have another letter, are passed over. Raises PackageError for a table without identifiers of its own.
    """

    def __init__(self, schema: TableSchema, had: Iterable[str]) -> None:
        pattern = schema.field[schema.primary_key[0]].constraints.get("pattern", "") if schema.mints_identifiers else ""
        form = _PATTERN.fullmatch(str(pattern))
        if form is None:
            raise PackageError(f"table {schema.name} has no identifiers of its own")
        self._letter, self._width = form[1], int(form[2])
        matches = (_IDENTIFIER.fullmatch(one) for one in had)
        self._last = max((int(m[2]) for m in matches if m and m[1] == self._letter), default=0)

    def next(self) -> str:
        """The next identifier."""
        self._last += 1
        return f"{self._letter}{self._last:0{self._width}}"

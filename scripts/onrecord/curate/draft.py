"""Changed tables of a package, validated in memory before anything is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from onrecord.csvtable import canonical_csv
from onrecord.dates import bounds
from onrecord.findings import PackageError
from onrecord.package import Package
from onrecord.report import Report
from onrecord.store import Writer
from onrecord.tableschema import TableSchema
from onrecord.validate import Validator

__all__ = ["Draft", "Row"]

Row = dict[str, str]
_IDENTIFIER = re.compile(r"\^([A-Z])\[0-9\]\{([0-9]+),\}\$")
_DIGITS = re.compile("[A-Z]([0-9]+)")


class _Changed(Package):
    """A package some of whose files have other bytes than on disk."""

    def __init__(self, package: Package, root: Path, changes: Mapping[str, bytes]) -> None:
        self._changes = changes
        super().__init__(root, package.label)

    def read_bytes(self, path: str) -> bytes:
        found = self._changes.get(path)
        return super().read_bytes(path) if found is None else found


class Draft:
    """The tables of a package as rows of text, to be changed, validated and written, all or nothing.

    Raises PackageError for a zip, and, when a table is asked for, for one that cannot be read without loss.
    """

    def __init__(self, package: Package) -> None:
        if not isinstance(package.root, Path):
            raise PackageError(f"{package.label}: a zip cannot be written to; unpack it first")
        self.package = package
        self.root: Path = package.root
        self._rows: dict[str, list[Row]] = {}
        self._before: dict[str, tuple[bytes, list[Row]]] = {}

    def rows(self, table: str) -> list[Row]:
        """The rows of a table, each with every column of its schema; change, add and remove as needed."""
        if table not in self._rows:
            if table not in self.package.names:
                raise PackageError(f"{self.package.label}: has no table {table}")
            text, findings = self.package.read(table)
            if text.data is None or not text.complete or any(not f.mendable for f in findings):
                raise PackageError(f"{findings[0]} (run 'onrecord validate' for all that is wrong)")
            rows = [dict(zip(text.columns, cells, strict=True)) for cells in text.rows]
            self._rows[table] = [{name: row[name] for name in self.schema(table).columns} for row in rows]
            self._before[table] = (text.data, [dict(row) for row in self._rows[table]])
        return self._rows[table]

    def schema(self, table: str) -> TableSchema:
        """The schema of a table."""
        return TableSchema(table, self.package.schemas[table])

    def add(self, table: str, **cells: str) -> Row:
        """Add a row; columns that are not named are empty. Raises KeyError for a column that does not exist."""
        row = dict.fromkeys(self.schema(table).columns, "")
        for name, value in cells.items():
            row[name]  # a name that is no column
            row[name] = value
        self.rows(table).append(row)
        return row

    def mint(self, table: str) -> str:
        """An identifier for a new row of a table, greater than all that were ever used here, also withdrawn ones."""
        key = self.schema(table).primary_key[0]
        match = _IDENTIFIER.fullmatch(str(self.schema(table).field[key].constraints.get("pattern", "")))
        if match is None:
            raise PackageError(f"table {table} mints no identifiers")
        letter, width = match[1], int(match[2])
        used = [row[key] for row in self.rows(table)] + [row["retired_id"] for row in self.rows("retired")]
        used += self._released.get(table, [])
        numbers = [int(m[1]) for one in used if one.startswith(letter) and (m := _DIGITS.fullmatch(one))]
        return f"{letter}{max(numbers, default=0) + 1:0{width}}"

    @cached_property
    def _released(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for ledger in self.package.releases.values():
            for table, content in ledger["tables"].items():
                found.setdefault(table, []).extend(content["rows"])
        return found

    def files(self) -> dict[str, bytes]:
        """The canonical bytes of each table that was changed, date bounds derived, by path in the package."""
        found = {}
        for table, rows in self._rows.items():
            if rows == self._before[table][1]:
                continue
            schema = self.schema(table)
            for row in rows:
                for x in schema.edtf:
                    if not (b := bounds(row[f"{x}_edtf"])).problem:
                        row[f"{x}_start"], row[f"{x}_end"] = b.start, b.end
            found[self.package.path(table)] = canonical_csv(schema.columns, schema.primary_key, rows)
        return found

    def report(self, texts: Path | None = None) -> Report:
        """What validation would find in the package with these changes; ``texts`` as in ``Validator``."""
        return Validator(texts).check(_Changed(self.package, self.root, self.files()))

    def write(self, writer: Writer, more: Mapping[Path, bytes] | None = None) -> list[Path]:
        """Write the changed tables, and ``more`` files of the package, all or none; returns those that changed.

        Raises PackageError when a table is no longer as it was read, or disk or permissions forbid it.
        """
        paths = {self.package.path(table): table for table in self._rows}
        seen = {self.root / path: self._before[table][0] for path, table in paths.items()}
        return writer.write({self.root / path: data for path, data in self.files().items()} | dict(more or {}), seen)

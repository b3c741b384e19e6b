"""The tables of a package in memory: rows are added to them, and they are given back as canonical bytes."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping

from onrecord.csvtable import canonical_csv
from onrecord.dates import bounds
from onrecord.findings import PackageError
from onrecord.package import Package
from onrecord.tableschema import TableSchema

__all__ = ["Key", "Row", "Tables"]

Key = tuple[str, ...]
Row = dict[str, str]
"""A row by the names of its columns."""


class Tables:
    """Every table of a package, its rows by their keys; ``added`` and ``changed`` count rows by table.

    Raises PackageError where a table cannot be read without loss.
    """

    def __init__(self, package: Package) -> None:
        self.schemas = {name: TableSchema(name, schema) for name, schema in package.schemas.items()}
        self.rows: dict[str, dict[Key, Row]] = {}
        self.seen: dict[str, bytes] = {}
        self.added: Counter[str] = Counter()
        self.changed: Counter[str] = Counter()
        for name in package.names:
            text, findings = package.read(name)
            if findings or text.data is None:
                raise PackageError(f"{findings[0] if findings else name}; mend the package first: onrecord validate")
            self.seen[package.path(name)] = text.data
            rows = (dict(zip(text.columns, cells, strict=True)) for cells in text.rows)
            self.rows[name] = {self.key(name, row): row for row in rows}
        self._paths = {name: package.path(name) for name in package.names}

    def key(self, table: str, row: Mapping[str, str]) -> Key:
        """The key of a row."""
        return tuple(row[name] for name in self.schemas[table].primary_key)

    def get(self, table: str, *key: str) -> Row | None:
        """The row with a key."""
        return self.rows[table].get(key)

    def every(self, table: str) -> list[Row]:
        """All rows of a table, those that were there first."""
        return list(self.rows[table].values())

    def add(self, table: str, row: Mapping[str, str]) -> Key | None:
        """Add a row, bounds filled in, cells that are not given empty; its key, None where that is taken."""
        schema = self.schemas[table]
        full = {name: unicodedata.normalize("NFC", row.get(name, "")) for name in schema.columns}
        _fill_bounds(full, schema)
        key = self.key(table, full)
        if key in self.rows[table]:
            return None
        self.rows[table][key] = full
        self.added[table] += 1
        return key

    def change(self, table: str, key: Key, cells: Mapping[str, str]) -> None:
        """Change cells of a row that is there; none of its key."""
        self.rows[table][key].update(cells)
        self.changed[table] += 1

    def files(self) -> dict[str, bytes]:
        """The tables that differ from what was read, in canonical form, by their paths in the package."""
        return {
            self._paths[name]: canonical_csv(schema.columns, schema.primary_key, self.rows[name].values())
            for name, schema in self.schemas.items()
            if self.added[name] or self.changed[name]
        }


def _fill_bounds(row: Row, schema: TableSchema) -> None:
    for x in schema.edtf:
        found = bounds(row[f"{x}_edtf"])
        if not found.problem:
            row[f"{x}_start"], row[f"{x}_end"] = found.start, found.end

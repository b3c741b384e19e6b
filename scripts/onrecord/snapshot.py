"""A state of the dataset that can be compared with another: its rows, their hashes and its schemas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord import changelog
from onrecord.findings import PackageError, shown
from onrecord.package import Package, schema_problem
from onrecord.tableschema import TableSchema
from onrecord.versions import Version, version

__all__ = ["Cells", "Key", "State", "known_version", "row_hash", "state_of"]

Key = tuple[str, ...]
Cells = dict[str, str]


@dataclass(frozen=True)
class State:
    """The dataset at one time.

    ``version`` is None where the descriptor has none that can be read. ``tables`` hold the cells of
    each row as they stand in the CSV, by key, and None where only the hash of the row is known;
    ``hashes`` are known for every row, ``labels`` for rows that people call by a name. ``retired``
    has the row of each withdrawn identifier, empty where only the identifier is known. ``notes`` is
    what the package's own changelog says.
    """

    label: str
    version: Version | None
    schemas: dict[str, dict[str, Any]]
    tables: dict[str, dict[Key, Cells | None]]
    hashes: dict[str, dict[Key, str]]
    retired: dict[str, Cells]
    descriptor: dict[str, Any]
    labels: dict[str, dict[Key, str]] = field(default_factory=dict)
    notes: tuple[changelog.Note, ...] = ()

    def identifiers(self, table: str) -> set[str]:
        """The identifiers that a table mints, none where its key is made of those of others."""
        if table not in self.schemas or not TableSchema(table, self.schemas[table]).mints_identifiers:
            return set()
        return {key[0] for key in self.hashes.get(table, {})}


class _OfAnyTime(Package):
    """A package whose schemas need not have what the rules of today read, since it may be older than they are."""

    def table_schema(self, name: str, where: Any) -> dict[str, Any]:
        """The Table Schema of a table. Raises PackageError when there is none that can be understood."""
        schema = self.read_json(where) if isinstance(where, str) and where else where
        problem = schema_problem(schema) if isinstance(schema, dict) else "is missing"
        if problem:
            raise PackageError(f"{self.label}: the schema of {name} {problem}")
        return dict(schema)


def state_of(package: Package) -> State:
    """The state of an opened package. Raises PackageError for a table that cannot be read without loss."""
    package = _OfAnyTime(package.root, package.label)
    tables: dict[str, dict[Key, Cells | None]] = {}
    hashes: dict[str, dict[Key, str]] = {}
    labels: dict[str, dict[Key, str]] = {}
    retired: dict[str, Cells] = {}
    for name in package.names:
        schema = TableSchema(name, package.schemas[name])
        rows = _rows(package, schema)
        tables[name] = dict(rows)
        hashes[name] = {key: row_hash(row.items()) for key, row in rows.items()}
        labels[name] = _labels(schema, rows)
        if name == "retired":
            retired = {key[0]: row for key, row in rows.items()}
    known = known_version(package.descriptor.get("version"))
    return State(
        package.label,
        known,
        package.schemas,
        tables,
        hashes,
        retired,
        package.descriptor,
        labels,
        changelog.notes(package),
    )


def _rows(package: Package, schema: TableSchema) -> dict[Key, Cells]:
    text, findings = package.read(schema.name)
    if findings:
        raise PackageError(f"{package.label}: {findings[0]} (run 'onrecord validate' for the rest)")
    rows: dict[Key, Cells] = {}
    for number, cells in enumerate(text.rows):
        row = dict(zip(text.columns, cells, strict=True))
        key = tuple(row[name] for name in schema.primary_key)
        if key in rows:
            what = f"the key {shown(', '.join(key))} stands twice; keep one of the rows"
            raise PackageError(f"{package.label}: {text.path}:{text.lines[number]}: {what}")
        rows[key] = row
    return rows


def row_hash(cells: Iterable[tuple[str, str]]) -> str:
    """The hash of a row: of its non-empty cells with their columns.

    Neither the order of the columns nor an empty column that is appended changes it.
    """
    pairs = sorted([column, value] for column, value in cells if value)
    # escaped, since a cell may hold half a surrogate pair, which has no bytes in UTF-8
    return hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode("ascii")).hexdigest()


def _labels(schema: TableSchema, rows: Mapping[Key, Cells]) -> dict[Key, str]:
    """What people call the rows of a table with identifiers: the first text that every row must have."""
    bound = {"enum", "pattern", "maxLength"}
    names = [f.name for f in schema.fields if f.type == "string" and f.required and not bound & set(f.constraints)]
    if not schema.mints_identifiers or not names:
        return {}
    return {key: row[names[0]] for key, row in rows.items() if row[names[0]]}


def known_version(text: Any) -> Version | None:
    """The version that a descriptor or a ledger has, None where it is none of ours."""
    try:
        return version(text) if isinstance(text, str) else None
    except PackageError:
        return None

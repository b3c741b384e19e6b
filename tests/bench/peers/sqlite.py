"""SQLite built by others: the sqlite3 shell's ``.import``, and csvs-to-sqlite, from the files of a package.

Both get the tables, indexes and full text of ``onrecord build``, the flat table included, which ``onrecord build`` has to
have made before; the shell gets the keys too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from onrecord.build import SEARCH
from onrecord.database import DATES, FLAT, flat_schema, quote
from onrecord.package import open_package
from onrecord.tableschema import TableSchema

__all__ = ["csvs_plan", "script"]


def script(folder: Path) -> str:
    """What the shell is told."""
    schemas, files = _tables(folder)
    lines = ["PRAGMA journal_mode = OFF;", "PRAGMA synchronous = OFF;"]
    lines += [_created(schema) for schema in schemas.values()]
    lines.append("BEGIN;")
    lines += [f".import --csv --skip 1 '{files[name]}' {name}" for name in schemas]
    for schema in schemas.values():
        lines += _indexes(schema)
    for name, columns in SEARCH.items():
        listed = ", ".join(columns)
        lines.append(
            f"CREATE VIRTUAL TABLE {name}_fts USING fts5({listed}, tokenize='porter unicode61', content={quote(name)});"
        )
        lines.append(f"INSERT INTO {name}_fts (rowid, {listed}) SELECT rowid, {listed} FROM {name};")
    return "\n".join([*lines, "COMMIT;", "ANALYZE;", ""])


def _tables(folder: Path) -> tuple[dict[str, TableSchema], dict[str, Path]]:
    """The schemas and CSVs of the tables of a package, and of its flat table."""
    package = open_package(folder)
    schemas = {name: TableSchema(name, package.schemas[name]) for name in package.names}
    files = {name: folder / package.path(name) for name in schemas}
    return {**schemas, FLAT: flat_schema(package)}, {**files, FLAT: folder / f"build/{FLAT}.csv"}


def csvs_plan(folder: Path, path: Path) -> list[list[str]]:
    """The words of a csvs-to-sqlite command per table with rows, which makes its indexes and full text.

    Tables with a column ``table_name`` are left out: csvs-to-sqlite 1.3.1 takes it for the name of the table, and fails.
    """
    schemas, files = _tables(folder)
    plan = []
    for name, schema in schemas.items():
        file = files[name]
        if "table_name" in schema.field:
            continue
        with file.open("rb") as lines:
            if not any(number for number, _ in enumerate(lines)):
                continue
        words = [str(file), str(path)]
        for key in schema.foreign_keys:
            words += ["--index", ",".join(key.fields)]
        for column in SEARCH.get(name, []):
            words += ["--fts", column]
        plan.append(words)
    return plan


def _created(schema: TableSchema) -> str:
    parts = [f"{quote(f.name)} {f.sqlite_type}" for f in schema.fields]
    parts += [f"PRIMARY KEY ({_names(schema.primary_key)})"] if schema.primary_key else []
    parts += [f"UNIQUE ({_names(key)})" for key in schema.unique_keys]
    return f"CREATE TABLE {quote(schema.name)} ({', '.join(parts)});"


def _indexes(schema: TableSchema) -> Iterator[str]:
    for key in schema.foreign_keys:
        if list(key.fields) != schema.primary_key[: len(key.fields)]:
            name = quote("_".join(("ix", schema.name, *key.fields)))
            yield f"CREATE INDEX {name} ON {quote(schema.name)} ({_names(key.fields)});"
    if schema.name in DATES:
        column = DATES[schema.name]
        yield f"CREATE INDEX {quote(f'ix_{schema.name}_{column}')} ON {quote(schema.name)} ({quote(column)});"


def _names(names: object) -> str:
    return ", ".join(quote(str(name)) for name in names)  # type: ignore[attr-defined]

"""A valid package → SQLite, Parquet and the flat table, all of them or none."""

from __future__ import annotations

import csv
import os
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from onrecord import database, parquet
from onrecord.built import build_folder
from onrecord.findings import PackageError
from onrecord.package import Package
from onrecord.report import Report
from onrecord.store import Writer, home, writing
from onrecord.tableschema import Field, TableSchema

__all__ = ["SEARCH", "build"]

_COMMAND = "onrecord build"
_PRAGMAS = (
    "page_size = 8192",
    "journal_mode = OFF",
    "synchronous = OFF",
    "locking_mode = EXCLUSIVE",
    "cache_size = -16384",
    "ignore_check_constraints = ON",
)
_VALUE: dict[str, Callable[[str], Any]] = {"number": float, "boolean": {"true": 1, "false": 0}.__getitem__}
SEARCH = {
    "propositions": ["proposition"],
    "claims": ["claim_summary", "claim_condition"],
    "events": ["event_title", "event_summary"],
    "actors": ["actor_name", "actor_description"],
    "sources": ["title", "source_notes"],
    "evidence": ["exact"],
    "flat": ["claim_summary", "proposition", "speaker", "publisher", "source_title", "event"],
}


def build(package: Package, folder: Path | None = None) -> tuple[Report, list[Path]]:
    """Build ``onrecord.db``, one Parquet per table, and flat.csv and flat.parquet.

    ``folder`` is ``build_folder(package)`` by default. An invalid package builds nothing: the report
    says why, and the list of files is empty. Same input, same bytes with the same library versions.

    Raises PackageError when another command holds package or folder, or the folder cannot be written;
    all that was built before is kept then.
    """
    from onrecord.engines import Check
    from onrecord.validate import Validator

    folder = folder or build_folder(package)
    with ExitStack() as held:
        writer = None
        if isinstance(package.root, Path) and os.access(package.root, os.W_OK):
            writer = held.enter_context(writing(package.root, _COMMAND))
        if isinstance(package.root, Path):  # opened anew, since another command may have written while this one waited
            package = Package(package.root, package.label)
        began = time.time_ns()
        report = Check(Validator()).run(package)
        if not report.valid:
            return report, []
        if writer is None or writer.root != home(folder):
            writer = held.enter_context(writing(home(folder), _COMMAND))
        return report, _write(package, folder, began, writer)


def _write(package: Package, folder: Path, began: int, writer: Writer) -> list[Path]:
    import duckdb

    names = [*(f"{name}.parquet" for name in sorted(package.names)), "flat.csv", "flat.parquet", "onrecord.db"]
    paths = [folder / name for name in names]
    flat = database.flat_schema(package)
    with writer.replacing(paths) as beside, _csvs(package) as csvs:
        scans = [(csvs[n], TableSchema(n, package.schemas[n]), beside[folder / f"{n}.parquet"]) for n in csvs]
        try:
            with parquet.scanner() as connection:
                for csv_path, schema, path in scans:
                    parquet.write(connection, csv_path, schema, path)
                _database(package, csvs, beside[folder / "onrecord.db"])
                _flat_csv(beside[folder / "onrecord.db"], flat, beside[folder / "flat.csv"])
                parquet.write(connection, beside[folder / "flat.csv"], flat, beside[folder / "flat.parquet"])
        except (sqlite3.Error, duckdb.Error, csv.Error, UnicodeDecodeError) as error:
            raise PackageError(f"cannot build {folder}: {error}; nothing was changed") from None
        for path in beside.values():  # what is edited from here on is newer than what is built, see is_stale
            os.utime(path, ns=(began, began))
    return paths


@contextmanager
def _csvs(package: Package) -> Iterator[dict[str, Path]]:
    """The CSVs of the tables as files; those of an archive are unpacked."""
    if isinstance(package.root, Path):
        yield {name: package.root / package.path(name) for name in package.names}
        return
    with TemporaryDirectory() as folder:
        csvs = {name: Path(folder) / f"{number}.csv" for number, name in enumerate(package.names)}
        for name, path in csvs.items():
            path.write_bytes(package.read_bytes(package.path(name)))
        yield csvs


def _database(package: Package, csvs: Mapping[str, Path], path: Path) -> None:
    """Make the database of a valid package.

    The file is new and takes its place when it is whole, so that nothing is journalled or synced; and
    what the CHECKs ask, validation has answered.
    """
    with closing(sqlite3.connect(path, isolation_level=None, cached_statements=2)) as connection:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        schemas = {name: TableSchema(name, package.schemas[name]) for name in package.names}
        connection.execute("BEGIN")
        database.create(connection, schemas)
        count = sum(database.insert(connection, schema, _rows(csvs[name], schema)) for name, schema in schemas.items())
        database.index(connection, schemas)
        database.derive(connection, package, count)
        connection.execute("COMMIT")
        for name, columns in SEARCH.items():
            database.search(connection, name, columns)
        connection.execute("ANALYZE")


def _rows(path: Path, schema: TableSchema) -> Iterator[list[Any]]:
    """The rows of a valid CSV as SQLite takes them; its columns make integers of texts themselves."""
    turned = [(at, _VALUE[f.type]) for at, f in enumerate(schema.fields) if f.type in _VALUE]
    with path.open(encoding="utf-8", newline="") as file:
        rows: Iterator[list[Any]] = csv.reader(file, strict=True)
        if next(rows) != schema.columns:
            raise csv.Error(f"the columns of {schema.name} are not those of its schema")
        if not turned:
            yield from rows
        for row in rows:
            for at, value in turned:
                row[at] = value(row[at]) if row[at] else None
            yield row


def _flat_csv(built: Path, schema: TableSchema, path: Path) -> None:
    """Write the flat table of a database as a canonical CSV."""
    columns = ", ".join(_as_written(f) for f in schema.fields)
    with closing(sqlite3.connect(built)) as connection, path.open("w", encoding="utf-8", newline="") as out:
        # the writer quotes a carriage return only where that ends its lines
        lines = SimpleNamespace(write=lambda line: out.write(line.removesuffix("\r\n") + "\n"))
        writer = csv.writer(lines, lineterminator="\r\n")
        writer.writerow(schema.columns)
        writer.writerows(connection.execute(f"SELECT {columns} FROM {database.quote(database.FLAT)} ORDER BY rowid"))


def _as_written(f: Field) -> str:
    name = database.quote(f.name)
    return f"CASE {name} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END" if f.type == "boolean" else name

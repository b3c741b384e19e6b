"""A valid package → SQLite, Parquet and the flat table, all of them or none."""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord import database
from onrecord.archive import Folder
from onrecord.dataset import Dataset, read
from onrecord.findings import PackageError
from onrecord.package import INSTALLED, Package
from onrecord.report import Report
from onrecord.store import Writer, home, writing
from onrecord.tableschema import TableSchema, arrow_array

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["build", "build_folder", "is_stale"]

_COMMAND = "onrecord build"
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
    from onrecord.validate import validate

    folder = folder or build_folder(package)
    with ExitStack() as held:
        writer = None
        if isinstance(package.root, Path) and os.access(package.root, os.W_OK):
            writer = held.enter_context(writing(package.root, _COMMAND))
        if isinstance(package.root, Path):  # opened anew, since another command may have written while this one waited
            package = Package(package.root, package.label)
        began = time.time_ns()
        report = validate(package)
        if not report.valid:
            return report, []
        dataset = read(package)
        if writer is None or writer.root != home(folder):
            writer = held.enter_context(writing(home(folder), _COMMAND))
        return report, _write(package, dataset, folder, began, writer)


def _write(package: Package, dataset: Dataset, folder: Path, began: int, writer: Writer) -> list[Path]:
    names = [*(f"{name}.parquet" for name in sorted(package.names)), "flat.csv", "flat.parquet", "onrecord.db"]
    paths = [folder / name for name in names]
    with writer.replacing(paths) as beside:
        for name in package.names:
            schema = TableSchema(name, package.schemas[name])
            _parquet(dataset.tables[name], schema, beside[folder / f"{name}.parquet"])
        _csv(dataset.flat, beside[folder / "flat.csv"])
        _parquet(dataset.flat, database.flat_schema(package), beside[folder / "flat.parquet"])
        try:
            _database(dataset, package, beside[folder / "onrecord.db"])
        except sqlite3.Error as error:
            raise PackageError(f"cannot build {folder / 'onrecord.db'}: {error}; nothing was changed") from None
        for path in beside.values():  # what is edited from here on is newer than what is built, see is_stale
            os.utime(path, ns=(began, began))
    return paths


def build_folder(package: Package) -> Path:
    """Where a package is built by default: build/ inside it, or here for one that lies in a wheel.

    Raises PackageError for a zip, which has no folder of its own.
    """
    if not isinstance(package.root, Path):
        raise PackageError(
            f"{package.label}: a zip has no folder to build in; unpack it first, or name one with build --output"
        )
    inside_wheel = package.root == INSTALLED
    if not inside_wheel:
        Folder(package.root).check(["build"])  # a stranger's package may not choose where is written
    return (Path.cwd() if inside_wheel else package.root) / "build"


def is_stale(package: Package, built: Path) -> bool:
    """Whether a built file is missing or older than any file it is made from.

    Built files bear the time at which their making began: what was edited while they were made is newer.
    """
    if not built.is_file() or not isinstance(package.root, Path):
        return True
    sources = [package.root / "datapackage.json", *(package.root / package.path(n) for n in package.names)]
    sources += list((package.root / "schemas").rglob("*.*")) + list(Path(__file__).parent.rglob("*.py"))
    return any(p.stat().st_mtime_ns > built.stat().st_mtime_ns for p in sources if p.is_file())


def _database(dataset: Dataset, package: Package, path: Path) -> None:
    from sqlite_utils import Database

    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = OFF")
        database.create(connection, {n: TableSchema(n, package.schemas[n]) for n in package.names})
        database.fill(connection, package, dataset.tables)
        connection.commit()
        searchable = Database(connection)
        for name, columns in SEARCH.items():
            searchable.table(name).enable_fts(columns, tokenize="porter unicode61")
        connection.commit()
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("VACUUM")


def _parquet(frame: pd.DataFrame, schema: TableSchema, path: Path) -> None:
    import pyarrow as arrow
    import pyarrow.parquet as parquet

    arrays = {f.name: arrow_array(frame[f.name], f.arrow_type()) for f in schema.fields}
    parquet.write_table(arrow.table(arrays), path)


def _csv(frame: pd.DataFrame, path: Path) -> None:
    out = frame.copy()
    for name in out.columns:
        if str(out[name].dtype).startswith("datetime64"):
            out[name] = out[name].dt.strftime("%Y-%m-%d")
    out.to_csv(path, index=False, lineterminator="\n")

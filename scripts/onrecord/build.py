"""A valid package → SQLite, Parquet and the flat table, written beside and renamed into place."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from onrecord import database
from onrecord.dataset import Dataset, read
from onrecord.findings import PackageError
from onrecord.package import INSTALLED, Package
from onrecord.report import Report
from onrecord.tableschema import TableSchema, arrow_array

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["build", "build_folder", "is_stale"]

SEARCH = {
    "propositions": ["proposition"],
    "claims": ["claim_summary", "claim_condition"],
    "events": ["event_title", "event_summary"],
    "actors": ["actor_name", "actor_description"],
    "sources": ["title", "source_notes"],
    "flat": ["claim_summary", "proposition", "speaker", "publisher", "source_title", "event"],
}


def build(package: Package, folder: Path | None = None) -> tuple[Report, list[Path]]:
    """Build ``onrecord.db``, one Parquet per table, and flat.csv and flat.parquet.

    ``folder`` is ``build_folder(package)`` by default. An invalid package builds nothing: the report
    says why, and the list of files is empty. Same input, same bytes with the same library versions.

    Raises PackageError when the folder cannot be written.
    """
    from onrecord.validate import validate

    report = validate(package)
    if not report.valid:
        return report, []
    folder = folder or build_folder(package)
    dataset = read(package)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=".building-", dir=folder))
    except OSError as error:
        raise PackageError(f"cannot write {error.filename}: {error.strerror}") from None
    try:
        _database(dataset, package, beside / "onrecord.db")
        for name in package.names:
            _parquet(dataset.tables[name], TableSchema(name, package.schemas[name]), beside / f"{name}.parquet")
        flat = database.flat_schema(package)
        _parquet(dataset.flat, flat, beside / "flat.parquet")
        _csv(dataset.flat, beside / "flat.csv")
        written = []
        for file in sorted(beside.iterdir(), key=lambda p: (p.name == "onrecord.db", p.name)):
            file.replace(folder / file.name)
            written.append(folder / file.name)
    except sqlite3.Error as error:
        raise PackageError(f"cannot build {folder / 'onrecord.db'}: {error}") from None
    except OSError as error:
        raise PackageError(f"cannot write {error.filename or folder}: {error.strerror}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return report, written


def build_folder(package: Package) -> Path:
    """Where a package is built by default: build/ inside it, or here for one that lies in a wheel.

    Raises PackageError for a zip, which has no folder of its own.
    """
    if not isinstance(package.root, Path):
        raise PackageError(
            f"{package.label}: a zip has no folder to build in; unpack it first, or name one with build --output"
        )
    inside_wheel = package.root == INSTALLED
    return (Path.cwd() if inside_wheel else package.root) / "build"


def is_stale(package: Package, built: Path) -> bool:
    """Whether a built file is missing or older than any file it is made from."""
    if not built.is_file() or not isinstance(package.root, Path):
        return True
    sources = [package.root / "datapackage.json", *(package.root / package.path(n) for n in package.names)]
    sources += list((package.root / "schemas").rglob("*.*")) + list(Path(__file__).parent.rglob("*.py"))
    return any(p.stat().st_mtime_ns > built.stat().st_mtime_ns for p in sources if p.is_file())


def _database(dataset: Dataset, package: Package, path: Path) -> None:
    from sqlite_utils import Database

    connection = sqlite3.connect(path)
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
    connection.close()


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

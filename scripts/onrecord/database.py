"""A package as a SQL database: typed STRICT tables with keys and indexes, and the views."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from onrecord.findings import PackageError
from onrecord.package import Package
from onrecord.tableschema import Field, TableSchema

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "DATES",
    "FLAT",
    "STORED",
    "VIEWS",
    "comment",
    "create",
    "derive",
    "fill",
    "flat_schema",
    "index",
    "insert",
    "quote",
    "search",
    "sql_rows",
]

VIEWS = (
    "entailments",
    "voices",
    "trails",
    "chains",
    "claim_origins",
    "carriers",
    "origins",
    "positions",
    "hedges",
    "forecasts",
    "forecasters",
    "syndication",
)
STORED = {
    "entailments": ("proposition_id, entailed_id", "entailed_id, proposition_id"),
    "voices": ("actor_id, principal_id", "principal_id, actor_id"),
    "trails": ("claim_id, step",),
    "chains": ("claim_id",),
    "claim_origins": ("claim_id",),
    "origins": ("proposition_id", "sources DESC, claims DESC"),
}
"""The views that follow links or count, which SQLite cannot do for one key alone: they are stored as tables.

Each has its indexes, of which the first is unique. The other views only join, so that what is asked of them by a key
is found through the indexes of what they join."""
FLAT = "flat"
DATES = {"claims": "said_end", "sources": "published_end"}
"""The columns that say from which day on a row was known."""
_AT_ONCE = 500
_WORDS_HELD = 16 << 20
"""Bytes of words that FTS5 holds before it writes a segment, which it would have to merge later; its own is 1 MB."""
_TICK = 100_000
_STEPS = 100_000_000
_STEPS_PER_ROW = 200_000
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def quote(name: str) -> str:
    """A name quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def flat_schema(package: Package) -> TableSchema:
    """The schema of the flat table, which is derived and no resource of the package.

    Raises PackageError when the package has none that can be understood.
    """
    return TableSchema(FLAT, package.table_schema(FLAT, f"schemas/views/{FLAT}.json"))


def create(connection: sqlite3.Connection, tables: Mapping[str, TableSchema]) -> None:
    """Create empty STRICT tables with primary, unique and foreign keys."""
    for name, schema in tables.items():
        parts = [_column(f) for f in schema.fields]
        parts.append(f"PRIMARY KEY ({_names(schema.primary_key)})")
        parts += [f"UNIQUE ({_names(key)})" for key in schema.unique_keys]
        parts += [
            f"FOREIGN KEY ({_names(k.fields)}) REFERENCES {quote(k.table)} ({_names(k.other_fields)})"
            for k in schema.foreign_keys
        ]
        body = ",\n  ".join(parts)
        connection.execute(f"CREATE TABLE {quote(name)} (\n  {body}\n) STRICT")


def _names(names: Iterable[str]) -> str:
    return ", ".join(quote(n) for n in names)


def _column(f: Field) -> str:
    column = f"{quote(f.name)} {f.sqlite_type}"
    if f.required:
        column += " NOT NULL"
    if f.enum:
        terms = ", ".join("'" + term.replace("'", "''") + "'" for term in f.enum)
        column += f" CHECK ({quote(f.name)} IN ({terms}))"
    return column


def insert(connection: sqlite3.Connection, schema: TableSchema, rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows of a table, their values in the order of its schema; returns how many.

    An empty text is a missing value, as in the CSVs. Many rows go into one statement, for which SQLite
    makes its lists of terms once; the next ones are read meanwhile, since SQLite needs no Python.

    Raises sqlite3.Error for rows that do not fit the table.
    """
    width = len(schema.fields)
    most = min(_AT_ONCE, connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // width)
    into = f"INSERT INTO {quote(schema.name)} VALUES"
    row = "(" + ", ".join("?" if f.required else "NULLIF(?, '')" for f in schema.fields) + ")"
    whole = f"{into} {', '.join([row] * most)}"
    rows, count = iter(rows), 0

    def take() -> list[Any]:
        return list(chain.from_iterable(islice(rows, most)))

    with ThreadPoolExecutor(1) as reader:
        ahead = reader.submit(take)
        while cells := ahead.result():
            ahead = reader.submit(take)
            number = len(cells) // width
            connection.execute(whole if number == most else f"{into} {', '.join([row] * number)}", cells)
            count += number
    return count


def sql_rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    """The rows of a typed frame as SQLite values: dates as ISO text, missing cells as None."""
    columns = []
    for name in frame.columns:
        column = frame[name]
        if str(column.dtype).startswith("datetime64"):
            column = column.dt.strftime("%Y-%m-%d")
        columns.append(column.astype(object).where(column.notna(), None).tolist())
    return list(zip(*columns, strict=True))


def fill(connection: sqlite3.Connection, package: Package, frames: Mapping[str, pd.DataFrame]) -> None:
    """Insert the typed frames, then the indexes, the views and the flat table.

    Raises PackageError when the package lacks a view, sqlite3.Error when the tables or views do not
    hold together.
    """
    schemas = {name: TableSchema(name, package.schemas[name]) for name in frames}
    count = sum(insert(connection, schemas[name], sql_rows(frame)) for name, frame in frames.items())
    index(connection, schemas)
    derive(connection, package, count)


def index(connection: sqlite3.Connection, tables: Mapping[str, TableSchema]) -> None:
    """Index the foreign keys of filled tables, where no other key does."""
    for name, schema in tables.items():
        for key in schema.foreign_keys:
            if list(key.fields) != schema.primary_key[: len(key.fields)]:
                made = quote("_".join(("ix", name, *key.fields)))
                connection.execute(f"CREATE INDEX {made} ON {quote(name)} ({_names(key.fields)})")
    for name, column in DATES.items():
        connection.execute(f"CREATE INDEX {quote(f'ix_{name}_{column}')} ON {quote(name)} ({quote(column)})")


def search(connection: sqlite3.Connection, table: str, columns: Iterable[str]) -> None:
    """Index the words of columns of a filled table, as ``<table>_fts``."""
    made, words = quote(f"{table}_fts"), _names(columns)
    connection.execute(
        f"CREATE VIRTUAL TABLE {made} USING FTS5 (\n"
        f"    {words},\n    tokenize='porter unicode61',\n    content={quote(table)}\n)"
    )
    connection.execute(f"INSERT INTO {made} ({made}, rank) VALUES ('hashsize', {_WORDS_HELD})")
    connection.execute(f"INSERT INTO {made} (rowid, {words}) SELECT rowid, {words} FROM {quote(table)}")


def derive(connection: sqlite3.Connection, package: Package, rows: int) -> None:
    """Make the views, stored or not, and the flat table of a database that holds so many rows.

    The SQL of the views comes from the package. SQLite takes one statement at a time, so that it can
    be nothing but a view, or rows of a table; and it is stopped when it does not end.

    Raises PackageError when the package lacks a view, sqlite3.Error when the views do not hold together.
    """
    for view in VIEWS:
        if view not in STORED:
            connection.execute(f"CREATE VIEW {quote(view)} AS\n{_sql(package, view)}")
            continue
        with _bounded(connection, package, view, rows):
            connection.execute(f"CREATE TABLE {quote(view)} AS\n{_sql(package, view)}")
        for number, columns in enumerate(STORED[view]):
            kind, made = "UNIQUE INDEX" if number == 0 else "INDEX", quote(f"ix_{view}_{number}")
            connection.execute(f"CREATE {kind} {made} ON {quote(view)} ({columns})")
    create(connection, {FLAT: flat_schema(package)})
    with _bounded(connection, package, FLAT, rows):
        connection.execute(f"INSERT INTO {quote(FLAT)} {_sql(package, FLAT)} ORDER BY claims.claim_id")


@contextmanager
def _bounded(connection: sqlite3.Connection, package: Package, view: str, rows: int) -> Iterator[None]:
    """Stop SQL that takes a thousand times as many steps as the flat table needs: it may never end.

    Raises PackageError then.
    """
    steps = iter(range(_STEPS // _TICK + _STEPS_PER_ROW * rows // _TICK))
    connection.set_progress_handler(lambda: next(steps, None) is None, _TICK)
    try:
        yield
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            raise
        raise PackageError(f"{package.label}/schemas/views/{view}.sql: does not come to an end") from None
    finally:
        connection.set_progress_handler(None, 0)


def comment(package: Package, view: str) -> str:
    """What a view is, from the comment that opens its SQL. Raises PackageError when there is none."""
    return " ".join(line[2:].strip() for line in _sql(package, view).splitlines() if line.startswith("--"))


def _sql(package: Package, view: str) -> str:
    path = f"schemas/views/{view}.sql"
    try:
        text = package.read_bytes(path).decode("utf-8").strip()
    except (FileNotFoundError, IsADirectoryError):
        raise PackageError(f"{package.label}: there is no {path}; restore it") from None
    except UnicodeDecodeError as error:
        raise PackageError(f"{package.label}/{path}: is not UTF-8: {error.reason}") from None
    if _HIDDEN.search(text):
        raise PackageError(f"{package.label}/{path}: has characters that nobody sees")
    return text

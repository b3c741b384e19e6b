"""DuckDB as an engine: CSVs and Parquets read strictly, tables in memory or beside it, within a bound."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from onrecord.columnar import decimal
from onrecord.database import quote
from onrecord.findings import PackageError, shown

__all__ = ["BrokenError", "Duck", "UnreadableError", "alone", "literal", "plainly", "with_texts"]

_TYPES = {"int64": "BIGINT", "float64": "DOUBLE", "date": "DATE", "boolean": "BOOLEAN", "string": "VARCHAR"}
_SIZE = re.compile(r"([0-9]{1,6}(?:\.[0-9]+)?) ?([KMGT])(i?)B", re.ASCII | re.IGNORECASE)
_BATCH = 10_000
_BUFFER = 8_000_000
"""Bytes of a CSV that are held at a time, four of the longest lines allowed. Several of DuckDB's 32 million lack memory."""
_Done = TypeVar("_Done")
_COUNTED = 0.85
_PLAIN = "CAST({0} AS VARCHAR)"
# Columns of a Parquet as texts. Numbers have no exponent where they can be written without.
_AS_TEXT = {
    "text": "nullif(CAST({0} AS VARCHAR), '')",
    "day": "CASE WHEN {0} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN CAST({0} AS VARCHAR) "
    "ELSE CAST({0} - DATE '1970-01-01' AS VARCHAR) END",
    "number": "CASE WHEN {0} = 0 OR abs({0}) BETWEEN 1e-4 AND 1e15 THEN CAST(CAST({0} AS DOUBLE) AS VARCHAR) "
    "WHEN abs({0}) < 1e-4 THEN CAST(CAST({0} AS DECIMAL(38, 20)) AS VARCHAR) "
    "WHEN abs({0}) < 1e37 THEN CAST(CAST({0} AS DECIMAL(38, 0)) AS VARCHAR) ELSE CAST({0} AS VARCHAR) END",
}


class UnreadableError(Exception):
    """A CSV that the engine cannot read at all."""


class BrokenError(PackageError):
    """DuckDB broke down by a fault of its own; what was begun is lost, and may be begun again."""


@contextmanager
def plainly(memory: str) -> Iterator[None]:
    """Say for people what keeps DuckDB, which may hold so much ``memory``, from going on.

    Raises PackageError, and BrokenError where that is a fault of DuckDB: short of memory, 2.0.0 sometimes ends in one.
    """
    import duckdb

    try:
        yield
    except (duckdb.OutOfMemoryException, duckdb.TransactionException, duckdb.IOException) as error:
        why = str(error).splitlines()[0]
        if _scarce(error):
            full = "temp_directory" in str(error).lower() and "full" in str(error).lower()
            why = "the disk is full" if full else f"{memory} of memory are not enough; give it more with --memory"
        raise PackageError(f"DuckDB cannot go on: {why}") from None
    except (duckdb.InternalException, duckdb.FatalException) as error:
        why = str(error).splitlines()[0]
        raise BrokenError(f"DuckDB broke down: {why}; give it more memory with --memory") from None


def _scarce(error: Exception) -> bool:
    """Whether memory was lacking. A transaction that finds none when it commits says so in its message alone, and one
    that is tried again after that may meet what the first left behind."""
    import duckdb

    said = ("failed to allocate", "write-write conflict")
    return isinstance(error, duckdb.OutOfMemoryException) or any(words in str(error) for words in said)


class Duck:
    """Tables and queries in one DuckDB process.

    ``memory`` bounds what DuckDB holds, as in ``300MB``; what does not fit is kept in ``folder``. If more
    than that is ``expected`` (bytes of CSV), the tables are kept there from the beginning, and a part of the memory is
    left to what DuckDB needs for that and does not count. What cannot be done with that even alone may have
    ``at_most``, if that is more.
    Raises PackageError where ``memory`` is no size.
    """

    dialect = "duckdb"
    keeps_order = True  # queries of one thread return rows as they were kept

    def __init__(self, memory: str, folder: Path, expected: int = 0, at_most: str = "") -> None:
        import duckdb

        self.folder = folder
        self._threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        self._turns, self._alone = threading.Semaphore(self._threads), threading.Lock()
        on_disk = expected > (limit := _bytes(memory))
        self._more = _bytes(at_most) if at_most else 0.0
        if on_disk:
            limit *= _COUNTED
        # many queries at a time, each in one thread, get more done than one after another in all
        settings: dict[str, Any] = {"temp_directory": str(folder / "spilled"), "threads": 1}
        settings["memory_limit"] = f"{int(limit)}B"
        # nobody opens the file again, and a run with checkpoints ended in a fatal error of DuckDB 2.0
        settings["checkpoint_threshold"] = "1TB"
        where = str(folder / "tables.duckdb") if on_disk else ":memory:"
        self._database = duckdb.connect(where, config=settings)
        # to try out how tables are best compressed takes a tenth of a check, and they are read only a few times
        self._database.execute("SET force_compression = 'uncompressed'")
        self._own, self._connections = threading.local(), list[Any]()
        self._in_order: dict[str, str] = {}

    @property
    def store(self) -> Duck:
        """What keeps findings: itself."""
        return self

    @property
    def connection(self) -> Any:
        """The connection of this thread."""
        if not hasattr(self._own, "connection"):
            self._own.connection = self._database.cursor()
            self._connections.append(self._own.connection)
            # a list of terms would become a join, which is slower and loses the order of the rows
            self._own.connection.execute("SET disabled_optimizers = 'in_clause'")
        return self._own.connection

    def together(self, work: Callable[[Any], None], items: Iterable[Any]) -> None:
        """Do some work for every item, several at a time."""
        with ThreadPoolExecutor(self._threads) as pool:
            try:
                list(pool.map(work, items))
            except BaseException:  # the reader has no need to wait for what runs beside it
                for connection in self._connections:
                    connection.interrupt()
                raise

    def open_csv(
        self, name: str, path: Path, columns: Sequence[str], copied: bool = False, serial: bool = False
    ) -> None:
        """Let ``name`` be the rows of a CSV, all cells strings, read in parallel or not.

        One that was ``copied`` may have lines of any length.
        """
        options = "header = true, delim = ',', quote = '\"', escape = '\"', auto_detect = false, strict_mode = true"
        options += ", hive_partitioning = false"  # else a folder k=v makes a column
        given = ", ".join(f"{literal(column)}: 'VARCHAR'" for column in columns)
        size = max(path.stat().st_size, 1)  # it costs parallel reading
        longest = f", max_line_size = {size}" if copied else f", buffer_size = {_BUFFER}"
        more = f"{longest}, parallel = {not serial}, ignore_errors = true, columns = {{{given}}}"
        read = f"read_csv({alone(path)}, {options}{more})"
        self.connection.execute(f"CREATE OR REPLACE VIEW {quote(name)} AS SELECT * FROM {read}")
        self._own.columnar = False
        read = read.replace("parallel = True", "parallel = False")
        self._in_order[name] = f"(SELECT row_number() OVER () - 1 AS row__, * FROM {read})"

    def open_parquet(self, name: str, path: Path, kinds: Mapping[str, str]) -> None:
        """Let ``name`` be the rows of a Parquet, all cells strings; ``kinds`` are those of ``columnar.kinds``."""
        texts = {column: _AS_TEXT.get(kind, _PLAIN).format(quote(column)) for column, kind in kinds.items()}
        exact = {column: f"CAST({quote(column)} AS DOUBLE)" for column, kind in kinds.items() if kind == "number"}
        read = f"read_parquet({alone(path)}, hive_partitioning = false, file_row_number = true)"
        self.connection.execute(f"CREATE OR REPLACE VIEW {quote(name)} AS SELECT {_named(texts)} FROM {read}")
        self._own.columnar = True
        self._in_order[name] = f"(SELECT file_row_number AS row__, {_named(texts | exact)} FROM {read})"

    def scan(self, name: str, sql: str) -> None:
        """Keep the rows of a query over the table that this thread opened last, numbered from 0 in the column ``row``.

        They are in the order of the file, unless DuckDB mixed what it read in parallel, see ``mixed``. Rows
        that cannot be read are left out. Raises UnreadableError where none can be.
        """
        import duckdb

        kept = quote(f"{name} kept")
        try:
            self._fill(f"CREATE OR REPLACE TABLE {kept} AS {sql}")
        except duckdb.Error as error:
            broken = self._own.columnar and not _scarce(error)  # what is broken within a Parquet has many names
            if not broken and not isinstance(error, duckdb.InvalidInputException):
                raise
            raise UnreadableError(str(error)) from None
        self.connection.execute(f'CREATE OR REPLACE VIEW {quote(name)} AS SELECT rowid AS "row", * FROM {kept}')

    def mixed(self, raw: str, scanned: str, column: str) -> bool:
        """Whether the rows of a scan are in another order than those of the file, by the values of one column."""
        other = f"read.{quote(column)} IS DISTINCT FROM CAST(scanned.{quote(column)} AS VARCHAR)"
        both = f'{self._in_order[raw]} AS read JOIN {quote(scanned)} AS scanned ON row__ = "row"'
        sql = f"SELECT 1 FROM {both} WHERE {other} LIMIT 1"
        return bool(self.connection.execute(sql).fetchall())

    def _patiently(self, work: Callable[[], _Done]) -> _Done:
        """Do what may lack the memory that others hold, and then once more alone, and then with more if there may be."""
        with self._turns, suppress(_LackError):
            return _or_lack(work)
        with self._alone, ExitStack() as turns:
            for _ in range(self._threads):
                turns.enter_context(self._turns)
            if self._more:
                with suppress(_LackError):
                    return _or_lack(work)
                self._database.cursor().execute(f"SET memory_limit = '{int(self._more)}B'")
            return work()

    def _fill(self, sql: str) -> None:
        self._patiently(lambda: self.connection.execute(sql))

    def save(self, name: str, sql: str) -> None:
        """Keep the rows of a query."""
        self._fill(f"CREATE OR REPLACE TABLE {quote(name)} AS {sql}")

    def let(self, name: str, sql: str) -> None:
        """Let a name be a query."""
        self.connection.execute(f"CREATE OR REPLACE VIEW {quote(name)} AS {sql}")

    def put(self, name: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Keep rows under a name; ``types`` are those of Ibis."""
        columns = ", ".join(f"{quote(column)} {_TYPES[kind]}" for column, kind in types.items())
        self.connection.execute(f"CREATE OR REPLACE TABLE {quote(name)} ({columns})")
        self.append(name, types, rows)

    def append(self, name: str, types: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
        """Add rows to those that were put."""
        cells = ", ".join(f"unnest(${n}::{_TYPES[kind]}[])" for n, kind in enumerate(types.values(), 1))
        left = iter(rows)
        while some := list(islice(left, _BATCH)):
            lists = [list(column) for column in zip(*some, strict=True)]
            self.connection.execute(f"INSERT INTO {quote(name)} SELECT {cells}", lists)

    def append_from(self, name: str, sql: str) -> None:
        """Add the rows of a query to those that were put."""
        self._fill(f"INSERT INTO {quote(name)} {sql}")

    def carried(self, sql: str) -> str:
        """A query of the store for row numbers (in the column ``row``), as one that this engine can run."""
        return sql

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run a statement."""
        self.connection.execute(sql, list(values))

    def write(self, sql: str, path: Path) -> None:
        """Write the rows of a query as a Parquet."""
        self.connection.execute(f"COPY ({sql}) TO {literal(str(path))} (FORMAT parquet)")

    def batches(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a query, some thousand at a time."""

        def begin() -> tuple[Any, list[tuple[Any, ...]]]:
            cursor = self.connection.cursor()  # anew, since one on which a query failed is of no more use
            return cursor, cursor.execute(sql).fetchmany(_BATCH)

        cursor, batch = self._patiently(begin)
        while batch:
            yield batch
            batch = cursor.fetchmany(_BATCH)

    def rows(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query."""
        return (row for batch in self.batches(sql) for row in batch)

    def numbered(self, name: str, wanted: str, in_order: bool = True) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of an opened table whose numbers a query returns, the number first, some thousand at a time.

        To have them ``in_order`` takes memory for all of them.
        """
        sql = f"SELECT * FROM {self._in_order[name]} WHERE row__ IN ({wanted}){' ORDER BY row__' if in_order else ''}"
        return (with_texts(batch) for batch in self.batches(sql))


class _LackError(Exception):
    """Memory was lacking."""


def _or_lack(work: Callable[[], _Done]) -> _Done:
    import duckdb

    try:
        return work()
    except (duckdb.OutOfMemoryException, duckdb.TransactionException) as error:
        if _scarce(error):
            raise _LackError from error
        raise


def _bytes(size: str) -> float:
    match = _SIZE.fullmatch(size)
    if match is None:
        raise PackageError(f"--memory {shown(size)} is no size; write it as 400MB or 2GB")
    number, unit, binary = match.groups()
    return float(number) * (1024.0 if binary else 1000.0) ** (" KMGT".index(unit.upper()))


def _named(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{sql} AS {quote(column)}" for column, sql in columns.items())


def with_texts(rows: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows in which numbers of a Parquet, which engines write in different ways, are texts."""
    return [tuple(decimal(cell) if isinstance(cell, float) else cell for cell in row) for row in rows]


def alone(path: Path) -> str:
    """The SQL of the name of one file, which DuckDB would take for a pattern of names."""
    return literal(re.sub(r"[\[*?]", r"[\g<0>]", str(path)))


def literal(value: str) -> str:
    """A text as one of SQL."""
    return "'" + value.replace("'", "''") + "'"

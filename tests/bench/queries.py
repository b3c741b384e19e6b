"""How long questions take on a built package, in SQLite and in DuckDB: median and 95th percentile over seeded random keys.

    python -m bench.queries BUILD [--keys 300] [--seed 1]

run in tests/ or with it on the path. BUILD holds onrecord.db and the Parquet files; without these DuckDB is left out.
Each question is asked in a new connection: "cold" is its first key, when neither the connection nor the system's memory
(where it can be asked to forget files) holds anything of them. It asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from bench.generate import ROOT
from onrecord import known
from onrecord.database import STORED, VIEWS

__all__ = ["main"]

_BY_TIME = "ORDER BY COALESCE(said_end, said_start), COALESCE(said_start, said_end), claim_id"
KEYED = {
    "trail of a claim": ("claim_id", "SELECT * FROM trails WHERE claim_id = $key ORDER BY step"),
    "positions of an actor": ("speaker_id", f"SELECT * FROM positions WHERE actor_id = $key {_BY_TIME}"),
    "positions on a proposition": ("proposition_id", f"SELECT * FROM positions WHERE proposition_id = $key {_BY_TIME}"),
    "origins of a proposition": ("proposition_id", "SELECT * FROM origins WHERE proposition_id = $key"),
    "carriers of a proposition": ("proposition_id", "SELECT * FROM carriers WHERE proposition_id = $key"),
    "hedges of a claim": ("claim_id", "SELECT * FROM hedges WHERE claim_id = $key"),
    "forecasts on a proposition": ("proposition_id", "SELECT * FROM forecasts WHERE proposition_id = $key"),
}
"""By a key that is drawn from a column of claims."""
WHOLE = {
    "origins, all": "SELECT * FROM origins",
    "forecasts, all": "SELECT * FROM forecasts",
    "hedges, all": "SELECT * FROM hedges",
}
DAYS = {"claims": known.CLAIMS, "outcomes": known.OUTCOMES, "events": known.EVENTS}
_FEW = 9
"""Days and repetitions of what returns a good part of the dataset."""

Connect = Callable[[], Any]


def forget(build: Path) -> None:
    """Ask the system to drop the files of a build from its memory, so that they are read from the disk."""
    for path in build.iterdir():
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def keys(connection: sqlite3.Connection, column: str, number: int, seed: int) -> list[str]:
    """Random identifiers that occur in a column of claims; those that occur often are not drawn more often."""
    found = connection.execute(f"SELECT DISTINCT {column} FROM claims WHERE {column} IS NOT NULL ORDER BY 1").fetchall()
    return [row[0] for row in random.Random(seed).sample(found, min(number, len(found)))]


def busiest(connection: sqlite3.Connection, column: str) -> str:
    """The identifier that occurs most often in a column of claims."""
    sql = f"SELECT {column} FROM claims WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY COUNT(*) DESC, 1 LIMIT 1"
    return str(connection.execute(sql).fetchone()[0])


def asked(build: Path, connect: Connect, sql: str, parameters: list[dict[str, str]]) -> tuple[list[float], int]:
    """Milliseconds for each set of parameters, in order, and the rows that came back in all."""
    times, rows = [], 0
    if hasattr(os, "posix_fadvise"):
        forget(build)
    with closing(connect()) as connection:
        for values in parameters:
            begun = time.perf_counter()
            rows += len(connection.execute(sql, values).fetchall())
            times.append((time.perf_counter() - begun) * 1000)
    return times, rows


def line(name: str, times: list[float], rows: int) -> str:
    """One line of the table."""
    p95 = sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]
    shape = f"cold {times[0]:9.2f}  p50 {statistics.median(times):9.2f}  p95 {p95:9.2f} ms"
    return f"{name:36} {shape}  {len(times):4} times, {rows:,} rows"


def in_duckdb(build: Path, file: str) -> None:
    """Write a DuckDB database: views over the Parquet files of a build, and the package's views, stored where ours are."""
    with closing(duckdb.connect(file)) as duck:
        for path in build.glob("*.parquet"):
            duck.execute(f"CREATE VIEW \"{path.stem}\" AS SELECT * FROM '{path.resolve()}'")
        for view in VIEWS:
            sql = (ROOT / f"schemas/views/{view}.sql").read_text("utf-8")
            duck.execute(f"CREATE {'TABLE' if view in STORED else 'VIEW'} {view} AS {sql}")


def main() -> None:
    import tempfile

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("build", type=Path, help="a folder with onrecord.db and Parquet files")
    parser.add_argument("--keys", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    database = f"{(given.build / 'onrecord.db').resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as connection:
        drawn = {column: keys(connection, column, given.keys, given.seed) for column, _ in KEYED.values()}
        most = {column: busiest(connection, column) for column in drawn}
        days = [row[0] for row in connection.execute(known.DAYS, {"by": "publication"}).fetchall()]
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/views.duckdb"
        engines: dict[str, Connect] = {f"SQLite {sqlite3.sqlite_version}": lambda: sqlite3.connect(database, uri=True)}
        if any(given.build.glob("*.parquet")):
            begun = time.perf_counter()
            in_duckdb(given.build, file)
            print(f"DuckDB: views over Parquet, those that follow links stored, in {time.perf_counter() - begun:.1f} s")
            engines[f"DuckDB {duckdb.__version__}"] = lambda: duckdb.connect(file, read_only=True)
        for engine, connect in engines.items():
            print(f"\n{engine}")
            for name, (column, sql) in KEYED.items():
                print(line(name, *asked(given.build, connect, sql, [{"key": key} for key in drawn[column]])))
                print(
                    line(
                        "  the one with most claims", *asked(given.build, connect, sql, [{"key": most[column]}] * _FEW)
                    )
                )
            for name, sql in WHOLE.items():
                print(line(name, *asked(given.build, connect, sql, [{}] * _FEW)))
            for name, sql in DAYS.items():
                for by in known.BASES:
                    spread = [{"day": days[i * (len(days) - 1) // (_FEW - 1)], "by": by} for i in range(_FEW)]
                    print(line(f"{name} as of a day, by {by}", *asked(given.build, connect, sql, spread)))


if __name__ == "__main__":
    main()

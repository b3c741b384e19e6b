"""How long questions take on a built package, in SQLite and in DuckDB: median and 95th percentile over seeded random keys.

    python -m bench.queries BUILD [--keys 300] [--seed 1] [--json]

run in tests/ or with it on the path. BUILD holds onrecord.db and the Parquet files; without these DuckDB is left out.
Each question is asked in a new connection: "cold" is its first key, when neither the connection nor the system's memory
(where it can be asked to forget files) holds anything of them. It asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
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


def row(engine: str, question: str, times: list[float], rows: int) -> dict[str, Any]:
    """One row of the table; times in milliseconds."""
    p95 = sorted(times)[min(len(times) - 1, int(0.95 * len(times)))]
    told = {"cold ms": times[0], "p50 ms": statistics.median(times), "p95 ms": p95}
    counts = {"times": len(times), "rows": f"{rows:,}"}
    return {"engine": engine, "question": question, **{name: f"{ms:,.2f}" for name, ms in told.items()}, **counts}


def in_duckdb(build: Path, file: str) -> None:
    """Write a DuckDB database: views over the Parquet files of a build, and the package's views, stored where ours are."""
    with closing(duckdb.connect(file)) as duck:
        for path in build.glob("*.parquet"):
            duck.execute(f"CREATE VIEW \"{path.stem}\" AS SELECT * FROM '{path.resolve()}'")
        for view in VIEWS:
            sql = (ROOT / f"schemas/views/{view}.sql").read_text("utf-8")
            duck.execute(f"CREATE {'TABLE' if view in STORED else 'VIEW'} {view} AS {sql}")


def measured(build: Path, number: int, seed: int) -> Iterator[dict[str, Any]]:
    """A row for each question, in each engine."""
    database = f"{(build / 'onrecord.db').resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(database, uri=True)) as connection:
        drawn = {column: keys(connection, column, number, seed) for column, _ in KEYED.values()}
        most = {column: busiest(connection, column) for column in drawn}
        days = [found[0] for found in connection.execute(known.DAYS, {"by": "publication"}).fetchall()]
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/views.duckdb"
        engines: dict[str, Connect] = {f"SQLite {sqlite3.sqlite_version}": lambda: sqlite3.connect(database, uri=True)}
        if any(build.glob("*.parquet")):
            in_duckdb(build, file)
            engines[f"DuckDB {duckdb.__version__}"] = lambda: duckdb.connect(file, read_only=True)
        for engine, connect in engines.items():
            for name, (column, sql) in KEYED.items():
                yield row(engine, name, *asked(build, connect, sql, [{"key": key} for key in drawn[column]]))
                often = [{"key": most[column]}] * _FEW
                yield row(engine, f"{name}: the one with most claims", *asked(build, connect, sql, often))
            for name, sql in WHOLE.items():
                yield row(engine, name, *asked(build, connect, sql, [{}] * _FEW))
            for name, sql in DAYS.items():
                for by in known.BASES:
                    spread = [{"day": days[i * (len(days) - 1) // (_FEW - 1)], "by": by} for i in range(_FEW)]
                    yield row(engine, f"{name} as of a day, by {by}", *asked(build, connect, sql, spread))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("build", type=Path, help="a folder with onrecord.db and Parquet files")
    parser.add_argument("--keys", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON list, for the page of results")
    given = parser.parse_args()
    found = measured(given.build, given.keys, given.seed)
    if given.json:
        print(json.dumps(list(found)))
        return
    for told in found:
        print("  ".join(f"{name} {value}" for name, value in told.items()))


if __name__ == "__main__":
    main()

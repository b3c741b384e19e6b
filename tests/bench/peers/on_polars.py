"""Pandera on Polars, eager: types, constraints, keys and foreign keys of a package, every failure collected.

Eager, because on a LazyFrame Pandera checks no data. Prints how many failures it found; ends with 1 if any.
"""

import sys
from pathlib import Path

import pandera.errors
import pandera.polars as pa
import polars as pl

from bench.peers.checks import LEXICAL, Table, tables

DTYPE = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.Date, "boolean": pl.Boolean}


def typed(name: str, kind: str) -> pl.Expr:
    """A column of text as its type, cells of another type missing."""
    cells = pl.col(name)
    if kind == "string":
        return cells
    kept = pl.when(cells.str.contains(LEXICAL[kind])).then(cells)
    if kind == "date":
        return kept.str.to_date("%Y-%m-%d", strict=False).alias(name)
    if kind == "boolean":
        return (kept == "true").alias(name)
    return kept.cast(DTYPE[kind], strict=False).alias(name)


def distinct(data: pa.PolarsData) -> pl.LazyFrame:
    """Whether no other row has the same value; missing cells are no values."""
    return data.lazyframe.select(pl.col(data.key).is_unique() | pl.col(data.key).is_null())


def schema(table: Table) -> pa.DataFrameSchema:
    """The checks of one table as a Pandera schema."""
    columns = {}
    for name, (kind, limits) in table.columns.items():
        checks = []
        if "enum" in limits:
            checks.append(pa.Check.isin(limits["enum"]))
        if "pattern" in limits:
            checks.append(pa.Check.str_matches(limits["pattern"]))
        if limits.get("unique"):
            checks.append(pa.Check(distinct, name="unique"))
        if "minimum" in limits:
            checks.append(pa.Check.ge(limits["minimum"]))
        if "maximum" in limits:
            checks.append(pa.Check.le(limits["maximum"]))
        if "maxLength" in limits:
            checks.append(pa.Check.str_length(max_value=limits["maxLength"]))
        columns[name] = pa.Column(DTYPE[kind], checks, nullable=not limits.get("required"))
    together = [
        pa.Check(lambda data, key=key: data.lazyframe.select(pl.struct(key).is_unique()), name="key")
        for key in table.together
    ]
    return pa.DataFrameSchema(columns, strict=True, ordered=True, checks=together, name=table.name)


def orphans(table: Table, frames: dict[str, pl.DataFrame]) -> int:
    """How many rows refer to a row that does not exist."""
    count = 0
    for key in table.foreign:
        own = frames[table.name].select(key.columns).drop_nulls()
        count += own.join(frames[key.table], left_on=key.columns, right_on=key.other_columns, how="anti").height
    return count


def main(folder: Path) -> int:
    frames, failures = {}, 0
    every = tables(folder)
    for table in every:
        strings = pl.read_csv(table.path, infer_schema=False)
        frame = strings.with_columns(typed(name, kind) for name, (kind, _) in table.columns.items())
        failures += sum(
            frame[name].null_count() - strings[name].null_count()
            for name, (kind, _) in table.columns.items()
            if kind != "string"
        )
        frames[table.name] = frame
        try:
            schema(table).validate(frame, lazy=True)
        except pandera.errors.SchemaErrors as errors:
            failures += errors.failure_cases.height
    failures += sum(orphans(table, frames) for table in every)
    print(failures)
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

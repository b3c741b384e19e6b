"""Pandera on pandas: types, constraints, keys and foreign keys of a package, every failure collected.

The schemas are ours (``TableSchema.pandera``); cells are typed column by column in Arrow, which is faster than
``onrecord.tableschema.typed`` does it cell by cell. Prints how many failures it found; ends with 1 if any.
"""

import sys
from pathlib import Path

import pandas as pd
import pandera.errors

from bench.peers.checks import LEXICAL, Table, tables
from onrecord.package import open_package
from onrecord.tableschema import TableSchema

DTYPE = {"string": "str", "integer": "Int64", "number": "Float64", "date": "datetime64[s]", "boolean": "boolean"}


def typed(cells: pd.Series, kind: str) -> tuple[pd.Series, int]:
    """A column of its type, and how many cells are of another."""
    empty = cells == ""
    if kind == "string":
        return cells.mask(empty), 0
    kept = cells.where(cells.str.match(LEXICAL[kind]) & ~empty)
    if kind == "date":
        values = pd.to_datetime(kept, format="%Y-%m-%d", errors="coerce").astype("datetime64[s]")
    elif kind == "boolean":
        values = kept.map({"true": True, "false": False}).astype("boolean")
    else:
        values = pd.to_numeric(kept, errors="coerce").astype("Float64").astype(DTYPE[kind])
    return values, int((values.isna() & ~empty).sum())


def orphans(table: Table, frames: dict[str, pd.DataFrame]) -> int:
    """How many rows refer to a row that does not exist."""
    count = 0
    for key in table.foreign:
        own = frames[table.name][key.columns].dropna()
        other = frames[key.table][key.other_columns]
        if len(key.columns) == 1:
            found = own[key.columns[0]].isin(other[key.other_columns[0]])
        else:
            found = pd.MultiIndex.from_frame(own).isin(pd.MultiIndex.from_frame(other))
        count += int((~found).sum())
    return count


def main(folder: Path) -> int:
    schemas = open_package(folder).schemas
    frames, failures = {}, 0
    every = tables(folder)
    for table in every:
        strings = pd.read_csv(table.path, dtype=str, keep_default_na=False)
        columns = {}
        for name, (kind, _) in table.columns.items():
            columns[name], wrong = typed(strings[name], kind)
            failures += wrong
        frames[table.name] = pd.DataFrame(columns)
        try:
            TableSchema(table.name, schemas[table.name]).pandera().validate(frames[table.name], lazy=True)
        except pandera.errors.SchemaErrors as errors:
            failures += len(errors.failure_cases)
    failures += sum(orphans(table, frames) for table in every)
    print(failures)
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

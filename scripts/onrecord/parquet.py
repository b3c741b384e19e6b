"""Tables as Parquet: written straight from the CSVs, and read back while both hold the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.built import build_folder, changed
from onrecord.duck import alone
from onrecord.findings import PackageError
from onrecord.package import INSTALLED, Package
from onrecord.tableschema import Field, TableSchema

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow

__all__ = ["fresh_frames", "made_from", "scanner", "write"]

_DUCKDB = {"string": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "boolean": "BOOLEAN"}
_LONGEST_LINE = 2**21
_ROW_GROUP = 20_480  # what is held in memory while a table is written; six times as many read no faster
_MADE_FROM = "onrecord"


def made_from(csv: Path, schema: TableSchema) -> str:
    """What a Parquet file is made from: the hashes of a CSV and of its schema."""
    with csv.open("rb") as file:
        data = hashlib.file_digest(file, "sha256").hexdigest()
    return f"{data} {hashlib.sha256(json.dumps(schema.json, sort_keys=True).encode()).hexdigest()}"


@contextmanager
def scanner() -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that writes Parquet files, and nothing else to disk: one thread, which is as fast in half the memory."""
    import duckdb

    with duckdb.connect(config={"temp_directory": "", "threads": 1}) as connection:
        yield connection


def write(connection: duckdb.DuckDBPyConnection, csv: Path, schema: TableSchema, path: Path) -> None:
    """Write a valid CSV in canonical form as Parquet with the types of its schema, in one scan.

    Raises duckdb.Error for a CSV that is not what the schema says.
    """
    import duckdb

    columns = ", ".join(f"{_text(f.name)}: {_text(_DUCKDB[f.type])}" for f in schema.fields)
    strictly = (
        f"header = true, delim = ',', quote = '\"', escape = '\"', new_line = '\\n', nullstr = '', "
        f"auto_detect = false, strict_mode = true, hive_partitioning = false, parallel = false, columns = {{{columns}}}"
    )
    chosen = ", ".join(map(_checked, schema.fields))
    options = (
        f"FORMAT parquet, ROW_GROUP_SIZE {_ROW_GROUP}, KV_METADATA {{{_MADE_FROM}: {_text(made_from(csv, schema))}}}"
    )
    for longest in (_LONGEST_LINE, csv.stat().st_size):  # a longer line shows as a quotation that does not end
        scan = f"read_csv({alone(csv)}, {strictly}, max_line_size = {longest}, buffer_size = {longest})"
        try:
            connection.execute(f"COPY (SELECT {chosen} FROM {scan}) TO {_text(str(path))} ({options})")
            return
        except duckdb.InvalidInputException:
            if longest >= csv.stat().st_size:
                raise


def _checked(f: Field) -> str:
    """A column as it is written: a vocabulary admits its terms alone."""
    if not f.enum:
        return _name(f)
    name, terms, problem = _name(f), ", ".join(map(_text, f.enum)), _text(f"{f.name} is not of its vocabulary")
    known = f"list_contains([{terms}], {name})"  # IN makes a join of a longer list, which may lose the order of rows
    return f"CASE WHEN {known} THEN {name} WHEN {name} <> '' THEN error({problem}) END AS {name}"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _name(f: Field) -> str:
    return '"' + f.name.replace('"', '""') + '"'


def fresh_frames(package: Package) -> dict[str, pd.DataFrame] | None:
    """The typed frames of a package from its build, with the terms of vocabularies in the order of the schema.

    None where nothing is built, or what is built is older than the package or made from other files;
    and without pyarrow, which the core install may lack.
    """
    try:
        import pyarrow as arrow
    except ImportError:
        return None
    if not isinstance(package.root, Path) or package.root == INSTALLED:
        return None
    try:
        folder = build_folder(package)
        schemas = {name: TableSchema(name, package.schemas[name]) for name in package.names}
        oldest = min((folder / f"{name}.parquet").stat().st_mtime_ns for name in schemas)
        if changed(package) > oldest:
            return None
        csvs = [package.root / package.path(name) for name in schemas]
        with ThreadPoolExecutor() as pool:
            now = pool.map(made_from, csvs, schemas.values())
            read = [_frame(folder / f"{name}.parquet", schema) for name, schema in schemas.items()]
            fresh = [mark for _, mark in read] == list(now)
    except (OSError, ValueError, arrow.ArrowException, PackageError):
        return None
    return {name: frame for name, (frame, _) in zip(schemas, read, strict=True)} if fresh else None


def _frame(path: Path, schema: TableSchema) -> tuple[pd.DataFrame, str]:
    """The typed frame of a Parquet file, and what that was made from.

    Raises OSError, ArrowException and ValueError for one that has not been written for this schema.
    """
    import numpy as np
    import pandas as pd
    import pyarrow as arrow
    from pyarrow import parquet

    terms = {f.name: f.enum for f in schema.fields if f.enum}
    table = parquet.read_table(path, read_dictionary=list(terms), partitioning=None)
    types = {f.name: f.arrow_type() for f in schema.fields}
    types |= {name: arrow.dictionary(arrow.int32(), arrow.string()) for name in terms}
    if dict(zip(table.column_names, table.schema.types, strict=True)) != types or table.column_names != schema.columns:
        raise ValueError(f"{path}: has other columns")
    plain = table.drop_columns(list(terms))
    dated = [
        arrow.field(n, arrow.timestamp("s") if types[n] == arrow.date32() else types[n]) for n in plain.column_names
    ]
    kinds = {
        arrow.string(): pd.StringDtype(na_value=np.nan),
        arrow.int64(): pd.Int64Dtype(),
        arrow.float64(): pd.Float64Dtype(),
        arrow.bool_(): pd.BooleanDtype(),
    }
    frame = plain.cast(arrow.schema(dated)).to_pandas(types_mapper=kinds.get)
    for name, known in terms.items():
        frame[name] = _categorical(table[name], known)
    mark = (table.schema.metadata or {}).get(_MADE_FROM.encode(), b"")
    return frame[schema.columns], mark.decode("utf-8", errors="replace")


def _categorical(column: pyarrow.ChunkedArray, terms: list[str]) -> pd.Categorical[Any]:
    """A dictionary-encoded column as a categorical of these terms. Raises ValueError where there are others."""
    import pandas as pd
    import pyarrow as arrow
    from pyarrow import compute

    codes = []
    for chunk in column.chunks:
        place = compute.index_in(chunk.dictionary, value_set=arrow.array(terms, type=arrow.string()))
        if place.null_count:
            raise ValueError("a term is not in the vocabulary")
        codes.append(place.take(chunk.indices).fill_null(-1))
    numbers = arrow.chunked_array(codes, type=arrow.int32()).to_numpy()
    return pd.Categorical.from_codes(numbers, dtype=pd.CategoricalDtype(terms))

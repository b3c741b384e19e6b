"""Parquet and SQLite hold what the CSVs hold, and Parquet is read only while it does."""

import builtins
import datetime as dt
import os
import sqlite3
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import onrecord
from conftest import ROOT, copy_package
from onrecord import database, parquet
from onrecord.build import _flat_csv, _rows, build
from onrecord.csvtable import TableText, canonical_csv, parse
from onrecord.dataset import Dataset, _parsed, read
from onrecord.findings import PackageError
from onrecord.loaded import load_table
from onrecord.package import open_package
from onrecord.parquet import fresh_frames, scanner, write
from onrecord.tableschema import TableSchema, arrow_array, categorized

TERMS = ["zulu", "alpha", 'it\'s, "so"', "NA"]
SCHEMA = TableSchema(
    "things",
    {
        "fields": [
            {"name": "thing_id", "type": "string", "constraints": {"required": True}},
            {"name": 'the "words"', "type": "string"},
            {"name": "term", "type": "string", "constraints": {"enum": TERMS}},
            {"name": "size", "type": "integer"},
            {"name": "share", "type": "number"},
            {"name": "day", "type": "date"},
            {"name": "known", "type": "boolean"},
        ],
        "primaryKey": "thing_id",
    },
)
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20)
CELLS = st.tuples(
    WORDS,
    st.sampled_from(["", *TERMS]),
    st.just("") | st.integers(-(2**53) + 1, 2**53 - 1).map(str),
    st.just("") | st.decimals(-(10**6), 10**6, allow_nan=False, places=7).map(lambda d: f"{d:f}"),
    st.just("") | st.dates(dt.date(1, 1, 1)).map(dt.date.isoformat),
    st.sampled_from(["", "true", "false"]),
)


def equal(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        found, expected, check_exact=True, check_index_type="exact", check_column_type="exact", check_categorical=True
    )
    assert [repr(t) for t in found.dtypes] == [repr(t) for t in expected.dtypes]


def parsed(data: bytes) -> pd.DataFrame:
    text = TableText("things", "things.csv", data=data)
    assert parse(text, SCHEMA.columns) == []
    return load_table(text, SCHEMA).frame


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS, max_size=12))
def test_every_cell_is_the_same_by_every_way(files: Path, cells: list[tuple[str, ...]]) -> None:
    rows = [dict(zip(SCHEMA.columns, (f"T{n}", *row), strict=True)) for n, row in enumerate(cells)]
    path, target = files / "things.csv", files / "things.parquet"
    path.write_bytes(canonical_csv(SCHEMA.columns, ["thing_id"], rows))
    with scanner() as connection:
        write(connection, path, SCHEMA, target)
    expected = parsed(path.read_bytes())
    found, mark = parquet._frame(target, SCHEMA)
    equal(found, categorized(expected, SCHEMA))
    assert mark == parquet.made_from(path, SCHEMA)
    table = pq.read_table(target)
    for f in SCHEMA.fields:
        assert table[f.name].combine_chunks().equals(arrow_array(expected[f.name], f.arrow_type())), f.name
    base = sqlite3.connect(":memory:")
    database.create(base, {"things": SCHEMA})
    assert database.insert(base, SCHEMA, _rows(path, SCHEMA)) == len(rows)
    assert base.execute("SELECT * FROM things").fetchall() == database.sql_rows(expected)


@pytest.mark.parametrize("count", [0, 1, 499, 500, 501, 1000])
def test_every_row_is_inserted_once_and_in_order(count: int) -> None:
    base = sqlite3.connect(":memory:")
    schema = TableSchema(
        "things", {"fields": [{"name": "thing_id"}, {"name": "size", "type": "integer"}], "primaryKey": ["thing_id"]}
    )
    database.create(base, {"things": schema})
    rows = [(f"T{n}", n or None) for n in range(count)]
    assert database.insert(base, schema, iter(rows)) == count
    assert base.execute("SELECT * FROM things ORDER BY rowid").fetchall() == rows


def test_rows_that_do_not_fit_are_refused() -> None:
    base = sqlite3.connect(":memory:")
    database.create(base, {"things": SCHEMA})
    for rows in (
        [("T1",)],
        [("T1", *[""] * 5, 2**70)],
        [("T1", "", "", "many", "", "", "")],
        [("T1", "", "else", "", "", "", "")],
    ):
        with pytest.raises((sqlite3.Error, OverflowError)):
            database.insert(base, SCHEMA, rows)


@pytest.mark.parametrize("row", ["T1,,other,,,,", "T1,,,many,,,", "T1,,,,,2023-02-30,", 'T1,"a"b,,,,,', 'T1,a"b"'])
def test_a_csv_that_is_not_what_its_schema_says_is_not_written(tmp_path: Path, row: str) -> None:
    header = canonical_csv(SCHEMA.columns, ["thing_id"], []).decode()
    (tmp_path / "things.csv").write_text(f"{header}{row}\n", "utf-8")
    with scanner() as connection, pytest.raises(duckdb.Error):
        write(connection, tmp_path / "things.csv", SCHEMA, tmp_path / "things.parquet")


def test_a_line_of_megabytes_is_written(tmp_path: Path) -> None:
    row = dict.fromkeys(SCHEMA.columns, "") | {"thing_id": "T1", SCHEMA.columns[1]: 'é "x",\n' * 500_000}
    path = tmp_path / "things.csv"
    path.write_bytes(canonical_csv(SCHEMA.columns, ["thing_id"], [row]))
    with scanner() as connection:
        write(connection, path, SCHEMA, tmp_path / "things.parquet")
    equal(parquet._frame(tmp_path / "things.parquet", SCHEMA)[0], categorized(parsed(path.read_bytes()), SCHEMA))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = copy_package(tmp_path_factory.mktemp("built") / "package")
    assert build(open_package(root))[1]
    return root


def test_frames_are_the_same_from_parquet_and_from_csv(built: Path) -> None:
    package = open_package(built)
    found, expected = fresh_frames(package), _parsed(package)
    assert found is not None
    assert list(found) == list(expected)
    for name, frame in expected.items():
        equal(found[name], frame)
    with mock.patch("onrecord.dataset._parsed", side_effect=AssertionError("the CSVs were read")):
        dataset = onrecord.load(built)
    equal(dataset.flat, Dataset(package, expected).flat)


def test_questions_are_put_to_the_database_of_a_fresh_build(built: Path) -> None:
    filled = Dataset(open_package(built), _parsed(open_package(built)))
    with mock.patch("onrecord.database.fill", side_effect=AssertionError("the tables were filled in again")):
        fresh = onrecord.load(built)
        answers = [
            fresh.flat,
            fresh.positions(),
            fresh.origins(),
            fresh.trail("C00001"),
            fresh.forecasts(),
            fresh.hedges(),
        ]
    for answer, expected in zip(
        answers,
        [
            filled.flat,
            filled.positions(),
            filled.origins(),
            filled.trail("C00001"),
            filled.forecasts(),
            filled.hedges(),
        ],
        strict=True,
    ):
        equal(answer, expected)
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        fresh.query("DELETE FROM claims")


def test_a_database_that_was_not_built_with_the_frames_is_not_asked(tmp_path: Path) -> None:
    root = copy_package(tmp_path / "package")
    assert build(open_package(root))[1]
    (root / "build/onrecord.db").write_bytes(b"no database")
    assert len(onrecord.load(root).flat) == len(onrecord.load(root).claims)


def test_nothing_fresh_is_read_where_something_is_changed(built: Path, tmp_path: Path) -> None:
    root = copy_package(tmp_path / "package")
    assert build(open_package(root))[1]
    assert fresh_frames(open_package(root)) is not None
    places, old = root / "dataset/places.csv", (root / "dataset/places.csv").stat()
    data = places.read_bytes()
    places.write_bytes(data.replace(b"Russia", b"Prussia"[:6], 1) if b"Russia" in data else data[:-2] + b"x\n")
    os.utime(places, ns=(old.st_atime_ns, old.st_mtime_ns))  # as an archiver or rsync leaves it
    package = open_package(root)
    assert fresh_frames(package) is None
    equal(read(package).places, _parsed(package)["places"])
    places.write_bytes(data)
    os.utime(places, ns=(old.st_atime_ns, old.st_mtime_ns))
    assert fresh_frames(open_package(root)) is not None
    os.utime(places)
    assert fresh_frames(open_package(root)) is None


@pytest.mark.parametrize("fault", ["other", "cut", "absent", "folder", "plain"])
def test_a_file_that_is_not_of_this_build_is_not_read(built: Path, tmp_path: Path, fault: str) -> None:
    root = copy_package(tmp_path / "package")
    assert build(open_package(root))[1]
    one, two = root / "build/places.parquet", root / "build/events.parquet"
    if fault == "other":
        one.write_bytes(two.read_bytes())
    elif fault == "cut":
        one.write_bytes(one.read_bytes()[:-50])
    elif fault == "plain":
        pq.write_table(pq.read_table(one).replace_schema_metadata(None), one)
    else:
        one.unlink()
        if fault == "folder":
            one.mkdir()
    package = open_package(root)
    assert fresh_frames(package) is None
    equal(read(package).places, _parsed(package)["places"])


def test_a_schema_that_changed_makes_its_parquet_foreign(built: Path, tmp_path: Path) -> None:
    root = copy_package(tmp_path / "package")
    assert build(open_package(root))[1]
    schema, old = root / "schemas/claims.json", (root / "schemas/claims.json").stat()
    schema.write_text(schema.read_text("utf-8").replace('"affirm", "deny"', '"deny", "affirm"'), "utf-8")
    schema.write_bytes(schema.read_bytes().replace(b'"title"', b'"label"', 1))
    os.utime(schema, ns=(old.st_atime_ns, old.st_mtime_ns))
    assert fresh_frames(open_package(root)) is None


def test_without_pyarrow_the_csvs_are_read(built: Path) -> None:
    plain = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.split(".")[0] == "pyarrow":
            raise ImportError(name)
        return plain(name, *rest)

    with mock.patch("builtins.__import__", without):
        assert fresh_frames(open_package(built)) is None


def test_a_zip_is_built_and_has_no_fresh_frames(tmp_path: Path) -> None:
    root = copy_package(tmp_path / "package")
    archive = tmp_path / "package.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for path in sorted(p for p in root.rglob("*") if p.is_file()):
            out.write(path, path.relative_to(root))
    package = open_package(archive)
    assert fresh_frames(package) is None
    assert build(package, tmp_path / "out")[1]
    assert build(open_package(root), tmp_path / "two")[1]
    for file in (tmp_path / "two").iterdir():
        assert file.read_bytes() == (tmp_path / "out" / file.name).read_bytes(), file.name


def test_what_cannot_be_scanned_is_one_line(tmp_path: Path) -> None:
    root = copy_package(tmp_path / "package")

    def spoil(*_: Any) -> None:
        raise duckdb.InvalidInputException("what DuckDB says")

    with (
        mock.patch("onrecord.parquet.write", spoil),
        pytest.raises(PackageError, match="what DuckDB says; nothing was"),
    ):
        build(open_package(root))
    assert not (root / "build/onrecord.db").exists()


def test_a_carriage_return_in_the_flat_table_is_quoted(tmp_path: Path) -> None:
    schema = TableSchema(
        "flat", {"fields": [{"name": "words"}, {"name": "known", "type": "boolean"}], "primaryKey": ["words"]}
    )
    with sqlite3.connect(tmp_path / "x.db") as base:
        database.create(base, {"flat": schema})
        base.executemany("INSERT INTO flat VALUES (?, ?)", [("a\rb", 1), ("a\nb", 0), ('a "b", c', None)])
    _flat_csv(tmp_path / "x.db", schema, tmp_path / "x.csv")
    expected = b'words,known\n"a\rb",true\n"a\nb",false\n"a ""b"", c",\n'
    assert (tmp_path / "x.csv").read_bytes() == expected


def test_what_is_built_of_the_real_data_has_the_types_of_the_schemas(built: Path) -> None:
    package = open_package(ROOT)
    for name in package.names:
        schema = TableSchema(name, package.schemas[name])
        found = pq.read_schema(built / f"build/{name}.parquet")
        assert [(f.name, f.type) for f in found] == [(f.name, f.arrow_type()) for f in schema.fields], name


def test_a_table_of_many_buffers_keeps_its_order(tmp_path: Path) -> None:
    """DuckDB gives the parts of a file that it scans in parallel in any order where a column is computed."""
    path, count = tmp_path / "things.csv", 60_000
    with path.open("w", encoding="utf-8", newline="") as out:
        out.write(canonical_csv(SCHEMA.columns, ["thing_id"], []).decode())
        out.writelines(f"T{n},{'word ' * 20},{('zulu', '', 'NA')[n % 3]},{n},,,\n" for n in range(count))
    assert path.stat().st_size > 3 * parquet._LONGEST_LINE
    with scanner() as connection:
        write(connection, path, SCHEMA, tmp_path / "things.parquet")
    assert pq.read_table(tmp_path / "things.parquet")["size"].to_pylist() == list(range(count))

"""A package of Parquets is checked as one of CSVs: the same rows, columns, rules, values and words."""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow
import pytest
from pyarrow import parquet

from bench.faults import inject
from bench.generate import generate
from conftest import copy_package
from helpers import call, copy_minimal
from onrecord.engines import Check
from onrecord.findings import PackageError
from onrecord.package import open_package
from onrecord.tableschema import TableSchema, arrow_array, convert
from onrecord.validate import Validator
from test_engines import FIELDS, TYPED, assert_same, golden, listed, with_table

SPARK = pytest.param(
    "spark",
    marks=[pytest.mark.slow, pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="no pyspark")],
)
engines = pytest.mark.parametrize("engine", ["pandera", "duckdb", SPARK])
others = pytest.mark.parametrize("other", ["duckdb", SPARK])
ARROW = {"integer": pyarrow.int64(), "number": pyarrow.float64(), "date": pyarrow.date32(), "boolean": pyarrow.bool_()}


def column(cells: list[str], kind: str) -> pyarrow.Array:
    """Cells with the type of their field where all have it, else as texts."""
    values, wrong = convert(pd.Series(cells, dtype="str"), kind)
    if kind == "string" or wrong.any():
        return pyarrow.array([cell or None for cell in cells], pyarrow.string())
    return arrow_array(values, ARROW[kind])


def as_parquet(folder: Path, rows_per_group: int = 100_000) -> None:
    """Make a package of CSVs one of Parquets."""
    opened = open_package(folder, faulty=True)
    descriptor = json.loads((folder / "datapackage.json").read_bytes())
    for resource in descriptor["resources"]:
        name = resource["name"]
        schema, (text, _) = TableSchema(name, opened.schemas[name]), opened.read(name)
        cells = {f.name: [row[text.columns.index(f.name)] for row in text.rows] for f in schema.fields}
        table = pyarrow.table({f.name: column(cells[f.name], f.type) for f in schema.fields})
        path = folder / resource["path"]
        resource["path"] = str(Path(resource["path"]).with_suffix(".parquet"))
        parquet.write_table(table, folder / resource["path"], row_group_size=rows_per_group)
        path.unlink()
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")


def by_row(folder: Path, engine: str) -> Counter[tuple[Any, ...]]:
    """What an engine finds, with the number of the row in place of its line."""
    opened = open_package(folder, faulty=True)
    lines = {opened.path(name): opened.read(name)[0].lines for name in opened.names}
    found: Counter[tuple[Any, ...]] = Counter()
    for (path, line, *rest), times in listed(folder, engine)["rows"].items():
        words = rest[2]
        if told := re.search("stands in line ([0-9]+)", words):
            words = words.replace(told[0], f"stands in row {_row(lines[path], int(told[1]))}")
        found[path.rsplit(".", 1)[0], _row(lines.get(path, []), line), *rest[:2], words, *rest[3:]] += times
    return found


def _row(lines: list[int], line: int) -> int:
    return sum(first <= line for first in lines)


def assert_alike(folder: Path, engine: str, least: int = 1) -> None:
    """That a package has the same findings as CSVs and as Parquets."""
    one = by_row(folder, engine)
    as_parquet(folder, 500)
    other = by_row(folder, engine)
    assert [*(one - other)][:3] == [], "only in CSVs"
    assert [*(other - one)][:3] == [], "only in Parquets"
    assert sum(one.values()) >= least


@engines
def test_the_founding_package_is_as_valid_in_parquet(engine: str, tmp_path: Path) -> None:
    assert_alike(copy_package(tmp_path / "package"), engine, least=0)


@engines
def test_a_generated_package_has_the_same_faults_in_parquet(engine: str, tmp_path: Path) -> None:
    generate(tmp_path / "package", 2500)
    inject(tmp_path / "package", 0.001, ("cells", "keys", "rules"))
    assert_alike(tmp_path / "package", engine, least=50)


@others
def test_golden_cells_are_the_same_in_parquet(other: str, tmp_path: Path) -> None:
    names = [f["name"] for f in FIELDS]
    sound = dict.fromkeys(names, "") | {"term": "red", "filled": "x"}
    cells = [(field, cell) for field, cell, _ in golden() if "\0" not in cell and "\r" not in cell]
    rows = [
        [(sound | {"number_of": str(n), field: cell})[name] for name in names] for n, (field, cell) in enumerate(cells)
    ]
    package = with_table(tmp_path / "package", rows)
    assert_alike(package, other, least=100)
    assert_same(package, "duckdb")


def typed_package(folder: Path, columns: dict[str, pyarrow.Array], fields: list[dict[str, Any]]) -> Path:
    """The minimal package with one table more, a Parquet of these columns."""
    package = with_table(folder, [], fields)
    (package / "dataset/cells.csv").unlink()
    descriptor = json.loads((package / "datapackage.json").read_bytes())
    descriptor["resources"][-1]["path"] = "dataset/cells.parquet"
    (package / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    parquet.write_table(pyarrow.table(columns), package / "dataset/cells.parquet")
    return package


NUMBER = {"name": "row_number", "type": "integer", "constraints": {"required": True}}
VALUES: list[tuple[str, pyarrow.Array, dict[int, str]]] = [
    ("number", pyarrow.array([1e-7, 1e-30, 0.1, 1e22, 1e6, 1e7, 123456789.5, None]), {}),
    ("number", pyarrow.array([float("nan"), float("inf"), -float("inf"), -0.0]), {1: "NaN", 2: "Infinity", 3: "-Infinity"}),
    ("number", pyarrow.array([0.1, 1e10], pyarrow.float32()), {}),
    ("number", pyarrow.array([1, None, 3]), {}),
    ("number", pyarrow.array([1, 25, 3]).cast(pyarrow.decimal128(25, 2)), {}),
    ("limited_number", pyarrow.array([180.5, -181.0, 1e-9]), {1: "180.5", 2: "-181"}),
    ("whole", pyarrow.array([2**53 - 1, 2**53, -(2**63)]), {2: str(2**53), 3: str(-(2**63))}),
    ("whole", pyarrow.array([2**64 - 1, 5], pyarrow.uint64()), {1: str(2**64 - 1)}),
    ("whole", pyarrow.array([1, -1], pyarrow.int8()), {}),
    ("whole", pyarrow.array([1.0, 1.5]), {2: "1.5"}),
    ("whole", pyarrow.array(["1", "01", "", None]), {2: "01"}),
    ("day", pyarrow.array([0, -719162, 2932896, -171000, None], pyarrow.int32()).cast(pyarrow.date32()), {}),
    ("day", pyarrow.array([-719163, 2932897, 2**31 - 1, -(2**31)], pyarrow.int32()).cast(pyarrow.date32()),
     {1: "-719163", 2: "2932897", 3: str(2**31 - 1), 4: str(-(2**31))}),
    ("day", pyarrow.array([0, 86_400_000], pyarrow.int64()).cast(pyarrow.date64()), {}),
    ("truth", pyarrow.array([True, False, None]), {}),
    ("truth", pyarrow.array(["true", "True"]), {2: "True"}),
    ("text", pyarrow.array(["a", "", None, "two\nlines", 'a "b", c', "=1"]), {6: "=1"}),
    ("text", pyarrow.array(["a", "b", "a", None]).dictionary_encode(), {}),
    ("text", pyarrow.array(["a", " b"], pyarrow.large_string()), {2: " b"}),
    ("text", pyarrow.array([None, None], pyarrow.null()), {}),
    ("text", pyarrow.array([12, 13]), {}),
    ("text", pyarrow.array(["a\0b", "a\rb", "e\u0301"]), {1: "a\0b", 2: "a\rb", 3: None}),
]  # fmt: skip


@others
@pytest.mark.parametrize("number", range(len(VALUES)))
def test_types_of_parquet_mean_the_same_to_every_engine(number: int, other: str, tmp_path: Path) -> None:
    name, cells, wrong = VALUES[number]
    fields = [NUMBER, next(field for field in TYPED if field["name"] == name)]
    rows = pyarrow.array(range(1, len(cells) + 1))
    package = typed_package(tmp_path / "package", {"row_number": rows, name: cells}, fields)
    found = assert_same(package, other)["rows"]
    assert {row[1]: row[8] for row in found} == wrong
    assert {row[2] for row in found} <= {2}


@others
def test_rows_keep_their_numbers_in_whatever_order_they_stand(other: str, tmp_path: Path) -> None:
    rows = pyarrow.array([n * 7919 % 5000 for n in range(5000)])
    package = typed_package(tmp_path / "package", {"row_number": rows}, [NUMBER])
    parquet.write_table(pyarrow.table({"row_number": rows}), package / "dataset/cells.parquet", row_group_size=37)
    found = [row[1] for row in assert_same(package, other)["rows"]]
    expected = [n for n in range(2, 5001) if rows[n - 1].as_py() < rows[n - 2].as_py()]
    assert sorted(found) == expected


@others
@pytest.mark.parametrize(
    ("columns", "rules"),
    [
        ({"whole": [1, 1], "row_number": [1, 2]}, {(0, 1, "columns")}),
        ({"row_number": [1, 1]}, {(0, 0, "columns"), (2, 1, "primary-key")}),
        ({"row_number": [1, 2], "whole": ["x", "2"], "more": [[1], [2]]}, {(0, 3, "columns"), (1, 2, "type")}),
        ({"row_number": [1, 2], "whole": [[1], [2]]}, {(0, 2, "columns")}),
        ({"row_number": [1, None], "whole": [dt.datetime(2021, 1, 1)] * 2}, {(0, 2, "columns"), (2, 1, "required")}),
        ({"other": [1, 2]}, {(0, 0, "columns")}),
    ],
)
def test_columns_of_parquet_that_are_not_those_of_the_schema(
    columns: dict[str, list[Any]], rules: set[tuple[int, int, str]], other: str, tmp_path: Path
) -> None:
    fields = [NUMBER, {"name": "whole", "type": "integer"}]
    arrays = {name: pyarrow.array(cells) for name, cells in columns.items()}
    package = typed_package(tmp_path / "package", arrays, fields)
    assert {(row[1], row[2], row[3]) for row in assert_same(package, other)["rows"]} == rules


@others
def test_what_is_no_parquet_or_no_text_is_said(other: str, tmp_path: Path) -> None:
    fields = [NUMBER, {"name": "text", "type": "string"}]
    bad = pyarrow.array([b"ok", b"\xff", b"=x"], pyarrow.binary())
    texts = pyarrow.Array.from_buffers(pyarrow.string(), 3, bad.buffers())
    rows = pyarrow.array([1, 2, 3])
    package = typed_package(tmp_path / "package", {"row_number": rows, "text": texts}, fields)
    path = package / "dataset/cells.parquet"
    assert {(row[1], row[2], row[3]) for row in assert_same(package, other)["rows"]} == {
        (2, 2, "encoding"),
        (3, 2, "formula"),
    }
    whole = path.read_bytes()
    for data in (b"", b"row_number,text\n", whole[:-20], whole[:40] + b"\xff" * 60 + whole[100:]):
        path.write_bytes(data)
        found = assert_same(package, other)["rows"]
        assert {row[3] for row in found} == {"encoding"}
    path.unlink()
    assert {row[3] for row in assert_same(package, other)["rows"]} == {"missing-table"}


def test_a_small_package_of_parquets_is_told_its_causes(tmp_path: Path) -> None:
    package = copy_minimal(tmp_path / "package")
    path = package / "dataset/claims.csv"
    path.write_text(path.read_text("utf-8").replace("CT+", "CT"), "utf-8")
    as_parquet(package)
    reports = [Check(Validator(), engine).run(open_package(package, faulty=True)) for engine in ("auto", "pandera")]  # type: ignore[arg-type]
    assert reports[0].text() == reports[1].text()
    [finding] = reports[0].findings
    assert finding.rule == "enum"
    assert finding.count > 1
    assert str(finding.place) == "dataset/claims.parquet:2:7"


def test_what_writes_refuses_parquets_in_one_line(tmp_path: Path) -> None:
    package = copy_minimal(tmp_path / "package")
    as_parquet(package)
    before = {path: path.read_bytes() for path in package.rglob("*.parquet")}
    for words in (["fmt", package], ["build", package], ["docs", package]):
        done = call(*words)
        assert done.returncode == 2, words
        assert "is a Parquet" in done.stderr
        assert done.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in package.rglob("*.parquet")} == before
    with pytest.raises(PackageError, match="is a Parquet"):
        open_package(package)

"""Spark finds what DuckDB finds: the same places, rules, values and words, in the same order."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pyarrow
import pytest
import sqlglot
from pyarrow import parquet
from sqlglot import exp

from bench.faults import GROUPS, inject
from bench.generate import generate
from conftest import ROOT
from onrecord.columnar import kinds
from onrecord.compiled import Compiled
from onrecord.duck import Duck
from onrecord.engines import Check
from onrecord.package import Package, open_package
from onrecord.rules import RULES
from onrecord.ruling import rule_sql
from onrecord.sparked import Spark
from onrecord.validate import Validator
from test_columnar import as_parquet

MASTER = "local[2]"
needs_spark = pytest.mark.skipif(
    importlib.util.find_spec("pyspark") is None or shutil.which("java") is None,
    reason="Spark needs Java 17 and the extra spark: pip install -c constraints.txt -e '.[spark]'",
)


def found(package: Package, engine: Any, folder: Path) -> list[tuple[Any, ...]]:
    """All findings in order."""
    path = folder / f"{engine}.parquet"
    Check(Validator(), engine, each=True, everything=path, master=MASTER).run(package)
    return duckdb.execute(f"SELECT * FROM '{path}'").fetchall()


def assert_same(package: Package, folder: Path, least: int = 0) -> None:
    one, other = (found(package, engine, folder) for engine in ("duckdb", "spark"))
    assert other == one
    assert len(one) >= least


@needs_spark
def test_the_curated_package(tmp_path: Path) -> None:
    assert_same(open_package(ROOT), tmp_path)


@needs_spark
def test_a_generated_package_with_every_kind_of_fault(tmp_path: Path) -> None:
    generate(tmp_path / "faulty", 6000)
    inject(tmp_path / "faulty", 0.002, GROUPS)
    assert_same(open_package(tmp_path / "faulty"), tmp_path, least=500)


@needs_spark
@pytest.mark.slow
@pytest.mark.parametrize("columnar", [False, True], ids=["CSV", "Parquet"])
def test_a_package_of_60_000_rows_with_every_kind_of_fault(columnar: bool, tmp_path: Path) -> None:
    generate(tmp_path / "faulty", 60_000)
    inject(tmp_path / "faulty", 0.001, GROUPS)
    if columnar:
        as_parquet(tmp_path / "faulty")
    assert_same(open_package(tmp_path / "faulty", faulty=True), tmp_path, least=2500)


SCHEMA = {
    "fields": [
        {"name": "record_id", "type": "string", "constraints": {"required": True, "pattern": "^R[0-9]{4,}$"}},
        {"name": "words", "type": "string", "constraints": {"maxLength": 200}},
        {"name": "number", "type": "number", "constraints": {"minimum": -90, "maximum": 90}},
        {"name": "whole", "type": "integer"},
        {"name": "day", "type": "date", "constraints": {"minimum": "1900-01-01"}},
        {"name": "yes", "type": "boolean"},
        {"name": "code", "type": "string", "constraints": {"pattern": "^[a-z]{2}(-[a-z]+)*$"}},
        {"name": "end", "type": "string"},
    ],
    "primaryKey": ["record_id"],
}
COLUMNS = [field["name"] for field in SCHEMA["fields"]]
ROWS = [
    b"two\nlines",
    b'"two\nlines"',
    b'"a ""quoted"" name"',
    b'a "stray mark',
    b'"more" after the mark',
    b'"needlessly quoted"',
    b'""',
    b" spaces ",
    b"not \xff UTF-8",
    b"a surrogate \xed\xa0\x80",
    "a replacement \ufffd character".encode(),
    b"a return\r",
    b'a back\\slash "\\"" and more',
    b"\\",
    b"NUL \0 inside",
    b"a tab\tinside",
    b"null",
    b"NULL",
    b"\\N",
    "a wide\u00a0space, decomposed e\u0301, Cyrillic \u0441ase".encode(),
    b"=1+1",
    "\U0001f600 \u4e2d\u6587 \u200b".encode(),
    b'"never closed',
]
CELLS = {
    "number": [
        "0",
        "-0",
        "00",
        "1.",
        ".5",
        "0.50",
        "1e5",
        "NaN",
        "nan",
        "inf",
        "Infinity",
        "-90",
        "90.0000001",
        "+1",
        "1_0",
        "0x1",
        "1d",
        "1f",
    ],
    "whole": [
        "0",
        "-0",
        "00",
        "1.0",
        "+1",
        "1e3",
        "9007199254740991",
        "9007199254740992",
        "-9223372036854775808",
        "9223372036854775808",
        "99999999999999999999",
        "0x1",
        "1L",
    ],
    "day": [
        "2021-02-28",
        "2021-02-29",
        "2021-1-1",
        "2021",
        "2021-05",
        "0000-01-01",
        "0001-01-01",
        "10000-01-01",
        "-001-01-01",
        "+2021-01-1",
        "1899-12-31",
        "epoch",
        "today",
        "infinity",
        "2021-01-01T",
        "2021/01/01",
        "20210101",
        "9999-12-31",
    ],
    "yes": ["true", "false", "TRUE", "t", "yes", "1", "0"],
    "code": ["ab", "AB", "ab-c", "ab\n", "ab" + "-a" * 20_000],
}


def write_package(folder: Path, tables: dict[str, list[bytes]]) -> Package:
    header = ",".join(COLUMNS).encode()
    (folder / "tables").mkdir(parents=True)
    resources = []
    for name, rows in tables.items():
        (folder / "tables" / f"{name}.csv").write_bytes(b"\n".join([header, *rows]) + b"\n")
        resources.append({"name": name, "path": f"tables/{name}.csv", "schema": SCHEMA})
    descriptor = {"name": "strange", "version": "1.0.0", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    return open_package(folder)


def strange_package(folder: Path) -> Package:
    """Tables each of which has one strange row among ordinary ones, and one of strange cells."""
    tables = {}
    for number, cell in enumerate(ROWS):
        tables[f"words{number:02}"] = [b"R0001," + cell + b",,,,,,z", b"R0003,ordinary,1.5,2,2021-01-01,true,ab,"]
        if number < 8:
            tables[f"ends{number:02}"] = [b"R0001,a,,,,,,z", b"R0002,b,,,,,," + cell, b"R0003,ordinary,,,,,,"]
    tables["blank"] = [b"R0001,a,,,,,,", b"", b"R0002,b,,,,,,"]
    tables["spaces"] = [b"R0001,a,,,,,,", b"  ", b"R0002,b,,,,,,"]
    tables["comment"] = [b"R0001,a,,,,,,", b"#R0002,b,,,,,,", b"R0003,a,,,,,,"]
    tables["short"] = [b"R0001,a,,,,,,", b"R0002", b"R0003,a,,,,,,,too,many", b"R0004,a,,,,,,"]
    tables["cells"] = []
    for column, cells in CELLS.items():
        for cell in cells:
            written = f'"{cell}"' if "\n" in cell else cell
            row = [f"R{len(tables['cells']):04}", *(written if c == column else "" for c in COLUMNS[1:])]
            tables["cells"].append(",".join(row).encode())
    tables["keys"] = [
        b"R0002,,,,,,,",
        b"R0001,,,,,,,",
        b"R00003,,,,,,,",
        b"R0002,,,,,,,",
        b"x,,,,,,,",
        b",,,,,,,",
        b"x,,,,,,,",
    ]
    return write_package(folder, tables)


@needs_spark
def test_what_readers_and_casts_take_differently(tmp_path: Path) -> None:
    assert_same(strange_package(tmp_path / "strange"), tmp_path, least=100)


def test_one_empty_cell_too_many(tmp_path: Path) -> None:
    rows = [b"R0001,a,,,,,,", b"R0002,b,,,,,,,", b"R0003,c,,,,,,"]
    package = write_package(tmp_path / "package", {"longer": rows})
    lines = [line[:4] for line in found(package, "duckdb", tmp_path) if line[0] == "tables/longer.csv"]
    assert lines == [("tables/longer.csv", 3, 0, "row-length")]


@needs_spark
def test_a_file_read_in_blocks_counts_its_rows_as_one(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    lines = [f"{n},{'x' * (n % 50)}\n" for n in range(20_000)]
    path.write_text("".join(["number,filler\n", *lines]), "utf-8")
    spark = Spark(MASTER, Duck("100MB", tmp_path))
    spark.session.conf.set("spark.sql.files.maxPartitionBytes", "50000")
    spark.open_csv("raw", path, ["number", "filler"])
    spark.scan("scanned", "SELECT number FROM raw")
    assert next(spark.rows("SELECT count(*), count_if(row = CAST(number AS BIGINT)) FROM scanned")) == (20_000, 20_000)
    wanted = "SELECT row FROM scanned WHERE row % 1000 = 7"
    [chosen] = spark.numbered("raw", wanted)
    assert [(row, int(number)) for row, number, _ in chosen] == [(n, n) for n in range(7, 20_000, 1000)]


@needs_spark
def test_a_parquet_read_in_blocks_counts_its_rows_as_one(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    rows = {"number": list(range(20_000)), "filler": ["x" * (n % 50) for n in range(20_000)]}
    parquet.write_table(pyarrow.table(rows), path, row_group_size=900, compression="none", use_dictionary=False)
    spark = Spark(MASTER, Duck("100MB", tmp_path))
    spark.session.conf.set("spark.sql.files.maxPartitionBytes", "50000")
    spark.open_parquet("raw", path, kinds(path))
    spark.scan("scanned", "SELECT number FROM raw")
    assert next(spark.rows("SELECT count(*), count_if(row = CAST(number AS BIGINT)) FROM scanned")) == (20_000, 20_000)
    [chosen] = spark.numbered("raw", "SELECT row FROM scanned WHERE row % 1000 = 7")
    assert [(row, int(number)) for row, number, _ in chosen] == [(n, n) for n in range(7, 20_000, 1000)]


@needs_spark
def test_a_master_that_is_none(tmp_path: Path) -> None:
    told = "import sys; from onrecord.cli import main; sys.argv[1:] = ['validate', '--engine', 'spark', '--master', 'no://where']; main()"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 2
    assert "Spark cannot be started at no://where" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_list_of_terms_stands_beside_a_comparison() -> None:
    """Spark would read ``x IN (…) = y`` otherwise, or not at all."""
    for rule in RULES:
        for sql in rule_sql(Compiled("duckdb"), rule):
            for terms in sqlglot.parse_one(sql, read="duckdb").find_all(exp.In):
                assert not isinstance(terms.parent, exp.EQ | exp.NEQ | exp.NullSafeEQ | exp.NullSafeNEQ), rule.name

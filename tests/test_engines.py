"""All engines find the same: every faulty cell by itself, with its place, rule, value and words."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import ibis
import pytest
from hypothesis import given, settings

from bench.generate import generate, inject
from conftest import copy_package
from corrupt.copied import Copy
from corruptions import KINDS
from helpers import MINIMAL, Case, apply_edits, copy_minimal
from onrecord.compiled import Compiled
from onrecord.csvtable import render, sort_key
from onrecord.duck import Duck
from onrecord.engines import Check
from onrecord.evidence import find_texts
from onrecord.findings import PackageError
from onrecord.package import open_package
from onrecord.queries import _less, jump
from onrecord.reference import Reference
from onrecord.ruling import unbound
from onrecord.sparked import Spark
from onrecord.survey import Survey
from onrecord.tableschema import Field
from onrecord.validate import Validator
from spoil import Spoiling, spoil, spoilings
from test_rules import CASES

Row = tuple[Any, ...]
OTHERS = ["duckdb", pytest.param("spark", marks=pytest.mark.slow)]
"""The engines that must find what Pandera finds; Spark needs half a minute for the smallest package."""
GOLDEN = Path(__file__).parent / "golden" / "cells.json"
EXAMPLES = int(os.environ.get("EXAMPLES", "5"))
SAMPLE = 8
TEXTS = find_texts(MINIMAL / "texts")
_COMPILED: dict[str, list[str]] = {}


@pytest.fixture(params=OTHERS)
def other(request: pytest.FixtureRequest) -> str:
    """An engine that must find what Pandera finds."""
    name = str(request.param)
    if name == "spark" and importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed")
    return name


def listed(package: Path, engine: str, texts: dict[str, str] = TEXTS) -> dict[str, Any]:
    """All that an engine finds in a package and says of it; what cannot be checked is said instead."""
    try:
        opened = open_package(package, faulty=True)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            duck = Duck("400MB", folder)
            found: Reference | Survey
            if engine == "pandera":
                found = Reference(opened, duck, texts)
            else:
                found = Survey(opened, Spark("local[2]", duck) if engine == "spark" else duck, folder, texts)
                found.compiled.made = _COMPILED | found.compiled.made
            found.run()
            if isinstance(found, Survey):
                _COMPILED.update(found.compiled.made)
            rows = [
                (f.path, f.line, f.column, f.rule, f.message, f.fix, f.table, f.field, f.value, f.level)
                for f in found.listing.first(None)
            ]
            return {
                "rows": Counter(rows),
                "of tables": found.rows,
                "unread": found.unread,
                "checked": found.checked,
                "skipped": found.skipped,
                "texts": found.texts_at_hand,
            }
    except PackageError as error:
        return {"refused": str(error)}


def assert_same(package: Path, other: str, texts: dict[str, str] = TEXTS) -> dict[str, Any]:
    """That another engine finds in a package what Pandera finds; returns this."""
    one, found = listed(package, "pandera", texts), listed(package, other, texts)
    assert one.keys() == found.keys()
    if "rows" in one:
        assert [*(one["rows"] - found["rows"])][:3] == [], "only pandera finds this"
        assert [*(found["rows"] - one["rows"])][:3] == [], f"only {other} finds this"
    assert one == found
    return one


# --- cells ---

TYPED: list[dict[str, Any]] = [
    {"name": "whole", "type": "integer"},
    {"name": "limited_whole", "type": "integer", "constraints": {"minimum": 0, "maximum": 10}},
    {"name": "number", "type": "number"},
    {"name": "limited_number", "type": "number", "constraints": {"minimum": -180, "maximum": 180}},
    {"name": "day", "type": "date"},
    {"name": "truth", "type": "boolean"},
    {"name": "text", "type": "string"},
    {"name": "short", "type": "string", "constraints": {"maxLength": 5}},
    {"name": "code", "type": "string", "constraints": {"pattern": "^[A-Z]{2}[0-9]{2}$"}},
    {"name": "dotted", "type": "string", "constraints": {"pattern": ". ."}},
    {"name": "term", "type": "string", "constraints": {"required": True, "enum": ["red", "dark green", "café"]}},
    {"name": "quoted_term", "type": "string", "constraints": {"enum": ["yes, no"]}},
    {"name": "filled", "type": "string", "constraints": {"required": True}},
]
FIELDS = [{"name": "number_of", "type": "integer", "constraints": {"required": True, "unique": True}}, *TYPED]


def with_table(folder: Path, rows: Sequence[Sequence[str]], fields: Sequence[dict[str, Any]] = FIELDS) -> Path:
    """The minimal package with one table more."""
    package = copy_minimal(folder)
    descriptor = json.loads((package / "datapackage.json").read_text("utf-8"))
    resource = {"name": "cells", "path": "dataset/cells.csv", "title": "Cells", "description": "Cells of every type."}
    descriptor["resources"].append(resource | {"schema": "schemas/cells.json", "profile": "tabular-data-resource"})
    (package / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    schema = {"title": "Cells", "primaryKey": fields[0]["name"], "fields": list(fields)}
    (package / "schemas/cells.json").write_text(json.dumps(schema), "utf-8")
    text = render([[f["name"] for f in fields], *map(list, rows)])
    (package / "dataset/cells.csv").write_text(text, "utf-8", newline="")
    return package


def golden() -> list[tuple[str, str, str | None]]:
    """Cells, each with its field and the rule that it must break, None where it is right."""
    cells = json.loads(GOLDEN.read_text("utf-8"))
    return [(one["field"], one["cell"] * one.get("times", 1), one["rule"]) for one in cells]


@pytest.fixture(scope="module")
def cells(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A package with all golden cells, one a row."""
    names = [f["name"] for f in FIELDS]
    sound = dict.fromkeys(names, "") | {"term": "red", "filled": "x"}
    rows = []
    for number, (field, cell, _) in enumerate(golden()):
        row = sound | {"number_of": str(number), field: cell}
        rows.append([row[name] for name in names])
    return with_table(tmp_path_factory.mktemp("golden") / "package", rows)


def test_keys_that_surely_stand_in_order_do() -> None:
    words = ["".join(letters) for size in (1, 2, 3) for letters in product("AB019a", repeat=size)]
    pairs = [(one, other) for one in [*words, "A0265"] for other in [*words, "A0300", "P0100"]]
    table = ibis.memtable({"one": [one for one, _ in pairs], "other": [other for _, other in pairs]})
    sure = (
        ibis.duckdb.connect()
        .to_pyarrow(table.filter(_less(table.one, table.other, Field({"name": "key"}))))
        .to_pylist()
    )
    assert [pair for pair in sure if sort_key(pair["one"]) >= sort_key(pair["other"])] == []
    assert {"A0300", "P0100"} <= {pair["other"] for pair in sure if pair["one"] == "A0265"}


@pytest.mark.parametrize("engine", ["pandera", *OTHERS])
def test_every_golden_cell_means_the_same_to_every_engine(cells: Path, engine: str) -> None:
    if engine == "spark" and importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed")
    found: dict[int, set[str]] = {}
    text = open_package(cells).read("cells")[0]
    for path, line, _, rule, _, _, _, field, *_ in listed(cells, engine)["rows"]:
        assert path == "dataset/cells.csv"
        row = max(number for number, first in enumerate(text.lines) if first <= line)
        assert field == golden()[row][0]
        found.setdefault(row, set()).add(rule)
    wrong = [
        (field, cell[:40], rule, found.get(row, set()))
        for row, (field, cell, rule) in enumerate(golden())
        if (rule not in found.get(row, set()) if rule else row in found)
    ]
    assert wrong == []


def test_engines_say_the_same_of_golden_cells(cells: Path, other: str) -> None:
    assert_same(cells, other)


def test_an_empty_cell_in_quotation_marks_is_empty_and_not_canonical(tmp_path: Path, other: str) -> None:
    package = copy_minimal(tmp_path / "package")
    path = package / "dataset/claims.csv"
    lines = path.read_text("utf-8").split("\n")
    assert ",," in lines[1]
    lines[1] = lines[1].replace(",,", ',"",', 1)
    path.write_text("\n".join(lines), "utf-8")
    assert {(row[1], row[3]) for row in assert_same(package, other)["rows"]} == {(2, "canonical-form")}


@pytest.mark.parametrize(
    "republished", [("S0001", "S0003"), ("S0002", "S0003"), ("S0003", "S0002"), ("S0003", "S0001")]
)
def test_a_row_that_stands_twice_leads_to_both_its_ends(
    republished: tuple[str, str], tmp_path: Path, other: str
) -> None:
    package = copy_minimal(tmp_path / "package")
    path = package / "dataset/sources.csv"
    header, first, *rows = csv.reader(path.read_text("utf-8").splitlines())
    twice = [[*first], [*first]]
    for row, source in zip(twice, republished, strict=True):
        row[header.index("republished_from")] = source
    path.write_text(render([header, *twice, *rows]), "utf-8", newline="")
    assert "primary-key" in {row[3] for row in assert_same(package, other)["rows"]}


def test_rows_that_stand_twice_on_a_circle_do_not_double_each_time(tmp_path: Path) -> None:
    duck, types = Duck("100MB", tmp_path), {"node": "string", "parent": "string"}
    duck.put("links", types, [(str(n), str((n + step) % 20)) for n in range(20) for step in (1, 2)])
    [sql] = Compiled("duckdb")("jump", types, lambda: [jump(unbound("links", types))])
    for _ in range(12):
        duck.save("links", sql)
    assert next(duck.rows("SELECT count(*) FROM links"))[0] <= 400


def test_a_key_is_told_by_the_line_of_its_cell(tmp_path: Path, other: str) -> None:
    keyed = [{"name": "name", "type": "string"}, {"name": "whole", "type": "integer", "constraints": {"unique": True}}]
    rows = [["a\nb", "1"], ["c", "1"]]
    found = assert_same(with_table(tmp_path / "package", rows, keyed), other)["rows"]
    assert [(row[1], row[3], row[4]) for row in found] == [(4, "unique", "whole '1' stands in line 3 already")]


@pytest.mark.parametrize("digits", [400, 5000, 20_000])
def test_of_thousands_of_digits_no_number_is_made(digits: int, tmp_path: Path, other: str) -> None:
    fields = [{"name": "code", "type": "string", "constraints": {"pattern": "^C[0-9]{4,}$"}}, TYPED[0]]
    rows = [["C0001", "9" * digits], ["9" * digits, "1"]]
    found = assert_same(with_table(tmp_path / "package", rows, fields), other)["rows"]
    assert {(row[1], row[3]) for row in found} == {(2, "type"), (3, "pattern")}
    assert not any("did you mean" in row[5] for row in found)


# --- files ---

FORMS = {
    "line ends of another system": (lambda data: data.replace(b"\n", b"\r\n"), {(1, "canonical-form")}),
    "one line end of another system": (lambda data: data.replace(b"\n", b"\r\n", 2).replace(b"\r", b"", 1), {(2, "canonical-form")}),
    "a last line without end": (lambda data: data[:-1], {(17, "canonical-form")}),
    "an empty line, and a last line without end": (
        lambda data: data.replace(b"\n", b"\n\n", 1)[:-1],
        {(2, "row-length"), (18, "canonical-form")},
    ),
    "line ends of another system, twice": (lambda data: data.replace(b"\n", b"\r\r\n"), {(1, "canonical-form")}),
    "line ends of another system, twice, and a last line without end": (
        lambda data: data.replace(b"\n", b"\r\r\n")[:-1],
        {(1, "canonical-form"), (17, "canonical-form")},
    ),
    "a byte order mark": (lambda data: b"\xef\xbb\xbf" + data, {(1, "encoding")}),
    "two byte order marks": (lambda data: b"\xef\xbb\xbf" * 2 + data, {(1, "encoding"), (1, "columns")}),
    "an empty cell too many": (lambda data: data.replace(b"\n", b",\n").replace(b",\n", b"\n", 1), None),
    "a NUL": (lambda data: data[:-9] + b"\0" + data[-9:], {(17, "encoding")}),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_form_of_a_file_is_found(form: str, tmp_path: Path, other: str) -> None:
    spoilt, expected = FORMS[form]
    package = copy_minimal(tmp_path / "package")
    path = package / "dataset/claims.csv"
    path.write_bytes(spoilt(path.read_bytes()))
    found = {row[1:4:2] for row in assert_same(package, other)["rows"] if row[0] == "dataset/claims.csv"}
    assert found == (expected or {(line, "row-length") for line in range(2, 18)})


@pytest.mark.parametrize("column", ["said_edtf", "said_start", "said_end"])
def test_dates_of_which_a_column_lacks_are_not_judged(column: str, tmp_path: Path, other: str) -> None:
    package = copy_minimal(tmp_path / "package")
    path = package / "dataset/claims.csv"
    path.write_text(path.read_text("utf-8").replace(column, "x", 1), "utf-8")
    found = {row[3] for row in assert_same(package, other)["rows"] if row[0] == "dataset/claims.csv"}
    assert "columns" in found
    assert not found & {"bounds-match", "edtf-valid"}


def test_a_line_that_is_not_utf8_tells_nothing_of_the_columns(tmp_path: Path, other: str) -> None:
    package = copy_minimal(tmp_path / "package")
    path = package / "dataset/claims.csv"
    data = path.read_bytes().replace(b"said_start", b"x", 1)
    path.write_bytes(data[: data.rindex(b",")] + b",\xff\n")
    rules = Counter(row[3] for row in assert_same(package, other)["rows"] if row[0] == "dataset/claims.csv")
    assert rules["encoding"] == 1
    assert rules["columns"] == 1


@pytest.mark.parametrize("name", ["day=1", "a*b", "a?b", "a[1]b", "a b%20c{1,2}", "it's"])
def test_the_name_of_a_folder_is_no_pattern(name: str, tmp_path: Path, other: str) -> None:
    copy_minimal(tmp_path / "axb")
    package = copy_minimal(tmp_path / name)
    path = package / "dataset/claims.csv"
    path.write_text(path.read_text("utf-8").replace("CT+", "CT", 1), "utf-8")
    assert {row[3] for row in assert_same(package, other)["rows"]} == {"enum"}


def test_marks_in_cells_that_are_not_quoted_are_found_whatever_else_is_quoted(tmp_path: Path, other: str) -> None:
    package = copy_minimal(tmp_path / "package")
    path = package / "dataset/actors.csv"
    data = path.read_text("utf-8")
    assert "Coastwire" in data
    marked = data.replace("Coastwire", 'Coast""wire', 1).replace("Halvermouth Echo", '"Halvermouth Echo"', 1)
    path.write_text(marked.replace("The Ostrel Courier", '"The Ostrel Courier"', 1), "utf-8")
    rules = Counter(row[3] for row in assert_same(package, other)["rows"] if row[0] == "dataset/actors.csv")
    assert rules["csv-syntax"] == 1
    assert rules["canonical-form"] == 2


@pytest.mark.parametrize("way", ["missing", "turned", "added"])
def test_columns_that_are_not_those_of_the_schema_hinder_nothing_else(way: str, tmp_path: Path, other: str) -> None:
    package = copy_minimal(tmp_path / "package")
    path = package / "dataset/claims.csv"
    rows = list(csv.reader(path.read_text("utf-8").splitlines()))
    at = rows[0].index("certainty")
    for number, row in enumerate(rows):
        row[at] = row[at] if number != 3 else "surely"
        if way == "missing":
            del row[2]
        elif way == "turned":
            row.reverse()
        else:
            row.insert(1, "more" if number == 0 else "a\nb")
    path.write_text(render(rows), "utf-8", newline="")
    found = {row[3:9:4]: row for row in assert_same(package, other)["rows"] if row[0] == "dataset/claims.csv"}
    line, column = found["enum", "certainty"][1:3]
    assert rows[0][column - 1] == "certainty"
    assert line == (7 if way == "added" else 4)


def test_a_package_in_a_zip_is_read_alike(tmp_path: Path, other: str) -> None:
    package = copy_minimal(tmp_path / "package")
    path = package / "dataset/claims.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").replace(b"CT+", b"CT", 1))
    archive = Path(shutil.make_archive(str(tmp_path / "package"), "zip", package))
    assert {row[3] for row in assert_same(archive, other)["rows"]} == {"canonical-form", "enum"}


# --- whole packages ---


def some(things: list[Any], seed: int = 6) -> list[Any]:
    """A sample of cases, and the rest as slow ones."""
    chosen = random.Random(seed).sample(range(len(things)), SAMPLE)
    slow = pytest.mark.slow
    return [pytest.param(one, marks=[] if n in chosen else slow, id=str(n)) for n, one in enumerate(things)]


@pytest.mark.parametrize("case", some([case for case in CASES if not case.xfail]))
def test_a_broken_package_is_the_same_to_every_engine(case: Case, tmp_path: Path, other: str) -> None:
    package = copy_minimal(tmp_path / "package")
    apply_edits(package, case.edits)
    found = assert_same(package, other)
    assert not case.finds or "refused" in found or found["rows"] or case.rule == "descriptor-complete"


@pytest.fixture(scope="module")
def copied() -> Iterator[Copy]:
    """A copy of the real package."""
    with tempfile.TemporaryDirectory() as folder:
        yield Copy(Path(folder) / "package", broken_lines=False)


@pytest.mark.parametrize("name", some(sorted(KINDS)))
def test_a_corrupted_package_is_the_same_to_every_engine(name: str, copied: Copy, other: str) -> None:
    try:
        KINDS[name].trial(copied, 0)
        assert_same(copied.folder, other)
    finally:
        copied.restore()


@settings(max_examples=EXAMPLES, deadline=None, derandomize="EXAMPLES" not in os.environ)
@given(faults=spoilings)
def test_whatever_is_spoilt_is_the_same_to_every_engine(faults: list[Spoiling]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = copy_minimal(Path(folder) / "package")
        spoil(package, faults)
        assert_same(package, "duckdb")


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed")
@settings(max_examples=EXAMPLES, deadline=None, derandomize="EXAMPLES" not in os.environ)
@given(faults=spoilings)
def test_whatever_is_spoilt_is_the_same_to_spark(faults: list[Spoiling]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = copy_minimal(Path(folder) / "package")
        spoil(package, faults)
        assert_same(package, "spark")


@pytest.mark.parametrize("kinds", [("cells", "keys", "rules"), ("form", "files")], ids="-".join)
def test_every_fault_of_a_generated_package_is_found_at_its_line(
    kinds: tuple[str, ...], tmp_path: Path, other: str
) -> None:
    package = tmp_path / "package"
    generate(package, 2500)
    inject(package, 0.001, kinds)
    paths = {name: open_package(package).path(name) for name in open_package(package).names}
    found = {(row[0], row[1], row[3]) for row in assert_same(package, other)["rows"]}
    faults = list(csv.DictReader((package / "faults.csv").read_text("utf-8").splitlines(keepends=True)))
    missed = [f for f in faults if (paths[f["table"]], int(f["line"]), f["rule"]) not in found]
    assert faults
    assert missed == []


@pytest.mark.parametrize("valid", [True, False])
def test_what_a_small_package_is_told_does_not_depend_on_the_engine(valid: bool, tmp_path: Path, other: str) -> None:
    package = copy_package(tmp_path / "package")
    if not valid:
        path = package / "dataset/claims.csv"
        path.write_text(path.read_text("utf-8").replace("CT+", "CT", 1), "utf-8")
    reports = [Check(Validator(), engine).run(open_package(package, faulty=True)) for engine in ("pandera", other)]  # type: ignore[arg-type]
    assert reports[0].valid is valid
    assert reports[0].text() == reports[1].text()

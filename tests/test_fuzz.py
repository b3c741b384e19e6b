"""Whatever is written, the readers answer: with what it says, with findings, or with one line.

The examples are the same on every run. ``ONRECORD_FUZZ=20 pytest tests/test_fuzz.py`` tries twenty
times as many, and others each time.
"""

from __future__ import annotations

import contextlib
import copy
import csv
import datetime as dt
import io
import itertools
import json
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import MINIMAL, SCHEMAS, copy_minimal
from onrecord.csvtable import TableText, parse, render
from onrecord.dates import Bounds, bounds
from onrecord.findings import PackageError, Region
from onrecord.package import open_package
from onrecord.report import Report
from onrecord.validate import Validator

TIMES = int(os.environ.get("ONRECORD_FUZZ", "1"))
FIELDS = ["thing_id", "words", "number"]


def fuzzed(examples: int) -> settings:
    return settings(derandomize=TIMES == 1, deadline=None, max_examples=examples * TIMES)


# CSV


cells = st.text(st.sampled_from('ab,"\n\r é\u2028'), max_size=6) | st.text(max_size=6)
tables = st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5).map(lambda rows: render([FIELDS, *rows]))
marks = st.sampled_from([",", '"', '""', "\n", "\r", "\r\n", "\0", "\ufeff", "x", "\x85", ""])


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text with a few places overwritten, added or taken away."""
    text = draw(texts)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + draw(marks) + text[at + draw(st.integers(0, 3)) :]
    return text


def read(data: bytes) -> tuple[TableText, list[object]]:
    table = TableText("things", "dataset/things.csv", data=data)
    return table, list(parse(table, FIELDS))


def cut(text: str, region: Region) -> str:
    lines = text.split("\n")[region.line - 1 : region.end_line]
    lines[-1] = lines[-1][: region.end_column - 1]
    lines[0] = lines[0][region.column - 1 :]
    return "\n".join(lines)


def check_table(data: bytes) -> None:
    table, findings = read(data)
    text = data.decode("utf-8", errors="replace").removeprefix("\ufeff")
    lines = text.split("\n")
    assert all(len(row) == len(table.columns) for row in table.rows)
    assert len(table.lines) == len(table.rows)
    assert table.lines == sorted(set(table.lines))
    for finding in findings:
        assert 1 <= finding.line <= len(lines) - (lines[-1] == "" and len(lines) > 1), finding
        region = table.region(finding.line, finding.column)
        assert region is None or is_inside(region, lines), finding
    crlf = data.count(b"\r\n") == data.count(b"\n")  # then line ends within cells are of the file's making too

    def same(cells: list[str]) -> list[str]:
        return [re.sub("\r+\n", "\n", cell) if crlf else cell for cell in cells]

    if table.complete and not findings:
        expected = filter(None, csv.reader(io.StringIO(text, newline="")))  # a stray CR is a line to it, and empty
        assert [same(row) for row in (table.columns, *table.rows)] == [same(row) for row in expected]
    for row in set(range(len(table.rows))) - table.ragged:
        for column, name in enumerate(table.columns, 1):
            if table.columns.index(name) == column - 1:
                region = table.region(*table.place(row, name))
                assert region is not None
                assert is_inside(region, lines)
                here = cut(text, region)
                assert same(next(csv.reader(io.StringIO(here, newline=""), strict=True), [""])) == same(
                    [table.rows[row][column - 1]]
                )


def is_inside(region: Region, lines: list[str]) -> bool:
    return (1, 1) <= (region.line, region.column) <= (region.end_line, region.end_column) and all(
        line <= len(lines) and column <= len(lines[line - 1]) + 1
        for line, column in ((region.line, region.column), (region.end_line, region.end_column))
    )


@given(st.binary(max_size=120) | st.text('ab,"\n\r\0', max_size=30).map(str.encode))
@fuzzed(1000)
def test_any_bytes_are_read_or_reported(data: bytes) -> None:
    check_table(data)


@given(mutated(tables | tables.map(lambda text: text.replace("\n", "\r\n"))))
@fuzzed(1500)
def test_a_table_with_a_few_faults_is_read_or_reported(text: str) -> None:
    check_table(text.encode("utf-8", "surrogatepass"))


@given(tables)
@fuzzed(500)
def test_a_table_without_faults_is_read_whole(text: str) -> None:
    table, findings = read(text.encode("utf-8", "surrogatepass"))
    if "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text):
        assert (findings, table.complete) == ([], True)
    check_table(text.encode("utf-8", "surrogatepass"))


@given(st.lists(st.lists(cells, min_size=1, max_size=3), max_size=4))
@fuzzed(500)
def test_what_is_written_is_read_again_and_as_python_writes_it(rows: list[list[str]]) -> None:
    text = render(rows)
    assert list(csv.reader(io.StringIO(text, newline=""))) == rows
    if "\r" not in text:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        assert text == out.getvalue()


# EDTF

years = st.sampled_from(
    ["2023", "2024", "0000", "-0000", "-0001", "-0044", "9999", "0001", "1900", "202X", "20XX", "2XXX", "XXXX", "-202X"]
) | st.integers(0, 9999).map("{:04}".format)
months = st.sampled_from(["01", "02", "09", "12", "13", "00", "21", "24", "25", "XX", "1X"])
numbers = st.sampled_from(["01", "28", "29", "30", "31", "32", "00", "XX", "X1"])
plain = st.tuples(years, st.lists(months, max_size=1), st.lists(numbers, max_size=1)).map(
    lambda p: "-".join((p[0], *p[1], *p[2]))
)
ends = st.sampled_from(["", "", "?", "~", "%", "T10:00:00", "T24:00:00Z", "T10:00:61", "T10:00:00+01:00"])
long_years = st.sampled_from(["Y17000", "Y-17000", "Y2023", "Y02023", "Y999999999", "Y1E5"])
singles = st.tuples(plain, ends).map("".join) | long_years
sides = singles | st.sampled_from(["", ".."])
edtf_values = singles | st.tuples(sides, sides).map("/".join)
scribbles = st.text("0123456789-/.?~%XTZ:+Y SU[]{},", max_size=26) | st.text(max_size=20)


def library_days(value: str) -> list[str] | None:
    """First and last day by the library, empty beyond Python's years; None where it refuses."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):  # the library prints what it cannot make sense of
        try:
            parsed = edtf.parse_edtf(value)
            days = [parsed.lower_strict(), parsed.upper_strict()]
        except Exception:  # noqa: BLE001  # of several libraries
            return None
    return ["" if isinstance(d, float) or not 1 <= d[0] <= 9999 else f"{d[0]:04}-{d[1]:02}-{d[2]:02}" for d in days]


@given(edtf_values | scribbles | mutated(edtf_values))
@fuzzed(400)
def test_a_date_has_bounds_or_a_problem(value: str) -> None:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        found = bounds.__wrapped__(value)
    assert (said.getvalue(), found) == ("", bounds(value))
    if found.problem:
        assert found == Bounds(problem=found.problem)
        assert len(found.problem) < 200
        assert "\n" not in found.problem
        return
    for day in filter(None, (found.start, found.end)):
        assert dt.date.fromisoformat(day).isoformat() == day
        assert bounds(day) == Bounds(day, day, "", 1, 1)
    if found.start and found.end:
        assert found.start <= found.end
        again = bounds(f"{found.start}/{found.end}")
        assert (again.problem, again.start, again.end) == ("", found.start, found.end)
    assert found.least <= found.most
    assert bool(found.least) == bool(found.most)


@given(edtf_values | mutated(edtf_values))
@fuzzed(400)
def test_where_the_library_answers_it_answers_the_same(value: str) -> None:
    found, days, parts = bounds(value), library_days(value), value.split("/")
    if any(map(is_season, parts)):
        return  # it knows no doubtful seasons, and gives others days that nobody told
    if days is None:
        assert found.problem or not value
    elif not found.problem:  # it pads ends that are unknown by ten years
        assert found.start == (days[0] if parts[0] else "")
        assert found.end == (days[1] if parts[-1] else "")


def is_season(side: str) -> bool:
    return bool(re.fullmatch(r"-?\d{4}-2[1-4][?~%]?", side))


@given(years, months, numbers, st.sampled_from("?~%"))
@fuzzed(100)
def test_what_is_less_precise_contains_what_is_more_so(year: str, month: str, number: str, mark: str) -> None:
    parts = [year, f"{year}-{month}", f"{year}-{month}-{number}"]
    known = [found for part in parts if not (found := bounds(part)).problem and found.start]
    for wider, narrower in itertools.pairwise(known):
        assert wider.start <= narrower.start
        assert narrower.end <= wider.end
    for part in parts:
        plain, doubted = bounds(part), bounds(part + mark)
        assert (plain.start, plain.end, bool(plain.problem)) == (doubted.start, doubted.end, bool(doubted.problem))


@given(singles, singles)
@fuzzed(200)
def test_of_two_ways_round_one_at_least_is_reversed_unless_they_overlap(one: str, other: str) -> None:
    there, back = bounds(f"{one}/{other}"), bounds(f"{other}/{one}")
    first, second = bounds(one), bounds(other)
    if first.problem or second.problem:
        assert there.problem
        assert back.problem
    elif first.start and second.start and not re.search("[XTY]", one + other):
        assert bool(there.problem) == (first.start > second.end)
        assert bool(back.problem) == (second.start > first.end)


# Archives


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("fuzz") / "p.zip"
    schema = {"fields": [{"name": name} for name in FIELDS], "primaryKey": "thing_id"}
    descriptor = {"resources": [{"name": "things", "path": "things.csv", "schema": schema}]}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("é/datapackage.json", json.dumps(descriptor))
        out.writestr("é/things.csv", "thing_id,words,number\nT1,a,b\n")
    return path


edits = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 6), st.binary(max_size=4) | st.sampled_from([b"\0", b"\xff" * 4, b"PK"])),
    min_size=1,
    max_size=4,
)


@given(edits)
@fuzzed(500)
def test_a_damaged_archive_is_read_or_refused_in_one_line(archive: Path, edits: list[tuple[float, int, bytes]]) -> None:
    data = archive.read_bytes()
    for where, gone, more in edits:
        at = int(where * len(data))
        data = data[:at] + more + data[at + gone :]
    damaged = archive.with_name("damaged.zip")
    damaged.write_bytes(data)
    try:
        opened = open_package(damaged)
        assert all(isinstance(opened.read(name)[0], TableText) for name in opened.names)
    except PackageError as error:
        said = str(error)
        assert said.isprintable()


# The descriptor and the schemas

FILES = {"datapackage.json": MINIMAL / "datapackage.json"} | {
    f"schemas/{path.relative_to(SCHEMAS)}": path for path in sorted(SCHEMAS.rglob("*.json"))
}
VALUES = {name: json.loads(path.read_bytes()) for name, path in FILES.items()}
names = st.sampled_from(["name", "path", "schema", "type", "enum", "pattern", "minimum", "unique", "fields", "x", ""])
strange = st.sampled_from([
    None, True, 0, -1, 2**53 - 1, 1e300, "", "é", "\u202e", "a" * 300, "claims", "claim_id", "dataset/claims.csv",
    "schemas/claims.json", "date", "integer", "boolean", "../x", "[", "(a", "a{9999999999}", [], {}, [[]], [{}], [None],
    {"fields": []}, {"fields": [{}]}, {"required": 1}, {"minimum": "x"}, {"enum": ["a"]}, {"maxLength": 0},
])  # fmt: skip
anything = strange.map(copy.deepcopy) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(names, below, max_size=3),
    max_leaves=5,
)


def steps(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value in a JSON value."""
    yield at
    for key, below in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from steps(below, (*at, key))


@st.composite
def disturbed(draw: st.DrawFn) -> tuple[str, Any]:
    """A file of the package with one or two of its values replaced, added or taken away."""
    name = draw(st.sampled_from(["datapackage.json", *FILES]))
    value = copy.deepcopy(VALUES[name])
    for _ in range(draw(st.integers(1, 2))):
        ways = list(steps(value))
        depth = draw(st.integers(1, max(map(len, ways)) or 1))
        way = draw(st.sampled_from([w for w in ways if len(w) == depth] or [()]))
        at = value
        for key in way[:-1]:
            at = at[key]
        change = draw(st.sampled_from(["replace", "replace", "delete", "add"]))
        if not way or not at:
            value = draw(anything)
        elif change == "delete":
            del at[way[-1]]
        elif change == "add" and isinstance(at, dict):
            at[draw(names)] = draw(anything)
        else:
            at[way[-1]] = draw(anything)
    return name, value


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_minimal(tmp_path_factory.mktemp("fuzz") / "package")


VALIDATOR = Validator(rules=frozenset({"edtf-valid"}))


@given(disturbed())
@fuzzed(100)
def test_a_disturbed_descriptor_gives_a_report_or_one_line(folder: Path, change: tuple[str, Any]) -> None:
    name, value = change
    (folder / name).write_text(json.dumps(value), "utf-8")
    try:
        assert isinstance(VALIDATOR.check(open_package(folder, faulty=True)), Report)
    except PackageError as error:
        said = str(error)
        assert "\n" not in said.replace(str(folder), "")
        assert len(said) < 1000
    finally:
        (folder / name).write_bytes(FILES[name].read_bytes())

"""The generator of large packages: valid, canonical, the same bytes for the same seed, and faults where it says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from bench.faults import inject
from bench.generate import generate
from onrecord.files import canonical_form
from onrecord.package import open_package
from onrecord.rulebook import rulebook
from onrecord.rules import RULES
from onrecord.tableschema import TableSchema
from onrecord.validate import validate

ROWS = 2000


def contents(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated") / "clean"
    generate(folder, ROWS)
    return folder


def test_what_is_generated_is_valid(clean: Path) -> None:
    report = validate(open_package(clean))
    assert [str(finding) for finding in report.findings] == []
    assert not report.skipped
    assert 0.7 * ROWS < sum(report.rows.values()) < 1.3 * ROWS


def test_same_seed_same_bytes_whatever_the_threads(clean: Path, tmp_path: Path) -> None:
    generate(tmp_path / "again", ROWS, threads=1)
    generate(tmp_path / "other", ROWS, seed=2)
    assert contents(tmp_path / "again") == contents(clean)
    assert contents(tmp_path / "other") != contents(clean)


def test_faults_stand_where_the_list_says(tmp_path: Path) -> None:
    folder = tmp_path / "faulty"
    generate(folder, 3 * ROWS)
    counts = inject(folder, 0.001)
    package = open_package(folder)
    faults = list(csv.DictReader((folder / "faults.csv").read_text("utf-8").splitlines(keepends=True)))
    texts = {name: package.read(name)[0] for name in package.names}
    assert len(faults) == sum(counts.values()) > 300
    for fault in faults:
        text, row = texts[fault["table"]], int(fault["row"])
        assert text.cell(row, fault["column_name"]) == fault["value"], fault
        assert text.place(row, fault["column_name"])[0] == int(fault["line"]), fault
    places = [(fault["table"], fault["row"]) for fault in faults]
    assert len(places) == len(set(places))
    assert {rule.name for rule in RULES} <= {fault["rule"] for fault in faults}
    assert {fault["rule"] for fault in faults} <= rulebook().keys()


def test_faulty_rows_stand_in_order(tmp_path: Path) -> None:
    folder = tmp_path / "faulty"
    generate(folder, ROWS)
    inject(folder, 0.001)
    package = open_package(folder)
    for name in package.names:
        form = canonical_form(package.read(name)[0], TableSchema(name, package.schemas[name]))
        assert [str(f) for f in form if "out of order" in f.message] == []


def test_faults_of_form_are_found_where_the_list_says(tmp_path: Path) -> None:
    for group, rules in (("form", {"canonical-form"}), ("files", {"row-length"})):
        folder = tmp_path / group
        generate(folder, ROWS)
        inject(folder, 0.001, (group,))
        faults = csv.DictReader((folder / "faults.csv").read_text("utf-8").splitlines(keepends=True))
        listed = {(f"dataset/{f['table']}.csv", int(f["line"]), f["rule"]) for f in faults}
        report = validate(open_package(folder))
        found = {(place.path, place.line, f.rule) for f in report.findings for place in (f.place, *f.others)}
        assert listed
        assert {one for one in found if one[2] in rules} == listed

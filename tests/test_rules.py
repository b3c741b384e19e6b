"""Every rule fires where it should and nowhere else: one minimal valid package, broken once a case.

A case is tests/broken/<rule>/edits*.json (it must be found) or ok-*.json (a neighbour of a fault that
must find nothing). What is found must be exactly what the case says, place by place.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path

import pytest
from helpers import BROKEN, MINIMAL, SCHEMAS, Case, place, read_case, run

from onrecord.findings import Finding
from onrecord.package import open_package
from onrecord.rules import RULES
from onrecord.schema import TableSchema
from onrecord.validate import FILE_RULES

CASES = [read_case(path) for path in sorted(BROKEN.glob("*/*.json"))]
READER_RULES = {"missing-table", "encoding", "csv-syntax", "columns", "row-length"}
CELL_RULES = {
    "type", "required", "enum", "pattern", "primary-key", "unique", "unique-key", "foreign-key",
    "minimum", "maximum", "max-length", "stray-characters",
}  # fmt: skip
RULE_NAMES = {rule.name for rule in RULES} | {name for name, _ in FILE_RULES}

Outcomes = dict[str, "Future[list[Finding]]"]


@pytest.fixture(scope="module")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outcomes]:
    """What each chosen case finds. A run is a second or two of one core, so all cores share them."""
    folder = tmp_path_factory.mktemp("broken")
    params = [getattr(item, "callspec").params for item in request.session.items if hasattr(item, "callspec")]
    chosen = [p["case"] for p in params if isinstance(p.get("case"), Case)]
    # Fork would copy the threads of a DuckDB that another test may have opened.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        yield {case.name: pool.submit(run, folder / case.name.replace("/", "."), case.edits) for case in chosen}
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_finds_exactly_what_it_says(case: Case, outcomes: Outcomes) -> None:
    findings = outcomes[case.name].result()
    expected = [*case.finds, *case.companions]
    report = "\n".join(["found:", *map(str, findings)])
    assert {(place(f), f.rule) for f in findings} == {(e.at, e.rule) for e in expected}, report
    for one in expected:
        assert any(one.fits(f) for f in findings), f"nothing at {one.at} says {one.says!r}\n{report}"


@pytest.mark.parametrize("texts", [True, False], ids=["with texts", "without texts"])
def test_minimal_package_is_valid(texts: bool, tmp_path: Path) -> None:
    assert run(tmp_path / "minimal", texts=texts) == []


def test_every_rule_has_a_folder_and_every_folder_is_a_rule() -> None:
    assert {folder.name for folder in BROKEN.iterdir()} == RULE_NAMES | READER_RULES | CELL_RULES


def test_every_folder_has_a_case_that_fires() -> None:
    assert {case.rule for case in CASES if case.finds} == {folder.name for folder in BROKEN.iterdir()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_is_about_its_folder(case: Case) -> None:
    assert case.path.stem.startswith("ok-") == (not case.finds)
    assert not (case.companions and not case.finds)
    assert {e.rule for e in case.finds} <= {case.rule}
    assert case.rule not in {e.rule for e in case.companions}
    assert all(e.because for e in case.companions)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_sentence_says_what_must_hold_and_how_to_mend_it(rule: object) -> None:
    holds, _, mend = getattr(rule, "sentence").partition("; ")
    assert holds[:1].isupper()
    assert mend
    assert not mend.endswith(".")


def test_agreement_on_every_judged_field_is_complete(tmp_path: Path) -> None:
    package = open_package(MINIMAL)
    assert SCHEMAS.is_dir() and package

"""Every rule fires where it should and nowhere else: one minimal valid package, broken once a case.

A case is tests/broken/<rule>/edits*.json, a fault that must be found, or ok-*.json, its neighbour
that must not. What is found must be exactly what the case says, place by place.
"""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from helpers import BROKEN, MINIMAL, SCHEMAS, Case, Edit, find, read_case
from onrecord.findings import Finding
from onrecord.rulebook import Entry, rulebook

CASES = [read_case(path) for path in sorted(BROKEN.glob("*/*.json"))]
Finder = Callable[[Case], list[Finding]]


def parameter(case: Case) -> object:
    """The case as a parameter; one that does not hold yet must go on failing until its note is taken out."""
    marks = [pytest.mark.xfail(reason=case.xfail, strict=True)] if case.xfail else []
    return pytest.param(case, id=case.name, marks=marks)


@pytest.fixture(scope="module")
def finder(request: pytest.FixtureRequest) -> Iterator[Finder]:
    """What a case finds. Cases take about a second each, so all cores share those that were chosen."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        yield lambda case: find(case.edits)
        return
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    params = [item.callspec.params["case"] for item in items if "finder" in item.fixturenames]
    # A fork would inherit the locks of threads that DuckDB started for earlier tests.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(cores(), mp_context=context) as pool:
        found = {case.name: pool.submit(find, case.edits) for case in params if isinstance(case, Case)}
        yield lambda case: found[case.name].result()
        pool.shutdown(cancel_futures=True)


def cores() -> int:
    """The cores that this process may use, which can be fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@pytest.mark.parametrize("case", [parameter(case) for case in CASES])
def test_case_finds_exactly_what_it_says(case: Case, finder: Finder) -> None:
    findings = finder(case)
    expected = [*case.finds, *case.companions]
    report = "\n".join(["found:", *map(str, findings)])
    assert {(str(f.place), f.rule) for f in findings} == {(e.at, e.rule) for e in expected}, report
    for one in expected:
        assert any(one.fits(f) for f in findings), f"nothing at {one.at} says {one.says!r}, {one.count} times\n{report}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case_is_about_its_folder(case: Case) -> None:
    assert case.path.stem.startswith("edits") == bool(case.finds)
    assert case.path.stem.startswith("ok-") == (not case.finds)
    assert {e.rule for e in case.finds} <= {case.rule}
    assert case.rule not in {e.rule for e in case.companions}
    assert all(e.because for e in case.companions)


def test_every_rule_has_a_folder_with_a_case_that_fires_and_every_folder_is_a_rule() -> None:
    assert {case.rule for case in CASES if case.finds} == set(rulebook())
    assert {folder.name for folder in BROKEN.iterdir()} == set(rulebook())


@pytest.mark.parametrize("texts", [True, False], ids=["with texts", "without texts"])
def test_minimal_package_is_valid(texts: bool) -> None:
    assert find(texts=texts) == []


def test_minimal_package_has_rows_in_every_table_that_can_have_some() -> None:
    empty = {path.stem for path in (MINIMAL / "dataset").glob("*.csv") if path.read_bytes().count(b"\n") < 2}
    # Agreement on one field is agreement on all of them, which would drown what the cases are about.
    assert empty == {"agreement"}


@pytest.mark.parametrize("rule", rulebook().values(), ids=lambda rule: rule.name)
def test_a_rule_says_what_must_hold_why_and_how_to_mend_it(rule: Entry) -> None:
    assert rule.holds[:1].isupper()
    assert not rule.holds.endswith(".")
    assert rule.fix
    assert not rule.fix.endswith(".")
    assert rule.why.endswith(".")
    assert rule.example.endswith(".")


def agreement(name: str, field: str) -> Edit:
    measured = {"units": "140", "coders": "2", "alpha": "0.77", "agreement_version": "0.1.0"}
    return {"table": "agreement", "add": {"table_name": name, "field_name": field, **measured}}


def test_agreement_on_every_judged_field_is_enough() -> None:
    """No case file, since the schemas say which fields these are."""
    schemas = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in SCHEMAS.glob("*.json")}
    judged = [(name, f["name"]) for name, schema in schemas.items() for f in schema["fields"] if "codingRule" in f]
    assert find(agreement(*field) for field in judged) == []
    assert {f.rule for f in find(agreement(*field) for field in judged[1:])} == {"agreement-covers-judged-fields"}

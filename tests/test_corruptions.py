"""Every corruption of the real package is found, at its place, under its rule, with no false finding beside it."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor

import pytest

from corruptions import KINDS, TABLE, Trial, try_kind
from onrecord.rulebook import rulebook
from onrecord.rules import RULES
from test_rules import cores

PLACES = range(int(os.environ.get("CORRUPTIONS", "2")))


@pytest.fixture(scope="module")
def results(request: pytest.FixtureRequest) -> Iterator[Callable[[str], list[Trial]]]:
    """The trials of a kind; all cores share those of the chosen kinds."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        yield lambda name: try_kind(name, PLACES)
        return
    items = [item for item in request.session.items if isinstance(item, pytest.Function)]
    names = [item.callspec.params["name"] for item in items if "results" in item.fixturenames]
    with ProcessPoolExecutor(cores(), mp_context=multiprocessing.get_context("spawn")) as pool:
        tried = {name: pool.submit(try_kind, name, PLACES) for name in names}
        yield lambda name: tried[name].result()
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", KINDS)
def test_a_corruption_is_found_exactly(name: str, results: Callable[[str], list[Trial]]) -> None:
    for trial in results(name):
        assert trial.expected
        assert trial.exact, str(trial)


def test_there_are_many_kinds_and_two_for_every_rule_across_tables() -> None:
    assert len(KINDS) > 400
    groups = [kind.group for kind in KINDS.values()]
    assert {
        rule.name: groups.count(f"rule {rule.name}") for rule in RULES if groups.count(f"rule {rule.name}") < 2
    } == {}


def test_the_table_in_the_documents_is_of_these_kinds_and_all_of_them_are_exact() -> None:
    rows = [line.strip("| ").split(" | ") for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| ")][
        2:
    ]
    assert {(group, kind) for group, kind, *_ in rows} == {(kind.group, name) for name, kind in KINDS.items()}
    for _, kind, tried, found, exact, missed, false in rows:
        assert (found, exact, missed, false) == (tried, tried, "0", "0"), kind
        assert int(tried) >= 3
    assert f"{len(rulebook())} rules brought to speak" in TABLE.read_text("utf-8")

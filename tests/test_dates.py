"""EDTF values and the days they allow."""

import datetime as dt
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.dates import Bounds, bounds

GOLDEN = {
    "": ("", ""),
    "2023-09-05": ("2023-09-05", "2023-09-05"),
    "2023-09": ("2023-09-01", "2023-09-30"),
    "2024-02": ("2024-02-01", "2024-02-29"),
    "2023": ("2023-01-01", "2023-12-31"),
    "2023-09-05~": ("2023-09-05", "2023-09-05"),
    "2023?": ("2023-01-01", "2023-12-31"),
    "2023-09%": ("2023-09-01", "2023-09-30"),
    "2023-09-XX": ("2023-09-01", "2023-09-30"),
    "2023-XX-XX": ("2023-01-01", "2023-12-31"),
    "202X": ("2020-01-01", "2029-12-31"),
    "20XX": ("2000-01-01", "2099-12-31"),
    "2023-09-01/2023-09-10": ("2023-09-01", "2023-09-10"),
    "2023-08/2023-09-04": ("2023-08-01", "2023-09-04"),
    "2023-09-11~/2023-09-20~": ("2023-09-11", "2023-09-20"),
    "../2023-09-06": ("", "2023-09-06"),
    "/2023-09-06": ("", "2023-09-06"),
    "2023-09-05/..": ("2023-09-05", ""),
    "2023-09-05/": ("2023-09-05", ""),
    "../..": ("", ""),
    "2023-09-05T10:00:00Z": ("2023-09-05", "2023-09-05"),
    "2023-21": ("", ""),
    "Y170000002": ("", ""),
    "-0044": ("", ""),
}
INVALID = [
    "epoch", "1e3", "0x10", "open", "unknown", "..", "/", "2023-13", "2023-00", "2023-09-31", "2023-02-29",
    "2023-09-00", "2023-9-5", "05.09.2023", "2023-09-05/2023-09-04", "2023-09/2023-08", "2023-XX-05", "202X-09",
    "[2023-09-05,2023-09-06]", "{2023,2024}", "2023-09-05/2023-09-06/2023-09-07", "2023-09-XX/2023-10-01", "２０２３",
    " 2023", "2023 ", "2023-09-05\n", "2023-W36", "x/2023", "today",
]  # fmt: skip


@pytest.mark.parametrize(("value", "days"), GOLDEN.items())
def test_bounds_are_the_strict_ones(value: str, days: tuple[str, str]) -> None:
    found = bounds(value)
    assert (found.problem, found.start, found.end) == ("", *days)


@pytest.mark.parametrize("value", INVALID)
def test_what_is_no_edtf_level_1_is_refused(value: str) -> None:
    found = bounds(value)
    assert found.problem
    assert (found.start, found.end) == ("", "")


@pytest.mark.parametrize(
    ("value", "least", "most"),
    [
        ("2023-09-05", 1, 1),
        ("2023-09-05/2023-09-07", 1, 1),
        ("2023-09-05~", 2, 5),
        ("2023-09-01~/2023-09-10~", 2, 5),
        ("2023-09", 4, 4),
        ("2023-09~", 4, 5),
        ("2023", 5, 5),
        ("2022-06/2023-05", 2, 5),
        ("2023-09-05/..", 0, 0),
        ("2021/2023", 0, 0),
        ("", 0, 0),
    ],
)
def test_precision_that_fits(value: str, least: int, most: int) -> None:
    found = bounds(value)
    assert (found.least, found.most) == (least, most)


days = st.dates(dt.date(1, 1, 1), dt.date(9999, 12, 31))


@given(days)
def test_a_day_is_its_own_bounds(day: dt.date) -> None:
    assert bounds(day.isoformat()) == Bounds(day.isoformat(), day.isoformat(), "", 1, 1)


@given(days, days)
def test_an_interval_is_reversed_or_runs_from_end_to_end(one: dt.date, two: dt.date) -> None:
    found = bounds(f"{one.isoformat()}/{two.isoformat()}")
    if one > two:
        assert "reversed" in found.problem
    else:
        assert (found.start, found.end, found.problem) == (one.isoformat(), two.isoformat(), "")


@given(st.text(alphabet=string.digits + "-/.?~%XTZ:Y", max_size=24) | st.text(max_size=24))
def test_whatever_is_written_the_answer_is_real_days_or_a_problem(value: str) -> None:
    found = bounds(value)
    for day in (found.start, found.end):
        assert not day or dt.date.fromisoformat(day)
    assert not (found.problem and (found.start or found.end))
    if found.start and found.end:
        assert found.start <= found.end

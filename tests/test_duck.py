"""DuckDB as an engine, within a bound of memory."""

from __future__ import annotations

import threading
from pathlib import Path

import duckdb
import pytest

from helpers import copy_minimal
from onrecord.duck import Duck
from onrecord.engines import Check
from onrecord.findings import PackageError
from onrecord.package import Package, open_package
from onrecord.report import Report
from onrecord.validate import Validator


def test_what_lacks_memory_is_done_again_alone(tmp_path: Path) -> None:
    engine = Duck("100MB", tmp_path)
    began, tried, free = threading.Event(), threading.Event(), threading.Event()
    done: list[str] = []

    def holds() -> None:
        began.set()
        assert free.wait(20)
        done.append("who held it")

    def lacks() -> str:
        if not tried.is_set():
            tried.set()
            raise duckdb.OutOfMemoryException("could not allocate block")
        done.append("who lacked it")
        return "in the end"

    said: list[str] = []
    threads = [
        threading.Thread(target=lambda: engine._patiently(holds)),
        threading.Thread(target=lambda: said.append(engine._patiently(lacks))),
    ]
    engine._turns = threading.Semaphore(engine._threads + 1)  # so that there are two even on one core
    engine._threads += 1
    threads[0].start()
    assert began.wait(20)
    threads[1].start()
    assert tried.wait(20)
    free.set()
    for thread in threads:
        thread.join(20)
    assert (done, said) == (["who held it", "who lacked it"], ["in the end"])


def test_what_never_fits_is_not_tried_without_end(tmp_path: Path) -> None:
    engine = Duck("20MB", tmp_path)
    with pytest.raises(duckdb.OutOfMemoryException):
        list(engine.rows("SELECT list(range) FROM range(20000000)"))
    assert list(engine.rows("SELECT 1")) == [(1,)]


def test_what_does_not_fit_alone_is_given_more_where_there_may_be_more(tmp_path: Path) -> None:
    sql = "SELECT count(*) FROM (SELECT list(range ORDER BY range) AS every FROM range(1000000)) WHERE len(every) > 0"
    with pytest.raises(duckdb.OutOfMemoryException):
        list(Duck("20MB", tmp_path).rows(sql))
    engine = Duck("20MB", tmp_path, at_most="400MB")
    assert list(engine.rows(sql)) == [(1,)]
    with pytest.raises(duckdb.OutOfMemoryException):
        list(engine.rows("SELECT list(range) FROM range(200000000)"))


@pytest.mark.parametrize("times", [1, 2])
def test_a_check_that_broke_down_is_begun_again_once(
    times: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = open_package(copy_minimal(tmp_path / "package"))
    given: list[str] = []

    def listed(check: Check, package: Package, engine: str, folder: Path, memory: str) -> Report:
        given.append(memory)
        if len(given) <= times:
            raise duckdb.InternalException("INTERNAL Error: a pointer that is not set\n\nStack Trace: …")
        return done

    done = Report("minimal")
    monkeypatch.setattr(Check, "_listed", listed)
    check = Check(Validator(), engine="duckdb", each=True)
    if times == 1:
        assert check.run(package) is done
    else:
        with pytest.raises(
            PackageError, match="DuckDB broke down: INTERNAL Error: a pointer that is not set; give it more"
        ):
            check.run(package)
    assert given == ["380MB", "760MB"]


def test_another_error_is_not_tried_again(tmp_path: Path) -> None:
    engine, times = Duck("100MB", tmp_path), []

    def fails() -> None:
        times.append(1)
        raise duckdb.TransactionException("something else")

    with pytest.raises(duckdb.TransactionException):
        engine._patiently(fails)
    assert times == [1]


@pytest.mark.parametrize("size", ["", "much", "-1GB", "12"])
def test_what_is_no_size_is_said(tmp_path: Path, size: str) -> None:
    with pytest.raises(PackageError, match="is no size; write it as 400MB or 2GB"):
        Duck(size, tmp_path)

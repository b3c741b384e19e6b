"""DuckDB as an engine, within a bound of memory."""

from __future__ import annotations

import threading
from pathlib import Path

import duckdb
import pytest

from onrecord.duck import Duck
from onrecord.findings import PackageError


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

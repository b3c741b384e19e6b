"""Watching: what is new, fixed and open from one save to the next, in one process."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.findings import Finding
from onrecord.watch import compare

findings = st.lists(
    st.builds(
        Finding, st.sampled_from(["a.csv", "b.csv"]), st.integers(1, 9), st.integers(0, 3), st.sampled_from(["enum", "used"]),
        st.just("what"), st.sampled_from(["", "fix"]),
    ),
    max_size=8,
)  # fmt: skip


@given(findings, findings)
def test_nothing_is_lost_between_two_checks(before: list[Finding], after: list[Finding]) -> None:
    change = compare(before, after)
    assert sorted(map(str, change.new + change.still)) == sorted(map(str, after))
    assert len(change.fixed) + len(change.still) == len(before)
    assert all(f in before for f in change.fixed)


@given(findings)
def test_what_did_not_change_is_open(before: list[Finding]) -> None:
    assert compare(before, before).still == before
    assert compare(before, []).fixed == before
    assert compare([], before).new == before


def test_a_finding_that_moved_is_the_same() -> None:
    one, two = (Finding("a.csv", line, 2, "enum", "what", value="x") for line in (4, 5))
    assert compare([one], [two]).still == [two]


@pytest.fixture
def watching(copy: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "onrecord", "validate", "--watch", str(copy)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    guard = threading.Timer(120, process.kill)  # a watch that sees nothing would be waited for without end
    guard.start()
    yield process
    guard.cancel()
    process.kill()
    process.communicate()


def block(process: subprocess.Popen[str]) -> str:
    """What is printed up to the next empty line."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        if line == "\n":
            return "".join(lines)
        lines.append(line)
    raise AssertionError("".join(lines) + (process.stderr.read() if process.stderr else ""))


def test_saves_are_checked_until_interrupted(watching: subprocess.Popen[str], copy: Path) -> None:
    path = copy / "dataset/claims.csv"
    right = path.read_text("utf-8")
    assert "0 new, 0 fixed, 0 open; valid: " in block(watching)
    path.write_text(right.replace(",noncommittal,", ",noncomittal,", 1), "utf-8")
    said = block(watching)
    assert "new   dataset/claims.csv:2:6 enum: " in said
    assert "1 new, 0 fixed, 0 open; invalid: " in said
    (copy / "datapackage.json").write_text((copy / "datapackage.json").read_text("utf-8") + "\n", "utf-8")
    assert "open  dataset/claims.csv:2:6 enum: " in block(watching)
    path.write_text(right, "utf-8")
    assert "fixed dataset/claims.csv:2:6 enum: " in block(watching)
    watching.send_signal(signal.SIGINT)
    out, error = watching.communicate(timeout=20)
    assert (watching.returncode, out, error) == (0, "", "stopped\n")

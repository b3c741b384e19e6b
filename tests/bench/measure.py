"""Measure commands as whole processes: in turns, on the same cores, several times."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Failed", "Run", "cores", "run", "runs_for"]

_LAUNCH = Path(__file__).with_name("launch.py")
_LONG, _LONGER, _LONGEST = 20.0, 60.0, 300.0


class Failed(Exception):  # noqa: N818  # what it says of a contender, not of this program
    """A command that could not run, ended with another status than it should, or took too long."""


@dataclass(frozen=True)
class Run:
    """One run of a command: wall time in seconds, peak memory in bytes, and what it printed."""

    seconds: float
    memory: int
    output: str = ""


def cores(number: int = 2) -> list[int]:
    """The first cores that this process may use."""
    usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else list(range(os.cpu_count() or 1))
    return usable[:number]


def run(
    command: Sequence[str],
    on: Sequence[int],
    limit: float,
    statuses: Sequence[int] = (0,),
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Run:
    """Run a command in a fresh process on these cores. Raises Failed, in words for the table."""
    many = str(len(on))
    threads = {"OMP_NUM_THREADS": many, "POLARS_MAX_THREADS": many, "NO_COLOR": "1"}
    launcher = [sys.executable, "-S", str(_LAUNCH), ",".join(map(str, on)), str(limit), *command]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        subprocess.run(
            launcher,
            stdout=out,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, **threads, **(environment or {})},
            check=False,
        )
        output, said = (_tail(stream) for stream in (out, errors))
    try:
        answer = json.loads(output[-1])
    except (IndexError, ValueError):
        raise Failed(f"could not be started: {_last(said)}") from None
    if answer["late"]:
        raise Failed(f"ended after {limit:.0f} s")
    if answer["status"] < 0:
        raise Failed(f"killed by signal {-answer['status']}" + (", out of memory?" if answer["status"] == -9 else ""))
    if answer["status"] not in statuses:
        raise Failed(f"failed with status {answer['status']}: {_last(said) or _last(output[:-1])}")
    return Run(answer["seconds"], answer["bytes"], "\n".join(output[:-1]))


def runs_for(first: float, planned: int) -> int:
    """How often a contender runs whose first run took this many seconds."""
    if first > _LONGEST:
        return 1
    if first > _LONGER:
        return min(2, planned)
    return min(3, planned) if first > _LONG else planned


def _tail(stream: object, most: int = 200_000) -> list[str]:
    """The last lines of what was written to a file."""
    end = stream.seek(0, os.SEEK_END)  # type: ignore[attr-defined]
    stream.seek(max(0, end - most))  # type: ignore[attr-defined]
    return [line for line in stream.read().decode("utf-8", "replace").splitlines() if line.strip()]  # type: ignore[attr-defined]


def _last(lines: Sequence[str]) -> str:
    """The last line that says something, without the frame that some draw around it."""
    words = [line.strip(" │╭╮╰╯─|") for line in lines]
    return next((line for line in reversed(words) if line), "without a word")[:200]

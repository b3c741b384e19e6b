"""The page of results, as Markdown: machine, aims, a table per task and package, growth, faults, queries."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bench.figures import AIMS, LINEAR, Result, Results, break_even, growth

__all__ = ["page", "table"]

_OPENING = """\
# Benchmarks

Written by `make bench`; do not edit. Every figure is of a whole process, started anew for each run on {cores}, the
contenders in turns (A B C A B C) on the same files, which the page cache held before. Times are medians of wall time
with the fastest and the slowest run in brackets; who took longer than 20 seconds ran three times, than a minute twice,
than five minutes once. Memory is the median of the peaks, in MB of a million bytes: the larger of what the kernel
recorded for the process, and the sum over the process and all that it started, looked at 50 times a second (shared
pages count for each, so that this is an upper bound where there are several).

The data are packages in the real model from the seeded generator (`python -m bench.generate`, in `tests/`), and the
package of this repository, called curated.
"""
_GROWTH = f"""\
The exponent of cost between neighbouring sizes, on logarithmic scales: 1 is linear, below 1 a fixed cost still weighs.
Up to {LINEAR:g} counts as linear, since measurement can tell no more.
"""
_FAULTS = """\
The generator writes down which faults it puts in, 0.1 % of each kind. Places named beside them are mostly the other
rows of the same fault, such as the first of two rows with one key.
"""
_SPARK = """\
Time is taken for a fixed part and a part per row, through the smallest and the largest size. A cluster is simulated by
dividing the part per row of Spark on two cores by its number of workers of two cores each, its fixed part kept: nothing
is added for the network, so that a real cluster wins later than this says.
"""
_MOST = 8


def page(results: Results, tasks: Mapping[str, str], drawings: Iterable[str] = ()) -> str:
    """The whole page; ``drawings`` are the names of those that lie in ``benchmarks/``."""
    drawn = list(drawings)
    cores = results.machine.get("Cores", "two cores")
    opening = _OPENING.format(cores=f"the same cores ({cores})")
    parts = [_wrapped(opening), _where(results), "## Aims\n", _aims(results)]
    for task, title in tasks.items():
        if results.of(task):
            parts += [f"## {title}\n", *_task(results, task)]
            parts += [
                f"![{title}: rows against {kind}](benchmarks/{task}-{kind}.svg)\n"
                for kind in ("time", "memory")
                if f"{task}-{kind}" in drawn
            ]
    if results.queries:
        parts += ["## Queries\n", _queries(results.queries)]
    if results.faults:
        parts += ["## Faults found\n", _FAULTS, _faults(results.faults)]
    if grown := _growth(results, tasks):
        parts += ["## How cost grows\n", _GROWTH, grown]
    if spark := _spark(results):
        parts += ["## From which size a cluster wins\n", _SPARK, spark]
    return "\n".join(parts)


def _wrapped(text: str) -> str:
    """Paragraphs in lines of at most 120 characters."""
    return "\n".join(textwrap.fill(paragraph, 120) + "\n" for paragraph in text.split("\n\n") if paragraph)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A Markdown table; the columns ``numbers`` are set to the right."""
    rule = ["---:" if column in numbers else "---" for column in range(len(header))]
    lines = [header, rule, *([cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _where(results: Results) -> str:
    lines = [*results.machine.items()]
    lines.append(("Versions", ", ".join(f"{name} {version}" for name, version in results.versions.items())))
    if results.date:
        lines.append(("Date", results.date))
    return table(["", ""], lines)


def _aims(results: Results) -> str:
    rows = [[aim.text, aim.demand, aim.shown(results), aim.verdict(results)] for aim in AIMS]
    for found in results.faults:
        some = f"{found['at_row']:,} of {found['faults']:,}"
        verdict = "met" if found["at_row"] == found["faults"] else "**not met**"
        rows.append([f"every fault at its row, {found['data']}, {found['title']}", "all", some, verdict])
    return table(["aim", "", "measured", ""], rows, (2,))


def _task(results: Results, task: str) -> Iterable[str]:
    for data in dict.fromkeys(line.data for line in results.of(task)):
        lines = results.of(task, data)
        rows = max(line.rows for line in lines)
        yield f"### {data[:1].upper()}{data[1:]} ({rows:,} lines)\n"
        yield _lines(lines)
    lacking = {line.title: line.lacks for line in results.of(task) if line.lacks}
    if lacking:
        yield "What a contender leaves undone that `onrecord` does:\n"
        yield "".join(f"- {title}: {lacks}.\n" for title, lacks in lacking.items())


def _lines(lines: Sequence[Result]) -> str:
    ours = next((line for line in lines if line.contender.startswith("ours") and line.seconds), None)
    rows = []
    for line in lines:
        if not line.seconds:
            rows.append([line.title, "–", "–", "–", "–", "–", line.note])
            continue
        ratio = [f"{line.time / ours.time:.2f}", f"{line.peak / ours.peak:.2f}"] if ours else ["–", "–"]
        spread = f"{seconds(line.time)} ({seconds(min(line.seconds))}–{seconds(max(line.seconds))})"
        figures = [ratio[0], f"{line.peak:,.0f}", ratio[1]]
        rows.append([line.title, spread, *figures, str(len(line.seconds)), line.note])
    first = f"× {ours.title}" if ours else "×"
    return table(["", "seconds", first, "MB", first, "runs", ""], rows, (1, 2, 3, 4, 5))


def seconds(value: float) -> str:
    """Seconds with three digits that count."""
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _growth(results: Results, tasks: Mapping[str, str]) -> str:
    rows = []
    for task, title in tasks.items():
        for name in dict.fromkeys(line.contender for line in results.of(task)):
            runs = results.sizes(task, name)
            if len(runs) < 2:
                continue
            time = growth([(run.rows, run.time) for run in runs])
            memory = growth([(run.rows, run.peak) for run in runs])
            beyond = next((step for step in time if not step.linear), None)
            says = f"faster than rows from {beyond.begin:,} on" if beyond else f"linear up to {time[-1].end:,}"
            rows.append(
                [
                    f"{title}: {runs[0].title}",
                    ", ".join(f"{step.slope:.2f}" for step in time),
                    ", ".join(f"{step.slope:.2f}" for step in memory),
                    says,
                ]
            )
    return table(["", "time", "memory", "time grows"], rows, (1, 2)) if rows else ""


def _spark(results: Results) -> str:
    ours, spark = (results.sizes("validate", name) for name in ("ours-duckdb", "ours-spark"))
    if len(ours) < 2 or len(spark) < 2:
        return ""
    fits = [((runs[0].rows, runs[0].time), (runs[-1].rows, runs[-1].time)) for runs in (ours, spark)]
    rows = []
    for workers in (1, 2, 4, 8, 16, 32, 64):
        size = break_even(*fits, workers)
        rows.append([str(workers), f"{size:,.0f} rows" if math.isfinite(size) else "never"])
    return table(["workers of two cores", "faster than DuckDB on two cores from"], rows, (0, 1))


def _faults(found: Sequence[Mapping[str, Any]]) -> str:
    rows = []
    for one in found:
        missed = [f"{kind} ({count:,})" for kind, count in one["missed"].items()]
        listed = "; ".join(missed[:_MOST]) or "none"
        more = f"; and {len(missed) - _MOST} kinds more" if len(missed) > _MOST else ""
        rows.append(
            [
                one["data"],
                one["title"],
                *(f"{one[key]:,}" for key in ("faults", "at_row", "exactly", "otherwise", "beside")),
                listed + more,
            ]
        )
    header = ["", "", "faults put in", "by rule and line", "by column and value too", "by another rule only"]
    return table([*header, "places named beside them", "missed, by kind"], rows, (2, 3, 4, 5, 6))


def _queries(rows: Sequence[Mapping[str, Any]]) -> str:
    names = list(rows[0])
    return table(names, [[_cell(row.get(name)) for name in names] for row in rows])


def _cell(value: Any) -> str:
    return f"{value:.2f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)

"""Measure validation, build, load and queries beside peers, and write docs/benchmarks.md.

    python -m bench [--quick | --full] [--only TASK]

run in tests/ or with it on the path; ``make bench`` does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.contenders import CONTENDERS, TASKS, Contender
from bench.data import ROOT, Place, curated, generated, named, warm
from bench.faulty import compare, faults, findings
from bench.figures import Result, Results
from bench.machine import date, machine, versions
from bench.measure import Failed, cores, run, runs_for
from bench.page import page
from bench.plots import plots
from onrecord.built import is_stale
from onrecord.package import open_package

_RESULTS = "results.json"
QUERIED = 4_000_000
"""The most rows of a package that is asked questions: those that fetch whole views take hours on larger ones."""
SIZES = {"quick": [300_000], "default": [300_000, 3_000_000], "full": [300_000, 3_000_000, 30_000_000]}


def main(given: Sequence[str] | None = None, contenders: Sequence[Contender] = CONTENDERS) -> int:
    """Measure and write; the exit status."""
    options = _options(given)
    options.home.mkdir(parents=True, exist_ok=True)
    if options.write:
        write(_read(options.home), options.output)
        return 0
    on = cores()
    tasks = options.only or list(TASKS)
    results = _begun(options, on, tasks)
    for place in _places(options.home, options.sizes, tasks):
        chosen = [c for c in contenders if c.task in tasks and suits(c, place)]
        for task in dict.fromkeys(c.task for c in chosen):
            rivals = [c for c in chosen if c.task == task]
            needed = task in ("build", "load") and any(place.rows <= c.most for c in rivals)
            if needed and not _build(place, options.limit, on):
                say(f"{place.name}: could not be built")
            results.lines += measure(rivals, place, options.runs, options.limit, on)
        if place.faulty:
            results.faults += _found(results, chosen, place, options.limit, on)
        elif "queries" in tasks and place.name != "curated" and place.rows <= QUERIED:
            results.queries += _queried(place, options.limit, on)
        text = json.dumps(results.json(), indent=1) + "\n"
        (options.home / _RESULTS).write_text(text, "utf-8")
    write(results, options.output)
    return 0


def _begun(options: argparse.Namespace, on: Sequence[int], tasks: Sequence[str]) -> Results:
    """Empty results, or with ``--only`` those of the other tasks, if they are of the same machine and versions."""
    new = Results(machine(on), versions(), date(ROOT) if options.date is None else options.date)
    if not options.only or not (options.home / _RESULTS).is_file():
        return new
    old = _read(options.home)
    if (old.machine, old.versions) != (new.machine, new.versions):
        return new
    new.lines = [line for line in old.lines if line.task not in tasks]
    new.faults = [] if "validate" in tasks else old.faults
    new.queries = [] if "queries" in tasks else old.queries
    return new


def _read(home: Path) -> Results:
    return Results.read(json.loads((home / _RESULTS).read_bytes()))


def _options(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=(__doc__ or "").splitlines()[0])
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help="0.3 million rows, three runs, written to the cache")
    size.add_argument("--full", action="store_true", help="30 million rows too")
    size.add_argument("--rows", type=int, action="append", help="these sizes instead; may be repeated")
    parser.add_argument("--only", action="append", choices=list(TASKS), help="this task, the others as measured before")
    parser.add_argument("--runs", type=int, help="runs of a short contender; 5, and 3 with --quick")
    parser.add_argument("--limit", type=float, default=1800.0, help="seconds after which a run is ended")
    parser.add_argument("--date", help="the date to write on the page; that of the last commit by default")
    parser.add_argument("--home", type=Path, default=ROOT / ".bench", help="where data and results are kept")
    parser.add_argument("--output", type=Path, help="the folder of benchmarks.md; docs/, and --home with --quick")
    parser.add_argument("--write", action="store_true", help="measure nothing, write the page of what was measured")
    options = parser.parse_args(given)
    kind = "quick" if options.quick else "full" if options.full else "default"
    options.sizes = options.rows or SIZES[kind]
    options.runs = options.runs or (3 if options.quick else 5)
    options.home = options.home.resolve()
    options.output = options.output or (options.home if options.quick or options.rows else ROOT / "docs")
    return options


def _places(home: Path, sizes: Iterable[int], tasks: Sequence[str]) -> Iterable[Place]:
    """The packages that the tasks need, from small to large, clean before faulty."""
    if "curated" in tasks:
        yield curated(home)
    if set(tasks) - {"curated"}:
        for rows in sorted(sizes):
            yield generated(home, rows)
            if "validate" in tasks:
                try:
                    yield generated(home, rows, faulty=True)
                except subprocess.CalledProcessError as error:
                    say(f"{named(rows, True)}: not there, the generator ended with status {error.returncode}")


def suits(contender: Contender, place: Place) -> bool:
    """Whether a task is for this package."""
    if contender.task == "curated" or place.name == "curated":
        return contender.task == "curated" and place.name == "curated"
    return contender.task == "validate" or not place.faulty


def measure(
    contenders: Sequence[Contender], place: Place, planned: int, limit: float, on: Sequence[int]
) -> list[Result]:
    """Run contenders on a package in turns."""
    lines = {
        c.name: Result(c.task, place.name, place.rows, c.name, c.title, lacks=c.lacks, faulty=place.faulty)
        for c in contenders
    }
    for c in contenders:
        if place.rows > c.most:
            lines[c.name].note = f"left out above {c.most:,} rows, for its time or memory"
        else:
            lines[c.name].note = c.needs(place)
    left = {c.name: planned for c in contenders if not lines[c.name].note}
    while any(left.values()):
        for c in contenders:
            if not left.get(c.name):
                continue
            warm(place.folder)
            place.emptied()
            line = lines[c.name]
            try:
                done = c.go(place, on, limit)
            except Failed as error:
                line.note, left[c.name], line.seconds, line.memory = str(error), 0, [], []
                say(f"{place.name}: {c.title}: {error}")
                continue
            line.seconds.append(done.seconds)
            line.memory.append(done.memory)
            left[c.name] = runs_for(line.seconds[0], planned) - len(line.seconds)
            say(f"{place.name}: {c.task}: {c.title}: {done.seconds:.2f} s, {done.memory / 1e6:.0f} MB")
    place.emptied()
    return list(lines.values())


def _build(place: Place, limit: float, on: Sequence[int]) -> bool:
    """Build a package where it lies, unless it is fresh, without checking it; whether it is built."""
    if is_stale(open_package(place.folder), place.folder / "build/onrecord.db"):
        try:
            words = ["-m", "bench.peers.unchecked", str(place.folder), str(place.folder / "build")]
            run([sys.executable, *words], on, limit, folder=place.tests)
        except Failed:
            return False
    return True


def _found(
    results: Results, contenders: Sequence[Contender], place: Place, limit: float, on: Sequence[int]
) -> list[dict[str, Any]]:
    """Have each engine of ours that ran write all its findings, and see whether every fault is among them."""
    put = list(faults(place.folder / "faults.csv"))
    every = []
    for c in contenders:
        ran = c.task == "validate" and c.name.startswith("ours") and results.find(c.task, place.name, c.name)
        if not ran or c.lacks:  # with rules left out, faults against them are not looked for
            continue
        place.emptied()
        path = place.scratch / "findings.parquet"
        try:
            run([*c.command(place), "--findings", str(path)], on, limit, (0, 1), place.tests)
            found = compare(put, findings(path))
        except (Failed, OSError) as error:
            say(f"{place.name}: {c.title}: {error}")
            continue
        say(f"{place.name}: {c.title}: {found.at_row:,} of {found.faults:,} faults found")
        every.append({"data": place.name, "title": c.title, **asdict(found)})
    place.emptied()
    return every


def _queried(place: Place, limit: float, on: Sequence[int]) -> list[dict[str, Any]]:
    """The times of queries, as bench.queries prints them: one JSON list of objects on its last line."""
    if not Path(__file__).with_name("queries.py").is_file() or not _build(place, limit, on):
        say(f"{place.name}: queries: not there")
        return []
    words = [sys.executable, "-m", "bench.queries", str(place.folder / "build"), "--json"]
    try:
        said = run(words, on, limit, folder=place.tests).output.splitlines()
        return [{"": place.name, **row} for row in json.loads(said[-1])]
    except (Failed, ValueError, IndexError, TypeError) as error:
        say(f"{place.name}: queries: {error}")
        return []


def write(results: Results, folder: Path) -> None:
    """Write the page and its drawings."""
    drawings = plots(results, TASKS)
    (folder / "benchmarks").mkdir(parents=True, exist_ok=True)
    for name, svg in drawings.items():
        (folder / "benchmarks" / f"{name}.svg").write_text(svg, "utf-8")
    (folder / "benchmarks.md").write_text(page(results, TASKS, drawings), "utf-8")
    say(f"wrote {folder / 'benchmarks.md'}")


def say(what: str) -> None:
    """One line of progress."""
    print(what, flush=True)


if __name__ == "__main__":
    sys.exit(main())

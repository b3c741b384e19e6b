"""Runs every kind of corruption on the real package; as a program it writes the table of results."""

from __future__ import annotations

import copy
import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from corrupt import (  # noqa: F401  # each notes its kinds
    attribution,
    descriptor,
    evidence,
    files,
    identity,
    meaning,
    references,
    structure,
    values,
)
from corrupt import time as times  # noqa: F401
from corrupt.copied import Copy, Expected
from corrupt.kinds import KINDS, Kind
from onrecord.evidence import texts_folder
from onrecord.findings import PackageError
from onrecord.package import open_package
from onrecord.validate import Validator

__all__ = ["KINDS", "TABLE", "TRIALS", "Trial", "run_all", "table", "try_kind"]

TRIALS = int(os.environ.get("CORRUPTIONS", "3"))
TABLE = Path(__file__).resolve().parent / "corruptions.md"
_INTRO = """\
# Corruptions

Written by `python tests/corruptions.py`. Each kind of corruption is applied to the real package at several random places,
every third time with line breaks in its texts; what must be found is computed from the edit, not by the validator. A row of
the matrix is exact when every fault is found at its file, line and column under its rule and nothing else is. Faults that
follow by meaning (a place that nothing uses any more) are expected too, each for a stated reason. `make test` tries every
kind, and so does `CORRUPTIONS=20 pytest tests/test_corruptions.py`, at twenty places.
"""
_UNSEEN = """\
## What no validator can see

- A row is deleted to which nothing refers and which was never released: an alias, a credit, a span beyond those that a
  claim needs. The ledger of releases shows it once there is a release.
- A cell holds another plausible value: another term of the vocabulary that fits the rest, another actor of the same kind,
  another day within the bounds that the rules set.
- A text of ours says something else than it did, in well-formed words.
- Offsets of spans without quoted words are moved, and the source's text is not at hand.
- A whole word is written in letters of another script that look the same.
"""


@dataclass(frozen=True)
class Trial:
    """One corruption at one place: what was expected, what of it was not found there, and what was found beside it."""

    kind: str
    number: int
    expected: tuple[Expected, ...]
    missed: tuple[str, ...]
    false: tuple[str, ...]
    found: bool

    @property
    def exact(self) -> bool:
        return not self.missed and not self.false

    def __str__(self) -> str:
        lines = [f"{self.kind} {self.number}", "expected:", *map(str, self.expected)]
        return "\n".join([*lines, "not found there:", *self.missed, "found beside:", *self.false])


class Bench:
    """A copy of the package, and a validator that knows it valid."""

    def __init__(self, broken_lines: bool) -> None:
        folder = Path(tempfile.mkdtemp(prefix="corruptions-"))
        self.copy = Copy(folder / "package", broken_lines)
        self.validator = Validator(texts_folder(folder))
        report = self.validator.check(open_package(self.copy.folder, faulty=True))
        if report.findings or report.skipped:
            raise ValueError(f"the package is not valid: {[str(f) for f in report.findings[:5]]}")

    def fresh(self) -> Validator:
        """A validator that knows the package as it was, whatever was checked since."""
        known = copy.copy(self.validator)
        known._loaded = dict(self.validator._loaded)
        known._engine = copy.copy(self.validator._engine)
        known._engine._known = dict(self.validator._engine._known)
        return known


bench = lru_cache(maxsize=2)(Bench)


def try_kind(name: str, numbers: Iterable[int] = range(TRIALS)) -> list[Trial]:
    """Try a kind at several places, every third time in a package with line breaks in its texts."""
    return [_try(KINDS[name], number, bench(number % 3 == 1)) for number in numbers]


def _try(kind: Kind, number: int, on: Bench) -> Trial:
    try:
        expected = kind.trial(on.copy, number)
        found = _found(on, expected)
    finally:
        on.copy.restore()
    texts = on.validator.texts is not None
    wanted = list({(e.path, e.line, e.column, e.rule): e for e in expected if texts or not e.texts}.values())
    left = Counter(f[:4] for f in found)
    missed = []
    for one in wanted:
        place = (one.path, one.line, one.column, one.rule)
        if not left[place]:
            missed.append(str(one))
            continue
        left[place] -= 1
        others = next(f[4] for f in found if f[:4] == place)
        if one.others is not None and one.others != others:
            missed.append(f"{one}: also at {sorted(one.others)}, not {sorted(others)}")
    false = [text for *place, _, text in found if left[tuple(place)] > 0]
    near = {(path, rule) for path, _, _, rule, *_ in found}
    any_found = not wanted or any((e.path, e.rule) in near for e in wanted if not e.because)
    return Trial(kind.name, number, tuple(expected), tuple(missed), tuple(false), any_found)


def _found(on: Bench, expected: Iterable[Expected]) -> list[tuple[Any, ...]]:
    """What is found: path, line, column, rule, further places, text. A refusal is found where it names the file."""
    try:
        report = on.fresh().check(open_package(on.copy.folder, faulty=True))
    except PackageError as error:
        named = [e.path for e in expected if e.rule == "refused" and e.path in str(error) and "\n" not in str(error)]
        return [((named or [""])[0], 0, 0, "refused", frozenset(), str(error))]
    return [
        (f.path, f.line, f.column, f.rule, frozenset((p.path, p.line, p.column) for p in f.others), str(f))
        for f in report.findings
    ]


def table(results: Mapping[str, list[Trial]]) -> str:
    """The results as Markdown: what was found at the right place, and what beside it."""
    trials = [trial for several in results.values() for trial in several]
    rules = {e.rule for trial in trials for e in trial.expected} - {"refused"}
    texts = "at hand" if texts_folder() else "not at hand"
    lines = [
        _INTRO,
        f"{len(results)} kinds, {len(trials)} corruptions, {sum(t.found for t in trials)} found, "
        f"{sum(t.exact for t in trials)} at exactly the right places under the right rule with nothing beside them; "
        f"{len(rules)} rules brought to speak; the source texts {texts}.\n",
        "| group | kind | places tried | found | exact | missed places | false findings |",
        "| --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name, several in sorted(results.items(), key=lambda item: (KINDS[item[0]].group, item[0])):
        missed, false = sum(len(t.missed) for t in several), sum(len(t.false) for t in several)
        counts = (len(several), sum(t.found for t in several), sum(t.exact for t in several), missed, false)
        lines.append(f"| {KINDS[name].group} | {name} | {' | '.join(map(str, counts))} |")
    return "\n".join([*lines, "", _UNSEEN])


def run_all() -> dict[str, list[Trial]]:
    """Try every kind, on all cores."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context) as pool:
        return dict(zip(KINDS, pool.map(try_kind, KINDS, chunksize=4), strict=True))


if __name__ == "__main__":
    written = table(run_all())
    TABLE.write_text(written, encoding="utf-8")
    print(written)

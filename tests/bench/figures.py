"""What follows from measurements: medians, ratios, how cost grows, and whether the aims are met."""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

__all__ = ["AIMS", "LINEAR", "Aim", "Point", "Result", "Results", "Step", "break_even", "growth"]

Point = tuple[int, float]

LINEAR = 1.1


@dataclass
class Result:
    """One contender on one package: seconds and bytes of each run, or a note that says why there are none."""

    task: str
    data: str
    rows: int
    contender: str
    title: str
    seconds: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    note: str = ""
    lacks: str = ""
    faulty: bool = False

    @property
    def time(self) -> float:
        """The median in seconds; not a number where it did not run."""
        return statistics.median(self.seconds) if self.seconds else math.nan

    @property
    def peak(self) -> float:
        """The median peak of memory in MB (of a million bytes)."""
        return statistics.median(self.memory) / 1e6 if self.memory else math.nan


@dataclass
class Results:
    """All that was measured, with the machine, the versions, the faults found and the queries."""

    machine: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    date: str = ""
    lines: list[Result] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    queries: list[dict[str, Any]] = field(default_factory=list)

    def find(self, task: str, data: str, contender: str) -> Result | None:
        """One contender on one package, if it ran."""
        for line in self.lines:
            if (line.task, line.data, line.contender) == (task, data, contender) and line.seconds:
                return line
        return None

    def of(self, task: str, data: str | None = None) -> list[Result]:
        """The lines of a task, on one package or all."""
        return [line for line in self.lines if line.task == task and data in (None, line.data)]

    def sizes(self, task: str, contender: str) -> list[Result]:
        """One contender on the clean packages, from small to large, where it ran."""
        found = [r for r in self.of(task) if r.contender == contender and r.seconds and not r.faulty]
        return sorted(found, key=lambda r: r.rows)

    def json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, document: dict[str, Any]) -> Results:
        """From what ``json`` gave."""
        return cls(**{**document, "lines": [Result(**line) for line in document["lines"]]})


@dataclass(frozen=True)
class Step:
    """From one size to the next: the exponent with which cost grew (1 is linear)."""

    begin: int
    end: int
    slope: float

    @property
    def linear(self) -> bool:
        """Whether cost grew no faster than rows, within what measurement can tell."""
        return self.slope <= LINEAR


def growth(points: Sequence[tuple[int, float]]) -> list[Step]:
    """The slopes on log-log scales between neighbouring sizes, given as (rows, cost), by rows."""
    ordered = sorted(points)
    return [
        Step(a, b, math.log(y / x) / math.log(b / a))
        for (a, x), (b, y) in itertools.pairwise(ordered)
        if b > a and x > 0 and y > 0
    ]


@dataclass(frozen=True)
class Aim:
    """A bound on a ratio (or a difference) of two figures of one run.

    ``over`` and ``under`` are (task, package, contender); ``what`` is ``time`` or ``peak``. ``sense`` is ``most`` or
    ``least``; ``minus`` makes it a difference in seconds instead of a ratio.
    """

    text: str
    over: tuple[str, str, str]
    under: tuple[str, str, str]
    bound: float
    what: str = "time"
    sense: str = "most"
    stretch: float | None = None
    minus: bool = False

    def value(self, results: Results) -> float:
        """What was measured; not a number where one of the two did not run."""
        over, under = results.find(*self.over), results.find(*self.under)
        if over is None or under is None:
            return math.nan
        a, b = float(getattr(over, self.what)), float(getattr(under, self.what))
        return a - b if self.minus else a / b

    def met(self, value: float) -> bool:
        return value <= self.bound if self.sense == "most" else value >= self.bound

    def verdict(self, results: Results) -> str:
        """``met``, ``met, stretch too``, ``not met`` or ``not measured``."""
        value = self.value(results)
        if math.isnan(value):
            return "not measured"
        if not self.met(value):
            return "**not met**"
        if self.stretch is None:
            return "met"
        far = value <= self.stretch if self.sense == "most" else value >= self.stretch
        return "met, stretch too" if far else "met"

    @property
    def demand(self) -> str:
        """The bound in words."""
        unit = " s" if self.minus else " ×"
        more = f", stretch {self.stretch:g}" if self.stretch is not None else ""
        return f"at {self.sense} {self.bound:g}{unit}{more}"

    def shown(self, results: Results) -> str:
        """What was measured, in words."""
        value = self.value(results)
        return "–" if math.isnan(value) else f"{value:.2f}{' s' if self.minus else ' ×'}"


M3, M30 = "3 million rows", "30 million rows"
OURS = "ours-duckdb"


def _on(data: str, contender: str, task: str = "validate") -> tuple[str, str, str]:
    return task, data, contender


AIMS = [
    Aim(
        "validate, 3 million rows: faster than Frictionless",
        _on(M3, "frictionless"),
        _on(M3, OURS),
        25,
        sense="least",
        stretch=40,
    ),
    Aim("validate, 3 million rows: time of DuckDB's parsing", _on(M3, OURS), _on(M3, "parse"), 3.5, stretch=2.7),
    Aim("validate, 3 million rows: memory of Frictionless", _on(M3, OURS), _on(M3, "frictionless"), 0.7, what="peak"),
    Aim("validate, 30 million rows: time of 3 million", _on(M30, OURS), _on(M3, OURS), 11),
    Aim("validate, 30 million rows: memory of 3 million", _on(M30, OURS), _on(M3, OURS), 1.2, what="peak"),
    Aim("validate, 3 million rows: time of Pandera on pandas", _on(M3, OURS), _on(M3, "pandas"), 1),
    Aim("validate, 3 million rows: time of Pandera on Polars", _on(M3, OURS), _on(M3, "polars"), 1),
    Aim(
        "validate, 3 million rows: the same checks, time of Pandera on Polars",
        _on(M3, "ours-schema"),
        _on(M3, "polars"),
        1,
    ),
    Aim(
        "curated package: validate above `import pandera.pandas`",
        _on("curated", "ours", "curated"),
        _on("curated", "import-pandera", "curated"),
        0.6,
        minus=True,
    ),
    Aim(
        "curated package: `--engine duckdb`, time of Frictionless",
        _on("curated", OURS, "curated"),
        _on("curated", "frictionless", "curated"),
        1,
    ),
    Aim(
        "`onrecord --help` above a bare Python start",
        _on("curated", "help", "curated"),
        _on("curated", "python", "curated"),
        0.2,
        minus=True,
    ),
    Aim(
        "build of SQLite alone, 3 million rows: time of the sqlite3 shell",
        _on(M3, "ours-sqlite", "build"),
        _on(M3, "shell", "build"),
        1,
    ),
    Aim(
        "build of SQLite alone, 3 million rows: faster than csvs-to-sqlite",
        _on(M3, "csvs-to-sqlite", "build"),
        _on(M3, "ours-sqlite", "build"),
        1.2,
        sense="least",
    ),
    Aim(
        "build of SQLite alone, 3 million rows: memory of csvs-to-sqlite",
        _on(M3, "ours-sqlite", "build"),
        _on(M3, "csvs-to-sqlite", "build"),
        0.33,
        what="peak",
    ),
    Aim("load, 3 million rows: time of pandas.read_parquet", _on(M3, "ours", "load"), _on(M3, "parquet", "load"), 1.5),
]


def break_even(ours: tuple[Point, Point], spark: tuple[Point, Point], workers: int) -> float:
    """The rows from which Spark on so many workers takes less time than one process; infinite where it never does.

    Both are given as (rows, seconds) at two sizes; seconds are a fixed part and a part per row. The part per row of
    Spark is divided by the workers, nothing is added for what they tell each other.
    """
    (fixed, slope), (start, share) = _fit(*ours), _fit(*spark)
    if slope <= share / workers:
        return math.inf
    return max(0.0, (start - fixed) / (slope - share / workers))


def _fit(one: Point, other: Point) -> tuple[float, float]:
    """The fixed part, at least nothing, and the part per row."""
    slope = (other[1] - one[1]) / (other[0] - one[0])
    return max(0.0, one[1] - slope * one[0]), slope

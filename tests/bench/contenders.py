"""Who takes part in the bench: each a command that is started anew for every run, and what it does not do.

To add or change one, edit the lists at the end.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.data import Place
from bench.measure import Run, run

__all__ = ["CONTENDERS", "TASKS", "Contender"]

Command = Callable[[Place], list[str]]
Reason = Callable[[Place], str]

TASKS = {
    "validate": "Validate",
    "curated": "The curated package and the start",
    "build": "Build",
    "load": "Load",
    "queries": "Queries",
}


def present(_: Place) -> str:
    """No reason why it should not run."""
    return ""


@dataclass(frozen=True)
class Contender:
    """One line of a table.

    ``name`` stands in the results, ``title`` in the tables. ``needs`` says why it cannot run on a package, in words
    for the table, or nothing. It runs on packages of at most ``most`` rows, and ends with one of ``statuses`` (0 on a
    clean package, 1 allowed on a faulty one). ``lacks`` says what it leaves undone that others do.
    """

    task: str
    name: str
    title: str
    command: Command
    most: int = 10**9
    needs: Reason = present
    lacks: str = ""
    folder: bool = False
    environment: dict[str, str] = field(default_factory=dict)

    def statuses(self, place: Place) -> Sequence[int]:
        return (0, 1) if place.faulty else (0,)

    def go(self, place: Place, on: Sequence[int], limit: float) -> Run:
        """Run once. Raises measure.Failed."""
        where = place.folder if self.folder else place.tests
        return run(self.command(place), on, limit, self.statuses(place), where, self.environment)


def tool(name: str) -> str:
    """A command installed beside this Python, else one on the path, else its bare name."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.is_file() else shutil.which(name) or name


def onrecord(*words: str) -> Command:
    """Our command line; FOLDER, BUILD and SCRATCH are put in for the package, its build and a folder to write to."""
    return lambda place: [tool("onrecord"), *(place.fill(word) for word in words)]


def python(*words: str) -> Command:
    """This Python, with the same places to put in."""
    return lambda place: [sys.executable, *(place.fill(word) for word in words)]


def module(*names: str) -> Reason:
    """Why nothing runs that needs these modules."""

    def missing(_: Place) -> str:
        lacking = [name for name in names if importlib.util.find_spec(name) is None]
        return f"not there: {', '.join(lacking)} is not installed" if lacking else ""

    return missing


def program(name: str) -> Reason:
    """Why nothing runs that needs this program."""
    return lambda _: "" if Path(tool(name)).is_file() else f"not there: no {name} on this machine"


def built(place: Place) -> str:
    """Why nothing runs that needs the built package."""
    return "" if (place.folder / "build/onrecord.db").is_file() else "not there: the package could not be built"


def apart(place: Place) -> str:
    """Why csvs-to-sqlite cannot run: it needs an older pandas, so that it gets an environment of its own."""
    return "" if csvs_to_sqlite(place)[0] else f"not there: {csvs_to_sqlite(place)[1]}"


def csvs_to_sqlite(place: Place) -> tuple[str, str]:
    """The Python that has csvs-to-sqlite, or why it could not be had."""
    from bench.peers.environment import environment

    return environment(place.home, "csvs-to-sqlite==1.3.1", "csvs-to-sqlite")


def csvs_command(place: Place) -> list[str]:
    """csvs-to-sqlite with the same tables, indexes and full text, as far as it can."""
    from bench.peers.sqlite import csvs_plan

    script = place.tests / "bench/peers/csvs.py"
    return [csvs_to_sqlite(place)[0], str(script), json.dumps(csvs_plan(place.folder, place.scratch / "csvs.db"))]


def shell_command(place: Place) -> list[str]:
    """The sqlite3 shell, told in a file what to do."""
    from bench.peers.sqlite import script

    told = place.scratch / "shell.sql"
    told.write_text(script(place.folder), "utf-8")
    return [tool("sqlite3"), "-bail", str(place.scratch / "shell.db"), f".read '{told}'"]


SCHEMA_ONLY = (
    "the rules of the model (what Table Schemas cannot say), the form of the files, misleading characters; it does not "
    "say lines and columns of the files"
)
FRICTIONLESS = (
    "the rules of the model, unique keys beside the primary key, canonical form, misleading characters; it numbers "
    "records, not lines, and stops a table at 1,000 faults by default"
)
PARSE = "every check: cells are read as text and counted"
UNCHECKED = "validation"
SCHEMA_RULES = ("type", "required", "enum", "pattern", "minimum", "maximum", "max-length")
KEY_RULES = ("primary-key", "unique", "unique-key", "foreign-key")
SHELL = (
    "validation, strict types (empty cells are empty texts), constraints, foreign keys, views, Parquet; it is handed the "
    "flat table, made before"
)
CSVS = (
    "validation, primary, unique and foreign keys, constraints, views, stems in full text, Parquet, the small tables "
    "`retired` and `agreement`, whose column `table_name` it fails on; it guesses types; it is handed the flat table, "
    "made before"
)

CONTENDERS = [
    Contender(
        "validate",
        "ours-duckdb",
        "onrecord validate --engine duckdb",
        onrecord("validate", "FOLDER", "--engine", "duckdb"),
    ),
    Contender(
        "validate", "ours-auto", "onrecord validate --engine auto", onrecord("validate", "FOLDER", "--engine", "auto")
    ),
    Contender(
        "validate",
        "ours-schema",
        "onrecord validate --engine duckdb, only what Pandera checks",
        onrecord("validate", "FOLDER", "--engine", "duckdb", *(f"--rule={rule}" for rule in SCHEMA_RULES + KEY_RULES)),
        lacks="the rules of the model; it still finds what hinders reading",
    ),
    Contender(
        "validate",
        "ours-pandera",
        "onrecord validate --engine pandera",
        onrecord("validate", "FOLDER", "--engine", "pandera"),
        most=400_000,
    ),
    Contender(
        "validate",
        "ours-spark",
        "onrecord validate --engine spark (local[2])",
        onrecord("validate", "FOLDER", "--engine", "spark", "--master", "local[2]"),
        needs=module("pyspark"),
        most=4_000_000,
    ),
    Contender(
        "validate",
        "parse",
        "DuckDB, parsing only",
        python("-m", "bench.peers.parse", "FOLDER", "2"),
        lacks=PARSE,
        needs=module("duckdb"),
    ),
    Contender(
        "validate",
        "polars",
        "Pandera on Polars, eager",
        python("-m", "bench.peers.on_polars", "FOLDER"),
        most=4_000_000,
        needs=module("polars", "pandera"),
        lacks=SCHEMA_ONLY,
    ),
    Contender(
        "validate",
        "pandas",
        "Pandera on pandas",
        python("-m", "bench.peers.on_pandas", "FOLDER"),
        most=4_000_000,
        needs=module("pandera"),
        lacks=SCHEMA_ONLY,
    ),
    Contender(
        "validate",
        "frictionless",
        "frictionless validate",
        lambda _: [tool("frictionless"), "validate", "datapackage.json"],
        most=4_000_000,
        needs=program("frictionless"),
        lacks=FRICTIONLESS,
        folder=True,
    ),
    Contender("curated", "ours", "onrecord validate", onrecord("validate", "FOLDER")),
    Contender("curated", "import-pandera", "python -c 'import pandera.pandas'", python("-c", "import pandera.pandas")),
    Contender(
        "curated",
        "ours-duckdb",
        "onrecord validate --engine duckdb",
        onrecord("validate", "FOLDER", "--engine", "duckdb"),
    ),
    Contender(
        "curated",
        "frictionless",
        "frictionless validate",
        lambda _: [tool("frictionless"), "validate", "datapackage.json"],
        needs=program("frictionless"),
        lacks=FRICTIONLESS,
        folder=True,
    ),
    Contender("curated", "help", "onrecord --help", onrecord("--help")),
    Contender("curated", "python", "python -c pass", python("-c", "pass")),
    Contender("build", "ours", "onrecord build", onrecord("build", "FOLDER", "--output", "SCRATCH/build")),
    Contender(
        "build",
        "ours-unchecked",
        "onrecord build, without validation",
        python("-m", "bench.peers.unchecked", "FOLDER", "SCRATCH/unchecked"),
        lacks=UNCHECKED,
    ),
    Contender(
        "build",
        "ours-sqlite",
        "onrecord's SQLite alone: the same tables, indexes, full text",
        python("-m", "bench.build", "FOLDER", "SCRATCH/alone.db"),
        needs=built,
        lacks="validation, views; it is handed the flat table, made before",
    ),
    Contender(
        "build",
        "shell",
        "sqlite3 .import, indexes, full text",
        shell_command,
        needs=lambda place: program("sqlite3")(place) or built(place),
        lacks=SHELL,
    ),
    Contender(
        "build",
        "csvs-to-sqlite",
        "csvs-to-sqlite",
        csvs_command,
        most=4_000_000,
        needs=lambda place: apart(place) or built(place),
        lacks=CSVS,
    ),
    Contender(
        "load",
        "ours",
        "onrecord.load()",
        python("-c", "import sys, onrecord; onrecord.load(sys.argv[1])", "FOLDER"),
        needs=built,
        most=4_000_000,
    ),
    Contender(
        "load",
        "parquet",
        "pandas.read_parquet",
        python(
            "-c",
            "import sys, pathlib, pandas; "
            "found = [pandas.read_parquet(p) for p in sorted(pathlib.Path(sys.argv[1]).glob('*.parquet')) if p.stem != 'flat']",
            "BUILD",
        ),
        needs=built,
        most=4_000_000,
        lacks="categories, keys and the types of missing cells; the frames are as Parquet has them",
    ),
]

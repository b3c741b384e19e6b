"""Write a large package in the real model: linked, valid, canonical, and the same bytes for the same seed.

    python -m bench.generate FOLDER --rows 3000000 [--seed 1] [--faults 0.001] [--kinds cells,keys,rules]

run in tests/ or with it on the path. With ``--faults`` some rows are then broken, and ``faults.csv``
beside the descriptor says which.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
from pathlib import Path

from bench import story, tables
from bench.faults import DEFAULT, GROUPS, inject
from onrecord.csvtable import render

__all__ = ["generate"]

ROOT = Path(__file__).resolve().parents[2]


def generate(folder: Path, rows: int, seed: int = 1, threads: int | None = None, memory: str = "2GB") -> dict[str, int]:
    """Write a package of about ``rows`` rows over all tables into a new folder; returns the rows of each table.

    Raises FileExistsError when the folder is there. Its tables depend on ``rows`` and ``seed`` alone.
    """
    folder.mkdir(parents=True)
    (folder / "dataset").mkdir()
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    descriptor = json.loads((ROOT / "datapackage.json").read_text("utf-8"))
    descriptor |= {"name": "onrecord-generated", "title": "Generated claims", "description": "Made for benchmarks."}
    (folder / "datapackage.json").write_text(json.dumps(descriptor, ensure_ascii=False, indent=2) + "\n", "utf-8")
    stories = max(1, round(rows / story.STORY))
    con = tables.connect(seed, threads or os.cpu_count() or 1, memory)
    written = {}
    for resource in descriptor["resources"]:
        name, path = resource["name"], folder / resource["path"]
        plan = story.PLANS.get(name, [])
        written[name] = stories * len(plan)
        if not plan:
            few = _agreement(folder) if name == "agreement" else _retired(stories)
            path.write_text(render(few), "utf-8")
            written[name] = len(few) - 1
            continue
        numbered = f"SELECT range AS i, range // {len(plan)} AS b, * FROM range({written[name]}) JOIN plan_{name}"
        source = f"({numbered} ON i_slot = range % {len(plan)})"
        con.execute(f"COPY ({tables.QUERIES[name]} FROM {source}) TO '{path}' (FORMAT csv, HEADER true)")
    con.close()
    return written


def _agreement(folder: Path) -> list[list[str]]:
    """One version of the package was coded twice: every judged field."""
    header = ["table_name", "field_name", "units", "coders", "alpha", "ci_low", "ci_high", "agreement_version"]
    rows = []
    for path in sorted((folder / "schemas").glob("*.json")):
        judged = [f["name"] for f in json.loads(path.read_text("utf-8"))["fields"] if "codingRule" in f]
        rows += [[path.stem, name, "320", "2", "0.79", "0.7", "0.86", "0.1.0"] for name in sorted(judged)]
    return [header, *rows]


def _retired(stories: int) -> list[list[str]]:
    """Claims that were withdrawn, numbered after those that are there; every third has no replacement."""
    header = ["table_name", "retired_id", "replacement_id", "retired_version", "retired_reason"]
    last = stories * len(story.CLAIMS)
    rows = [
        ["claims", f"C{last + n:05}", f"C{n:05}" if n % 3 else "", "0.2.0", "Coded twice, in another source too"]
        for n in range(1, 41 + stories // 20)
    ]
    return [header, *rows]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="a new folder")
    parser.add_argument("--rows", type=int, required=True, help="about how many rows over all tables")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, help="threads of DuckDB; the bytes do not depend on them")
    parser.add_argument("--faults", type=float, default=0.0, help="the share of rows to break by each kind of fault")
    parser.add_argument("--kinds", default=",".join(DEFAULT), help=f"groups of kinds, of {', '.join(GROUPS)}")
    given = parser.parse_args()
    written = generate(given.folder, given.rows, given.seed, given.threads)
    print(f"{sum(written.values()):,} rows in {given.folder}")
    if given.faults:
        counts = inject(given.folder, given.faults, tuple(given.kinds.split(",")))
        left_out = [name for name, count in counts.items() if not count]
        print(f"{sum(counts.values()):,} faults of {len(counts) - len(left_out)} kinds")
        for name in left_out:
            print(f"no room for: {name}")


if __name__ == "__main__":
    main()

"""The packages that the bench runs on: generated once per size, seed and generator, and kept in a cache."""

from __future__ import annotations

import ast
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FAULTS", "SEED", "Place", "curated", "generated", "named", "warm"]

ROOT = Path(__file__).resolve().parents[2]
SEED = 1
FAULTS = "0.001"
_WORDS = {1_000: "thousand", 1_000_000: "million"}


@dataclass(frozen=True)
class Place:
    """A package on disk, and where contenders may write.

    ``name`` is that of the results, ``rows`` the lines of all its tables, ``home`` the cache.
    """

    name: str
    folder: Path
    home: Path
    rows: int
    faulty: bool = False

    @property
    def tests(self) -> Path:
        return ROOT / "tests"

    @property
    def scratch(self) -> Path:
        return self.home / "scratch"

    def fill(self, word: str) -> str:
        """A word of a command, with the folders for FOLDER, BUILD and SCRATCH."""
        for name, path in (("FOLDER", self.folder), ("BUILD", self.folder / "build"), ("SCRATCH", self.scratch)):
            if word == name or word.startswith(f"{name}/"):
                return str(path) + word.removeprefix(name)
        return word

    def emptied(self) -> None:
        """Take away what the run before wrote."""
        shutil.rmtree(self.scratch, ignore_errors=True)
        self.scratch.mkdir(parents=True)


def named(rows: int, faulty: bool = False) -> str:
    """The name of a generated package in results and tables: ``0.3 million rows``, ``… with faults``."""
    unit = 1_000_000 if rows >= 100_000 else 1_000
    return f"{rows / unit:g} {_WORDS[unit]} rows" + (" with faults" if faulty else "")


def curated(home: Path) -> Place:
    """A copy of the package of this repository."""
    folder = home / "data/curated"
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("dataset", "schemas"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "datapackage.json", folder)
    return Place("curated", folder, home, _rows(folder))


def generated(home: Path, rows: int, faulty: bool = False) -> Place:
    """A package of about so many rows from the generator, made unless it is there.

    Raises subprocess.CalledProcessError when the generator fails; a package half made is not kept.
    """
    state = hashlib.sha256()
    for name in sorted(_imported("generate", set())):
        state.update(Path(__file__).with_name(f"{name}.py").read_bytes())
    for path in sorted((ROOT / "schemas").rglob("*.json")):
        state.update(path.read_bytes())
    ending = f"-faults-{FAULTS}" if faulty else ""
    folder = home / "data" / f"{rows}-{SEED}{ending}-{state.hexdigest()[:8]}"
    if not folder.is_dir():
        half = folder.with_name(folder.name + ".half")
        shutil.rmtree(half, ignore_errors=True)
        half.parent.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "bench.generate", str(half), "--rows", str(rows), "--seed", str(SEED)]
        subprocess.run([*command, *(["--faults", FAULTS] if faulty else [])], check=True, cwd=ROOT / "tests")
        half.rename(folder)
    return Place(named(rows, faulty), folder, home, _rows(folder), faulty)


def _imported(name: str, seen: set[str]) -> set[str]:
    """A module of the bench and those of the bench that it imports."""
    if name in seen or not (path := Path(__file__).with_name(f"{name}.py")).is_file():
        return seen
    seen.add(name)
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module == "bench":
            for alias in node.names:
                _imported(alias.name, seen)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bench."):
            _imported(str(node.module).removeprefix("bench."), seen)
    return seen


def warm(folder: Path) -> int:
    """Read every file of a package, so that the page cache holds them. Returns their bytes."""
    return sum(len(part) for path in folder.rglob("*") if path.is_file() for part in _parts(path))


def _rows(folder: Path) -> int:
    """The lines of all tables, their headers left out."""
    paths = [folder / r["path"] for r in json.loads((folder / "datapackage.json").read_bytes())["resources"]]
    return sum(sum(part.count(b"\n") for part in _parts(path)) - 1 for path in paths if path.is_file())


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            yield part

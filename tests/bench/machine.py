"""On what machine, and with which versions, the bench ran."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

__all__ = ["date", "machine", "versions"]

_PARTS = ["onrecord", "pandas", "pandera", "polars", "duckdb", "ibis-framework", "pyarrow", "pyspark", "frictionless"]


def machine(on: Sequence[int]) -> dict[str, str]:
    """Processor, cores used, memory and kernel, in words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    pinned = "pinned" if hasattr(os, "sched_setaffinity") else "not pinned, this system cannot"
    return {
        "Processor": _processor(),
        "Cores": f"{len(on)} of {os.cpu_count()}, {pinned}",
        "Memory": f"{memory / 2**30:.0f} GiB",
        "System": f"{platform.system()} {_numbered(platform.release())}",
    }


def versions() -> dict[str, str]:
    """Python, the sqlite3 shell and the libraries that take part, as installed."""
    found = {"Python": platform.python_version()}
    if program := shutil.which("sqlite3"):
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.split()
        found["sqlite3 shell"] = said[0] if said else "?"
    for name in _PARTS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*:\s*(.+)", path.read_text()) if path.is_file() else None
    return named[1].strip() if named else platform.processor() or platform.machine()


def date(folder: Path) -> str:
    """The date of the last commit in a folder, empty where there is none."""
    git = ["git", "-C", str(folder), "log", "-1", "--format=%cs"]
    try:
        return subprocess.run(git, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def _numbered(release: str) -> str:
    """The number of a kernel, without the names that distributions add."""
    found = re.match(r"[0-9.]+", release)
    return found[0].rstrip(".") if found else release

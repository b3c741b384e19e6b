"""An environment of its own for a peer that cannot be installed beside the rest."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

__all__ = ["environment"]


@cache
def environment(home: Path, requirement: str, program: str) -> tuple[str, str]:
    """The Python that has a program installed from a requirement under ``home``, made unless it is there; else why not."""
    folder = home / "environments" / requirement
    found, python = folder / "bin" / program, folder / "bin/python"
    if found.is_file():
        return str(python), ""
    commands = [
        [sys.executable, "-m", "venv", "--clear", str(folder)],
        [str(folder / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", requirement],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            said = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["pip failed"]
            return "", f"{requirement} could not be installed ({said[-1].removeprefix('ERROR: ')})"
    return (str(python), "") if found.is_file() else ("", f"{requirement} brings no program {program}")

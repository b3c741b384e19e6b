"""What the commands of curation say alike: what is refused and why, how many, and which file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import typer

from onrecord.findings import Finding

__all__ = ["counted", "near", "refuse"]


def refuse(findings: Sequence[Finding], then: str) -> NoReturn:
    """Print findings, each in a line, and what follows from them; end with exit status 1."""
    from onrecord.report.text import line

    for finding in findings:
        print(line(finding))
    print(then)
    raise typer.Exit(1)


def counted(findings: Sequence[Finding]) -> str:
    """How many findings there are: 1 finding, 2 findings."""
    return f"{len(findings)} {'finding' if len(findings) == 1 else 'findings'}"


def near(path: Path) -> str:
    """A path as it is named from the working folder, if it lies there."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)

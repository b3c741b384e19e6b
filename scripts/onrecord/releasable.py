"""What must hold before a version is released; every reason against it is found at once."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from onrecord.diff import Difference, diff
from onrecord.findings import PackageError, shown
from onrecord.package import Package
from onrecord.states import State, state_in_ledger, state_of
from onrecord.versions import Version
from onrecord.versions import version as parsed

__all__ = ["asked", "entry", "judge_difference", "since", "unclean"]

_MOST = 20


def asked(package: Package, text: str, released: str) -> tuple[Version, Path]:
    """The version and the folder of a release that is asked for. Raises PackageError for a version or a day that is none."""
    wanted = parsed(text)
    if not isinstance(package.root, Path):
        raise PackageError(f"{package.label}: a zip cannot be released; unpack it first")
    try:
        if dt.date.fromisoformat(released).isoformat() != released:
            raise ValueError
    except ValueError:
        raise PackageError(f"--date {shown(released)} is no day; write it as 2026-11-22") from None
    return wanted, package.root


def unclean(root: Path, notes: list[str]) -> list[str]:
    """Why the tree is not what a tag would hold: files changed or unknown to git."""
    try:
        told = subprocess.run(  # noqa: S603
            ["git", "-C", str(root), "status", "--porcelain", "--untracked-files=normal", "--", "."],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    except OSError:
        notes.append("git is not there, so that nothing tells whether the tree is clean")
        return []
    if told.returncode:
        notes.append("the package lies in no git repository, so that nothing tells whether the tree is clean")
        return []
    changed = [line[3:] for line in told.stdout.splitlines()]
    if not changed:
        return []
    more = f" and {len(changed) - 5} more" if len(changed) > 5 else ""
    return [f"the tree is not clean: commit or remove {', '.join(changed[:5])}{more}"]


def judge_difference(package: Package, wanted: Version, reasons: list[str]) -> None:
    """Find what changed since the last release; a version that is too small and identifiers that are lost are reasons."""
    last = _last(package)
    if last is not None and wanted <= last:
        reasons.append(f"version {wanted} is not above {last}, the last release")
    found = since(package, wanted)
    for table, lost in found.lost:
        reasons.append(f"{lost} vanished from {table}; restore its row, or give it one in dataset/retired.csv")
    if last is not None and wanted > last and wanted < last.bumped(found.level):
        least = last.bumped(found.level)
        why = found.reasons(found.level)
        rows = "; ".join(why[:_MOST])
        more = f"; and {len(why) - _MOST} more" if len(why) > _MOST else ""
        reasons.append(
            f"{wanted} is too small: the changes since {last} are {found.level}, so that the least "
            f"version is {least}, because: {rows}{more}"
        )


def _last(package: Package, below: Version | None = None) -> Version | None:
    known = sorted(parsed(text) for text in package.releases)
    known = [v for v in known if below is None or v < below]
    return known[-1] if known else None


def since(package: Package, wanted: Version) -> Difference:
    """What changed since the last release below a version, by the ledgers in the repository; all of it where there is none."""
    last = _last(package, wanted)
    after = replace(state_of(package), label=f"{package.descriptor.get('name')} {package.descriptor.get('version')}")
    if last is None:
        return diff(State("nothing", None, {}, {}, {}, {}, {}), after)
    return diff(state_in_ledger(package.releases[str(last)]), after)


def entry(root: Path, text: str, released: str, reasons: list[str]) -> tuple[str, list[Path]]:
    """The changelog with the entry of this version, and the fragments that it was made from."""
    path = root / "CHANGELOG.md"
    log = path.read_text("utf-8") if path.is_file() else ""
    heading = re.compile(rf"^## {re.escape(text)}(?![0-9.])[^\n]*\n", re.MULTILINE)
    found = heading.search(log)
    fragments = sorted(p for p in (root / "changelog.d").glob("*.*.md")) if (root / "changelog.d").is_dir() else []
    if found:
        body = log[found.end() :].split("\n## ")[0].strip()
        if not body:
            reasons.append(f"CHANGELOG.md says nothing under {text}")
        if fragments:
            reasons.append(
                f"CHANGELOG.md has an entry {text} already, and changelog.d/ has {len(fragments)} fragments beside"
            )
        return log[: found.start()] + f"## {text} ({released})\n" + log[found.end() :], []
    if not fragments:
        reasons.append(f"CHANGELOG.md has no entry '## {text}', and changelog.d/ no fragments; say what changed")
        return log, []
    try:
        told = subprocess.run(  # noqa: S603
            [
                sys.executable,
                "-m",
                "towncrier",
                "build",
                "--draft",
                "--version",
                text,
                "--date",
                released,
                "--dir",
                str(root),
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    except OSError as error:
        raise PackageError(f"towncrier cannot be run: {error.strerror}") from None
    if told.returncode:
        reasons.append(f"towncrier refuses the fragments: {(told.stderr or told.stdout).strip().splitlines()[-1]}")
        return log, []
    entry = told.stdout[told.stdout.index("## ") :].rstrip() if "## " in told.stdout else ""
    before, mark, after = log.partition("\n## ")
    return f"{before.rstrip()}\n\n{entry}\n\n{mark.lstrip()}{after}".rstrip() + "\n", fragments

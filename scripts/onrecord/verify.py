"""Whether a released archive is what it says: hashes, rows, rules, its ledger, and the passages where texts are at hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from onrecord.evidence import find_texts
from onrecord.findings import PackageError, shown
from onrecord.pack import SUMS, sha256
from onrecord.package import Package, open_package
from onrecord.report import Report

__all__ = ["Verdict", "verify"]


@dataclass
class Verdict:
    """What verification found: sentences on what is wrong, and what was looked at."""

    problems: list[str] = field(default_factory=list)
    checked: list[str] = field(default_factory=list)
    report: Report | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems and (self.report is None or self.report.valid)


def verify(archive: Path, texts: Path | None = None) -> Verdict:
    """Verify an archive by what it holds, and by the list of hashes beside it where there is one.

    Raises PackageError for a file that is no archive of a package at all.
    """
    verdict = Verdict()
    package = open_package(archive, faulty=True)
    _beside(archive, verdict)
    _inside(package, verdict)
    _resources(package, verdict)
    _ledger(package, verdict)
    from onrecord.engines import Check
    from onrecord.validate import Validator

    verdict.report = Check(Validator(texts)).run(package)
    verdict.checked.append(verdict.report.summary)
    at_hand = find_texts(texts) if texts else {}
    verdict.checked.append(
        f"{len(at_hand)} source texts at hand" if at_hand else "no source texts at hand: spans by hash only"
    )
    return verdict


def _beside(archive: Path, verdict: Verdict) -> None:
    """The archive against the list of hashes in its folder."""
    listed = archive.parent / SUMS
    if not listed.is_file():
        verdict.checked.append(f"no {SUMS} beside the archive")
        return
    known = _sums(listed.read_bytes(), str(listed), verdict)
    if archive.name not in known:
        verdict.problems.append(f"{listed} does not name {archive.name}")
    elif known[archive.name] != sha256(archive.read_bytes()):
        verdict.problems.append(f"{archive.name} is not the file that {listed} names: its bytes were changed")
    else:
        verdict.checked.append(f"{archive.name} is what {listed} names")


def _sums(data: bytes, where: str, verdict: Verdict) -> dict[str, str]:
    found = {}
    for number, line in enumerate(data.decode("utf-8", errors="replace").splitlines(), 1):
        digest, gap, name = line.partition("  ")
        if not gap or len(digest) != 64 or not name:
            verdict.problems.append(f"{where}:{number}: is no line of SHA-256 and name")
        elif name in found:
            verdict.problems.append(f"{where}:{number}: names {shown(name)} a second time")
        else:
            found[name] = digest
    return found


def _inside(package: Package, verdict: Verdict) -> None:
    """Every file of the archive against its own list of hashes."""
    if not package.exists(SUMS):
        verdict.problems.append(
            f"the archive has no {SUMS}, so that its files cannot be compared; take it from where it was released"
        )
        return
    known = _sums(package.read_bytes(SUMS), SUMS, verdict)
    there = set(package.every_file()) - {SUMS}
    for name in sorted(set(known) - there):
        verdict.problems.append(f"{shown(name)} is missing from the archive")
    for name in sorted(there - set(known)):
        verdict.problems.append(f"{shown(name)} was added to the archive: {SUMS} does not name it")
    changed = [name for name in sorted(there & set(known)) if sha256(package.read_bytes(name)) != known[name]]
    verdict.problems += [f"{shown(name)} was changed: its bytes are not those that {SUMS} names" for name in changed]
    if not changed:
        verdict.checked.append(f"{len(there & set(known))} files have the hashes that {SUMS} names")


def _resources(package: Package, verdict: Verdict) -> None:
    """Bytes, hash and number of rows of each resource against the descriptor."""
    told = 0
    for name, resource in package.resources.items():
        path = package.path(name)
        if not package.exists(path):
            verdict.problems.append(f"{path} is missing from the archive")
            continue
        data = package.read_bytes(path)
        rows = len(package.read(name)[0].rows)
        for key, is_now in (("bytes", len(data)), ("hash", f"sha256:{sha256(data)}"), ("rows", rows)):
            if key not in resource:
                verdict.problems.append(f"datapackage.json does not tell the {key} of {name}")
            elif resource[key] != is_now:
                verdict.problems.append(
                    f"{path}: the descriptor tells {key} {shown(str(resource[key]))}, and it has {is_now}"
                )
            else:
                told += 1
    verdict.checked.append(f"{told} numbers and hashes of the descriptor hold")


def _ledger(package: Package, verdict: Verdict) -> None:
    """The rows against the ledger of the same version, which the repository keeps too."""
    from onrecord.states import ledger

    version = str(package.descriptor.get("version", ""))
    path = f"releases/{version}.json"
    if not package.exists(path):
        verdict.problems.append(f"the archive has no {path}, the ledger of its version")
        return
    written: Mapping[str, Any] = package.read_json(path)
    try:
        now = ledger(package, str(written.get("released", "")))
    except PackageError as error:
        verdict.problems.append(str(error))
        return
    if json.dumps(written.get("tables"), sort_keys=True) == json.dumps(now["tables"], sort_keys=True):
        verdict.checked.append(f"every row has the hash that {path} names")
        return
    for table, content in now["tables"].items():
        old = (written.get("tables") or {}).get(table, {})
        if old != content:
            verdict.problems.append(f"table {table} is not as {path} has it")

"""Checks a package again whenever a file of it is saved, and says what is new, fixed and still open."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from onrecord.evidence import texts_folder
from onrecord.findings import Finding, PackageError
from onrecord.package import open_package
from onrecord.report import Report
from onrecord.validate import Validator

__all__ = ["Change", "compare", "watch"]

_DEBOUNCE = 50
_STEP = 10
_IDLE = 100


@dataclass(frozen=True)
class Change:
    """What a check says that the check before it did not, and what it says no more."""

    new: list[Finding]
    fixed: list[Finding]
    still: list[Finding]


def compare(before: list[Finding], after: list[Finding]) -> Change:
    """Compare the findings of two checks; a finding that only moved to another line is the same."""
    left = Counter(map(_identity, before))
    new: list[Finding] = []
    still: list[Finding] = []
    for finding in after:
        known = left[_identity(finding)] > 0
        left[_identity(finding)] -= known
        (still if known else new).append(finding)
    fixed = []
    for finding in reversed(before):
        if left[_identity(finding)] > 0:
            left[_identity(finding)] -= 1
            fixed.append(finding)
    return Change(new, fixed[::-1], still)


def _identity(finding: Finding) -> tuple[str, str, str, str | None, str]:
    return finding.path, finding.rule, finding.field, finding.value, finding.fix


def watch(path: str | None, validator: Validator, show: Callable[[Report, Change, float], None]) -> None:
    """Check now and after every save, in this process, until interrupted (KeyboardInterrupt).

    ``show`` gets each report, what changed, and the seconds that the check took. While a package
    cannot be opened, as in the middle of a save, the reason is printed and the watch goes on.

    Raises PackageError when the package cannot be opened at first, or is a zip.
    """
    root = open_package(path, faulty=True).root
    if not isinstance(root, Path):
        raise PackageError(f"{path}: a zip cannot be watched; unpack it first")
    before: list[Finding] = []
    for _ in _saves(root, validator.texts or texts_folder(root)):
        begun = time.perf_counter()
        try:
            report = validator.check(open_package(path, faulty=True))
        except PackageError as error:
            print(f"onrecord: {error}", flush=True)
            continue
        show(report, compare(before, report.findings), time.perf_counter() - begun)
        before = report.findings


def _saves(root: Path, texts: Path | None) -> Iterator[None]:
    """Once at the beginning, then whenever a file that a check reads has been saved."""
    import watchfiles

    ours = [root / "dataset", root / "schemas", root / "releases", *([texts] if texts else [])]

    def matters(_: watchfiles.Change, changed: str) -> bool:
        file = Path(changed)
        hidden = file.name.startswith(".") or file.name.endswith(("~", ".swp", ".tmp"))
        return not hidden and (file == root / "datapackage.json" or any(file.is_relative_to(f) for f in ours))

    folders = [root] if texts is None or texts.is_relative_to(root) else [root, texts]
    settings = {"debounce": _DEBOUNCE, "step": _STEP, "rust_timeout": _IDLE, "yield_on_timeout": True}
    begun = False
    for changes in watchfiles.watch(*folders, watch_filter=matters, **settings):  # type: ignore[arg-type]
        if changes or not begun:  # it watches from here on, so that no save is missed during the first check
            begun = True
            yield

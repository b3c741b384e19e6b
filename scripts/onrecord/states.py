"""The states of the dataset that somebody can name: packages, revisions of git, releases by their version."""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path

from onrecord import changelog
from onrecord.findings import PackageError, shown
from onrecord.ledgers import ledger, state_in_ledger
from onrecord.package import Package, open_package
from onrecord.revisions import NoRevision, exported, has_revision
from onrecord.snapshot import Cells, Key, State, row_hash, state_of

__all__ = ["Cells", "Key", "State", "find_state", "ledger", "row_hash", "state_at", "state_in_ledger", "state_of"]

_AT_A_REVISION = ("datapackage.json", "dataset", "schemas", "releases", "CHANGELOG.md", changelog.FOLDER)
_VERSION = re.compile(r"v?([0-9]+\.[0-9]+\.[0-9]+)", re.ASCII)


def state_at(revision: str, package: Package) -> State:
    """The state of a package at a revision of the git repository around it.

    Raises PackageError when git or the revision is missing, or what it has is no package.
    """
    if not isinstance(package.root, Path):
        raise PackageError(f"{package.label}: an archive has no revisions; name a folder in a git repository")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        archive = Path(folder) / "revision.zip"
        archive.write_bytes(exported(revision, package.root, _AT_A_REVISION))
        try:
            return replace(state_of(open_package(archive)), label=revision)
        except PackageError as error:
            raise PackageError(str(error).replace(str(archive), revision)) from None


def find_state(text: str, package: Package | None) -> State:
    """The state that somebody names: a folder or zip, a version of a package, or a revision of git.

    A version is looked for among the archives in dist/, the tags and the ledgers of the package.
    Raises PackageError, which says what was tried, where there is none.
    """
    if _is_package(text):
        return state_of(open_package(text))
    tried = ["no folder with a datapackage.json and no zip"]
    if package is not None and isinstance(package.root, Path):
        match = _VERSION.fullmatch(text)
        found = _state_of_version(match[1], package, package.root, tried) if match else None
        if found is not None:
            return found
        try:
            return state_at(text, package)
        except NoRevision as error:
            tried.append(str(error))
    else:
        tried.append("versions and revisions are those of a package, and there is none around the working folder")
    raise PackageError(f"there is nothing to compare by the name {shown(text)}: {', '.join(tried)}")


def _is_package(text: str) -> bool:
    try:
        path = Path(text)
        return path.is_file() or (path / "datapackage.json").is_file()
    except (OSError, ValueError):
        return False


def _state_of_version(number: str, package: Package, root: Path, tried: list[str]) -> State | None:
    name = f"onrecord-{number}.zip"
    for path in (*sorted((root / "dist").rglob(name)), root / name):
        if path.is_file():
            return replace(state_of(open_package(path)), label=number)
    if has_revision(f"refs/tags/v{number}", root):
        return replace(state_at(f"refs/tags/v{number}", package), label=number)
    if number in package.releases:
        return replace(state_in_ledger(package.releases[number]), label=number)
    tried.append(f"no {name} in dist/, no tag v{number}, no releases/{number}.json")
    return None

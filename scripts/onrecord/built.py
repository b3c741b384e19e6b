"""Where a package is built, and whether what was built is older than what it was made from."""

from __future__ import annotations

from pathlib import Path

from onrecord.archive import Folder
from onrecord.findings import PackageError
from onrecord.package import INSTALLED, Package

__all__ = ["build_folder", "changed", "fresh_database", "is_stale"]


def build_folder(package: Package) -> Path:
    """Where a package is built by default: build/ inside it, or here for one that lies in a wheel.

    Raises PackageError for a zip, which has no folder of its own.
    """
    if not isinstance(package.root, Path):
        raise PackageError(
            f"{package.label}: a zip has no folder to build in; unpack it first, or name one with build --output"
        )
    inside_wheel = package.root == INSTALLED
    if not inside_wheel:
        Folder(package.root).check(["build"])  # a stranger's package may not choose where is written
    return (Path.cwd() if inside_wheel else package.root) / "build"


def is_stale(package: Package, built: Path) -> bool:
    """Whether a built file is missing or older than any file it is made from.

    Built files bear the time at which their making began: what was edited while they were made is newer.
    """
    if not built.is_file() or not isinstance(package.root, Path):
        return True
    return changed(package) > built.stat().st_mtime_ns


def fresh_database(package: Package) -> Path | None:
    """The database of a package's last build, if that is not stale and its Parquet files were built with it; else None."""
    try:
        folder = build_folder(package)
        path = folder / "onrecord.db"
        if is_stale(package, path):
            return None
        times = {(folder / f"{name}.parquet").stat().st_mtime_ns for name in package.names}
        return path if times == {path.stat().st_mtime_ns} else None
    except (OSError, PackageError):
        return None


def changed(package: Package) -> int:
    """When the last of the files from which a folder is built was changed, in nanoseconds; 0 for a zip."""
    if not isinstance(package.root, Path):
        return 0
    sources = [package.root / "datapackage.json", *(package.root / package.path(n) for n in package.names)]
    sources += list((package.root / "schemas").rglob("*.*")) + list(Path(__file__).parent.rglob("*.py"))
    return max(p.stat().st_mtime_ns for p in sources if p.is_file())

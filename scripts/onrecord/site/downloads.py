"""The files that the site offers: the database, the flat table, and each table as CSV and Parquet."""

from __future__ import annotations

from pathlib import Path

from onrecord.package import Package

__all__ = ["downloads"]


def downloads(package: Package, built: Path) -> dict[str, Path | bytes]:
    """The files that are offered, by name: the database, the flat table, each table as CSV and Parquet."""
    found: dict[str, Path | bytes] = {"onrecord.db": built / "onrecord.db"}
    for name in ("flat.csv", "flat.parquet", *(f"{name}.parquet" for name in package.names)):
        found[name] = built / name
    for name in package.names:
        found[f"{name}.csv"] = package.read_bytes(package.path(name))
    found["datapackage.json"] = package.read_bytes("datapackage.json")
    return found

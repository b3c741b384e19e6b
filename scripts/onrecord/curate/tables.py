"""The tables of a package as rows of text, by the names of their columns."""

from __future__ import annotations

from onrecord.csvtable import TableText
from onrecord.findings import PackageError
from onrecord.package import Package

__all__ = ["Key", "Row", "read_rows", "read_table"]

Key = tuple[str, ...]
"""The cells of a row's primary key."""
Row = dict[str, str]
"""A row by the names of its columns."""


def read_table(package: Package, name: str) -> TableText:
    """A table of a package as it is written.

    Raises PackageError where there is no such table, or it cannot be read without loss.
    """
    if name not in package.resources:
        raise PackageError(f"{package.label}: has no table {name}")
    text, findings = package.read(name)
    faults = [finding for finding in findings if not finding.mendable]
    if text.data is None or not text.complete or faults:
        what = next(iter(faults or findings), f"{package.path(name)} cannot be read")
        raise PackageError(f"{what}; mend the package first: onrecord validate")
    return text


def read_rows(package: Package, name: str) -> list[Row]:
    """The rows of a table of a package. Raises PackageError as ``read_table`` does."""
    text = read_table(package, name)
    return [dict(zip(text.columns, cells, strict=True)) for cells in text.rows]

"""The canonical form of a table: order, encoding, quoting, and derived bounds filled in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from onrecord.csvtable import TableText, canonical_csv
from onrecord.dates import bounds
from onrecord.findings import Finding, PackageError
from onrecord.package import Package
from onrecord.store import writing
from onrecord.tableschema import TableSchema

__all__ = ["canonical_row", "canonical_rows", "fmt"]


def canonical_rows(text: TableText, schema: TableSchema) -> Iterator[list[str]]:
    """The rows of a table in the file's order, each as ``canonical_row`` makes it."""
    for cells in text.rows:
        yield list(canonical_row(dict(zip(text.columns, cells, strict=True)), schema).values())


def canonical_row(row: Mapping[str, str], schema: TableSchema) -> dict[str, str]:
    """A row in the schema's columns, NFC, bounds derived where the date can be read."""
    found = {name: unicodedata.normalize("NFC", row[name]) for name in schema.columns}
    for x in schema.edtf:
        b = bounds(found[f"{x}_edtf"])
        if not b.problem:
            found[f"{x}_start"], found[f"{x}_end"] = b.start, b.end
    return found


def fmt(package: Package, check: bool = False) -> tuple[list[Path], list[Finding]]:
    """Write every table in canonical form; with ``check`` only say which files would change.

    Returns the files that changed (or would), and the faults of files that cannot be read without
    loss; where there is one, nothing is written. Raises PackageError for a zip, and when another
    command holds the package, or disk or permissions forbid to write.
    """
    if not isinstance(package.root, Path):
        raise PackageError(f"{package.label}: a zip cannot be formatted; unpack it first")
    if check:
        seen, files, faults = _canonical(package, package.root)
        return [] if faults else [path for path, data in files.items() if seen[path] != data], faults
    with writing(package.root, "onrecord fmt") as writer:
        # opened anew, since another command may have written while this one waited
        seen, files, faults = _canonical(Package(package.root, package.label), package.root)
        return [] if faults else writer.write(files, seen), faults


def _canonical(package: Package, root: Path) -> tuple[dict[Path, bytes], dict[Path, bytes], list[Finding]]:
    """The bytes of every table as they are and as they should be, and the faults that keep one from being read."""
    seen: dict[Path, bytes] = {}
    files: dict[Path, bytes] = {}
    faults: list[Finding] = []
    for name in package.names:
        text, findings = package.read(name)
        schema = TableSchema(name, package.schemas[name])
        if text.data is None or not text.complete or any(not f.mendable for f in findings):
            faults += findings
            continue
        rows = [dict(zip(schema.columns, r, strict=True)) for r in canonical_rows(text, schema)]
        path = root / package.path(name)
        seen[path] = text.data
        files[path] = canonical_csv(schema.columns, schema.primary_key, rows)
    return seen, files, faults

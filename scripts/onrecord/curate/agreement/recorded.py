"""The table agreement of a package: what was measured, written canonically, all rows of a version or none."""

from __future__ import annotations

import re
from pathlib import Path

from onrecord.csvtable import canonical_csv
from onrecord.curate.agreement import Agreement, Measured
from onrecord.findings import PackageError
from onrecord.package import Package
from onrecord.store import writing
from onrecord.tableschema import TableSchema

__all__ = ["record"]

_TABLE = "agreement"


def record(found: Agreement, package: Package, version: str = "") -> list[Path]:
    """Write what was measured into the table ``agreement``, in place of what it says of that version.

    ``version`` is that of the dataset by whose codebook was coded; by default the package's own. A field without
    units that both coded, or without an alpha, gets a row all the same, its alpha empty, so that nobody takes it
    for agreed upon. Returns the files that changed.

    Raises PackageError for a zip, a version that is none, and a table that cannot be read; nothing is written then.
    """
    if not isinstance(package.root, Path):
        raise PackageError(f"{package.label}: a zip cannot be written to; unpack it first")
    version = version or str(package.descriptor.get("version") or "")
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version, re.ASCII):
        raise PackageError(f"{version!r} is no version; write three numbers, as in 0.9.0")
    if _TABLE not in package.resources:
        raise PackageError(f"{package.label} has no table {_TABLE}; add it to datapackage.json, with its schema")
    with writing(package.root, "onrecord agreement") as writer:
        text, faults = package.read(_TABLE)
        if text.data is None or any(not fault.mendable for fault in faults):
            raise PackageError("; ".join(map(str, faults)) + "; nothing was written")
        schema = TableSchema(_TABLE, package.schemas[_TABLE])
        kept = [dict(zip(text.columns, cells, strict=True)) for cells in text.rows]
        rows = [row for row in kept if row["agreement_version"] != version]
        rows += [_row(one, version) for one in found.fields]
        path = package.root / package.path(_TABLE)
        return writer.write({path: canonical_csv(schema.columns, schema.primary_key, rows)}, {path: text.data})


def _row(one: Measured, version: str) -> dict[str, str]:
    return {
        "table_name": one.compared.table,
        "field_name": one.compared.field,
        "units": str(len(one.compared.units)),
        "coders": "2",
        "alpha": _number(one.alpha.value),
        "ci_low": _number(one.alpha.low),
        "ci_high": _number(one.alpha.high),
        "agreement_version": version,
    }


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}".replace("-0.000", "0.000")

"""The table agreement of a package: what was measured, written canonically, all rows of a version or none."""

from __future__ import annotations

import re
from pathlib import Path

from onrecord.curate.agreement import Agreement, Measured
from onrecord.curate.draft import drafting
from onrecord.findings import PackageError
from onrecord.package import Package

__all__ = ["record"]

_TABLE = "agreement"


def record(found: Agreement, package: Package, version: str = "") -> list[Path]:
    """Write what was measured into the table ``agreement``, in place of what it says of that version.

    ``version`` is that of the dataset by whose codebook was coded; by default the package's own. A field without
    units that both coded, or without an alpha, gets a row all the same, its alpha empty, so that nobody takes it
    for agreed upon. Returns the files that changed.

    Raises PackageError for a zip, a version that is none, and a table that cannot be read; nothing is written then.
    """
    version = version or str(package.descriptor.get("version") or "")
    if not re.fullmatch(r"[0-9]+\.[0-9]+\.[0-9]+", version, re.ASCII):
        raise PackageError(f"{version!r} is no version; write three numbers, as in 0.9.0")
    if _TABLE not in package.resources:
        raise PackageError(f"{package.label} has no table {_TABLE}; add it to datapackage.json, with its schema")
    with drafting(package, "onrecord agreement") as draft:
        for row in draft.rows(_TABLE):
            if row["agreement_version"] == version:
                draft.remove(_TABLE, row)
        for one in found.fields:
            draft.add(_TABLE, **_row(one, version))
        return draft.write()


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

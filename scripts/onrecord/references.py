"""Checks of foreign keys: every reference must be the key of a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from onrecord.findings import Finding, shown
from onrecord.loaded import LoadedTable
from onrecord.suggest import nearest

__all__ = ["Orphan", "check_references"]


@dataclass(frozen=True)
class Orphan:
    """A reference to a row that does not exist: which (``table``, ``key``), where it stands, and what to say of it."""

    table: str
    key: str
    row: int
    finding: Finding


def check_references(tables: Mapping[str, LoadedTable], names: Mapping[tuple[str, str], str]) -> Iterator[Orphan]:
    """Find references to rows that do not exist.

    ``names`` are the names that rows had in the last release: (table, key) → name. Tables with rows unread are no target.
    """
    retired: dict[str, str] = {}
    if "retired" in tables:
        r = tables["retired"].strings
        retired = dict(zip(r["retired_id"], r["replacement_id"], strict=True))
    for table in tables.values():
        for key in table.schema.foreign_keys:
            target = tables.get(key.table)
            if target is None or not target.text.complete:
                continue
            known = set(target.strings[list(key.other_fields)].itertuples(index=False, name=None))
            given = table.strings[list(key.fields)]
            for row, value in zip(given.index, given.itertuples(index=False, name=None), strict=True):
                if "" in value or value in known or (row, key.fields[0]) in table.mistyped:
                    continue
                missing = ", ".join(value)
                what = f"{', '.join(key.fields)} {shown(missing)} is no {', '.join(key.other_fields)} of {key.table}"
                if name := names.get((key.table, missing)):
                    what += f"; in the last release it was {shown(name)}"
                finding = table.finding(
                    int(row), key.fields[0], "foreign-key", what, _fix(missing, key.table, retired, known)
                )
                yield Orphan(key.table, missing, int(row), finding)


def _fix(missing: str, table: str, retired: Mapping[str, str], known: set[tuple[str, ...]]) -> str:
    if missing in retired:
        return f"it was retired; use {retired[missing]}" if retired[missing] else "it was retired without replacement"
    near = nearest(missing, [", ".join(k) for k in known]) if not missing.isascii() else ""
    return f"did you mean {near}?" if near else f"restore the row in {table}, or mend the reference"

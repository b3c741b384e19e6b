"""Checks of foreign keys: every reference must be the key of a row, and where it is none, which row was it?"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace

from onrecord.csvtable import sort_key
from onrecord.findings import Finding, shown
from onrecord.loaded import LoadedTable
from onrecord.suggest import nearest
from onrecord.tableschema import ForeignKey

__all__ = ["Gone", "Orphan", "References", "belonging", "check_references", "orphaned"]

_SEVERAL = 3
_SPARSE = 4


@dataclass(frozen=True)
class Orphan:
    """A cell that refers to a row that does not exist: its row, and what to say of it."""

    row: int
    finding: Finding


@dataclass(frozen=True)
class Gone:
    """A key that cells refer to and no row has.

    ``row`` is the row that had it until it got another key, None where there is none such;
    ``in_place`` says whether that row stands where the key belongs.
    """

    table: str
    key: str
    orphans: tuple[Orphan, ...]
    row: int | None = None
    in_place: bool = False


@dataclass
class References:
    """Keys that are gone, and tables that lost several rows at one place, which explains the keys."""

    gone: list[Gone] = field(default_factory=list)
    cut: list[Finding] = field(default_factory=list)

    @property
    def incomplete(self) -> set[str]:
        """Tables of which rows are missing, so that what they lack must not be taken for absent."""
        return {finding.table for finding in self.cut}


def check_references(tables: Mapping[str, LoadedTable], names: Mapping[tuple[str, str], str]) -> References:
    """Find references to rows that do not exist, and what became of the rows.

    ``names`` are the names that rows had in the last release: (table, key) → name. Tables with rows unread are no target.
    """
    retired: dict[str, str] = {}
    if "retired" in tables:
        r = tables["retired"].strings
        retired = dict(zip(r["retired_id"], r["replacement_id"], strict=True))
    orphans: dict[str, dict[str, list[Orphan]]] = defaultdict(lambda: defaultdict(list))
    used: dict[str, set[str]] = defaultdict(set)
    for table in tables.values():
        for key in table.schema.foreign_keys:
            target = tables.get(key.table)
            if target is None or not target.complete:
                continue
            known = set(target.strings[list(key.other_fields)].itertuples(index=False, name=None))
            for row, *cells in table.strings[list(key.fields)].itertuples(name=None):
                value, missing = tuple(cells), ", ".join(cells)
                if "" in value or row in table.text.ragged or any((row, f) in table.doubts for f in key.fields):
                    continue
                used[key.table].add(missing)
                if value not in known:
                    orphan = Orphan(row, orphaned(table, row, key, missing, names, retired, known))
                    orphans[key.table][missing].append(orphan)
    found = References()
    for name, groups in orphans.items():
        gone = [Gone(name, key, tuple(cells)) for key, cells in groups.items()]
        if len(tables[name].schema.primary_key) == 1:
            gone, cut = _explained(tables[name], gone, used[name], retired)
            found.cut += cut
        found.gone += gone
    return found


def orphaned(
    table: LoadedTable,
    row: int,
    key: ForeignKey,
    missing: str,
    names: Mapping[tuple[str, str], str],
    retired: Mapping[str, str],
    known: Collection[tuple[str, ...]] = (),
) -> Finding:
    """The finding of a cell that refers to the ``missing`` key; ``known`` keys are suggested where one looks like it."""
    what = f"{', '.join(key.fields)} {shown(missing)} is no {', '.join(key.other_fields)} of {key.table}"
    if name := names.get((key.table, missing)):
        what += f"; in the last release it was {shown(name)}"
    return table.finding(row, key.fields[0], "foreign-key", what, _fix(missing, key.table, retired, known))


def _fix(missing: str, table: str, retired: Mapping[str, str], known: Collection[tuple[str, ...]]) -> str:
    if missing in retired:
        return f"it was retired; use {retired[missing]}" if retired[missing] else "it was retired without replacement"
    near = nearest(missing, [", ".join(k) for k in known]) if not missing.isascii() else ""
    return f"did you mean {near}?" if near else f"restore the row in {table}, or mend the reference"


def _explained(
    table: LoadedTable, gone: list[Gone], used: set[str], retired: Collection[str]
) -> tuple[list[Gone], list[Finding]]:
    """The keys that are gone with the rows that had them, and the places where several rows are missing.

    A row had a key if it stands where the key belongs, and its own key is wrong, another row's, or
    used by nothing although it stands out of order, leaves numbers out, or all others are used.
    """
    column = table.schema.primary_key[0]
    keys: dict[int, str] = dict(zip(table.strings.index.tolist(), table.strings[column], strict=True))
    unused = [row for row, key in keys.items() if key not in used]
    strange = {row for row in keys if (row, column) in table.doubts}
    strange |= {row for row, other in table.doubles.items() if not table.same(row, other)}
    strange |= {row for row in unused if row not in table.in_order or len(unused) == 1 or _jumps(keys, row)}
    sure = [row for row in keys if row in table.in_order and row not in strange]
    places = [sort_key(keys[row]) for row in sure]
    rows, lost = defaultdict(list), defaultdict(list)
    for row in sorted(strange):
        rows[bisect.bisect(sure, row)].append(row)
    explained = [one for one in gone if one.key in retired]
    for one in sorted((g for g in gone if g.key not in retired), key=lambda g: sort_key(g.key)):
        lost[bisect.bisect(places, sort_key(one.key))].append(one)
    cut = []
    for gap, several in lost.items():
        if len(rows[gap]) == len(several):
            pairs = zip(several, rows[gap], strict=True)
            explained += [replace(one, row=row, in_place=True) for one, row in pairs]
        elif len(several) >= _SEVERAL and _dense(several, places[gap - 1][3] if gap else "0"):
            cut.append(_missing(table, sure[gap - 1] if gap else -1, several))
        else:
            explained += several
    return _moved(explained, unused, retired), cut


def _jumps(keys: Mapping[int, str], row: int) -> bool:
    """Whether the number of a row leaves out more than one after that of the row above."""
    above, own = sort_key(keys.get(row - 1, ""))[3], sort_key(keys[row])[3]
    return bool(above and own) and int(own) - int(above) > 2


def _dense(several: list[Gone], before: str) -> bool:
    """Whether keys follow on one another like those of rows, and not at random like slips of the pen."""
    last = sort_key(several[-1].key)[3]
    return bool(before and last) and int(last) - int(before) <= _SPARSE * len(several)


def _missing(table: LoadedTable, row: int, several: list[Gone]) -> Finding:
    line = table.text.lines[row] if row >= 0 else 1
    cells = sum(len(one.orphans) for one in several)
    what = f"rows are missing below this line: {cells} cells refer to {len(several)} of them, {several[0].key} to {several[-1].key}"
    return Finding(table.text.path, line, 0, "foreign-key", what, "restore them from an earlier version", table.name)


def _moved(gone: list[Gone], unused: Iterable[int], retired: Collection[str]) -> list[Gone]:
    """The same, where one row alone is unused and one key alone is gone, wherever the row stands."""
    left = [one for one in gone if one.row is None and one.key not in retired]
    free = set(unused) - {one.row for one in gone}
    if len(left) != 1 or len(free) != 1:
        return gone
    return [replace(one, row=min(free)) if one is left[0] else one for one in gone]


def belonging(tables: Mapping[str, LoadedTable]) -> dict[str, tuple[str, str]]:
    """What the rows of tables belong to, for those to which nothing refers: table → its column, and the other table."""
    referred = {key.table for table in tables.values() for key in table.schema.foreign_keys}
    found = {}
    for name, table in tables.items():
        keys = [k for k in table.schema.foreign_keys if table.schema.field[k.fields[0]].required and k.table in tables]
        if name not in referred and keys:
            found[name] = (keys[0].fields[0], keys[0].table)
    return found

"""Findings of one cause become one finding with several places: one row gone, one term misspelt, one file unsorted."""

from __future__ import annotations

import bisect
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace

from onrecord.cells import CELL_RULES
from onrecord.csvtable import sort_key
from onrecord.findings import Finding, Place
from onrecord.loaded import LoadedTable
from onrecord.references import Gone, References, belonging
from onrecord.rules import RULES

__all__ = ["gather"]

Tables = Mapping[str, LoadedTable]
_SEVERAL = 5
_MOST = 0.5
_CIRCULAR = {"links-irreflexive", "republication-acyclic"}


def gather(findings: Iterable[Finding], references: References, tables: Tables) -> list[Finding]:
    """Join findings that have one cause; what is joined keeps the first place and lists the others.

    1. References to one row that is gone, and the loss of its identifier when it was released; where
       a row has come in its stead, the identifier was changed, and that row is the place.
    2. Rows that nothing uses, where what may have used them is gone or wrong.
    3. What follows where a table breaks off or has no rows.
    4. The same fault of the same value in one column, such as a misspelt term; the same fault in most
       cells of a column, such as dates of another format, or in most rows of a file.
    5. The links of one circle, rows of one file that are not canonical, released identifiers gone
       from one table.
    """
    lost, found = _lost_rows(references, list(findings), tables)
    cut, found = _broken_off(found, tables)
    columns = _broken_columns(found, tables)
    circles = _circles(found, tables)
    groups: dict[Hashable, list[Finding]] = defaultdict(list)
    for number, finding in enumerate(found):
        groups[circles.get(number) or _cause(finding, columns) or number].append(finding)
    joined = [_joined(group, columns) for group in groups.values()]
    return _with_unused([*lost, *references.cut, *cut, *joined], dict(enumerate(references.gone)), tables)


def _cause(finding: Finding, columns: set[Hashable]) -> Hashable:
    where = (finding.rule, finding.table, finding.field)
    if where in columns:
        return where
    if finding.rule in CELL_RULES and finding.rule != "required":
        return (*where, finding.value)
    if finding.rule == "canonical-form" or (finding.rule == "no-identifier-lost" and not finding.field):
        return (finding.rule, finding.path)
    if finding.rule == "row-length":
        return (finding.rule, finding.path, finding.message)
    return None


def _joined(group: list[Finding], columns: set[Hashable] = frozenset()) -> Finding:  # type: ignore[assignment]
    first, *rest = sorted(group, key=lambda f: f.place)
    if not rest:
        return first
    if first.rule == "no-identifier-lost":
        names = ", ".join(str(f.value) for f in group[:5])
        more = f" and {len(group) - 5} more" if len(group) > 5 else ""
        return replace(first, message=f"{len(group)} released identifiers are gone: {names}{more}", value=None)
    one = replace(first, others=(*first.others, *(p for f in rest for p in (f.place, *f.others))))
    if (first.rule, first.table, first.field) in columns and len({f.value for f in group}) > 1:
        fix = f"look at the whole column: {len(group)} cells have this fault"
        return replace(one, fix=f"{fix}, each to be mended so: {first.fix}")
    return one


def _broken_columns(found: list[Finding], tables: Tables) -> set[Hashable]:
    counts = Counter((f.rule, f.table, f.field) for f in found if f.rule in {*CELL_RULES, "primary-key"})
    return {
        (rule, table, field)
        for (rule, table, field), count in counts.items()
        if count >= _SEVERAL and count >= _MOST * len(tables[table].strings)
    }


def _row(finding: Finding, tables: Tables) -> int:
    """The row on which a finding is."""
    return bisect.bisect_right(tables[finding.table].text.lines, finding.line) - 1


def _circles(found: list[Finding], tables: Tables) -> dict[int, Hashable]:
    """The findings that are links of one circle, by their number."""
    links: dict[tuple[str, str, str], dict[int, tuple[str, str]]] = defaultdict(dict)
    for number, f in enumerate(found):
        if f.rule in _CIRCULAR:
            key = tables[f.table].strings.at[_row(f, tables), tables[f.table].schema.primary_key[0]]
            links[f.rule, f.table, f.field][number] = (str(key), str(f.value))
    circles: dict[int, Hashable] = {}
    for where, ends in links.items():
        parts: list[set[str]] = []
        for pair in ends.values():
            touched = [part for part in parts if part & set(pair)]
            parts = [part for part in parts if part not in touched] + [set(pair).union(*touched)]
        circles |= {n: (where, i) for n, pair in ends.items() for i, part in enumerate(parts) if pair[0] in part}
    return circles


def _lost_rows(references: References, found: list[Finding], tables: Tables) -> tuple[list[Finding], list[Finding]]:
    """One finding per row that is referred to and gone, and the findings that are left."""
    keys = {(one.table, one.key) for one in references.gone}
    released = {(f.table, f.value) for f in found if f.rule == "no-identifier-lost"}
    left = [f for f in found if f.rule != "no-identifier-lost" or (f.table, f.value) not in keys]
    lost = []
    for one in references.gone:
        orphan = _joined([o.finding for o in one.orphans])
        if len(one.orphans) > 1 or (one.table, one.key) in released:
            orphan = replace(orphan, message=f"{orphan.message}, and {len(one.orphans)} cells refer to it")
        if one.row is not None:
            orphan, left = _exchanged(one, orphan, left, tables[one.table])
        lost.append(orphan)
    return lost, left


def _exchanged(one: Gone, orphan: Finding, found: list[Finding], table: LoadedTable) -> tuple[Finding, list[Finding]]:
    """One finding for a key that is gone and the row that has another in its stead, and the findings that are left."""
    column = table.schema.primary_key[0]
    row = one.row or 0
    place = Place(table.text.path, *table.text.place(row, column))
    own = table.text.cell(row, column)
    left = [f for f in found if f.place != place or f.rule != "used"]
    if not one.in_place:
        fix = f"did you mean {own}, which nothing uses?"
        return replace(orphan, fix=fix, others=(*orphan.others, place)), left
    refer = f"{one.key!r}, which would stand here, is gone, and {len(one.orphans)} cells refer to it"
    known = next((f for f in left if place in (f.place, *f.others)), None)
    if known is not None:
        left.remove(known)
        message, others = f"{known.message}; {refer}", (*known.others, orphan.place, *orphan.others)
        return replace(known, message=message, fix=f"did you mean {one.key}?", others=others), left
    what = f"{column} {own!r} is used by nothing, and {refer}"
    fix = f"give the row its identifier {one.key} back, or mend the references"
    finding = table.finding(row, column, "foreign-key", what, fix)
    return replace(finding, others=(orphan.place, *orphan.others)), left


def _with_unused(found: list[Finding], gone: Mapping[int, Gone], tables: Tables) -> list[Finding]:
    """The findings, rows that nothing uses joined with what may be why: a wrong reference, or a row that is gone.

    ``gone`` says which findings, by their number, are of rows that are gone.
    """
    unused: dict[str, list[Finding]] = defaultdict(list)
    for f in found:
        if f.rule == "used":
            unused[f.table].append(f)
    taken: list[Finding] = []
    for target, rows in unused.items():
        reasons = (n for n, f in enumerate(found) if _explains(f, gone.get(n), target, tables) >= len(rows))
        if (number := next(reasons, None)) is not None:
            why, names = found[number], ", ".join(str(row.value) for row in rows)
            fix = f"did you mean {names}, which nothing uses?" if len(rows) == why.count else why.fix
            message = why.message if fix != why.fix else f"{why.message}, and nothing uses {names}"
            found[number] = replace(why, message=message, fix=fix, others=(*why.others, *(r.place for r in rows)))
            taken += rows
    return [f for f in found if f not in taken]


def _explains(finding: Finding, gone: Gone | None, target: str, tables: Tables) -> float:
    """How many rows of a table may be unused because of a finding."""
    if finding.table not in tables or finding.rule not in {*CELL_RULES, "foreign-key"}:
        return 0
    if gone is not None and gone.row is None and target in {k.table for k in tables[gone.table].schema.foreign_keys}:
        return math.inf
    table = tables[finding.table]
    columns = {
        table.text.columns.index(k.fields[0]) + 1
        for k in table.schema.foreign_keys
        if k.table == target and k.fields[0] in table.text.columns
    }
    places = (finding.place, *finding.others)
    return (
        sum(p.path == finding.path and p.column in columns for p in places)
        if gone is None or gone.row is not None or gone.table == target
        else 0
    )


def _broken_off(found: list[Finding], tables: Tables) -> tuple[list[Finding], list[Finding]]:
    """One finding per table that breaks off or is empty, where what it belongs to goes on, and the findings that are left."""
    owners = belonging(tables)
    cut = []
    for name, (column, target) in owners.items():
        table = tables[name]
        readers = [rule for rule in RULES if name in rule.views]
        about = [f for f in found if f.rule in {rule.name for rule in readers}]
        keys = {id(f): _owned(f, target, tables, owners) for f in about}
        given = [sort_key(key) for key in table.strings[column]]
        if given:
            beyond = [f for f in about if not (key := keys[id(f)]) or sort_key(key) > max(given)]
            enough = len({keys[id(f)] for f in beyond} - {""}) >= _SEVERAL and given[-1] == max(given)
        else:
            empty = {n for n in owners if not len(tables[n].strings)}
            beyond = about
            enough = len(about) >= _SEVERAL and not any(
                empty & set(r.views) - {name} for r in readers if r.name in {f.rule for f in about}
            )
        if enough and table.complete:
            cut.append(_end(table, beyond, target))
            found = [f for f in found if f not in beyond]
    return cut, found


def _end(table: LoadedTable, beyond: list[Finding], target: str) -> Finding:
    rule, _ = Counter(
        f.rule for f in beyond if f.table == target or all(b.table != target for b in beyond)
    ).most_common(1)[0]
    first = _joined([f for f in beyond if f.rule == rule])
    others = tuple(sorted(f.place for f in beyond))
    where = "rows are missing below this line" if len(table.strings) else "the table has no rows"
    message = f"{where}, and {len(beyond)} findings follow from it, the first: {first.message}"
    line = table.text.lines[-1] if table.text.lines else 1
    return Finding(
        table.text.path, line, 0, rule, message, "restore them from an earlier version", table.name, others=others
    )


def _owned(finding: Finding, target: str, tables: Tables, owners: Mapping[str, tuple[str, str]]) -> str:
    """The key of the row of a table to which a finding belongs, empty where it belongs to none."""
    name, row = finding.table, _row(finding, tables)
    while name != target:
        keys = {k.table: k.fields[0] for k in reversed(tables[name].schema.foreign_keys)}
        column, parent = (keys[target], target) if target in keys else owners.get(name, ("", ""))
        if not column or row < 0:
            return ""
        key = str(tables[name].strings.at[row, column])
        if parent == target:
            return key
        rows = tables[parent].strings
        row = next(iter(rows.index[rows[tables[parent].schema.primary_key[0]] == key]), -1)
        name = parent
    return str(tables[name].strings.at[row, tables[name].schema.primary_key[0]]) if row >= 0 else ""

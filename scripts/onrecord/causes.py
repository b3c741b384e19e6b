"""Findings of one cause become one finding with several places: one row gone, one term misspelt, one file unsorted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace

from onrecord.csvtable import sort_key
from onrecord.findings import Finding
from onrecord.loaded import LoadedTable
from onrecord.references import Orphan

__all__ = ["gather"]

_CELL_RULES = {"type", "required", "enum", "pattern", "minimum", "maximum", "max-length"}
_SEVERAL = 5
_MOST_OF_A_COLUMN = 0.5


def gather(findings: Iterable[Finding], orphans: Iterable[Orphan], tables: Mapping[str, LoadedTable]) -> list[Finding]:
    """Join findings that have one cause, in four ways; what is joined keeps the first place and lists the others.

    1. References to one row that is gone, and the loss of its identifier when it was released; where
       the one row that nothing uses has come in its stead, the identifier was changed, and that row
       is the place.
    2. The same fault of the same value in one column, such as a misspelt term.
    3. The same fault in most cells of a column, such as dates of another format.
    4. Rows of one file that are not canonical, and released identifiers gone from one table.
    """
    found = list(findings)
    lost, found = _lost_rows(orphans, found, tables)
    columns = _broken_columns(found, tables)
    groups: dict[Hashable, list[Finding]] = defaultdict(list)
    for number, finding in enumerate(found):
        groups[_cause(finding, columns) or number].append(finding)
    return lost + [_joined(group, columns) for group in groups.values()]


def _cause(finding: Finding, columns: set[Hashable]) -> Hashable:
    where = (finding.rule, finding.table, finding.field)
    if where in columns:
        return where
    if finding.rule in _CELL_RULES and finding.rule != "required":
        return (*where, finding.value)
    if finding.rule == "canonical-form" or (finding.rule == "no-identifier-lost" and not finding.field):
        return (finding.rule, finding.path)
    return None


def _joined(group: list[Finding], columns: set[Hashable]) -> Finding:
    first, *rest = sorted(group, key=lambda f: f.place)
    if not rest:
        return first
    if first.rule == "no-identifier-lost":
        names = ", ".join(str(f.value) for f in group[:5])
        more = f" and {len(group) - 5} more" if len(group) > 5 else ""
        return replace(first, message=f"{len(group)} released identifiers are gone: {names}{more}", value=None)
    one = replace(first, others=tuple(f.place for f in rest))
    if (first.rule, first.table, first.field) in columns and len({f.value for f in group}) > 1:
        fix = f"look at the whole column: {len(group)} cells have this fault"
        return replace(one, fix=f"{fix}, each to be mended so: {first.fix}")
    return one


def _broken_columns(found: list[Finding], tables: Mapping[str, LoadedTable]) -> set[Hashable]:
    counts = Counter((f.rule, f.table, f.field) for f in found if f.rule in _CELL_RULES)
    return {
        (rule, table, field)
        for (rule, table, field), count in counts.items()
        if count >= _SEVERAL and count > _MOST_OF_A_COLUMN * len(tables[table].strings)
    }


def _lost_rows(
    orphans: Iterable[Orphan], found: list[Finding], tables: Mapping[str, LoadedTable]
) -> tuple[list[Finding], list[Finding]]:
    """One finding per row that is referred to and gone, and the findings that are left."""
    groups: dict[tuple[str, str], list[Finding]] = defaultdict(list)
    for orphan in orphans:
        groups[orphan.table, orphan.key].append(orphan.finding)
    gone = {(f.table, f.value) for f in found if f.rule == "no-identifier-lost"}
    left = [f for f in found if f.rule != "no-identifier-lost" or (f.table, f.value) not in groups]
    lost = []
    for (table, key), group in groups.items():
        one = _joined(group, set())
        if len(group) > 1 or (table, key) in gone:
            one = replace(one, message=f"{one.message}, and {len(group)} cells refer to it")
        unused = _only_unused(table, groups, left)
        if unused is not None:
            left.remove(unused)
            one = _exchanged(one, unused, key, len(group), tables[table])
        lost.append(one)
    return lost, left


def _only_unused(table: str, groups: Mapping[tuple[str, str], list[Finding]], found: list[Finding]) -> Finding | None:
    """The row of a table that nothing uses, where one row is unused and one is gone."""
    unused = [f for f in found if f.rule == "used" and f.table == table]
    return unused[0] if len(unused) == 1 and [t for t, _ in groups].count(table) == 1 else None


def _exchanged(orphan: Finding, unused: Finding, key: str, count: int, table: LoadedTable) -> Finding:
    """One finding for a row that is gone and a row that nothing uses: which of the two was miswritten?"""
    keys = [table.text.cell(row, unused.field) or "" for row in range(len(table.text.rows))]
    at = keys.index(unused.value or "")
    before, after = keys[:at][-1:], keys[at + 1 :][:1]
    if not all(sort_key(k) < sort_key(key) for k in before) or not all(sort_key(key) < sort_key(k) for k in after):
        return replace(
            orphan, fix=f"did you mean {unused.value}, which nothing uses?", others=(*orphan.others, unused.place)
        )
    what = f"{unused.field} {unused.value!r} is used by nothing, and {key!r}, which would stand here, is gone, and {count} cells refer to it"
    fix = f"give the row its identifier {key} back, or mend the references"
    return replace(unused, rule=orphan.rule, message=what, fix=fix, others=(orphan.place, *orphan.others))

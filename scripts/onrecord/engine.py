"""Runs the rules across tables in memory: DuckDB reads them where they are."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from onrecord.compiled import Compiled
from onrecord.findings import Finding, shown
from onrecord.loaded import LoadedTable
from onrecord.meant import Change
from onrecord.package import Package
from onrecord.references import References
from onrecord.ruling import rule_sql
from onrecord.views import Views, bases

if TYPE_CHECKING:
    from onrecord.rules import Rule

__all__ = ["Engine", "said"]

Hit = dict[str, Any]
_COMPILED = Compiled("duckdb")


class Engine:
    """Runs rules, and remembers what each found until something that it reads changes."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, list[Hit]]] = {}

    def run(
        self,
        package: Package,
        tables: dict[str, LoadedTable],
        texts: dict[str, str],
        rules: tuple[Rule, ...],
        references: References,
    ) -> Iterator[tuple[Rule, list[Finding] | None]]:
        """Run rules; yields each with its findings, None where a table that it reads could not be read whole.

        What is known to be wrong brings about nothing else: what a rule finds is reported where it
        finds it in the package as it is and as it was probably meant.
        """
        change = Change(tables, references)
        whole = {name for name, table in tables.items() if table.complete} - references.incomplete
        views = [Views(package, tables, texts)]
        if change.doubted:
            meant = {n: t.changed(change.cells[n], change.gone[n]) for n, t in tables.items()}
            views.append(Views(package, meant, texts))
        beside = _digest(sorted(texts), package.releases, package.schemas)
        for rule in rules:
            read = bases(set(rule.views) - {"dates"}, tables)  # which tells of each cell alone
            if not read <= whole:
                yield rule, None
                continue
            every = sorted(bases(rule.views, tables))
            state = _digest(beside, [(n, tables[n].digest, *change.of(n)) for n in every])
            if self._known.get(rule.name, ("",))[0] != state:
                self._known[rule.name] = (state, _sure(rule, tables, views, bool(change.doubted & read)))
            yield rule, [said(tables[hit["table_name"]], rule, hit) for hit in self._known[rule.name][1]]


def _digest(*values: Any) -> str:
    return hashlib.sha256(repr(values).encode("utf-8")).hexdigest()


def _sure(rule: Rule, tables: Mapping[str, LoadedTable], views: list[Views], doubted: bool) -> list[Hit]:
    """What a rule finds whatever was meant by cells that are wrong, one hit a cell."""
    found = [h for h in _hits(rule, views[0]) if not tables[h["table_name"]].doubtful(h["row"], h["field_name"])]
    if doubted and rule.views != ["dates"]:
        still = {tuple(hit.values()) for hit in _hits(rule, views[1])}
        found = [hit for hit in found if tuple(hit.values()) in still]
    cells: dict[tuple[str, int, str, str], list[str]] = defaultdict(list)
    for hit in found:
        missing = hit["detail"] if hit["row"] < 0 else ""
        cells[hit["table_name"], hit["row"], hit["field_name"], missing].append(hit["detail"] or "")
    return [
        {"table_name": table, "row": row, "field_name": name, "detail": "; ".join(dict.fromkeys(details))}
        for (table, row, name, _), details in cells.items()
    ]


def _hits(rule: Rule, views: Views) -> list[Hit]:
    for name in rule.views:
        views.make(name)
    return [hit for sql in rule_sql(_COMPILED, rule) for hit in views.rows(sql)]


def said(table: LoadedTable, rule: Rule, hit: Hit) -> Finding:
    """What is said of a cell that breaks a rule: ``row`` and ``field_name`` of the hit tell which, ``detail`` what is wrong.

    A row below 0 is one that is not there, and the detail is its identifier.
    """
    row, name, detail = hit["row"], hit["field_name"], hit["detail"] or ""
    if row < 0:
        finding = table.finding(row, name, rule.name, f"{table.name} has no {detail}: {rule.holds}", rule.fix)
        return replace(finding, value=detail)
    value = table.text.cell(row, name)
    what = f"{name} {shown(value)}" if value is not None and len(value) <= 80 else name
    return table.finding(row, name, rule.name, f"{what}{f' ({detail})' if detail else ''}: {rule.holds}", rule.fix)

"""Runs the rules across tables: Ibis expressions compiled once for the schemas, executed by DuckDB."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from onrecord.findings import Finding, shown
from onrecord.loaded import LoadedTable
from onrecord.package import Package
from onrecord.views import DERIVED, Views

if TYPE_CHECKING:
    from onrecord.rules import Rule

__all__ = ["Engine", "model_tables"]

Hit = dict[str, Any]
Cells = dict[tuple[int, str], str]


def model_tables() -> set[str]:
    """The tables that the rules read: what every package must have."""
    from onrecord.rules import RULES

    return {view for rule in RULES for view in rule.views} - set(DERIVED)


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
        orphans: Iterable[tuple[str, int, str]] = (),
    ) -> Iterator[tuple[Rule, list[Finding] | None]]:
        """Run rules; yields each with its findings, None where a table that it reads could not be read whole.

        Cells that are known to be wrong (``doubts`` of the tables, and ``orphans``: table, row, field)
        bring about nothing else: what a rule finds is reported where it finds it still with these
        cells empty, and with what they probably meant.
        """
        blank, meant = _doubts(tables, orphans)
        doubted = {name for name in tables if tables[name].doubtful or blank[name]}
        views = [Views(package, tables, texts)]
        if doubted:
            views.append(Views(package, {n: t.with_cells(blank[n]) for n, t in tables.items()}, texts))
        if any(any(cells.values()) for cells in meant.values()):
            views.append(Views(package, {n: t.with_cells(meant[n]) for n, t in tables.items()}, texts))
        beside = _digest(sorted(texts), package.releases, package.schemas)
        for rule in rules:
            if not all(views[0].complete(name) for name in rule.views):
                yield rule, None
                continue
            bases = sorted(views[0].bases(rule.views))
            state = _digest(beside, [(tables[n].digest, sorted(blank[n])) for n in bases])
            if self._known.get(rule.name, ("",))[0] != state:
                found = [_hits(rule, v) for v in (views if doubted & set(bases) else views[:1])]
                others = [{tuple(hit.values()) for hit in hits} for hits in found[1:]]
                sure = [hit for hit in found[0] if all(tuple(hit.values()) in other for other in others)]
                self._known[rule.name] = (state, sure)
            yield rule, [_finding(tables, rule, hit) for hit in self._known[rule.name][1]]


def _doubts(
    tables: Mapping[str, LoadedTable], orphans: Iterable[tuple[str, int, str]]
) -> tuple[dict[str, Cells], dict[str, Cells]]:
    """The cells of each table that are known to be wrong: empty, and as they were probably meant."""
    blank: dict[str, Cells] = {name: dict.fromkeys(table.doubts, "") for name, table in tables.items()}
    for name, row, field in orphans:
        blank[name][row, field] = ""
    return blank, {name: blank[name] | table.doubts for name, table in tables.items()}


def _digest(*values: Any) -> str:
    return hashlib.sha256(repr(values).encode("utf-8")).hexdigest()


def _hits(rule: Rule, views: Views) -> list[Hit]:
    schemas = tuple((name, views[name].schema) for name in rule.views)
    return [hit for sql in _compiled(rule, schemas) for hit in views.rows(sql)]


@lru_cache(maxsize=10_000)
def _compiled(rule: Rule, schemas: tuple[tuple[str, Any], ...]) -> tuple[str, ...]:
    """The SQL of a rule for views of these Arrow schemas. Compiling costs more than running it."""
    import ibis

    unbound = (ibis.table(ibis.Schema.from_pyarrow(schema), name=name) for name, schema in schemas)
    return tuple(str(ibis.to_sql(rows, dialect="duckdb")) for rows in rule.check(*unbound))


def _finding(tables: Mapping[str, LoadedTable], rule: Rule, hit: Hit) -> Finding:
    table, row, name, detail = tables[hit["table_name"]], hit["row"], hit["field_name"], hit["detail"] or ""
    if row < 0:  # a row that is not there: the detail is its identifier
        finding = table.finding(row, name, rule.name, f"{table.name} has no {detail}: {rule.holds}", rule.fix)
        return replace(finding, value=detail)
    value = table.text.cell(row, name)
    what = f"{name} {shown(value)}" if value is not None and len(value) <= 80 else name
    return table.finding(row, name, rule.name, f"{what}{f' ({detail})' if detail else ''}: {rule.holds}", rule.fix)

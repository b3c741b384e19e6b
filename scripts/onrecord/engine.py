"""Runs the rules across tables: Ibis expressions compiled once for the schemas, executed by DuckDB."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from onrecord.findings import Finding, shown
from onrecord.loaded import LoadedTable
from onrecord.meant import Change
from onrecord.package import Package
from onrecord.references import References
from onrecord.views import DERIVED, Views, bases

if TYPE_CHECKING:
    from onrecord.rules import Rule

__all__ = ["Engine", "model_tables"]

Hit = dict[str, Any]


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
            yield rule, [_finding(tables, rule, hit) for hit in self._known[rule.name][1]]


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

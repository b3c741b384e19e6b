"""The rules as SQL over named views, for the fields that the model has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from onrecord.compiled import Compiled
from onrecord.package import model_fields
from onrecord.rules import RULES, Rule
from onrecord.views import DERIVED

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["ibis_type", "kept", "model_tables", "rule_sql", "unbound", "view_types"]

_TYPES = {"integer": "int64", "number": "float64", "date": "date", "date32": "date", "bool": "boolean"}


def ibis_type(kind: str) -> str:
    """The type in Ibis of a field of a Table Schema, or of a column of Arrow."""
    return _TYPES.get(kind, kind)


def unbound(name: str, types: Mapping[str, str]) -> ir.Table:
    """A table of which nothing is known but its name and its types."""
    import ibis

    return ibis.table(dict(types), name=name)


@cache
def view_types(name: str) -> dict[str, str]:
    """The columns that rules see of a view, with their types in Ibis."""
    if name in DERIVED:
        return {column: ibis_type(kind) for column, kind in DERIVED[name].items()}
    return {"row": "int64", **{field: ibis_type(kind) for field, kind in model_fields()[name].items()}}


def model_tables() -> set[str]:
    """The tables that the rules read: what every package must have."""
    return {view for rule in RULES for view in rule.views} - set(DERIVED)


def rule_sql(compiled: Compiled, rule: Rule) -> list[str]:
    """The queries of a rule; each returns ``table_name, row, field_name, detail`` of offending cells."""
    types = {name: view_types(name) for name in rule.views}

    def make() -> list[ir.Table]:
        import ibis

        return [ibis.union(*rule.check(*(unbound(n, t) for n, t in types.items())))]  # what they share is done once

    return compiled(f"rule {rule.name}", types, make)


def kept(compiled: Compiled) -> dict[str, set[str]]:
    """The columns of each view that some rule reads."""
    names = sorted({name for rule in RULES for name in rule.views})

    def make() -> list[str]:
        return sorted(f"{view}.{column}" for rule in RULES for view, column in _read(compiled, rule))

    found: dict[str, set[str]] = defaultdict(set)
    for text in compiled.texts("columns", {name: view_types(name) for name in names}, make):
        view, column = text.split(".")
        found[view].add(column)
    return found


def _read(compiled: Compiled, rule: Rule) -> set[tuple[str, str]]:
    """The columns that the queries of a rule read, after all that is only passed on has been dropped."""
    from sqlglot import exp, parse_one
    from sqlglot.optimizer.pushdown_projections import pushdown_projections
    from sqlglot.optimizer.qualify import qualify
    from sqlglot.optimizer.scope import traverse_scope

    schema: dict[str, object] = {name: dict.fromkeys(view_types(name), "text") for name in rule.views}
    found = set()
    for sql in rule_sql(compiled, rule):
        tree = pushdown_projections(qualify(parse_one(sql, read=compiled.dialect), schema=schema), schema=schema)
        for scope in traverse_scope(tree):
            tables = {alias: source.name for alias, source in scope.sources.items() if isinstance(source, exp.Table)}
            found |= {(tables[column.table], column.name) for column in scope.columns if column.table in tables}
    return found

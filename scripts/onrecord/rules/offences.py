"""What a rule returns: the offending cells of named views, as Ibis expressions of one shape."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

__all__ = ["Rule", "cyclic", "offence", "reachable", "rule_of"]


@dataclass(frozen=True)
class Rule:
    """One rule: its name, its sentence (what must hold; how to mend it) and its check.

    ``check`` takes views by the names of its parameters and returns expressions with the columns
    ``table_name, row, field_name, detail``: one row per offending cell, ``row`` counting the
    table's rows from 0.
    """

    name: str
    sentence: str
    topic: str
    check: Callable[..., Iterable[ir.Table]]

    @property
    def views(self) -> list[str]:
        """The views that the check reads."""
        code = self.check.__code__
        return list(code.co_varnames[: code.co_argcount])


def rule_of(check: Callable[..., Iterable[ir.Table]]) -> Rule:
    """The rule that a function states: named as the function, explained by its docstring."""
    sentence = " ".join((check.__doc__ or "").split("\n\n")[0].split()).rstrip(".")
    topic = check.__module__.rsplit(".", 1)[-1]
    return Rule(check.__name__.replace("_", "-"), sentence, topic, check)


def offence(rows: ir.Table, table: str, field: str, detail: ir.Value | str | None = None) -> ir.Table:
    """Offending rows of a table view (which must hold ``row``), pointed at one field."""
    said = ibis.literal("") if detail is None else detail
    if isinstance(said, str):
        said = ibis.literal(said)
    return rows.select(
        table_name=ibis.literal(table),
        row=rows.row.cast("int64"),
        field_name=ibis.literal(field),
        detail=said.cast("string"),
    ).distinct()


def reachable(edges: ir.Table) -> ir.Table:
    """All pairs ``a``, ``b`` of a graph (columns ``a``, ``b``) for which a path leads from a to b.

    Paths are doubled until they are longer than the number of edges, so joins converge in
    log2(edges) steps and no row is walked one by one.
    """
    steps = math.ceil(math.log2(int(edges.count().execute()) + 1))
    paths = edges.select("a", "b").distinct()
    for _ in range(steps):
        onward = paths.select(b="a", c="b")
        longer = paths.join(onward, "b").select(a="a", b="c")
        paths = paths.union(longer, distinct=True)
    return paths


def cyclic(edges: ir.Table) -> ir.Table:
    """The edges of a graph (columns ``a``, ``b``) that lie on a circle: a path leads back from b to a."""
    return edges.semi_join(reachable(edges), [("b", "a"), ("a", "b")])

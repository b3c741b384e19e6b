"""What a rule returns: the offending cells of named views, as Ibis expressions of one shape."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

    Offences = Iterable[ir.Table]
else:
    from onrecord.later import ibis

__all__ = ["Rule", "circled", "offence", "rule_of"]


@dataclass(frozen=True)
class Rule:
    """One rule: its name, what must hold, how to mend it, why, an example, and its check.

    ``check`` takes views by the names of its parameters and returns expressions with the columns
    ``table_name, row, field_name, detail``: one row per offending cell, ``row`` counting the
    table's rows from 0.
    """

    name: str
    holds: str
    fix: str
    why: str
    example: str
    topic: str
    check: Callable[..., Iterable[ir.Table]]

    @property
    def views(self) -> list[str]:
        """The views that the check reads."""
        code = self.check.__code__
        return list(code.co_varnames[: code.co_argcount])


def rule_of(check: Callable[..., Iterable[ir.Table]]) -> Rule:
    """The rule that a function states: named as the function, explained by its docstring.

    The first paragraph says what must hold and, after a semicolon, how to mend it; a second that
    begins with "Why:" says why, and a third with "Example:" shows a fault.
    """
    sentence, *rest = (" ".join(p.split()) for p in (check.__doc__ or "").split("\n\n"))
    holds, _, fix = sentence.rstrip(".").rpartition("; ")
    said = {p.partition(": ")[0]: p.partition(": ")[2] for p in rest}
    topic = check.__module__.rsplit(".", 1)[-1]
    return Rule(
        check.__name__.replace("_", "-"), holds, fix, said.get("Why", ""), said.get("Example", ""), topic, check
    )


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


def circled(links: ir.Table, one: str, other: str, lineages: ir.Table, graph: str) -> ir.Table:
    """The links (from column ``one`` to ``other``) that lie on a circle of a graph of the view ``lineages``."""
    rounds = lineages.filter(lineages.graph == graph, lineages.circle.notnull())
    out, back = rounds.select(a="node", out="circle"), rounds.select(b="node", back="circle")
    return links.join(out, [(one, "a")]).join(back, [(other, "b")]).filter(lambda t: t.out == t.back)

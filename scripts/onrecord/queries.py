"""What is asked of scanned tables beside the rules: keys, references, order, dates, spans and circles, as Ibis expressions.

Scanned tables have a column ``row``, counting from 0, and columns of the types of their schemas. Queries
of faults return what rules return: ``table_name, row, field_name, detail``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from onrecord.evidence import FOLDED
from onrecord.rules.offences import offence
from onrecord.tableschema import Field, ForeignKey

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    from onrecord.later import ibis

__all__ = [
    "SEPARATOR",
    "at_hand",
    "dates",
    "disorder",
    "doubles",
    "jump",
    "links",
    "orphans",
    "quoted",
    "trim",
    "triples",
]

SEPARATOR = "\x1f"
_IDENTIFIER = re.compile(r"\^[A-Z]\[0-9\]\{[0-9]+,\}\$")
_ALLOWED = ("problem", "start_date", "end_date", "least", "most")
_NUMBERED = r"\A[A-Z]?[0-9]+\z"
# Letters, with marks or without, that normalization leaves as they are once quotation marks are folded, and single spaces
_LETTERS = r"!-~\x{c0}-\x{131}\x{134}-\x{13e}\x{141}-\x{148}\x{14a}-\x{17e}\x{400}-\x{45f}\x{2013}\x{2014}\x{4e00}-\x{9fff}\x{ac00}-\x{d7a3}"
_NORMAL = rf"\A[{_LETTERS}]+(?: [{_LETTERS}]+)*\z"


def doubles(table: ir.Table, name: str, key: Sequence[str], filled: bool) -> ir.Table:
    """Rows that have the key of an earlier one; the detail is the number of the first that has it, and the key.

    With ``filled``, keys without any value are no keys.
    """
    if filled:
        table = table.filter(ibis.or_(*(table[c].notnull() for c in key)))
    groups = table.group_by(list(key)).agg(first=table.row.min(), times=table.count())
    several = groups.filter(groups.times > 1).rename({f"{c}__": c for c in key})
    both = table.join(several, [table[c].identical_to(several[f"{c}__"]) for c in key])
    return offence(
        both.filter(both.row > both.first),
        name,
        key[0],
        both.first.cast("string") + ibis.literal(SEPARATOR + SEPARATOR.join(key)),
    )


def orphans(table: ir.Table, name: str, key: ForeignKey, target: ir.Table) -> ir.Table:
    """Rows whose reference, wholly filled, is the key of no row of ``target``; the detail is that table and the fields."""
    filled = table.filter([table[c].notnull() for c in key.fields])
    keys = target.select(**{f"{c}__": target[c] for c in key.other_fields})
    pairs = zip(key.fields, key.other_fields, strict=True)
    lost = filled.anti_join(keys, [filled[own] == keys[f"{other}__"] for own, other in pairs])
    return offence(lost, name, key.fields[0], SEPARATOR.join([key.table, *key.fields]))


def disorder(table: ir.Table, name: str, key: Sequence[Field], as_kept: bool = False) -> ir.Table:
    """Rows that may not stand in the order of ``csvtable.sort_key``; the detail is the key of the row above.

    It passes over no row that is out of order. With ``as_kept``, rows are taken in the order in which the engine
    keeps them, which spares it sorting.
    """
    above = ibis.window() if as_kept else ibis.window(order_by=table.row)
    columns = {f.name: table[f.name] for f in key}
    before = {f"{c}__": column.lag().over(above) for c, column in columns.items()}
    pairs = table.select("row", above=table.row.lag().over(above), **columns, **before)
    later: ir.BooleanValue = ibis.literal(False)
    for f in reversed(key):
        one, other = pairs[f"{f.name}__"], pairs[f.name]
        later = _less(one, other, f) | ((one == other) & later)
    bad = pairs.filter(pairs.above.notnull(), ~later.fill_null(False))
    cells = [bad[f"{f.name}__"].cast("string").fill_null("") for f in key]
    return offence(bad, name, key[0].name, ibis.literal(SEPARATOR).join(cells))


def _less(one: ir.Value, other: ir.Value, f: Field) -> ir.BooleanValue:
    """Whether a key cell surely comes before another."""
    if f.type in ("integer", "date"):
        return one < other
    if f.type != "string":
        return ibis.literal(False)
    if _IDENTIFIER.fullmatch(str(f.constraints.get("pattern", ""))):
        longer = (one.length() < other.length()) & (other.substr(1, 1) != "0")
        return longer | ((one.length() == other.length()) & (one < other))
    if f.enum and not any(re.fullmatch("[A-Z]?[0-9]+", term) for term in f.enum):
        return one < other
    numbered, number = one.re_search(_NUMBERED), other.re_search(_NUMBERED)
    letter, other_letter = one.ascii_str(), other.ascii_str()
    alike = (one.length() == other.length()) & (letter == other_letter)
    later = (letter < other_letter) & (other_letter >= ord("A"))
    return (one < other) & ((~numbered & ~number) | (numbered & number & (alike | later)))


def _plain(table: ir.Table, x: str) -> ir.BooleanValue:
    """Whether a cell is one day, or one to another, that stand as the bounds beside it, as in most rows."""
    value, start, end = table[f"{x}_edtf"], table[f"{x}_start"], table[f"{x}_end"]
    first, last = start.cast("string"), end.cast("string")
    interval = (start <= end) & (value == first + ibis.literal("/") + last)
    return (((start == end) & (value == first)) | interval).fill_null(False)


def triples(table: ir.Table, x: str) -> ir.Table:
    """The different EDTF values of a column with the bounds beside them, where they are not plain days."""
    other = table.filter(~_plain(table, x))
    return other.select(value=other[f"{x}_edtf"], start=other[f"{x}_start"], end=other[f"{x}_end"]).distinct()


def dates(table: ir.Table, name: str, x: str, values: ir.Table, every: bool) -> ir.Table:
    """The view ``dates`` of one column: what each cell allows, and the bounds that are written beside it.

    ``values`` tells of each of ``triples``; without ``every``, only of those of which ``wrong`` is true.
    """
    told = values if every else values.filter(values.wrong)
    told = told.select(**{f"{c}__": told[c] for c in told.columns})
    given = {c: table[f"{x}_{c}"] for c in ("edtf", "start", "end")}
    pairs = zip(given.values(), ("value", "start", "end"), strict=True)
    both = table.join(told, [own.identical_to(told[f"{c}__"]) for own, c in pairs])
    parts = [_dates(both, name, x, {c: both[f"{c}__"] for c in _ALLOWED})]
    if every:
        plain = table.filter(_plain(table, x))
        start, end = plain[f"{x}_start"], plain[f"{x}_end"]
        precision = ibis.ifelse(end > start + ibis.interval(days=365), 0, 1).cast("int64")  # see dates.bounds
        allowed = {
            "problem": ibis.literal(""),
            "start_date": start,
            "end_date": end,
            "least": precision,
            "most": precision,
        }
        parts.append(_dates(plain, name, x, allowed))
    return ibis.union(*parts) if every else parts[0]


def _dates(table: ir.Table, name: str, x: str, allowed: Mapping[str, ir.Value]) -> ir.Table:
    place = {"table_name": ibis.literal(name), "field_name": ibis.literal(f"{x}_edtf"), "prefix": ibis.literal(x)}
    given = {"start_given": table[f"{x}_start"], "end_given": table[f"{x}_end"]}
    return table.select("row", **place, **allowed, **given)


def exposed(table: ir.Table, types: Mapping[str, str], values: Mapping[str, ir.Table]) -> ir.Table:
    """What rules see of a scanned table: the columns of ``types``, empty where no rule reads them, with true bounds.

    ``values`` tells of the different dates in those columns in which some bounds are wrong.
    """
    for x, told in values.items():
        told = told.filter(told.wrong)
        told = told.select(
            **{f"{x} {c}": told[c] for c in ("value", "start", "end", "start_date", "end_date", "wrong")}
        )
        given = zip((f"{x}_edtf", f"{x}_start", f"{x}_end"), ("value", "start", "end"), strict=True)
        table = table.left_join(told, [table[own].identical_to(told[f"{x} {c}"]) for own, c in given])
        table = table.mutate(
            **{
                f"{x}_{side}": ibis.ifelse(
                    table[f"{x} wrong"].notnull(), table[f"{x} {side}_date"], table[f"{x}_{side}"]
                )
                for side in ("start", "end")
            }
        )
    return table.select(**{c: table[c] if c in table.columns else ibis.null(kind) for c, kind in types.items()})


def identifiers(tables: Mapping[str, ir.Table], key: Mapping[str, str]) -> ir.Table:
    """The view of that name: the identifiers that tables mint, given the column of each."""
    return ibis.union(*(t.select(table_name=ibis.literal(n), id=t[key[n]]) for n, t in tables.items()))


def quoted(evidence: ir.Table) -> ir.Table:
    """Spans with quoted words that may disagree with their length, hash and anchors."""
    exact = evidence.exact
    # most have nothing to fold, which is seen sooner than done
    folded = ibis.ifelse(exact.re_search(f"[{FOLDED[0]}]"), exact.translate(*FOLDED), exact)
    length = exact.length()
    right = (
        folded.re_search(_NORMAL)
        & (length == evidence.span_length)
        & (length == evidence.end_char - evidence.start_char)
        & (folded.hexdigest("sha256") == evidence.span_sha256)
        & exact.startswith(evidence.anchor_from).fill_null(True)
        & exact.endswith(evidence.anchor_to).fill_null(True)
    )
    return evidence.filter(exact.notnull(), ~right.fill_null(False))


def at_hand(evidence: ir.Table, claims: ir.Table, sources: ir.Table, texts: ir.Table) -> ir.Table:
    """Spans of sources whose text is at hand, with its hash."""
    held = sources.select("source_id", "text_sha256").semi_join(texts, "text_sha256")
    return evidence.join(claims.select("claim_id", "source_id").join(held, "source_id"), "claim_id")


def links(table: ir.Table, one: str, other: str, relation: str | None) -> ir.Table:
    """The links of a graph from ``node`` to ``parent``: of a column, or of the rows with one relation."""
    if relation:
        table = table.filter(table.proposition_relation == relation)
    return table.filter(table[one].notnull(), table[other].notnull()).select(node=table[one], parent=table[other])


def jump(graph: ir.Table) -> ir.Table:
    """Every node with the parent of its parent, while there is one: each time, twice as far is gone.

    A node that stands twice can have several parents; without ``distinct`` they would double on a circle each time.
    """
    further = graph.select(parent="node", beyond="parent")
    both = graph.left_join(further, "parent")
    return both.select("node", parent=ibis.coalesce(further.beyond, graph.parent)).distinct()


def trim(graph: ir.Table) -> ir.Table:
    """The links that can lie on a circle: something leads to where they begin, and onwards from where they end."""
    begins, ends = graph.select(parent="node").distinct(), graph.select(node="parent").distinct()
    return graph.semi_join(begins, "parent").semi_join(ends, "node")

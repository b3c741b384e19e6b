"""Table Schema → one fused scan: the columns that rules read, typed, and whether a row may have a fault, as Ibis expressions.

The scan need not say which fault a row has, only never pass one over: rows that it suspects are read
again and checked cell by cell with the Pandera schema and by ``cells``, so that every engine finds
the same in the same words. A cell that holds nothing is missing in every table that is scanned.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache, reduce
from operator import add, and_, or_
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from onrecord.cells import CONTROL, MOST, SUSPECTED
from onrecord.ruling import ibis_type, unbound
from onrecord.tableschema import LARGEST, Field, TableSchema

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    from onrecord.later import ibis

__all__ = ["scan"]

# Patterns of letters, digits and hyphens that cannot begin like a formula: what they match needs no further look.
_HARMLESS = re.compile(r"\^(?:\[[A-Za-z0-9-]+\]|[A-Za-z0-9])[A-Za-z0-9\[\](){},*+?-]*\$")


@cache
def _byte_length() -> Any:
    """The engine's own function for the length of a text in bytes of UTF-8."""

    def strlen(text: str) -> int:  # type: ignore[empty-body]
        ...

    return ibis.udf.scalar.builtin(strlen)


def _bytes(text: ir.StringValue) -> ir.IntegerValue:
    return _byte_length()(text)


def scan(
    name: str,
    schema: TableSchema,
    kept: Collection[str],
    lent: Collection[str],
    careful: bool,
    only: Mapping[str, Callable[[ir.Table], ir.BooleanValue]] = MappingProxyType({}),
) -> list[ir.Table]:
    """Of a table of strings, called ``raw`` and its ``name``: what is to be called ``cast`` and ``typed`` of it, and the scan.

    Each reads the one before: engines compute what has a name once, however often it is read, but an
    expression as often as it is written. The scan has the columns ``kept``, typed, and what was seen of each row:
    ``suspect__`` says whether a cell of the row may be at fault; ``strange__`` whether it may only be for letters
    beyond ASCII, of which most are right; ``breaks__`` how many line breaks its cells hold, and ``marks__`` how many quotation marks and commas they have in a canonical CSV. Columns ``lent`` are
    not held against their patterns: what they refer to is. Unless the scan is ``careful``, the file must
    be known to have no control characters but line ends. Columns in ``only`` are kept in no other rows than told there.
    """
    strings = dict.fromkeys(schema.columns, "string")
    tried = {f"{f.name} tried": ibis_type(f.type) for f in schema.fields if f.type in ("integer", "date")}
    first = {f"{f.name} first": "int32" for f in schema.fields if _is_free(f)}
    values = {f"{f.name} value": ibis_type(f.type) for f in schema.fields if f.type != "string"}
    return [
        _cast(unbound(f"raw {name}", strings), schema),
        _typed(unbound(f"cast {name}", strings | tried | first), schema),
        _seen(unbound(f"typed {name}", strings | first | values), schema, kept, lent, careful, only),
    ]


def _cast(raw: ir.Table, schema: TableSchema) -> ir.Table:
    """What engines make of numbers and dates, and the codes of the first characters of texts."""
    kinds = {f.name: ibis_type(f.type) for f in schema.fields if f.type in ("integer", "date")}
    tried = {f"{name} tried": raw[name].try_cast(kind) for name, kind in kinds.items()}
    first = {f"{f.name} first": raw[f.name].ascii_str() for f in schema.fields if _is_free(f)}
    return raw.select(*schema.columns, **tried, **first)


def _typed(cast: ir.Table, schema: TableSchema) -> ir.Table:
    """The values of cells, missing where they are not written in the one form that their type has."""
    first = [f"{f.name} first" for f in schema.fields if _is_free(f)]
    values = {f"{f.name} value": _value(cast, f) for f in schema.fields if f.type != "string"}
    return cast.select(*schema.columns, *first, **values)


def _seen(
    typed: ir.Table,
    schema: TableSchema,
    kept: Collection[str],
    lent: Collection[str],
    careful: bool,
    only: Mapping[str, Callable[[ir.Table], ir.BooleanValue]],
) -> ir.Table:
    good, doubt, texts, marks, breaks = [], [], [], [], []
    for f in schema.fields:
        cell, value, rules = typed[f.name], _read(typed, f), list(_constraints(typed, f, f.name in lent))
        if f.required:
            good += rules or [value.notnull()]
        else:
            doubt += [~rule for rule in rules]
            doubt += [cell.notnull() & value.isnull()] if f.type != "string" else []
        if _is_free(f):
            texts.append(cell)
            doubt += _characters(cell, typed[f"{f.name} first"], careful)
            broken = cell.contains("\n")
            separated, special = cell.contains(","), ibis.ifelse(cell.contains(",") | broken, 2, 0)
            marks.append(ibis.ifelse(cell.contains('"'), _times(cell, '"') * 2 + 2, special).fill_null(0))
            marks.append(ibis.ifelse(separated, _times(cell, ","), 0).fill_null(0))
            breaks.append(ibis.ifelse(broken, _times(cell, "\n"), 0).fill_null(0))
    strange: ir.BooleanValue = ibis.literal(False)
    if texts:
        beyond = reduce(or_, [_bytes(cell) != cell.length() for cell in texts])
        together = ibis.literal("\n").join([cell.fill_null("") for cell in texts])
        strange = ibis.ifelse(beyond, together.re_search(SUSPECTED), False).fill_null(False)
    values = {f.name: _read(typed, f) for f in schema.fields if f.name in kept}
    values |= {c: ibis.ifelse(where(typed), values[c], ibis.null("string")) for c, where in only.items() if c in values}
    nothing = [ibis.literal(0)]
    return typed.select(
        **values,
        suspect__=~reduce(and_, good or [ibis.literal(True)]).fill_null(False)
        | reduce(or_, doubt or [ibis.literal(False)]).fill_null(False),
        strange__=strange,
        marks__=reduce(add, marks or nothing),
        breaks__=reduce(add, breaks or nothing),
    )


def _times(cell: ir.StringValue, letter: str) -> ir.IntegerValue:
    return _bytes(cell) - _bytes(cell.replace(letter, ""))


def _characters(cell: ir.StringColumn, first: ir.IntegerColumn, careful: bool) -> Iterable[ir.BooleanValue]:
    """What is doubtful in ASCII: a space at an end, what may be a formula, and what spreadsheets would cut.

    ``first`` is the code of the first character; a comma is held back too.
    """
    if careful:
        yield cell.re_search(CONTROL)
    yield from (first <= 32, first.between(43, 45), first == 61, first == 64)
    yield from (cell.endswith(" "), cell.endswith("\n"), _bytes(cell) > MOST)


def _constraints(typed: ir.Table, f: Field, lent: bool) -> Iterable[ir.BooleanValue]:
    """What holds of a cell that has no fault; one that is missing makes a rule neither true nor false."""
    limits, cell, value = f.constraints, typed[f.name], _read(typed, f)
    if f.enum:
        yield cell.isin(f.enum)
    if "pattern" in limits and not lent:
        yield _matches(cell, limits["pattern"])
    if "minimum" in limits:
        yield value >= _limit(limits["minimum"], f)
    if "maximum" in limits:
        yield value <= _limit(limits["maximum"], f)
    if "maxLength" in limits:
        yield cell.length() <= limits["maxLength"]


def _matches(cell: ir.StringColumn, pattern: str) -> ir.BooleanValue:
    if digits := re.fullmatch(r"\^\[0-9a-f\]\{([0-9]+)\}\$", pattern):  # many times as fast as counting
        return (_bytes(cell) == int(digits[1])) & ~cell.re_search("[^0-9a-f]")
    return cell.re_search(rf"\A(?:{pattern})\z")


def _limit(value: object, f: Field) -> ir.Value:
    return ibis.literal(value).cast("date") if f.type == "date" else ibis.literal(value)


def _read(typed: ir.Table, f: Field) -> ir.Value:
    return typed[f.name if f.type == "string" else f"{f.name} value"]


def _value(cast: ir.Table, f: Field) -> ir.Value:
    cell = cast[f.name]
    if f.type == "boolean":
        return ibis.cases((cell == "true", True), (cell == "false", False))
    if f.type == "number":
        right = cell.re_search(r"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?\z") & (cell.length() < 300)
        return ibis.ifelse(right, cell.try_cast("float64"), ibis.null("float64"))
    value = cast[f"{f.name} tried"]
    # what is read and written again as it was is written in the one form that there is
    right = value.cast("string") == cell
    if f.type == "integer":
        right &= value.between(1 - LARGEST, LARGEST - 1)
    else:
        right &= (cell.length() == 10) & (cell >= "0001")  # engines have a year 0, or none
    return ibis.ifelse(right, value, ibis.null(ibis_type(f.type)))


def _is_free(f: Field) -> bool:
    return f.type == "string" and not _harmless(f)


def _harmless(f: Field) -> bool:
    """Whether no value that satisfies the constraints needs quoting, or can be a formula or hold a strange character."""
    if f.enum:
        return all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _+-]*(?<! )", term) for term in f.enum)
    return bool(_HARMLESS.fullmatch(str(f.constraints.get("pattern", ""))))

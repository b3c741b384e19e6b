"""Table Schema → one fused scan: the columns that rules read, typed, and whether a row may have a fault, as Ibis expressions.

The scan need not say which fault a row has, only never pass one over: rows that it suspects are read
again and checked cell by cell with the Pandera schema and by ``cells``, so that every engine finds
the same in the same words. A cell that holds nothing is missing in every table that is scanned.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache, reduce
from operator import add, and_
from typing import TYPE_CHECKING, Any

from onrecord.cells import CONTROL, MOST, SUSPECTED
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


def scan(raw: ir.Table, schema: TableSchema, kept: Collection[str], lent: Collection[str], careful: bool) -> ir.Table:
    """Columns ``kept`` of a table of strings, typed, with what the scan saw of each row.

    ``suspect__`` says whether a cell of the row may be at fault; ``breaks__`` how many line breaks its
    cells hold, and ``marks__`` how many quotation marks and commas they have in a canonical CSV. Columns ``lent`` are
    not held against their patterns: what they refer to is. Unless the scan is ``careful``, the file must
    be known to have no control characters but line ends.
    """
    good, texts, marks, breaks = [], [], [], []
    for f in schema.fields:
        cell = raw[f.name]
        good += [rule.fill_null(True) for rule in _constraints(cell, f, f.name in lent)]
        good += [cell.notnull()] if f.required else []
        if f.type == "string" and not _harmless(f):
            texts.append(cell)
            good += [rule.fill_null(True) for rule in _characters(cell, careful)]
            broken = cell.contains("\n")
            separated, special = cell.contains(","), ibis.ifelse(cell.contains(",") | broken, 2, 0)
            marks.append(ibis.ifelse(cell.contains('"'), _times(cell, '"') * 2 + 2, special).fill_null(0))
            marks.append(ibis.ifelse(separated, _times(cell, ","), 0).fill_null(0))
            breaks.append(ibis.ifelse(broken, _times(cell, "\n"), 0).fill_null(0))
    if texts:
        ascii_only = reduce(and_, [(_bytes(cell) == cell.length()).fill_null(True) for cell in texts])
        together = ibis.literal("\n").join([cell.fill_null("") for cell in texts])
        good.append(ibis.ifelse(ascii_only, True, ~together.re_search(SUSPECTED)))
    typed = {f.name: _typed(raw[f.name], f) for f in schema.fields if f.name in kept}
    nothing = [ibis.literal(0)]
    return raw.select(
        **typed,
        suspect__=~reduce(and_, good),
        marks__=reduce(add, marks or nothing),
        breaks__=reduce(add, breaks or nothing),
    )


def _times(cell: ir.StringValue, letter: str) -> ir.IntegerValue:
    return _bytes(cell) - _bytes(cell.replace(letter, ""))


def _characters(cell: ir.StringColumn, careful: bool) -> Iterable[ir.BooleanValue]:
    """What is beyond suspicion in ASCII: no space at either end, no formula, and no length that spreadsheets cut."""
    if careful:
        yield ~cell.re_search(CONTROL)
    first = cell.ascii_str()  # the code of its first character; a comma is held back too
    yield (first > 32) & ~first.between(43, 45) & (first != 61) & (first != 64)
    yield ~cell.endswith(" ") & ~cell.endswith("\n")
    yield _bytes(cell) <= MOST


def _constraints(cell: ir.StringColumn, f: Field, lent: bool) -> Iterable[ir.BooleanValue]:
    limits, value = f.constraints, _typed(cell, f)
    if f.type != "string":
        yield cell.isnull() | value.notnull()
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


def _typed(cell: ir.StringColumn, f: Field) -> ir.Value:
    """The value of a cell, missing where it is not written in the one form that its type has."""
    if f.type == "boolean":
        return ibis.cases((cell == "true", True), (cell == "false", False))
    if f.type == "number":
        right = cell.re_search(r"\A-?(0|[1-9][0-9]*)(\.[0-9]+)?\z") & (cell.length() < 300)
        return ibis.ifelse(right, cell.try_cast("float64"), ibis.null("float64"))
    if f.type == "string":
        return cell
    kind = "int64" if f.type == "integer" else "date"
    value = cell.try_cast(kind)
    # what is read and written again as it was is written in the one form that there is
    right = value.cast("string") == cell
    if f.type == "integer":
        right &= (value > -LARGEST) & (value < LARGEST)
    else:
        right &= (cell.length() == 10) & (cell >= "0001")  # engines have a year 0, or none
    return ibis.ifelse(right, value, ibis.null(kind))


def _harmless(f: Field) -> bool:
    """Whether no value that satisfies the constraints needs quoting, or can be a formula or hold a strange character."""
    if f.enum:
        return all(re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 _+-]*(?<! )", term) for term in f.enum)
    return bool(_HARMLESS.fullmatch(str(f.constraints.get("pattern", ""))))

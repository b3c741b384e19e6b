"""A Parquet as a table of texts: its columns, what they hold, and every cell as a CSV would have it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from onrecord.csvtable import TableText, check_header
from onrecord.findings import Finding, shown

if TYPE_CHECKING:
    import pyarrow

__all__ = ["SUFFIX", "Batch", "batches", "decimal", "kinds", "read"]

SUFFIX = ".parquet"
_BATCH = 20_480


@dataclass(frozen=True)
class Batch:
    """Some rows of a table, the cells of rows that could not be read, and what hinders reading."""

    text: TableText
    unread: list[list[str]]
    findings: list[Finding]


def kinds(file: Path) -> dict[str, str]:
    """The columns of a Parquet, each with what it holds: text, whole, number, decimal, day, truth, nothing; empty where no field can hold that.

    Raises ValueError where the file cannot be read.
    """
    with file.open("rb") as opened:
        return {one.name: _kind(one.type) for one in _opened(opened).schema_arrow}


def decimal(value: float) -> str:
    """A number in the digits that tell it, without an exponent."""
    return format(Decimal(repr(value)), "f").removesuffix(".0")


def read(file: BinaryIO, table: TableText, fields: list[str]) -> list[Finding]:
    """Fill a TableText from a Parquet, given the columns of its schema; returns what hinders reading."""
    findings = []
    for number, batch in enumerate(batches(file, table, fields)):
        if not number:
            table.columns = batch.text.columns
        table.rows += batch.text.rows
        table.lines += batch.text.lines
        table.complete &= batch.text.complete
        findings += batch.findings
    table.numbered = True
    return findings


def batches(file: BinaryIO, table: TableText, fields: list[str]) -> Iterator[Batch]:
    """Read a Parquet: at first its columns alone, then some thousand rows at a time; rows with texts that are not UTF-8 are left out."""
    import pyarrow

    def finding(row: int, column: int, rule: str, message: str, fix: str, **more: Any) -> Finding:
        return Finding(table.path, row, column, rule, message, fix, table=table.name, **more)

    try:
        opened = _opened(file)
    except ValueError as error:
        empty = replace(table, columns=fields, complete=False, numbered=True)
        yield Batch(empty, [], [finding(0, 0, "encoding", f"the file is no Parquet: {error}", "restore it")])
        return
    head = replace(table, rows=[], lines=[], numbered=True)
    findings = list(_columns(opened.schema_arrow, head, fields, finding))
    yield Batch(head, [], findings)
    if head.columns is fields:  # so none of them is there
        return
    above = 0
    try:
        for some in opened.iter_batches(_BATCH):
            yield _batch(some, above, head, finding)
            above += some.num_rows
    except (OSError, pyarrow.ArrowException) as error:
        what = f"the file cannot be read beyond row {above}: {_line(error)}"
        yield Batch(replace(head, complete=False), [], [finding(0, 0, "encoding", what, "restore it")])


def _opened(file: BinaryIO) -> Any:
    """Raises ValueError where the file is no Parquet."""
    import pyarrow
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(file)
    except (OSError, pyarrow.ArrowException) as error:
        raise ValueError(_line(error)) from None


def _line(error: Exception) -> str:
    return shown((str(error).splitlines() or [type(error).__name__])[0])


def _kind(kind: pyarrow.DataType) -> str:
    from pyarrow import types

    if types.is_dictionary(kind):
        return _kind(kind.value_type)
    known = {
        "text": types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind),
        "whole": types.is_integer(kind),
        "number": types.is_float32(kind) or types.is_float64(kind),
        "decimal": types.is_decimal(kind) and kind.precision <= 38,  # as wide as Spark and DuckDB have them
        "day": types.is_date(kind),
        "truth": types.is_boolean(kind),
        "nothing": types.is_null(kind),
    }
    return next((name for name, right in known.items() if right), "")


def _columns(schema: pyarrow.Schema, head: TableText, fields: list[str], finding: Any) -> Iterator[Finding]:
    """What is wrong with the columns; those that no field can hold are noted under a name that tells what they are."""
    names = list(schema.names)
    found: list[Finding] = []

    def report(column: int, rule: str, message: str, fix: str, **more: Any) -> None:
        found.append(finding(0, column, rule, message, fix, **more))

    head.columns = names
    if not set(names) & set(fields):
        report(0, "columns", "none of the columns is in the schema", f"name them {','.join(fields)}")
        head.columns, head.complete = fields, False
    else:
        check_header(names, fields, head, report)
        for number, one in enumerate(schema):
            if one.name in fields and not _kind(one.type):
                what = f"column {shown(one.name)} is of the type {one.type}, which no field has"
                report(number + 1, "columns", what, "write it as text, number, date or boolean", field=one.name)
                head.complete = False
        head.columns = [one.name if _kind(one.type) else f"{one.name}: {one.type}" for one in schema]
    yield from found


def _batch(some: pyarrow.RecordBatch, above: int, head: TableText, finding: Any) -> Batch:
    columns = [_texts(column) for column in some.columns]
    rows, lines, unread, findings = [], [], [], []
    for number, cells in enumerate(zip(*columns, strict=True), above + 1):
        wrong = next((at for at, cell in enumerate(cells, 1) if isinstance(cell, bytes)), 0)
        if wrong:
            what, fix = "the text is not UTF-8", "write it as UTF-8"
            findings.append(finding(number, wrong, "encoding", what, fix, field=head.columns[wrong - 1]))
            unread.append([c.decode("utf-8", errors="replace") if isinstance(c, bytes) else c for c in cells])
        else:
            rows.append(list(cells))
            lines.append(number)
    return Batch(replace(head, rows=rows, lines=lines), unread, findings)


def _texts(column: pyarrow.Array) -> list[Any]:
    """The cells of a column as texts, those that are not UTF-8 as bytes."""
    import pyarrow

    if pyarrow.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    kind = _kind(column.type)
    if kind == "day":
        days = column.cast(pyarrow.date32()).cast(pyarrow.int32()).to_pylist()
        return ["" if day is None else _day(day) for day in days]
    if kind == "number":
        return ["" if value is None else decimal(value) for value in column.cast(pyarrow.float64()).to_pylist()]
    if kind == "text":
        return [_text(value) for value in column.cast(pyarrow.large_binary()).to_pylist()]
    written = {True: "true", False: "false", None: ""}
    if kind in ("truth", "nothing"):
        return [written[value] for value in column.to_pylist()]
    return [
        "" if not kind or value is None else format(value, "f" if kind == "decimal" else "d")
        for value in column.to_pylist()
    ]


def _text(value: bytes | None) -> str | bytes:
    try:
        return (value or b"").decode("utf-8")
    except UnicodeDecodeError:
        return value or b""


def _day(since: int) -> str:
    """A day given as their number since 1970: as it is written, or that number beyond the years 1 to 9999."""
    import datetime as dt

    try:
        return (dt.date(1970, 1, 1) + dt.timedelta(days=since)).isoformat()
    except OverflowError:
        return str(since)

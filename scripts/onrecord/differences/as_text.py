"""A difference as text for people: one line per change, tersely."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.diff import Row, TableDifference
from onrecord.differences import Explained
from onrecord.report.escape import printable

__all__ = ["render"]

_LONGEST = 300


def render(shown: Explained) -> str:
    """The difference as lines: a verdict, changes of schemas and metadata, then rows table by table."""
    return "".join(f"{line}\n" for line in _lines(shown))


def _lines(shown: Explained) -> Iterator[str]:
    d = shown.difference
    yield f"{_state(d.before.label, str(d.before.version or ''))} → {_state(d.after.label, str(d.after.version or ''))}"
    yield shown.verdict
    for table, identifier in d.lost:
        yield f"lost: {printable(table)} {printable(identifier)} is gone without a row in retired; restore it, or add one"
    for change in d.changes:
        yield f"{change.level}: {printable(str(change))}{_because(shown.reason(change.table))}"
    for table_difference in d.tables.values():
        yield from _table(shown, table_difference)


def _table(shown: Explained, table: TableDifference) -> Iterator[str]:
    for what, row, _ in table.rows():
        because = _because(shown.reason(table.name, row))
        at = f"{printable(table.name)}.csv {printable(row.name)}"
        if what == "retired":
            yield f"{at} retired{_named(row)}{_fate(row)}{because}"
        elif what != "changed":
            yield f"{at} {what}{_named(row)}{because}"
        elif row.cells is None:
            yield f"{at} changed{_named(row)}{because}"
        else:
            for column, (old, new) in row.cells.items():
                yield f"{at} {printable(column)}: {_value(old)} → {_value(new)}{because}"


def _state(label: str, version: str) -> str:
    return printable(label) if not version or version == label else f"{printable(label)} ({version})"


def _fate(row: Row) -> str:
    """What the table of retired identifiers says of it."""
    replacement, version, reason = (
        row.retired.get(name, "") for name in ("replacement_id", "retired_version", "retired_reason")
    )
    parts = [f" in {printable(version)}" if version else "", f", now {printable(replacement)}" if replacement else ""]
    return "".join(parts) + (f": {_value(reason)}" if reason else "")


def _named(row: Row) -> str:
    return f" ({_value(row.label)})" if row.label else ""


def _because(reason: str) -> str:
    return f" (why: {printable(reason)})" if reason else ""


def _value(text: str) -> str:
    if not text:
        return "(empty)"
    return printable(text) if len(text) <= _LONGEST else f"{printable(text[:_LONGEST])}… ({len(text):,} characters)"

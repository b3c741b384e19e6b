"""A difference as one page that needs nothing else: no script, no font and no picture from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from onrecord.diff import Row, TableDifference
from onrecord.differences import Explained
from onrecord.report.escape import printable

__all__ = ["render"]

_STYLE = """\
:root { color-scheme: light dark; --page: #fff; --text: #1a1a1a; --line: #767676; --old: #a11; --new: #060; }
@media (prefers-color-scheme: dark) { :root { --page: #121212; --text: #eee; --line: #999; --old: #f99; --new: #8e8; } }
body { background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem; overflow-wrap: break-word; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: start; vertical-align: top; }
td:nth-child(2), td:nth-child(3) { white-space: nowrap; }
caption { text-align: start; font-weight: bold; padding: .3rem 0; }
del { color: var(--old); } ins { color: var(--new); }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_HEAD = "<th scope=col>Row</th><th scope=col>What</th><th scope=col>Field</th><th scope=col>Before</th><th scope=col>After</th><th scope=col>Why</th>"


def render(shown: Explained) -> str:
    """The difference as a page, everything in it escaped."""
    return "".join(f"{line}\n" for line in _lines(shown))


def _lines(shown: Explained) -> Iterator[str]:
    d = shown.difference
    title = f"{_text(d.before.label)} → {_text(d.after.label)}"
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield f"<title>What differs: {title}</title>\n<style>\n{_STYLE}</style>\n</head>\n<body>\n<main>"
    yield f"<h1>What differs: {title}</h1>\n<p>{_text(shown.verdict)}</p>"
    if d.lost:
        yield "<h2>Lost</h2>\n<p>Gone without a row in <code>retired</code>:</p>\n<ul>"
        yield from (f"<li>{_text(table)} {_text(identifier)}</li>" for table, identifier in d.lost)
        yield "</ul>"
    if d.changes:
        yield "<h2>Schemas and metadata</h2>\n<ul>"
        for change in d.changes:
            reason = shown.reason(change.table)
            yield f"<li><strong>{change.level}</strong> {_text(str(change))}{f' (why: {_text(reason)})' if reason else ''}</li>"
        yield "</ul>"
    for table in d.tables.values():
        yield from _table(shown, table)
    yield "</main>\n</body>\n</html>"


def _table(shown: Explained, table: TableDifference) -> Iterator[str]:
    counts = [
        f"{len(rows)} {what}" for what in ("added", "changed", "removed", "retired") if (rows := getattr(table, what))
    ]
    yield f'<h2>{_text(table.name)}</h2>\n<div class="wide" role="region" aria-label="{_text(table.name)}" tabindex="0">'
    yield f"<table>\n<caption>{', '.join(counts)}</caption>\n<thead><tr>{_HEAD}</tr></thead>\n<tbody>"
    for what, row, _ in table.rows():
        yield from _row(what, row, shown.reason(table.name, row))
    yield "</tbody>\n</table>\n</div>"


def _row(what: str, row: Row, reason: str) -> Iterator[str]:
    name = _text(row.name) + (f"<br>{_text(row.label)}" if row.label else "")
    fate = _fate(row)
    said = " ".join(part for part in (_text(fate), _text(reason)) if part)
    if what != "changed" or not row.cells:  # what stood in a row that came or went is in the data itself
        yield f"<tr><th scope=row>{name}</th><td>{what}</td><td></td><td></td><td></td><td>{said}</td></tr>"
        return
    for column, (old, new) in row.cells.items():
        before = f"<del>{_text(old)}</del>" if old else ""
        after = f"<ins>{_text(new)}</ins>" if new else ""
        yield (
            f"<tr><th scope=row>{name}</th><td>{what}</td><td>{_text(column)}</td>"
            f"<td>{before}</td><td>{after}</td><td>{said}</td></tr>"
        )


def _fate(row: Row) -> str:
    names = {"replacement_id": "now", "retired_version": "since", "retired_reason": "because:"}
    return ", ".join(f"{said} {row.retired[name]}" for name, said in names.items() if row.retired.get(name))


def _text(text: str) -> str:
    return escape(printable(text))

"""A difference as JSON, in a format of our own with a version: ``diff-1.schema.json`` beside this file describes it."""

from __future__ import annotations

from typing import Any

from onrecord.diff import Row
from onrecord.differences import Explained
from onrecord.report import tool_version
from onrecord.report.escape import dumps
from onrecord.states import State

__all__ = ["VERSION", "render"]

VERSION = "1.0"


def render(shown: Explained) -> str:
    """The difference as a JSON document; what is unknown is null."""
    d = shown.difference
    document = {
        "format": "onrecord-diff",
        "version": VERSION,
        "tool_version": tool_version() or None,
        "before": _state(d.before),
        "after": _state(d.after),
        "same": d.empty,
        "level": str(d.level),
        "least_version": str(d.before.version.bumped(d.level)) if d.before.version else None,
        "counts": {what: d.count(what) for what in ("added", "removed", "changed", "retired")},
        "lost": [{"table": table, "id": identifier} for table, identifier in d.lost],
        "changes": [
            {
                "level": str(change.level),
                "table": change.table or None,
                "field": change.field or None,
                "what": change.what,
                "why": shown.reason(change.table) or None,
            }
            for change in d.changes
        ],
        "rows": [
            _row(shown, table.name, what, str(level), row)
            for table in d.tables.values()
            for what, row, level in table.rows()
        ],
    }
    return dumps(document) + "\n"


def _state(state: State) -> dict[str, Any]:
    return {"label": state.label, "version": str(state.version) if state.version else None}


def _row(shown: Explained, table: str, what: str, level: str, row: Row) -> dict[str, Any]:
    return {
        "table": table,
        "key": list(row.key),
        "label": row.label or None,
        "what": what,
        "level": level,
        "cells": None
        if row.cells is None
        else [{"field": name, "before": old, "after": new} for name, (old, new) in row.cells.items()],
        "replacement": row.retired.get("replacement_id") or None,
        "retired_version": row.retired.get("retired_version") or None,
        "retired_reason": row.retired.get("retired_reason") or None,
        "why": shown.reason(table, row) or None,
    }

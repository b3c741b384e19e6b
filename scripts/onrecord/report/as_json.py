"""The report as JSON, in a format of our own with a version: ``report-1.schema.json`` beside this file describes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from onrecord.findings import Finding, Place, Region
from onrecord.report import Report, tool_version
from onrecord.report.escape import dumps
from onrecord.rulebook import Entry, rulebook

__all__ = ["VERSION", "render"]

VERSION = "1.0"


def render(report: Report, most: int | None = None) -> str:
    """The report as a JSON document; what is unknown is null."""
    return dumps(_document(report, most)) + "\n"


def _document(report: Report, most: int | None) -> dict[str, Any]:
    book, listed = rulebook(), report.listed(most)
    at_hand, recorded = report.texts
    return {
        "format": "onrecord-report",
        "version": VERSION,
        "tool_version": tool_version() or None,
        "package": report.label,
        "package_version": report.version or None,
        "root": report.root,
        "valid": report.valid,
        "counts": {
            "errors": report.count("error"),
            "warnings": report.count("warning"),
            "rules": _per_rule(report),
        },
        "findings": [_finding(finding, book) for finding in listed],
        "left_out": report.count() - len(listed),
        "checked": report.checked,
        "skipped": report.skipped,
        "rows": report.rows,
        "texts": {"at_hand": at_hand, "recorded": recorded},
    }


def _per_rule(report: Report) -> dict[str, int]:
    totals: Counter[str] = Counter()
    for (_, rule), number in report.counts.items():
        totals[rule] += number
    return dict(sorted(totals.items()))


def _finding(finding: Finding, book: Mapping[str, Entry]) -> dict[str, Any]:
    return {
        "level": finding.level,
        "rule": finding.rule,
        **_place(finding.place),
        "region": _region(finding.region),
        "table": finding.table or None,
        "field": finding.field or None,
        "value": finding.value,
        "message": finding.message,
        "fix": finding.fix or None,
        "mendable": finding.mendable,
        "codebook": book[finding.rule].link if finding.rule in book else None,
        "others": [_place(place) for place in finding.others],
    }


def _place(place: Place) -> dict[str, Any]:
    return {"path": place.path, "line": place.line or None, "column": place.column or None}


def _region(region: Region | None) -> dict[str, int] | None:
    if region is None:
        return None
    return {
        "line": region.line,
        "column": region.column,
        "end_line": region.end_line,
        "end_column": region.end_column,
    }

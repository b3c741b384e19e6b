"""The report as SARIF 2.1.0 (OASIS), the format of code scanning and of viewers in editors.

GitHub takes at most 25,000 results of a run, of which it shows 5,000, 25,000 rules, 20 tags of a rule,
1,000 locations of a result and 10 MB compressed, and refuses a file that has more: ``most`` keeps
below. It tells results apart by the hash of their line, which its upload action adds (and warns where
another is given), so that our fingerprint is for other readers. Links into the codebook are relative,
and are therefore properties: a helpUri must be absolute.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import Any
from urllib.parse import quote

from onrecord.findings import Finding, Place, Region
from onrecord.report import Report, counted, tool_version
from onrecord.report.escape import dumps, printable
from onrecord.rulebook import Entry, rulebook

__all__ = ["render"]

Object = dict[str, Any]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_BASE = "%SRCROOT%"
_MOST_PLACES = 100
_MARKDOWN = re.compile(r"([\\`*_<>\[\]#])")


def render(report: Report, most: int | None = None) -> str:
    """The report as a SARIF log of one run, errors first."""
    return dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report, most)]}) + "\n"


def _run(report: Report, most: int | None) -> Object:
    book, listed = rulebook(), report.listed(most)
    named = dict.fromkeys([*book, *report.checked, *report.skipped, *(rule for _, rule in report.counts)])
    index = {name: number for number, name in enumerate(named)}
    driver: Object = {"name": "onrecord", "rules": [_rule(name, book.get(name)) for name in named]}
    if version := tool_version():
        driver |= {"version": version}
    marks = _fingerprints(report.listed())
    return {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": {"text": "The root of the repository."}}},
        "invocations": [_invocation(report, index)],
        "results": [_result(report, f, index, book, mark) for f, mark in zip(listed, marks, strict=False)],
        "properties": {
            "package": report.label,
            "valid": report.valid,
            "errors": report.count("error"),
            "warnings": report.count("warning"),
            "leftOut": report.count() - len(listed),
        },
    }


def _invocation(report: Report, index: dict[str, int]) -> Object:
    """The run itself succeeded; a rule that could not run is an error of it, since the results are then incomplete."""
    why = "was not run, since a table it reads is not wholly readable"
    notes = [
        {
            "level": "error",
            "associatedRule": {"id": rule, "index": index[rule]},
            "message": {"text": _plain(f"The rule {rule} {why}.")},
        }
        for rule in report.skipped
    ]
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}


def _rule(name: str, entry: Entry | None) -> Object:
    if entry is None:
        text = {"text": _plain(name) or "?"}
        return {"id": name, "shortDescription": text, "fullDescription": text, "help": text}
    parts = {"Why": entry.why, "Example": entry.example, "To mend": f"{entry.fix}."}
    rule: Object = {
        "id": name,
        "name": "".join(word.capitalize() for word in name.split("-")),
        "shortDescription": {"text": _plain(f"{entry.holds}.")},
        "fullDescription": {"text": _plain(f"{entry.holds}. {entry.why}")},
        "help": {
            "text": "\n\n".join(_plain(f"{title}: {text}") for title, text in parts.items()),
            "markdown": "\n\n".join(f"**{title}:** {_markdown(text)}" for title, text in parts.items()),
        },
        "defaultConfiguration": {"level": entry.level},
        "properties": {"tags": [entry.topic], "problem.severity": entry.level, "codebook": entry.link},
    }
    return rule | ({"helpUri": entry.link} if "://" in entry.link else {})


def _result(report: Report, finding: Finding, index: dict[str, int], book: dict[str, Entry], mark: str) -> Object:
    known = {
        "table": finding.table or None,
        "field": finding.field or None,
        "value": finding.value,
        "fix": finding.fix or None,
        "codebook": book[finding.rule].link if finding.rule in book else None,
        "column": finding.column or None,
        "places": finding.count,
    }
    result: Object = {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": finding.level,
        "message": {"text": _message(finding)},
        "locations": [_location(report, finding.place, finding.region)],
        "partialFingerprints": {"onrecordFinding/v1": mark},
        "properties": {key: value for key, value in known.items() if value is not None},
    }
    related = [_location(report, place) | {"id": n} for n, place in enumerate(finding.others[:_MOST_PLACES], 1)]
    return result | ({"relatedLocations": related} if related else {})


def _message(finding: Finding) -> str:
    also = f"Also at {counted(len(finding.others), 'other place')}" if finding.others else ""
    fix = f"To mend it: {finding.fix}" if finding.fix else ""
    return (
        " ".join(_plain(text) + "." * (text[-1] not in ".!?") for text in (finding.message, fix, also) if text) or "?"
    )


def _location(report: Report, place: Place, region: Region | None = None) -> Object:
    physical: Object = {"artifactLocation": {"uri": _uri(report.path(place.path)), "uriBaseId": _BASE}}
    if region and place.line:
        physical["region"] = {
            "startLine": region.line,
            "startColumn": region.column,
            "endLine": region.end_line,
            "endColumn": region.end_column,
        }
    elif place.line:
        physical["region"] = {"startLine": place.line}
    return {"physicalLocation": physical}


def _uri(path: str) -> str:
    """A path as a relative reference; bytes of a file name that are no UTF-8 stand as they are on the disk."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe="/")
    except UnicodeEncodeError:
        return quote(path.encode("utf-8", "surrogatepass"), safe="/")


def _fingerprints(findings: list[Finding]) -> list[str]:
    """What stays when rows are moved: rule, file, field and value, and the number among those that agree in these."""
    seen: Counter[tuple[str, str, str, str | None]] = Counter()
    marks = []
    for finding in findings:
        key = (finding.rule, finding.path, finding.field, finding.value)
        seen[key] += 1
        marks.append(hashlib.sha256(json.dumps([*key, seen[key]]).encode()).hexdigest()[:32])
    return marks


def _plain(text: str) -> str:
    """A plain text message: braces, which would be placeholders, doubled (3.11.5), and links taken apart (3.11.6)."""
    return printable(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")


def _markdown(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", printable(text)).replace("{", "{{").replace("}", "}}")

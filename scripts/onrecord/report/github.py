"""The report as workflow commands of GitHub Actions, which mark the lines of a pull request.

The syntax is that of https://docs.github.com/actions/reference/workflow-commands-for-github-actions,
read as actions/runner reads it: %, CR and LF are escaped, in properties ':' and ',' too. Lines and columns
count from 1; columns are allowed only where a region begins and ends on one line. Whether endColumn
belongs to the region is not documented (github/docs#40038); those who tried found that it does not.
"""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.findings import Finding
from onrecord.report import Report, counted
from onrecord.report.escape import printable
from onrecord.report.text import left_out, line, not_run
from onrecord.rulebook import rulebook

__all__ = ["render"]

_SHOWN = 10


def render(report: Report, most: int | None = None) -> str:
    """One command per finding, errors first, a notice of what GitHub will not show, and the verdict in plain text.

    GitHub makes annotations of the first 10 errors and the first 10 warnings of a step; the log keeps
    all. The log has only the message, so that this begins with the place.
    """
    return "".join(f"{one}\n" for one in _lines(report, most))


def _lines(report: Report, most: int | None) -> Iterator[str]:
    book = rulebook() if report.findings else {}
    listed = report.listed(most)
    for finding in listed:
        link = f"\n{book[finding.rule].link}" if finding.rule in book else ""
        yield _command(finding.level, _properties(report, finding), line(finding) + link)
    yield from _beyond(listed)
    yield from left_out(report, most)
    yield from not_run(report)
    yield report.summary


def _beyond(listed: list[Finding]) -> Iterator[str]:
    """A notice of how many findings stand in the log alone."""
    errors = sum(f.level == "error" for f in listed)
    counts = {"error": errors - _SHOWN, "warning": len(listed) - errors - _SHOWN}
    more = [counted(n, f"more {level}") for level, n in counts.items() if n > 0]
    if more:
        text = f"GitHub shows {_SHOWN} errors and {_SHOWN} warnings of a step; the log has {' and '.join(more)}"
        yield _command("notice", {"title": "onrecord"}, text)


def _properties(report: Report, finding: Finding) -> dict[str, str]:
    known = {"file": report.path(finding.path)}
    region = finding.region
    if region and finding.line:
        known |= {"line": str(region.line), "endLine": str(region.end_line)}
        if region.line == region.end_line:
            known |= {"col": str(region.column), "endColumn": str(region.end_column)}
    elif finding.line:
        known |= {"line": str(finding.line), "endLine": str(finding.line)}
    return known | {"title": f"onrecord {finding.rule}"}


def _command(name: str, properties: dict[str, str], data: str) -> str:
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(data)}"


def _data(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

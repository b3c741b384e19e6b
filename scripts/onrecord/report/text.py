"""The report for people: one line per finding, errors before warnings, then a summary per rule and the verdict."""

from __future__ import annotations

from collections.abc import Iterator

from onrecord.findings import Finding, shown
from onrecord.report import Report
from onrecord.report.escape import printable
from onrecord.rulebook import rulebook

__all__ = ["beyond", "left_out", "line", "not_run", "render"]

_BOLD, _DIM, _RED, _GREEN, _YELLOW = "1", "2", "31", "32", "33"
_OF_LEVEL = {"error": _RED, "warning": _YELLOW}


def render(report: Report, most: int | None = None, *, colour: bool = False) -> str:
    """The report as lines, which are never wrapped; with ``colour`` for a terminal (ANSI)."""
    return "".join(f"{one}\n" for one in _lines(report, most, colour))


def line(finding: Finding, *, colour: bool = False) -> str:
    """One finding in one printable line: ``str(finding)``, and its field and value where the message names them not."""
    rule = _paint(printable(finding.rule), _OF_LEVEL[finding.level], colour)
    fix = f"; {_paint(printable(finding.fix), _GREEN, colour)}" if finding.fix else ""
    rest = _paint(printable(_about(finding) + _others(finding)), _DIM, colour)
    return f"{_place(finding, colour)} {rule}: {printable(finding.message)}{fix}{rest}"


def left_out(report: Report, most: int | None) -> list[str]:
    """The line that says how many findings are not listed, if any."""
    count = report.count() - len(report.listed(most))
    return [f"… and {count} more ({beyond(report)})"] if count else []


def beyond(report: Report) -> str:
    """Which option tells the findings that are not listed."""
    return "--findings writes them all" if report.found is not None else "--max-findings"


def not_run(report: Report) -> list[str]:
    """The line that names the rules that could not run, if any."""
    names = printable(", ".join(report.skipped))
    return [f"not run, since a table they read is not wholly readable: {names}"] if report.skipped else []


def unread(report: Report) -> list[str]:
    """The line that says of which tables some rows could not be read, if any."""
    tables = ", ".join(f"{count} of {name}" for name, count in report.unread.items())
    return (
        [f"rows that could not be read, so that what refers to them may be found wanting: {tables}"] if tables else []
    )


def _lines(report: Report, most: int | None, colour: bool) -> Iterator[str]:
    listed = report.listed(most)
    warnings = [f for f in listed if f.level == "warning"]
    yield from (line(f, colour=colour) for f in listed[: len(listed) - len(warnings)])
    if warnings:
        yield from [""] * (len(listed) > len(warnings))
        yield _paint("warnings, which leave a package valid:", _BOLD, colour)
        yield from (line(f, colour=colour) for f in warnings)
    yield from left_out(report, most)
    if report.count():
        yield ""
        yield from _per_rule(report, colour)
    yield from not_run(report)
    yield from unread(report)
    verdict, rest = report.summary.split(":", 1)
    yield f"{_paint(verdict, _GREEN if report.valid else _RED, colour)}:{rest}"


def _per_rule(report: Report, colour: bool) -> Iterator[str]:
    """How many findings each rule has, the errors first, and where the codebook has more on it."""
    book = rulebook()
    counts = report.counts
    order = sorted(counts, key=lambda key: (key[0], -counts[key], key[1]))
    names = {key: printable(key[1]) + (" (warning)" if key[0] == "warning" else "") for key in order}
    width = max(map(len, names.values()))
    for level, rule in order:
        name = names[level, rule]
        painted = _paint(name, _OF_LEVEL[level], colour)
        link = " " * (width - len(name) + 2) + _paint(book[rule].link, _DIM, colour) if rule in book else ""
        yield f"{counts[level, rule]:6} {painted}{link}"


def _place(finding: Finding, colour: bool) -> str:
    path, where = printable(finding.path), str(finding.place)[len(finding.path) :]
    return _paint(path, _BOLD, colour) + _paint(where, _DIM, colour)


def _about(finding: Finding) -> str:
    value = "" if finding.value is None else shown(finding.value)
    if not finding.field or (finding.field in finding.message and value in finding.message):
        return ""
    return f" [{f'{finding.field} {value}'.rstrip()}]"


def _others(finding: Finding) -> str:
    if not finding.others:
        return ""
    first, more = ", ".join(str(p) for p in finding.others[:3]), len(finding.others) - 3
    return f" (also at {first}{f', and {more} more' if more > 0 else ''})"


def _paint(text: str, code: str, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour and text else text

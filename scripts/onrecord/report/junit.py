"""The report as JUnit XML, which most CI services show: a suite per topic of the rulebook, a test per rule."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from onrecord.findings import Finding, Level
from onrecord.report import Report, counted
from onrecord.report.escape import printable
from onrecord.report.text import beyond, line
from onrecord.rulebook import Entry, rulebook

__all__ = ["render"]


def render(report: Report, most: int | None = None) -> str:
    """One test per rule that ran or could not run, failed where it has errors; its warnings are its output.

    Elements and attributes are those of junit-10.xsd, by which Jenkins' xUnit plugin refuses others (so
    that places stand in the text alone). Characters that XML cannot hold stand as repr writes them.
    """
    root = ElementTree.Element("testsuites", name=printable(f"onrecord {report.label}"))
    for topic, tests in itertools.groupby(_tests(report, most), key=lambda test: test.topic):
        suite = ElementTree.SubElement(root, "testsuite", name=printable(topic))
        elements = [test.element(suite) for test in tests]
        _count(suite, elements)
        suite.set("skipped", str(sum(test.find("skipped") is not None for test in elements)))
    _count(root, list(root.iter("testcase")))
    ElementTree.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(root, encoding="unicode")}\n'


@dataclass(frozen=True)
class _Test:
    """One rule: what the rulebook says of it, and those of its findings that are listed."""

    name: str
    entry: Entry | None
    report: Report
    listed: list[Finding]

    @property
    def topic(self) -> str:
        return self.entry.topic if self.entry else "other"

    def element(self, suite: ElementTree.Element) -> ElementTree.Element:
        """Add the test to its suite."""
        names = {"classname": f"onrecord.{printable(self.topic)}", "name": printable(self.name)}
        test = ElementTree.SubElement(suite, "testcase", names, time="0")  # some readers demand a time
        counts = self.report.counts
        errors, warnings = counts["error", self.name], counts["warning", self.name]
        if errors:
            holds = f"; what must hold: {self.entry.holds}" if self.entry else ""
            failure = ElementTree.SubElement(test, "failure", message=counted(errors, "error") + holds, type="error")
            failure.text = "\n".join([*self._lines("error", errors), *self._help()])
        elif self.name in self.report.skipped:
            ElementTree.SubElement(test, "skipped", message="a table it reads is not wholly readable")
        if warnings:
            output = [f"{counted(warnings, 'warning')}:", *self._lines("warning", warnings)]
            ElementTree.SubElement(test, "system-out").text = "\n".join([*output, *([] if errors else self._help())])
        return test

    def _lines(self, level: Level, count: int) -> list[str]:
        lines = [line(f) for f in self.listed if f.level == level]
        how = beyond(self.report)
        return lines + ([f"… and {count - len(lines)} more ({how})"] if count > len(lines) else [])

    def _help(self) -> list[str]:
        one = self.entry
        return ["", f"Why: {one.why}", f"Example: {one.example}", f"To mend: {one.fix}", one.link] if one else []


def _tests(report: Report, most: int | None) -> list[_Test]:
    """A test per rule, in the order of the rulebook, so that those of a topic stand together."""
    book = rulebook()
    every, listed = {rule for _, rule in report.counts}, _by_rule(report.listed(most))
    names = dict.fromkeys([*book, *report.checked, *report.skipped, *sorted(every)])
    ran = {*report.checked, *report.skipped, *every}
    tests = [_Test(n, book.get(n), report, listed.get(n, [])) for n in names if n in ran]
    topics = list(dict.fromkeys(test.topic for test in tests))
    return sorted(tests, key=lambda test: topics.index(test.topic))


def _by_rule(findings: list[Finding]) -> Mapping[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.rule, []).append(finding)
    return groups


def _count(element: ElementTree.Element, tests: list[ElementTree.Element]) -> None:
    """Write how many tests there are below an element, and how many of them failed."""
    failures = sum(test.find("failure") is not None for test in tests)
    element.attrib |= {"tests": str(len(tests)), "failures": str(failures), "errors": "0", "time": "0"}

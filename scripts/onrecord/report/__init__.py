"""A report: every finding of one run, and how it is written: text, JSON, GitHub annotations, SARIF, JUnit."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from onrecord.findings import Finding, Level

__all__ = ["FORMATS", "Report", "render", "tool_version"]

FORMATS = ("text", "json", "github", "sarif", "junit")


@dataclass
class Report:
    """What a validation found.

    ``rows`` counts the rows per table; ``checked`` and ``skipped`` name the rules that ran and
    those that could not, because a table they read was not wholly readable; ``texts`` counts the
    source texts at hand of those that have a hash. ``root`` leads from the repository to the package
    ('/' between folders, empty where they are the same), ``version`` is that of the package, if known.
    Where more was found than ``findings`` hold, ``found`` counts all of it by level and rule, and
    ``files`` the files in which it was found. ``unread`` counts the rows per table that nobody could read.
    """

    label: str
    findings: list[Finding] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    texts: tuple[int, int] = (0, 0)
    root: str = ""
    version: str = ""
    found: Counter[tuple[Level, str]] | None = None
    files: int = 0
    unread: dict[str, int] = field(default_factory=dict)

    @property
    def errors(self) -> list[Finding]:
        """What makes the package invalid."""
        return [f for f in self.findings if f.level == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """What may stay, but should be looked at."""
        return [f for f in self.findings if f.level == "warning"]

    @property
    def counts(self) -> Counter[tuple[Level, str]]:
        """How many findings there are by level and rule, listed or not."""
        return Counter((f.level, f.rule) for f in self.findings) if self.found is None else self.found

    def count(self, level: Level | None = None) -> int:
        """How many findings there are of a level, or of both."""
        return sum(number for (of, _), number in self.counts.items() if level in (None, of))

    @property
    def valid(self) -> bool:
        """Whether there is no error."""
        return not self.count("error")

    @property
    def summary(self) -> str:
        """The verdict in one line, beginning with ``valid:`` or ``invalid:``."""
        at_hand, of = self.texts
        texts = f"{at_hand} of {of} texts at hand" if of else "no texts recorded"
        size = f"{sum(self.rows.values())} rows in {len(self.rows)} tables, {len(self.checked)} rules, {texts}"
        warnings = counted(self.count("warning"), "warning") if self.count("warning") else ""
        if self.valid:
            return f"valid: {size}" + (f"; {warnings}" if warnings else "")
        errors = counted(self.count("error"), "error") + (f" and {warnings}" if warnings else "")
        files = self.files if self.found is not None else len({f.path for f in self.findings})
        return f"invalid: {errors} in {counted(files, 'file')} ({size})"

    def listed(self, most: int | None = None) -> list[Finding]:
        """The findings in the order in which they are listed, errors first, and ``most`` of them if given."""
        return (self.errors + self.warnings)[: None if most is None else max(most, 0)]

    def path(self, path: str) -> str:
        """The path of a file of the package, from the repository."""
        return f"{self.root}/{path}" if self.root else path

    def text(self) -> str:
        """The report for people, without colour and without the last line end; see ``render``."""
        return render(self).rstrip("\n")


def render(report: Report, form: str = "text", *, colour: bool = False, max_findings: int | None = None) -> str:
    """The report in one of ``FORMATS``, ending with a line end; no value in it can command a terminal or a log.

    ``colour`` is for text. ``max_findings`` restricts how many findings are listed, errors first; the
    report says how many it leaves out, and counts are of all.

    Raises ValueError for a format that does not exist.
    """
    from onrecord.report import as_json, github, junit, sarif, text  # each imports Report from here

    if form == "text":
        return text.render(report, max_findings, colour=colour)
    writers = {"json": as_json.render, "github": github.render, "sarif": sarif.render, "junit": junit.render}
    if form not in writers:
        raise ValueError(f"there is no format {form!r}; there are {', '.join(FORMATS)}")
    return writers[form](report, max_findings)


def counted(number: int, noun: str) -> str:
    """A number with its noun, as in 1 error, 2 errors."""
    return f"{number} {noun}" + ("" if number == 1 else "s")


def tool_version() -> str:
    """The version of these tools, empty where they run without having been installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("onrecord")
    except PackageNotFoundError:
        return ""

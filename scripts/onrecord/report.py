"""A report: every finding of one run, with the places and a summary per rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from onrecord.findings import Finding

__all__ = ["Report"]


@dataclass
class Report:
    """What a validation found.

    ``rows`` counts the rows per table; ``checked`` and ``skipped`` name the rules that ran and
    those that could not, because a table they read was not wholly readable; ``texts`` counts the
    source texts at hand of those that have a hash.
    """

    label: str
    findings: list[Finding] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)
    checked: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    texts: tuple[int, int] = (0, 0)

    @property
    def valid(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def text(self) -> str:
        """The report for people: one line per finding, then a summary per rule."""
        lines = [str(f) for f in self.findings]
        if lines:
            lines.append("")
        at_hand, of = self.texts
        texts = f"{at_hand} of {of} texts at hand" if of else "no texts recorded"
        size = f"{sum(self.rows.values())} rows in {len(self.rows)} tables, {len(self.checked)} rules, {texts}"
        if self.valid:
            return "\n".join([*lines, f"valid: {size}"])
        counts = Counter(f.rule for f in self.findings)
        lines += [f"{n:6} {rule}" for rule, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]
        if self.skipped:
            lines.append(f"not run, since a table they read is not wholly readable: {', '.join(self.skipped)}")
        files = len({f.path for f in self.findings})
        lines.append(f"invalid: {len(self.findings)} findings in {files} files ({size})")
        return "\n".join(lines)

"""A draft validated as a whole; what is found is told where it comes from in a worksheet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from onrecord.curate.draft import Draft
from onrecord.curate.registry import Ledger, Origin
from onrecord.findings import Finding, Place
from onrecord.package import Package

__all__ = ["check_written"]


def check_written(draft: Draft, texts: Path | None, ledger: Ledger) -> list[Finding]:
    """The errors that a package would have as drafted; each in terms of the worksheet if it can be.

    ``texts`` is the folder of texts. Raises PackageError where the check cannot be begun.
    """
    report = draft.report(texts)
    return [] if report.valid else _Told(draft.preview(), ledger).tell(report.errors)


class _Told:
    """Tells findings in a package in the terms of the worksheets from which its rows come."""

    def __init__(self, package: Package, ledger: Ledger) -> None:
        self._ledger = ledger
        self._tables = {package.path(name): name for name in package.names}
        self._columns: dict[str, list[str]] = {}
        self._rows: dict[str, dict[int, Origin]] = {}
        self._package = package

    def tell(self, findings: list[Finding]) -> list[Finding]:
        told = []
        for finding in findings:
            places = [finding.place, *finding.others]
            home = next((place for place in places if self._origin(place)), None)
            if home is None:
                told.append(finding)
                continue
            at = self._worksheet_place(home)
            others = tuple(self._worksheet_place(place) for place in places if place != home)
            cell = self._cell(home, finding)
            told.append(
                replace(
                    cell,
                    rule=finding.rule,
                    fix=finding.fix,
                    path=at.path,
                    line=at.line,
                    column=at.column,
                    others=others,
                )
            )
        return told

    def _cell(self, place: Place, finding: Finding) -> Finding:
        """The finding at the cell of the worksheet, with the row_id and the table in its message."""
        origin = self._origin(place)
        assert origin is not None  # noqa: S101  # as asked before
        at = origin.at(self._field(place))
        return at.finding(finding.rule, f"{self._tables[place.path]}: {finding.message}", finding.fix)

    def _worksheet_place(self, place: Place) -> Place:
        origin = self._origin(place)
        if origin is None:
            return place
        return origin.at(self._field(place)).finding("", "", "").place

    def _field(self, place: Place) -> str:
        self._read(place.path)
        columns = self._columns[place.path]
        return columns[place.column - 1] if 0 < place.column <= len(columns) else ""

    def _origin(self, place: Place) -> Origin | None:
        if place.path not in self._tables or not place.line:
            return None
        self._read(place.path)
        return self._rows[place.path].get(place.line)

    def _read(self, path: str) -> None:
        if path in self._rows:
            return
        name = self._tables[path]
        text, _ = self._package.read(name)
        self._columns[path], self._rows[path] = text.columns, {}
        for line, cells in zip(text.lines, text.rows, strict=True):
            key = self._ledger.draft.key(name, dict(zip(text.columns, cells, strict=True)))
            if origin := self._ledger.origins.get((name, key)):
                self._rows[path][line] = origin

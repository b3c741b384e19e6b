"""Package → Report: files, cells, references, rules, each cause once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from onrecord.causes import gather
from onrecord.cells import check_cells
from onrecord.engine import Engine
from onrecord.evidence import find_texts, texts_folder
from onrecord.files import canonical_form, descriptor_complete
from onrecord.findings import Finding
from onrecord.loaded import LoadedTable, load_table
from onrecord.package import Package
from onrecord.references import References, check_references
from onrecord.report import Report
from onrecord.rulebook import rulebook
from onrecord.rules import RULES
from onrecord.tableschema import TableSchema

__all__ = ["Validator", "validate"]

Progress = Callable[[str, int, int], None]


def validate(package: Package, texts: Path | None = None) -> Report:
    """Check a whole package once, and report every fault; see ``Validator``."""
    return Validator(texts).check(package)


@dataclass(frozen=True)
class _Checked:
    """A table, what hinders reading it, what is wrong with its cells, and where it is not canonical."""

    table: LoadedTable
    hindrances: list[Finding]
    cells: list[Finding]
    form: list[Finding]


@dataclass
class Validator:
    """Checks a package, again and again if need be, and does not repeat what has not changed.

    ``texts`` is the folder of source texts; None takes ONRECORD_TEXTS or texts/ in the package.
    ``rules`` and ``tables`` restrict what is reported, but what hinders reading always is; empty is
    everything. ``progress`` is called with what is done, how much is done, and how much there is.
    """

    texts: Path | None = None
    rules: frozenset[str] = frozenset()
    tables: frozenset[str] = frozenset()
    progress: Progress | None = None
    _engine: Engine = field(default_factory=Engine, repr=False)
    _loaded: dict[str, _Checked] = field(default_factory=dict, repr=False)

    def check(self, package: Package) -> Report:
        """Report every fault of a package.

        Raises PackageError when a schema cannot be understood, or the folder of texts is not there.
        """
        report = Report(package.label, version=str(package.descriptor.get("version") or ""))
        files = descriptor_complete(package)
        explained = {f.value for f in files}
        hindrances: list[Finding] = []
        loaded: dict[str, LoadedTable] = {}
        cells: list[Finding] = []
        total = len(package.names) + len(RULES)
        for done, name in enumerate(package.names):
            self._tell(name, done, total)
            one = self._load(package, name)
            loaded[name] = one.table
            hindrances += [f for f in one.hindrances if f.rule != "missing-table" or f.path not in explained]
            cells += one.cells
        report.rows = {name: len(table.text.rows) for name, table in loaded.items()}
        references = check_references(loaded, package.last_names)
        cells += self._across(package, loaded, references, report)
        files += gather(hindrances, References(), loaded)
        found = gather(cells, references, loaded)
        spoken = {(p.path, p.line) for f in (*files, *found) for p in (f.place, *f.others) if p.line}
        forms = [f for n in loaded for f in self._loaded[n].form if (f.path, f.line) not in spoken]
        alone = [rule.name for rule in rulebook().values() if rule.topic in ("files", "cells")]
        report.checked += [name for name in alone if not self.rules or name in self.rules]
        found = [f for f in (*found, *gather(forms, References(), loaded)) if self._wanted(f)]
        report.findings = _placed([*files, *found], loaded)
        return report

    def _load(self, package: Package, name: str) -> _Checked:
        """One table and what is wrong with it alone; kept while file and schema stay."""
        schema, path = package.schemas[name], package.path(name)
        known = self._loaded.get(name)
        if known is None or known.table.schema.json != schema or not package.holds(path, known.table.text.data):
            text, hindrances = package.read(name)
            table = load_table(text, TableSchema(name, schema))
            known = _Checked(table, hindrances, check_cells(table), list(canonical_form(text, table.schema)))
            self._loaded[name] = known
        return known

    def _across(
        self, package: Package, loaded: dict[str, LoadedTable], references: References, report: Report
    ) -> list[Finding]:
        """What the rules across tables find; the report notes which ran."""
        folder = self.texts or texts_folder(package.root if isinstance(package.root, Path) else None)
        held = find_texts(folder)
        if "sources" in loaded:
            hashes = {h for h in loaded["sources"].strings["text_sha256"] if h}
            report.texts = (len(hashes & set(held)), len(hashes))
        chosen = tuple(r for r in RULES if not self.rules or r.name in self.rules)
        results = self._engine.run(package, loaded, held, chosen, references)
        found: list[Finding] = []
        for done, (rule, offences) in enumerate(results, len(loaded)):
            self._tell(rule.name, done, len(loaded) + len(chosen))
            (report.skipped if offences is None else report.checked).append(rule.name)
            found += offences or []
        return found

    def _tell(self, what: str, done: int, total: int) -> None:
        if self.progress:
            self.progress(what, done, total)

    def _wanted(self, finding: Finding) -> bool:
        return (not self.rules or finding.rule in self.rules) and (not self.tables or finding.table in self.tables)


def _placed(findings: list[Finding], loaded: dict[str, LoadedTable]) -> list[Finding]:
    """The findings in the order of the descriptor, with the characters that they are about."""
    texts = {table.text.path: table.text for table in loaded.values()}
    order = {path: number for number, path in enumerate(texts)}
    placed = [
        replace(f, region=texts[f.path].region(f.line, f.column)) if f.path in texts and f.region is None else f
        for f in findings
    ]
    return sorted(placed, key=lambda f: (order.get(f.path, -1), f.place, f.rule, f.message))

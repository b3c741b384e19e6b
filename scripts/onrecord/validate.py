"""Package → Report: shape, cells, keys, references, rules, canonical form, descriptor."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from onrecord.database import FLAT, VIEWS
from onrecord.evidence import find_texts, texts_folder
from onrecord.findings import Finding
from onrecord.fmt import canonical_rows
from onrecord.loaded import LoadedTable, load_table
from onrecord.package import Package, TableText, render, sort_key
from onrecord.report import Report
from onrecord.tableschema import TableSchema

__all__ = ["FILE_RULES", "validate"]

_SEMVER = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?", re.ASCII)


def validate(package: Package, texts: Path | None = None) -> Report:
    """Check a whole package and report every fault at once.

    ``texts`` is the folder of source texts; None takes ONRECORD_TEXTS or texts/ in the package.
    Raises PackageError when a schema cannot be understood.
    """
    from onrecord import engine
    from onrecord.rules import RULES

    report = Report(package.label)
    report.findings += descriptor_complete(package)
    loaded: dict[str, LoadedTable] = {}
    for name in package.names:
        text, findings = package.read(name)
        report.findings += findings
        report.rows[name] = len(text.rows)
        loaded[name] = load_table(text, TableSchema(name, package.schemas[name]))
    ragged = {(t.text.path, t.text.lines[r]) for t in loaded.values() for r in t.text.ragged}
    found: list[Finding] = []
    for table in loaded.values():
        found += engine.check_cells(table)
    found += engine.check_references(loaded)
    folder = texts if texts is not None else texts_folder(package.root if isinstance(package.root, Path) else None)
    held = find_texts(folder)
    for rule, offences in engine.check_rules(package, loaded, held, RULES):
        (report.skipped if offences is None else report.checked).append(rule.name)
        found += offences or []
    report.findings += [f for f in found if (f.path, f.line) not in ragged]
    spoken = {(f.path, f.line) for f in report.findings if f.line}
    for table in loaded.values():
        report.findings += [f for f in canonical_form(table.text, table.schema) if (f.path, f.line) not in spoken]
    report.checked += [name for name, _ in FILE_RULES]
    if "sources" in loaded:
        hashes = {h for h in loaded["sources"].strings["text_sha256"] if h}
        report.texts = (len(hashes & set(held)), len(hashes))
    order = {package.path(n): i for i, n in enumerate(package.names)}
    report.findings.sort(key=lambda f: (order.get(f.path, -1), f))
    return report


def canonical_form(text: TableText, schema: TableSchema) -> Iterator[Finding]:
    """The CSVs are byte for byte what the canonical writer writes; run 'onrecord fmt'."""
    if not text.complete or text.ragged or text.columns != schema.columns or text.data is None:
        return
    say = "run 'onrecord fmt'"

    def at(row: int, what: str, field: str = "") -> Finding:
        line, column = text.place(row, field)
        return Finding(text.path, line, column, "canonical-form", f"{what}; {say}", text.name, field)

    if b"\r" in text.data:
        yield at(-1, "line endings are not LF")
        return
    if not text.data.endswith(b"\n"):
        yield at(len(text.rows) - 1, "the last line does not end in LF")
        return
    lines = text.data.decode("utf-8").split("\n")
    previous: list[Any] | None = None
    for row, right in enumerate(canonical_rows(text, schema)):
        first = text.lines[row] - 1
        height = 1 + sum(cell.count("\n") for cell in text.rows[row])
        written = "\n".join(lines[first : first + height]) + "\n"
        if written != render([right]):
            changed = next((n for n, a, b in zip(schema.columns, text.rows[row], right, strict=True) if a != b), "")
            yield at(row, "the row is not written canonically", changed)
        key = [sort_key(right[schema.columns.index(k)]) for k in schema.primary_key]
        if previous is not None and key < previous:
            yield at(row, "the row stands out of order", schema.primary_key[0])
        previous = key
    if render([schema.columns]) != lines[0] + "\n":
        yield at(-1, "the header is not written canonically")


def descriptor_complete(package: Package) -> Iterator[Finding]:
    """Every CSV in dataset/ is a resource and every resource a CSV with schema, title and description, and the version is semantic; mend datapackage.json."""
    from onrecord.engine import model_tables

    def at(message: str) -> Finding:
        return Finding("datapackage.json", 0, 0, "descriptor-complete", message)

    paths = {package.path(n) for n in package.names}
    for path in paths:
        package.exists(path)  # refuses one that leaves the package
    for path in sorted({str(PurePosixPath(p).parent) for p in paths} | {"dataset"}):
        for file in package.files(path):
            if file not in paths:
                yield at(f"{file} is no resource; add it to resources, or take it away")
    for name in package.names:
        resource = package.resources[name]
        for key in ("title", "description"):
            if not resource.get(key):
                yield at(f"resource {name!r} has no {key}; add it")
        if not package.path(name).endswith(".csv"):
            yield at(f"resource {name!r} is not a CSV; name a .csv file")
    for file in (*(f"schemas/views/{view}.sql" for view in (*VIEWS, FLAT)), f"schemas/views/{FLAT}.json"):
        if not package.exists(file):
            yield at(f"{file} is not there; restore it")
    for name in sorted(model_tables() - set(package.names)):
        yield at(f"there is no resource {name!r}; add it, with its header alone if it has no rows")
    for key in ("name", "title", "licenses"):
        if not package.descriptor.get(key):
            yield at(f"the package has no {key}; add it")
    if not _SEMVER.fullmatch(str(package.descriptor.get("version", ""))):
        yield at(f"version {package.descriptor.get('version')!r} is not semantic; write it as 1.2.3")


FILE_RULES: tuple[tuple[str, Callable[..., Iterator[Finding]]], ...] = (
    ("canonical-form", canonical_form),
    ("descriptor-complete", descriptor_complete),
)

"""Checks of files as files: canonical form, and a descriptor that names everything."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from onrecord.columnar import SUFFIX
from onrecord.csvtable import TableText, raw_cells, render, sort_key
from onrecord.database import FLAT, VIEWS
from onrecord.findings import Finding, shown
from onrecord.fmt import canonical_rows
from onrecord.jsonplaces import places
from onrecord.loaded import in_order
from onrecord.package import Fault, Package
from onrecord.ruling import model_tables
from onrecord.store import STAGED
from onrecord.suggest import nearest
from onrecord.tableschema import TableSchema

__all__ = ["DISORDERED", "MEND", "UNCANONICAL", "canonical_form", "descriptor_complete", "every_form"]

_SEMVER = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?", re.ASCII)
_DESCRIPTOR = "datapackage.json"
MEND = "run 'onrecord fmt'"
UNCANONICAL = "the row is not written canonically"
DISORDERED = "the row stands out of order"


def canonical_form(text: TableText, schema: TableSchema) -> Iterator[Finding]:
    """Where a CSV is not byte for byte what the canonical writer writes: the rows that would move or change.

    Of a Parquet, whether cells and order are those of that CSV.
    """
    if not text.complete or text.ragged or text.columns != schema.columns:
        return
    if text.data is None and not text.numbered:
        return

    def at(row: int, what: str, field: str = "") -> Finding:
        line, column = text.place(row, field)
        return Finding(text.path, line, column, "canonical-form", what, MEND, text.name, field)

    data = text.data or b"\n"
    if b"\r" in data:
        line = data.count(b"\n", 0, data.index(b"\r")) + 1
        yield Finding(text.path, line, 0, "canonical-form", "line endings are not LF", MEND, text.name)
        return
    if not data.endswith(b"\n"):
        line = data.count(b"\n") + 1
        yield Finding(text.path, line, 0, "canonical-form", "the last line does not end in LF", MEND, text.name)
        return
    lines = data.decode("utf-8").removeprefix("\ufeff").split("\n")
    right = list(canonical_rows(text, schema))
    keys = [tuple(sort_key(row[schema.columns.index(k)]) for k in schema.primary_key) for row in right]
    times = Counter(keys)
    single = [row for row, key in enumerate(keys) if times[key] == 1]
    ordered = {single[number] for number in in_order([keys[row] for row in single])}
    for row, cells in enumerate(right):
        first = text.lines[row] - 1
        height = 1 + sum(cell.count("\n") for cell in text.rows[row])
        whole = render([text.rows[row]])[:-1] if text.numbered else "\n".join(lines[first : first + height])
        if whole + "\n" != render([cells]):
            written = zip(schema.columns, raw_cells(whole), cells, strict=True)
            changed = (name for name, raw, cell in written if raw != render([[cell, ""]])[:-2])
            yield at(row, UNCANONICAL, next(changed, ""))
        if times[keys[row]] == 1 and row not in ordered:
            yield at(row, DISORDERED, schema.primary_key[0])
    if not text.numbered and render([schema.columns]) != lines[0] + "\n":
        changed = (n for n, raw in zip(schema.columns, raw_cells(lines[0]), strict=True) if raw != n)
        yield at(-1, "the header is not written canonically", next(changed, ""))


def every_form(text: TableText, raw: list[str], schema: TableSchema) -> Iterator[Finding]:
    """Each row that is not written as the canonical writer writes it, given how it is written; bounds are not looked at."""
    if text.columns != schema.columns:
        return
    for row, (cells, written) in enumerate(zip(text.rows, raw, strict=True)):
        right = [unicodedata.normalize("NFC", cell) for cell in cells]
        if written + "\n" != render([right]):
            pairs = zip(schema.columns, raw_cells(written), right, strict=True)
            changed = next((name for name, raw_cell, cell in pairs if raw_cell != render([[cell, ""]])[:-2]), "")
            line, column = text.place(row, changed)
            yield Finding(text.path, line, column, "canonical-form", UNCANONICAL, MEND, text.name, changed)


def descriptor_complete(package: Package) -> list[Finding]:
    """What the descriptor lacks or has wrongly, at the line and column of the value, and files that it does not name.

    Where one cause shows twice, as a file under another name than its path, it is one finding, whose
    ``value`` is the path that leads nowhere.
    """
    regions = places(package.read_bytes(_DESCRIPTOR).decode("utf-8"))
    strays = _strays(package)
    faults = [*_resources(package, strays), *_head(package.descriptor)]
    found = []
    for fault in faults:
        region = regions.get(fault.pointer)
        line, column = (region.line, region.column) if region else (0, 0)
        place = (_DESCRIPTOR, line, column, "descriptor-complete", fault.message, fault.fix)
        found.append(Finding(*place, value=fault.value, region=region))
    for path in strays:
        fix = "add it to resources, or take it away"
        found.append(Finding(path, 0, 0, "descriptor-complete", "no resource names this", fix))
    return found


def _strays(package: Package) -> list[str]:
    """What lies beside the tables and is none of them."""
    listed = [r.get("path") for r in package.descriptor["resources"] if isinstance(r, dict)]
    folders = {str(PurePosixPath(package.path(n)).parent) for n in package.names} | {"dataset"}
    return [
        path
        for folder in sorted(folders)
        for path in package.files(folder)
        if path not in listed and not path.endswith(STAGED)
    ]


def _resources(package: Package, strays: list[str]) -> Iterator[Fault]:
    """Faults of the resources; files that explain one are taken from ``strays``."""
    resources = package.descriptor["resources"]
    missing = model_tables() - set(package.names)
    pointers = {id(resource): f"/resources/{number}" for number, resource in enumerate(resources)}

    def meant(resource: Any) -> str:
        stem = PurePosixPath(str(resource.get("path"))).stem if isinstance(resource, dict) else ""
        missing.discard(stem) if (known := stem in missing) else None
        return stem if known else ""

    for fault in package.faults:
        resource = resources[int(fault.pointer.split("/")[2])]
        stem = meant(resource)
        if isinstance(resource, dict) and not stem and (path := f"dataset/{resource.get('name')}.csv") in strays:
            missing.discard(resource["name"])
            strays.remove(path)
            fault = replace(fault, fix=f"give it the path {path!r}")
        yield replace(fault, fix=f"name it {stem!r}") if stem else fault
    for name, resource in package.resources.items():
        at, path = pointers[id(resource)], package.path(name)
        if name not in model_tables() and (stem := meant(resource)):
            yield Fault(f"{at}/name", f"the model has no table {shown(name)}", f"name it {stem!r}")
        for key in ("title", "description"):
            if not resource.get(key):
                yield Fault(at, f"resource {name!r} has no {key}", "add it")
        if not package.exists(path) and (near := nearest(path, strays)):
            strays.remove(near)
            yield Fault(f"{at}/path", f"there is no file {shown(path)}", f"did you mean {near!r}?", path)
        elif not path.endswith((".csv", SUFFIX)):
            yield Fault(f"{at}/path", f"resource {name!r} is not a CSV", "name a .csv file")
    for name in sorted(missing):
        fix = "add it, with its header alone if it has no rows"
        if (path := f"dataset/{name}.csv") in strays:
            strays.remove(path)
            fix = f"add it again, with the path {path!r}"
        yield Fault("/resources", f"there is no resource {name!r}", fix)
    for file in (*(f"schemas/views/{view}.sql" for view in (*VIEWS, FLAT)), f"schemas/views/{FLAT}.json"):
        if not package.exists(file):
            yield Fault("", f"the package has no {file}", "restore it")


def _head(descriptor: Mapping[str, Any]) -> Iterator[Fault]:
    for key in ("name", "title", "licenses", "version"):
        if not descriptor.get(key):
            yield Fault("", f"the package has no {key}", "add it")
    version = str(descriptor.get("version") or "1.2.3")
    if not _SEMVER.fullmatch(version):
        yield Fault("/version", f"version {shown(version)} is not semantic", "write it as 1.2.3")

"""The minimal package, the edits that break it, and the case files that say what is then found."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from onrecord.findings import Finding
from onrecord.fmt import canonical_rows, render
from onrecord.package import Package, canonical_csv, open_package
from onrecord.schema import TableSchema
from onrecord.validate import validate

__all__ = ["BROKEN", "MINIMAL", "SCHEMAS", "Case", "Expected", "apply_edits", "copy_minimal", "read_case", "run"]

HERE = Path(__file__).resolve().parent
MINIMAL = HERE / "minimal"
BROKEN = HERE / "broken"
SCHEMAS = HERE.parent / "schemas"

Edit = dict[str, Any]
_SHAPES = (
    {"table", "key", "set"},
    {"table", "add"},
    {"table", "key", "delete"},
    {"file", "text"},
    {"file", "replace"},
    {"file", "delete"},
)


@dataclass(frozen=True)
class Expected:
    """One finding that a case must give: its place, its rule, and words that its message holds."""

    at: str
    rule: str
    says: str = ""
    because: str = ""

    def fits(self, finding: Finding) -> bool:
        """Whether a finding is this one."""
        return (place(finding), finding.rule) == (self.at, self.rule) and self.says in finding.message


@dataclass(frozen=True)
class Case:
    """One case file: the edits, the findings of the rule it is about, and those that come with them."""

    path: Path
    why: str
    edits: tuple[Edit, ...]
    finds: tuple[Expected, ...]
    companions: tuple[Expected, ...]

    @property
    def rule(self) -> str:
        """The rule that the case is about: the name of its folder."""
        return self.path.parent.name

    @property
    def name(self) -> str:
        """A short name for reports, such as ``used/edits-2``."""
        return f"{self.rule}/{self.path.stem}"


def read_case(path: Path) -> Case:
    """Read a case file; a key that it should not have raises TypeError."""

    def known(why: str, edits: list[Edit], finds: list[Edit], companions: Iterable[Edit] = ()) -> Case:
        expected = (tuple(Expected(**e) for e in found) for found in (finds, companions))
        return Case(path, why, tuple(edits), *expected)

    return known(**json.loads(path.read_text(encoding="utf-8")))


def place(finding: Finding) -> str:
    """Where a finding is, as case files write it: ``path:line:column``, zeros left out."""
    return ":".join([finding.path, *(str(n) for n in (finding.line, finding.column) if n)])


def copy_minimal(folder: Path) -> Path:
    """Copy the minimal package, its texts and the schemas of the repository into a new folder."""
    shutil.copytree(MINIMAL, folder)
    shutil.copytree(SCHEMAS, folder / "schemas")
    return folder


def apply_edits(folder: Path, edits: Iterable[Edit]) -> None:
    """Edit a package in place, one edit after the other.

    Edits of a table leave it in canonical form, bounds derived, unless they say ``raw``: then rows
    stay in the order and the words in which they were put. An edit that changes nothing raises
    ValueError, so that no case goes stale unnoticed.
    """
    for edit in edits:
        if not any(set(edit) - {"raw", "encoding"} == shape for shape in _SHAPES):
            raise ValueError(f"no such edit: {edit}")
        if "table" in edit:
            _edit_table(open_package(folder), folder, edit)
        else:
            _edit_file(folder / edit["file"], edit)


def _edit_table(package: Package, folder: Path, edit: Edit) -> None:
    name = edit["table"]
    text, faults = package.read(name)
    schema = TableSchema(name, package.schemas[name])
    if faults:
        raise ValueError(f"{name} cannot be edited by rows any more: {faults[0]}")
    if unknown := {*edit.get("key", {}), *edit.get("set", {}), *edit.get("add", {})} - set(schema.columns):
        raise ValueError(f"{name} has no columns {unknown}")
    rows = [dict(zip(text.columns, cells, strict=True)) for cells in text.rows]
    if "add" in edit:
        rows.append(dict.fromkeys(schema.columns, "") | edit["add"])
    else:
        chosen = [row for row in rows if edit["key"].items() <= row.items()]
        if len(chosen) != 1:
            raise ValueError(f"{len(chosen)} rows of {name} have the key {edit['key']}")
        if "delete" in edit:
            rows.remove(chosen[0])
        elif edit["set"].items() <= chosen[0].items():
            raise ValueError(f"nothing changes: {edit}")
        else:
            chosen[0].update(edit["set"])
    text.rows = [list(row.values()) for row in rows]
    if edit.get("raw"):
        data = render([schema.columns, *text.rows]).encode("utf-8")
    else:
        derived = [dict(zip(schema.columns, cells, strict=True)) for cells in canonical_rows(text, schema)]
        data = canonical_csv(schema.columns, schema.primary_key, derived)
    (folder / package.path(name)).write_bytes(data)


def _edit_file(path: Path, edit: Edit) -> None:
    if "delete" in edit:
        path.unlink()
        return
    text = edit.get("text", "")
    if "replace" in edit:
        old, new = edit["replace"]
        before = path.read_bytes().decode("utf-8")
        text = before.replace(old, new)
        if text == before:
            raise ValueError(f"{path.name} does not hold {old!r}")
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode(edit.get("encoding", "utf-8")))


def run(folder: Path, edits: Iterable[Edit] = (), texts: bool = True) -> list[Finding]:
    """Make the minimal package in a new folder, edit it and validate it, with its texts or without."""
    package = copy_minimal(folder)
    apply_edits(package, edits)
    return validate(open_package(package), texts=package / ("texts" if texts else "no-texts")).findings

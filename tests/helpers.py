"""The minimal package, the edits that break it, and the case files that say what is then found."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from onrecord import rules
from onrecord.cli import main
from onrecord.csvtable import canonical_csv, render
from onrecord.findings import Finding
from onrecord.fmt import canonical_rows
from onrecord.package import Package, open_package
from onrecord.tableschema import TableSchema
from onrecord.validate import validate

__all__ = [
    "BROKEN",
    "MINIMAL",
    "SCHEMAS",
    "Case",
    "Edit",
    "Expected",
    "apply_edits",
    "call",
    "copy_minimal",
    "find",
    "read_case",
]

HERE = Path(__file__).resolve().parent
MINIMAL = HERE / "minimal"
BROKEN = HERE / "broken"
SCHEMAS = HERE.parent / "schemas"

Edit = dict[str, Any]
_SHAPES = (
    {"table", "key", "set"},
    {"table", "key", "delete"},
    {"table", "add"},
    {"file", "replace"},
    {"file", "delete"},
    {"file", "text"},
)


@dataclass(frozen=True)
class Expected:
    """One finding that a case must give: its first place, its rule, words that it holds, and the number of places."""

    at: str
    rule: str
    says: str = ""
    because: str = ""
    count: int = 1

    def fits(self, finding: Finding) -> bool:
        """Whether a finding is this one."""
        return (str(finding.place), finding.rule, finding.count) == (
            self.at,
            self.rule,
            self.count,
        ) and self.says in str(finding)


@dataclass(frozen=True)
class Case:
    """One case file: the edits, the findings of the rule it is about, and those that come with them.

    ``xfail`` says what is still wrong in the rule, where the case does not hold yet.
    """

    path: Path
    why: str
    edits: tuple[Edit, ...]
    finds: tuple[Expected, ...]
    companions: tuple[Expected, ...] = ()
    xfail: str = ""

    @property
    def rule(self) -> str:
        """The rule that the case is about: the name of its folder."""
        return self.path.parent.name

    @property
    def name(self) -> str:
        """A short name for reports, such as ``used/edits-2``."""
        return f"{self.rule}/{self.path.stem}"


def read_case(path: Path) -> Case:
    """Read a case file. A key that it should not have raises TypeError."""
    record = json.loads(path.read_text(encoding="utf-8"))
    for key in ("finds", "companions"):
        record[key] = tuple(Expected(**expected) for expected in record.get(key, ()))
    return Case(path, **record | {"edits": tuple(record["edits"])})


def copy_minimal(folder: Path) -> Path:
    """Copy the minimal package, its texts and the schemas of the repository into a new folder."""
    shutil.copytree(MINIMAL, folder)
    shutil.copytree(SCHEMAS, folder / "schemas")
    return folder


def call(*arguments: object, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command as ``python -m onrecord`` does, but in this process: what it printed, and its exit status.

    Texts are only those of the package, unless ONRECORD_TEXTS is given. Nothing is spared but the start of Python.
    """
    words, out, err = [str(argument) for argument in arguments], io.StringIO(), io.StringIO()
    settings = {"COLUMNS": "200", "NO_COLOR": "1", "ONRECORD_TEXTS": "", **env}
    with (
        contextlib.chdir(cwd or HERE.parent),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        mock.patch.dict(os.environ, settings),
        mock.patch.object(sys, "argv", ["onrecord", *words]),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return subprocess.CompletedProcess(words, status, out.getvalue(), err.getvalue())


def find(edits: Iterable[Edit] = (), texts: bool = True) -> list[Finding]:
    """What validation finds in the minimal package after these edits, with its texts or without."""
    edits = tuple(edits)
    with tempfile.TemporaryDirectory() as folder:
        package = copy_minimal(Path(folder) / "package")
        apply_edits(package, edits)
        with mock.patch("onrecord.validate.RULES", _rules_that_read(edits)):
            return validate(
                open_package(package, faulty=True), texts=package / ("texts" if texts else "no-texts")
            ).findings


def _rules_that_read(edits: tuple[Edit, ...]) -> tuple[rules.Rule, ...]:
    """The rules that can find something: a rule is a function of the views that it reads.

    Running a rule costs more than anything else here, and what it finds in tables that nobody
    edited is known: nothing, since the minimal package is valid. Views that are no tables are made
    from several, so the rules that read them run, but for those made from the schemas alone.
    """
    edited = {edit.get("table") for edit in edits}
    if not edited or None in edited:
        return rules.RULES
    tables = {path.stem for path in (MINIMAL / "dataset").glob("*.csv")}
    untouched = tables - edited | {"weekdays", "plover_modes", "judged_fields"}
    return tuple(rule for rule in rules.RULES if not untouched.issuperset(rule.views))


def apply_edits(folder: Path, edits: Iterable[Edit]) -> None:
    """Edit a package in place, one edit after the other.

    Edits of a table leave it in canonical form, bounds derived, unless they say ``raw``: then rows
    stay in the order and the words in which they were put. An edit that fits nothing, or changes
    nothing, raises ValueError, so that no case goes stale unnoticed.
    """
    for edit in edits:
        if set(edit) - {"raw", "encoding"} not in _SHAPES:
            raise ValueError(f"no such edit: {edit}")
        if "table" in edit:
            _edit_table(open_package(folder), folder, edit)
        else:
            _edit_file(folder / edit["file"], edit)


def _edit_table(package: Package, folder: Path, edit: Edit) -> None:
    name = edit["table"]
    text, faults = package.read(name)
    if faults:
        raise ValueError(f"{name} cannot be edited by rows any more: {faults[0]}")
    schema = TableSchema(name, package.schemas[name])
    rows = [dict(zip(text.columns, cells, strict=True)) for cells in text.rows]
    _edit_rows(rows, schema, edit)
    text.rows = [list(row.values()) for row in rows]
    if edit.get("raw"):
        data = render([schema.columns, *text.rows]).encode("utf-8")
    else:
        derived = [dict(zip(schema.columns, cells, strict=True)) for cells in canonical_rows(text, schema)]
        data = canonical_csv(schema.columns, schema.primary_key, derived)
    (folder / package.path(name)).write_bytes(data)


def _edit_rows(rows: list[dict[str, str]], schema: TableSchema, edit: Edit) -> None:
    named = {column for part in ("key", "set", "add") for column in edit.get(part, ())}
    if not named <= set(schema.columns):
        raise ValueError(f"no such columns: {edit}")
    if "add" in edit:
        rows.append(dict.fromkeys(schema.columns, "") | edit["add"])
        return
    chosen = [row for row in rows if edit["key"].items() <= row.items()]
    if len(chosen) != 1:
        raise ValueError(f"{len(chosen)} rows have this key: {edit}")
    if "delete" in edit:
        rows.remove(chosen[0])
    elif edit["set"].items() <= chosen[0].items():
        raise ValueError(f"nothing changes: {edit}")
    else:
        chosen[0].update(edit["set"])


def _edit_file(path: Path, edit: Edit) -> None:
    if "delete" in edit:
        path.unlink()
        return
    text = edit.get("text", "")
    if "replace" in edit:
        old, new = edit["replace"]
        text = path.read_bytes().decode("utf-8")
        if old not in text or old == new:
            raise ValueError(f"nothing changes: {edit}")
        text = text.replace(old, new)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode(edit.get("encoding", "utf-8")))

"""Cells of a source that is there, changed and validated, all or nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.curate.draft import Draft, drafting
from onrecord.curate.language import language_tag
from onrecord.curate.naming import Names
from onrecord.curate.reading import RefusedError, published_basis
from onrecord.curate.sourcecells import OPTIONS, check_cells, check_term, fault
from onrecord.curate.tables import Row
from onrecord.evidence import find_texts, texts_folder
from onrecord.findings import Finding, PackageError, shown
from onrecord.package import Package
from onrecord.report import Report

__all__ = ["Edited", "edit"]

_TERMS = ("genre", "access", "published_basis", "publisher_basis")
_NEEDED = ("title", "publisher_id", "publisher_basis", "genre", "access", "source_language")


@dataclass
class Edited:
    """What was changed, or would be: the cells before and after, by name; both empty where nothing differs.

    ``report`` is of the package as it would be; where it is not valid, nothing was written. ``notes`` say what the
    curator should look at besides.
    """

    before: Row = field(default_factory=dict)
    after: Row = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    report: Report | None = None

    @property
    def valid(self) -> bool:
        return self.report is None or self.report.valid


def edit(
    package: Package, source_id: str, cells: Mapping[str, str], texts: Path | None = None, dry_run: bool = False
) -> Edited:
    """Change cells of a source, which are named as in the table sources; an empty one is emptied.

    The publisher may be given by identifier or name. With a day of publication and no basis, the basis is ``stated``
    where the text at hand prints that day, else ``inferred``. Nothing is written where the package would not be valid,
    where nothing differs, and with ``dry_run``.

    Raises RefusedError with all that is wrong with what was given, KeyError for a column that cannot be given, and
    PackageError where there is no such source, nothing is given, or the package cannot be read or written.
    """
    if not cells:
        raise PackageError(f"say what is to be changed in {source_id}, such as --published 2023-09-05")
    with drafting(package, "onrecord source edit", dry_run) as draft:
        found = _edited(draft, source_id, cells, texts)
        if not draft.dry and draft.altered and found.valid:
            draft.write()
    return found


def _edited(draft: Draft, source_id: str, cells: Mapping[str, str], texts: Path | None) -> Edited:
    row = draft.get("sources", source_id)
    if row is None:
        raise PackageError(f"there is no source {source_id!r}; add it with 'onrecord source add'")
    folder = texts or texts_folder(draft.root)
    text = find_texts(folder).get(row["text_sha256"], "") if row["text_sha256"] else ""
    given, faults = _read(draft, cells)
    if "published_edtf" in given and "published_basis" not in given:
        given["published_basis"] = published_basis(text, given["published_edtf"])
    wanted = row | given
    faults += check_cells(draft, wanted)
    faults += [fault(name, f"{name} cannot be empty", "give one") for name in _NEEDED if not wanted[name]]
    if bool(wanted["published_edtf"]) != bool(wanted["published_basis"]):
        faults.append(fault("published_basis", "a day of publication and its basis go together", "give both"))
    if faults:
        raise RefusedError(faults)
    before = {name: row[name] for name, cell in given.items() if row[name] != cell}
    if not before:
        return Edited()
    draft.change("sources", row, **given)
    after = {name: row[name] for name in before}
    return Edited(before, after, _notes(draft, source_id, after), draft.report(folder))


def _read(draft: Draft, cells: Mapping[str, str]) -> tuple[Row, list[Finding]]:
    """The cells as the table has them, and what is wrong with each by itself."""
    given: Row = {}
    faults: list[Finding] = []
    names = Names(draft.rows("actors"), draft.rows("actor_names"))
    for name, cell in cells.items():
        OPTIONS[name]  # a name that is none of those that can be given
        given[name] = cell = " ".join(cell.split())
        if name == "publisher_id" and cell:
            given[name] = cell if cell in names.shown else names.find(cell)
            if not given[name]:
                given[name] = cell
                faults.append(
                    fault(name, f"there is no actor {shown(cell)}", "give an identifier of actors, or a name")
                )
        elif name == "source_language" and cell:
            given[name] = language_tag(cell) or cell
            if not language_tag(cell):
                faults.append(fault(name, f"{shown(cell)} is no language tag", "write it as en, el or pt-BR (BCP 47)"))
        elif name in _TERMS and cell:
            faults += check_term(draft, name, cell)
    return given, faults


def _notes(draft: Draft, source_id: str, after: Row) -> list[str]:
    """What else may have to change."""
    claims = [row for row in draft.rows("claims") if row["source_id"] == source_id]
    notes = []
    dated = [row["claim_id"] for row in claims if row["said_basis"] == "publication"]
    if "published_edtf" in after and dated:
        notes.append(f"look at said_edtf of what is dated by the publication: {', '.join(dated)}")
    told = [row["claim_id"] for row in claims if row["quote_type"] == "narration"]
    if "publisher_id" in after and told:
        notes.append(f"look at the speaker of what the publisher tells itself: {', '.join(told)}")
    return notes

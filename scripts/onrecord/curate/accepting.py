"""Worksheet → new rows in all tables: minted, filled in, validated as a whole, written all or not at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.curate.checking import check_written
from onrecord.curate.claiming import Claiming, Settings
from onrecord.curate.damage import TAKEN, check
from onrecord.curate.evidencing import Text
from onrecord.curate.minting import Mint
from onrecord.curate.planning import Plan, planned
from onrecord.curate.registry import Ledger, Registry
from onrecord.curate.tables import Tables
from onrecord.curate.worksheet import Worksheet, examine
from onrecord.evidence import find_texts, texts_folder
from onrecord.findings import Finding, PackageError
from onrecord.package import Package
from onrecord.store import writing

__all__ = ["Outcome", "Settings", "Taken", "accept"]


@dataclass(frozen=True)
class Taken:
    """A row of a worksheet and the claim that it became, and how: added, there already, merged."""

    row_id: str
    claim_id: str
    how: str


@dataclass
class Outcome:
    """What accepting did, or would do.

    ``findings`` are why nothing was done. ``notes`` are what the curator should know. ``added`` and ``changed`` count
    rows by table, ``left`` the rows of worksheets by the decision for which they were left out ('' is undecided);
    ``unused`` are rows of companions on which nothing hangs. ``written`` are the files that changed.
    """

    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    left: Counter[str] = field(default_factory=Counter)
    unused: list[str] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)


def accept(
    package: Package, paths: Sequence[Path], settings: Settings, texts: Path | None = None, dry_run: bool = False
) -> Outcome:
    """Take the decided rows of worksheets into the dataset.

    The tables are built in memory, and the whole package is validated with the texts at hand; where anything is wrong
    nothing is written. Claims that are there already are recognized, so that to accept a worksheet again changes
    nothing. ``texts`` is the folder of texts, by default ONRECORD_TEXTS or texts/ in the package.

    Raises PackageError for a zip, a worksheet that cannot be opened, a package with tables that cannot be read, and
    where another command holds the package or it cannot be written.
    """
    root = package.root
    if not isinstance(root, Path):
        raise PackageError(f"{package.label}: nothing can be added to a zip; unpack it first")
    read = [examine(path) for path in paths]
    folder = texts or texts_folder(root)
    if dry_run:
        return _outcome(package, root, read, settings, folder)[0]
    with writing(root, "onrecord accept") as writer:
        # opened anew, since another command may have written while this one waited
        outcome, files, seen = _outcome(Package(root, package.label), root, read, settings, folder)
        if files and not outcome.findings:
            outcome.written = writer.write(files, seen)
    return outcome


def _outcome(
    package: Package, root: Path, read: list[tuple[Worksheet, list[Finding]]], settings: Settings, folder: Path | None
) -> tuple[Outcome, dict[Path, bytes], dict[Path, bytes]]:
    """What comes of worksheets, and the files to write with what they were made from."""
    outcome = Outcome(findings=[f for _, faults in read for f in faults])
    damage = [check(worksheet, package.schemas) for worksheet, _ in read]
    outcome.findings += [f for faults in damage for f in faults]
    outcome.left.update(
        row.get("decision", "")
        for worksheet, _ in read
        for row in worksheet.rows
        if row.get("decision", "") in ("", "reject")
    )
    if any(faults for _, faults in read):
        return outcome, {}, {}
    tables = Tables(package)
    ledger = Ledger(tables, Mint(package, tables))
    held = {sha256: Text(text) for sha256, text in find_texts(folder).items()}
    claiming = Claiming(ledger, settings)
    for (worksheet, _), faults in zip(read, damage, strict=True):
        _take(worksheet, faults, ledger, claiming, held, outcome)
    claiming.close()
    outcome.findings += ledger.findings
    outcome.notes += ledger.notes
    outcome.added, outcome.changed = tables.added, tables.changed
    files = tables.files()
    if outcome.findings or not files:
        return outcome, {}, {}
    outcome.findings += check_written(root, package.label, files, folder, ledger)
    seen = {root / path: tables.seen[path] for path in files}
    return outcome, {root / path: data for path, data in files.items()}, seen


def _take(
    worksheet: Worksheet,
    faults: Iterable[Finding],
    ledger: Ledger,
    claiming: Claiming,
    held: Mapping[str, Text],
    outcome: Outcome,
) -> None:
    sheet = worksheet.claims
    lines = {f.line for f in faults}
    damaged = {n for n in range(len(sheet.rows)) if sheet.number(n) in lines}
    registry = Registry(ledger, worksheet.companions)
    plans = planned(sheet, registry, held, damaged)
    if damaged or len(plans) < sum(row.get("decision") in TAKEN for row in sheet.rows):
        return  # something is wrong, and told; what hangs on it would be told as wrong too
    merged = _merged(sheet.rows, plans, ledger)
    became: dict[str, str] = {}
    for plan in (p for p in plans if p.row["decision"] != "merge"):
        claim, new = claiming.claim(plan, registry, merged[plan.name])
        if claim:
            became[plan.name] = claim
            outcome.taken.append(Taken(plan.name, claim, "added" if new else "there already"))
    for target, some in merged.items():
        claim = became.get(target) or (target if target[:1] == "C" and ledger.tables.get("claims", target) else "")
        for plan in some if claim else ():
            new = claiming.merge(plan, registry, claim)
            became[plan.name] = claim
            outcome.taken.append(Taken(plan.name, claim, "merged" if new else "merged already"))
    outcome.unused += registry.finish(became)


def _merged(rows: list[dict[str, str]], plans: list[Plan], ledger: Ledger) -> defaultdict[str, list[Plan]]:
    """The rows that are merged, by the row or claim into which they go in the end."""
    into = {p.name: p for p in plans}
    decided = {row["row_id"]: row.get("decision") or "undecided" for row in rows}
    found: defaultdict[str, list[Plan]] = defaultdict(list)
    for plan in (p for p in plans if p.row["decision"] == "merge"):
        target, seen = plan.row["merge_into"], {plan.name}
        while target in into and into[target].row["decision"] == "merge" and target not in seen:
            seen.add(target)
            target = into[target].row["merge_into"]
        at = plan.at("merge_into")
        if target in seen:
            ledger.findings.append(at.finding("merge", "the rows are merged in a circle", "accept one of them"))
        elif target in into:
            if into[target].source != plan.source:
                ledger.findings.append(
                    at.finding("merge", f"{target} is of another source", "accept the row by itself")
                )
            found[target].append(plan)
        elif target in decided:
            what = f"{target} is not accepted (its decision: {decided[target]})"
            ledger.findings.append(at.finding("merge", what, "accept it, or decide otherwise here"))
        elif row := ledger.tables.get("claims", target):
            if row["source_id"] != plan.source:
                ledger.findings.append(
                    at.finding("merge", f"{target} is a claim of another source", "accept the row by itself")
                )
            found[target].append(plan)
        else:
            what = f"{target} is neither a row of this worksheet nor a claim"
            ledger.findings.append(at.finding("merge", what, "mend merge_into"))
    return found

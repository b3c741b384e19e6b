"""Worksheet → new rows in all tables: minted, filled in, validated as a whole, written all or not at all."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from onrecord.curate.checking import check_written
from onrecord.curate.claiming import Claiming, Settings
from onrecord.curate.columns import TAKEN
from onrecord.curate.damage import check
from onrecord.curate.draft import Draft, drafting
from onrecord.curate.evidencing import Text
from onrecord.curate.planning import Plan, planned
from onrecord.curate.registry import Ledger, Registry
from onrecord.curate.worksheet import Worksheet, examine
from onrecord.evidence import find_texts, texts_folder
from onrecord.findings import Finding
from onrecord.package import Package

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
    read = [examine(path) for path in paths]
    with drafting(package, "onrecord accept", dry_run) as draft:
        folder = texts or texts_folder(draft.root)
        outcome = _drafted(draft, read, settings, folder)
        if not draft.dry and draft.altered and not outcome.findings:
            outcome.written = draft.write()
    return outcome


def _drafted(
    draft: Draft, read: list[tuple[Worksheet, list[Finding]]], settings: Settings, folder: Path | None
) -> Outcome:
    """What comes of worksheets; their rows are in the draft then."""
    outcome = Outcome(findings=[f for _, faults in read for f in faults])
    damage = [check(worksheet, draft.package.schemas) for worksheet, _ in read]
    outcome.findings += [f for faults in damage for f in faults]
    outcome.left.update(
        row.get("decision", "")
        for worksheet, _ in read
        for row in worksheet.rows
        if row.get("decision", "") in ("", "reject")
    )
    if any(faults for _, faults in read):
        return outcome
    ledger = Ledger(draft)
    ledger.notes += [_without_rows(worksheet.claims.path) for worksheet, _ in read if not worksheet.rows]
    held = {sha256: Text(text) for sha256, text in find_texts(folder).items()}
    claiming = Claiming(ledger, settings)
    for (worksheet, _), faults in zip(read, damage, strict=True):
        _take(worksheet, faults, ledger, claiming, held, outcome)
    claiming.close()
    outcome.findings += ledger.findings
    outcome.notes += ledger.notes
    outcome.added, outcome.changed = draft.added, draft.changed
    if not outcome.findings and draft.altered:
        outcome.findings += check_written(draft, folder, ledger)
    return outcome


def _without_rows(path: str) -> Finding:
    what = "the worksheet has a header and no rows, so that there is nothing to accept"
    return Finding(path, 1, 0, "empty", what, "propose anew, or write rows below it")


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
        claim = became.get(target) or (target if target[:1] == "C" and ledger.draft.get("claims", target) else "")
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
        elif row := ledger.draft.get("claims", target):
            if row["source_id"] != plan.source:
                ledger.findings.append(
                    at.finding("merge", f"{target} is a claim of another source", "accept the row by itself")
                )
            found[target].append(plan)
        else:
            what = f"{target} is neither a row of this worksheet nor a claim"
            ledger.findings.append(at.finding("merge", what, "mend merge_into"))
    return found

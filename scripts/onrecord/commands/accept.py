"""The command ``accept``: parse, call, print."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.commands.telling import counted, refuse
from onrecord.findings import PackageError
from onrecord.options import DryRunOption, PackageOption, TextsOption, package_at, texts_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.curate.accepting import Outcome

__all__ = ["accept"]


class Scope(StrEnum):
    """How much of a source was coded."""

    full = "full"
    targeted = "targeted"


class Coder(StrEnum):
    """Who coded a source."""

    person = "person"
    model = "model"


def accept(
    worksheets: Annotated[
        list[Path], typer.Argument(metavar="WORKSHEET…", help="Worksheets, CSV or XLSX.", show_default=False)
    ],
    package: PackageOption = None,
    texts: TextsOption = None,
    scope: Annotated[
        Scope,
        typer.Option(help="Of sources that had no claims: full where everything was coded, so that silence counts."),
    ] = Scope.targeted,
    coder: Annotated[Coder, typer.Option(help="Of sources that had no claims: who coded them.")] = Coder.person,
    date: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="Of sources that had no claims: day of coding; by default today.")
    ] = "",
    dry_run: DryRunOption = False,
) -> None:
    """Take the rows of worksheets that are decided (accept, edit, merge) into the dataset, all or none.

    New identifiers are minted, what follows is filled in, and the whole package is validated with the texts at hand
    before anything is written. A worksheet accepted twice changes nothing. Exit status 0 accepted, 1 refused,
    each finding as file:row:column, 2 could not run.
    """
    from onrecord.curate.accepting import Settings
    from onrecord.curate.accepting import accept as run
    from onrecord.report.escape import printable

    settings = Settings(scope.value, _day(date), coder.value)
    outcome = run(package_at(package), worksheets, settings, texts_at(texts), dry_run)
    for note in outcome.notes:
        print(printable(f"note: {note}"))
    if outcome.findings:
        refuse(outcome.findings, f"nothing written: {counted(outcome.findings)} to mend first")
    for line in _told(outcome):
        print(printable(line))
    if not outcome.added and not outcome.changed:
        print("nothing to add")
    elif dry_run:
        print("nothing written: a dry run")
    else:
        print("next: onrecord validate")


def _day(given: str) -> str:
    if not given:
        return dt.datetime.now(tz=dt.UTC).astimezone().date().isoformat()
    try:
        return dt.date.fromisoformat(given).isoformat()
    except ValueError:
        raise PackageError(f"--date {given}: is no day; write it as 2026-11-22") from None


def _told(outcome: Outcome) -> Iterator[str]:
    """What was done, in lines for people."""
    for one in outcome.taken:
        yield f"{one.row_id}  {one.claim_id}  {one.how}"
    counts = sorted({*outcome.added, *outcome.changed})
    for table in (t for t in counts if outcome.added[t] or outcome.changed[t]):
        changed = f", {outcome.changed[table]} changed" if outcome.changed[table] else ""
        yield f"{table:20} {outcome.added[table]:>6} added{changed}"
    if outcome.left:
        words = (f"{count} {decision or 'undecided'}" for decision, count in sorted(outcome.left.items()))
        yield f"left out: {', '.join(words)}"
    if outcome.unused:
        yield f"left out of companions, since nothing that is accepted needs it: {', '.join(outcome.unused)}"

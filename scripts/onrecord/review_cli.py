"""The command ``review``: parse, call, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.findings import PackageError

if TYPE_CHECKING:
    from onrecord.package import Package

__all__ = ["review"]


def review(
    worksheet: Annotated[
        Path, typer.Argument(metavar="WORKSHEET", help="A worksheet of proposed claims, CSV or XLSX.")
    ],
    texts: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", help="Folder of source texts, to read around; by default ONRECORD_TEXTS, else texts/."
        ),
    ] = None,
) -> None:
    """Review a worksheet in the terminal, full screen: the passage highlighted, one key per decision.

    a accepts, e edits a field, r rejects, m merges, 1-9 takes a proposition, u undoes, ? helps, q quits. The next
    undecided row comes by itself. Each change is saved at once, so that nothing is lost when the terminal is closed.
    """
    from onrecord.curate.reviewing import open_review
    from onrecord.curate.worksheet import DamagedError
    from onrecord.evidence import find_texts, texts_folder
    from onrecord.package import find_package, open_package
    from onrecord.report.text import line

    if texts is not None and not texts.is_dir():
        raise PackageError(f"--texts {texts}: no such folder")
    package = open_package(find_package())
    root = package.root if isinstance(package.root, Path) else None
    try:
        found = open_review(worksheet, package.schemas, find_texts(texts or texts_folder(root)), _known(package))
    except DamagedError as error:
        for fault in error.findings:
            print(line(fault))
        print(
            f"nothing to review: {len(error.findings)} {'fault' if len(error.findings) == 1 else 'faults'} to mend first"
        )
        raise typer.Exit(1) from None
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise PackageError(
            "review fills a terminal, and this is none; run it in one, or decide in a spreadsheet (column decision)"
        )
    from onrecord.curate.review import ReviewApp

    ReviewApp(found).run()
    print(found.summary)


def _known(package: Package) -> dict[str, dict[str, str]]:
    """The actors and propositions of a package by their identifiers."""
    found: dict[str, dict[str, str]] = {}
    for table, key in (("actors", "actor_id"), ("propositions", "proposition_id")):
        text, _ = package.read(table)
        rows = [dict(zip(text.columns, cells, strict=True)) for cells in text.rows] if text.complete else []
        found |= {row[key]: row for row in rows}
    return found

"""The command ``review``: parse, call, print."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from onrecord.commands.telling import counted, near, refuse
from onrecord.findings import PackageError
from onrecord.options import PackageOption, TextsOption, package_at, texts_at

__all__ = ["review"]

_KNOWN = {"actors": "actor_id", "propositions": "proposition_id"}


def review(
    worksheet: Annotated[
        Path, typer.Argument(metavar="WORKSHEET", help="A worksheet of proposed claims, CSV or XLSX.")
    ],
    package: PackageOption = None,
    texts: TextsOption = None,
) -> None:
    """Review a worksheet in the terminal, full screen: the passage highlighted, one key per decision.

    a accepts, e edits a field, r rejects, m merges, 1-9 takes a proposition, u undoes, ? helps, q quits. The next
    undecided row comes by itself. Each change is saved at once, so that nothing is lost when the terminal is closed.
    Exit status 0 left, 1 the worksheet is damaged, 2 could not run.
    """
    from onrecord.curate.reviewing import open_review
    from onrecord.curate.tables import read_rows
    from onrecord.curate.worksheet import DamagedError
    from onrecord.evidence import find_texts, texts_folder

    opened = package_at(package)
    folder = texts_at(texts) or texts_folder(opened.root if isinstance(opened.root, Path) else None)
    known = {row[key]: row for table, key in _KNOWN.items() for row in read_rows(opened, table)}
    try:
        found = open_review(worksheet, opened.schemas, find_texts(folder), known)
    except DamagedError as error:
        refuse(error.findings, f"nothing to review: {counted(error.findings)} to mend first")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise PackageError(
            "review fills a terminal, and this is none; run it in one, or decide in a spreadsheet (column decision)"
        )
    from onrecord.curate.review import ReviewApp

    ReviewApp(found).run()
    print(found.summary)
    print(f"next: onrecord accept {near(worksheet)}")

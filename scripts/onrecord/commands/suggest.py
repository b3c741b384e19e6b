"""The command ``suggest``: parse, call, print."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from onrecord.commands.telling import near
from onrecord.commands.texts import text_of, texts_folder_of
from onrecord.options import PackageArgument, SourceArgument, TextsOption, package_at

__all__ = ["suggest"]


def suggest(
    source: SourceArgument,
    package: PackageArgument = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="WORKSHEET", help="CSV or XLSX to write; by default worksheets/SOURCE.csv."
        ),
    ] = None,
    texts: TextsOption = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a worksheet that is there.")] = False,
) -> None:
    """Propose the claims of a source as a worksheet: who says what, when, how surely, on which proposition.

    What the rules could only guess is named in the column guesses of each row. Nothing enters the dataset: the
    worksheet is for deciding. Exit status 0 written, 2 could not run.
    """
    from onrecord.curate.suggesting import guesses, worksheet_path
    from onrecord.curate.suggesting import suggest as run
    from onrecord.curate.worksheet import write
    from onrecord.terminal import progress

    opened = package_at(package)
    text = text_of(opened, source, texts_folder_of(opened, texts))
    path = worksheet_path(opened, source, output, force)
    with progress() as tell:
        found = run(opened, source, text, tell)
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, found)
    print(f"{near(path)}: {len(found.rows):,} proposed claims")
    if guessed := guesses(found.rows):
        print(f"guessed in: {', '.join(f'{what} {count:,}' for what, count in guessed)}")
    print(f"next: onrecord review {near(path)}")

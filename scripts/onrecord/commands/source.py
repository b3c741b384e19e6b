"""The commands ``source add`` and ``source edit``: parse, call, print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.commands.telling import near, refuse
from onrecord.options import DryRunOption, PackageArgument, SourceArgument, TextsOption, package_at, texts_at

if TYPE_CHECKING:
    from onrecord.curate.adding import Added

__all__ = ["source"]

source = typer.Typer(
    name="source",
    help="Sources: add a text to the dataset, or change what is recorded of one.",
    epilog="Example: [bold]onrecord source add article.html[/bold]",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@source.command(
    "add",
    epilog="Example: [bold]onrecord source add article.html --retrieved 2026-11-22[/bold], "
    "[bold]pbpaste | onrecord source add - --publisher 'The Moscow Times' --published 2023-09-05[/bold]",
)
def add(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="Plain text (UTF-8) or a saved web page; '-' reads standard input.")
    ],
    package: PackageArgument = None,
    url: Annotated[str, typer.Option(help="Address of the page; by default the one that it names.")] = "",
    archive_url: Annotated[str, typer.Option(help="Address of an archived copy.")] = "",
    published: Annotated[str, typer.Option(metavar="EDTF", help="Day of publication; by default as read.")] = "",
    retrieved: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help="Day on which the text was taken from its address.")
    ] = "",
    publisher: Annotated[str, typer.Option(help="Name or identifier of the publisher; by default as read.")] = "",
    new_publisher: Annotated[
        bool, typer.Option("--new-publisher", help="The publisher is another than those with names like it.")
    ] = False,
    title: Annotated[str, typer.Option(help="Title; by default the headline.")] = "",
    language: Annotated[
        str, typer.Option(metavar="TAG", help="BCP 47 tag; by default as the page or words tell.")
    ] = "",
    genre: Annotated[str, typer.Option(help="Kind of text; by default that of the publisher's other sources.")] = "",
    access: Annotated[str, typer.Option(help="What was read: full_text, excerpt or listing.")] = "full_text",
    republished_from: Annotated[str, typer.Option(metavar="SOURCE", help="The source that it republishes.")] = "",
    notes: Annotated[str, typer.Option(help="What a user must know of this edition.")] = "",
    texts: TextsOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Add a text as a new source: its row, its ranges, its credits; the text is kept in the folder of texts.

    What is not given is read from the text or page. The package is validated with the new rows before anything
    is written. A text that is known already changes nothing. Exit status 0 added or known, 1 refused, 2 could not run.
    """
    from onrecord.curate.adding import Given
    from onrecord.curate.adding import add as run
    from onrecord.curate.reading import RefusedError, read
    from onrecord.report.escape import printable

    opened, folder = package_at(package), texts_at(texts)
    given = Given(
        url, archive_url, published, retrieved, publisher, new_publisher, title, language, genre, access,
        republished_from, notes,
    )  # fmt: skip
    try:
        found = run(opened, read(file), given, folder, dry_run)
    except RefusedError as error:
        refuse(error.findings, "nothing added")
    if found.already:
        print(f"{found.already} is this text already; nothing changed")
        return
    if found.report is not None and not found.valid:
        print(found.report.text())
        print("nothing added: the package would not be valid")
        raise typer.Exit(1)
    for line in _told(found):
        print(printable(line))
    if dry_run:
        print("nothing written: a dry run")
    else:
        print(f"added: {found.source['source_id']}\nnext: onrecord suggest {found.source['source_id']}")


@source.command("edit", epilog="Example: [bold]onrecord source edit S0441 --published 2023-09-05[/bold]")
def edit(
    source_id: SourceArgument,
    package: PackageArgument = None,
    published: Annotated[
        str | None, typer.Option(metavar="EDTF", help="Day of publication; empty where it is not known.")
    ] = None,
    published_basis: Annotated[
        str | None,
        typer.Option(metavar="TERM", help="stated, weekday or inferred; by default as the text tells."),
    ] = None,
    retrieved: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Day on which the text was taken from its address.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Title.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of the page.")] = None,
    archive_url: Annotated[str | None, typer.Option(help="Address of an archived copy.")] = None,
    publisher: Annotated[str | None, typer.Option(help="Name or identifier of a known actor.")] = None,
    publisher_basis: Annotated[str | None, typer.Option(metavar="TERM", help="stated or inferred.")] = None,
    language: Annotated[str | None, typer.Option(metavar="TAG", help="BCP 47 tag.")] = None,
    genre: Annotated[str | None, typer.Option(metavar="TERM", help="Kind of text.")] = None,
    access: Annotated[str | None, typer.Option(metavar="TERM", help="What was read.")] = None,
    republished_from: Annotated[
        str | None, typer.Option(metavar="SOURCE", help="The source that it republishes.")
    ] = None,
    notes: Annotated[str | None, typer.Option(help="What a user must know of this edition.")] = None,
    texts: TextsOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Change what is recorded of a source, such as its day of publication; '' empties a cell.

    The package is validated as it would be before anything is written, all or nothing. Exit status 0 changed, or
    nothing to change; 1 refused; 2 could not run.
    """
    from onrecord.curate.editing import edit as run
    from onrecord.curate.reading import RefusedError
    from onrecord.report.escape import printable

    cells = {
        "published_edtf": published, "published_basis": published_basis, "retrieved": retrieved, "title": title,
        "url": url, "archive_url": archive_url, "publisher_id": publisher, "publisher_basis": publisher_basis,
        "source_language": language, "genre": genre, "access": access, "republished_from": republished_from,
        "source_notes": notes,
    }  # fmt: skip
    given = {name: cell for name, cell in cells.items() if cell is not None}
    try:
        found = run(package_at(package), source_id, given, texts_at(texts), dry_run)
    except RefusedError as error:
        refuse(error.findings, "nothing changed")
    if found.report is not None and not found.valid:
        print(found.report.text())
        print("nothing changed: the package would not be valid")
        raise typer.Exit(1)
    for name, cell in found.after.items():
        print(printable(f"{name:18} {found.before[name] or '(empty)'} -> {cell or '(empty)'}"))
    for note in found.notes:
        print(printable(f"note: {note}"))
    print(
        "nothing to change" if not found.after else "nothing written: a dry run" if dry_run else f"changed: {source_id}"
    )


def _told(found: Added) -> list[str]:
    """What is added, in lines for people."""
    from collections import Counter

    row = found.source
    said = f"{row['published_edtf']} ({row['published_basis']})" if row["published_edtf"] else "not known; --published"
    kinds = Counter(r.kind for r in found.ranges)
    lines = [
        f"{row['source_id']}  {row['title']}",
        f"publisher  {row['publisher_id']} {found.publisher} ({row['publisher_basis']})",
        f"published  {said}",
        f"language   {row['source_language']}; {row['genre']}; {row['access']}",
        f"text       {int(row['text_length']):,} characters, kept as {near(found.text_path) if found.text_path else ''}",
        f"ranges     {', '.join(f'{count} {kind}' for kind, count in sorted(kinds.items())) or 'none'} (proposed)",
    ]
    if found.credits:
        named = ", ".join(f"{c['credit_role']} {c['actor_id']}" for c in found.credits)
        lines.append(f"credits    {named}")
    lines += [
        f"new actor  {a['actor_id']} {a['actor_name']} ({a['actor_kind']}, {a['sector']}; proposed)"
        for a in found.actors
    ]
    for one in found.likenesses:
        lines.append(
            f"like       {one.key}: {one.of_new:.0%} of this text stands there, {one.of_known:.0%} of that one here; "
            f"the longest shared passage has {one.longest:,} words: {one.passage} …"
        )
    return lines + [f"note       {note}" for note in found.notes]

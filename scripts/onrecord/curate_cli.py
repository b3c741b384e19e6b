"""The commands of curation: parse, call, print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.findings import PackageError
from onrecord.options import PackageArgument, TextsOption, package_at

if TYPE_CHECKING:
    from onrecord.curate.adding import Added
    from onrecord.curate.rebasing import Lost, Rebased
    from onrecord.package import Package

__all__ = ["commands", "evidence", "source"]

_SETTINGS = {"help_option_names": ["-h", "--help"]}
commands = typer.Typer(rich_markup_mode="rich", context_settings=_SETTINGS)
source = typer.Typer(
    name="source",
    help="Sources: add a text to the dataset.",
    epilog="Example: [bold]onrecord source add article.html[/bold]",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings=_SETTINGS,
)
evidence = typer.Typer(
    name="evidence",
    help="Passages: verify the recorded ones, locate words, move to another edition of a text.",
    epilog="Example: [bold]onrecord evidence verify[/bold]",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings=_SETTINGS,
)

DryRun = Annotated[bool, typer.Option("--dry-run", help="Write nothing; print what would be done.")]
KeptTexts = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Folder of source texts; by default ONRECORD_TEXTS, else texts/.")
]
SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help="Identifier of a source.", show_default=False)]


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
    texts: KeptTexts = None,
    dry_run: DryRun = False,
) -> None:
    """Add a text as a new source: its row, its ranges, its credits; the text is kept in the folder of texts.

    What is not given is read from the text or page. The package is validated with the new rows before anything
    is written. A text that is known already changes nothing. Exit status 0 added or known, 1 refused, 2 could not run.
    """
    from onrecord.curate.adding import Given
    from onrecord.curate.adding import add as run
    from onrecord.curate.reading import RefusedError, read
    from onrecord.report.escape import printable

    opened, folder = package_at(package), _texts(texts)
    given = Given(
        url, archive_url, published, retrieved, publisher, new_publisher, title, language, genre, access,
        republished_from, notes,
    )  # fmt: skip
    try:
        found = run(opened, read(file), given, folder, dry_run)
    except RefusedError as error:
        for finding in error.findings:
            print(printable(str(finding)))
        print("nothing added")
        raise typer.Exit(1) from None
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


@commands.command(
    epilog="Example: [bold]onrecord suggest S0016[/bold], [bold]onrecord suggest S0016 -o sheet.xlsx[/bold]"
)
def suggest(
    source: SourceArgument,
    package: PackageArgument = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="WORKSHEET", help="CSV or XLSX to write; by default worksheets/SOURCE.csv."
        ),
    ] = None,
    texts: KeptTexts = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a worksheet that is there.")] = False,
) -> None:
    """Propose the claims of a source as a worksheet: who says what, when, how surely, on which proposition.

    What the rules could only guess is named in the column guesses of each row. Nothing enters the dataset: the
    worksheet is for deciding. Exit status 0 written, 2 could not run.
    """
    from onrecord.curate.suggesting import suggest as run
    from onrecord.curate.suggesting import worksheet_path
    from onrecord.curate.worksheet import write
    from onrecord.evidence import find_texts
    from onrecord.terminal import progress

    opened = package_at(package)
    text = _text_of(opened, source, find_texts(_folder(opened, texts)))
    path = worksheet_path(opened, source, output, force)
    with progress() as tell:
        found = run(opened, source, text, tell)
    path.parent.mkdir(parents=True, exist_ok=True)
    write(path, found)
    guessed = sum(bool(row["guesses"]) for row in found.rows)
    print(f"{path}: {len(found.rows):,} proposed claims, {guessed:,} of them with guesses")


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
        f"text       {int(row['text_length']):,} characters, kept as {found.text_path}",
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


@evidence.command(
    "verify",
    epilog="Example: [bold]onrecord evidence verify[/bold], [bold]onrecord evidence verify --texts my-texts[/bold]",
)
def verify(package: PackageArgument = None, texts: TextsOption = None) -> None:
    """Check every recorded span against the texts at hand: verified, not at hand, or wrong and where its words are now.

    Exit status 0 nothing wrong, 1 something is, 2 could not run.
    """
    from onrecord.curate.verifying import verify as run
    from onrecord.evidence import find_texts
    from onrecord.report.escape import printable

    opened = package_at(package)
    folder = _folder(opened, texts)
    found = run(opened, find_texts(folder), folder)
    for one in found:
        identifier, title = one.source["source_id"], one.source["title"]
        state = (
            f"{one.verified:,} of {one.recorded:,} spans verified"
            if one.at_hand
            else f"{one.recorded:,} spans, text not at hand"
        )
        print(printable(f"{identifier}  {state}  {title}"))
        if one.other:
            print(
                printable(
                    f"  {one.other} is another edition; if it is to replace it: onrecord evidence rebase {identifier} {one.other}"
                )
            )
        for wrong in one.wrong:
            name = wrong.row.get("evidence_id") or wrong.row.get("range_kind") or "the text"
            where = ", ".join(f"{s.start}-{s.end}" for s in wrong.found)
            said = f"; its words stand at {where}" if where else ""
            print(
                printable(
                    f"  WRONG {name} {wrong.row.get('start_char', '')}-{wrong.row.get('end_char', '')}: {wrong.what}{said}"
                )
            )
    faults = sum(len(one.wrong) for one in found)
    absent = sum(one.recorded for one in found if not one.at_hand)
    print(f"{sum(one.verified for one in found):,} spans verified, {absent:,} not at hand, {faults:,} wrong")
    raise typer.Exit(1 if faults else 0)


@evidence.command("locate", epilog="Example: [bold]onrecord evidence locate S0001 'No, we cannot'[/bold]")
def locate(
    source: SourceArgument,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="The words to find, in quotation marks.")],
    package: PackageArgument = None,
    texts: TextsOption = None,
) -> None:
    """Find words in a source's text: offsets, length and hash as evidence records them, and the line around.

    Spacing and the form of quotation marks are nothing. Where the words do not stand so, what is like them is
    shown, and marked. Exit status 0 found, 1 not, 2 could not run.
    """
    from onrecord.curate.passages import Passages
    from onrecord.evidence import find_texts, normalize, span_hash
    from onrecord.report.escape import printable

    opened = package_at(package)
    if not normalize(words):
        raise PackageError("there are no words to find; write them in quotation marks after the source")
    text = _text_of(opened, source, find_texts(_folder(opened, texts)))
    passages = Passages(text)
    exact = passages.locate(words)
    near = [] if exact else passages.near(words)
    marked = [(span, "") for span in exact] + [(n.span, f"  not exact: {n.likeness:.0f} % like it") for n in near]
    for span, mark in marked:
        held = text[span.start : span.end]
        print(f"{span.start}-{span.end}  length {len(normalize(held))}  sha256 {span_hash(held)}{mark}")
        before, after = text[max(span.start - 40, 0) : span.start], text[span.end : span.end + 40]
        print(printable(f"    {_line(before)}[{_line(held)}]{_line(after)}"))
    if not exact:
        print(f"the words do not stand in {source}" + ("; this is like them" if near else ""))
        raise typer.Exit(1)


@evidence.command(
    "rebase",
    epilog="Example: [bold]onrecord evidence rebase S0001 newer.txt --dry-run[/bold], then without [bold]--dry-run[/bold]",
)
def rebase(
    source: SourceArgument,
    file: Annotated[str, typer.Argument(metavar="NEWFILE", help="The other edition: plain text or a saved web page.")],
    package: PackageArgument = None,
    texts: KeptTexts = None,
    drop_ranges: Annotated[
        bool, typer.Option("--drop-ranges", help="Leave out ranges (never evidence) that are not found again.")
    ] = False,
    dry_run: DryRun = False,
) -> None:
    """Move a source to another edition of its text: each span and range is found again by its words, or reported.

    Nothing is shifted by guess: words that stand several times are told apart by those around them, or not at all.
    Nothing is written unless all are found and the package is valid. Exit status 0 done, 1 not, 2 could not run.
    """
    from onrecord.curate.reading import RefusedError, read
    from onrecord.curate.rebasing import rebase as run
    from onrecord.report.escape import printable

    opened = package_at(package)
    try:
        found = run(opened, source, read(file).text, _folder(opened, texts), drop_ranges, dry_run)
    except RefusedError as error:
        for finding in error.findings:
            print(printable(str(finding)))
        print("nothing changed")
        raise typer.Exit(1) from None
    if found.same:
        print(f"{source} has this text already; nothing changed")
        return
    for lost in found.lost:
        print(printable(f"LOST {_lost(lost)}"))
    for lost in found.dropped:
        print(printable(f"left out {_lost(lost)}"))
    if found.report is not None and not found.report.valid:
        print(found.report.text())
    print(_outcome(source, found, dry_run))
    raise typer.Exit(0 if found.done else 1)


def _lost(lost: Lost) -> str:
    name = lost.row.get("evidence_id") or lost.row["range_kind"]
    words = lost.words if len(lost.words) <= 80 else f"{lost.words[:76]} …"
    return f"{name} {lost.row['start_char']}-{lost.row['end_char']} [{words}]: {lost.why}"


def _outcome(source: str, found: Rebased, dry_run: bool) -> str:
    told = f"{found.found:,} spans found, {found.moved:,} at another place"
    if found.lost:
        return f"{told}, {len(found.lost):,} lost; nothing changed"
    if not found.done:
        return f"{told}; nothing changed: the package would not be valid"
    if dry_run:
        return f"{told}; nothing written: a dry run"
    return f"{told}; {source} rests on the new text, kept as {found.text_path}"


def _line(text: str) -> str:
    return text.replace("\n", " ")


def _texts(texts: Path | None) -> Path | None:
    if texts is not None and not texts.is_dir():
        raise PackageError(f"--texts {texts}: no such folder")
    return texts


def _folder(package: Package, texts: Path | None) -> Path:
    """The folder of texts. Raises PackageError when there is none."""
    from onrecord.evidence import texts_folder

    folder = _texts(texts) or texts_folder(package.root if isinstance(package.root, Path) else None)
    if folder is None:
        raise PackageError("there is no folder of source texts; name it in ONRECORD_TEXTS or with --texts")
    return folder


def _text_of(package: Package, source: str, held: dict[str, str]) -> str:
    """The text of a source. Raises PackageError when there is no such source, or its text is not at hand."""
    from onrecord.curate.draft import Draft
    from onrecord.suggest import nearest

    rows = {row["source_id"]: row for row in Draft(package).rows("sources")}
    if source not in rows:
        near = nearest(source, rows)
        raise PackageError(f"there is no source {source!r}" + (f"; did you mean {near}?" if near else ""))
    text = held.get(rows[source]["text_sha256"])
    if text is None:
        raise PackageError(f"the text of {source} is not at hand; put it into the folder of texts, or name --texts")
    return text

"""The commands ``evidence verify``, ``locate`` and ``rebase``: parse, call, print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.commands.telling import near, refuse
from onrecord.commands.texts import text_of, texts_folder_of
from onrecord.findings import PackageError
from onrecord.options import DryRunOption, PackageArgument, SourceArgument, TextsOption, package_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onrecord.curate.rebasing import Lost, Rebased
    from onrecord.curate.verifying import Checked

__all__ = ["evidence"]

evidence = typer.Typer(
    name="evidence",
    help="Passages: verify the recorded ones, locate words, move to another edition of a text.",
    epilog="Example: [bold]onrecord evidence verify[/bold]",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    folder = texts_folder_of(opened, texts)
    found = run(opened, find_texts(folder), folder)
    for one in found:
        for told in _checked(one):
            print(printable(told))
    faults = sum(len(one.wrong) for one in found)
    absent = sum(one.recorded for one in found if not one.at_hand)
    print(f"{sum(one.verified for one in found):,} spans verified, {absent:,} not at hand, {faults:,} wrong")
    raise typer.Exit(1 if faults else 0)


def _checked(one: Checked) -> Iterator[str]:
    """What was found of one source, in lines for people."""
    identifier = one.source["source_id"]
    verified = f"{one.verified:,} of {one.recorded:,} spans verified"
    state = verified if one.at_hand else f"{one.recorded:,} spans, text not at hand"
    yield f"{identifier}  {state}  {one.source['title']}"
    if one.other:
        command = f"onrecord evidence rebase {identifier} {one.other}"
        yield f"  {one.other} is another edition; if it is to replace it: {command}"
    for wrong in one.wrong:
        name = wrong.row.get("evidence_id") or wrong.row.get("range_kind") or "the text"
        offsets = f"{wrong.row.get('start_char', '')}-{wrong.row.get('end_char', '')}"
        where = ", ".join(map(str, wrong.found))
        yield f"  WRONG {name} {offsets}: {wrong.what}" + (f"; its words stand at {where}" if where else "")


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
    from onrecord.evidence import normalize, span_hash
    from onrecord.report.escape import printable

    opened = package_at(package)
    if not normalize(words):
        raise PackageError("there are no words to find; write them in quotation marks after the source")
    text = text_of(opened, source, texts_folder_of(opened, texts))
    passages = Passages(text)
    exact = passages.locate(words)
    near = [] if exact else passages.near(words)
    marked = [(span, "") for span in exact] + [(n.span, f"  not exact: {n.likeness:.0f} % like it") for n in near]
    for span, mark in marked:
        held = span.of(text)
        print(f"{span}  length {len(normalize(held))}  sha256 {span_hash(held)}{mark}")
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
    texts: TextsOption = None,
    drop_ranges: Annotated[
        bool, typer.Option("--drop-ranges", help="Leave out ranges (never evidence) that are not found again.")
    ] = False,
    dry_run: DryRunOption = False,
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
        found = run(opened, source, read(file).text, texts_folder_of(opened, texts), drop_ranges, dry_run)
    except RefusedError as error:
        refuse(error.findings, "nothing changed")
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
    return f"{told}; {source} rests on the new text, kept as {near(found.text_path) if found.text_path else ''}"


def _line(text: str) -> str:
    return text.replace("\n", " ")

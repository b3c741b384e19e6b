"""The command line: parse, call, print. Heavy imports wait inside the command that needs them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from typer.core import TyperGroup

from onrecord.commands import ORDER, add_commands
from onrecord.findings import PackageError
from onrecord.options import PackageArgument, ReadArgument, TextsOption, package_at, texts_at

if TYPE_CHECKING:
    from onrecord.package import Package
    from onrecord.report import Report
    from onrecord.validate import Validator
    from onrecord.watch import Change

__all__ = ["app", "main"]


class _Commands(TyperGroup):
    """The commands, with one line and exit status 2 for an interrupt and for output that cannot be written."""

    def list_commands(self, ctx: typer.Context) -> list[str]:  # type: ignore[override]  # as below
        """The commands as they are written here, those of curation in their order."""
        names = super().list_commands(ctx)
        return [name for name in names if name not in ORDER] + [name for name in ORDER if name in names]

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]  # the vendored Context is the same
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except KeyboardInterrupt:
            raise PackageError("interrupted") from None
        except BrokenPipeError:
            raise
        except OSError as error:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or the interpreter tries again at its end
            raise PackageError(f"cannot write the output: {error.strerror}") from None
        return result


app = typer.Typer(
    name="onrecord",
    cls=_Commands,
    help="Who said what, on whose word, how surely, and what came of it: check, build, show and serve the dataset.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
add_commands(app)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"onrecord {version('onrecord')}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    pass


class EngineName(StrEnum):
    """Who checks a package."""

    auto = "auto"
    pandera = "pandera"
    duckdb = "duckdb"
    spark = "spark"


class Format(StrEnum):
    """How a report is written."""

    text = "text"
    json = "json"
    github = "github"
    sarif = "sarif"
    junit = "junit"


@app.command(
    epilog="Example: [bold]onrecord validate[/bold], [bold]onrecord validate my-package/ --format sarif --output report.sarif[/bold], "
    "[bold]onrecord validate --watch[/bold], [bold]onrecord validate --explain foreign-key[/bold]"
)
def validate(
    package: PackageArgument = None,
    format: Annotated[  # noqa: A002  # the option is --format
        Format, typer.Option(help="text for people, json, github (annotations), sarif (2.1.0) or junit.")
    ] = Format.text,
    output: Annotated[Path | None, typer.Option(help="File to write the report to, instead of printing it.")] = None,
    rule: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Only this rule; may be repeated.", show_default=False)
    ] = None,
    table: Annotated[
        list[str] | None, typer.Option(metavar="TABLE", help="Only this table; may be repeated.", show_default=False)
    ] = None,
    max_findings: Annotated[
        int | None, typer.Option(min=0, metavar="N", help="List N findings at most; all are counted.")
    ] = None,
    texts: TextsOption = None,
    explain: Annotated[
        str | None, typer.Option(metavar="RULE", help="Say what a rule demands, why, and how to mend a fault.")
    ] = None,
    watch: Annotated[
        bool, typer.Option("--watch", help="Check again on every save; say what is new, fixed and open.")
    ] = False,
    engine: Annotated[
        EngineName,
        typer.Option(
            help="Who checks: pandera (in memory), duckdb (any size), spark (a cluster); auto: duckdb, and pandera for the causes in small packages."
        ),
    ] = EngineName.auto,
    master: Annotated[
        str | None, typer.Option(metavar="URL", help="Spark's cluster, as in spark://HOST:7077, or local[2].")
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE",
            help="What DuckDB may hold in memory; the rest lies on disk meanwhile. 380MB, unless told, and 760MB for what needs it.",
        ),
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help="Every faulty cell by itself, causes not joined; so are large packages told.")
    ] = False,
    findings: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Parquet to write every faulty cell to, one row each.")
    ] = None,
) -> None:
    """Check everything and report every fault at once, as file:line:column rule: what is wrong; how to mend it.

    The column is the number of the field in the header. One cause is one finding, but in packages of more
    than 20 MB, where every faulty cell is counted and some of each rule are listed. What hinders reading a
    file is always reported. Exit status 0 valid (warnings allowed), 1 invalid, 2 could not run.
    """
    if explain is not None:
        _explain(explain)
        return
    from onrecord.engines import Check
    from onrecord.report import render
    from onrecord.terminal import colour_wanted, progress

    validator = _validator(texts, rule, table)
    if watch:
        if output is not None or format is not Format.text:
            raise PackageError("--watch prints text as it goes; leave --format and --output away")
        if each or findings is not None or engine not in (EngineName.auto, EngineName.pandera):
            raise PackageError("--watch tells causes, in memory; leave --engine, --each and --findings away")
        package_at(package, faulty=True)
        _watch(package, validator, max_findings)
    with progress() as validator.progress:
        opened = package_at(package, faulty=True)
        _known("table", table, opened.names)
        report = Check(validator, engine.value, each, memory, max_findings, findings, master).run(opened)
    report.root = _prefix(opened.root)
    colour = output is None and colour_wanted(sys.stdout)
    written = render(report, format.value, colour=colour, max_findings=max_findings)
    if output is None:
        sys.stdout.write(written)
    else:
        from onrecord.store import write_files

        write_files({output: written.encode("utf-8", errors="replace")})
        print(f"{output}: {report.summary}", file=sys.stderr)
    raise typer.Exit(0 if report.valid else 1)


def _validator(texts: Path | None, rules: list[str] | None, tables: list[str] | None) -> Validator:
    from onrecord.rulebook import rulebook
    from onrecord.validate import Validator

    _known("rule", rules, rulebook())
    return Validator(texts_at(texts), frozenset(rules or ()), frozenset(tables or ()))


def _known(what: str, given: list[str] | None, names: Iterable[str]) -> None:
    """Refuse a name that does not exist, saying which is like it."""
    from onrecord.suggest import nearest

    names = list(names)
    for name in given or ():
        if name not in names:
            near = nearest(name, names)
            hint = f"did you mean {near!r}?" if near else f"there are {', '.join(names)}"
            raise PackageError(f"there is no {what} {name!r}; {hint}")


def _explain(name: str) -> None:
    from onrecord.rulebook import rulebook

    rules = rulebook()
    _known("rule", [name], rules)
    one = rules[name]
    print(
        f"{one.name} ({one.level})\n\n{one.holds}.\n\nWhy: {one.why}\nExample: {one.example}\nMend it so: {one.fix}.\n\n{one.link}"
    )


def _prefix(root: object) -> str:
    """The path that leads from the repository (GITHUB_WORKSPACE, else the working folder) to a package in it."""
    start = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    if not isinstance(root, Path) or not root.resolve().is_relative_to(start):
        return ""
    found = root.resolve().relative_to(start).as_posix()
    return "" if found == "." else found


def _watch(package: str | None, validator: Validator, most: int | None) -> NoReturn:
    from onrecord.report.text import line
    from onrecord.terminal import colour_wanted
    from onrecord.watch import watch

    last, colour = 0, colour_wanted(sys.stdout)

    def show(report: Report, change: Change, seconds: float) -> None:
        nonlocal last
        last = 0 if report.valid else 1
        for mark, findings in (("new  ", change.new), ("fixed", change.fixed), ("open ", change.still)):
            for finding in findings[:most]:
                print(f"{mark} {line(finding, colour=colour)}")
        counts = f"{len(change.new)} new, {len(change.fixed)} fixed, {len(change.still)} open"
        print(f"{counts}; {report.summary}, in {seconds:.2f} s; watching (Ctrl-C stops)\n", flush=True)

    try:
        watch(package, validator, show)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    raise typer.Exit(last)


@app.command(
    epilog="Example: [bold]onrecord init my-dataset[/bold], then [bold]cd my-dataset && onrecord validate[/bold]"
)
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make; it must not be there, or be empty.")],
    title: Annotated[str | None, typer.Option(help="Title of the dataset; by default from the folder's name.")] = None,
) -> None:
    """Begin a dataset of your own: an empty, valid package with the same tables, schemas and rules."""
    from onrecord.init import init as run

    made = run(folder, title)
    print(f"made: {made}\nedit the CSVs in {folder}/dataset, then: onrecord validate {folder}")


@app.command(epilog="Example: [bold]onrecord fmt --check[/bold]")
def fmt(
    package: PackageArgument = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if a file is not canonical.")] = False,
) -> None:
    """Write the CSVs in canonical form: schema order, rows by key, LF, NFC, least quoting, bounds filled in.

    Files that cannot be read without loss are reported, and then nothing is written.
    """
    from onrecord.fmt import fmt as run
    from onrecord.report.text import line

    changed, faults = run(package_at(package), check)
    for fault in faults:
        print(line(fault))
    for path in changed:
        print(f"{'not canonical' if check else 'written'}: {path}")
    if not changed and not faults:
        print("every table is canonical")
    if faults:
        print(f"nothing written: {len(faults)} faults to mend first")
    raise typer.Exit(1 if faults or (check and changed) else 0)


@app.command(epilog="Example: [bold]onrecord build[/bold], then [bold]sqlite3 build/onrecord.db[/bold]")
def build(
    package: PackageArgument = None,
    output: Annotated[Path | None, typer.Option(help="Folder to write to; by default build/ in the package.")] = None,
) -> None:
    """Build onrecord.db (SQLite), one Parquet file per table, and the flat table as CSV and Parquet.

    An invalid package is refused with the findings of [bold]onrecord validate[/bold].
    """
    from onrecord.build import build as run

    report, written = run(package_at(package), output)
    if not report.valid:
        print(report.text())
        print("nothing built: the package is invalid")
        raise typer.Exit(1)
    for path in written:
        print(f"{path}  {path.stat().st_size:,} bytes")


@app.command(
    epilog="Example: [bold]onrecord serve --port 8001[/bold]; behind a proxy "
    "[bold]onrecord serve --host 0.0.0.0 --url https://example.org/on-record/[/bold]"
)
def serve(
    package: ReadArgument = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port; if taken, the next free one.")] = 8001,
    url: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Address at which readers find the site behind a proxy, for links and citations; the proxy may pass its path on or strip it.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Open the dataset in Datasette, building it first when it is stale."""
    from onrecord.package import open_package
    from onrecord.site.serve import serve as run

    raise typer.Exit(run(open_package(package), host, port, url))


@app.command(epilog="Example: [bold]onrecord site --static public --url https://data.example.org/[/bold]")
def site(
    static: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write to; it is replaced as a whole.")],
    package: ReadArgument = None,
    url: Annotated[str | None, typer.Option(help="Address at which it will be read, for citations.")] = None,
) -> None:
    """Write the site as plain files for a static host: pages, charts, citations and downloads, links intact."""
    from onrecord.package import open_package
    from onrecord.site.public import public
    from onrecord.site.serve import built_database
    from onrecord.site.static import write_site

    at = public(url)
    opened = open_package(package)
    folder = built_database(opened)
    if folder is None:
        raise typer.Exit(1)
    count = write_site(opened, folder, static, at.origin)
    print(f"{static}: {count:,} pages; look at them with: python3 -m http.server --directory {static}")


@app.command(epilog="Example: [bold]onrecord show C00029[/bold], [bold]onrecord show P0001 --json[/bold]")
def show(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="A claim, proposition, event, actor, source or place.")
    ],
    package: ReadArgument = None,
    json: Annotated[bool, typer.Option("--json", help="Print JSON instead.")] = False,
) -> None:
    """Show a claim's trail, a proposition's positions, an event, an actor, a source or a place."""
    from onrecord.dataset import load
    from onrecord.show import as_json, as_text, record

    found = record(load(package), identifier)
    if json:
        print(as_json(found))
    else:
        as_text(found)


@app.command(epilog="Example: [bold]onrecord release 0.9.0 --date 2026-11-22[/bold]")
def release(
    version: Annotated[str, typer.Argument(metavar="X.Y.Z", help="The version to release.")],
    package: PackageArgument = None,
    date: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The day of the release.")] = "",
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make dist/ of a released version anew, and change nothing else.")
    ] = False,
) -> None:
    """Check that a version can be released, and write it: changelog, ledger, citation and everything in dist/.

    Refused with every reason at once: the package must be valid and canonical, its codebook current, the
    tree clean, the changelog must say what changed, no identifier may be lost, and the version must be as
    large as the changes ask for.
    """
    from onrecord.release import RefusedError
    from onrecord.release import rebuild as anew
    from onrecord.release import release as run
    from onrecord.report.escape import printable

    if bool(date) == rebuild:
        raise PackageError("name the day of the release with --date YYYY-MM-DD, or say --rebuild")
    opened = package_at(package)
    try:
        done = anew(opened, version) if rebuild else run(opened, version, date)
    except RefusedError as error:
        print("the release is refused:", file=sys.stderr)
        for reason in error.reasons:
            print(f"- {printable(reason)}", file=sys.stderr)
        raise typer.Exit(1) from None
    for note in done.notes:
        print(printable(note))
    for path in (*done.repository, *done.dist):
        print(f"{path}  {path.stat().st_size:,} bytes")
    if not rebuild:
        print(f"now look at dist/, commit, and tag it v{version}")


@app.command(epilog="Example: [bold]onrecord verify dist/onrecord-0.9.0.zip[/bold]")
def verify(
    archive: Annotated[Path, typer.Argument(metavar="ARCHIVE", help="A released archive.", show_default=False)],
    texts: TextsOption = None,
) -> None:
    """Verify an archive: hashes, numbers of rows, rules, its ledger, and the passages where texts are at hand.

    Exit status 0 sound, 1 not, 2 could not run.
    """
    from onrecord.evidence import texts_folder
    from onrecord.report.escape import printable
    from onrecord.verify import verify as run

    if not archive.is_file():
        raise PackageError(f"{archive}: no such file; name a released archive")
    verdict = run(archive, texts or texts_folder(archive.parent))
    for said in verdict.checked:
        print(f"ok    {printable(said)}")
    for problem in verdict.problems:
        print(f"WRONG {printable(problem)}")
    if verdict.report is not None and not verdict.report.valid:
        print(verdict.report.text())
    print(f"{archive}: {'sound' if verdict.sound else 'not what was released'}")
    raise typer.Exit(0 if verdict.sound else 1)


class CitationFormat(StrEnum):
    """How a citation is written."""

    text = "text"
    bibtex = "bibtex"
    ris = "ris"
    csl = "csl"


@app.command(
    epilog="Example: [bold]onrecord cite[/bold], [bold]onrecord cite C00029 --format bibtex[/bold], "
    "[bold]onrecord cite my-package/ --version 0.9.0[/bold]"
)
def cite(
    identifier: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="A record; by default the dataset as a whole.", show_default=False),
    ] = None,
    package: ReadArgument = None,
    version: Annotated[
        str | None,
        typer.Option(metavar="X.Y.Z", help="An earlier release instead of this version.", show_default=False),
    ] = None,
    format: Annotated[  # noqa: A002  # the option is --format
        CitationFormat, typer.Option(help="text, bibtex, ris, or csl (CSL JSON).")
    ] = CitationFormat.text,
) -> None:
    """Print how to cite the dataset, or one record of it, at this version or at an earlier one."""
    from onrecord.cite import Citation, cited
    from onrecord.package import open_package

    if identifier is not None and package is None and _is_place(identifier):
        identifier, package = None, identifier
    opened = open_package(package)
    found: dict[str, Any] | None = None
    if identifier is not None:
        from onrecord.dataset import read
        from onrecord.show import record

        found = record(read(opened), identifier)
    sys.stdout.write(getattr(Citation, format.value)(cited(opened, version, found)))


def _is_place(text: str) -> bool:
    """Whether a word that may be an identifier is the path of a package instead."""
    try:
        return not (text[1:].isdecimal() and text[:1].isalpha()) and Path(text).exists()
    except OSError:
        return False


class DiffFormat(StrEnum):
    """How a difference is written."""

    text = "text"
    json = "json"
    html = "html"


@app.command(
    epilog="Example: [bold]onrecord diff 0.1.0[/bold], [bold]onrecord diff v0.1.0 HEAD[/bold], "
    "[bold]onrecord diff old.zip new/ --format html --output diff.html[/bold]"
)
def diff(
    before: Annotated[
        str, typer.Argument(metavar="A", help="A version, a folder, an archive, or a revision of git; the earlier one.")
    ],
    after: Annotated[
        str | None,
        typer.Argument(
            metavar="B", help="The later one; by default the package around the working folder.", show_default=False
        ),
    ] = None,
    format: Annotated[  # noqa: A002  # the option is --format
        DiffFormat, typer.Option(help="text for people, json, or html (one page).")
    ] = DiffFormat.text,
    output: Annotated[Path | None, typer.Option(help="File to write to, instead of printing.")] = None,
) -> None:
    """Say what differs between two states: rows added, removed, changed and retired, cell by cell, and why.

    The least version that the change allows is said too, and which identifiers vanished without a row in
    retired. Exit status 0 same, 1 differs, 2 could not run.
    """
    from onrecord.changelog import notes
    from onrecord.diff import diff as compare
    from onrecord.differences import explained, render
    from onrecord.states import find_state, state_of

    around = package_at(None) if after is None else _around(after)
    later = state_of(around) if after is None and around is not None else find_state(after or "", around)
    found = compare(find_state(before, around), later)
    said = notes(around) if around is not None else ()
    written = render(found, format.value, said)
    if output is None:
        sys.stdout.write(written)
    else:
        from onrecord.store import write_files

        write_files({output: written.encode("utf-8", errors="replace")})
        print(f"{output}: {explained(found).verdict}", file=sys.stderr)
    raise typer.Exit(0 if found.empty else 1)


def _around(named: str) -> Package | None:
    """The package whose versions and revisions are meant: around the working folder, else the one named, else none."""
    from onrecord.package import open_package

    for path in (None, named):
        try:
            return package_at(None) if path is None else open_package(path)
        except PackageError:
            continue
    return None


@app.command(epilog="Example: [bold]onrecord docs --check[/bold]")
def docs(
    package: PackageArgument = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if CODEBOOK.md is not current.")
    ] = False,
) -> None:
    """Write CODEBOOK.md from the schemas, the rules and the views."""
    from onrecord.docs import codebook
    from onrecord.store import write_files

    opened = package_at(package)
    if not isinstance(opened.root, Path):
        raise PackageError(f"{opened.label}: a zip cannot be written to; unpack it first")
    path = opened.root / "CODEBOOK.md"
    data = codebook(opened).encode("utf-8")
    current = path.is_file() and path.read_bytes() == data
    if check:
        print("CODEBOOK.md is current" if current else "CODEBOOK.md is not current; run 'onrecord docs'")
        raise typer.Exit(0 if current else 1)
    print(f"written: {path}" if write_files({path: data}, "onrecord docs") else "CODEBOOK.md is current")


def main() -> NoReturn:
    """Run the command line; errors for people end in one line and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal of few letters shows ? instead of failing
    try:
        app(prog_name="onrecord")
    except PackageError as error:
        from onrecord.report.escape import printable

        print(f"onrecord: {printable(str(error))}", file=sys.stderr)
    except ModuleNotFoundError as error:
        extra = _EXTRA.get((error.name or "").split(".")[0])
        if extra is None:
            raise
        print(f"onrecord: this needs the package {error.name}; pip install 'onrecord[{extra}]'", file=sys.stderr)
    sys.exit(2)


_EXTRA = {
    **dict.fromkeys(("pandera", "ibis", "duckdb", "edtf", "networkx", "pyarrow", "watchfiles"), "validate"),
    **dict.fromkeys(
        ("charset_normalizer", "lxml", "openpyxl", "textual", "trafilatura"),
        "curate",
    ),
    **dict.fromkeys(("pyspark", "py4j"), "spark"),
    **dict.fromkeys(("datasette", "uvicorn", "vl_convert"), "site"),
    "pyspark": "spark",
    **dict.fromkeys(
        ("check_jsonschema", "datacite", "jsonschema", "mlcroissant", "repro_zipfile", "ruamel", "towncrier"), "release"
    ),
}

if __name__ == "__main__":
    main()

"""The command line: parse, call, print. Heavy imports wait inside the command that needs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from onrecord.findings import PackageError

__all__ = ["app", "main"]

app = typer.Typer(
    name="onrecord",
    help="Who said what, on whose word, how surely, and what came of it: check, build, show and serve the dataset.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

PackageArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="PACKAGE",
        help="Folder, datapackage.json or zip; by default the package around the working folder, else the installed one.",
        show_default=False,
    ),
]


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


@app.command(epilog="Example: [bold]onrecord validate[/bold], or [bold]onrecord validate my-package/[/bold]")
def validate(
    package: PackageArgument = None,
    texts: Annotated[
        Path | None,
        typer.Option(help="Folder of source texts to verify spans against; by default ONRECORD_TEXTS, else texts/."),
    ] = None,
) -> None:
    """Check everything and report every fault at once, as file:line:column rule: what is wrong; how to mend it.

    The column is the number of the field in the header. Exit status 0 valid, 1 invalid, 2 could not run.
    """
    from onrecord.package import open_package
    from onrecord.validate import validate as run

    if texts is not None and not texts.is_dir():
        raise PackageError(f"--texts {texts}: no such folder")
    report = run(open_package(package), texts)
    print(report.text())
    raise typer.Exit(0 if report.valid else 1)


@app.command(epilog="Example: [bold]onrecord fmt --check[/bold]")
def fmt(
    package: PackageArgument = None,
    check: Annotated[bool, typer.Option("--check", help="Change nothing; exit 1 if a file is not canonical.")] = False,
) -> None:
    """Write the CSVs in canonical form: schema order, rows by key, LF, NFC, least quoting, bounds filled in.

    Files that cannot be read without loss are reported, and then nothing is written.
    """
    from onrecord.fmt import fmt as run
    from onrecord.package import open_package

    changed, faults = run(open_package(package), check)
    for fault in faults:
        print(fault)
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
    from onrecord.package import open_package

    report, written = run(open_package(package), output)
    if not report.valid:
        print(report.text())
        print("nothing built: the package is invalid")
        raise typer.Exit(1)
    for path in written:
        print(f"{path}  {path.stat().st_size:,} bytes")


@app.command(epilog="Example: [bold]onrecord serve --port 8001[/bold]")
def serve(
    package: PackageArgument = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port; if taken, the next free one.")] = 8001,
) -> None:
    """Open the dataset in Datasette, building it first when it is stale."""
    from onrecord.package import open_package
    from onrecord.site.serve import serve as run

    raise typer.Exit(run(open_package(package), host, port))


@app.command(epilog="Example: [bold]onrecord show C00029[/bold], [bold]onrecord show P0001 --json[/bold]")
def show(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="A claim, proposition, event, actor, source or place.")
    ],
    package: PackageArgument = None,
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


@app.command(epilog="Example: [bold]onrecord docs --check[/bold]")
def docs(
    package: PackageArgument = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 if CODEBOOK.md is not current.")
    ] = False,
) -> None:
    """Write CODEBOOK.md from the schemas, the rules and the views."""
    from onrecord.docs import codebook
    from onrecord.package import open_package, write_files

    opened = open_package(package)
    if not isinstance(opened.root, Path):
        raise PackageError(f"{opened.label}: a zip cannot be written to; unpack it first")
    path = opened.root / "CODEBOOK.md"
    data = codebook(opened).encode("utf-8")
    current = path.is_file() and path.read_bytes() == data
    if check:
        print("CODEBOOK.md is current" if current else "CODEBOOK.md is not current; run 'onrecord docs'")
        raise typer.Exit(0 if current else 1)
    print(f"written: {path}" if write_files({path: data}) else "CODEBOOK.md is current")


def main() -> NoReturn:
    """Run the command line; errors for people end in one line and exit status 2."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal of few letters shows ? instead of failing
    try:
        app(prog_name="onrecord")
    except PackageError as error:
        print(f"onrecord: {error}", file=sys.stderr)
    except ModuleNotFoundError as error:
        extra = _EXTRA.get((error.name or "").split(".")[0])
        if extra is None:
            raise
        print(f"onrecord: this needs the package {error.name}; pip install 'onrecord[{extra}]'", file=sys.stderr)
    except KeyboardInterrupt:
        print("onrecord: interrupted", file=sys.stderr)
    except BrokenPipeError:
        sys.stderr.close()
    sys.exit(2)


_EXTRA = {
    **dict.fromkeys(("pandera", "ibis", "duckdb", "edtf", "pyarrow", "sqlite_utils"), "validate"),
    **dict.fromkeys(("datasette", "uvicorn"), "site"),
}

if __name__ == "__main__":
    main()

"""The command ``agreement``: parse, call, print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.commands.telling import counted, refuse
from onrecord.findings import PackageError

if TYPE_CHECKING:
    from onrecord.curate.agreement import Agreement

__all__ = ["agreement"]


def agreement(
    a: Annotated[str, typer.Argument(metavar="A", help="A coding: a package (folder or zip), or a worksheet.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Another coding of the same texts.")],
    disagreements: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Worksheet (CSV or XLSX) to write the disagreements to, for adjudication."),
    ] = None,
    write: Annotated[
        str | None, typer.Option(metavar="PACKAGE", help="Package into whose table agreement the results go.")
    ] = None,
    version: Annotated[
        str | None,
        typer.Option(metavar="X.Y.Z", help="With --write: the version measured; by default that of the package."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print JSON, with every unit on which the coders differ.")
    ] = False,
) -> None:
    """Measure how far two codings of the same texts agree: claims aligned, F1 of spans, Krippendorff's alpha per field.

    Compute it before adjudication, and after a change of the codebook on texts that nobody coded before. Of a
    worksheet the accepted, edited and merged rows count. Exit status 0 measured, 1 cannot be compared, 2 could not run.
    """
    from onrecord.curate.agreement import agreement as run
    from onrecord.curate.agreement.told import as_json, as_text
    from onrecord.report.escape import dumps

    if version is not None and write is None:
        raise PackageError("--version says of which version the results are written; name the package with --write")
    if disagreements is not None and disagreements.suffix.lower() not in (".csv", ".xlsx"):
        raise PackageError(f"{disagreements}: a worksheet is a .csv or an .xlsx; name it so")
    if disagreements is not None and disagreements.exists():
        raise PackageError(f"{disagreements}: is there already and may hold decisions; name another, or delete it")
    found, faults = run(a, b)
    if found is None:
        refuse(faults, f"nothing measured: {counted(faults)} to mend first")
    written = [] if disagreements is None else [_to_adjudicate(found, disagreements)]
    if write is not None:
        from onrecord.curate.agreement.recorded import record
        from onrecord.package import open_package

        written += map(str, record(found, open_package(write), version or ""))
    print(dumps(as_json(found)) if json else as_text(found), end="\n" if json else "")
    for what in written:
        typer.echo(f"written: {what}", err=True)


def _to_adjudicate(found: Agreement, path: Path) -> str:
    from onrecord.curate.agreement.disagreements import disagreements
    from onrecord.curate.worksheet import Worksheet
    from onrecord.curate.worksheet import write as write_worksheet
    from onrecord.evidence import find_texts, texts_folder

    rows = disagreements(found, find_texts(texts_folder()))
    write_worksheet(path, Worksheet.of(rows))
    return f"{path}, {len(rows):,} rows"

"""Arguments and options that several commands have, and the package and texts that they mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.findings import PackageError

if TYPE_CHECKING:
    from onrecord.package import Package

__all__ = [
    "DryRunOption",
    "PackageArgument",
    "PackageOption",
    "ReadArgument",
    "SourceArgument",
    "TextsOption",
    "package_at",
    "texts_at",
]

PackageArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="PACKAGE",
        help="Folder, datapackage.json or zip; by default the package around the working folder.",
        show_default=False,
    ),
]
PackageOption = Annotated[
    str | None,
    typer.Option(
        metavar="PACKAGE",
        help="Folder or datapackage.json; by default the package around the working folder.",
        show_default=False,
    ),
]
SourceArgument = Annotated[str, typer.Argument(metavar="SOURCE", help="Identifier of a source.", show_default=False)]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Write nothing; print what would be done.")]
TextsOption = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Folder of source texts; by default ONRECORD_TEXTS, else texts/."),
]
ReadArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="PACKAGE",
        help="Folder, datapackage.json or zip; by default the package around the working folder, else the installed one.",
        show_default=False,
    ),
]


def package_at(package: str | None, faulty: bool = False) -> Package:
    """The package named, or around the working folder; never ours instead, since who checks or writes means another."""
    from onrecord.package import find_package, open_package

    if package is None:
        find_package(own=False)
    return open_package(package, faulty)


def texts_at(texts: Path | None) -> Path | None:
    """The folder of texts that ``--texts`` names, None where it is left out. Raises PackageError for one that is none."""
    if texts is not None and not texts.is_dir():
        raise PackageError(f"--texts {texts}: no such folder")
    return texts

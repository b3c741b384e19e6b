"""Arguments that several commands have, and the package that they mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from onrecord.package import Package

__all__ = ["PackageArgument", "ReadArgument", "TextsOption", "package_at"]

PackageArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="PACKAGE",
        help="Folder, datapackage.json or zip; by default the package around the working folder.",
        show_default=False,
    ),
]
TextsOption = Annotated[
    Path | None,
    typer.Option(help="Folder of source texts to verify spans against; by default ONRECORD_TEXTS, else texts/."),
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

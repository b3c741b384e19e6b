"""The texts of sources that commands of curation need at hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from onrecord.findings import PackageError
from onrecord.options import texts_at

if TYPE_CHECKING:
    from onrecord.package import Package

__all__ = ["text_of", "texts_folder_of"]


def texts_folder_of(package: Package, texts: Path | None) -> Path:
    """The folder of texts: the one named, else that of the package. Raises PackageError when there is none."""
    from onrecord.evidence import texts_folder

    folder = texts_at(texts) or texts_folder(package.root if isinstance(package.root, Path) else None)
    if folder is None:
        raise PackageError("there is no folder of source texts; name it in ONRECORD_TEXTS or with --texts")
    return folder


def text_of(package: Package, source: str, folder: Path) -> str:
    """The text of a source. Raises PackageError when there is no such source, or its text is not in the folder."""
    from onrecord.curate.tables import read_rows
    from onrecord.evidence import find_texts
    from onrecord.suggest import nearest

    hashes = {row["source_id"]: row["text_sha256"] for row in read_rows(package, "sources")}
    if source not in hashes:
        near = nearest(source, hashes)
        raise PackageError(f"there is no source {source!r}" + (f"; did you mean {near}?" if near else ""))
    text = find_texts(folder).get(hashes[source])
    if text is None:
        raise PackageError(f"the text of {source} is not at hand; put it into the folder of texts, or name --texts")
    return text

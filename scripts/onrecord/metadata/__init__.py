"""The metadata of a release, in every format that archives and search engines read."""

from __future__ import annotations

import datetime as dt

from onrecord.findings import PackageError, shown
from onrecord.metadata.about import Release, ReleasedFile
from onrecord.metadata.cff import cff
from onrecord.metadata.croissant import croissant
from onrecord.metadata.datacite import datacite
from onrecord.metadata.zenodo import zenodo

__all__ = ["Release", "ReleasedFile", "release_metadata"]


def release_metadata(release: Release) -> dict[str, bytes]:
    """The files of a release that describe it: name → bytes, the same for the same release, anywhere and at any time.

    Raises PackageError when the day of the release is none.
    """
    try:
        day = dt.date.fromisoformat(release.released).isoformat()
    except ValueError:
        day = ""
    if not day or day != release.released:
        raise PackageError(f"{shown(release.released)} is no day of a release; write it as 2026-11-22")
    texts = {
        "CITATION.cff": cff(release),
        "datacite.json": datacite(release),
        "croissant.json": croissant(release),
        ".zenodo.json": zenodo(release),
        "citation.bib": release.cited.bibtex(),
        "citation.ris": release.cited.ris().replace("\r\n", "\n"),
    }
    return {name: text.encode("utf-8") for name, text in texts.items()}

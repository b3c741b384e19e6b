"""Spans and hashes: what is recorded of a passage, and whether a text at hand bears it out."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from pathlib import Path

from onrecord.archive import Folder
from onrecord.findings import PackageError

__all__ = ["FOLDED", "find_texts", "normalize", "span_hash", "texts_folder"]

FOLDED = ("‘’‚‛′`´“”„‟″«»", "'''''''" + '"""""""')
"""Quotation marks, and what each is folded to."""
_QUOTES = str.maketrans(*FOLDED)
_SPACE = re.compile(r"\s+")


def normalize(text: str) -> str:
    """NFKC, quotation marks folded to ' and ", runs of white space collapsed to one space."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).translate(_QUOTES)).strip()


def span_hash(text: str) -> str:
    """SHA-256 of the normalized text, in hexadecimal: the same in every copy of the passage."""
    return hashlib.sha256(normalize(text).encode("utf-8")).hexdigest()


def texts_folder(package_root: Path | None = None) -> Path | None:
    """The folder of source texts: ONRECORD_TEXTS, else texts/ beside the package; None if absent.

    Raises PackageError when ONRECORD_TEXTS names no folder, and when texts/ or a file in it is a link
    out of the package: a stranger's package may not choose what is read here, but ONRECORD_TEXTS may.
    """
    named = os.environ.get("ONRECORD_TEXTS")
    if named and not Path(named).is_dir():
        raise PackageError(f"ONRECORD_TEXTS names {named}, which is no folder; mend it or unset it")
    home = package_root or Path.cwd()
    if not named:
        Folder(home).check(["texts"])
    folder = Path(named) if named else home / "texts"
    return folder if folder.is_dir() else None


def find_texts(folder: Path | None) -> dict[str, str]:
    """The texts in a folder (``*.txt``), by the SHA-256 of their bytes.

    A text is recognized by its hash alone, never by its file name; files that are not UTF-8 or
    cannot be read, and pipes and devices, are passed over, since no source can have been coded from them.
    """
    found: dict[str, str] = {}
    for path in sorted(folder.glob("*.txt")) if folder else []:
        try:
            if path.is_file():
                data = path.read_bytes()
                found[hashlib.sha256(data).hexdigest()] = data.decode("utf-8")
        except (OSError, UnicodeDecodeError, MemoryError):
            continue
    return found

"""Where the texts of sources are kept, under names that a person can read."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from onrecord.findings import PackageError

__all__ = ["kept", "place", "text_name"]


def text_name(source: Mapping[str, str], publisher: str) -> str:
    """The file name of a source's text, in ASCII: S0015-2023-09-12-the-moscow-times-kim-arrives.txt."""
    parts = [source["source_id"], source["published_start"], _slug(publisher, 30), _slug(source["title"], 60)]
    return "-".join(part for part in parts if part) + ".txt"


def place(folder: Path, digest: str, source: Mapping[str, str], publisher: str) -> Path:
    """Where a text is kept: where one of this SHA-256 is already, else under a readable name that is free."""
    name = text_name(source, publisher)
    for path in sorted(folder.glob("*.txt")) if folder.is_dir() else []:
        with suppress(OSError):
            if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == digest:
                return path
    path, number = folder / name, 2
    while os.path.lexists(path):
        path = folder / f"{name.removesuffix('.txt')}-{number}.txt"
        number += 1
    return path


@contextmanager
def kept(path: Path, data: bytes, root: Path) -> Iterator[dict[Path, bytes]]:
    """Keep a text while a package is written: both or, where the block raises, neither.

    Yields what must be written together with the package, where the text lies in it. A text elsewhere is
    written first: killed in between, a command leaves a text that nothing refers to, and that the next run takes.

    Raises PackageError when it cannot be written.
    """
    if path.exists():
        yield {}
    elif path.resolve().is_relative_to(root.resolve()):
        yield {path: data}
    else:
        _write(path, data)
        try:
            yield {}
        except BaseException:
            with suppress(OSError):
                path.unlink()
            raise


def _write(path: Path, data: bytes) -> None:
    beside = ""
    try:
        handle, beside = tempfile.mkstemp(prefix=".", suffix=".onrecord-new", dir=path.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except OSError as error:
        if beside:
            with suppress(OSError):
                Path(beside).unlink()
        what = f"cannot write the text in {path.parent}: {error.strerror or error}"
        raise PackageError(f"{what}; nothing was changed") from None


def _slug(text: str, longest: int) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:longest].rstrip("-")

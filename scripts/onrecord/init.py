"""A new, empty, valid package with our schemas, for a dataset of one's own."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path
from typing import Any

from onrecord.csvtable import render
from onrecord.docs import codebook
from onrecord.findings import PackageError
from onrecord.package import INSTALLED, Package, find_package, open_package

__all__ = ["init"]

_README = """\
# {title}

A dataset of claims: who said what, on whose word, how surely, and what came of it. It has the tables and rules of
[On Record](CODEBOOK.md); this folder is a Data Package (`datapackage.json`).

1. Edit the CSVs in `dataset/`: sources first, then actors, propositions, claims, attributions, evidence.
2. `onrecord fmt` puts them in canonical form and fills the date bounds.
3. `onrecord validate` until it says valid; `onrecord validate --watch` while you work.
4. `onrecord build` makes `build/onrecord.db`, Parquet and the flat table; `onrecord serve` opens it in the browser.

Texts of sources belong in `texts/`, which is ignored by git: they are recognized by their SHA-256 and never published.
"""
_CHANGELOG = "# Changelog\n\n## 0.1.0 (unreleased)\n\n- Begun.\n"
_IGNORE = "/build/\n/dist/\n/texts/\n/.onrecord/\n.*.onrecord-new\n"
_ATTRIBUTES = "*.csv text eol=lf\n"


def init(folder: Path, title: str | None = None) -> Path:
    """Begin a package in a folder that is not there yet, or empty; returns the folder.

    Its tables, schemas and views are those of the package that these tools come with. It appears whole
    or not at all.

    Raises PackageError when there is something in the folder, or it cannot be written.
    """
    folder = folder.resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise PackageError(f"{folder} is there and not empty; name a new folder")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise PackageError(f"cannot write {error.filename}: {error.strerror}") from None
    try:
        _fill(beside, folder.name, title or folder.name.replace("-", " ").replace("_", " ").capitalize())
        beside.chmod(0o755)
        beside.replace(folder)
    except OSError as error:
        raise PackageError(f"cannot write {error.filename or folder}: {error.strerror}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def _fill(folder: Path, name: str, title: str) -> None:
    model = open_package(find_package(INSTALLED))
    for path in [*model.files("schemas"), *model.files("schemas/views")]:
        if model.exists(path):
            _write(folder / path, model.read_bytes(path))
    for table in model.names:
        columns = [f["name"] for f in model.schemas[table]["fields"]]
        _write(folder / model.path(table), render([columns]).encode("utf-8"))
    texts = {
        "datapackage.json": json.dumps(_descriptor(model, name, title), indent=2, ensure_ascii=False) + "\n",
        "README.md": _README.format(title=title),
        "CHANGELOG.md": _CHANGELOG,
        ".gitignore": _IGNORE,
        ".gitattributes": _ATTRIBUTES,
    }
    for path, text in texts.items():
        _write(folder / path, text.encode("utf-8"))
    _write(folder / "CODEBOOK.md", codebook(open_package(folder)).encode("utf-8"))


def _descriptor(model: Package, name: str, title: str) -> dict[str, Any]:
    slug = re.sub(r"[^a-z0-9._-]+", "-", name.lower()).strip("-.") or "dataset"
    return {
        "$schema": model.descriptor.get("$schema"),
        "name": slug,
        "title": title,
        "description": "Claims as sources report them, with speaker, stance, certainty, chain of attribution, evidence and outcome.",
        "version": "0.1.0",
        "licenses": model.descriptor["licenses"],
        "resources": list(model.resources.values()),
    }


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)

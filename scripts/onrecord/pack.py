"""The archive of a release: what is in it, the same bytes each time, and the hashes of all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from onrecord.findings import PackageError
from onrecord.package import Package

__all__ = ["SUMS", "contents", "paths", "resolved", "sha256", "sums", "zipped"]

SUMS = "SHA256SUMS"
_PAPERS = (
    "README.md",
    "CODEBOOK.md",
    "CHANGELOG.md",
    "CITATION.cff",
    "LICENSE",
    "LICENSE-DATA",
    "docs/datasheet.md",
    "docs/methods.md",
)


def sha256(data: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def sums(files: Mapping[str, bytes | Path]) -> bytes:
    """A list of hashes that ``sha256sum -c`` reads, by name."""
    lines = []
    for name in sorted(files):
        content = files[name]
        lines.append(f"{sha256(content if isinstance(content, bytes) else content.read_bytes())}  {name}\n")
    return "".join(lines).encode("utf-8")


def resolved(package: Package) -> dict[str, Any]:
    """The descriptor of a package with the day of its release, and bytes, hash and number of rows of each resource.

    Raises PackageError when a table cannot be read.
    """
    descriptor = json.loads(json.dumps(package.descriptor))
    recorded = package.releases.get(str(descriptor.get("version")))
    if recorded:
        descriptor["created"] = f"{recorded.get('released')}T00:00:00Z"
    for resource in descriptor["resources"]:
        data = package.read_bytes(resource["path"])
        table, faults = package.read(resource["name"])
        if faults:
            raise PackageError(f"{faults[0]} (run 'onrecord validate' for the rest)")
        resource["bytes"] = len(data)
        resource["hash"] = f"sha256:{sha256(data)}"
        resource["rows"] = len(table.rows)
    return dict(descriptor)


def contents(package: Package, flat: bytes) -> dict[str, bytes]:
    """Everything that goes into the archive, by path, with the hashes of the rest as the last file."""
    found = {path: package.read_bytes(path) for path in paths(package)}
    found["flat.csv"] = flat
    found["datapackage.json"] = (json.dumps(resolved(package), indent=2, ensure_ascii=False) + "\n").encode("utf-8")
    return {**found, SUMS: sums(found)}


def paths(package: Package) -> Iterable[str]:
    """The files of a package that a release holds, as far as they are there."""
    yield "datapackage.json"
    for name in package.names:
        yield package.path(name)
    for folder in ("schemas", "schemas/views", "releases"):
        yield from (path for path in package.files(folder) if path.endswith((".json", ".sql")))
    for path in _PAPERS:
        if package.exists(path):
            yield path


def zipped(files: Mapping[str, bytes], target: Path) -> None:
    """Write a zip with the same bytes for the same files: sorted, stored without compression, with one date.

    Stored, since two versions of zlib compress differently.
    """
    from zipfile import ZIP_STORED

    from repro_zipfile import ReproducibleZipFile

    with ReproducibleZipFile(target, "w", compression=ZIP_STORED) as archive:
        for name in sorted(files):
            archive.writestr(name, files[name])

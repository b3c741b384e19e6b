"""A release: what must hold before it, and everything that it writes, all or nothing."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from onrecord import pack
from onrecord.build import build
from onrecord.differences import render
from onrecord.docs import codebook
from onrecord.findings import PackageError
from onrecord.metadata import Release, ReleasedFile, release_metadata
from onrecord.metadata.cff import cff
from onrecord.metadata.checked import problems
from onrecord.package import Package
from onrecord.releasable import asked, entry, judge_difference, since, unclean
from onrecord.states import ledger
from onrecord.store import Writer, writing
from onrecord.versions import version as parsed

__all__ = ["RefusedError", "Released", "rebuild", "release"]

_COMMAND = "onrecord release"
_MEDIA = {
    "zip": "application/zip",
    "db": "application/vnd.sqlite3",
    "csv": "text/csv",
    "parquet": "application/vnd.apache.parquet",
}


@dataclass
class Released:
    """What a release wrote: the files of the repository and those of dist/."""

    version: str
    repository: list[Path] = field(default_factory=list)
    dist: list[Path] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class RefusedError(PackageError):
    """The release was refused; ``reasons`` are all of them."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("\n".join(["the release is refused:", *(f"- {reason}" for reason in reasons)]))


def release(package: Package, text: str, released: str) -> Released:
    """Check that a version can be released, and write it: the repository's files and dist/.

    ``released`` is the ISO date of the release. All is written or nothing is.

    Raises RefusedError with every reason at once, and PackageError where something cannot be read or written.
    """
    wanted, root = asked(package, text, released)
    with writing(root, _COMMAND) as writer:
        package = Package(root, package.label)
        reasons: list[str] = []
        notes: list[str] = []
        reasons += unclean(root, notes)
        reasons += _left(root, package, text)
        log, fragments = entry(root, text, released, reasons)
        judge_difference(package, wanted, reasons)
        with tempfile.TemporaryDirectory() as name:
            staged = _staged(package, Path(name) / "package", _changed(package, text, log))
            made = _made(staged, released, reasons)
            if reasons:
                raise RefusedError(reasons)
            done = _write(writer, package, staged, made, text)
        for path in fragments:
            path.unlink(missing_ok=True)
    done.notes = notes
    return done


def rebuild(package: Package, text: str) -> Released:
    """Make dist/ of a released version anew from its tagged tree, and change nothing else.

    Raises RefusedError where the tree is not that of the release.
    """
    _, root = asked(package, text, "2000-01-01")
    recorded = package.releases.get(text)
    if recorded is None or package.descriptor.get("version") != text:
        raise RefusedError(
            [f"the package is not at version {text} with its ledger releases/{text}.json; check out the tag v{text}"]
        )
    released = str(recorded.get("released", ""))
    if ledger(package, released)["tables"] != recorded["tables"]:
        raise RefusedError([f"the rows are not those of releases/{text}.json; check out the tag v{text}"])
    with writing(root, _COMMAND) as writer, tempfile.TemporaryDirectory() as name:
        reasons: list[str] = []
        staged = _staged(package, Path(name) / "package", {})
        made = _made(staged, released, reasons)
        if reasons:
            raise RefusedError(reasons)
        return _write(writer, package, staged, made, text, repository=False)


def _left(root: Path, package: Package, text: str) -> list[str]:
    """Files of another version in dist/, which would be handed out with this one."""
    dist = root / "dist"
    stem = f"{package.descriptor.get('name')}-{text}"
    others = [p.name for p in dist.glob(f"{package.descriptor.get('name')}-*.zip") if p.stem != stem]
    return [f"dist/ holds another version ({', '.join(others)}); move it away"] if others else []


def _changed(package: Package, text: str, log: str) -> dict[str, bytes]:
    """The files of the repository that a release changes; the ledger and the citation follow from them."""
    renewed = {**package.descriptor, "version": text}
    return {
        "datapackage.json": (json.dumps(renewed, indent=2, ensure_ascii=False) + "\n").encode("utf-8"),
        "CHANGELOG.md": log.encode("utf-8"),
    }


def _staged(package: Package, folder: Path, changed: Mapping[str, bytes]) -> Package:
    """A copy of the package with these files changed, where it can be checked and built."""
    assert isinstance(package.root, Path)  # noqa: S101
    folder.mkdir()
    for path in pack.paths(package):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package.root / path, folder / path)
    for path, data in changed.items():
        (folder / path).write_bytes(data)
    return Package(folder, package.label)


def _made(staged: Package, released: str, reasons: list[str]) -> dict[str, bytes | Path]:
    """Everything that goes into dist/, by name; what forbids it is added to the reasons."""
    assert isinstance(staged.root, Path)  # noqa: S101
    version, name = str(staged.descriptor.get("version")), str(staged.descriptor.get("name"))
    if not staged.holds("CODEBOOK.md", codebook(staged).encode("utf-8")):
        reasons.append("CODEBOOK.md is not current; run 'onrecord docs'")
    report, written = build(staged, staged.root / "build")
    if not written:
        reasons.append(f"the package is invalid: {report.summary}; run 'onrecord validate'")
        return {}
    book = (json.dumps(ledger(staged, released), indent=1, ensure_ascii=False) + "\n").encode("utf-8")
    (staged.root / "releases").mkdir(exist_ok=True)
    (staged.root / f"releases/{version}.json").write_bytes(book)
    again = Package(staged.root, staged.label)
    (staged.root / "CITATION.cff").write_text(cff(_described(again, released, {})), "utf-8")
    built = staged.root / "build"
    stem = f"{name}-{version}"
    archive = staged.root / f"{stem}.zip"
    pack.zipped(pack.contents(again, (built / "flat.csv").read_bytes()), archive)
    difference = since(again, parsed(version))
    made: dict[str, bytes | Path] = {
        f"{stem}.zip": archive,
        f"{stem}.db": built / "onrecord.db",
        f"{stem}-flat.csv": built / "flat.csv",
        **{f"{stem}-{path.name}": path for path in sorted(built.glob("*.parquet"))},
        "diff.json": render(difference, "json").encode("utf-8"),
        "diff.txt": render(difference).encode("utf-8"),
        "diff.html": render(difference, "html").encode("utf-8"),
    }
    described = release_metadata(_described(again, released, made))
    reasons += [f"{problem} (metadata)" for problem in problems(described)]
    made |= described
    (staged.root / ".zenodo.json").write_bytes(described[".zenodo.json"])
    # Hosts of files rename those that begin with a dot, so that their list would not hold.
    made[pack.SUMS] = pack.sums({name: content for name, content in made.items() if not name.startswith(".")})
    return made


def _described(package: Package, released: str, made: Mapping[str, bytes | Path]) -> Release:
    """The release as its metadata tell it, with those files of dist/ that hold data."""
    files = []
    for name, content in made.items():
        data = content if isinstance(content, bytes) else content.read_bytes()
        media = _MEDIA.get(name.rpartition(".")[2])
        if media:
            files.append(ReleasedFile(name, len(data), pack.sha256(data), media))
    resources = pack.resolved(package)["resources"]
    return Release(
        package=package,
        released=released,
        files=tuple(files),
        rows={resource["name"]: resource["rows"] for resource in resources},
        doi=str(package.descriptor.get("doi") or ""),
        concept_doi=str(package.descriptor.get("conceptDoi") or ""),
        url=str(package.descriptor.get("homepage") or ""),
    )


def _write(
    writer: Writer,
    package: Package,
    staged: Package,
    made: Mapping[str, bytes | Path],
    text: str,
    repository: bool = True,
) -> Released:
    """Put everything in place, all of it or nothing."""
    assert isinstance(package.root, Path)  # noqa: S101
    assert isinstance(staged.root, Path)  # noqa: S101
    places: dict[Path, bytes | Path] = {package.root / "dist" / name: content for name, content in made.items()}
    dist = list(places)
    kept = []
    if repository:
        for name in ("datapackage.json", "CHANGELOG.md", "CITATION.cff", ".zenodo.json", f"releases/{text}.json"):
            if not package.holds(name, (staged.root / name).read_bytes()):
                places[package.root / name] = staged.root / name
                kept.append(package.root / name)
    with writer.replacing(list(places)) as beside:
        for path, content in places.items():
            if isinstance(content, bytes):
                beside[path].write_bytes(content)
            else:
                shutil.copyfile(content, beside[path])
    return Released(text, kept, dist)

"""What the changelog says about rows and tables: its fragments, and the entries of past releases."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from onrecord.findings import PackageError
from onrecord.package import Package
from onrecord.versions import Version, version

__all__ = ["FOLDER", "IDENTIFIER", "TYPES", "Note", "notes", "why"]

FOLDER = "changelog.d"
_FILE = "CHANGELOG.md"
# The types of [tool.towncrier] in pyproject.toml, which a package unpacked elsewhere does not have.
TYPES = {
    "added": "Added",
    "changed": "Changed",
    "fixed": "Fixed",
    "removed": "Removed",
    "correction": "Data corrections",
    "code": "Code",
}
_IGNORED = ("readme.md", "readme.rst", "readme.txt", "readme")
_HEADING = re.compile(r"(#{2,6})\s+(.*)")
_NUMBER = re.compile(r"v?([0-9]+\.[0-9]+\.[0-9]+)\b", re.ASCII)
_BULLET = re.compile(r"[-*+]\s+(.*)")
IDENTIFIER = re.compile(r"\b[A-Z][0-9]{4,}\b", re.ASCII)


@dataclass(frozen=True)
class Note:
    """One entry: the identifiers or the table it is about, its type, and the release it stands under.

    ``released`` is None for fragments, which no release has taken up yet.
    """

    about: frozenset[str]
    kind: str
    text: str
    released: Version | None = None


def notes(package: Package) -> tuple[Note, ...]:
    """Everything that the fragments and the changelog of a package say; nothing where it has none."""
    found = list(_fragments(package))
    if package.exists(_FILE):
        found += _entries(_text(package, _FILE))
    return tuple(found)


def why(said: Iterable[Note], before: Version | None, after: Version | None) -> dict[str, str]:
    """What was said about each identifier or table between two versions: the fragments, and entries after ``before``.

    An entry of a release that the earlier state already had is no reason for what changed since.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for note in said:
        if note.released is None or (before is not None and after is not None and before < note.released <= after):
            for name in note.about:
                found[name].append(note.text)
    return {name: "; ".join(dict.fromkeys(texts)) for name, texts in found.items()}


def _fragments(package: Package) -> Iterator[Note]:
    for path in package.files(FOLDER):
        name = path.rpartition("/")[2]
        if name.lower() in _IGNORED or not package.exists(path) or not (parsed := _parts(name)):
            continue
        about, kind = parsed
        text = _text(package, path)
        # a file that names a row tells of that row, also where its text mentions another
        names = IDENTIFIER.findall(text) if about.startswith("+") else [about]
        yield Note(frozenset(names), kind, " ".join(text.split()))


def _parts(name: str) -> tuple[str, str] | None:
    """What a fragment is about and its type, as towncrier reads them: C00029.correction.md, events.changed.2.md."""
    parts = name.split(".")
    at = next((n for n, part in enumerate(parts) if n and part in TYPES), 0)
    return (".".join(parts[:at]).strip(), parts[at]) if at else None


def _text(package: Package, path: str) -> str:
    try:
        return package.read_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise PackageError(f"{package.label}/{path}: is not UTF-8; save it as UTF-8") from None


def _entries(text: str) -> Iterator[Note]:
    """The entries of a changelog that name identifiers, each with the release under whose heading it stands."""
    released, kind = None, ""
    kinds = {name: key for key, name in TYPES.items()}
    for line in _blocks(text):
        if heading := _HEADING.fullmatch(line):
            if number := _NUMBER.match(heading[2]):
                released, kind = _read(number[1]), ""
            else:
                kind = kinds.get(heading[2].strip(), "")
        elif (bullet := _BULLET.fullmatch(line)) and released is not None:
            yield Note(frozenset(IDENTIFIER.findall(bullet[1])), kind, bullet[1], released)


def _blocks(text: str) -> Iterator[str]:
    """Headings, and list entries with the lines that continue them, each as one line."""
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        begins = bool(_HEADING.fullmatch(line) or _BULLET.fullmatch(line))
        if block and (begins or not line.strip()):
            yield " ".join(block)
            block = []
        if begins or (block and line.strip()):
            block.append(line.strip())


def _read(text: str) -> Version | None:
    try:
        return version(text)
    except PackageError:
        return None

"""A state of the dataset that can be compared: from a package, or from the ledger of a release."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from onrecord import changelog
from onrecord.compat import reduced_descriptor, reduced_schema
from onrecord.findings import PackageError, shown
from onrecord.package import Package, open_package, schema_problem
from onrecord.report.escape import printable
from onrecord.revisions import NoRevision, exported, has_revision
from onrecord.tableschema import TableSchema
from onrecord.versions import Version, version

__all__ = ["Cells", "Key", "State", "find_state", "ledger", "row_hash", "state_at", "state_in_ledger", "state_of"]

_AT_A_REVISION = ("datapackage.json", "dataset", "schemas", "releases", "CHANGELOG.md", changelog.FOLDER)
_VERSION = re.compile(r"v?([0-9]+\.[0-9]+\.[0-9]+)", re.ASCII)

Key = tuple[str, ...]
Cells = dict[str, str]


@dataclass(frozen=True)
class State:
    """The dataset at one time.

    ``version`` is None where the descriptor has none that can be read. ``tables`` hold the cells of
    each row as they stand in the CSV, by key, and None where only the hash of the row is known;
    ``hashes`` are known for every row, ``labels`` for rows that people call by a name. ``retired``
    has the row of each withdrawn identifier, empty where only the identifier is known. ``notes`` is
    what the package's own changelog says.
    """

    label: str
    version: Version | None
    schemas: dict[str, dict[str, Any]]
    tables: dict[str, dict[Key, Cells | None]]
    hashes: dict[str, dict[Key, str]]
    retired: dict[str, Cells]
    descriptor: dict[str, Any]
    labels: dict[str, dict[Key, str]] = field(default_factory=dict)
    notes: tuple[changelog.Note, ...] = ()

    def identifiers(self, table: str) -> set[str]:
        """The identifiers that a table mints, none where its key is made of those of others."""
        if table not in self.schemas or not TableSchema(table, self.schemas[table]).mints_identifiers:
            return set()
        return {key[0] for key in self.hashes.get(table, {})}


class _OfAnyTime(Package):
    """A package whose schemas need not have what the rules of today read, since it may be older than they are."""

    def table_schema(self, name: str, where: Any) -> dict[str, Any]:
        """The Table Schema of a table. Raises PackageError when there is none that can be understood."""
        schema = self.read_json(where) if isinstance(where, str) and where else where
        problem = schema_problem(schema) if isinstance(schema, dict) else "is missing"
        if problem:
            raise PackageError(f"{self.label}: the schema of {name} {problem}")
        return dict(schema)


def state_of(package: Package) -> State:
    """The state of an opened package. Raises PackageError for a table that cannot be read without loss."""
    package = _OfAnyTime(package.root, package.label)
    tables: dict[str, dict[Key, Cells | None]] = {}
    hashes: dict[str, dict[Key, str]] = {}
    labels: dict[str, dict[Key, str]] = {}
    retired: dict[str, Cells] = {}
    for name in package.names:
        schema = TableSchema(name, package.schemas[name])
        rows = _rows(package, schema)
        tables[name] = dict(rows)
        hashes[name] = {key: row_hash(row.items()) for key, row in rows.items()}
        labels[name] = _labels(schema, rows)
        if name == "retired":
            retired = {key[0]: row for key, row in rows.items()}
    known = _version(package.descriptor.get("version"))
    return State(
        package.label,
        known,
        package.schemas,
        tables,
        hashes,
        retired,
        package.descriptor,
        labels,
        changelog.notes(package),
    )


def _rows(package: Package, schema: TableSchema) -> dict[Key, Cells]:
    text, findings = package.read(schema.name)
    if findings:
        raise PackageError(f"{package.label}: {findings[0]} (run 'onrecord validate' for the rest)")
    rows: dict[Key, Cells] = {}
    for number, cells in enumerate(text.rows):
        row = dict(zip(text.columns, cells, strict=True))
        key = tuple(row[name] for name in schema.primary_key)
        if key in rows:
            what = f"the key {shown(', '.join(key))} stands twice; keep one of the rows"
            raise PackageError(f"{package.label}: {text.path}:{text.lines[number]}: {what}")
        rows[key] = row
    return rows


def row_hash(cells: Iterable[tuple[str, str]]) -> str:
    """The hash of a row: of its non-empty cells with their columns.

    Neither the order of the columns nor an empty column that is appended changes it.
    """
    pairs = sorted([column, value] for column, value in cells if value)
    # escaped, since a cell may hold half a surrogate pair, which has no bytes in UTF-8
    return hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode("ascii")).hexdigest()


def _labels(schema: TableSchema, rows: Mapping[Key, Cells]) -> dict[Key, str]:
    """What people call the rows of a table with identifiers: the first text that every row must have."""
    bound = {"enum", "pattern", "maxLength"}
    names = [f.name for f in schema.fields if f.type == "string" and f.required and not bound & set(f.constraints)]
    if not schema.mints_identifiers or not names:
        return {}
    return {key: row[names[0]] for key, row in rows.items() if row[names[0]]}


def _version(text: Any) -> Version | None:
    try:
        return version(text) if isinstance(text, str) else None
    except PackageError:
        return None


def ledger(package: Package, released: str) -> dict[str, Any]:
    """The ledger of a release: what any clone needs to compare itself with it, without its archive.

    ``released`` is the date. Beside the hash of every table and row it holds the schemas and the
    descriptor, reduced to what bears on compatibility, and names of the rows that have identifiers.
    Raises PackageError where the package cannot be read, or has no version X.Y.Z.
    """
    state = state_of(package)
    if state.version is None:
        raise PackageError(f"{package.label}: the descriptor has no version such as 1.2.0; write one")
    return {
        "version": str(state.version),
        "released": released,
        "descriptor": reduced_descriptor(state.descriptor),
        "schemas": {name: reduced_schema(schema) for name, schema in state.schemas.items()},
        "tables": {
            name: {
                "sha256": hashlib.sha256(package.read_bytes(package.path(name))).hexdigest(),
                "rows": {_key_text(key): value for key, value in rows.items()},
                "names": {_key_text(key): printable(label) for key, label in state.labels[name].items()},
            }
            for name, rows in state.hashes.items()
        },
    }


def state_in_ledger(ledger: Mapping[str, Any]) -> State:
    """The state that a ledger tells of: keys, hashes and names, and no cells.

    Raises PackageError where it is none, or lacks what comparing needs.
    """
    label = f"the ledger of {shown(str(ledger.get('version')))}"
    schemas, descriptor, tables = (ledger.get(part) for part in ("schemas", "descriptor", "tables"))
    if not all(isinstance(part, dict) for part in (schemas, descriptor, tables)):
        raise PackageError(f"{label} has no schemas, descriptor or tables to compare with; restore it from the release")
    assert isinstance(schemas, dict) and isinstance(descriptor, dict) and isinstance(tables, dict)  # noqa: S101, PT018  # for the types
    hashes: dict[str, dict[Key, str]] = {}
    labels: dict[str, dict[Key, str]] = {}
    for name, table in tables.items():
        schema = schemas.get(name)
        problem = schema_problem(schema) if isinstance(schema, dict) else "is missing"
        if problem:
            raise PackageError(f"{label}: the schema of {shown(name)} {problem}; restore it from the release")
        length = len(TableSchema(name, schemas[name]).primary_key)
        hashes[name] = _by_key(label, table, "rows", length)
        labels[name] = _by_key(label, table, "names", length) if "names" in table else {}
    return State(
        label=label,
        version=_version(ledger.get("version")),
        schemas={name: schemas[name] for name in tables},
        tables={name: dict.fromkeys(rows) for name, rows in hashes.items()},
        hashes=hashes,
        retired={key[0]: {} for key in hashes.get("retired", {})},
        descriptor=descriptor,
        labels=labels,
    )


def _by_key(label: str, table: Any, part: str, length: int) -> dict[Key, str]:
    values = table.get(part) if isinstance(table, dict) else None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise PackageError(f"{label}: a table has no {part} that can be read; restore it from the release")
    return {_key(label, text, length): value for text, value in values.items()}


def _key_text(key: Key) -> str:
    """A key as the ledger writes it: an identifier as it is, a key of several parts as a JSON array."""
    if len(key) == 1:
        return key[0]
    text = json.dumps(key, ensure_ascii=False)
    return text if text.isprintable() else json.dumps(key)  # JSON with characters that nobody sees is not read


def _key(label: str, text: str, length: int) -> Key:
    if length == 1:
        return (text,)
    try:
        parts = json.loads(text)
    except (ValueError, RecursionError):
        parts = None
    if not isinstance(parts, list) or len(parts) != length or not all(isinstance(part, str) for part in parts):
        raise PackageError(f"{label}: {shown(text)} is no key of {length} parts; restore it from the release")
    return tuple(parts)


def state_at(revision: str, package: Package) -> State:
    """The state of a package at a revision of the git repository around it.

    Raises PackageError when git or the revision is missing, or what it has is no package.
    """
    if not isinstance(package.root, Path):
        raise PackageError(f"{package.label}: an archive has no revisions; name a folder in a git repository")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        archive = Path(folder) / "revision.zip"
        archive.write_bytes(exported(revision, package.root, _AT_A_REVISION))
        try:
            return replace(state_of(open_package(archive)), label=revision)
        except PackageError as error:
            raise PackageError(str(error).replace(str(archive), revision)) from None


def find_state(text: str, package: Package | None) -> State:
    """The state that somebody names: a folder or zip, a version of a package, or a revision of git.

    A version is looked for among the archives in dist/, the tags and the ledgers of the package.
    Raises PackageError, which says what was tried, where there is none.
    """
    if _is_package(text):
        return state_of(open_package(text))
    tried = ["no folder with a datapackage.json and no zip"]
    if package is not None and isinstance(package.root, Path):
        match = _VERSION.fullmatch(text)
        found = _state_of_version(match[1], package, package.root, tried) if match else None
        if found is not None:
            return found
        try:
            return state_at(text, package)
        except NoRevision as error:
            tried.append(str(error))
    else:
        tried.append("versions and revisions are those of a package, and there is none around the working folder")
    raise PackageError(f"there is nothing to compare by the name {shown(text)}: {', '.join(tried)}")


def _is_package(text: str) -> bool:
    try:
        path = Path(text)
        return path.is_file() or (path / "datapackage.json").is_file()
    except (OSError, ValueError):
        return False


def _state_of_version(number: str, package: Package, root: Path, tried: list[str]) -> State | None:
    name = f"onrecord-{number}.zip"
    for path in (*sorted((root / "dist").rglob(name)), root / name):
        if path.is_file():
            return replace(state_of(open_package(path)), label=number)
    if has_revision(f"refs/tags/v{number}", root):
        return replace(state_at(f"refs/tags/v{number}", package), label=number)
    if number in package.releases:
        return replace(state_in_ledger(package.releases[number]), label=number)
    tried.append(f"no {name} in dist/, no tag v{number}, no releases/{number}.json")
    return None

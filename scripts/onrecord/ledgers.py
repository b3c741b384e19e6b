"""Ledgers of releases: what any clone needs to compare itself with one, without its archive."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from onrecord.compat import reduced_descriptor, reduced_schema
from onrecord.findings import PackageError, shown
from onrecord.package import Package, schema_problem
from onrecord.report.escape import printable
from onrecord.snapshot import Key, State, known_version, state_of
from onrecord.tableschema import TableSchema

__all__ = ["ledger", "state_in_ledger"]


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
        version=known_version(ledger.get("version")),
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

"""What of a schema and a descriptor bears on compatibility, and the hash of all else that they say."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

__all__ = ["HASH", "foreign_key", "key_fields", "reduced_descriptor", "reduced_schema"]

_SCHEMA = ("fields", "primaryKey", "uniqueKeys", "foreignKeys", "missingValues")
_FIELD = ("name", "type", "format", "constraints")
_DESCRIPTOR = ("name", "id", "licenses", "resources")
# They name a release or follow from the tables, and by the recipe a file may move without a new version.
_BESIDE = ("version", "created", "path", "schema", "hash", "bytes", "rows")
HASH = "others_sha256"


def reduced_schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A Table Schema with names, types, formats, constraints and keys alone; a reduced one stays as it is.

    ``others_sha256``, of the schema and of each field, stands for what is left out, so that two reduced
    schemas still show whether a description changed.
    """
    fields = [
        {
            "name": f["name"],
            "type": f.get("type", "string"),
            "format": f.get("format", "default"),
            "constraints": {name: value for name, value in f.get("constraints", {}).items() if value is not False},
            HASH: _rest(f, _FIELD),
        }
        for f in schema["fields"]
    ]
    return {
        "fields": fields,
        "primaryKey": key_fields(schema.get("primaryKey", [])),
        "uniqueKeys": sorted(key_fields(key) for key in schema.get("uniqueKeys", [])),
        "foreignKeys": sorted(
            (_foreign(key) for key in schema.get("foreignKeys", [])), key=lambda key: json.dumps(key, sort_keys=True)
        ),
        "missingValues": list(schema.get("missingValues", [""])),
        HASH: _rest(schema, _SCHEMA),
    }


def reduced_descriptor(descriptor: Mapping[str, Any]) -> dict[str, Any]:
    """A descriptor with its name, identifier, licences and the names of its tables; a reduced one stays as it is."""
    resources = [r for r in descriptor.get("resources", []) if isinstance(r, dict)]
    return {
        "name": descriptor.get("name"),
        "id": descriptor.get("id"),
        "licenses": descriptor.get("licenses", []),
        "resources": [{"name": r.get("name"), HASH: _rest(r, ("name", *_BESIDE))} for r in resources],
        HASH: _rest(descriptor, (*_DESCRIPTOR, *_BESIDE)),
    }


def key_fields(key: Any) -> list[str]:
    """The fields of a key, which may be written as one name."""
    return [key] if isinstance(key, str) else [str(name) for name in key]


def foreign_key(key: Mapping[str, Any]) -> str:
    """A foreign key in words: ``claim_id → claims.claim_id``."""
    to = key["reference"]
    return f"{', '.join(key['fields'])} → {to['resource'] or 'itself'}.{', '.join(to['fields'])}"


def _foreign(key: Mapping[str, Any]) -> dict[str, Any]:
    to = key["reference"]
    return {
        "fields": key_fields(key["fields"]),
        "reference": {"resource": to.get("resource", ""), "fields": key_fields(to["fields"])},
    }


def _rest(value: Mapping[str, Any], without: tuple[str, ...]) -> str:
    """The hash of all else that an object says; an object that is reduced already brings its own."""
    if isinstance(value.get(HASH), str):
        return str(value[HASH])
    rest = {name: item for name, item in value.items() if name not in without}
    return hashlib.sha256(json.dumps(rest, sort_keys=True, ensure_ascii=True).encode("ascii")).hexdigest()

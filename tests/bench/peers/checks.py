"""The list of checks that both Pandera peers are handed: what the Table Schemas of a package say, and no more."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["LEXICAL", "ForeignKey", "Table", "tables"]

# A cell is of its type when it is written so and is such a value, as in onrecord.tableschema.
LEXICAL = {
    "integer": r"^(?:0|-?[1-9][0-9]*)$",
    "number": r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "boolean": r"^(?:true|false)$",
}


@dataclass(frozen=True)
class ForeignKey:
    """Columns whose values must be those of a row of another table."""

    columns: list[str]
    table: str
    other_columns: list[str]


@dataclass(frozen=True)
class Table:
    """One table: its file, its columns with type and constraints, its keys of several columns, what it refers to."""

    name: str
    path: Path
    columns: dict[str, tuple[str, dict[str, Any]]]
    together: list[list[str]] = field(default_factory=list)
    foreign: list[ForeignKey] = field(default_factory=list)


def tables(folder: Path) -> list[Table]:
    """The tables of a package with their checks."""
    found = []
    for resource in json.loads((folder / "datapackage.json").read_bytes())["resources"]:
        schema = json.loads((folder / resource["schema"]).read_bytes())
        keys = [schema["primaryKey"], *schema.get("uniqueKeys", [])]
        found.append(
            Table(
                resource["name"],
                folder / resource["path"],
                {f["name"]: (f.get("type", "string"), f.get("constraints", {})) for f in schema["fields"]},
                [key for key in keys if isinstance(key, list) and len(key) > 1],
                [
                    ForeignKey(
                        k["fields"], k["reference"].get("resource") or resource["name"], k["reference"]["fields"]
                    )
                    for k in schema.get("foreignKeys", [])
                ],
            )
        )
    return found

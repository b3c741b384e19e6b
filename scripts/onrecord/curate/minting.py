"""New identifiers: the number after the highest that a table ever had, in the dataset, its releases, or retired."""

from __future__ import annotations

import re
from collections.abc import Iterable

from onrecord.curate.tables import Tables
from onrecord.package import Package

__all__ = ["Mint"]

_ID = re.compile(r"[A-Z]([0-9]+)", re.ASCII)
_PATTERN = re.compile(r"\^([A-Z])\[0-9\]\{([0-9]+),\}\$")


class Mint:
    """Gives identifiers that nobody has or had."""

    def __init__(self, package: Package, tables: Tables) -> None:
        self._form: dict[str, tuple[str, int]] = {}
        self._last: dict[str, int] = {}
        for name, schema in tables.schemas.items():
            if not schema.mints_identifiers:
                continue
            field = schema.field[schema.primary_key[0]]
            match = _PATTERN.fullmatch(str(field.constraints["pattern"]))
            if match is None:
                continue
            self._form[name] = match[1], int(match[2])
            had = [key[0] for key in tables.rows[name]]
            for ledger in package.releases.values():
                had += list(ledger["tables"].get(name, {}).get("rows", {}))
            had += [r["retired_id"] for r in tables.rows.get("retired", {}).values() if r["table_name"] == name]
            self._last[name] = _highest(match[1], had)

    def next(self, table: str) -> str:
        """The next identifier of a table."""
        self._last[table] += 1
        letter, width = self._form[table]
        return f"{letter}{self._last[table]:0{width}}"


def _highest(letter: str, identifiers: Iterable[str]) -> int:
    found = (_ID.fullmatch(one) for one in identifiers if one.startswith(letter))
    return max((int(match[1]) for match in found if match), default=0)

"""Findings without number: kept beside memory, counted, put in order, and written as one Parquet."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from onrecord.findings import Finding, Level

if TYPE_CHECKING:
    from onrecord.duck import Duck

__all__ = ["Listing"]

_TEXTS = ("path", "rule", "message", "fix", "table", "field", "value", "level")
_TYPES = {"place": "int64", "line": "int64", "column": "int64", **dict.fromkeys(_TEXTS, "string")}
_ORDER = 'place, path, line, "column", rule, message'
_COLUMNS = 'path, line, "column", rule, message, fix, "table", field, value, level'
_FULL = 10_000


class Listing:
    """Findings of single cells, rows and files, kept in a table of DuckDB.

    ``order`` are the paths of the files in the order in which their findings are listed; others come first.
    """

    def __init__(self, duck: Duck, order: Iterable[str]) -> None:
        self._duck = duck
        self._place = {path: number for number, path in enumerate(order)}
        self._lock = threading.Lock()
        self._waiting: list[tuple[Any, ...]] = []
        duck.put("findings", _TYPES, [])

    def add(self, findings: Iterable[Finding]) -> None:
        """Keep findings, of several threads if need be."""
        for f in findings:
            place = self._place.get(f.path, -1)
            row = (place, f.line, f.column, f.path, f.rule, f.message, f.fix, f.table, f.field, f.value, f.level)
            with self._lock:
                self._waiting.append(row)
                if len(self._waiting) >= _FULL:
                    self._flush()

    def _flush(self) -> None:
        self._duck.append("findings", _TYPES, self._waiting)
        self._waiting = []

    def narrow(self, rules: Iterable[str], tables: Iterable[str], always: Iterable[str]) -> None:
        """Drop findings of other rules and of other tables, where any are given; of rules ``always``, none."""
        self._flush()
        for column, wanted in (("rule", list(rules)), ('"table"', list(tables))):
            if wanted:
                self._duck.run(
                    f"DELETE FROM findings WHERE NOT {column} IN $1 AND NOT rule IN $2", [wanted, list(always)]
                )

    @property
    def counts(self) -> Counter[tuple[Level, str]]:
        """How many findings each rule has, by level and rule."""
        self._flush()
        rows = self._duck.rows("SELECT level, rule, count(*) FROM findings GROUP BY level, rule")
        return Counter({(cast(Level, level), rule): count for level, rule, count in rows})

    @property
    def files(self) -> int:
        """In how many files something was found."""
        self._flush()
        return int(next(self._duck.rows("SELECT count(DISTINCT path) FROM findings"))[0])

    def first(self, most: int | None, each: int | None = None) -> list[Finding]:
        """The first findings in order, errors first: ``most`` in all, and of each rule ``each``."""
        self._flush()
        cut = (
            f"QUALIFY row_number() OVER (PARTITION BY level, rule ORDER BY {_ORDER}) <= {each}"
            if each is not None
            else ""
        )
        limit = f"LIMIT {most}" if most is not None else ""
        rows = self._duck.rows(f"SELECT {_COLUMNS} FROM findings {cut} ORDER BY level, {_ORDER} {limit}")
        return [Finding(*row) for row in rows]

    def write(self, path: Path) -> None:
        """Write all findings in order, one row each, as a Parquet."""
        self._flush()
        self._duck.write(f"SELECT {_COLUMNS} FROM findings ORDER BY level, {_ORDER}", path)

"""Ibis expressions as SQL: what the model needs is compiled ahead and comes with the program, the rest when it is asked for.

Compiling takes longer than running. What was compiled ahead is kept in ``compiled.json`` under a hash
of all that it was compiled from, the program's text among it, so that it cannot be out of date.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["STORE", "Compiled"]

STORE = Path(__file__).parent / "compiled.json"
_SOURCES = ("scan.py", "queries.py", "cells.py", "tableschema.py", "ruling.py", "rules/*.py")


class Compiled:
    """SQL in one dialect of Ibis (``duckdb``, ``pyspark`` …).

    ``made`` holds all that was asked for, by its key.
    """

    def __init__(self, dialect: str) -> None:
        self.dialect = dialect
        self._lock = threading.RLock()
        self.made: dict[str, list[str]] = {}

    def __call__(self, what: str, inputs: Any, make: Callable[[], Iterable[ir.Table]]) -> list[str]:
        """The SQL of the expressions that ``make`` returns; ``what`` and ``inputs`` (JSON) say from what it makes them."""
        return self.texts(what, inputs, lambda: [self._sql(expression) for expression in make()])

    def texts(self, what: str, inputs: Any, make: Callable[[], list[str]]) -> list[str]:
        """Texts that depend on nothing but ``inputs``, the dialect and the program."""
        told = json.dumps([self.dialect, what, inputs, _program()], sort_keys=True)
        key = hashlib.sha256(told.encode("utf-8")).hexdigest()
        with self._lock:
            if key not in self.made:
                self.made[key] = _store()[key] if key in _store() else make()
        return self.made[key]

    def _sql(self, expression: ir.Table) -> str:
        import ibis

        getattr(ibis, self.dialect)  # without its backend, some dialects lack their options
        return str(ibis.to_sql(expression, dialect=self.dialect, pretty=False))


@cache
def _store() -> dict[str, list[str]]:
    return json.loads(STORE.read_bytes()) if STORE.is_file() else {}


@cache
def _program() -> str:
    """A hash of the modules that make expressions."""
    home = Path(__file__).parent
    files = [path for name in _SOURCES for path in sorted(home.glob(name))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in files)).hexdigest()

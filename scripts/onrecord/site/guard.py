"""Bounds what strangers' SQL may do, and answers in words what Datasette cannot read."""

from __future__ import annotations

import importlib
import sqlite3
import weakref
from typing import Any

from datasette import hookimpl
from datasette.app import Datasette  # noqa: F401  # registers the plugin below, which must not be loaded before it
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

__all__ = ["LIMITS", "Guard"]

handle_exception = importlib.import_module("datasette.handle_exception")
# With rich it draws a traceback with all locals for every refused query, and nobody else is answered meanwhile.
handle_exception.rich = None  # type: ignore[attr-defined]

LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 100_000,  # of a cell or row: a thousand of them must fit into memory
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1_000,  # matching is no step of SQLite's, so the time limit cannot cut it
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 50_000,
    sqlite3.SQLITE_LIMIT_COLUMN: 200,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
"""What a connection that runs strangers' SQL may do, beyond Datasette's settings."""
_MOST = 5_000_000
_FUNCTIONS = {"printf", "format", "fts3_tokenizer", "load_extension"}
"""printf pads to any width without a step that the time limit could cut; the others reach out of the database."""
_PRAGMAS = {
    "data_version",
    "foreign_key_list",
    "index_info",
    "index_list",
    "index_xinfo",
    "schema_version",
    "table_info",
}
_PRAGMAS |= {"function_list", "max_page_count", "page_count", "page_size", "table_xinfo"}
"""Those that Datasette and full-text search ask for, and those that Datasette allows strangers; none sets anything."""


class Guard:
    """A plugin that bounds what strangers' SQL may do, and answers in words what Datasette cannot read."""

    __name__ = "onrecord.site.guard"

    @hookimpl  # type: ignore[untyped-decorator]
    def prepare_connection(self, conn: sqlite3.Connection, database: str) -> None:
        """Bound a connection to the dataset, beyond the time limit and the row limit of Datasette."""
        if database != "onrecord":
            return
        for limit, value in LIMITS.items():
            conn.setlimit(limit, value)
        conn.set_authorizer(_allowed)
        conn.row_factory = _Rows()

    @hookimpl(tryfirst=True)  # type: ignore[untyped-decorator]
    def handle_exception(self, datasette: Any, request: Any, exception: Exception) -> Any:
        """Say what went wrong without the words of the exception, and call a wrong query the asker's mistake."""
        if isinstance(exception, (Base400, DatasetteError)):
            if getattr(exception, "status", 0) == 500:  # Datasette's default, as for a column that is not there
                exception.status = 400
            return None
        if request.query_string and request.path.startswith("/onrecord"):
            told = DatasetteError("The query of this address cannot be understood", status=400)
        else:
            told = DatasetteError("Something went wrong here; try another page", status=500)
        return handle_exception.handle_exception(datasette, request, told)


class _Rows:
    """Makes the rows of one connection, and stops a query whose answer gets too large for memory."""

    def __init__(self) -> None:
        self._cursor: weakref.ref[sqlite3.Cursor] | None = None
        self._size = 0

    def __call__(self, cursor: sqlite3.Cursor, cells: tuple[Any, ...]) -> sqlite3.Row:
        if self._cursor is None or self._cursor() is not cursor:
            self._cursor, self._size = weakref.ref(cursor), 0
        self._size += sum(len(cell) for cell in cells if isinstance(cell, (str, bytes)))
        if self._size > _MOST:
            raise sqlite3.OperationalError(f"the answer has more than {_MOST:,} characters; ask for less")
        return sqlite3.Row(cursor, cells)


def _allowed(action: int, first: str | None, second: str | None, *_: object) -> int:
    """What SQLite asks before a statement runs."""
    if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH):
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_FUNCTION and str(second).casefold() in _FUNCTIONS:
        return sqlite3.SQLITE_DENY
    if action == sqlite3.SQLITE_PRAGMA and str(first).casefold() not in _PRAGMAS:
        return sqlite3.SQLITE_IGNORE  # among them database_list, which names folders of the machine
    return sqlite3.SQLITE_OK

"""Datasette on a built database, with our pages, behind a gate that bounds what strangers may ask for."""

from __future__ import annotations

import asyncio
import importlib
import re
import sqlite3
import weakref
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm
from datasette.utils.asgi import Base400
from datasette.views.base import DatasetteError

from onrecord.findings import PackageError, shown
from onrecord.package import Package
from onrecord.site.downloads import downloads
from onrecord.site.metadata import metadata
from onrecord.site.plugin import Plugin
from onrecord.site.records import PREFIXES
from onrecord.site.render import Site

handle_exception = importlib.import_module("datasette.handle_exception")  # once datasette.app has registered it

__all__ = ["LIMITS", "SETTINGS", "Gate", "Guard", "Public", "application", "public"]

SETTINGS = {
    "suggest_facets": False,
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 200,
    "max_returned_rows": 1000,
    "max_csv_mb": 50,
    "default_page_size": 50,
    "num_sql_threads": 8,  # twice as many as strangers' SQL may occupy, so that tables always answer
    "allow_download": True,
}
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
_OPEN = re.compile(
    r"/-/(?:(?:metadata|versions|settings|plugins)(?:\.json)?|static(?:-plugins)?/.*)", re.ASCII | re.DOTALL
)
_AT_ONCE = 4
_WAITING = 100
_HERE = Path(__file__).parent
_HOST = re.compile(r"(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
_STEPS = re.compile(r"(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*/?", re.ASCII)
_OWN = {"onrecord", "assets", "as-of", "origins", "cite", "question", "report", *PREFIXES.values()}
_EXAMPLE = "write it whole, such as https://data.example.org/ or https://example.org/on-record/"

Scope = MutableMapping[str, Any]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Public:
    """The address at which readers find the site: scheme, host with port, and a path between slashes."""

    scheme: str = ""
    host: str = ""
    base: str = "/"

    @property
    def origin(self) -> str:
        """The whole address; empty where only requests tell it."""
        return f"{self.scheme}://{self.host}{self.base}" if self.host else ""


def public(url: str | None) -> Public:
    """The parts of a public address. Raises PackageError for one that readers could not use."""
    if url is None:
        return Public()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise PackageError(f"--url {shown(url)} is no address; {_EXAMPLE}") from None
    if not url.isprintable() or parts.scheme not in ("http", "https") or not _HOST.fullmatch(parts.netloc) or port == 0:
        raise PackageError(f"--url {shown(url)} has no http:// or https:// with a host; {_EXAMPLE}")
    if "?" in url or "#" in url:
        raise PackageError(f"--url {shown(url)} ends in a query or a fragment; {_EXAMPLE}")
    if not _STEPS.fullmatch(parts.path):
        raise PackageError(
            f"--url {shown(url)}: its path may have letters, digits, '-', '_' and '.' between slashes; {_EXAMPLE}"
        )
    first = parts.path.split("/")[1:2]
    if first and first[0] in _OWN:
        raise PackageError(
            f"--url {shown(url)}: /{first[0]}/ is an address of the site itself; serve it below another path"
        )
    return Public(parts.scheme, parts.netloc, parts.path.rstrip("/") + "/")


class Gate:
    """Stands before Datasette: reading only, no strange hosts, nobody signed in, one public address.

    A few free queries run at a time, so that they leave threads for all else. Pages for those who
    develop plugins are closed.

    A proxy may pass the path of the public address on, or strip it: inside it is never there, since
    Datasette puts it before the path of the request in some links.
    """

    def __init__(self, app: Asgi, at: Public) -> None:
        self._app = app
        self._at = at
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refused = _refused(scope)
        if refused:
            await _say(send, *refused)
        elif scope["path"] == self._at.base.rstrip("/") != "":
            await _say(send, 301, "The site is one slash further.", location=self._at.base)
        else:
            placed = self._placed(scope)
            if placed["path"].startswith("/-/") and not _OPEN.fullmatch(placed["path"]):
                await _say(send, 404, "Nothing stands here.")
            else:
                await self._queue(placed, receive, self._led(send))

    async def _queue(self, scope: Scope, receive: Any, send: Any) -> None:
        """Let free queries wait for their turn, so that they leave threads for all else."""
        async with AsyncExitStack() as turn:
            if _asks_sql(scope):
                if self._waiting >= _WAITING:
                    await _say(send, 503, "Too many queries at once; try again in a few seconds.")
                    return
                self._waiting += 1
                try:
                    await turn.enter_async_context(self._turns)
                finally:
                    self._waiting -= 1
            await self._app(scope, receive, send)

    def _placed(self, scope: Scope) -> Scope:
        """The request as if it had come to the public address itself, with its path in full."""
        headers = [(name, value) for name, value in scope["headers"] if name not in (b"cookie", b"authorization")]
        changed: dict[str, Any] = {"headers": headers}
        if self._at.host:
            others = [(name, value) for name, value in headers if name != b"host"]
            changed = {"scheme": self._at.scheme, "headers": [*others, (b"host", self._at.host.encode("ascii"))]}
        if scope["path"].startswith(self._at.base):
            skipped = len(self._at.base) - 1
            changed |= {"path": scope["path"][skipped:], "raw_path": _raw(scope)[skipped:]}
        return {**scope, **changed}

    def _led(self, send: Any) -> Any:
        """Redirects of Datasette's lead to the path that it sees, so the public one is put before it."""
        base = self._at.base.encode("ascii")

        async def led(message: Scope) -> None:
            headers = [
                (name, base + value[1:] if _leads_out(name, value, base) else value)
                for name, value in message.get("headers", ())
            ]
            await send({**message, "headers": headers} if headers else message)

        return send if base == b"/" else led


def _leads_out(name: bytes, value: bytes, base: bytes) -> bool:
    return name.lower() == b"location" and value.startswith(b"/") and not value.startswith((b"//", base))


def _raw(scope: Scope) -> bytes:
    return bytes(scope.get("raw_path") or scope["path"].encode("utf-8"))


def _refused(scope: Scope) -> tuple[int, str] | None:
    """Why a request is not even looked at, with its status."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if scope["method"] not in ("GET", "HEAD"):
        return 405, "This site is only read: GET and HEAD."
    if len(hosts) > 1 or not all(_HOST.fullmatch(host) for host in hosts):
        return 400, "The Host header is no host."
    if not _raw(scope).startswith(b"/"):
        return 400, "The address does not begin with a slash."
    if _raw(scope).startswith((b"//", b"/\\")):  # Datasette would redirect to it, and browsers take it for a host
        return 404, "No address begins with two slashes."
    return None


def _asks_sql(scope: Scope) -> bool:
    """Whether a request brings SQL of its own."""
    try:
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    except ValueError:
        return True
    return any(name in ("sql", "_where") for name, _ in asked)


async def _say(send: Any, status: int, text: str, location: str = "") -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"x-content-type-options", b"nosniff")]
    headers += [(b"allow", b"GET, HEAD")] if status == 405 else []
    headers += [(b"retry-after", b"5")] if status == 503 else []
    headers += [(b"location", location.encode("ascii"))] if location else []
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"{text}\n".encode()})


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


def application(package: Package, folder: Path, at: Public | None = None) -> Asgi:
    """An ASGI application that serves what was built in ``folder``, immutable, at a public address."""
    # With rich it draws a traceback with all locals for every refused query, and nobody else is answered meanwhile.
    handle_exception.rich = None  # type: ignore[attr-defined]
    at = at or Public()
    site = Site(package, folder / "onrecord.db", origin=at.origin)
    for plugin in [p for p in pm.get_plugins() if isinstance(p, (Plugin, Guard))]:
        pm.unregister(plugin)
    pm.register(Plugin(site, downloads(package, folder)), name="onrecord")
    pm.register(Guard(), name="onrecord.guard")
    datasette = Datasette(
        [],
        immutables=[str(folder / "onrecord.db")],
        metadata=metadata(package),
        static_mounts=[("assets", str(_HERE / "static"))],
        settings={**SETTINGS, "base_url": at.base},
    )
    return Gate(datasette.app(), at)

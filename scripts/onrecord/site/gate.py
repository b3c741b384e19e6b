"""Stands before Datasette and bounds what strangers may ask for."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import AsyncExitStack
from typing import Any
from urllib.parse import parse_qsl

from onrecord.site.public import HOST, Public

__all__ = ["Asgi", "Gate"]

_OPEN = re.compile(
    r"/-/(?:(?:metadata|versions|settings|plugins)(?:\.json)?|static(?:-plugins)?/.*)", re.ASCII | re.DOTALL
)
_AT_ONCE = 4
_WAITING = 100

Scope = MutableMapping[str, Any]
Asgi = Callable[[Scope, Any, Any], Awaitable[None]]


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
    if len(hosts) > 1 or not all(HOST.fullmatch(host) for host in hosts):
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

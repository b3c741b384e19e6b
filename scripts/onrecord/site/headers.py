"""The security headers of every answer: what a page may load, and what it tells others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

__all__ = ["HEADERS", "with_headers"]

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

HEADERS = {
    "content-security-policy": (
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "object-src 'none'; img-src 'self' data:"
    ),
    "referrer-policy": "strict-origin-when-cross-origin",
    "x-content-type-options": "nosniff",
}
"""One policy for all pages: no script and no style stands in any of them."""


def with_headers(application: Application) -> Application:
    """The same application, whose every answer over HTTP has the headers."""
    ours = [(name.encode("ascii"), value.encode("ascii")) for name, value in HEADERS.items()]
    names = {name for name, _ in ours}

    async def wrapped(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                others = [pair for pair in message.get("headers", []) if bytes(pair[0]).lower() not in names]
                message = {**message, "headers": [*others, *ours]}
            await send(message)

        await application(scope, receive, send_with if scope["type"] == "http" else send)

    return wrapped

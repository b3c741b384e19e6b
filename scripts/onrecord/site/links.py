"""Addresses: of pages on a server or in plain files, of sources, and of passages on a live page."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode, urlsplit

__all__ = ["Links", "passage", "web"]


@dataclass(frozen=True)
class Links:
    """Where links lead: absolute under ``base``, or relative to ``page``, the address of a plain file.

    ``base`` begins and ends with a slash, ``page`` has none around it. ``live`` says whether a server
    answers, so that searches, tables and SQL work.
    """

    base: str = "/"
    page: str | None = None
    live: bool = True

    def to(self, path: str = "", **query: object) -> str:
        """The address of a page, such as ``claim/C00001``; empty for the home page."""
        asked = {k: str(v) for k, v in query.items() if v not in (None, "")}
        encoded = quote(path, safe="/.-_~")
        if self.page is None:
            return self.base + encoded + (f"?{urlencode(asked)}" if asked else "")
        return self._up + (f"{encoded}/" if encoded else "") or "./"

    def file(self, path: str) -> str:
        """The address of a file, such as ``assets/onrecord.css``."""
        return (self.base if self.page is None else self._up) + quote(path, safe="/.-_~")

    def table(self, name: str, **query: object) -> str:
        """The address of a table in Datasette, filtered by columns; in plain files the guide to it."""
        if not self.live:
            return f"{self.to('guide')}#{quote(name)}"
        asked = {k: str(v) for k, v in query.items()}
        return f"{self.base}onrecord/{quote(name)}" + (f"?{urlencode(asked)}" if asked else "")

    @property
    def _up(self) -> str:
        depth = len([part for part in str(self.page).split("/") if part])
        return "../" * depth


def web(address: str | None) -> str | None:
    """An address that may stand in a link: http and https only, since a cell may hold anything."""
    text = (address or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc else None


def passage(address: str | None, first: str | None, last: str | None) -> str | None:
    """A link that opens a live page at a passage and highlights it, by its first and last words.

    Text fragments: https://wicg.github.io/scroll-to-text-fragment/. None without an address or words.
    """
    page = web(address)
    if page is None or not first:
        return None
    words = ",".join(quote(text.strip(), safe="").replace("-", "%2D") for text in (first, last) if text)
    return f"{page}{'' if '#' in page else '#'}:~:text={words}"

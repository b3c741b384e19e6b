"""What a page is asked for, what it is made from, and what it can be."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from onrecord.cite import Citation, citation
from onrecord.site.records import PREFIXES, Records
from onrecord.site.words import Words

__all__ = ["IDENTIFIER", "Asked", "Found", "Moved", "Page", "Shelf", "Text", "address", "missing", "title"]

IDENTIFIER = re.compile(r"[A-Z][0-9]{4,9}", re.ASCII)


@dataclass(frozen=True)
class Shelf:
    """What pages are made from: the records, the words for codes, the descriptor, the tables and the charts."""

    records: Records
    words: Words
    descriptor: Mapping[str, Any]
    tables: tuple[Any, ...] = ()
    charts: Mapping[str, str] = field(default_factory=dict)
    origin: str = ""
    """The address that readers use, such as ``https://data.example.org/``, for citations; may be empty."""

    def cited(self, path: str = "", identifier: str = "", summary: str = "") -> Citation:
        """The citation of a page, with its address where one is known."""
        return citation(self.descriptor, self.origin and self.origin + path, identifier, summary)


@dataclass(frozen=True)
class Asked:
    """One request: the shelf, the address as it was matched, and the query behind it."""

    shelf: Shelf
    match: re.Match[str]
    query: Mapping[str, str]


@dataclass(frozen=True)
class Page:
    """A page to be rendered; ``section`` is the entry of the menu that it belongs to."""

    template: str
    title: str
    context: Mapping[str, Any]
    section: str = ""
    status: int = 200


@dataclass(frozen=True)
class Text:
    """A file to be sent as it is."""

    body: str
    media: str
    name: str


@dataclass(frozen=True)
class Moved:
    """Another address, for good (301) or for now (302)."""

    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    status: int = 301
    fragment: str = ""


Found = Page | Text | Moved


def address(shelf: Shelf, identifier: str) -> str | None:
    """The path of an identifier that is there or was retired."""
    if identifier.startswith("V"):
        claim = shelf.records.evidence_claim(identifier)
        return f"claim/{claim}" if claim else None
    kind = PREFIXES.get(identifier[:1])
    if kind is None:
        return None
    there = shelf.records.number(f"SELECT 1 FROM {kind}s WHERE {kind}_id = :id", id=identifier)
    return f"{kind}/{identifier}" if there or shelf.records.retired(identifier) else None


def missing(shelf: Shelf, path: str) -> Page | Moved:
    """Nothing stands there: gone for good (410), moved to a replacement, or unknown (404) with what is like it."""
    found = IDENTIFIER.search(path.upper())
    identifier = found[0] if found else ""
    retired = shelf.records.retired(identifier) if identifier else None
    if retired and retired["replacement_id"]:
        at = address(shelf, retired["replacement_id"])
        if at:
            return Moved(at, {"was": identifier})
    if retired:
        return Page("gone.html", f"{identifier} was withdrawn", {"retired": retired}, status=410)
    kind = PREFIXES.get(identifier[:1])
    near: list[str] = []
    if kind:
        every = [row["id"] for row in shelf.records.all(f"SELECT {kind}_id AS id FROM {kind}s")]
        near = difflib.get_close_matches(identifier, every, 5, 0.6)
    return Page(
        "missing.html",
        "Not found",
        {"wanted": path[:80], "identifier": identifier, "near": near, "kind": kind},
        status=404,
    )


_TITLE = {
    "claim": "claim_summary",
    "proposition": "proposition",
    "event": "event_title",
    "actor": "actor_name",
    "source": "title",
    "place": "place_name",
}


def title(shelf: Shelf, identifier: str) -> str:
    """What a record is called, its summary for a claim; empty for an unknown identifier."""
    kind = PREFIXES.get(identifier[:1])
    if kind is None:
        return ""
    row = shelf.records.one(f"SELECT {_TITLE[kind]} AS title FROM {kind}s WHERE {kind}_id = :id", id=identifier)
    return str(row["title"]) if row else ""

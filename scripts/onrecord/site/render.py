"""Pages as HTML: Jinja templates, with everything escaped that is not markup of ours."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from onrecord import database
from onrecord.package import Package
from onrecord.site.charts import charts
from onrecord.site.links import Links, passage, web
from onrecord.site.pages import find
from onrecord.site.records import Records
from onrecord.site.shelf import Moved, Page, Shelf, Text
from onrecord.site.words import Words, day, spoken
from onrecord.tableschema import TableSchema

__all__ = ["Answer", "Site"]

_MENU = (
    ("propositions", "Propositions"),
    ("timeline", "Timeline"),
    ("as-of", "As of a day"),
    ("origins", "Origins"),
    ("forecasts", "Forecasts"),
    ("map", "Map"),
    ("questions", "Questions"),
    ("actors", "Actors"),
    ("sources", "Sources"),
    ("guide", "Tables"),
    ("downloads", "Download"),
)


@dataclass(frozen=True)
class Answer:
    """What is sent: status, media type, the bytes, and where it leads if elsewhere."""

    status: int
    media: str
    body: bytes
    location: str = ""
    name: str = ""


class Site:
    """The pages of one built dataset. Threads may share it: each has a connection of its own, read-only."""

    def __init__(self, package: Package, built: Path, origin: str = "") -> None:
        self._path = built
        self._local = threading.local()
        schemas = [TableSchema(name, package.schemas[name]) for name in package.names]
        self.tables = (database.flat_schema(package), *schemas)
        self.words = Words(
            {(f.name, t["value"]): t["label"] for s in self.tables for f in s.fields for t in f.categories}
        )
        recorded = package.releases.get(str(package.descriptor.get("version")), {})
        self.descriptor = {**package.descriptor, **{k: recorded[k] for k in ("released",) if k in recorded}}
        self.origin = origin or (web(self.descriptor.get("homepage")) or "")
        self.charts = charts(self._records())
        self.environment = _environment()
        self.environment.globals.update(
            words=self.words, spoken=spoken, day=day, web=web, passage=passage, menu=_MENU, dataset=self.about
        )

    @property
    def about(self) -> dict[str, str]:
        """Title, version and licence, as every page names them."""
        licences = self.descriptor.get("licenses")
        first = licences[0] if isinstance(licences, list) and licences and isinstance(licences[0], dict) else {}
        title, _, subtitle = str(self.descriptor.get("title") or "Dataset").partition(":")
        return {
            "title": title.strip(),
            "subtitle": subtitle.strip(),
            "description": str(self.descriptor.get("description", "")),
            "version": str(self.descriptor.get("version", "")),
            "licence": str(first.get("title") or first.get("name") or ""),
            "licence_url": web(first.get("path")) or "",
        }

    def _records(self) -> Records:
        """The records, for the thread that asks."""
        connection = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            connection.execute("PRAGMA query_only = ON")
            self._local.connection = connection
        return Records(connection)

    def shelf(self) -> Shelf:
        """What pages are made from, for the thread that asks."""
        return Shelf(self._records(), self.words, self.descriptor, self.tables, self.charts, self.origin)

    def answer(self, path: str, query: Mapping[str, str], links: Links) -> Answer:
        """The answer to an address, given without slashes around it."""
        found = find(self.shelf(), path, query)
        if isinstance(found, Text):
            return Answer(200, found.media, found.body.encode("utf-8"), name=found.name)
        if isinstance(found, Moved):
            target = links.to(found.path, **found.query) + (f"#{found.fragment}" if found.fragment else "")
            page = Page(
                "moved.html", "Moved", {"target": target, "was": found.query.get("was", "")}, status=found.status
            )
            return Answer(found.status, "text/html; charset=utf-8", self.html(page, links), target)
        return Answer(found.status, "text/html; charset=utf-8", self.html(found, links))

    def html(self, page: Page, links: Links) -> bytes:
        """A page as HTML, in UTF-8."""
        template = self.environment.get_template(page.template)
        context: dict[str, Any] = {**page.context, "title": page.title, "section": page.section, "status": page.status}
        return template.render(context, links=links, url=links.to).encode("utf-8", errors="replace")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("onrecord.site"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["thousands"] = lambda number: f"{number:,}"
    return environment

"""What the cells of Datasette's tables show: names for identifiers, chips for codes, dates in words, safe links."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from onrecord.database import STORED
from onrecord.site.links import Links, web
from onrecord.site.records import PREFIXES
from onrecord.site.render import Site
from onrecord.site.shelf import IDENTIFIER, title
from onrecord.site.words import spoken
from onrecord.tableschema import Field

__all__ = ["Cells", "column_classes", "column_order", "escape_search", "table_groups"]

_GROUPS = (
    ("Begin here", ("flat",)),
    ("What was said", ("claims", "attributions", "evidence", "claim_links")),
    (
        "What it was said of",
        ("propositions", "proposition_actors", "proposition_events", "proposition_links", "resolutions"),
    ),
    ("What happened, and where", ("events", "event_actors", "places")),
    ("Who", ("actors", "actor_names", "actor_roles", "actor_links")),
    ("What was read", ("sources", "source_credits", "source_ranges")),
)
_FIRST = ("stance", "certainty", "said_edtf")
_OUTCOMES = {"outcome", "borne_out"}
_TERM = re.compile(r"[A-Za-z_]+[+-]?", re.ASCII)
_DAY = re.compile(r"-?\d{4}-\d{2}(-\d{2})?", re.ASCII)
_NUMBER = re.compile(r"-?[\d,]+(\.\d+)?", re.ASCII)
_WORDS = re.compile(r'"([^"]*)"?|([^\s"]+)')
_LONG, _MIDDLE = 60, 24
_KEPT = 20_000


class Cells:
    """Cells as HTML for one site, whose names are looked up once each: the database does not change."""

    def __init__(self, site: Site) -> None:
        self._words = site.words
        self._parts: Any = site.environment.get_template("parts.html").make_module({"url": str, "links": None})
        self._fields = {(t.name, f.name): f for t in site.tables for f in t.fields}
        self._any: dict[str, Field] = {}
        for (_, column), field in self._fields.items():
            self._any.setdefault(column, field)
        self.name: Callable[[str], str] = functools.lru_cache(_KEPT)(lambda one: title(site.shelf(), one))

    def help(self, table: str | None, column: str) -> Field | None:
        """What a column means; in views what the same name means elsewhere."""
        return self._fields.get((table or "", column)) or self._any.get(column)

    def heading(self, table: str | None, column: str) -> str:
        """A column's title, for its header."""
        field = self.help(table, column)
        return field.title if field and field.title else column.replace("_", " ").capitalize()

    def path(self, identifier: object) -> str:
        """The page of a record, such as ``claim/C00001``; empty for what is no identifier or names nothing."""
        text = str(identifier)
        if not IDENTIFIER.fullmatch(text):
            return ""
        if text.startswith("V"):
            return text
        return f"{PREFIXES[text[0]]}/{text}" if self.name(text) else ""

    def term(self, column: str, value: object, label: object = None) -> str:
        """A value in words, for a list of facets: a name, a short word, or the value itself."""
        if label is not None and str(label) != str(value):
            return str(label)
        return self.name(str(value)) if self.path(value) else self._short(column, str(value))

    def cell(self, row: Any, value: Any, column: str, table: str | None, links: Links) -> Markup | None:
        """A cell as HTML; None leaves it to Datasette. ``table`` is None in the answer to a query."""
        if isinstance(value, dict):
            value = value.get("value")
        if not isinstance(value, str) or not value:
            return None
        path = self.path(value)
        if path:
            return _link(links.to(path), self._called(row, value), value)
        if column.endswith("_edtf"):
            return _titled("time", "day", spoken(value), value)
        return (
            self._chip(row, value, column)
            or (self._coded(table, column, value) if table else None)
            or _address(value)
            or _hash(column, value)
        )

    def _coded(self, table: str, column: str, value: str) -> Markup | None:
        """A code of a vocabulary in words, with its code and what it means as a hint."""
        field = self._fields.get((table, column))
        if field is None or self._short(column, value) == value:
            return None
        meanings = {term["value"]: term["label"] for term in field.categories}
        return (
            _titled("span", "term", self._short(column, value), f"{value}: {meanings[value]}")
            if value in meanings
            else None
        )

    def _called(self, row: Any, identifier: str) -> str:
        """The name of a record, or its identifier where the name stands in the same row."""
        name = self.name(identifier)
        return identifier if not name or name in [v for v in tuple(row) if isinstance(v, str)] else name

    def _chip(self, row: Any, value: str, column: str) -> Markup | None:
        if not _TERM.fullmatch(value):
            return None
        word = self._short(column, value)
        if column == "stance":
            symbol = self._parts.symbol(self._parts.symbol_name(value, _at(row, "certainty") or "Uu"), value)
            return Markup('<span class="chip stance-{0}" title="{0}">{1}{2}</span>').format(value, symbol, word)
        if column in _OUTCOMES:
            return _titled("span", f"chip outcome-{value}", word, value)
        if column == "status":
            return _titled("span", f"chip status-{value}", word, value)
        return _titled("span", "chip", word, value) if column.endswith("certainty") else None

    def _short(self, column: str, value: str) -> str:
        field = "certainty" if column.endswith("certainty") else column
        return self._words.short(field, value) if _TERM.fullmatch(value) or value.isdigit() else value


def column_classes(rows: Iterable[Iterable[Any]]) -> list[str]:
    """How wide each column is set: by what stands in it, in the shown cells of Datasette's tables or queries."""
    columns = zip(*([_text(cell) for cell in row] for row in rows), strict=True)
    return [_class([text for text in column if text]) for column in columns]


def _text(cell: Any) -> str:
    value = cell["value"] if isinstance(cell, dict) else cell
    return (value.striptags() if isinstance(value, Markup) else str(value)).strip("\xa0 \n")


def _class(filled: list[str]) -> str:
    if filled and all(_NUMBER.fullmatch(text) for text in filled):
        return "number"
    if filled and all(_DAY.fullmatch(text) for text in filled):
        return "date"
    longest = max((len(text) for text in filled if " " in text), default=0)
    return "long" if longest > _LONG else "middle" if longest > _MIDDLE else "short"


def column_order(columns: Sequence[Any], second: str | None) -> list[int]:
    """The order in which columns are shown: what a row is called stands after its key, then who took which stance."""
    names = [column["name"] for column in columns]
    leading = [second or "claim_summary"]
    if "speaker_id" in names and "claim_summary" in names:
        leading += ["speaker" if "speaker" in names else "speaker_id", *_FIRST]
    first = [0, *(names.index(name) for name in leading if name in names[1:])]
    return [*first, *(at for at in range(len(names)) if at not in first)]


def table_groups(names: Iterable[str]) -> list[tuple[str, list[str]]]:
    """Tables under headings, in the order in which they are read; unknown ones last, then what is computed."""
    there = list(names)
    known = {name for _, group in _GROUPS for name in group}
    groups = [(heading, [name for name in group if name in there]) for heading, group in _GROUPS]
    further = [name for name in there if name not in known]
    groups.append(("Further tables", [name for name in further if name not in STORED]))
    groups.append(("Computed from the tables", [name for name in further if name in STORED]))
    return [(heading, group) for heading, group in groups if group]


def escape_search(asked: str) -> str:
    """What was typed as a search that FTS5 can always read: words and "phrases", nothing else is syntax."""
    found = [phrase or word for phrase, word in _WORDS.findall(asked or "")]
    return " ".join(f'"{text}"' for text in found if text.strip()) or '""'


def _at(row: Any, column: str) -> Any:
    try:
        return row[column]
    except (KeyError, IndexError):
        return None


def _link(address: str, text: str, hint: str) -> Markup:
    return Markup('<a href="{}" title="{}">{}</a>').format(address, hint, text)


def _titled(tag: str, kind: str, text: str, hint: str) -> Markup:
    return Markup('<{0} class="{1}" title="{3}">{2}</{0}>').format(tag, kind, text, hint)


def _address(value: str) -> Markup | None:
    address = web(value)
    if address is None or any(character.isspace() for character in address):
        return None
    parts = urlsplit(address)
    text = f"{parts.netloc.removeprefix('www.')}{parts.path}".rstrip("/")
    return Markup('<a class="address" href="{0}" rel="external" title="{0}">{1}</a>').format(address, text)


def _hash(column: str, value: str) -> Markup | None:
    return _titled("code", "hash", value, value) if column.endswith("sha256") else None

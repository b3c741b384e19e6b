"""The word lists of curate/lexicon: CSV files read once, their patterns compiled."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["Head", "Outlet", "State", "adjectives", "capitals", "heads", "outlets", "patterns", "rows", "states"]

_FOLDER = Path(__file__).resolve().parent.parent / "lexicon"


@dataclass(frozen=True)
class State:
    """A state: ISO 3166-1 alpha-3 code, name, further names, capitals, adjectives."""

    country: str
    name: str
    also: tuple[str, ...]
    capitals: tuple[str, ...]
    adjectives: tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """A noun that can be a source: ``what`` is people, media, outlet or body; ``plural`` says which form this is."""

    noun: str
    plural: bool
    what: str
    kind: str
    sector: str


@dataclass(frozen=True)
class Outlet:
    """A news outlet that is widely known: name, further names, country, and the channel that it is."""

    name: str
    also: tuple[str, ...]
    country: str
    channel: str


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a lexicon, in the order of the file: its earlier rows win."""
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def patterns(name: str, column: str) -> tuple[tuple[re.Pattern[str], dict[str, str]], ...]:
    """The rows of a lexicon with the pattern of a column, which matches whole words in any case."""
    return tuple((re.compile(rf"(?<!\w)(?:{row[column]})(?!\w)", re.IGNORECASE), row) for row in rows(name))


@cache
def states() -> dict[str, State]:
    """The states by country code."""
    return {
        row["country"]: State(
            row["country"], row["state"], _list(row["also"]), _list(row["capital"]), _list(row["adjective"])
        )
        for row in rows("states")
    }


@cache
def adjectives() -> dict[str, str]:
    """Adjectives, names and capitals of states, lower case, and the country codes."""
    found: dict[str, str] = {}
    for state in states().values():
        for word in (*state.adjectives, state.name, *state.also, *state.capitals):
            found.setdefault(word.lower(), state.country)
    return found


@cache
def capitals() -> dict[str, str]:
    """Capitals, lower case, and the country codes."""
    return {capital.lower(): state.country for state in states().values() for capital in state.capitals}


@cache
def heads() -> dict[str, Head]:
    """Nouns that can be sources, in singular and plural, lower case."""
    found: dict[str, Head] = {}
    for row in rows("heads"):
        found.setdefault(row["noun"], Head(row["noun"], False, row["what"], row["kind"], row["sector"]))
        found.setdefault(row["plural"], Head(row["noun"], True, row["what"], row["kind"], row["sector"]))
    for mass in (
        "media",
        "state media",
        "state television",
        "state tv",
        "state radio",
        "people",
        "authorities",
        "intelligence authorities",
        "intelligence",
    ):
        found[mass] = Head(mass, True, found[mass].what, found[mass].kind, found[mass].sector)
    return found


@cache
def singulars() -> dict[str, str]:
    """The singular of each plural among these nouns."""
    return {row["plural"]: row["noun"] for row in reversed(rows("heads")) if row["what"] == "people"}


@cache
def outlets() -> tuple[Outlet, ...]:
    """Widely known news outlets."""
    return tuple(Outlet(row["outlet"], _list(row["also"]), row["country"], row["channel"]) for row in rows("outlets"))


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("; ") if part)

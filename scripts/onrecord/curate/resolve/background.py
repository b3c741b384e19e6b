"""What a package already knows: actors with their names and posts, places, propositions, and who uses them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from onrecord.curate.layout import Range
from onrecord.findings import PackageError
from onrecord.package import Package

__all__ = ["Background", "background"]

Row = Mapping[str, str]

_TABLES = (
    "actors",
    "actor_names",
    "actor_roles",
    "actor_links",
    "places",
    "propositions",
    "proposition_events",
    "proposition_actors",
    "sources",
    "source_ranges",
    "claims",
)


@dataclass(frozen=True)
class Background:
    """The tables that proposals rest on, each a list of rows (column → text)."""

    tables: Mapping[str, list[Row]] = field(repr=False)

    @cached_property
    def actors(self) -> dict[str, Row]:
        """Actors by identifier."""
        return {row["actor_id"]: row for row in self.tables["actors"]}

    @cached_property
    def propositions(self) -> dict[str, Row]:
        """Propositions by identifier."""
        return {row["proposition_id"]: row for row in self.tables["propositions"]}

    @cached_property
    def sources(self) -> dict[str, Row]:
        """Sources by identifier."""
        return {row["source_id"]: row for row in self.tables["sources"]}

    @cached_property
    def principals(self) -> dict[str, set[str]]:
        """For whom an actor speaks by office: actor → actors."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.tables["actor_links"]:
            if row["link_kind"] == "speaks_for":
                found[row["actor_id"]].add(row["other_actor_id"])
        return found

    @cached_property
    def events(self) -> dict[str, str]:
        """The first event that a proposition is about."""
        found: dict[str, str] = {}
        for row in self.tables["proposition_events"]:
            if row["event_relation"] == "about":
                found.setdefault(row["proposition_id"], row["event_id"])
        return found

    @cached_property
    def subjects(self) -> dict[str, list[str]]:
        """The actors that a proposition is about, as subject."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self.tables["proposition_actors"]:
            if row["proposition_role"] == "subject":
                found[row["proposition_id"]].append(row["actor_id"])
        return found

    @cached_property
    def carried(self) -> dict[str, int]:
        """How many sources have a claim on a proposition."""
        found: dict[str, set[str]] = defaultdict(set)
        for row in self.tables["claims"]:
            found[row["proposition_id"]].add(row["source_id"])
        return {key: len(sources) for key, sources in found.items()}

    @cached_property
    def states(self) -> dict[str, str]:
        """The actor that is the state of a country, by its code."""
        return {row["actor_country"]: row["actor_id"] for row in self.tables["actors"] if row["actor_kind"] == "state"}

    def ranges(self, source_id: str) -> list[Range]:
        """The ranges of a source, in the order of the text."""
        rows = [row for row in self.tables["source_ranges"] if row["source_id"] == source_id]
        found = [Range(int(row["start_char"]), int(row["end_char"]), row["range_kind"]) for row in rows]
        return sorted(found, key=lambda one: (one.start, one.end))

    def voice(self, source_id: str) -> str:
        """Whose own voice a source is: its publisher, or the one from whom it is republished."""
        seen = set()
        while source_id not in seen and self.sources[source_id].get("republished_from"):
            seen.add(source_id)
            source_id = self.sources[source_id]["republished_from"]
        return self.sources[source_id]["publisher_id"]

    def without(self, actors: Iterable[str], propositions: Iterable[str], source_id: str) -> Background:
        """The same as it was before a source: without these actors and propositions, and without what rests on it."""
        gone, dropped = set(actors), set(propositions)

        def stays(row: Row, table: str) -> bool:
            if table in ("actor_roles", "claims") and row["source_id"] == source_id:
                return False
            named = {row.get(column, "") for column in ("actor_id", "other_actor_id", "organization_id")}
            return not (named & gone or row.get("proposition_id", "") in dropped)

        return Background({name: [row for row in rows if stays(row, name)] for name, rows in self.tables.items()})


def background(package: Package) -> Background:
    """Read what a package knows. Raises PackageError when a table cannot be read without loss."""
    tables: dict[str, list[Row]] = {}
    for name in _TABLES:
        text, findings = package.read(name)
        if findings:
            raise PackageError(f"{findings[0]} (run 'onrecord validate' for the rest)")
        tables[name] = [dict(zip(text.columns, row, strict=True)) for row in text.rows]
    return Background(tables)

"""One record for reading: a claim's trail, a proposition's positions, an event, an actor, a source."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from onrecord.dataset import Dataset
from onrecord.findings import PackageError, shown
from onrecord.report.escape import dumps, printable

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import OverflowMethod

__all__ = ["as_json", "as_text", "record"]

Record = dict[str, Any]
_SHORT = 16

_TABLE = {
    "C": "claims",
    "P": "propositions",
    "E": "events",
    "A": "actors",
    "S": "sources",
    "L": "places",
    "V": "evidence",
}

_CLAIMS = "SELECT claim_id, said_edtf AS said, stance || ' ' || certainty AS stance, proposition, chain FROM flat "
_SAME = "SELECT claim_id, said_edtf AS said, stance || ' ' || certainty AS stance, chain FROM flat "
_SECTIONS: dict[str, dict[str, str]] = {
    "claims": {
        "trail": "SELECT step, actor_id, actor_name AS actor, hop_kind AS kind, cue, hop_said_edtf AS said FROM trails "
        "WHERE claim_id = :id ORDER BY step",
        "evidence": "SELECT evidence_id, part, hop, start_char, end_char, "
        "COALESCE(exact, anchor_from || CASE WHEN anchor_to IS NULL THEN '' ELSE ' … ' || anchor_to END) AS words FROM evidence "
        "WHERE claim_id = :id ORDER BY evidence_id",
        "links": "SELECT claim_relation AS relation, other_claim_id AS claim_id, claim_summary AS summary FROM claim_links "
        "JOIN claims ON claims.claim_id = other_claim_id WHERE claim_links.claim_id = :id "
        "UNION ALL SELECT claim_relation || ' (by)', claim_links.claim_id, claim_summary FROM claim_links "
        "JOIN claims ON claims.claim_id = claim_links.claim_id WHERE other_claim_id = :id ORDER BY 1, 2",
        "others on the same proposition": _SAME
        + "WHERE proposition_id = (SELECT proposition_id FROM claims WHERE claim_id = :id) AND claim_id <> :id "
        "ORDER BY COALESCE(said_end, said_start), claim_id",
        "outcome": "SELECT outcome, resolved_edtf AS resolved, resolution_note AS note, source_id FROM resolutions "
        "WHERE proposition_id = (SELECT proposition_id FROM claims WHERE claim_id = :id)",
    },
    "propositions": {
        "positions": "SELECT claim_id, said_edtf AS said, stance || ' ' || certainty AS stance, actor_name AS actor, "
        "CASE voice WHEN 'spoken for' THEN 'spoken for' END AS voice, CASE followed WHEN 'follows' THEN 'follows' END AS how FROM positions "
        "WHERE proposition_id = :id ORDER BY COALESCE(said_end, said_start), claim_id, actor_name",
        "origins": "SELECT claims, sources, outlets, strict_origins, loose_origins, unattributed FROM origins "
        "WHERE proposition_id = :id",
        "carried by": "SELECT claim_id, actor_name AS publisher, origin_name AS origin, origin_kind, carried FROM carriers "
        "JOIN actors ON actors.actor_id = publisher_id WHERE proposition_id = :id ORDER BY published_end, claim_id",
        "links": "SELECT proposition_relation AS relation, other_proposition_id AS proposition_id, proposition FROM proposition_links "
        "JOIN propositions ON propositions.proposition_id = other_proposition_id WHERE proposition_links.proposition_id = :id "
        "UNION ALL SELECT proposition_relation || ' (by)', proposition_links.proposition_id, proposition FROM proposition_links "
        "JOIN propositions ON propositions.proposition_id = proposition_links.proposition_id "
        "WHERE other_proposition_id = :id ORDER BY 1, 2",
        "outcome": "SELECT outcome, resolved_edtf AS resolved, resolution_note AS note, source_id FROM resolutions WHERE proposition_id = :id",
    },
    "events": {
        "actors": "SELECT event_role AS role, actor_id, actor_name AS actor FROM event_actors JOIN actors USING (actor_id) "
        "WHERE event_id = :id ORDER BY event_role, actor_id",
        "propositions": "SELECT event_relation AS relation, proposition_id, proposition, outcome FROM proposition_events "
        "JOIN propositions USING (proposition_id) LEFT JOIN resolutions USING (proposition_id) "
        "WHERE proposition_events.event_id = :id ORDER BY event_relation, proposition_id",
        "claims": _CLAIMS + "WHERE proposition_id IN (SELECT proposition_id FROM proposition_events "
        "WHERE event_id = :id AND event_relation = 'about') ORDER BY COALESCE(said_end, said_start), claim_id",
    },
    "actors": {
        "names": "SELECT alternative_name AS name, name_kind AS kind FROM actor_names WHERE actor_id = :id ORDER BY 1",
        "roles": "SELECT role_title AS role, actor_name AS organization, held_edtf AS held, source_id FROM actor_roles "
        "JOIN actors ON actors.actor_id = organization_id WHERE actor_roles.actor_id = :id ORDER BY held_edtf",
        "links": "SELECT link_kind AS link, other_actor_id AS actor_id, actor_name AS actor FROM actor_links "
        "JOIN actors ON actors.actor_id = other_actor_id WHERE actor_links.actor_id = :id "
        "UNION ALL SELECT link_kind || ' (by)', actor_links.actor_id, actor_name FROM actor_links "
        "JOIN actors ON actors.actor_id = actor_links.actor_id WHERE other_actor_id = :id ORDER BY 1, 2",
        "claims": _CLAIMS + "WHERE speaker_id = :id ORDER BY COALESCE(said_end, said_start), claim_id",
        "passed on": _CLAIMS
        + "WHERE speaker_id <> :id AND claim_id IN (SELECT claim_id FROM attributions WHERE actor_id = :id) "
        "ORDER BY COALESCE(said_end, said_start), claim_id",
    },
    "sources": {
        "credits": "SELECT credit_role AS role, credit_position AS position, actor_name AS actor FROM source_credits "
        "JOIN actors USING (actor_id) WHERE source_id = :id ORDER BY 1, 2",
        "syndication": "SELECT source_id, publisher, original_source_id, original_publisher FROM syndication "
        "WHERE source_id = :id OR original_source_id = :id ORDER BY source_id",
        "claims": _CLAIMS + "WHERE source_id = :id ORDER BY claim_id",
    },
    "places": {
        "events": "SELECT event_id, event_title AS event, status, date_edtf AS date FROM events WHERE place_id = :id ORDER BY date_start, 1",
        "propositions": "SELECT proposition_id, proposition FROM propositions WHERE place_id = :id ORDER BY 1",
    },
}


def record(dataset: Dataset, identifier: str) -> Record:
    """Everything about one identifier: the row itself, and named sections of related rows.

    Raises PackageError for an identifier that does not exist, naming its replacement if it was retired.
    """
    identifier = identifier.strip().upper()
    for name in {*_TABLE.values(), "retired"} - set(dataset.tables):
        raise PackageError(f"the package has no table {name}; run 'onrecord validate'")
    table = _TABLE.get(identifier[:1])
    if table == "evidence":
        claim = dataset.evidence.loc[dataset.evidence.evidence_id == identifier, "claim_id"]
        if len(claim):
            return record(dataset, str(claim.iloc[0]))
    key = table and dataset.tables[table].columns[0]
    row = _rows(dataset.tables[table][dataset.tables[table][key] == identifier]) if table else []
    if not row:
        gone = dataset.retired[dataset.retired.retired_id == identifier]
        for old in _rows(gone):
            replacement = old.get("replacement_id")
            say = f"use {replacement}" if replacement else "nothing stands in its place"
            why = f"{old.get('retired_version')} ({old.get('retired_reason')})"
            raise PackageError(f"{identifier} was retired in {why}; {say}")
        raise PackageError(
            f"{shown(identifier)} is no identifier of this dataset; one looks like C00001, P0001, E0001, A0001, S0001, L0001"
        )
    found: Record = {"id": identifier, "table": table, "title": _title(str(table), row[0]), "row": row[0]}
    try:
        sections = {name: _rows(dataset.query(sql, {"id": identifier})) for name, sql in _SECTIONS[str(table)].items()}
    except sqlite3.Error as error:
        raise PackageError(f"{identifier} cannot be shown ({error}); run 'onrecord validate'") from None
    found["sections"] = {name: rows for name, rows in sections.items() if rows}
    return found


def _title(table: str, row: Record) -> str:
    named = {
        "claims": "claim_summary",
        "propositions": "proposition",
        "events": "event_title",
        "actors": "actor_name",
        "places": "place_name",
    }
    return str(row.get(named.get(table, "title"), ""))


def _rows(frame: pd.DataFrame) -> list[Record]:
    """Rows as plain JSON values, without empty cells."""
    import pandas as pd

    def plain(value: Any) -> Any:
        if isinstance(value, pd.Timestamp):
            return value.strftime("%Y-%m-%d")
        return value.item() if hasattr(value, "item") else value

    return [
        {str(k): plain(v) for k, v in row.items() if not pd.isna(v)}
        for row in frame.astype(object).to_dict(orient="records")
    ]


def as_json(found: Record) -> str:
    """The record as indented JSON, in which nothing commands a terminal."""
    return dumps(found)


def as_text(found: Record) -> None:
    """Print the record for reading, as wide as the terminal, which obeys nothing that a cell says."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    def plain(value: object, style: str = "", overflow: OverflowMethod | None = None) -> Text:
        return Text(printable(str(value)), style=style, overflow=overflow)

    console = Console(soft_wrap=False)
    console.print(plain(f"{found['id']}  {found['title']}", style="bold"))
    if found["table"] == "claims":
        steps = found["sections"].get("trail", [])
        console.print(plain(" < ".join(s.get("actor", f"({s.get('kind')})") for s in steps), style="cyan"))
    grid = Table.grid(padding=(0, 2))
    for name, value in found["row"].items():
        if not name.endswith(("_start", "_end")):
            grid.add_row(plain(name, style="dim"), plain(value, overflow="fold"))
    console.print(grid)
    for name, rows in found["sections"].items():
        columns = list(dict.fromkeys(c for row in rows for c in row))
        table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
        for column in columns:
            short = max(len(str(row.get(column, ""))) for row in rows) <= _SHORT
            table.add_column(plain(column), no_wrap=short, overflow="ellipsis" if short else "fold")
        for row in rows:
            table.add_row(*(plain(row.get(c, "")) for c in columns))
        console.print()
        console.print(plain(f"{name} ({len(rows)})", style="bold"))
        console.print(table)

"""What the pages say of each record, read from the built database: plain rows, each query in one place."""

from __future__ import annotations

import sqlite3
from typing import Any

__all__ = ["FEW", "PREFIXES", "Records", "Row"]

Row = dict[str, Any]
PREFIXES = {"C": "claim", "P": "proposition", "E": "event", "A": "actor", "S": "source", "L": "place"}
"""First letter of an identifier → the type of its page."""
_MOST = 500
FEW = 50
"""How many rows of a list stand on a page; the table has the others."""

_CLAIM = """
SELECT flat.*, claims.said_basis, propositions.window_edtf, sources.republished_from, sources.genre, sources.access,
  sources.archive_url, publisher.actor_id AS publisher_id, sources.text_sha256
FROM flat JOIN claims USING (claim_id)
JOIN propositions ON propositions.proposition_id = flat.proposition_id
JOIN sources ON sources.source_id = flat.source_id
JOIN actors AS publisher ON publisher.actor_id = sources.publisher_id
WHERE flat.claim_id = :id
"""
_FLAT = """
SELECT flat.claim_id, flat.claim_summary, flat.speaker, flat.speaker_id, flat.stance, flat.certainty, flat.said_edtf,
  flat.said_start, flat.said_end, flat.publisher, flat.source_id, flat.chain, flat.origin, flat.origin_kind,
  flat.proposition_id, flat.proposition, flat.speech_act, flat.published_edtf, flat.claim_condition, flat.claim_location
FROM flat
"""
_OF = " WHERE flat.claim_id IN (SELECT claim_id FROM claims WHERE {key} = :id)"
"""Rows of the flat table by a key of claims, which has indexes on its references; the flat table has none."""
_PASSED_ON = (
    "speaker_id IS NOT :id AND claim_id IN (SELECT claim_id FROM attributions WHERE actor_id = :id "
    "UNION SELECT claim_id FROM sources JOIN claims USING (source_id) WHERE publisher_id = :id)"
)
_BY_TIME = " ORDER BY COALESCE(said_end, said_start) NULLS LAST, COALESCE(said_start, said_end), claim_id"
_OUTCOME = """
SELECT resolutions.*, sources.title, sources.url, publisher.actor_name AS publisher, event_title
FROM resolutions JOIN sources USING (source_id)
JOIN actors AS publisher ON publisher.actor_id = sources.publisher_id
LEFT JOIN events USING (event_id)
WHERE resolutions.proposition_id = :id
"""


class Records:
    """Read access to one built database, for one thread at a time. Lists of claims stop at ``FEW`` rows; ``counts`` says of how many."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        self._connection = connection

    def all(self, sql: str, **parameters: object) -> list[Row]:
        """Every row of a query, as dictionaries."""
        return [dict(row) for row in self._connection.execute(sql, parameters)]

    def one(self, sql: str, **parameters: object) -> Row | None:
        """The first row of a query."""
        row = self._connection.execute(sql, parameters).fetchone()
        return dict(row) if row is not None else None

    def number(self, sql: str, **parameters: object) -> int:
        """The first cell of a query that counts."""
        row = self._connection.execute(sql, parameters).fetchone()
        return int(row[0] or 0) if row is not None else 0

    def retired(self, identifier: str) -> Row | None:
        """The entry of an identifier that was withdrawn."""
        return self.one("SELECT * FROM retired WHERE retired_id = :id", id=identifier)

    def claim(self, identifier: str) -> Row | None:
        """A claim: its row, chain, evidence, links, the others on its proposition, and what came of it."""
        claim = self.one(_CLAIM, id=identifier)
        if claim is None:
            return None
        proposition = claim["proposition_id"]
        return {
            "claim": claim,
            "trail": self.all("SELECT * FROM trails WHERE claim_id = :id ORDER BY step", id=identifier),
            "evidence": self.all(
                "SELECT * FROM evidence WHERE claim_id = :id ORDER BY start_char, evidence_id", id=identifier
            ),
            "linked": self._claim_links(identifier),
            "others": self.all(
                f"{_FLAT} {_OF.format(key='proposition_id')} AND claim_id <> :this {_BY_TIME} LIMIT {FEW}",
                id=proposition,
                this=identifier,
            ),
            "counts": {"others": self._claims("proposition_id", proposition) - 1},
            "outcome": self.one(_OUTCOME, id=proposition),
            "neighbours": {
                "before": self._neighbour(claim, "<", "DESC"),
                "after": self._neighbour(claim, ">", "ASC"),
            },
        }

    def _claims(self, key: str, identifier: str) -> int:
        return self.number(f"SELECT COUNT(*) FROM claims WHERE {key} = :id", id=identifier)

    def _neighbour(self, claim: Row, compare: str, order: str) -> str | None:
        row = self.one(
            f"SELECT claim_id FROM claims WHERE source_id = :source AND claim_id {compare} :id "
            f"ORDER BY claim_id {order} LIMIT 1",
            source=claim["source_id"],
            id=claim["claim_id"],
        )
        return row["claim_id"] if row else None

    def _claim_links(self, identifier: str) -> list[Row]:
        return self.all(
            "SELECT links.claim_relation AS relation, 0 AS backwards, flat.claim_id, flat.claim_summary, flat.publisher, "
            "flat.said_edtf, flat.stance, flat.certainty FROM claim_links AS links "
            "JOIN flat ON flat.claim_id = links.other_claim_id WHERE links.claim_id = :id "
            "UNION ALL SELECT links.claim_relation, 1, flat.claim_id, flat.claim_summary, flat.publisher, flat.said_edtf, "
            "flat.stance, flat.certainty FROM claim_links AS links JOIN flat ON flat.claim_id = links.claim_id "
            "WHERE links.other_claim_id = :id ORDER BY 1, 2, 3",
            id=identifier,
        )

    def proposition(self, identifier: str) -> Row | None:
        """A proposition: whom it is about, positions over time, who carries it on whose word, its outcome."""
        row = self.one(
            "SELECT propositions.*, place_name FROM propositions LEFT JOIN places USING (place_id) "
            "WHERE proposition_id = :id",
            id=identifier,
        )
        if row is None:
            return None
        return {
            "proposition": row,
            "actors": self.all(
                "SELECT proposition_role, actor_id, actor_name FROM proposition_actors JOIN actors USING (actor_id) "
                "WHERE proposition_id = :id ORDER BY proposition_role, actor_name",
                id=identifier,
            ),
            "events": self.all(
                "SELECT event_relation, event_id, event_title, status, date_edtf FROM proposition_events "
                "JOIN events USING (event_id) WHERE proposition_id = :id ORDER BY event_relation, event_id",
                id=identifier,
            ),
            "linked": self.all(
                "SELECT proposition_relation AS relation, 0 AS backwards, proposition_id, proposition "
                "FROM (SELECT proposition_relation, other_proposition_id AS proposition_id FROM proposition_links "
                "WHERE proposition_id = :id) JOIN propositions USING (proposition_id) "
                "UNION ALL SELECT proposition_relation, 1, proposition_id, proposition FROM proposition_links "
                "JOIN propositions USING (proposition_id) WHERE other_proposition_id = :id ORDER BY 1, 2, 3",
                id=identifier,
            ),
            "positions": self.positions(identifier),
            "origins": self.one("SELECT * FROM origins WHERE proposition_id = :id", id=identifier),
            "carriers": self.carriers(identifier),
            "claims": self.all(f"{_FLAT} {_OF.format(key='proposition_id')} {_BY_TIME} LIMIT {FEW}", id=identifier),
            "counts": {"claims": self._claims("proposition_id", identifier)},
            "outcome": self.one(_OUTCOME, id=identifier),
        }

    def positions(self, proposition: str) -> list[Row]:
        """Every position on a proposition, earliest first, with its publisher."""
        return self.all(
            "SELECT positions.*, publisher.actor_name AS publisher, claims.claim_summary, own.proposition AS own_proposition "
            "FROM positions JOIN claims USING (claim_id) JOIN sources ON sources.source_id = positions.source_id "
            "JOIN propositions AS own ON own.proposition_id = claims.proposition_id "
            "JOIN actors AS publisher ON publisher.actor_id = sources.publisher_id "
            "WHERE positions.proposition_id = :id "
            "ORDER BY COALESCE(positions.said_end, positions.said_start), positions.claim_id, positions.actor_name",
            id=proposition,
        )

    def carriers(self, proposition: str) -> list[Row]:
        """Which claims carry a proposition, with their publishers, chains and origins."""
        return self.all(
            "SELECT carriers.*, flat.publisher, flat.chain, flat.said_edtf, flat.published_edtf, flat.claim_summary "
            "FROM carriers JOIN flat USING (claim_id) WHERE carriers.proposition_id = :id "
            "ORDER BY carriers.published_end, carriers.claim_id",
            id=proposition,
        )

    def routes(self, proposition: str) -> list[Row]:
        """The steps of every chain that carries a proposition, publisher first."""
        return self.all(
            "SELECT trails.* FROM trails WHERE claim_id IN "
            "(SELECT claim_id FROM carriers WHERE proposition_id = :id) ORDER BY claim_id, step",
            id=proposition,
        )

    def rumours(self) -> list[Row]:
        """Propositions that more than one claim carries, the most carried first."""
        return self.all(
            "SELECT origins.*, resolutions.outcome FROM origins LEFT JOIN resolutions USING (proposition_id) "
            f"WHERE claims > 1 ORDER BY sources DESC, claims DESC, proposition_id LIMIT {_MOST}"
        )

    def event(self, identifier: str) -> Row | None:
        """An event: who took part, what belongs to it, what was said of it, and where its status rests."""
        row = self.one(
            "SELECT events.*, place_name, place_country, parent.event_title AS parent_title, sources.title AS status_title, "
            "sources.url AS status_url, publisher.actor_name AS status_publisher FROM events "
            "LEFT JOIN places USING (place_id) LEFT JOIN events AS parent ON parent.event_id = events.parent_id "
            "LEFT JOIN sources ON sources.source_id = events.status_source_id "
            "LEFT JOIN actors AS publisher ON publisher.actor_id = sources.publisher_id WHERE events.event_id = :id",
            id=identifier,
        )
        if row is None:
            return None
        return {
            "event": row,
            "actors": self.all(
                "SELECT event_role, actor_id, actor_name FROM event_actors JOIN actors USING (actor_id) "
                "WHERE event_id = :id ORDER BY event_role, actor_name",
                id=identifier,
            ),
            "pieces": self.all(
                "SELECT event_id, event_title, status, date_edtf FROM events WHERE parent_id = :id ORDER BY date_start, 1",
                id=identifier,
            ),
            "propositions": self.all(
                "SELECT event_relation, proposition_id, proposition, proposition_kind, outcome, "
                "(SELECT COUNT(*) FROM claims WHERE claims.proposition_id = propositions.proposition_id) AS claims "
                "FROM proposition_events JOIN propositions USING (proposition_id) LEFT JOIN resolutions USING (proposition_id) "
                "WHERE proposition_events.event_id = :id ORDER BY event_relation, claims DESC, proposition_id",
                id=identifier,
            ),
            "claims": self.all(
                f"{_FLAT} WHERE claim_id IN (SELECT claim_id FROM proposition_events JOIN claims USING (proposition_id) "
                f"WHERE event_id = :id AND event_relation = 'about') {_BY_TIME} LIMIT {FEW}",
                id=identifier,
            ),
            "counts": {
                "claims": self.number(
                    "SELECT COUNT(*) FROM proposition_events JOIN claims USING (proposition_id) "
                    "WHERE event_id = :id AND event_relation = 'about'",
                    id=identifier,
                )
            },
        }

    def actor(self, identifier: str) -> Row | None:
        """An actor: names, roles in time, links, positions held, claims made, and claims passed on."""
        row = self.one("SELECT * FROM actors WHERE actor_id = :id", id=identifier)
        if row is None:
            return None
        return {
            "actor": row,
            "names": self.all(
                "SELECT * FROM actor_names WHERE actor_id = :id ORDER BY alternative_name", id=identifier
            ),
            "roles": self.all(
                "SELECT actor_roles.*, actor_name AS organization, sources.title FROM actor_roles "
                "JOIN actors ON actors.actor_id = organization_id LEFT JOIN sources USING (source_id) "
                "WHERE actor_roles.actor_id = :id ORDER BY held_start, held_end, role_title",
                id=identifier,
            ),
            "linked": self.all(
                "SELECT link_kind AS relation, 0 AS backwards, other_actor_id AS actor_id, actor_name FROM actor_links "
                "JOIN actors ON actors.actor_id = other_actor_id WHERE actor_links.actor_id = :id "
                "UNION ALL SELECT link_kind, 1, actor_links.actor_id, actor_name FROM actor_links "
                "JOIN actors ON actors.actor_id = actor_links.actor_id WHERE other_actor_id = :id ORDER BY 1, 2, 4",
                id=identifier,
            ),
            "positions": self.all(
                "SELECT positions.*, publisher.actor_name AS publisher FROM positions "
                "JOIN sources ON sources.source_id = positions.source_id "
                "JOIN actors AS publisher ON publisher.actor_id = sources.publisher_id "
                f"WHERE positions.actor_id = :id {_BY_TIME}",
                id=identifier,
            ),
            "claims": self.all(f"{_FLAT} {_OF.format(key='speaker_id')} {_BY_TIME} LIMIT {FEW}", id=identifier),
            "reported": self.all(f"{_FLAT} WHERE {_PASSED_ON} {_BY_TIME} LIMIT {FEW}", id=identifier),
            "about": self.all(
                "SELECT proposition_role, proposition_id, proposition, proposition_kind FROM proposition_actors "
                "JOIN propositions USING (proposition_id) WHERE actor_id = :id ORDER BY "
                "(SELECT COUNT(*) FROM claims WHERE claims.proposition_id = propositions.proposition_id) DESC, "
                f"proposition_id LIMIT {FEW}",
                id=identifier,
            ),
            "counts": {
                "claims": self._claims("speaker_id", identifier),
                "reported": self.number(f"SELECT COUNT(*) FROM claims WHERE {_PASSED_ON}", id=identifier),
                "about": self.number("SELECT COUNT(*) FROM proposition_actors WHERE actor_id = :id", id=identifier),
            },
            "events": self.all(
                "SELECT event_role, event_id, event_title, status, date_edtf FROM event_actors "
                "JOIN events USING (event_id) WHERE actor_id = :id ORDER BY date_start, event_id",
                id=identifier,
            ),
            "sources": self.all(
                "SELECT source_id, title, published_edtf, coding_scope FROM sources WHERE publisher_id = :id "
                "ORDER BY published_end, source_id",
                id=identifier,
            ),
            "credits": self.all(
                "SELECT credit_role, source_id, title FROM source_credits JOIN sources USING (source_id) "
                "WHERE actor_id = :id ORDER BY source_id",
                id=identifier,
            ),
        }

    def source(self, identifier: str) -> Row | None:
        """A source: its claims in reading order, its credits, republication both ways, on whose word it rests."""
        row = self.one(
            "SELECT sources.*, actor_name AS publisher, actor_country FROM sources "
            "JOIN actors ON actors.actor_id = publisher_id WHERE source_id = :id",
            id=identifier,
        )
        if row is None:
            return None
        return {
            "source": row,
            "credits": self.all(
                "SELECT credit_role, actor_id, actor_name FROM source_credits JOIN actors USING (actor_id) "
                "WHERE source_id = :id ORDER BY credit_role, credit_position",
                id=identifier,
            ),
            "republished": self.all(
                "SELECT original_source_id AS source_id, original_title AS title, original_publisher AS publisher, "
                "original_published_edtf AS published_edtf FROM syndication WHERE source_id = :id",
                id=identifier,
            ),
            "republished_by": self.all(
                "SELECT source_id, title, publisher, published_edtf FROM syndication WHERE original_source_id = :id",
                id=identifier,
            ),
            "claims": self.all(
                f"{_FLAT} {_OF.format(key='source_id')} "
                "ORDER BY (SELECT MIN(start_char) FROM evidence WHERE evidence.claim_id = flat.claim_id) NULLS LAST, claim_id "
                f"LIMIT {_MOST}",
                id=identifier,
            ),
            "origins": self.all(
                "SELECT origin_kind, COUNT(*) AS claims FROM claims JOIN claim_origins USING (claim_id) "
                "WHERE source_id = :id GROUP BY origin_kind ORDER BY 2 DESC, 1",
                id=identifier,
            ),
            "cited": self.all(
                "SELECT actor_id, actor_name, COUNT(*) AS claims FROM attributions JOIN actors USING (actor_id) "
                "WHERE hop = 1 AND claim_id IN (SELECT claim_id FROM claims WHERE source_id = :id) "
                "GROUP BY actor_id ORDER BY 3 DESC, 2",
                id=identifier,
            ),
            "outcomes": self.all(
                "SELECT proposition_id, proposition, outcome FROM resolutions JOIN propositions USING (proposition_id) "
                "WHERE source_id = :id ORDER BY proposition_id",
                id=identifier,
            ),
        }

    def place(self, identifier: str) -> Row | None:
        """A place: the events there and the propositions about it."""
        row = self.one("SELECT * FROM places WHERE place_id = :id", id=identifier)
        if row is None:
            return None
        return {
            "place": row,
            "events": self.all(
                "SELECT event_id, event_title, status, date_edtf FROM events WHERE place_id = :id ORDER BY date_start, 1",
                id=identifier,
            ),
            "propositions": self.all(
                "SELECT proposition_id, proposition, proposition_kind FROM propositions WHERE place_id = :id ORDER BY "
                "(SELECT COUNT(*) FROM claims WHERE claims.proposition_id = propositions.proposition_id) DESC, 1 "
                f"LIMIT {FEW}",
                id=identifier,
            ),
            "counts": {
                "propositions": self.number("SELECT COUNT(*) FROM propositions WHERE place_id = :id", id=identifier)
            },
        }

    def evidence_claim(self, identifier: str) -> str | None:
        """The claim that a span of evidence belongs to."""
        row = self.one("SELECT claim_id FROM evidence WHERE evidence_id = :id", id=identifier)
        return row["claim_id"] if row else None

"""The pages that lead to the others: home, search, lists, timeline, map, guide and downloads."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from onrecord.cite import FORMATS
from onrecord.site import figures
from onrecord.site.record_pages import positions
from onrecord.site.records import FEW, Records, Row
from onrecord.site.shelf import IDENTIFIER, Asked, Moved, Page, address

__all__ = ["actors", "downloads", "guide", "home", "map", "propositions", "search", "sources", "timeline"]

_BARS = 40
_ROOM = 3.5
_FIRST = ("flat", "claims", "propositions", "attributions", "evidence", "sources", "actors", "events")
_LANES, _ROOM = 10, 3.5


def home(asked: Asked) -> Page:
    """The start page: positions over time on one proposition, figures, and where to go on."""
    records = asked.shelf.records
    rumours = records.rumours()
    featured = str(asked.shelf.descriptor.get("featured") or (rumours[0]["proposition_id"] if rumours else ""))
    proposition = records.proposition(featured) if featured else None
    counted = {
        name: records.number(f'SELECT COUNT(*) FROM "{name}"')
        for name in ("claims", "propositions", "events", "actors", "sources", "evidence")
    }
    return Page(
        "home.html",
        "",
        {
            "featured": proposition and _busiest(positions(proposition)),
            "counted": counted,
            "opened": records.number(
                "SELECT COUNT(DISTINCT claim_id) FROM evidence JOIN claims USING (claim_id) JOIN sources USING (source_id) "
                "WHERE part = 'content' AND anchor_from IS NOT NULL AND url IS NOT NULL"
            ),
            "coverage": records.one(
                "SELECT MIN(published_end) AS first, MAX(published_end) AS last, "
                "COUNT(DISTINCT sources.source_id) AS coded FROM sources JOIN claims USING (source_id)"
            ),
            "origins": records.all("SELECT origin_kind, COUNT(*) AS claims FROM flat GROUP BY 1 ORDER BY 2 DESC, 1"),
            "outcomes": records.all("SELECT borne_out, COUNT(DISTINCT proposition_id) AS n FROM forecasts GROUP BY 1"),
            "rumours": rumours[:6],
            "moved": _moved(records),
            "lost": records.all(
                "SELECT * FROM hedges ORDER BY certainty_rose DESC, attribution_lost DESC, claim_id LIMIT 3"
            ),
            "citation": asked.shelf.cited(),
            "tables": [table for table in asked.shelf.tables if table.name in _FIRST],
        },
        "home",
    )


def _busiest(found: Row) -> Row:
    """A proposition with the lanes of those who are reported most often, in their order."""
    lanes: list[figures.Lane] = found["lanes"]
    most = sorted(lanes, key=lambda lane: -len(lane.marks))[:_LANES]
    return found | {"lanes": [lane for lane in lanes if lane in most], "speakers": len(lanes)}


def _moved(records: Records) -> list[Row]:
    """Where an actor's stance on one proposition changed, in its own words or those of who speaks for it."""
    return records.all(
        """
        SELECT actor_id, actor_name, proposition_id, proposition, COUNT(DISTINCT stance) AS stances,
          MIN(said_end) AS first, MAX(said_end) AS last,
          MAX(CASE WHEN rank = 1 THEN stance END) AS before, MAX(CASE WHEN latest = 1 THEN stance END) AS after
        FROM (
          SELECT positions.*,
            ROW_NUMBER() OVER (PARTITION BY actor_id, proposition_id ORDER BY said_end, claim_id) AS rank,
            ROW_NUMBER() OVER (PARTITION BY actor_id, proposition_id ORDER BY said_end DESC, claim_id DESC) AS latest
          FROM positions JOIN actors USING (actor_id)
          WHERE said_end IS NOT NULL AND actor_kind <> 'state' AND anonymity = 'named'
        )
        GROUP BY actor_id, proposition_id
        HAVING before <> after AND first < last
        ORDER BY last DESC, actor_id, proposition_id LIMIT 6
        """
    )


def search(asked: Asked) -> Page | Moved:
    """Everything that has all the words; an identifier leads to its page at once."""
    sought = " ".join(asked.query.get("q", "").replace("\0", " ").split())[:200]
    if IDENTIFIER.fullmatch(sought.upper()) and (found := address(asked.shelf, sought.upper())):
        return Moved(found, status=302)
    groups = []
    if sought:
        words = " ".join('"' + word.replace('"', "") + '"' for word in sought.split() if word.strip('"'))
        groups = [_sought(asked.shelf.records, name, words) for name in _SEARCHES] if words else []
    return Page("search.html", "Search", {"asked": sought, "groups": groups, "found": sum(n for *_, n in groups)})


def _sought(records: Records, name: str, words: str) -> tuple[str, list[Row], int]:
    """What was found of one kind, the first rows, and of how many."""
    found = records.all(f"{_SEARCHES[name]} LIMIT {FEW}", words=words)
    if len(found) < FEW:
        return name, found, len(found)
    return name, found, records.number(f"SELECT COUNT(*) FROM ({_SEARCHES[name]})", words=words)


_SEARCHES = {
    "propositions": "SELECT proposition_id AS id, proposition AS name, proposition_kind AS kind, NULL AS date_edtf FROM propositions "
    "WHERE rowid IN (SELECT rowid FROM propositions_fts WHERE propositions_fts MATCH :words) "
    "ORDER BY (SELECT COUNT(*) FROM claims WHERE claims.proposition_id = propositions.proposition_id) DESC, 1",
    "claims": "SELECT claim_id AS id, claim_summary AS name, said_edtf, publisher, stance, certainty FROM flat "
    "WHERE claim_id IN (SELECT claim_id FROM claims WHERE rowid IN "
    "(SELECT rowid FROM claims_fts WHERE claims_fts MATCH :words)) OR claim_id IN (SELECT claim_id FROM evidence WHERE rowid IN "
    "(SELECT rowid FROM evidence_fts WHERE evidence_fts MATCH :words)) "
    "ORDER BY COALESCE(said_end, said_start) NULLS LAST, 1",
    "actors": "SELECT actor_id AS id, actor_name AS name, actor_kind AS kind, NULL AS date_edtf FROM actors WHERE rowid IN "
    "(SELECT rowid FROM actors_fts WHERE actors_fts MATCH :words) OR actor_id IN (SELECT actor_id FROM actor_names "
    "WHERE alternative_name LIKE '%' || REPLACE(:words, '\"', '') || '%') ORDER BY 2",
    "events": "SELECT event_id AS id, event_title AS name, status AS kind, date_edtf FROM events WHERE rowid IN "
    "(SELECT rowid FROM events_fts WHERE events_fts MATCH :words) ORDER BY date_start, 1",
    "sources": "SELECT source_id AS id, title AS name, actor_name AS kind, published_edtf AS date_edtf FROM sources "
    "JOIN actors ON actors.actor_id = publisher_id WHERE sources.rowid IN "
    "(SELECT rowid FROM sources_fts WHERE sources_fts MATCH :words) ORDER BY 1",
}


def guide(asked: Asked) -> Page:
    """Every table with its columns."""
    counts = {
        table.name: asked.shelf.records.number(f'SELECT COUNT(*) FROM "{table.name}"') for table in asked.shelf.tables
    }
    return Page("guide.html", "Guide to the tables", {"tables": asked.shelf.tables, "counts": counts}, "guide")


def downloads(asked: Asked) -> Page:
    """How to cite, and every file."""
    return Page(
        "downloads.html",
        "Downloads and citation",
        {"tables": asked.shelf.tables, "citation": asked.shelf.cited(), "formats": FORMATS},
        "downloads",
    )


def propositions(asked: Asked) -> Page:
    """All propositions by kind, the most claimed first."""
    rows = asked.shelf.records.all(
        "SELECT propositions.proposition_id, propositions.proposition, propositions.proposition_kind, window_edtf, outcome, "
        "COUNT(claims.claim_id) AS claims, COUNT(DISTINCT claims.source_id) AS sources, "
        "SUM(stance = 'affirm') AS affirm, SUM(stance = 'expect') AS expect, SUM(stance = 'noncommittal') AS noncommittal, "
        "SUM(stance = 'deny') AS deny "
        "FROM propositions LEFT JOIN claims USING (proposition_id) LEFT JOIN resolutions USING (proposition_id) "
        "GROUP BY propositions.proposition_id ORDER BY claims DESC, propositions.proposition_id"
    )
    kinds: dict[str, list[Row]] = {}
    for row in rows:
        kinds.setdefault(row["proposition_kind"], []).append(row)
    order = ["prediction", "intent", "fact", "evaluation", "absence", "question"]
    groups = [(kind, kinds[kind]) for kind in sorted(kinds, key=lambda k: order.index(k) if k in order else len(order))]
    return Page("propositions.html", "Propositions", {"groups": groups, "few": FEW}, "propositions")


def actors(asked: Asked) -> Page:
    """All actors by kind, the unnamed ones apart."""
    rows = asked.shelf.records.all(
        "SELECT actors.*, (SELECT COUNT(*) FROM claims WHERE speaker_id = actors.actor_id) AS claims, "
        "(SELECT COUNT(*) FROM attributions WHERE attributions.actor_id = actors.actor_id) AS hops "
        "FROM actors ORDER BY claims DESC, actor_name"
    )
    named = [row for row in rows if row["anonymity"] == "named"]
    kinds: dict[str, list[Row]] = {}
    for row in named:
        kinds.setdefault(row["actor_kind"], []).append(row)
    unnamed = [row for row in rows if row["anonymity"] != "named"]
    return Page("actors.html", "Actors", {"kinds": kinds, "unnamed": unnamed, "few": FEW}, "actors")


def sources(asked: Asked) -> Page:
    """All sources, those coded for claims first."""
    rows = asked.shelf.records.all(
        "SELECT sources.*, actor_name AS publisher, actor_country, COUNT(claim_id) AS claims, "
        "SUM(origin_kind IN ('anonymous', 'lost', 'none')) AS unnamed FROM sources "
        "JOIN actors ON actors.actor_id = publisher_id LEFT JOIN flat USING (source_id) "
        "GROUP BY sources.source_id ORDER BY claims DESC, sources.published_end, sources.source_id"
    )
    return Page("sources.html", "Sources", {"rows": rows, "few": FEW}, "sources")


def timeline(asked: Asked) -> Page:
    """Events and claims day by day."""
    records = asked.shelf.records
    events = records.all(
        "SELECT events.*, place_name, (SELECT COUNT(*) FROM proposition_events JOIN claims USING (proposition_id) "
        "WHERE proposition_events.event_id = events.event_id) AS claims "
        "FROM events LEFT JOIN places USING (place_id) ORDER BY date_start, date_end, event_id"
    )
    claims = records.all(
        "SELECT claim_id, claim_summary, speaker, speaker_id, stance, certainty, publisher, proposition, proposition_id, "
        "said_edtf, said_start, said_end, origin, origin_kind FROM flat ORDER BY COALESCE(said_end, said_start), proposition_id, claim_id"
    )
    dates: dict[str, Row] = {}
    for name, rows, date, start, end in (
        ("events", events, "date_edtf", "date_start", "date_end"),
        ("claims", claims, "said_edtf", "said_start", "said_end"),
    ):
        for row in rows:
            at = row[end] if name == "claims" else row[start]
            at = at or row[start] or row[end]
            if at:
                here = dates.setdefault(row[date], {"at": at, "events": [], "claims": []})
                here[name].append(row)
    counts = Counter(row["said_end"] or row["said_start"] for row in claims if row["said_end"] or row["said_start"])
    said = [figures.parsed(day) for day in counts.elements()]
    along = figures.scale(said)
    if along:  # with room for what began or ended soon after the last claim
        near = [figures.parsed(row[side]) for row in events for side in ("date_start", "date_end")]
        along = figures.scale(
            [*said, *(day for day in near if day and along.last <= day <= along.last + timedelta(60))]
        )
    drawn = [row for row in events if along and row["date_edtf"] and _touches(row, along)]
    chosen = {row["event_id"] for row in sorted(drawn, key=lambda row: -row["claims"])[:_BARS]}
    return Page(
        "timeline.html",
        "Timeline",
        {
            "dates": sorted(dates.items(), key=lambda one: (one[1]["at"], one[0])),
            "undated": [row for row in events if not row["date_edtf"]],
            "scale": along,
            "bars": figures.bars([row for row in drawn if row["event_id"] in chosen], along, "date_start", "date_end")
            if along
            else [],
            "left_out": len(drawn) - len(chosen),
            "columns": _columns(counts, along) if along else [],
            "most": max(counts.values(), default=1),
            "few": FEW // 2,
        },
        "timeline",
    )


def _touches(row: Row, along: figures.Scale) -> bool:
    start, end = figures.parsed(row["date_start"]), figures.parsed(row["date_end"] or row["date_start"])
    if start is not None and start > along.last:
        return False
    return row["date_end"] is None or (end is not None and end >= along.first)


def _columns(counts: Counter[str], along: figures.Scale) -> list[tuple[float, int, bool]]:
    """Where each day stands, its number of claims, and whether the number has room: the greatest first."""
    found: list[tuple[float, int, bool]] = []
    for day, n in counts.most_common():
        at = figures.parsed(day)
        if at and along.first <= at <= along.last:
            x = along.x(at)
            room = n * 5 > counts.most_common(1)[0][1] and all(
                abs(x - other) > _ROOM for other, _, told in found if told
            )
            found.append((x, n, room))
    return sorted(found)


def places(asked: Asked) -> Page:
    """Places of events, on a map and as a list."""
    rows = asked.shelf.records.all(
        "SELECT places.*, (SELECT COUNT(*) FROM events WHERE events.place_id = places.place_id) AS events, "
        "(SELECT COUNT(*) FROM claims JOIN propositions USING (proposition_id) WHERE propositions.place_id = places.place_id) AS claims "
        "FROM places ORDER BY events DESC, claims DESC, place_name"
    )
    events = asked.shelf.records.all(
        "SELECT event_id, event_title, status, date_edtf, place_id FROM events WHERE place_id IS NOT NULL ORDER BY date_start, 1"
    )
    return Page(
        "map.html",
        "Map",
        {
            "places": rows,
            "events": {place["place_id"]: [e for e in events if e["place_id"] == place["place_id"]] for place in rows},
            "chart": asked.shelf.charts.get("map"),
            "chart_narrow": asked.shelf.charts.get("map-narrow"),
        },
        "map",
    )

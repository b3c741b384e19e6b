"""The pages that answer a question: as of a day, origins, forecasts, and ready queries."""

from __future__ import annotations

import re
from typing import Any

from onrecord import known
from onrecord.site import figures
from onrecord.site.metadata import queries
from onrecord.site.records import FEW, Row
from onrecord.site.shelf import Asked, Found, Moved, Page, Shelf, missing

__all__ = ["as_of", "forecasts", "origins", "question", "questions", "ready", "routes"]

_FEW = 20
_BORNE_OUT = ("no", "partly", "yes", "open")
_CERTAINTIES = ("CT+", "PR+", "PS+", "PS-", "PR-", "CT-")


def as_of(asked: Asked) -> Found:
    """Everything as publicly known at the end of a day, or of two days side by side."""
    wanted = asked.query.get("by")
    by = wanted if wanted in known.BASES else "utterance" if asked.match["said"] else "publication"
    days = [row["day"] for row in asked.shelf.records.all(known.DAYS, by=by)]
    day, other = asked.match["day"] or asked.query.get("date", ""), asked.match["other"] or asked.query.get("other", "")
    if asked.query.get("date") and figures.parsed(day) and (not other or figures.parsed(other)):
        stem = "as-of/said" if by == "utterance" else "as-of"
        return Moved("/".join([stem, day, *([other] if other else [])]), status=302)
    wrong = [value for value in (day, other) if value and not figures.parsed(value)]
    if not day or wrong:
        day = days[len(days) // 2] if days else ""
        other = ""
    first = _known(asked.shelf, day, by) if day else None
    second = _known(asked.shelf, other, by) if other else None
    if first and second:
        _compare(first, second)
    return Page(
        "as_of.html",
        f"As of {day}" + (f" and {other}" if other else ""),
        {
            "by": by,
            "days": days,
            "chosen": day,
            "stop": max((d for d in days if d <= day), default=""),
            "other": other,
            "first": first,
            "second": second,
            "wrong": wrong,
            "few": FEW // 2,
        },
        "as-of",
    )


def _known(shelf: Shelf, day: str, by: str) -> Row:
    """Everything as publicly known at the end of a day."""
    records = shelf.records
    chosen = {row["claim_id"] for row in records.all(known.CLAIMS, day=day, by=by)}
    claims = [
        row
        for row in records.all(
            "SELECT claim_id, speaker_id, stance, certainty, claim_condition, source_id, proposition, proposition_id, "
            "proposition_kind FROM flat ORDER BY COALESCE(said_end, said_start), claim_id"
        )
        if row["claim_id"] in chosen
    ]
    outcomes = {row["proposition_id"]: row for row in records.all(known.OUTCOMES, day=day, by=by)}
    titles = {row["event_id"]: row for row in records.all("SELECT event_id, event_title FROM events")}
    held = _latest(records.all(_HELD), chosen)
    propositions: dict[str, Row] = {}
    for row in claims:
        one = propositions.setdefault(
            row["proposition_id"],
            {
                "proposition_id": row["proposition_id"],
                "proposition": row["proposition"],
                "kind": row["proposition_kind"],
                "positions": sorted(held.get(row["proposition_id"], []), key=lambda p: bool(p["follows"])),
                "sources": set(),
                "outcome": outcomes.get(row["proposition_id"]),
            },
        )
        one["sources"].add(row["source_id"])
        if row["speaker_id"] is None:
            one["positions"] = [*one["positions"], row | {"name": "", "follows": False}]
    return {
        "day": day,
        "claims": claims,
        "propositions": sorted(propositions.values(), key=lambda one: (-len(one["sources"]), one["proposition_id"])),
        "outcomes": outcomes,
        "events": [row | titles[row["event_id"]] for row in records.all(known.EVENTS, day=day, by=by)],
        "sources": len({row["source_id"] for row in claims}),
    }


_HELD = """
SELECT proposition_id, actor_id, actor_name AS name, stance, certainty, claim_id, claim_condition,
  voice = 'own words' AS own, followed = 'follows' AS follows
FROM positions ORDER BY COALESCE(MIN(said_end, published_end), said_end, said_start), claim_id
"""


def _latest(rows: list[Row], chosen: set[str]) -> dict[str, list[Row]]:
    """The last position of each actor on each proposition by the claims chosen, of those who spoke themselves."""
    held: dict[str, dict[str, Row]] = {}
    own = set()
    for row in rows:
        if row["claim_id"] in chosen:
            held.setdefault(row["proposition_id"], {})[row["actor_id"]] = row
            own |= {(row["proposition_id"], row["actor_id"])} if row["own"] else set()
    return {p: [row for actor, row in actors.items() if (p, actor) in own] for p, actors in held.items()}


def _compare(first: Row, second: Row) -> None:
    """Mark on both days which propositions and events differ between them, those of one day alone too."""
    for what, key, same in (
        ("propositions", "proposition_id", _standing),
        ("events", "event_id", lambda e: e["status"]),
    ):
        one, other = ({row[key]: same(row) for row in side[what]} for side in (first, second))
        for row in (*first[what], *second[what]):
            row["changed"] = row[key] not in one or row[key] not in other or one[row[key]] != other[row[key]]
    for side, against in ((first, second), (second, first)):
        side["only"] = len({r["claim_id"] for r in side["claims"]} - {r["claim_id"] for r in against["claims"]})


def _standing(proposition: Row) -> object:
    """Who holds what on a proposition, and what came of it."""
    held = sorted((p["name"], p["stance"], p["certainty"], p["claim_id"]) for p in proposition["positions"])
    return held, bool(proposition["outcome"])


def questions(_asked: Asked) -> Page:
    """The ready questions."""
    return Page("questions.html", "Questions", {"questions": ready()}, "questions")


def question(asked: Asked) -> Found:
    """The answer to one ready question, with its query."""
    found = ready().get(asked.match[1])
    if found is None:
        return missing(asked.shelf, asked.match[0])
    rows = asked.shelf.records.all(found["sql"])
    context = {"question": found, "name": asked.match[1], "rows": rows[: 2 * FEW], "total": len(rows)}
    return Page("question.html", found["title"], context, "questions")


def ready() -> dict[str, dict[str, Any]]:
    """The ready questions that ask for nothing more."""
    return {name: query for name, query in queries().items() if not re.search(r":[a-z]", query["sql"])}


def origins(asked: Asked) -> Page:
    """Propositions that several claims carry, with the number of their origins."""
    records = asked.shelf.records
    total = records.number("SELECT COUNT(*) FROM origins WHERE claims > 1")
    return Page("origins.html", "Origins", {"rumours": records.rumours()[: 2 * FEW], "total": total}, "origins")


def routes(asked: Asked) -> Found:
    """The routes of one proposition through the outlets to its origins."""
    identifier = asked.match[1]
    row = asked.shelf.records.one(
        "SELECT origins.*, outcome FROM origins LEFT JOIN resolutions USING (proposition_id) WHERE proposition_id = :id",
        id=identifier,
    )
    if row is None:
        return missing(asked.shelf, asked.match[0])
    carriers = asked.shelf.records.carriers(identifier)
    days: list[Row] = []
    told: set[str] = set()
    for day in sorted({carrier["published_end"] for carrier in carriers if carrier["published_end"]}):
        by_then = [carrier for carrier in carriers if (carrier["published_end"] or "9999") <= day]
        outlets = {carrier["publisher"] for carrier in by_then}
        new, told = outlets - told, outlets
        days.append(
            {
                "day": day,
                "claims": len(by_then),
                "outlets": sorted(outlets),
                "new": sorted(new),
                "strict": len({c["origin_id"] for c in by_then if c["origin_id"]}),
                "loose": len({c["loose_origin_id"] for c in by_then if c["loose_origin_id"]}),
            }
        )
    drawn = figures.condensed(asked.shelf.records.routes(identifier))
    folded: dict[str, list[Row]] = {}
    for carrier in carriers:
        folded.setdefault(carrier["loose_origin_id"] or "", []).append(carrier)
    return Page(
        "routes.html",
        f"Origins of: {row['proposition']}",
        {
            "row": row,
            "identifier": identifier,
            "carriers": carriers,
            "days": days,
            "folded": _first(sorted(folded.values(), key=lambda rows: -len(rows)), 2 * FEW),
            "graph": figures.graph(drawn),
            "drawn": len({step["claim_id"] for step in drawn}),
            "others": [r for r in asked.shelf.records.rumours() if r["proposition_id"] != identifier][:12],
        },
        "origins",
    )


def _first(groups: list[list[Row]], most: int) -> list[list[Row]]:
    """The first rows of groups, ``most`` in all."""
    room = [max(0, most - sum(len(before) for before in groups[:at])) for at in range(len(groups))]
    return [rows[:left] for rows, left in zip(groups, room, strict=True) if left]


def forecasts(asked: Asked) -> Page:
    """What was foretold, with windows, outcomes, and counts by stated certainty."""
    rows = asked.shelf.records.all(
        "SELECT forecasts.*, flat.publisher, flat.claim_summary, resolutions.resolved_start, resolutions.resolved_end, resolution_note, "
        "event_title, events.event_id FROM forecasts JOIN flat USING (claim_id) "
        "LEFT JOIN resolutions ON resolutions.proposition_id = forecasts.proposition_id "
        "LEFT JOIN events ON events.event_id = resolutions.event_id "
        "ORDER BY CASE borne_out WHEN 'no' THEN 1 WHEN 'partly' THEN 2 WHEN 'yes' THEN 3 ELSE 4 END, "
        "forecasts.proposition, forecasts.claim_id"
    )
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row["proposition_id"], []).append(row)
    days = [figures.parsed(row[c]) for row in rows for c in ("said_end", "window_start", "window_end", "resolved_end")]
    along = figures.scale(days)
    drawn: dict[str, list[Row]] = {}
    for same in sorted(groups.values(), key=lambda rows: -len(rows)):
        first = same[0]
        drawn.setdefault(first["borne_out"], []).append(
            {
                "row": first,
                "claims": same,
                "window": next(iter(figures.bars([first], along, "window_start", "window_end")), None)
                if along
                else None,
                "said": [along.x(d) for r in same if along and (d := figures.parsed(r["said_end"]))],
                "resolved": along.x(d) if along and (d := figures.parsed(first["resolved_end"])) else None,
            }
        )
    counted = [
        {"certainty": certainty, **{k: _distinct(rows, certainty, k) for k in ("yes", "partly", "no", "open")}}
        for certainty in _CERTAINTIES
        if any(row["certainty"] == certainty for row in rows)
    ]
    resolved = {row["proposition_id"] for row in rows if row["borne_out"] in ("yes", "partly", "no")}
    return Page(
        "forecasts.html",
        "Forecasts",
        {
            "drawn": [(outcome, drawn[outcome]) for outcome in _BORNE_OUT if outcome in drawn],
            "most": FEW // 2,
            "scale": along,
            "counted": counted,
            "resolved": len(resolved),
            "few": _FEW,
            "forecasters": asked.shelf.records.all(
                "SELECT * FROM forecasters WHERE forecaster_id IS NOT NULL ORDER BY resolved DESC, forecasts DESC, forecaster "
                f"LIMIT {FEW}"
            ),
            "all_forecasters": asked.shelf.records.number("SELECT COUNT(forecaster_id) FROM forecasters"),
            "chart": asked.shelf.charts.get("forecasts"),
            "chart_narrow": asked.shelf.charts.get("forecasts-narrow"),
        },
        "forecasts",
    )


def _distinct(rows: list[Row], certainty: str, borne_out: str) -> int:
    return len({r["proposition_id"] for r in rows if r["certainty"] == certainty and r["borne_out"] == borne_out})

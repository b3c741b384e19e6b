"""The page of each kind of record, its citation and its report of an error."""

from __future__ import annotations

from collections.abc import Callable

from onrecord.cite import FORMATS
from onrecord.site import figures
from onrecord.site.records import PREFIXES, Row
from onrecord.site.shelf import IDENTIFIER, Asked, Found, Moved, Page, Text, address, missing, title

__all__ = ["cite", "lead", "positions", "record", "report"]


_LANES = 12


def record(asked: Asked) -> Found:
    """The page of one record; the address names its type and identifier."""
    kind, identifier = asked.match["kind"], asked.match["identifier"]
    records = asked.shelf.records
    found: Row | None = getattr(records, kind)(identifier) if PREFIXES.get(identifier[0]) == kind else None
    if found is None:
        return lead(asked)
    named = title(asked.shelf, identifier)
    was = asked.query.get("was", "").upper()
    more = _MORE.get(kind)
    context = {
        **(more(found) if more else found),
        "identifier": identifier,
        "path": asked.match[0],
        "citation": asked.shelf.cited(asked.match[0], identifier, named),
        "formats": FORMATS,
        "was": records.retired(was) if IDENTIFIER.fullmatch(was) else None,
    }
    return Page(f"{kind}.html", named, context, _SECTION.get(kind, f"{kind}s"))


def positions(found: Row) -> Row:
    """A proposition's record with its positions as lanes along a scale."""
    outcome = found["outcome"] or {}
    window = found["proposition"]
    rows = found["positions"]
    resolved = figures.parsed(outcome.get("resolved_end") or outcome.get("resolved_start"))
    days = [figures.parsed(row["said_end"] or row["said_start"]) for row in rows]
    along = figures.scale([*days, resolved])
    shown = []
    lanes, more = figures.busiest(figures.lanes(rows, along) if along else [], _LANES)
    if along:
        shown = figures.bars([window], along, "window_start", "window_end")
    return found | {
        "scale": along,
        "lanes": lanes,
        "more_lanes": more,
        "resolved_x": along.x(resolved) if along and resolved else None,
        "window": shown[0] if shown else None,
    }


def _roles(found: Row) -> Row:
    """An actor's record with its roles as bars and its positions by proposition, those that moved first."""
    held: dict[str, list[Row]] = {}
    for row in found["positions"]:
        held.setdefault(row["proposition_id"], []).append(row)
    moved = sorted(held.values(), key=lambda rows: (-len({r["stance"] for r in rows}), -len(rows)))
    along = figures.scale(figures.parsed(row[side]) for row in found["roles"] for side in ("held_start", "held_end"))
    bars = figures.bars(found["roles"], along, "held_start", "held_end") if along else []
    return found | {"held": moved, "scale": along, "bars": bars}


def _share(found: Row) -> Row:
    """A source's record with the number of its claims that rest on nobody who is named."""
    unnamed = [row["claims"] for row in found["origins"] if row["origin_kind"] in ("anonymous", "lost", "none")]
    return found | {"total": sum(row["claims"] for row in found["origins"]), "unnamed": sum(unnamed)}


_MORE: dict[str, Callable[[Row], Row]] = {"proposition": positions, "actor": _roles, "source": _share}
_SECTION = {"event": "timeline", "place": "map"}


def lead(asked: Asked) -> Found:
    """An identifier alone, in small letters, or under the wrong type leads to its page."""
    identifier = asked.match["identifier"].upper()
    at = address(asked.shelf, identifier)
    if at and at != asked.match[0]:
        return Moved(at, fragment=identifier if identifier.startswith("V") else "")
    return missing(asked.shelf, asked.match[0])


def cite(asked: Asked) -> Found:
    """The citation of the dataset or of one record, as a file."""
    identifier, ending = asked.match["identifier"] or "", asked.match["ending"]
    path, named = "", ""
    if identifier:
        at = address(asked.shelf, identifier)
        if at is None:
            return missing(asked.shelf, asked.match[0])
        path, named = at, title(asked.shelf, identifier)
        if not named:
            return missing(asked.shelf, at)
    _, media, write = FORMATS[ending]
    cited = asked.shelf.cited(path, identifier, named)
    return Text(write(cited), media, f"{cited.key}.{ending}")


def report(asked: Asked) -> Found:
    """A report of an error in one row, ready to be sent."""
    identifier = asked.match[1]
    records = asked.shelf.records
    kind = PREFIXES.get(identifier[:1])
    if kind:
        row = records.one(f"SELECT * FROM {kind}s WHERE {kind}_id = :id", id=identifier)
    else:
        row = records.one("SELECT * FROM evidence WHERE evidence_id = :id", id=identifier)
    at = address(asked.shelf, identifier)
    if row is None or at is None:
        return missing(asked.shelf, asked.match[0])
    where = asked.shelf.descriptor.get("corrections")
    return Page(
        "report.html",
        f"Report an error in {identifier}",
        {
            "row": row,
            "identifier": identifier,
            "of": asked.query.get("of", "")[:100],
            "path": at,
            "where": where if isinstance(where, str) else "",
        },
    )

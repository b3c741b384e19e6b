"""References that lead nowhere, or round in a circle."""

from __future__ import annotations

from random import Random

from corrupt.copied import Copy, Expected, Row, Sheet, Wrong, at, joined
from corrupt.kinds import kind

Found = list[Expected | Wrong]
IDENTIFIED = ("sources", "actors", "places", "events", "propositions", "claims")


def foreign_keys(copy: Copy) -> list[tuple[str, str, str]]:
    """Every foreign key of one column: table, column, table it leads to."""
    return [
        (name, k["fields"][0], k["reference"]["resource"])
        for name in copy.names()
        for k in copy.sheet(name).schema.get("foreignKeys", [])
    ]


def references(copy: Copy, table: str, key: str) -> list[Wrong]:
    """Every cell that refers to a row."""
    return [
        copy.sheet(name).wrong(row, column, "foreign-key")
        for name, column, other in foreign_keys(copy)
        if other == table
        for row in copy.sheet(name).where(**{column: key})
    ]


def highest(sheet: Sheet) -> str:
    """The highest identifier of a table."""
    return max((row[sheet.key[0]] for row in sheet.rows), key=lambda k: int(k[1:]))


def fresh(sheet: Sheet, rng: Random) -> str:
    """An identifier that no row has, well beyond the highest."""
    last = highest(sheet)
    return f"{last[0]}{int(last[1:]) + rng.randrange(20, 200):0{len(last) - 1}}"


def _orphan(table: str, column: str, other: str) -> None:
    @kind("orphans", f"{table}.{column} names no row of {other}")
    def corrupt(copy: Copy, rng: Random) -> Found:
        sheet = copy.sheet(table)
        row = sheet.pick(rng, lambda r: r[column])
        was, row[column] = row[column], fresh(copy.sheet(other), rng)
        return [joined([sheet.wrong(row, column, "foreign-key")], left_over(copy, other, was))]


def left_over(copy: Copy, table: str, key: str) -> list[Wrong]:
    """The row that a reference led to, if nothing else uses it: where one looks for what was meant."""
    if table not in ("actors", "places", "events", "propositions") or uses(copy, table, key):
        return []
    sheet = copy.sheet(table)
    return [sheet.wrong(sheet.get(**{sheet.key[0]: key}), sheet.key[0], "used")]


USES = {
    "actors": "sources.publisher_id source_credits.actor_id actor_roles.actor_id actor_roles.organization_id actor_links.actor_id actor_links.other_actor_id event_actors.actor_id proposition_actors.actor_id claims.speaker_id attributions.actor_id",
    "places": "events.place_id propositions.place_id",
    "events": "proposition_events.event_id events.parent_id resolutions.event_id",
    "propositions": "claims.proposition_id proposition_links.proposition_id proposition_links.other_proposition_id",
}


def uses(copy: Copy, table: str, key: str) -> list[Row]:
    """The rows by which a row counts as used, by the words of the rule ``used``."""
    places = [place.split(".") for place in USES[table].split()]
    return [row for name, column in places for row in copy.sheet(name).rows if row[column] == key]


def note_orphans() -> None:
    import json

    from corrupt.copied import ROOT

    for path in sorted((ROOT / "schemas").glob("*.json")):
        for key in json.loads(path.read_text(encoding="utf-8")).get("foreignKeys", []):
            _orphan(path.stem, key["fields"][0], key["reference"]["resource"])


note_orphans()


def referred(copy: Copy, rng: Random, table: str, least: int = 1) -> tuple[Sheet, Row, list[Wrong]]:
    """A row to which others refer, and the cells that do."""
    sheet = copy.sheet(table)
    row = sheet.pick(rng, lambda r: len(references(copy, table, r[sheet.key[0]])) >= least)
    return sheet, row, references(copy, table, row[sheet.key[0]])


def _gone(table: str) -> None:
    @kind("rows gone", f"a row of {table} is deleted")
    def corrupt(copy: Copy, rng: Random) -> Found:
        sheet, row, cells = referred(copy, rng, table)
        sheet.take(row)
        cells = [cell for cell in cells if cell.row is not row]
        unused = [
            wrong
            for name, column, other in foreign_keys(copy)
            if name == table and row[column]
            for wrong in left_over(copy, other, row[column])
        ]
        return [joined(cells, {id(w.row): w for w in unused}.values())]


def _renumbered(table: str) -> None:
    @kind("rows gone", f"a row of {table} has another identifier")
    def corrupt(copy: Copy, rng: Random) -> Found:
        sheet, row, cells = referred(copy, rng, table)
        row[sheet.key[0]] = fresh(sheet, rng)
        return [Wrong(sheet, row, sheet.key[0], "foreign-key", beside=cells)]

    @kind("rows gone", f"a row of {table} has the identifier of the next")
    def corrupt_to_next(copy: Copy, rng: Random) -> Found:
        sheet, row, cells = referred(copy, rng, table)
        while row is sheet.rows[-1]:
            sheet, row, cells = referred(copy, rng, table)
        row[sheet.key[0]] = sheet.rows[sheet.number(row) + 1][sheet.key[0]]
        return [Wrong(sheet, row, sheet.key[0], "primary-key", beside=cells)]

    @kind("rows gone", f"a row of {table} has the identifier of one far off")
    def corrupt_to_other(copy: Copy, rng: Random) -> Found:
        sheet, row, cells = referred(copy, rng, table)
        number = sheet.number(row)
        row[sheet.key[0]] = rng.choice([r for i, r in enumerate(sheet.rows) if abs(i - number) > 1])[sheet.key[0]]
        return [Wrong(sheet, row, sheet.key[0], "primary-key", beside=cells)]


for _table in IDENTIFIED:
    _gone(_table)
    _renumbered(_table)


def _cut(table: str) -> None:
    @kind("rows gone", f"the last rows of {table} are cut off")
    def corrupt(copy: Copy, rng: Random) -> Found:
        sheet = copy.sheet(table)
        left = rng.randrange(1, max(2, int(len(sheet.rows) * 0.9) - 2))
        del sheet.rows[left:]
        return [sheet.wrong(sheet.rows[-1], "", "foreign-key")]

    @kind("rows gone", f"rows in the middle of {table} are gone")
    def corrupt_middle(copy: Copy, rng: Random) -> Found:
        sheet = copy.sheet(table)
        start = rng.randrange(1, len(sheet.rows) - 7)
        del sheet.rows[start : start + rng.randrange(4, 7)]
        return [sheet.wrong(sheet.rows[start - 1], "", "foreign-key")]

    @kind("rows gone", f"{table} has its header alone")
    def corrupt_all(copy: Copy, rng: Random) -> Found:
        sheet = copy.sheet(table)
        sheet.rows.clear()
        return [at(sheet.path, 1, 0, "foreign-key")]


for _table in IDENTIFIED:
    _cut(_table)

CIRCLES = "circles"


@kind(CIRCLES, "an event is part of itself")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: not r["parent_id"])
    row["parent_id"] = row["event_id"]
    return [sheet.wrong(row, "parent_id", "links-irreflexive")]


@kind(CIRCLES, "two events are part of each other")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    part = sheet.pick(rng, lambda r: r["parent_id"] and not sheet.get(event_id=r["parent_id"])["parent_id"])
    whole = sheet.get(event_id=part["parent_id"])
    whole["parent_id"] = part["event_id"]
    outside = (
        [sheet.wrong(whole, "date_edtf", "child-within-parent", "the whole does not lie within its part")]
        if not within(whole, part)
        else []
    )
    return [joined([sheet.wrong(r, "parent_id", "links-irreflexive") for r in (part, whole)]), *outside]


def within(child: Row, parent: Row) -> bool:
    """Whether the known bounds of one event lie in those of another."""
    a, b, low, high = child["date_start"], child["date_end"], parent["date_start"], parent["date_end"]
    return not (
        (a and low and a < low) or (b and high and b > high) or (a and high and a > high) or (b and low and b < low)
    )


@kind(CIRCLES, "three events are part of one another")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    same = [
        r for r in sheet.rows if not r["parent_id"] and not sheet.where(parent_id=r["event_id"]) and not r["date_edtf"]
    ]
    rows = rng.sample(same, 3)
    for a, b in zip(rows, [*rows[1:], rows[0]], strict=True):
        a["parent_id"] = b["event_id"]
    return [joined([sheet.wrong(r, "parent_id", "links-irreflexive") for r in rows])]


@kind(CIRCLES, "a source is republished from itself")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("sources")
    row = sheet.pick(rng, lambda r: not r["republished_from"])
    row["republished_from"] = row["source_id"]
    return [sheet.wrong(row, "republished_from", "republication-acyclic")]


@kind(CIRCLES, "two sources are republished from each other")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("sources")
    one = sheet.pick(rng, lambda r: r["republished_from"])
    two = sheet.get(source_id=one["republished_from"])
    two["republished_from"] = one["source_id"]
    return [joined([sheet.wrong(r, "republished_from", "republication-acyclic") for r in (one, two)])]


def _self_link(table: str, one: str, other: str) -> None:
    @kind(CIRCLES, f"a row of {table} links something to itself")
    def corrupt(copy: Copy, rng: Random) -> Found:
        sheet = copy.sheet(table)
        row = sheet.pick(rng)
        again = sheet.add(**{**row, other: row[one]})
        return [sheet.wrong(again, other, "links-irreflexive")]


_self_link("actor_links", "actor_id", "other_actor_id")
_self_link("proposition_links", "proposition_id", "other_proposition_id")
_self_link("claim_links", "claim_id", "other_claim_id")


@kind(CIRCLES, "two propositions entail each other")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("proposition_links")
    row = sheet.pick(rng, lambda r: r["proposition_relation"] == "entails" and not circle(copy, r["proposition_id"]))
    back = sheet.add(
        proposition_id=row["other_proposition_id"],
        other_proposition_id=row["proposition_id"],
        proposition_relation="entails",
    )
    return [joined([sheet.wrong(r, "other_proposition_id", "links-irreflexive") for r in (row, back)])]


def circle(copy: Copy, proposition: str) -> bool:
    """Whether two ways lead from a proposition to another, so that a link back would close two circles."""
    links = [
        (r["proposition_id"], r["other_proposition_id"])
        for r in copy.sheet("proposition_links").where(proposition_relation="entails")
    ]
    return sum(a == proposition for a, _ in links) > 1 or sum(b == proposition for _, b in links) > 1


RETIRED = "retired"


def retire(copy: Copy, table: str, key: str, replacement: str = "") -> tuple[Sheet, Row]:
    sheet = copy.sheet("retired")
    return sheet, sheet.add(
        table_name=table, retired_id=key, replacement_id=replacement, retired_version="0.1.0", retired_reason="Double"
    )


@kind(RETIRED, "a row whose identifier was retired is referred to")
def _(copy: Copy, rng: Random) -> Found:
    table = rng.choice(IDENTIFIED)
    sheet, row, cells = referred(copy, rng, table, 2)
    key = row[sheet.key[0]]
    other = rng.choice(["", next(r for r in sheet.rows if r is not row)[sheet.key[0]]])
    sheet.take(row)
    retire(copy, table, key, other)
    cells = [cell for cell in cells if cell.row is not row]
    unused = [
        wrong
        for name, column, target in foreign_keys(copy)
        if name == table and row[column]
        for wrong in left_over(copy, target, row[column])
    ]
    return [joined(cells, {id(w.row): w for w in unused}.values())]

"""Who is who, what is gone, what nobody mentions: two kinds for each rule of the topic identity."""

from __future__ import annotations

import json
from collections.abc import Iterable
from random import Random

from corrupt.copied import Copy, Expected, Row, Sheet, Wrong, at
from corrupt.kinds import kind
from corrupt.references import IDENTIFIED, fresh, retire, uses

Found = list[Expected | Wrong]


def named(row: Row) -> bool:
    """Whether an actor has a name."""
    return row["anonymity"] == "named"


UNNAMED = "rule unnamed-has-no-identity"


@kind(UNNAMED, "an unnamed actor with a Wikidata identifier")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actors")
    row = sheet.pick(rng, lambda r: not named(r))
    row["wikidata_id"] = f"Q{rng.randrange(10, 10**8)}"
    return [sheet.wrong(row, "wikidata_id", "unnamed-has-no-identity")]


@kind(UNNAMED, "an unnamed actor whose name says neither that nor of when")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actors")
    row = sheet.pick(rng, lambda r: not named(r))
    row["actor_name"] = rng.choice([row["actor_name"][:-5], row["actor_name"].replace(", unnamed,", ",")])
    return [sheet.wrong(row, "actor_name", "unnamed-has-no-identity")]


@kind(UNNAMED, "a named actor passes for an unnamed one")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actors")
    row = sheet.pick(rng, named)
    row["anonymity"] = rng.choice(["unnamed_individual", "unnamed_group"])
    return [sheet.wrong(row, "actor_name", "unnamed-has-no-identity")]


SIZE = "rule group-size-ordered"


@kind(SIZE, "a group with more members at least than at most")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actors")
    row = sheet.pick(rng, lambda r: r["size_min"])
    size = int(row["size_min"])
    least, most = rng.choice([(size, size - 1), (size + 3, size)])
    row["size_min"], row["size_max"] = str(least), str(most)
    return [sheet.wrong(row, "size_min", "group-size-ordered")]


@kind(SIZE, "a person who is several")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actors")
    row = sheet.pick(rng, lambda r: r["actor_kind"] == "person")
    row["size_min"], row["size_max"] = rng.choice([("2", ""), ("", "3"), ("2", "5"), ("1", "2")])
    return [sheet.wrong(row, "size_min", "group-size-ordered")]


ALIAS = "rule alias-unambiguous"


def later_of_two(copy: Copy, rng: Random) -> tuple[Row, Row]:
    """Two named actors, the earlier first."""
    one, other = sorted(rng.sample([r for r in copy.sheet("actors").rows if named(r)], 2), key=lambda r: r["actor_id"])
    return one, other


@kind(ALIAS, "two actors of one name but for capitals")
def _(copy: Copy, rng: Random) -> Found:
    one, other = later_of_two(copy, rng)
    name = one["actor_name"]
    other["actor_name"] = rng.choice([name, name.upper(), name.lower()])
    return [copy.sheet("actors").wrong(other, "actor_name", "alias-unambiguous")]


@kind(ALIAS, "an actor has the name of an earlier one for an alias")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actor_names")
    one, other = later_of_two(copy, rng)
    row = sheet.add(
        actor_id=other["actor_id"], alternative_name=one["actor_name"], name_kind="alias", name_language="en"
    )
    return [sheet.wrong(row, "alternative_name", "alias-unambiguous")]


@kind(ALIAS, "two actors share an alias")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actor_names")
    row = sheet.pick(rng, lambda r: r["name_kind"] != "weak_alias")
    other = copy.sheet("actors").pick(rng, lambda r: r["actor_id"] != row["actor_id"])["actor_id"]
    again = sheet.add(**{**row, "actor_id": other})
    return [sheet.wrong(r, "alternative_name", "alias-unambiguous") for r in (row, again)]


WIKIDATA = "rule wikidata-unique"


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Actors by their identifiers."""
    return sorted(rows, key=lambda r: r["actor_id"])


@kind(WIKIDATA, "two actors of one Wikidata identifier")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actors")
    rows = in_order(rng.sample([r for r in sheet.rows if named(r)], 2))
    for row in rows:
        row["wikidata_id"] = "Q7747"
    return [sheet.wrong(rows[1], "wikidata_id", "wikidata-unique")]


@kind(WIKIDATA, "a Wikidata identifier dragged over the next actors")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actors")
    rows = [r for r in sheet.rows if named(r)]
    for number, row in enumerate(rows):
        row["wikidata_id"] = f"Q{7000 + 13 * number}"
    start, count = rng.randrange(len(rows) - 4), rng.choice([2, 3])
    for row in rows[start + 1 : start + count]:
        row["wikidata_id"] = rows[start]["wikidata_id"]
    return [sheet.wrong(row, "wikidata_id", "wikidata-unique") for row in rows[start + 1 : start + count]]


GONE = "rule no-identifier-lost"


def release(copy: Copy, table: str, identifiers: Iterable[str]) -> None:
    """A ledger of a past release with these identifiers of one table."""
    rows = dict.fromkeys(identifiers, "a1b2")
    copy.write("releases/0.0.9.json", json.dumps({"version": "0.0.9", "tables": {table: {"rows": rows}}}) + "\n")


@kind(GONE, "a released identifier stands nowhere")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet(rng.choice(IDENTIFIED))
    keys = [row[sheet.key[0]] for row in sheet.rows]
    release(copy, sheet.name, [*keys, *{fresh(sheet, rng) for _ in range(rng.choice([1, 3]))}])
    return [at(sheet.path, 1, 0, "no-identifier-lost")]


@kind(GONE, "a released span is deleted")
def _(copy: Copy, rng: Random) -> Found:
    sheet, claims = copy.sheet("evidence"), copy.sheet("claims")
    release(copy, "evidence", [row["evidence_id"] for row in sheet.rows])
    sheet.take(
        sheet.pick(rng, lambda r: r["part"] == "time" and claims.get(claim_id=r["claim_id"])["said_basis"] != "weekday")
    )
    return [at(sheet.path, 1, 0, "no-identifier-lost")]


@kind(GONE, "a retired identifier that is in use")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet(rng.choice(IDENTIFIED))
    retired, row = retire(copy, sheet.name, sheet.pick(rng)[sheet.key[0]])
    return [retired.wrong(row, "retired_id", "no-identifier-lost")]


@kind(GONE, "a retired identifier whose replacement does not stand")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet(rng.choice(IDENTIFIED))
    key = fresh(sheet, rng)
    retired, row = retire(copy, sheet.name, key, f"{key[0]}{int(key[1:]) + 1:0{len(key) - 1}}")
    return [retired.wrong(row, "replacement_id", "no-identifier-lost")]


@kind(GONE, "a retired identifier replaced by a retired one")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet(rng.choice(IDENTIFIED))
    old, new = fresh(sheet, rng), sheet.pick(rng)[sheet.key[0]]
    retired, row = retire(copy, sheet.name, old, new)
    _, again = retire(copy, sheet.name, new)
    found = [(row, "replacement_id"), (again, "retired_id")]
    return [retired.wrong(r, column, "no-identifier-lost") for r, column in found]


@kind(GONE, "a retired identifier replaced by one of another table")
def _(copy: Copy, rng: Random) -> Found:
    one, other = (copy.sheet(name) for name in rng.sample(IDENTIFIED, 2))
    retired, row = retire(copy, one.name, fresh(one, rng), other.pick(rng)[other.key[0]])
    return [retired.wrong(row, "replacement_id", "no-identifier-lost")]


AGREEMENT = "rule agreement-covers-judged-fields"


def judged(copy: Copy) -> list[tuple[str, str]]:
    """The judged fields, by their tables: those with a coding rule."""
    return [(n, f["name"]) for n in copy.names() for f in copy.sheet(n).schema["fields"] if "codingRule" in f]


def measure(copy: Copy, fields: Iterable[tuple[str, str]], version: str = "0.1.0") -> Sheet:
    """Record agreement on these fields."""
    sheet = copy.sheet("agreement")
    for table, name in fields:
        cells = {"units": "140", "coders": "2", "alpha": "0.77", "agreement_version": version}
        sheet.add(table_name=table, field_name=name, **cells)
    return sheet


@kind(AGREEMENT, "agreement on one field alone")
def _(copy: Copy, rng: Random) -> Found:
    sheet = measure(copy, [rng.choice(judged(copy))])
    return [sheet.wrong(sheet.rows[0], "agreement_version", "agreement-covers-judged-fields")]


@kind(AGREEMENT, "agreement on all judged fields but one")
def _(copy: Copy, rng: Random) -> Found:
    fields = judged(copy)
    lacking = rng.choice(fields)
    sheet = measure(copy, [f for f in fields if f != lacking])
    return [sheet.wrong(sheet.rows[0], "agreement_version", "agreement-covers-judged-fields")]


@kind(AGREEMENT, "a later version without agreement on some fields")
def _(copy: Copy, rng: Random) -> Found:
    measure(copy, judged(copy))
    sheet = measure(copy, rng.sample(judged(copy), 3), "0.2.0")
    first = sheet.where(agreement_version="0.2.0")[0]
    return [sheet.wrong(first, "agreement_version", "agreement-covers-judged-fields")]


USED = "rule used"
NEW = {
    "actors": {"actor_name": "Quarrymen's League of Velm", "actor_kind": "organization", "anonymity": "named"},
    "places": {"place_name": "Velm", "where_precision": "7"},
    "events": {
        "event_title": "Quarrymen's march", "event_summary": "They march.", "status": "alleged",
        "status_source_id": "S0001", "clarity": "2",
    },
    "propositions": {"proposition": "The quarrymen marched", "proposition_kind": "fact", "window_basis": "none"},
}  # fmt: skip


@kind(USED, "a new row that nothing leads to")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet(rng.choice(list(NEW)))
    row = sheet.add(**{sheet.key[0]: fresh(sheet, rng)}, **NEW[sheet.name])
    return [sheet.wrong(row, sheet.key[0], "used")]


def sole_uses(copy: Copy, table: str, by: str) -> list[tuple[Row, Row]]:
    """The rows of a table of which one row alone makes use, a row of the table ``by``, with that row."""
    sheet = copy.sheet(table)
    one = [(row, found[0]) for row in sheet.rows if len(found := uses(copy, table, row[sheet.key[0]])) == 1]
    return [(row, use) for row, use in one if any(use is r for r in copy.sheet(by).rows)]


@kind(USED, "the last use of a row is deleted")
def _(copy: Copy, rng: Random) -> Found:
    table, by = rng.choice([("actors", "source_credits"), ("events", "proposition_events")])
    row, use = rng.choice(sole_uses(copy, table, by))
    copy.sheet(by).take(use)
    return [copy.sheet(table).wrong(row, copy.sheet(table).key[0], "used")]


@kind(USED, "every mention of a place is emptied")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("places")
    row = sheet.pick(rng)
    for use in uses(copy, "places", row["place_id"]):
        use["place_id"] = ""
    return [sheet.wrong(row, "place_id", "used")]


@kind("doubles", "two propositions in the same words")
def same_words(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("propositions")
    first, second = sorted(rng.sample(range(len(sheet.rows)), 2))
    sheet.rows[second]["proposition"] = sheet.rows[first]["proposition"]
    return [sheet.wrong(sheet.rows[second], "proposition", "unique")]


@kind("doubles", "two sources of one seed")
def same_seed(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("sources")
    seeded = [row for row in sheet.rows if row["seed"]]
    first, second = sorted(rng.sample(range(len(seeded)), 2))
    seeded[second]["seed"] = seeded[first]["seed"]
    return [sheet.wrong(seeded[second], "seed", "unique")]


@kind("doubles", "a span stands twice, under two numbers")
def same_span(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("evidence")
    again = sheet.add(**{**sheet.pick(rng), "evidence_id": fresh(sheet, rng)})
    return [sheet.wrong(again, "claim_id", "unique-key")]

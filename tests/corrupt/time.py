"""Dates that contradict each other: two kinds for each rule of the topic time."""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Iterator
from random import Random

from corrupt.copied import Copy, Expected, Row, Sheet, Wrong
from corrupt.kinds import kind

Found = list[Expected | Wrong]


def shift(day: str, days: int) -> str:
    """The day so many days later."""
    return (dt.date.fromisoformat(day) + dt.timedelta(days)).isoformat()


def dated(row: Row, prefix: str, edtf: str, start: str | None = None, end: str | None = None) -> None:
    """Give a row a date along with its bounds: those of a day, unless they are told."""
    row[f"{prefix}_edtf"] = edtf
    row[f"{prefix}_start"] = edtf if start is None else start
    row[f"{prefix}_end"] = edtf if end is None else end


def is_day(row: Row, prefix: str) -> bool:
    """Whether the date of a row is one plain day."""
    return bool(row[f"{prefix}_start"]) and row[f"{prefix}_edtf"] == row[f"{prefix}_start"] == row[f"{prefix}_end"]


def edtf_cells(copy: Copy) -> Iterator[tuple[Sheet, Row, str]]:
    """Every cell with a date, by its prefix."""
    for sheet in map(copy.sheet, copy.filled()):
        for prefix in (c.removesuffix("_edtf") for c in sheet.columns if c.endswith("_edtf")):
            yield from ((sheet, row, prefix) for row in sheet.rows if row[f"{prefix}_edtf"])


def source(copy: Copy, claim: Row) -> Row:
    """The source of a claim."""
    return copy.sheet("sources").get(source_id=claim["source_id"])


def free_claim(copy: Copy, claim: Row) -> bool:
    """Whether a claim is linked to no other, and its speaker says nothing else on the matter and has no role."""
    links, speaker = copy.sheet("claim_links"), claim["speaker_id"]
    linked = links.where(claim_id=claim["claim_id"]) or links.where(other_claim_id=claim["claim_id"])
    again = copy.sheet("claims").where(proposition_id=claim["proposition_id"], speaker_id=speaker)
    return not linked and len(again) == 1 and not copy.sheet("actor_roles").where(actor_id=speaker)


def foretells(copy: Copy, claim: Row) -> bool:
    """Whether a claim is on a prediction."""
    return kind_of(copy, claim["proposition_id"]) == "prediction"


def kind_of(copy: Copy, proposition: str) -> str:
    """The kind of a proposition."""
    return copy.sheet("propositions").get(proposition_id=proposition)["proposition_kind"]


def begun(copy: Copy, proposition: str) -> str:
    """The day on which the last claim on a proposition begins."""
    return max((r["said_start"] for r in copy.sheet("claims").where(proposition_id=proposition)), default="")


def reported(copy: Copy, event: Row) -> str:
    """The last day on which an event is reported as fact."""
    about = copy.sheet("proposition_events").where(event_id=event["event_id"], event_relation="about")
    facts = [r["proposition_id"] for r in about if kind_of(copy, r["proposition_id"]) == "fact"]
    claims = [c for c in copy.sheet("claims").where(certainty="CT+") if c["proposition_id"] in facts]
    return max((source(copy, c)["published_end"] for c in claims), default="")


def alone(copy: Copy, event: Row) -> bool:
    """Whether an event is neither part of another nor has parts."""
    return not event["parent_id"] and not copy.sheet("events").where(parent_id=event["event_id"])


VALID = "rule edtf-valid"


@kind(VALID, "a day in a sentence's words")
def _(copy: Copy, rng: Random) -> Found:
    sheet, row, prefix = rng.choice([cell for cell in edtf_cells(copy) if is_day(cell[1], cell[2])])
    day = dt.date.fromisoformat(row[f"{prefix}_edtf"])
    row[f"{prefix}_edtf"] = rng.choice([f"{day:%A}, {day.day} {day:%B} {day.year}", f"{day:%B} {day.day}, {day.year}"])
    return [sheet.wrong(row, f"{prefix}_edtf", "edtf-valid")]


@kind(VALID, "an interval turned round")
def _(copy: Copy, rng: Random) -> Found:
    def turned(edtf: str) -> str:
        return "/".join(reversed(edtf.split("/")))

    places = [(s, r, p) for s, r, p in edtf_cells(copy) if "/" in r[f"{p}_edtf"] and r[f"{p}_start"] and r[f"{p}_end"]]
    sheet, row, prefix = rng.choice(places)
    row[f"{prefix}_edtf"] = turned(row[f"{prefix}_edtf"])
    return [sheet.wrong(row, f"{prefix}_edtf", "edtf-valid")]


BOUNDS = "rule bounds-match"


@kind(BOUNDS, "a bound some days off")
def _(copy: Copy, rng: Random) -> Found:
    sheet, row, prefix = rng.choice(list(edtf_cells(copy)))
    column = rng.choice([c for c in (f"{prefix}_start", f"{prefix}_end") if row[c]])
    row[column] = shift(row[column], rng.choice([-7, -1, 1, 30]))
    return [sheet.wrong(row, column, "bounds-match")]


@kind(BOUNDS, "a date mended without its bounds")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("propositions")
    row = sheet.pick(rng, lambda r: r["window_edtf"] and r["proposition_kind"] == "fact")
    row["window_edtf"] = row["window_edtf"].replace("20", "19")
    return [sheet.wrong(row, c, "bounds-match") for c in ("window_start", "window_end") if row[c]]


PRECISION = "rule precision-match"


@kind(PRECISION, "another precision than the date has")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: "~" not in r["date_edtf"])
    row["date_precision"] = rng.choice([p for p in ("1", "2", "3", "4", "5", "") if p != row["date_precision"]])
    return [sheet.wrong(row, "date_precision", "precision-match")]


@kind(PRECISION, "a day widened to its month, its precision left")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: is_day(r, "date") and alone(copy, r))
    month = row["date_edtf"][:7]
    days = monthrange(int(month[:4]), int(month[5:]))[1]
    dated(row, "date", month, f"{month}-01", f"{month}-{days}")
    return [sheet.wrong(row, "date_precision", "precision-match")]


@kind(PRECISION, "a date opened, its precision left")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: r["date_precision"] and "/" not in r["date_edtf"])
    dated(row, "date", f"{row['date_edtf']}/..", row["date_start"], "")
    return [sheet.wrong(row, "date_precision", "precision-match")]


REPORT = "rule claim-before-publication"


def late_claim(copy: Copy, rng: Random) -> tuple[Sheet, Row, str]:
    """A claim whose day nothing else depends on, and a day after the publication of its source."""
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: r["said_basis"] != "weekday" and free_claim(copy, r) and not foretells(copy, r))
    return sheet, row, shift(source(copy, row)["published_end"], rng.choice([1, 2, 7, 30, 365]))


@kind(REPORT, "a claim made on a day after its source came out")
def _(copy: Copy, rng: Random) -> Found:
    sheet, row, day = late_claim(copy, rng)
    dated(row, "said", day)
    return [sheet.wrong(row, "said_edtf", "claim-before-publication")]


@kind(REPORT, "a claim made at some time after its source came out")
def _(copy: Copy, rng: Random) -> Found:
    sheet, row, day = late_claim(copy, rng)
    dated(row, "said", f"{day}/..", day, "")
    return [sheet.wrong(row, "said_edtf", "claim-before-publication")]


@kind(REPORT, "a source dated before what it reports")
def _(copy: Copy, rng: Random) -> Found:
    sheet, claims = copy.sheet("sources"), copy.sheet("claims")
    row = sheet.pick(rng, lambda r: is_day(r, "published") and claims.where(source_id=r["source_id"]))
    day = shift(row["published_start"], -rng.choice([365, 366, 3653]))
    dated(row, "published", day)
    found: Found = []
    for claim in claims.where(source_id=row["source_id"]):
        if claim["said_start"] > day:
            found.append(claims.wrong(claim, "said_edtf", "claim-before-publication"))
        if claim["said_basis"] == "weekday":
            because = "its day is not in the week before the source came out"
            found.append(claims.wrong(claim, "said_edtf", "weekday-inference", because))
    events = copy.sheet("events")
    for event in events.where(status="occurred"):
        if "" < reported(copy, event) < event["date_start"]:
            because = "this source alone reports it, and now too early"
            found.append(events.wrong(event, "date_edtf", "occurred-before-reported", because))
    return found


RETRIEVED = "rule published-before-retrieved"


@kind(RETRIEVED, "a source retrieved before it came out")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("sources")
    row = sheet.pick(rng, lambda r: r["published_start"])
    row["retrieved"] = shift(row["published_start"], -rng.choice([1, 2, 30, 365]))
    return [sheet.wrong(row, "retrieved", "published-before-retrieved")]


@kind(RETRIEVED, "a source that was retrieved is dated later")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("sources")
    row = sheet.pick(rng, lambda r: r["published_start"] and not copy.sheet("claims").where(source_id=r["source_id"]))
    row["retrieved"] = row["published_start"]
    day = shift(row["published_start"], rng.choice([1, 2, 30, 365]))
    dated(row, "published", *rng.choice([(day, day, day), (f"{day}/..", day, "")]))
    return [sheet.wrong(row, "retrieved", "published-before-retrieved")]


WINDOW = "rule window-after-claim"


@kind(WINDOW, "a window that ends before the last claim")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("propositions")
    row = sheet.pick(rng, lambda r: r["proposition_kind"] == "prediction" and begun(copy, r["proposition_id"]))
    end = shift(begun(copy, row["proposition_id"]), -rng.choice([1, 2, 30]))
    start = shift(end, -rng.choice([1, 5]))
    dated(row, "window", *rng.choice([(end, end, end), (f"{start}/{end}", start, end), (f"../{end}", "", end)]))
    row["window_basis"] = "stated"
    return [sheet.wrong(row, "window_edtf", "window-after-claim")]


@kind(WINDOW, "a fact of long ago that passes for a prediction")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("propositions")
    facts = {r["proposition_id"] for r in sheet.where(proposition_kind="fact")}
    row = sheet.pick(
        rng, lambda r: r["proposition_id"] in facts and "" < r["window_end"] < begun(copy, r["proposition_id"])
    )
    row["proposition_kind"] = "prediction"
    return [sheet.wrong(row, "window_edtf", "window-after-claim")]


OCCURRED = "rule occurred-before-reported"


@kind(OCCURRED, "an event dated after the last report of it")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: r["status"] == "occurred" and alone(copy, r) and reported(copy, r))
    dated(row, "date", shift(reported(copy, row), rng.choice([1, 2, 30, 365])))
    row["date_precision"] = "1"
    return [sheet.wrong(row, "date_edtf", "occurred-before-reported")]


@kind(OCCURRED, "what was foretold passes for a fact")
def _(copy: Copy, rng: Random) -> Found:
    sheet, events, about = copy.sheet("propositions"), copy.sheet("events"), copy.sheet("proposition_events")

    def early(row: Row) -> list[Row]:
        """The events that a proposition, taken for a fact, would report before they began."""
        was, row["proposition_kind"] = row["proposition_kind"], "fact"
        links = about.where(proposition_id=row["proposition_id"], event_relation="about")
        happened = [events.get(event_id=link["event_id"]) for link in links]
        found = [e for e in happened if e["status"] == "occurred" and "" < reported(copy, e) < e["date_start"]]
        row["proposition_kind"] = was
        return found

    row = sheet.pick(rng, lambda r: r["proposition_kind"] != "fact" and early(r))
    late = early(row)
    row["proposition_kind"] = "fact"
    return [events.wrong(event, "date_edtf", "occurred-before-reported") for event in late]


WEEKDAY = "rule weekday-inference"


def weekday_claim(copy: Copy, rng: Random) -> tuple[Sheet, Row]:
    """A claim dated by a weekday, on whose day nothing else depends."""
    sheet = copy.sheet("claims")
    return sheet, sheet.pick(rng, lambda r: r["said_basis"] == "weekday" and free_claim(copy, r))


@kind(WEEKDAY, "a claim on another day than the weekday that was named")
def _(copy: Copy, rng: Random) -> Found:
    sheet, row = weekday_claim(copy, rng)
    least, most = shift(source(copy, row)["published_start"], -6), source(copy, row)["published_end"]
    days = [d for d in (shift(row["said_start"], n) for n in (-3, -2, -1, 1, 2, 3)) if least <= d <= most]
    dated(row, "said", rng.choice(days))
    return [sheet.wrong(row, "said_edtf", "weekday-inference")]


@kind(WEEKDAY, "a claim a week earlier than its weekday")
def _(copy: Copy, rng: Random) -> Found:
    sheet, row = weekday_claim(copy, rng)
    dated(row, "said", shift(row["said_start"], -7 * rng.choice([1, 2, 52])))
    return [sheet.wrong(row, "said_edtf", "weekday-inference")]


@kind(WEEKDAY, "a claim dated by a weekday without the span of that word")
def _(copy: Copy, rng: Random) -> Found:
    sheet, evidence = copy.sheet("claims"), copy.sheet("evidence")
    row = sheet.pick(rng, lambda r: r["said_basis"] == "weekday" and source(copy, r)["access"] == "full_text")
    for span in evidence.where(claim_id=row["claim_id"], part="time"):
        evidence.take(span)
    return [sheet.wrong(row, "said_edtf", "weekday-inference")]


RESOLUTION = "rule resolution-after-prediction"


@kind(RESOLUTION, "a prediction resolved before its last claim")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("resolutions")
    row = sheet.pick(
        rng, lambda r: kind_of(copy, r["proposition_id"]) == "prediction" and begun(copy, r["proposition_id"])
    )
    if row["outcome"] == "unresolved":
        row["outcome"] = "came_true"
    dated(row, "resolved", shift(begun(copy, row["proposition_id"]), -rng.choice([1, 2, 30, 365])))
    return [sheet.wrong(row, "resolved_edtf", "resolution-after-prediction")]


@kind(RESOLUTION, "a new resolution that ends before the last claim")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("resolutions")
    resolved = {r["proposition_id"] for r in sheet.rows}
    foretold = copy.sheet("propositions").pick(
        rng,
        lambda r: (
            r["proposition_kind"] == "prediction"
            and r["proposition_id"] not in resolved
            and begun(copy, r["proposition_id"])
        ),
    )["proposition_id"]
    row = sheet.add(
        proposition_id=foretold, outcome="came_false", source_id=copy.sheet("sources").pick(rng)["source_id"]
    )
    end = shift(begun(copy, foretold), -rng.choice([1, 2, 30]))
    start = shift(end, -3)
    dated(row, "resolved", *rng.choice([(f"../{end}", "", end), (f"{start}/{end}", start, end)]))
    return [sheet.wrong(row, "resolved_edtf", "resolution-after-prediction")]


ROLE = "rule role-covers-claim"


def uncovered(copy: Copy, speaker: str) -> list[Row]:
    """The claims of a speaker on whose day no role of that speaker is held."""
    roles = copy.sheet("actor_roles").where(actor_id=speaker)

    def meets(role: Row, claim: Row) -> bool:
        late = role["held_start"] and claim["said_end"] and role["held_start"] > claim["said_end"]
        early = role["held_end"] and claim["said_start"] and role["held_end"] < claim["said_start"]
        return not late and not early

    claims = copy.sheet("claims").where(speaker_id=speaker)
    return [claim for claim in claims if roles and not any(meets(role, claim) for role in roles)]


@kind(ROLE, "the roles of a speaker begin too late")
def _(copy: Copy, rng: Random) -> Found:
    sheet, roles = copy.sheet("claims"), copy.sheet("actor_roles")
    speaker = sheet.pick(rng, lambda r: roles.where(actor_id=r["speaker_id"]) and r["said_end"])["speaker_id"]
    last = max(r["said_end"] for r in sheet.where(speaker_id=speaker))
    for number, role in enumerate(roles.where(actor_id=speaker)):
        day = shift(last, number + 1)
        dated(role, "held", f"{day}/..", day, "")
    return [sheet.wrong(claim, "speaker_id", "role-covers-claim") for claim in uncovered(copy, speaker)]


@kind(ROLE, "a speaker's one role ended long ago")
def _(copy: Copy, rng: Random) -> Found:
    sheet, roles = copy.sheet("claims"), copy.sheet("actor_roles")
    fits = [r for r in sheet.rows if r["speaker_id"] and r["said_start"] and not roles.where(actor_id=r["speaker_id"])]
    claim = rng.choice(fits)
    row = roles.add(
        actor_id=claim["speaker_id"],
        organization_id=copy.sheet("actors").pick(rng)["actor_id"],
        role_title="Deputy Chairman",
        held_edtf="2015-03-02/2018-11-30",
        source_id=claim["source_id"],
    )
    dated(row, "held", row["held_edtf"], "2015-03-02", "2018-11-30")
    return [sheet.wrong(one, "speaker_id", "role-covers-claim") for one in uncovered(copy, claim["speaker_id"])]


PARENT = "rule child-within-parent"


@kind(PARENT, "a part dated before the whole")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(
        rng,
        lambda r: (
            r["parent_id"]
            and sheet.get(event_id=r["parent_id"])["date_start"]
            and not sheet.where(parent_id=r["event_id"])
        ),
    )
    start = sheet.get(event_id=row["parent_id"])["date_start"]
    dated(row, "date", shift(start, -rng.choice([1, 2, 30, 365])))
    row["date_precision"] = "1"
    return [sheet.wrong(row, "date_edtf", "child-within-parent")]


@kind(PARENT, "an event made part of one of another time")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: r["date_start"] and alone(copy, r))
    whole = sheet.pick(rng, lambda r: r is not row and r["date_start"] and apart(row, r))
    row["parent_id"] = whole["event_id"]
    return [sheet.wrong(row, "date_edtf", "child-within-parent")]


def apart(one: Row, other: Row) -> bool:
    """Whether an event ends before another begins, or begins before it."""
    return one["date_start"] < other["date_start"] or "" < other["date_end"] < one["date_start"]

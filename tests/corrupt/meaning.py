"""Stances, certainties, kinds and links that contradict each other: two kinds or more for each rule about meaning."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from corrupt.copied import Copy, Expected, Row, Sheet, Wrong, joined, schema
from corrupt.kinds import kind
from corrupt.references import highest, left_over, uses

Found = list[Expected | Wrong]
TIES = ("supersedes", "disputes", "same_utterance")
RELATIONS = "claim_relation"


def kind_of(copy: Copy, claim: Row) -> str:
    """The kind of a claim's proposition."""
    return copy.sheet("propositions").get(proposition_id=claim["proposition_id"])["proposition_kind"]


def light(copy: Copy, claim: Row) -> bool:
    """Whether no event's date hangs on the certainty of a claim."""
    return claim["certainty"] != "CT+" or kind_of(copy, claim) != "fact"


def alone(copy: Copy, claim: Row) -> bool:
    """Whether a claim is its speaker's only one on its proposition."""
    rows = copy.sheet("claims").where(speaker_id=claim["speaker_id"], proposition_id=claim["proposition_id"])
    return len(rows) == 1 or not claim["speaker_id"]


def positions(copy: Copy, claim: Row, rule: str) -> Found:
    """The later of a claim and each claim of its speaker, day and proposition with another stance, unless a link ties them."""
    sheet = copy.sheet("claims")
    links = copy.sheet("claim_links").rows
    tied = {frozenset((r["claim_id"], r["other_claim_id"])) for r in links if r[RELATIONS] in TIES}
    same = {c: claim[c] for c in ("speaker_id", "proposition_id", "said_start")}
    return [
        sheet.wrong(max(claim, row, key=sheet.number), "stance", rule)
        for row in sheet.where(**same)
        if row["said_start"] == row["said_end"]
        and row["stance"] not in ("noncommittal", claim["stance"])
        and frozenset((row["claim_id"], claim["claim_id"])) not in tied
    ]


def one_day(claim: Row) -> bool:
    """Whether a claim takes a position on a single day, and somebody's."""
    dated = claim["said_start"] == claim["said_end"] != ""
    return bool(dated and claim["stance"] != "noncommittal" and claim["speaker_id"])


def claim_kind(
    group: str, name: str, fits: Callable[[Row], object], column: str, new: tuple[str, ...], found: str
) -> None:
    """A kind that writes another stance, certainty or speech act into a claim on which nothing else hangs."""

    @kind(group, name)
    def corrupt(copy: Copy, rng: Random) -> Found:
        sheet = copy.sheet("claims")
        row = sheet.pick(rng, lambda r: fits(r) and light(copy, r) and (column != "stance" or alone(copy, r)))
        row[column] = rng.choice(new)
        return [sheet.wrong(row, found, group.removeprefix("rule "))]


GROUP = "rule noncommittal-is-uncommitted"
claim_kind(
    GROUP,
    "whoever takes no position is sure, or nearly",
    lambda r: r["certainty"] == "Uu",
    "certainty",
    ("PR+", "PR-", "PS+", "PS-", "CTu", "CT-"),
    "certainty",
)
claim_kind(
    GROUP, "a claim with a stance is uncommitted", lambda r: r["stance"] == "affirm", "certainty", ("Uu",), "certainty"
)
claim_kind(
    GROUP,
    "a position that is taken is called noncommittal",
    lambda r: r["stance"] != "noncommittal",
    "stance",
    ("noncommittal",),
    "certainty",
)

GROUP = "rule deny-is-negative"
claim_kind(
    GROUP,
    "a denial has a positive certainty",
    lambda r: r["stance"] == "deny",
    "certainty",
    ("PR+", "PS+", "CTu"),
    "certainty",
)
claim_kind(
    GROUP,
    "an affirmation has a negative certainty",
    lambda r: r["stance"] == "affirm",
    "certainty",
    ("CT-", "PR-", "PS-"),
    "certainty",
)
claim_kind(
    GROUP, "an affirmation is called a denial", lambda r: r["stance"] == "affirm", "stance", ("deny",), "certainty"
)
claim_kind(
    GROUP, "a denial is called an affirmation", lambda r: r["stance"] == "deny", "stance", ("affirm",), "certainty"
)

GROUP = "rule expect-is-not-certain"
claim_kind(
    GROUP, "an expectation is certain", lambda r: r["stance"] == "expect", "certainty", ("CT-", "CTu"), "certainty"
)
claim_kind(
    GROUP,
    "a certainty is called an expectation",
    lambda r: r["stance"] in ("affirm", "deny") and r["certainty"][:2] == "CT",
    "stance",
    ("expect",),
    "certainty",
)

GROUP = "rule decline-is-noncommittal"
claim_kind(
    GROUP,
    "whoever took a position is said to have declined",
    lambda r: r["stance"] != "noncommittal",
    "speech_act",
    ("decline_comment",),
    "stance",
)


@kind(GROUP, "whoever declined to comment is said to have taken a position")
def _(copy: Copy, rng: Random) -> Found:
    """On a question, the claim is wrong twice."""
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: r["speech_act"] == "decline_comment" and alone(copy, r))
    stance, certainty = rng.choice([("affirm", "PR+"), ("affirm", "CTu"), ("deny", "CT-"), ("expect", "PS+")])
    row.update(stance=stance, certainty=certainty)
    times = 2 if kind_of(copy, row) == "question" else 1
    return [sheet.wrong(row, "stance", "decline-is-noncommittal") for _ in range(times)]


@kind(GROUP, "what was claimed is called a question")
def _(copy: Copy, rng: Random) -> Found:
    sheet, claims = copy.sheet("propositions"), copy.sheet("claims")

    def decided(r: Row) -> list[Row]:
        return [c for c in claims.where(proposition_id=r["proposition_id"]) if c["stance"] != "noncommittal"]

    row = sheet.pick(
        rng, lambda r: r["proposition_kind"] in ("intent", "evaluation", "prediction", "absence") and decided(r)
    )
    row["proposition_kind"] = "question"
    return [claims.wrong(claim, "stance", "decline-is-noncommittal") for claim in decided(row)]


GROUP = "rule prediction-has-window"


@kind(GROUP, "a window stands there and is said to be none")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("propositions")
    row = sheet.pick(rng, lambda r: r["window_edtf"])
    row["window_basis"] = "none"
    return [sheet.wrong(row, "window_basis", "prediction-has-window")]


@kind(GROUP, "a window is forgotten")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("propositions")
    row = sheet.pick(rng, lambda r: r["window_edtf"])
    row.update(window_edtf="", window_start="", window_end="")
    return [sheet.wrong(row, "window_basis", "prediction-has-window")]


@kind(GROUP, "a window that does not stand there has a basis")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("propositions")
    row = sheet.pick(rng, lambda r: r["window_basis"] == "none")
    row["window_basis"] = rng.choice(["stated", "inferred"])
    return [sheet.wrong(row, "window_basis", "prediction-has-window")]


GROUP = "rule absence-names-subject"


def subjects(copy: Copy, proposition: Row) -> list[Row]:
    return copy.sheet("proposition_actors").where(
        proposition_id=proposition["proposition_id"], proposition_role="subject"
    )


def replace(sheet: Sheet, row: Row, **cells: str) -> None:
    """Write other cells, some of them of the key, into a row, and put it where it belongs."""
    sheet.take(row)
    row.update(cells)
    if sheet.where(**{column: row[column] for column in sheet.key}):
        raise ValueError(f"{sheet.name} has such a row: {row}")
    sheet.put(row)


@kind(GROUP, "whose silence it is has another role")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("propositions")
    row = sheet.pick(rng, lambda r: r["proposition_kind"] == "absence")
    for subject in subjects(copy, row):
        replace(copy.sheet("proposition_actors"), subject, proposition_role=rng.choice(["holder", "target"]))
    return [sheet.wrong(row, "proposition_kind", "absence-names-subject")]


@kind(GROUP, "whose silence it is has been deleted")
def _(copy: Copy, rng: Random) -> Found:
    sheet, actors = copy.sheet("propositions"), copy.sheet("proposition_actors")
    row = sheet.pick(
        rng,
        lambda r: (
            r["proposition_kind"] == "absence"
            and all(len(uses(copy, "actors", s["actor_id"])) > 1 for s in subjects(copy, r))
        ),
    )
    for subject in subjects(copy, row):
        actors.take(subject)
    return [sheet.wrong(row, "proposition_kind", "absence-names-subject")]


@kind(GROUP, "what nobody keeps silent about is called an absence")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("propositions")
    row = sheet.pick(rng, lambda r: r["proposition_kind"] in ("intent", "evaluation") and not subjects(copy, r))
    row["proposition_kind"] = "absence"
    return [sheet.wrong(row, "proposition_kind", "absence-names-subject")]


GROUP = "rule plover-terms"


def plover() -> dict[str, list[str]]:
    """The modes of PLOVER, and the types of each."""
    (field,) = [f for f in schema("events")["fields"] if f["name"] == "plover_mode"]
    return {term["value"]: term["plover_types"] for term in field["categories"] if term.get("plover_types")}


@kind(GROUP, "an event has a mode of another type")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: r["plover_type"])
    row["plover_mode"] = rng.choice(
        [m for m, types in plover().items() if row["plover_type"] not in types and m != "visit"]
    )
    return [sheet.wrong(row, "plover_mode", "plover-terms")]


@kind(GROUP, "an event has a type to which its mode does not belong")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: r["plover_mode"])
    types = sheet.fields["plover_type"]["constraints"]["enum"]
    row["plover_type"] = rng.choice([t for t in types if t not in plover()[row["plover_mode"]]])
    return [sheet.wrong(row, "plover_mode", "plover-terms")]


@kind(GROUP, "an event has a mode and no type")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: r["plover_mode"])
    row["plover_type"] = ""
    return [sheet.wrong(row, "plover_mode", "plover-terms")]


GROUP = "rule visit-has-host"


def taking_part(copy: Copy, event: Row, role: str) -> list[Row]:
    return copy.sheet("event_actors").where(event_id=event["event_id"], event_role=role)


def visit(row: Row) -> bool:
    return row["plover_mode"] == "visit" and row["status"] in ("occurred", "anticipated")


@kind(GROUP, "the visitor or the host of a visit is a mere participant")
def _(copy: Copy, rng: Random) -> Found:
    sheet, role = copy.sheet("events"), rng.choice(["actor", "recipient"])
    row = sheet.pick(rng, visit)
    for one in taking_part(copy, row, role):
        replace(copy.sheet("event_actors"), one, event_role="participant")
    return [sheet.wrong(row, "plover_mode", "visit-has-host")]


@kind(GROUP, "the visitor or the host of a visit has been deleted")
def _(copy: Copy, rng: Random) -> Found:
    sheet, role = copy.sheet("events"), rng.choice(["actor", "recipient"])

    def known(r: Row) -> bool:
        return all(len(uses(copy, "actors", one["actor_id"])) > 1 for one in taking_part(copy, r, role))

    row = sheet.pick(rng, lambda r: visit(r) and known(r))
    for one in taking_part(copy, row, role):
        copy.sheet("event_actors").take(one)
    return [sheet.wrong(row, "plover_mode", "visit-has-host")]


@kind(GROUP, "talks without visitor or host are called a visit")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")

    def lacking(r: Row) -> list[str]:
        return [role for role in ("actor", "recipient") if not taking_part(copy, r, role)]

    row = sheet.pick(rng, lambda r: r["status"] in ("occurred", "anticipated") and not visit(r) and lacking(r))
    row.update(plover_type="CONSULT", plover_mode="visit")
    return [sheet.wrong(row, "plover_mode", "visit-has-host") for _ in lacking(row)]


GROUP = "rule hypothetical-not-occurred"


def affirmed(copy: Copy) -> set[str]:
    """The facts that somebody affirms with certainty."""
    facts = {r["proposition_id"] for r in copy.sheet("propositions").where(proposition_kind="fact")}
    return facts & {r["proposition_id"] for r in copy.sheet("claims").where(certainty="CT+")}


def told(copy: Copy, event: Row) -> bool:
    """Whether a claim affirms a fact about an event."""
    about = copy.sheet("proposition_events").where(event_id=event["event_id"], event_relation="about")
    return bool({r["proposition_id"] for r in about} & affirmed(copy))


def resolving(copy: Copy, event: Row) -> bool:
    return bool(copy.sheet("resolutions").where(event_id=event["event_id"]))


@kind(GROUP, "an event that is reported as a fact is called hypothetical")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: told(copy, r) and not resolving(copy, r))
    row["status"] = "hypothetical"
    return [sheet.wrong(row, "status", "hypothetical-not-occurred")]


@kind(GROUP, "an event by which something was resolved is called hypothetical")
def _(copy: Copy, rng: Random) -> Found:
    """If a fact is told of it too, that is a second finding."""
    sheet = copy.sheet("events")
    row = sheet.pick(rng, lambda r: resolving(copy, r))
    row["status"] = "hypothetical"
    return [sheet.wrong(row, "status", "hypothetical-not-occurred") for _ in range(1 + told(copy, row))]


@kind(GROUP, "a prediction is resolved by a hypothetical event")
def _(copy: Copy, rng: Random) -> Found:
    events, sheet = copy.sheet("events"), copy.sheet("resolutions")
    event = events.pick(rng, lambda r: r["status"] == "hypothetical")
    row = sheet.pick(rng, lambda r: r["event_id"] and len(uses(copy, "events", r["event_id"])) > 1)
    row["event_id"] = event["event_id"]
    return [events.wrong(event, "status", "hypothetical-not-occurred")]


@kind(GROUP, "a fact that is affirmed is put down to a hypothetical event")
def _(copy: Copy, rng: Random) -> Found:
    events = copy.sheet("events")
    event = events.pick(rng, lambda r: r["status"] == "hypothetical")
    fact = rng.choice(sorted(affirmed(copy)))
    copy.sheet("proposition_events").add(proposition_id=fact, event_id=event["event_id"], event_relation="about")
    return [events.wrong(event, "status", "hypothetical-not-occurred")]


GROUP = "rule supersedes-forward"


def pairs(copy: Copy, table: str, columns: tuple[str, str], **cells: str) -> set[frozenset[str]]:
    """What the rows of a table of links tie together."""
    return {frozenset(row[c] for c in columns) for row in copy.sheet(table).where(**cells)}


def backward(copy: Copy, later: Row, earlier: Row) -> list[str]:
    """What forbids that one claim supersedes another: time, speaker, matter."""
    said = [row["said_end"] or row["said_start"] for row in (later, earlier)]
    voices = pairs(copy, "actor_links", ("actor_id", "other_actor_id"), link_kind="speaks_for")
    ties = pairs(copy, "proposition_links", ("proposition_id", "other_proposition_id"))
    speakers, matters = ([row[c] for row in (later, earlier)] for c in ("speaker_id", "proposition_id"))
    return [
        *(["time"] if not all(said) or said[0] <= said[1] else []),
        *(
            ["speaker"]
            if not all(speakers) or (speakers[0] != speakers[1] and frozenset(speakers) not in voices)
            else []
        ),
        *(["matter"] if matters[0] != matters[1] and frozenset(matters) not in ties else []),
    ]


def superseding(copy: Copy, rng: Random, fault: str) -> Found:
    """Have a claim that supersedes another supersede a third, with one fault alone."""
    sheet, claims = copy.sheet("claim_links"), copy.sheet("claims")
    found = []
    for link in sheet.where(claim_relation="supersedes"):
        later = claims.get(claim_id=link["claim_id"])
        others = [c for c in claims.rows if backward(copy, later, c) == [fault] and c is not later]
        found += [(link, c["claim_id"]) for c in others]
    link, other = rng.choice(found)
    replace(sheet, link, other_claim_id=other)
    return [sheet.wrong(link, "other_claim_id", "supersedes-forward")]


@kind(GROUP, "a claim supersedes one that is not earlier")
def _(copy: Copy, rng: Random) -> Found:
    return superseding(copy, rng, "time")


@kind(GROUP, "a claim supersedes one of another speaker")
def _(copy: Copy, rng: Random) -> Found:
    return superseding(copy, rng, "speaker")


@kind(GROUP, "a claim supersedes one on another matter")
def _(copy: Copy, rng: Random) -> Found:
    return superseding(copy, rng, "matter")


@kind(GROUP, "a change of position the wrong way round")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claim_links")
    row = sheet.pick(rng, lambda r: r[RELATIONS] == "supersedes")
    replace(sheet, row, claim_id=row["other_claim_id"], other_claim_id=row["claim_id"])
    return [sheet.wrong(row, "other_claim_id", "supersedes-forward")]


@kind(GROUP, "another link is called a change of position")
def _(copy: Copy, rng: Random) -> Found:
    sheet, claims = copy.sheet("claim_links"), copy.sheet("claims")

    def faults(r: Row) -> list[str]:
        return backward(copy, *(claims.get(claim_id=r[c]) for c in ("claim_id", "other_claim_id")))

    row = sheet.pick(rng, lambda r: r[RELATIONS] != "supersedes" and faults(r))
    replace(sheet, row, claim_relation="supersedes")
    return [sheet.wrong(row, "other_claim_id", "supersedes-forward") for _ in faults(row)]


GROUP = "rule links-irreflexive"
SYMMETRIC = {
    "actor_links": ("actor_id", "other_actor_id", "link_kind", "same_as_possible"),
    "proposition_links": ("proposition_id", "other_proposition_id", "proposition_relation", "contradicts"),
    "claim_links": ("claim_id", "other_claim_id", "claim_relation", "same_utterance"),
}


@kind(GROUP, "a symmetric link is stored both ways round")
def _(copy: Copy, rng: Random) -> Found:
    """The row that comes later is the one too many."""
    table, (one, other, column, relation) = rng.choice(list(SYMMETRIC.items()))
    sheet = copy.sheet(table)
    row = sheet.pick(rng, lambda r: r[column] == relation)
    back = sheet.add(**{**row, one: row[other], other: row[one]})
    return [sheet.wrong(max(row, back, key=sheet.number), other, "links-irreflexive")]


@kind(GROUP, "a claim is linked to itself where another was meant")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claim_links")
    row = sheet.pick(rng, lambda r: r[RELATIONS] in ("restates", "confirms"))
    replace(sheet, row, other_claim_id=row["claim_id"])
    return [sheet.wrong(row, "other_claim_id", "links-irreflexive")]


@kind(GROUP, "an actor is linked to itself where another was meant")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actor_links")
    row = sheet.pick(rng, lambda r: r["link_kind"] == "member_of")
    was = row["other_actor_id"]
    replace(sheet, row, other_actor_id=row["actor_id"])
    return [sheet.wrong(row, "other_actor_id", "links-irreflexive"), *unused(copy, was)]


def unused(copy: Copy, actor: str) -> list[Wrong]:
    """The actor that a link led to, if it was the only thing that did."""
    rows = left_over(copy, "actors", actor)
    return [Wrong(w.sheet, w.row, w.column, w.rule, "nothing else uses the actor that was meant") for w in rows]


@kind(GROUP, "three propositions entail one another")
def _(copy: Copy, rng: Random) -> Found:
    """Propositions of which none entailed anything, nor was entailed."""
    sheet = copy.sheet("proposition_links")
    linked = {row[c] for row in sheet.rows for c in ("proposition_id", "other_proposition_id")}
    free = [r["proposition_id"] for r in copy.sheet("propositions").rows if r["proposition_id"] not in linked]
    ring = rng.sample(free, 3)
    rows = [
        sheet.add(proposition_id=a, other_proposition_id=b, proposition_relation="entails")
        for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)
    ]
    return [joined([sheet.wrong(row, "other_proposition_id", "links-irreflexive") for row in rows])]


GROUP = "rule one-position-at-a-time"
RULE = "one-position-at-a-time"
OTHERWISE = {"affirm": ("deny", "CT-"), "deny": ("affirm", "PR+"), "expect": ("deny", "PR-")}


@kind(GROUP, "a claim is coded a second time with another stance")
def _(copy: Copy, rng: Random) -> Found:
    """With chain and spans, as the next claim."""
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, one_day)
    number = int(highest(sheet)[1:]) + 1
    stance, certainty = OTHERWISE[row["stance"]]
    again = sheet.add(**{**row, "claim_id": f"C{number:05}", "stance": stance, "certainty": certainty})
    for table in ("attributions", "evidence"):
        other = copy.sheet(table)
        for link in other.where(claim_id=row["claim_id"]):
            key = {"evidence_id": f"V{int(highest(other)[1:]) + 1:05}"} if table == "evidence" else {}
            other.add(**{**link, **key, "claim_id": again["claim_id"]})
    return positions(copy, again, RULE)


@kind(GROUP, "two claims of one speaker and day are found to be on one proposition")
def _(copy: Copy, rng: Random) -> Found:
    """A claim is carried to the proposition of another, which had another stance."""
    sheet = copy.sheet("claims")
    changes = {
        r[c]
        for r in copy.sheet("claim_links").where(claim_relation="supersedes")
        for c in ("claim_id", "other_claim_id")
    }

    def others(r: Row) -> list[Row]:
        same = sheet.where(speaker_id=r["speaker_id"], said_start=r["said_start"])
        return [
            c for c in same if one_day(c) and c["stance"] != r["stance"] and c["proposition_id"] != r["proposition_id"]
        ]

    def fits(r: Row) -> bool:
        spared = len(uses(copy, "propositions", r["proposition_id"])) > 1
        return one_day(r) and light(copy, r) and spared and r["claim_id"] not in changes and bool(others(r))

    row = sheet.pick(rng, fits)
    row["proposition_id"] = rng.choice(others(row))["proposition_id"]
    return positions(copy, row, RULE)


@kind(GROUP, "one of two claims that agree has another stance")
def _(copy: Copy, rng: Random) -> Found:
    """Two claims in one source and equally sure, so that what hangs on the certainty hangs on the other still."""
    sheet = copy.sheet("claims")
    alike = ("source_id", "speaker_id", "proposition_id", "said_start", "said_end", "stance", "certainty")
    row = sheet.pick(rng, lambda r: one_day(r) and len(sheet.where(**{c: r[c] for c in alike})) > 1)
    row["stance"], row["certainty"] = OTHERWISE[row["stance"]]
    return positions(copy, row, RULE)

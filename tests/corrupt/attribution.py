"""Chains that do not hold: two kinds for each rule of the topic attribution."""

from __future__ import annotations

from random import Random

from corrupt.copied import Copy, Expected, Row, Sheet, Wrong, joined
from corrupt.kinds import kind
from corrupt.references import uses

Found = list[Expected | Wrong]
NOBODY = ("agentless", "lost")


def chain(copy: Copy, claim: str) -> list[Row]:
    """The hops of a claim in their order."""
    return copy.sheet("attributions").where(claim_id=claim)


def last(copy: Copy, hop: Row) -> bool:
    """Whether a hop ends its chain."""
    return chain(copy, hop["claim_id"])[-1] is hop


def end(copy: Copy, row: Row) -> str:
    """The actor at the end of the chain of a hop."""
    return chain(copy, row["claim_id"])[-1]["actor_id"]


def claim_of(copy: Copy, hop: Row) -> Row:
    """The claim of a hop."""
    return copy.sheet("claims").get(claim_id=hop["claim_id"])


def spared(copy: Copy, actor: str) -> bool:
    """Whether an actor would be used without one of its uses."""
    return len(uses(copy, "actors", actor)) > 1


def newcomer(copy: Copy, rng: Random, claim: Row) -> str:
    """An actor without roles, in no part of a claim, that says nothing else on its matter."""
    known = {r["speaker_id"] for r in copy.sheet("claims").where(proposition_id=claim["proposition_id"])}
    known |= {hop["actor_id"] for hop in chain(copy, claim["claim_id"])}
    known |= {r["actor_id"] for r in copy.sheet("actor_roles").rows}
    known |= {r["publisher_id"] for r in copy.sheet("sources").rows}
    return copy.sheet("actors").pick(rng, lambda r: r["actor_id"] not in known)["actor_id"]


HOPS = "rule hops-connected"


@kind(HOPS, "the last hop of a chain has too high a number")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("attributions")
    row = sheet.pick(rng, lambda r: last(copy, r))
    was, row["hop"] = row["hop"], str(int(row["hop"]) + rng.choice([1, 2, 9]))
    for span in copy.sheet("evidence").where(claim_id=row["claim_id"], hop=was):
        span["hop"] = row["hop"]
    return [sheet.wrong(row, "hop", "hops-connected")]


@kind(HOPS, "an actor stands twice in a chain")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("attributions")
    row = sheet.pick(
        rng, lambda r: not last(copy, r) and r["actor_id"] and spared(copy, r["actor_id"]) and end(copy, r)
    )
    row["actor_id"] = end(copy, row)
    return [sheet.wrong(chain(copy, row["claim_id"])[-1], "actor_id", "hops-connected")]


LOST = "rule lost-is-last"


@kind(LOST, "a hop before the last is lost")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("attributions")
    row = sheet.pick(rng, lambda r: not last(copy, r) and spared(copy, r["actor_id"]))
    row["hop_kind"], row["actor_id"] = rng.choice(NOBODY), ""
    return [sheet.wrong(row, "hop_kind", "lost-is-last")]


@kind(LOST, "a chain goes on after its origin was lost")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("attributions")
    row = sheet.pick(rng, lambda r: r["hop_kind"] in NOBODY)
    claim = claim_of(copy, row)
    claim["speaker_id"] = newcomer(copy, rng, claim)
    sheet.add(**{**row, "hop": str(int(row["hop"]) + 1), "hop_kind": "implicit", "actor_id": claim["speaker_id"]})
    return [sheet.wrong(row, "hop_kind", "lost-is-last")]


ACTOR = "rule no-actor-when-lost"


@kind(ACTOR, "a hop that names somebody without an actor")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("attributions")
    row = sheet.pick(rng, lambda r: not last(copy, r) and r["actor_id"] and spared(copy, r["actor_id"]))
    row["actor_id"] = ""
    return [sheet.wrong(row, "actor_id", "no-actor-when-lost")]


@kind(ACTOR, "a lost hop that keeps its actor")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("attributions")
    row = sheet.pick(rng, lambda r: last(copy, r) and r["actor_id"])
    row["hop_kind"] = rng.choice(NOBODY)
    return [sheet.wrong(row, "actor_id", "no-actor-when-lost")]


@kind(ACTOR, "an agentless hop that is given an actor")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("attributions")
    row = sheet.pick(rng, lambda r: r["hop_kind"] in NOBODY)
    row["actor_id"] = claim_of(copy, row)["speaker_id"] = newcomer(copy, rng, claim_of(copy, row))
    return [sheet.wrong(row, "actor_id", "no-actor-when-lost")]


ORIGIN = "rule speaker-is-origin"


def unlinked(copy: Copy, claim: Row) -> bool:
    """Whether a claim is linked to no other."""
    links = copy.sheet("claim_links")
    return not links.where(claim_id=claim["claim_id"]) and not links.where(other_claim_id=claim["claim_id"])


@kind(ORIGIN, "a quoted claim with a speaker its chain does not end with")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: r["quote_type"] != "narration" and unlinked(copy, r))
    row["speaker_id"] = newcomer(copy, rng, row)
    return [sheet.wrong(row, "speaker_id", "speaker-is-origin")]


@kind(ORIGIN, "a narrated claim with another speaker than its outlet")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: r["quote_type"] == "narration" and unlinked(copy, r))
    row["speaker_id"] = rng.choice(["", newcomer(copy, rng, row)])
    return [sheet.wrong(row, "speaker_id", "speaker-is-origin")]


@kind(ORIGIN, "a narrated claim passes for a reported one")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("claims")
    row = sheet.pick(rng, lambda r: r["quote_type"] == "narration")
    row["quote_type"] = rng.choice(["indirect", "agentless"])
    return [sheet.wrong(row, "quote_type", "speaker-is-origin")]


NARRATION = "rule narration-has-no-hops"


def voice(copy: Copy, claim: Row) -> str:
    """Whose voice the narration of a claim's source is."""
    sources = copy.sheet("sources")
    row = sources.get(source_id=claim["source_id"])
    while row["republished_from"]:
        row = sources.get(source_id=row["republished_from"])
    return row["publisher_id"]


@kind(NARRATION, "a hop under a narrated claim")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("attributions")
    claim = copy.sheet("claims").pick(rng, lambda r: r["quote_type"] == "narration")
    actor = rng.choice([claim["speaker_id"], newcomer(copy, rng, claim)])
    hop = sheet.add(claim_id=claim["claim_id"], hop="1", actor_id=actor, hop_kind="explicit", hop_channel="unspecified")
    return [sheet.wrong(hop, "hop", "narration-has-no-hops")]


@kind(NARRATION, "a reported claim passes for a narrated one")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("attributions")
    claim = copy.sheet("claims").pick(
        rng,
        lambda r: (
            r["quote_type"] != "narration"
            and unlinked(copy, r)
            and not copy.sheet("claims").where(proposition_id=r["proposition_id"], speaker_id=voice(copy, r))
        ),
    )
    claim["quote_type"], claim["speaker_id"] = "narration", voice(copy, claim)
    return [sheet.wrong(hop, "hop", "narration-has-no-hops") for hop in chain(copy, claim["claim_id"])]


PRESS = "rule outlet-hop-is-press"


def in_chain(copy: Copy, actor: Row) -> bool:
    """Whether an actor stands in a chain."""
    return bool(copy.sheet("attributions").where(actor_id=actor["actor_id"]))


@kind(PRESS, "an outlet in a chain of another sector or none")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actors")
    row = sheet.pick(rng, lambda r: r["actor_kind"] == "media_outlet" and in_chain(copy, r))
    row["sector"] = rng.choice(["", "BUS", "GOV", "UNK"])
    return [sheet.wrong(row, "sector", "outlet-hop-is-press")]


@kind(PRESS, "somebody else in a chain passes for an outlet")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("actors")
    row = sheet.pick(rng, lambda r: r["sector"] != "JRN" and in_chain(copy, r))
    row["actor_kind"] = "media_outlet"
    return [sheet.wrong(row, "sector", "outlet-hop-is-press")]


COPIED = "rule republication-acyclic"


@kind(COPIED, "a copy is given as its own original")
def _(copy: Copy, rng: Random) -> Found:
    sheet = copy.sheet("sources")
    row = sheet.pick(rng, lambda r: r["republished_from"])
    row["republished_from"] = row["source_id"]
    return [sheet.wrong(row, "republished_from", "republication-acyclic")]


@kind(COPIED, "sources are republished from one another in a ring")
def _(copy: Copy, rng: Random) -> Found:
    sheet: Sheet = copy.sheet("sources")
    ring = rng.sample(sheet.rows, rng.choice([3, 4]))
    for one, other in zip(ring, [*ring[1:], ring[0]], strict=True):
        one["republished_from"] = other["source_id"]
    return [joined([sheet.wrong(row, "republished_from", "republication-acyclic") for row in ring])]

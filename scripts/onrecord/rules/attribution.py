"""Rules about chains: who says that who said, from publisher to origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.rules.offences import circled, offence

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

    from onrecord.rules.offences import Offences
else:
    from onrecord.later import ibis

__all__ = [
    "hops_connected",
    "lost_is_last",
    "narration_has_no_hops",
    "no_actor_when_lost",
    "outlet_hop_is_press",
    "republication_acyclic",
    "speaker_is_origin",
]
NOBODY = ["agentless", "lost"]


def hops_connected(attributions: ir.Table) -> Offences:
    """The hops of a chain are numbered from 1 without gaps and no actor stands in it twice; renumber the hops, or drop the repeated one.

    Why: The views go from each hop to the next number: a claim with a gap in its chain is missing from the flat
    table, and an actor that stands twice makes a chain look longer than it is.

    Example: A claim has the hops 1 and 3 in attributions and no hop 2.
    """
    in_order = ibis.window(group_by="claim_id", order_by=["hop", "row"])
    ranked = attributions.mutate(place=ibis.row_number().over(in_order) + 1)
    gaps = ranked.filter(ranked.hop != ranked.place)
    among = ibis.window(group_by=["claim_id", "actor_id"], order_by=["hop", "row"])
    named = attributions.filter(attributions.actor_id.notnull())
    seen = named.mutate(times=ibis.row_number().over(among) + 1)
    twice = seen.filter(seen.times > 1)
    return [
        offence(gaps, "attributions", "hop", ibis.literal("expected hop ") + gaps.place.cast("string")),
        offence(twice, "attributions", "actor_id", "the actor stands in this chain already"),
    ]


def lost_is_last(attributions: ir.Table) -> Offences:
    """An agentless or lost hop stands only at the end of a chain; drop the hops after it, or name the actor.

    Why: Agentless and lost say that the trail ends there. A hop after one would make somebody the origin of a claim
    whose origin the text does not tell.

    Example: Hop 1 of a claim has hop_kind lost, and its hop 2 has hop_kind explicit and an actor_id.
    """
    ends = attributions.group_by("claim_id").agg(last=attributions.hop.max())
    both = attributions.join(ends, "claim_id")
    early = both.filter(both.hop_kind.isin(NOBODY), both.hop < both.last)
    return [offence(early, "attributions", "hop_kind")]


def no_actor_when_lost(attributions: ir.Table) -> Offences:
    """Agentless and lost hops have no actor, explicit and implicit ones have one; mend actor_id or hop_kind.

    Why: An actor at a lost hop would count as the origin of a claim whose origin the text does not tell; an explicit
    hop without one hides an origin that the text does tell.

    Example: A hop has hop_kind lost and actor_id A0009.
    """
    nobody = attributions.hop_kind.isin(NOBODY)
    named = attributions.actor_id
    bad = attributions.filter((nobody & named.notnull()) | (~nobody & named.isnull()))
    detail = ibis.ifelse(
        bad.actor_id.notnull(), ibis.literal("expected an empty cell"), ibis.literal("expected an actor")
    )
    return [offence(bad, "attributions", "actor_id", detail)]


def speaker_is_origin(claims: ir.Table, attributions: ir.Table, sources: ir.Table, lineages: ir.Table) -> Offences:
    """The speaker is the actor at the end of the chain, for narration the publisher (or the original one of a republication); mend speaker_id, quote_type or the chain.

    Why: Stances and origins are counted by speaker_id, and the chain is shown beside them; where the two differ, a
    claim is counted for somebody whom its chain does not end with.

    Example: The last hop of a claim has Peskov as its actor_id, and the claim has the Kremlin as its speaker_id.
    """
    ends = attributions.group_by("claim_id").agg(hop=attributions.hop.max())
    last = ends.join(attributions.select("claim_id", "hop", origin="actor_id"), ["claim_id", "hop"]).select(
        "claim_id", "origin", chained=ibis.literal(True)
    )
    both = claims.join(last, "claim_id", how="left")
    spoken = both.filter(both.quote_type != "narration")
    chainless = spoken.filter(spoken.chained.isnull())
    other = spoken.filter(spoken.chained.notnull(), ~spoken.origin.identical_to(spoken.speaker_id))
    firsts = sources.filter(sources.republished_from.isnull()).select("source_id", right="publisher_id")
    copies = lineages.filter(lineages.graph == "republished_from", lineages.root.notnull())
    originals = copies.join(firsts, [("root", "source_id")]).select(source_id="node", right="right")
    voices = firsts.union(originals)
    told = claims.filter(claims.quote_type == "narration").join(voices, "source_id")
    narrated = told.filter(~told.right.identical_to(told.speaker_id))
    return [
        offence(chainless, "claims", "quote_type", "there is no chain; only narration has none"),
        offence(other, "claims", "speaker_id", ibis.literal("the chain ends with ") + other.origin.fill_null("nobody")),
        offence(narrated, "claims", "speaker_id", ibis.literal("narrated by ") + narrated.right.fill_null("nobody")),
    ]


def narration_has_no_hops(claims: ir.Table, attributions: ir.Table) -> Offences:
    """Narration is the outlet's own voice and has no chain; drop the hops, or mend quote_type.

    Why: A chain under narration would show somebody as the origin of the claim who was never cited.

    Example: C00012 has quote_type narration, and attributions still holds hop 1 for it.
    """
    told = claims.filter(claims.quote_type == "narration").select("claim_id")
    return [offence(attributions.semi_join(told, "claim_id"), "attributions", "hop")]


def outlet_hop_is_press(attributions: ir.Table, actors: ir.Table) -> Offences:
    """A media outlet in a chain is of sector JRN; mend its sector or its actor_kind.

    Why: Whoever asks how much of the news rests on other media finds them by sector JRN, and would miss an outlet
    that stands in another sector or in none.

    Example: A news agency that is hop 1 of a claim has actor_kind media_outlet and sector BUS.
    """
    hops = attributions.filter(attributions.actor_id.notnull()).select("actor_id").distinct()
    outlets = actors.filter(actors.actor_kind == "media_outlet", (actors.sector != "JRN").fill_null(True))
    return [offence(outlets.semi_join(hops, "actor_id"), "actors", "sector")]


def republication_acyclic(sources: ir.Table, lineages: ir.Table) -> Offences:
    """No source is republished from itself, nor in a circle; mend republished_from.

    Why: A circle has no first text: nobody could tell who published it first, nor in whose voice its narration
    speaks.

    Example: S0004 has republished_from S0005, and S0005 has republished_from S0004.
    """
    ring = circled(sources, "source_id", "republished_from", lineages, "republished_from")
    return [offence(ring, "sources", "republished_from")]

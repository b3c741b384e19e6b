"""Rules about meaning: what stance, certainty, kinds and links can say together."""

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
    "absence_names_subject",
    "decline_is_noncommittal",
    "deny_is_negative",
    "expect_is_not_certain",
    "hypothetical_not_occurred",
    "links_irreflexive",
    "noncommittal_is_uncommitted",
    "one_position_at_a_time",
    "plover_terms",
    "prediction_has_window",
    "supersedes_forward",
    "visit_has_host",
]
NEGATIVE = ["CT-", "PR-", "PS-"]
HEDGED = ["PR+", "PR-", "PS+", "PS-"]


def noncommittal_is_uncommitted(claims: ir.Table) -> Offences:
    """A noncommittal stance has the certainty Uu, and no other stance has it; mend stance or certainty.

    Why: A speaker who takes no position would still be counted by certainty as taking one, or the other way round.

    Example: A claim has stance noncommittal and certainty CT+.
    """
    bad = claims.filter((claims.stance == "noncommittal") != (claims.certainty == "Uu"))
    return [offence(bad, "claims", "certainty", ibis.literal("the stance is ") + bad.stance)]


def deny_is_negative(claims: ir.Table) -> Offences:
    """A denial has a negative certainty (CT-, PR-, PS-) and an affirmation has none; mend certainty or stance.

    Why: A claim would count against the proposition by its stance and for it by its certainty, or the other way
    round.

    Example: A claim has stance deny and certainty CT+.
    """
    negative = claims.certainty.isin(NEGATIVE)
    bad = claims.filter(((claims.stance == "deny") & ~negative) | ((claims.stance == "affirm") & negative))
    return [offence(bad, "claims", "certainty", ibis.literal("the stance is ") + bad.stance)]


def expect_is_not_certain(claims: ir.Table) -> Offences:
    """An expectation is probable or possible (PR or PS), never certain; mend certainty, or code the stance affirm.

    Why: The stance expect marks what speakers hedge; a certain one among them makes a speaker look more careful than
    the source has it.

    Example: A claim has stance expect and certainty CT+.
    """
    bad = claims.filter(claims.stance == "expect", ~claims.certainty.isin(HEDGED))
    return [offence(bad, "claims", "certainty")]


def decline_is_noncommittal(claims: ir.Table, propositions: ir.Table) -> Offences:
    """Whoever declines to comment is noncommittal, and a question has noncommittal claims only; mend stance, speech_act or the proposition.

    Why: A refusal to comment would count as a yes or a no that nobody said, and an open question as answered.

    Example: A claim has speech_act decline_comment and stance deny.
    """
    declined = claims.filter(claims.speech_act == "decline_comment", claims.stance != "noncommittal")
    open_ones = propositions.filter(propositions.proposition_kind == "question").select("proposition_id")
    decided = claims.filter(claims.stance != "noncommittal").semi_join(open_ones, "proposition_id")
    return [
        offence(declined, "claims", "stance", "the speech act is decline_comment"),
        offence(decided, "claims", "stance", "the proposition is a question"),
    ]


def prediction_has_window(propositions: ir.Table) -> Offences:
    """A proposition has a window or the window_basis none, not both or neither; mend window_edtf or window_basis.

    Why: Whether a prediction came true is judged by its window. If the window is empty, window_basis must tell
    whether none was set or one was forgotten.

    Example: A proposition has window_basis stated, and its window_edtf is empty.
    """
    bad = propositions.filter((propositions.window_basis == "none") == propositions.window_edtf.notnull())
    return [offence(bad, "propositions", "window_basis")]


def absence_names_subject(propositions: ir.Table, proposition_actors: ir.Table) -> Offences:
    """An absence says whose it is; add an actor with the role subject.

    Why: A silence is looked up by the actor who kept it; one that belongs to nobody is not found.

    Example: A proposition has proposition_kind absence, and in proposition_actors its one actor has proposition_role
    holder.
    """
    named = proposition_actors.filter(proposition_actors.proposition_role == "subject").select("proposition_id")
    absent = propositions.filter(propositions.proposition_kind == "absence")
    return [offence(absent.anti_join(named, "proposition_id"), "propositions", "proposition_kind")]


def plover_terms(events: ir.Table, plover_modes: ir.Table) -> Offences:
    """The mode belongs to the type of the event; mend plover_mode or plover_type.

    Why: Other event data in PLOVER are counted by type and mode together; a pair that PLOVER does not have fits none
    of their counts.

    Example: An event has plover_type MOBILIZE and plover_mode visit, which belongs to CONSULT.
    """
    known = plover_modes.select("plover_mode", "plover_type")
    moded = events.filter(events.plover_mode.notnull())
    return [offence(moded.anti_join(known, ["plover_mode", "plover_type"]), "events", "plover_mode")]


def visit_has_host(events: ir.Table, event_actors: ir.Table) -> Offences:
    """A visit that occurred or is anticipated has an actor (who visits) and a recipient (who hosts); add them to event_actors.

    Why: A visit without its visitor or its host is missing from any count of who went to whom.

    Example: An event has plover_mode visit and status anticipated, and event_actors names an actor for it and no
    recipient.
    """
    visits = events.filter(events.plover_mode == "visit", events.status.isin(["occurred", "anticipated"]))
    found = []
    for role in ("actor", "recipient"):
        have = event_actors.filter(event_actors.event_role == role).select("event_id")
        found.append(offence(visits.anti_join(have, "event_id"), "events", "plover_mode", f"no {role}"))
    return found


def hypothetical_not_occurred(
    events: ir.Table, proposition_events: ir.Table, propositions: ir.Table, claims: ir.Table, resolutions: ir.Table
) -> Offences:
    """A hypothetical event is only what a proposition hangs on or supposes: nobody affirms it as fact and nothing is resolved by it; mend status or event_relation.

    Why: What was only considered cannot decide whether a prediction came true; and what a source reports as a fact
    would be missing from the events that took place.

    Example: An event has status hypothetical, and a resolution has it as its event_id.
    """
    supposed = events.filter(events.status == "hypothetical")
    facts = propositions.filter(propositions.proposition_kind == "fact").select("proposition_id")
    sure = claims.filter(claims.certainty == "CT+").select("proposition_id")
    told = (
        proposition_events.filter(proposition_events.event_relation == "about")
        .semi_join(facts, "proposition_id")
        .semi_join(sure, "proposition_id")
    )
    return [
        offence(supposed.semi_join(told, "event_id"), "events", "status", "a claim affirms a fact about it"),
        offence(supposed.semi_join(resolutions, "event_id"), "events", "status", "a resolution rests on it"),
    ]


def supersedes_forward(
    claim_links: ir.Table, claims: ir.Table, proposition_links: ir.Table, actor_links: ir.Table
) -> Offences:
    """A claim supersedes an earlier one of the same speaker (or of whom it speaks for), on the same proposition or a linked one; mend the link or the dates.

    Why: Changes of position are read from these links; one that runs backwards in time, or to another speaker or
    matter, shows a change that nobody made.

    Example: In claim_links, a claim with said_edtf 2023-09-04 supersedes one with said_edtf 2023-09-11.
    """
    said = claims.said_end.coalesce(claims.said_start)
    mine = claims.select("claim_id", speaker="speaker_id", proposition="proposition_id", said=said)
    theirs = claims.select(
        other_claim_id="claim_id", other_speaker="speaker_id", other_proposition="proposition_id", other_said=said
    )
    both = (
        claim_links.filter(claim_links.claim_relation == "supersedes")
        .join(mine, "claim_id")
        .join(theirs, "other_claim_id")
    )
    early = both.filter(~(both.said > both.other_said).fill_null(False))
    voice = actor_links.filter(actor_links.link_kind == "speaks_for")
    voices = voice.select(a="actor_id", b="other_actor_id").union(voice.select(a="other_actor_id", b="actor_id"))
    foreign = both.filter((both.speaker != both.other_speaker).fill_null(True)).anti_join(
        voices, [("speaker", "a"), ("other_speaker", "b")]
    )
    tied = proposition_links.select(a="proposition_id", b="other_proposition_id").union(
        proposition_links.select(a="other_proposition_id", b="proposition_id")
    )
    stray = both.filter(both.proposition != both.other_proposition).anti_join(
        tied, [("proposition", "a"), ("other_proposition", "b")]
    )
    return [
        offence(early, "claim_links", "other_claim_id", "the superseded claim is not earlier"),
        offence(foreign, "claim_links", "other_claim_id", "the superseded claim has another speaker"),
        offence(stray, "claim_links", "other_claim_id", "the propositions are not linked"),
    ]


def links_irreflexive(
    actor_links: ir.Table, proposition_links: ir.Table, claim_links: ir.Table, events: ir.Table, lineages: ir.Table
) -> Offences:
    """Nothing is linked to itself, a symmetric link is stored once, and neither entails nor parent_id runs in a circle; drop the link.

    Why: A symmetric link that stands twice is counted twice; in a circle of entails a claim on one proposition counts
    for all the others, and in one of parent_id no event is the whole.

    Example: In proposition_links P0001 entails P0002, and P0002 entails P0001.
    """
    found = []
    for name, links, one, other, relation, symmetric in (
        ("actor_links", actor_links, "actor_id", "other_actor_id", "link_kind", "same_as_possible"),
        (
            "proposition_links",
            proposition_links,
            "proposition_id",
            "other_proposition_id",
            "proposition_relation",
            "contradicts",
        ),
        ("claim_links", claim_links, "claim_id", "other_claim_id", "claim_relation", "same_utterance"),
    ):
        found.append(offence(links.filter(links[one] == links[other]), name, other, "linked to itself"))
        both = links.filter(links[relation] == symmetric)
        back = both.select(x=both[other], y=both[one], first="row")
        twice = both.join(back, [(one, "x"), (other, "y")]).filter(lambda t: t.row > t.first)
        found.append(offence(twice, name, other, f"{symmetric} is symmetric and stored already"))
    entails = proposition_links.filter(
        proposition_links.proposition_relation == "entails",
        proposition_links.proposition_id != proposition_links.other_proposition_id,
    )
    rings = circled(entails, "proposition_id", "other_proposition_id", lineages, "entails")
    found.append(offence(rings, "proposition_links", "other_proposition_id", "entails runs in a circle"))
    nested = circled(events, "event_id", "parent_id", lineages, "parent_id")
    found.append(offence(nested, "events", "parent_id", "part of itself"))
    return found


def one_position_at_a_time(claims: ir.Table, claim_links: ir.Table) -> Offences:
    """A speaker's claims on one proposition and day agree in stance (noncommittal apart), or are linked by supersedes, disputes or same_utterance; add the link, or mend a stance.

    Why: The view positions would show a speaker for and against the same thing on one day, and nothing would tell a
    change of mind from a slip in coding.

    Example: Two claims of one speaker on one proposition have said_edtf 2023-09-05; one has stance affirm, the other
    deny, and claim_links does not link them.
    """
    dated = claims.filter(
        claims.said_start == claims.said_end, claims.stance != "noncommittal", claims.speaker_id.notnull()
    )
    one = dated.select("claim_id", "row", "speaker_id", "proposition_id", "said_start", "stance")
    two = dated.select(
        "speaker_id", "proposition_id", "said_start", other="claim_id", other_row="row", other_stance="stance"
    )
    pairs = one.join(two, ["speaker_id", "proposition_id", "said_start"]).filter(
        lambda t: (t.row > t.other_row) & (t.stance != t.other_stance)
    )
    bound = claim_links.filter(claim_links.claim_relation.isin(["supersedes", "disputes", "same_utterance"]))
    tied = bound.select(a="claim_id", b="other_claim_id").union(bound.select(a="other_claim_id", b="claim_id"))
    split = pairs.anti_join(tied, [("claim_id", "a"), ("other", "b")])
    return [offence(split, "claims", "stance", split.other + ibis.literal(" has ") + split.other_stance)]

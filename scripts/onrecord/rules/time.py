"""Rules about dates: EDTF cells, their bounds, and the order in which things can happen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from onrecord.rules.offences import offence

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir

    from onrecord.rules.offences import Offences
else:
    from onrecord.later import ibis

__all__ = [
    "bounds_match",
    "child_within_parent",
    "claim_before_publication",
    "edtf_valid",
    "occurred_before_reported",
    "precision_match",
    "published_before_retrieved",
    "resolution_after_prediction",
    "role_covers_claim",
    "weekday_inference",
    "window_after_claim",
]


def edtf_valid(dates: ir.Table) -> Offences:
    """A date parses as EDTF level 1 and no interval is reversed; write it as 2023-09-05, 2023-09 or 2023-09-04/2023-09-06.

    Why: A date that cannot be read has no first and last day, so that its row falls out of every comparison by date.

    Example: A claim has said_edtf "5 September 2023" instead of 2023-09-05.
    """
    bad = dates.filter(dates.problem != "")
    return [bad.select("table_name", "row", "field_name", detail=bad.problem)]


def bounds_match(dates: ir.Table) -> Offences:
    """The bounds are the strict ones of the EDTF value, and empty where it is open; run 'onrecord fmt'.

    Why: Programs sort and filter by the bounds and not by the EDTF value; a wrong bound puts a row on days that its
    source does not give.

    Example: A role has held_edtf 2023-07/.., and its held_end is 9999-12-31 instead of empty.
    """
    known = dates.filter(dates.problem == "")
    found = []
    for side in ("start", "end"):
        given, right = known[f"{side}_given"], known[f"{side}_date"]
        wrong = known.filter(~given.identical_to(right))
        detail = ibis.literal("expected ") + wrong[f"{side}_date"].cast("string").fill_null("an empty cell")
        found.append(
            wrong.select("table_name", "row", field_name=wrong.prefix + ibis.literal(f"_{side}"), detail=detail)
        )
    return found


def precision_match(events: ir.Table, dates: ir.Table) -> Offences:
    """The precision agrees with the date (a day 1, approximate at least 2, a month 4, a year 5, open or longer than a year empty); set date_precision accordingly.

    Why: Whoever wants only events that are known to the day picks them by date_precision; a wrong one lets a whole
    month pass for a day, or drops a day that is known.

    Example: An event has date_edtf 2023-07 and date_precision 1, where a month has 4.
    """
    readable = dates.filter(dates.table_name == "events", dates.problem == "")
    both = events.join(readable.select("row", "least", "most"), "row")
    least, most, given = both.least, both.most, both.date_precision
    fits = ibis.ifelse(most == 0, given.isnull(), given.notnull() & given.between(least, most))
    wrong = both.filter(~fits.fill_null(False))
    low, high = wrong.least.cast("string"), wrong.most.cast("string")
    span = ibis.ifelse(wrong.least == wrong.most, low, low + ibis.literal(" to ") + high)
    detail = ibis.ifelse(wrong.most == 0, ibis.literal("expected an empty cell"), ibis.literal("expected ") + span)
    return [offence(wrong, "events", "date_precision", detail)]


def claim_before_publication(claims: ir.Table, sources: ir.Table) -> Offences:
    """A claim is not made after the last day on which its source can have been published; mend said_edtf or the source's published_edtf.

    Why: A text cannot report what was said after it came out. One of the two dates is wrong, and it puts the claim in
    the wrong order among the others.

    Example: A claim has said_edtf 2023-09-12, and its source has published_edtf 2023-09-11.
    """
    both = claims.join(sources.select("source_id", "published_end"), "source_id")
    late = both.filter(both.said_start > both.published_end)
    return [offence(late, "claims", "said_edtf", ibis.literal("published by ") + late.published_end.cast("string"))]


def published_before_retrieved(sources: ir.Table) -> Offences:
    """A source is not retrieved before it is published; mend retrieved or published_edtf.

    Why: Nobody can take a text from its address before it is out. If the date of publication is the wrong one, so are
    the claims that are dated by it.

    Example: A source has retrieved 2023-09-04 and published_edtf 2023-09-05.
    """
    early = sources.filter(sources.retrieved < sources.published_start)
    detail = ibis.literal("published from ") + early.published_start.cast("string")
    return [offence(early, "sources", "retrieved", detail)]


def window_after_claim(claims: ir.Table, propositions: ir.Table) -> Offences:
    """The window of a prediction does not end before a claim of it begins; mend window_edtf, or code the claim on another proposition.

    Why: Whoever speaks after the window has closed foretells nothing, yet the view forecasters would count the claim
    for or against its speaker.

    Example: A prediction has window_edtf 2023-09-10/2023-09-13, and a claim of it has said_edtf 2023-09-14.
    """
    made = claims.group_by("proposition_id").agg(begun=claims.said_start.max())
    both = propositions.join(made, "proposition_id")
    past = both.filter(both.proposition_kind == "prediction", both.window_end < both.begun)
    detail = ibis.literal("claimed on ") + past.begun.cast("string")
    return [offence(past, "propositions", "window_edtf", detail)]


def occurred_before_reported(
    events: ir.Table, proposition_events: ir.Table, propositions: ir.Table, claims: ir.Table, sources: ir.Table
) -> Offences:
    """An event that occurred does not begin after the last publication that reports it as fact; mend its date, or the kind of the proposition.

    Why: A text cannot report as a fact what began only after it came out: either the event is misdated, or a forecast
    passes for a fact.

    Example: An event with status occurred has date_edtf 2023-09-13; of the claims with certainty CT+ on a fact
    proposition about it, the last stands in a source with published_edtf 2023-09-11.
    """
    facts = propositions.filter(propositions.proposition_kind == "fact").select("proposition_id")
    sure = claims.filter(claims.certainty == "CT+").select("proposition_id", "source_id")
    about = proposition_events.filter(proposition_events.event_relation == "about")
    said = (
        about.select("event_id", "proposition_id")
        .join(facts, "proposition_id")
        .join(sure, "proposition_id")
        .join(sources.select("source_id", "published_end"), "source_id")
    )
    last = said.group_by("event_id").agg(reported=said.published_end.max(), undated=said.published_end.isnull().any())
    last = last.filter(~last.undated)
    both = events.filter(events.status == "occurred").join(last, "event_id")
    late = both.filter(both.date_start > both.reported)
    return [offence(late, "events", "date_edtf", ibis.literal("reported by ") + late.reported.cast("string"))]


def weekday_inference(claims: ir.Table, sources: ir.Table, evidence: ir.Table, weekdays: ir.Table) -> Offences:
    """A date inferred from a weekday is a day of that name, at most six days before publication, and its time span is the weekday's word; mend said_edtf, said_basis or the span.

    Why: The day is reckoned by hand from a word such as "Monday"; a slip moves a claim by days or by a week, and with
    it the order in which things were said.

    Example: A claim with said_basis weekday has said_edtf 2023-09-04, which is a Monday, and its time span is the
    word "Tuesday".
    """
    dated = claims.filter(claims.said_basis == "weekday").join(
        sources.select("source_id", "published_start", "published_end", "access"), "source_id"
    )
    far = dated.filter(
        (dated.said_start != dated.said_end).fill_null(True)
        | (dated.said_start < dated.published_start - ibis.interval(days=6)).fill_null(False)
        | (dated.said_end > dated.published_end).fill_null(False)
    )
    words = (
        evidence.filter(evidence.part == "time")
        .select("claim_id", "span_sha256")
        .join(weekdays, "span_sha256")
        .select(word_claim="claim_id", weekday="weekday")
    )
    named = dated.join(words, dated.claim_id == words.word_claim, how="left")
    day = named.said_start.day_of_week.index() + 1
    other = named.filter(
        named.said_start.notnull(),
        (named.weekday.notnull() & (named.weekday != day)) | (named.weekday.isnull() & (named.access == "full_text")),
    )
    detail = ibis.ifelse(
        other.weekday.isnull(),
        ibis.literal("no time span is a weekday"),
        ibis.literal("the source names another weekday"),
    )
    return [
        offence(far, "claims", "said_edtf", "not one day within the week before publication"),
        offence(other, "claims", "said_edtf", detail),
    ]


def resolution_after_prediction(resolutions: ir.Table, propositions: ir.Table, claims: ir.Table) -> Offences:
    """A prediction is resolved on or after the day of its last claim; mend resolved_edtf, or code the later claim on another proposition.

    Why: What is said after the outcome was settled is no forecast, yet the view forecasters would count it for or
    against its speaker.

    Example: A prediction has resolved_edtf 2023-09-13 in resolutions, and a claim of it has said_edtf 2023-09-15.
    """
    made = claims.group_by("proposition_id").agg(begun=claims.said_start.max())
    foretold = propositions.filter(propositions.proposition_kind == "prediction").select("proposition_id")
    both = resolutions.join(foretold, "proposition_id").join(made, "proposition_id")
    early = both.filter(both.resolved_end < both.begun)
    return [offence(early, "resolutions", "resolved_edtf", ibis.literal("claimed on ") + early.begun.cast("string"))]


def role_covers_claim(claims: ir.Table, actor_roles: ir.Table) -> Offences:
    """A speaker with roles holds one on the day of the claim; add the role, widen held_edtf, or mend said_edtf.

    Why: A reader learns from actor_roles in what post somebody spoke; where no role covers the day, a role is
    missing, or the date or the speaker is wrong.

    Example: The only role of a speaker has held_edtf 2023-07/.., and a claim of that speaker has said_edtf
    2023-05-04.
    """
    held = actor_roles.select(speaker_id="actor_id", held_start="held_start", held_end="held_end")
    both = claims.join(held, "speaker_id")
    covers = (both.held_start.isnull() | both.said_end.isnull() | (both.held_start <= both.said_end)) & (
        both.held_end.isnull() | both.said_start.isnull() | (both.held_end >= both.said_start)
    )
    judged = both.mutate(covers=covers).group_by("row").agg(covered=lambda t: t.covers.any())
    return [offence(judged.filter(~judged.covered), "claims", "speaker_id", "no role held on the claim's date")]


def child_within_parent(events: ir.Table) -> Offences:
    """An event that is part of another lies within its dates; mend date_edtf or parent_id.

    Why: A part of a visit cannot lie outside the visit. Either the link is wrong, so that the part is looked for in
    the wrong place, or one of the two dates is.

    Example: A visit has date_edtf 2023-09-12/2023-09-17, and a dinner with the visit as its parent_id has date_edtf
    2023-09-19.
    """
    parent = events.select(parent_id="event_id", low="date_start", high="date_end", parent_edtf="date_edtf")
    both = events.join(parent, "parent_id")
    outside = both.filter(
        (both.date_start < both.low).fill_null(False)
        | (both.date_end > both.high).fill_null(False)
        | (both.date_start > both.high).fill_null(False)
        | (both.date_end < both.low).fill_null(False)
    )
    return [offence(outside, "events", "date_edtf", ibis.literal("the parent has ") + outside.parent_edtf)]

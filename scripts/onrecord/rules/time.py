"""Rules about dates: EDTF cells, their bounds, and the order in which things can happen."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from onrecord.rules.offences import offence

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

Offences = Iterable[ir.Table]


def edtf_valid(dates: ir.Table) -> Offences:
    """A date parses as EDTF level 1 and no interval is reversed; write it as 2023-09-05, 2023-09 or 2023-09-04/2023-09-06."""
    bad = dates.filter(dates.problem != "")
    return [bad.select("table_name", "row", "field_name", detail=bad.problem)]


def bounds_match(dates: ir.Table) -> Offences:
    """The bounds are the strict ones of the EDTF value, and empty where it is open; run 'onrecord fmt'."""
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
    """The precision agrees with the date (a day 1, approximate at least 2, a month 4, a year 5, open or longer than a year empty); set date_precision accordingly."""
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
    """A claim is not made after the last day on which its source can have been published; mend said_edtf or the source's published_edtf."""
    both = claims.join(sources.select("source_id", "published_end"), "source_id")
    late = both.filter(both.said_start > both.published_end)
    return [offence(late, "claims", "said_edtf", ibis.literal("published by ") + late.published_end.cast("string"))]


def published_before_retrieved(sources: ir.Table) -> Offences:
    """A source is not retrieved before it is published; mend retrieved or published_edtf."""
    early = sources.filter(sources.retrieved < sources.published_start)
    detail = ibis.literal("published from ") + early.published_start.cast("string")
    return [offence(early, "sources", "retrieved", detail)]


def window_after_claim(claims: ir.Table, propositions: ir.Table) -> Offences:
    """The window of a prediction does not end before a claim of it begins; mend window_edtf, or code the claim on another proposition."""
    made = claims.group_by("proposition_id").agg(begun=claims.said_start.max())
    both = propositions.join(made, "proposition_id")
    past = both.filter(both.proposition_kind == "prediction", both.window_end < both.begun)
    detail = ibis.literal("claimed on ") + past.begun.cast("string")
    return [offence(past, "propositions", "window_edtf", detail)]


def occurred_before_reported(
    events: ir.Table, proposition_events: ir.Table, propositions: ir.Table, claims: ir.Table, sources: ir.Table
) -> Offences:
    """An event that occurred does not begin after the last publication that reports it as fact; mend its date, or the kind of the proposition."""
    facts = propositions.filter(propositions.proposition_kind == "fact").select("proposition_id")
    sure = claims.filter(claims.certainty == "CT+").select("proposition_id", "source_id")
    about = proposition_events.filter(proposition_events.event_relation == "about")
    said = (
        about.select("event_id", "proposition_id")
        .join(facts, "proposition_id")
        .join(sure, "proposition_id")
        .join(sources.select("source_id", "published_end"), "source_id")
    )
    last = said.group_by("event_id").agg(reported=said.published_end.max())
    both = events.filter(events.status == "occurred").join(last, "event_id")
    late = both.filter(both.date_start > both.reported)
    return [offence(late, "events", "date_edtf", ibis.literal("reported by ") + late.reported.cast("string"))]


def weekday_inference(claims: ir.Table, sources: ir.Table, evidence: ir.Table, weekdays: ir.Table) -> Offences:
    """A date inferred from a weekday is a day of that name, at most six days before publication, and its time span is the weekday's word; mend said_edtf, said_basis or the span."""
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
    """A prediction is resolved on or after the day of its last claim; mend resolved_edtf, or code the later claim on another proposition."""
    made = claims.group_by("proposition_id").agg(begun=claims.said_start.max())
    foretold = propositions.filter(propositions.proposition_kind == "prediction").select("proposition_id")
    both = resolutions.join(foretold, "proposition_id").join(made, "proposition_id")
    early = both.filter(both.resolved_end < both.begun)
    return [offence(early, "resolutions", "resolved_edtf", ibis.literal("claimed on ") + early.begun.cast("string"))]


def role_covers_claim(claims: ir.Table, actor_roles: ir.Table) -> Offences:
    """A speaker with roles holds one on the day of the claim; add the role, widen held_edtf, or mend said_edtf."""
    held = actor_roles.select(speaker_id="actor_id", held_start="held_start", held_end="held_end")
    both = claims.join(held, "speaker_id")
    covers = (both.held_start.isnull() | both.said_end.isnull() | (both.held_start <= both.said_end)) & (
        both.held_end.isnull() | both.said_start.isnull() | (both.held_end >= both.said_start)
    )
    judged = both.mutate(covers=covers).group_by("row").agg(covered=lambda t: t.covers.any())
    return [offence(judged.filter(~judged.covered), "claims", "speaker_id", "no role held on the claim's date")]


def child_within_parent(events: ir.Table) -> Offences:
    """An event that is part of another lies within its dates; mend date_edtf or parent_id."""
    parent = events.select(parent_id="event_id", low="date_start", high="date_end", parent_edtf="date_edtf")
    both = events.join(parent, "parent_id")
    outside = both.filter(
        (both.date_start < both.low).fill_null(False)
        | (both.date_end > both.high).fill_null(False)
        | (both.date_start > both.high).fill_null(False)
        | (both.date_end < both.low).fill_null(False)
    )
    return [offence(outside, "events", "date_edtf", ibis.literal("the parent has ") + outside.parent_edtf)]

"""Rules about actors, identifiers and use: who is who, what is gone, what nobody mentions."""

from __future__ import annotations

from collections.abc import Iterable

import ibis
import ibis.expr.types as ir

from onrecord.rules.offences import offence

__all__ = [
    "agreement_covers_judged_fields",
    "alias_unambiguous",
    "group_size_ordered",
    "no_identifier_lost",
    "unnamed_has_no_identity",
    "used",
    "wikidata_unique",
]

Offences = Iterable[ir.Table]


def unnamed_has_no_identity(actors: ir.Table) -> Offences:
    """An unnamed actor has no Wikidata identifier, and its name describes it with the word unnamed, the outlet and the year; mend actor_name, anonymity or wikidata_id."""
    unnamed = actors.filter(actors.anonymity != "named")
    bare = unnamed.filter(~unnamed.actor_name.re_search(r"(?i)\bunnamed\b.*\b[0-9]{4}\b"))
    return [
        offence(unnamed.filter(unnamed.wikidata_id.notnull()), "actors", "wikidata_id"),
        offence(bare, "actors", "actor_name"),
    ]


def group_size_ordered(actors: ir.Table) -> Offences:
    """The least size of a group is not above the greatest, and one person has no size but 1; mend size_min or size_max."""
    lone = (actors.actor_kind == "person") & (
        (actors.size_min > 1).fill_null(False) | (actors.size_max > 1).fill_null(False)
    )
    bad = actors.filter((actors.size_min > actors.size_max).fill_null(False) | lone)
    return [offence(bad, "actors", "size_min")]


def alias_unambiguous(actors: ir.Table, actor_names: ir.Table) -> Offences:
    """A name that is not a weak alias names one actor; mark it weak_alias, or merge the actors."""
    shown = actors.select("actor_id", "row", name=actors.actor_name.lower())
    order = actors.select(other="actor_id", other_row="row")
    strong = actor_names.filter(actor_names.name_kind != "weak_alias")
    further = strong.select("actor_id", "row", name=strong.alternative_name.lower())
    every = shown.select("actor_id", "name").union(further.select("actor_id", "name"))
    holders = every.select(name="name", other="actor_id").distinct()
    found = []
    for table, field, names in (("actors", "actor_name", shown), ("actor_names", "alternative_name", further)):
        both = names.join(holders, "name").join(order, "other")
        shared = (
            both.filter(both.other_row < both.row) if table == "actors" else both.filter(both.other != both.actor_id)
        )
        found.append(offence(shared, table, field, ibis.literal("it names ") + shared.other + ibis.literal(" too")))
    return found


def wikidata_unique(actors: ir.Table) -> Offences:
    """A Wikidata identifier belongs to one actor; merge the actors, or mend wikidata_id."""
    first = actors.filter(actors.wikidata_id.notnull()).mutate(
        first=actors.row.min().over(ibis.window(group_by="wikidata_id"))
    )
    return [offence(first.filter(first.row > first.first), "actors", "wikidata_id")]


def no_identifier_lost(identifiers: ir.Table, published: ir.Table, retired: ir.Table) -> Offences:
    """Every identifier ever released is present or retired; a retired one is never reused, and its replacement exists and is not retired itself; restore the row, or add it to retired."""
    gone = published.anti_join(identifiers, "id").anti_join(retired.select(id="retired_id"), "id")
    lost = gone.group_by("table_name").agg(missing=gone.id.count(), first=gone.id.min())
    present = identifiers.select(retired_id="id")
    stands = retired.filter(retired.replacement_id.notnull())
    return [
        lost.select(
            "table_name",
            row=ibis.literal(-1, "int64"),
            field_name=ibis.literal(""),
            detail=lost.missing.cast("string") + ibis.literal(" released identifiers are gone, the first ") + lost.first,
        ),
        offence(retired.semi_join(present, "retired_id"), "retired", "retired_id", "the identifier is in use"),
        offence(
            stands.anti_join(identifiers.select(replacement_id="id"), "replacement_id"),
            "retired", "replacement_id", "the replacement does not exist",
        ),
        offence(
            stands.semi_join(retired.select(replacement_id="retired_id"), "replacement_id"),
            "retired", "replacement_id", "the replacement is retired itself",
        ),
        offence(
            stands.filter(stands.replacement_id.substr(0, 1) != stands.retired_id.substr(0, 1)),
            "retired", "replacement_id", "the replacement is of another table",
        ),
    ]  # fmt: skip


def agreement_covers_judged_fields(agreement: ir.Table, judged_fields: ir.Table) -> Offences:
    """From the first version that was coded twice, agreement is given for every judged field; measure it, or drop the version."""
    versions = agreement.group_by("agreement_version").agg(row=agreement.row.min())
    wanted = versions.cross_join(judged_fields)
    have = agreement.select("agreement_version", "table_name", "field_name")
    lacking = wanted.anti_join(have, ["agreement_version", "table_name", "field_name"])
    named = lacking.mutate(column=lacking.table_name + ibis.literal(".") + lacking.field_name)
    per = named.group_by("row").agg(n=named.column.count(), first=named.column.min())
    detail = per.n.cast("string") + ibis.literal(" judged fields lack it, the first ") + per.first
    return [offence(per, "agreement", "agreement_version", detail)]


def used(
    actors: ir.Table, places: ir.Table, events: ir.Table, propositions: ir.Table, claims: ir.Table,
    sources: ir.Table, source_credits: ir.Table, actor_roles: ir.Table, actor_links: ir.Table, event_actors: ir.Table,
    proposition_actors: ir.Table, proposition_events: ir.Table, proposition_links: ir.Table, attributions: ir.Table,
    resolutions: ir.Table,
) -> Offences:  # fmt: skip
    """Every actor, place, event and proposition is used by some row; use it or drop it."""
    where = {
        "actors": (actors, "actor_id", [
            (sources, "publisher_id"), (source_credits, "actor_id"), (actor_roles, "actor_id"),
            (actor_roles, "organization_id"), (actor_links, "actor_id"), (actor_links, "other_actor_id"),
            (event_actors, "actor_id"), (proposition_actors, "actor_id"), (claims, "speaker_id"), (attributions, "actor_id"),
        ]),
        "places": (places, "place_id", [(events, "place_id"), (propositions, "place_id")]),
        "events": (events, "event_id", [(proposition_events, "event_id"), (events, "parent_id"), (resolutions, "event_id")]),
        "propositions": (propositions, "proposition_id", [
            (claims, "proposition_id"), (proposition_links, "proposition_id"), (proposition_links, "other_proposition_id"),
        ]),
    }  # fmt: skip
    found = []
    for name, (table, key, users) in where.items():
        uses = ibis.union(*[t.select(used_id=t[c]) for t, c in users]).filter(lambda t: t.used_id.notnull())
        found.append(offence(table.anti_join(uses, [(key, "used_id")]), name, key))
    return found

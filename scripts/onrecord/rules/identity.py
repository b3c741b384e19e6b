"""Rules about actors, identifiers and use: who is who, what is gone, what nobody mentions."""

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
    "agreement_covers_judged_fields",
    "alias_unambiguous",
    "group_size_ordered",
    "no_identifier_lost",
    "unnamed_has_no_identity",
    "used",
    "wikidata_unique",
]


def unnamed_has_no_identity(actors: ir.Table) -> Offences:
    """An unnamed actor has no Wikidata identifier, and its name has the word unnamed and, after it, a year; mend actor_name, anonymity or wikidata_id.

    Why: An identifier would give a name to somebody whom the source does not name; and a bare name such as
    "officials" would make one actor of the unnamed people of many reports.

    Example: An actor has anonymity unnamed_group and actor_name "U.S. officials".
    """
    unnamed = actors.filter(actors.anonymity != "named")
    bare = unnamed.filter(~unnamed.actor_name.re_search(r"(?i)\bunnamed\b.*\b[0-9]{4}\b"))
    return [
        offence(unnamed.filter(unnamed.wikidata_id.notnull()), "actors", "wikidata_id"),
        offence(bare, "actors", "actor_name"),
    ]


def group_size_ordered(actors: ir.Table) -> Offences:
    """The least size of a group is not above the greatest, and one person has no size but 1; mend size_min or size_max.

    Why: The two sizes say how few and how many people may stand behind a claim; the wrong way round they say nothing,
    and a person counted as several inflates the number.

    Example: An actor has size_min 5 and size_max 3.
    """
    lone = (actors.actor_kind == "person") & (
        (actors.size_min > 1).fill_null(False) | (actors.size_max > 1).fill_null(False)
    )
    bad = actors.filter((actors.size_min > actors.size_max).fill_null(False) | lone)
    return [offence(bad, "actors", "size_min")]


def alias_unambiguous(actors: ir.Table, actor_names: ir.Table) -> Offences:
    """A name that is not a weak alias names one actor; mark it weak_alias, or merge the actors.

    Why: Whoever looks a name up must arrive at one actor; else the claims of two are mixed, or those of one are split
    between two rows.

    Example: In actor_names, "the ministry" stands with name_kind alias for A0004 and for A0005.
    """
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
    """A Wikidata identifier belongs to one actor; merge the actors, or mend wikidata_id.

    Why: Either two rows are one actor, who is then counted twice, or one of them is taken for somebody else as soon
    as the data are joined with others.

    Example: Two actors have wikidata_id Q7747.
    """
    first = actors.filter(actors.wikidata_id.notnull()).mutate(
        first=actors.row.min().over(ibis.window(group_by="wikidata_id"))
    )
    return [offence(first.filter(first.row > first.first), "actors", "wikidata_id")]


def no_identifier_lost(identifiers: ir.Table, published: ir.Table, retired: ir.Table) -> Offences:
    """Every identifier ever released is present or retired; a retired one is never reused, and its replacement exists and is not retired itself; restore the row, or add it to retired.

    Why: Whoever cites or joins by a released identifier must find it in every later version, or learn what became of
    it; used again, it would lead to something else without a word.

    Example: A ledger in releases/ lists C00099, which stands neither in claims nor in retired.
    """
    gone = published.anti_join(identifiers, "id").anti_join(retired.select(id="retired_id"), "id")
    present = identifiers.select(retired_id="id")
    stands = retired.filter(retired.replacement_id.notnull())
    return [
        gone.select("table_name", row=ibis.literal(-1, "int64"), field_name=ibis.literal(""), detail=gone.id),
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
    """A version with agreement has it for every judged field; measure it, or drop the version.

    Why: Before relying on a judged field one must know how far two coders agreed on it; a version that gives only
    some fields may leave out those on which they did not.

    Example: In agreement, the version 0.2.0 has one row, with table_name claims and field_name stance, and none for
    the other judged fields.
    """
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
    """Every actor, place and event is used by some row, and every proposition is claimed or linked; use it or drop it.

    Why: A row that nothing leads to is left over from a change, or its link was forgotten; it swells the counts of
    actors, places, events or propositions.

    Example: places holds L0003, and no row of events or propositions has place_id L0003.
    """
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

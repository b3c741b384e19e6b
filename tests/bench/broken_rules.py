"""Faults that break a rule across tables, or across the cells of a row: at least one kind for every rule."""

from __future__ import annotations

from collections.abc import Iterator

from bench import story
from bench.faults import Attempt, Kind, UnfitError, kind
from onrecord.tableschema import TableSchema

__all__ = ["dated"]

Reported = tuple[str, int, str]
_SPOKEN = ("direct", "mixed", "indirect")
_PEOPLE = {slot: [n for n, r in enumerate(story.ACTOR_ROLES) if r["actor"] == slot] for slot in story.IN_OFFICE}


def _of(table: str, claim: int) -> list[int]:
    """The rows of a claim in attributions or evidence."""
    return [n for n, row in enumerate(story.PLANS[table]) if row["claim"] == claim]


HOPS = [_of("attributions", claim) for claim in range(len(story.CLAIMS))]
SPANS = [_of("evidence", claim) for claim in range(len(story.CLAIMS))]


def _spans(claim: int, part: str) -> list[int]:
    return [n for n in SPANS[claim] if story.EVIDENCE[n]["part"] == part]


def _whole(claim: story.Row) -> bool:
    return bool(story.SOURCES[claim["source"]]["access"] == "full_text")


def _reported(claim: story.Row) -> bool:
    return bool(claim["chain"]) and claim["actor"] is not None


def _claim_of(row: story.Row) -> story.Row:
    return story.CLAIMS[row["claim"]]


def _actor(at: Attempt, slot: int) -> str:
    """The identifier of an actor of this story."""
    return at.cells("actors", at.at("actors", slot))["actor_id"]


# Time


def dated(schemas: dict[str, TableSchema]) -> Iterator[Kind]:
    """For every date of every table: what is no EDTF, and bounds that are not its own."""
    wrong = ("5 September 2023", "2023-09-06/2023-09-04", "2023-02-30", "2023-9-5", "unknown")
    for name, schema in schemas.items():
        for x in schema.edtf:

            def no_date(at: Attempt, x: str = x) -> Reported:
                if not at.row[f"{x}_edtf"]:
                    raise UnfitError
                at.set(**{f"{x}_edtf": wrong[at.record % len(wrong)]})
                return at.here(f"{x}_edtf")

            def no_bound(at: Attempt, x: str = x) -> Reported:
                side = f"{x}_{('start', 'end')[at.record % 2]}"
                at.set(**{side: ("1999-12-31", "9999-12-31")[at.record % 2]})
                return at.here(side)

            slots = tuple(range(len(story.PLANS[name])))
            yield Kind(f"edtf-valid: {name}.{x}_edtf", "rules", "edtf-valid", name, no_date, name, slots)
            yield Kind(f"bounds-match: {name}.{x}", "rules", "bounds-match", name, no_bound, name, slots)


@kind("precision-match", "events")
def another_precision(at: Attempt) -> Reported:
    at.set(date_precision="1" if at.plan["form"] in ("about", "month", "year") else "3")
    return at.here("date_precision")


@kind("claim-before-publication", "claims", lambda c: c["form"] == "day")
def said_after_it_came_out(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.date("claims", at.record, "said", at.day(60))
    return at.here("said_edtf")


@kind("published-before-retrieved", "sources", lambda s: s["access"] != "not_seen")
def retrieved_too_early(at: Attempt) -> Reported:
    at.set(retrieved="2001-02-03")
    return at.here("retrieved")


def _dated_claims(proposition: int) -> list[int]:
    return [c["slot"] for c in story.CLAIMS if c["proposition"] == proposition and c["form"] == "day"]


@kind("window-after-claim", "propositions", lambda p: p["kind"] == "prediction" and _dated_claims(p["slot"]))
def window_closed_before(at: Attempt) -> Reported:
    at.need("claims", _dated_claims(at.slot)[0])
    at.date("propositions", at.record, "window", at.day(-300))
    at.set(window_basis="stated")
    return at.here("window_edtf")


def _facts(event: int) -> list[int]:
    """Rows of proposition_events by which facts are about an event."""
    return [
        n
        for n, row in enumerate(story.PROPOSITION_EVENTS)
        if row["event"] == event and row["relation"] == "about" and story.PROPOSED[row["proposition"]]["kind"] == "fact"
    ]


def _sure(proposition: int) -> list[int]:
    return [c["slot"] for c in story.CLAIMS if c["proposition"] == proposition and c["certainty"] == "CT+"]


def _rely_on_facts(at: Attempt, event: int) -> None:
    for link in _facts(event):
        proposition = story.PROPOSITION_EVENTS[link]["proposition"]
        at.need("proposition_events", link)
        at.need("propositions", proposition)
        for claim in _sure(proposition):
            at.need("claims", claim)
            at.need("sources", story.CLAIMS[claim]["source"])


def _told(event: int) -> bool:
    return any(_sure(story.PROPOSITION_EVENTS[link]["proposition"]) for link in _facts(event))


@kind("occurred-before-reported", "events", lambda e: e["status"] == "occurred" and _told(e["slot"]))
def began_after_the_last_report(at: Attempt) -> Reported:
    _rely_on_facts(at, at.slot)
    at.date("events", at.record, "date", at.day(200))
    return at.here("date_edtf")


@kind("weekday-inference", "claims", lambda c: c["basis"] == "weekday")
def further_than_a_week(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.date("claims", at.record, "said", at.day(-30))
    return at.here("said_edtf")


@kind("weekday-inference", "claims", lambda c: c["basis"] == "weekday" and c["delay"] < 5)
def another_weekday(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.need("evidence", *_spans(at.slot, "time"))
    at.date("claims", at.record, "said", at.day(story.SOURCES[at.plan["source"]]["day"] - at.plan["delay"] - 1))
    return at.here("said_edtf")


@kind("weekday-inference", "claims", lambda c: c["basis"] != "weekday" and c["form"] == "day" and _whole(c))
def no_weekday_in_the_text(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.set(said_basis="weekday")
    return at.here("said_edtf")


@kind("resolution-after-prediction", "resolutions", lambda r: r["form"] != "none" and _dated_claims(r["proposition"]))
def settled_before_it_was_said(at: Attempt) -> Reported:
    at.need("propositions", at.plan["proposition"])
    at.need("claims", _dated_claims(at.plan["proposition"])[0])
    at.date("resolutions", at.record, "resolved", at.day(-300))
    return at.here("resolved_edtf")


@kind("role-covers-claim", "claims", lambda c: c["actor"] in story.IN_OFFICE)
def before_any_role(at: Attempt) -> Reported:
    number, slot = divmod(int(at.row["speaker_id"][1:]) - 1, story.ACTORS)
    at.needs |= {("actor_roles", number * len(story.ACTOR_ROLES) + role) for role in _PEOPLE[slot]}
    at.date("claims", at.record, "said", "1990-05-05")
    return at.here("speaker_id")


@kind("child-within-parent", "events", lambda e: e["parent"] is not None)
def outside_its_parent(at: Attempt) -> Reported:
    at.need("events", at.plan["parent"])
    at.date("events", at.record, "date", at.day(-5))
    return at.here("date_edtf")


# Attribution


@kind("hops-connected", "attributions")
def a_gap(at: Attempt) -> Reported:
    hops = HOPS[at.plan["claim"]]
    if at.slot != hops[-1]:
        raise UnfitError
    at.need("attributions", *hops[:-1])
    at.set(hop=str(at.plan["hop"] + 1))
    return at.here("hop")


@kind("hops-connected", "attributions", lambda a: a["hop"] == 2 and a["actor"] is not None)
def one_actor_twice(at: Attempt) -> Reported:
    at.need("attributions", at.slot - 1)
    at.set(actor_id=at.cells("attributions", at.record - 1)["actor_id"])
    return at.here("actor_id")


@kind("lost-is-last", "attributions", lambda a: a["hop"] < len(HOPS[a["claim"]]))
def lost_on_the_way(at: Attempt) -> Reported:
    at.need("attributions", at.slot + 1)
    at.set(hop_kind="lost", actor_id="")
    return at.here("hop_kind")


@kind("no-actor-when-lost", "attributions", lambda a: a["actor"] is not None)
def explicit_without_actor(at: Attempt) -> Reported:
    at.set(actor_id="")
    return at.here("actor_id")


@kind("no-actor-when-lost", "attributions", lambda a: a["actor"] is None)
def lost_with_an_actor(at: Attempt) -> Reported:
    at.set(actor_id=_actor(at, 9))
    return at.here("actor_id")


@kind("speaker-is-origin", "claims", _reported)
def speaker_from_elsewhere(at: Attempt) -> Reported:
    at.need("attributions", *HOPS[at.slot])
    at.set(speaker_id=_actor(at, 9))
    return at.here("speaker_id")


@kind("speaker-is-origin", "claims", lambda c: c["quote"] == "narration")
def narration_by_another(at: Attempt) -> Reported:
    source: int | None = at.plan["source"]
    while source is not None:
        at.need("sources", source)
        source = story.SOURCES[source]["origin"]
    at.set(speaker_id=_actor(at, 9))
    return at.here("speaker_id")


@kind("speaker-is-origin", "claims", lambda c: c["quote"] == "narration")
def spoken_without_a_chain(at: Attempt) -> Reported:
    at.set(quote_type="indirect")
    return at.here("quote_type")


@kind("narration-has-no-hops", "claims", _reported, table="attributions")
def narration_with_a_chain(at: Attempt) -> Reported:
    at.need("attributions", *HOPS[at.slot])
    at.set(quote_type="narration")
    return at.there("attributions", HOPS[at.slot][0], "hop")


@kind("outlet-hop-is-press", "attributions", lambda a: a["actor"] in story.OUTLETS, table="actors")
def outlet_of_another_sector(at: Attempt) -> Reported:
    at.need("attributions", at.slot)
    actor = int(at.row["actor_id"][1:]) - 1
    at.put("actors", actor, sector="BUS" if at.record % 2 else "")
    return "actors", actor, "sector"


@kind("republication-acyclic", "sources", lambda s: s["origin"] is None)
def from_itself(at: Attempt) -> Reported:
    at.set(republished_from=at.row["source_id"])
    return at.here("republished_from")


@kind("republication-acyclic", "sources", lambda s: s["slot"] == 5)
def from_its_own_copy(at: Attempt) -> Reported:
    at.need("sources", 4)
    at.set(republished_from=at.cells("sources", at.record - 1)["source_id"])
    return at.here("republished_from")


# Evidence


def _coded(column: str) -> None:
    def emptied(at: Attempt) -> Reported:
        at.set(**{column: ""})
        return at.here(column)

    emptied.__name__ = f"no {column}"
    kind("coded-text-is-identified", "sources", lambda s: s["scope"] != "none")(emptied)


for _column in ("coded_on", "coded_by", "text_length", "text_sha256"):
    _coded(_column)


@kind("coded-text-is-identified", "claims", lambda c: c["source"] == 3, table="claims")
def claims_from_an_uncoded_source(at: Attempt) -> Reported:
    at.need("claims", at.slot)
    at.put("sources", at.at("sources", 3), coding_scope="none")
    return at.here("source_id")


@kind("span-in-text", "evidence")
def ends_before_it_begins(at: Attempt) -> Reported:
    at.need("claims", at.plan["claim"])
    at.set(start_char=str(int(at.row["end_char"]) + 4))
    return at.here("end_char")


@kind("span-in-text", "evidence")
def ends_beyond_the_text(at: Attempt) -> Reported:
    at.need("claims", at.plan["claim"])
    at.need("sources", at.plan["source"])
    at.set(end_char="99999")
    return at.here("end_char")


@kind("span-in-text", "source_ranges", lambda r: r["kind"] == "boilerplate" and r["start"])
def range_beyond_the_text(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.set(end_char="99999")
    return at.here("end_char")


def _exact(row: story.Row) -> bool:
    return bool(row["exact"])


@kind("span-hash", "evidence", _exact)
def another_hash(at: Attempt) -> Reported:
    at.set(span_sha256=at.row["span_sha256"][::-1])
    return at.here("span_sha256")


@kind("span-hash", "evidence", _exact)
def another_length(at: Attempt) -> Reported:
    at.set(span_length=str(int(at.row["span_length"]) + 1))
    return at.here("span_length")


@kind("span-hash", "evidence", _exact)
def another_end(at: Attempt) -> Reported:
    at.set(end_char=str(int(at.row["end_char"]) + 1))
    return at.here("end_char")


@kind("span-hash", "evidence", _exact)
def another_beginning(at: Attempt) -> Reported:
    at.set(anchor_from="Nobody else")
    return at.here("anchor_from")


@kind("span-hash", "evidence", _exact)
def another_last_word(at: Attempt) -> Reported:
    at.set(anchor_to="elsewhere")
    return at.here("anchor_to")


@kind("quote-inside-quotation", "claims", lambda c: c["quote"] == "indirect" and _whole(c))
def direct_outside_quotation(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.need("evidence", *_spans(at.slot, "content"))
    at.set(quote_type="direct")
    return at.here("quote_type")


@kind("quote-inside-quotation", "source_ranges", lambda r: r["kind"] == "quotation", table="claims")
def quotation_not_recorded(at: Attempt) -> Reported:
    claim = next(
        c
        for c in story.CLAIMS
        if c["source"] == at.plan["source"] and story.base(c["position"]) + 1 == at.plan["start"]
    )
    if not _whole(claim):
        raise UnfitError
    at.need("sources", claim["source"])
    at.need("claims", claim["slot"])
    at.need("evidence", *_spans(claim["slot"], "content"))
    at.set(range_kind="subhead")
    return at.there("claims", claim["slot"], "quote_type")


@kind("claim-has-evidence", "claims", lambda c: _whole(c) and len(_spans(c["slot"], "content")) == 1)
def no_content_span(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.need("claims", at.slot)
    at.put("evidence", at.at("evidence", _spans(at.slot, "content")[0]), part="time")
    return at.here("claim_id")


def _marked(claim: story.Row) -> bool:
    return _whole(claim) and claim["quote"] in _SPOKEN and len(claim["chain"]) == 1 and claim["actor"] is not None


@kind("cue-or-implicit", "claims", _marked)
def no_cue_span(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.need("claims", at.slot)
    at.need("attributions", *HOPS[at.slot])
    at.put("evidence", at.at("evidence", _spans(at.slot, "cue")[0]), part="source")
    return at.here("quote_type")


@kind("cue-or-implicit", "claims", _marked)
def no_source_span(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.need("claims", at.slot)
    at.need("attributions", *HOPS[at.slot])
    at.put("evidence", at.at("evidence", _spans(at.slot, "source")[0]), part="cue")
    return at.here("quote_type")


@kind("evidence-hop-exists", "evidence", lambda e: e["part"] in ("source", "cue"))
def no_hop(at: Attempt) -> Reported:
    at.set(hop="")
    return at.here("hop")


@kind("evidence-hop-exists", "evidence", lambda e: e["part"] not in ("source", "cue"))
def a_hop_of_content(at: Attempt) -> Reported:
    at.set(hop="1")
    return at.here("hop")


@kind("evidence-hop-exists", "evidence", lambda e: e["part"] in ("source", "cue"))
def a_hop_that_is_not_there(at: Attempt) -> Reported:
    at.set(hop="9")
    return at.here("hop")


@kind("exact-within-limit", "evidence", lambda e: e["part"] == "content" and not e["exact"])
def five_words_of_anchor(at: Attempt) -> Reported:
    at.set(anchor_from="as the five words say")
    return at.here("anchor_from")


@kind("exact-within-limit", "evidence", lambda e: e["part"] == "content" and not e["exact"])
def quoted_outside_quotation(at: Attempt) -> Reported:
    at.need("claims", at.plan["claim"])
    at.set(exact="so it stands in the text")
    return at.here("exact")


@kind("exact-within-limit", "evidence", _exact)
def forty_one_words(at: Attempt) -> Reported:
    at.set(exact=" ".join(["word"] * 41))
    return at.here("exact")


@kind("exact-within-limit", "sources", lambda s: s["scope"] != "none")
def a_fifth_quoted(at: Attempt) -> Reported:
    quotes = [e for e in story.EVIDENCE if e["exact"] and e["source"] == at.slot]
    for span in quotes[:3]:
        at.need("evidence", span["slot"])
        at.need("claims", span["claim"])
    if not quotes:
        raise UnfitError
    at.set(text_length="40")
    return at.here("text_length")


@kind("not-boilerplate", "evidence", lambda e: e["part"] == "content" and not e["exact"])
def in_boilerplate(at: Attempt) -> Reported:
    at.need("claims", at.plan["claim"])
    at.need("source_ranges", next(n for n, r in enumerate(story.RANGES) if r["source"] == at.plan["source"]))
    at.set(start_char="5", end_char="20", span_length="15")
    return at.here("start_char")


@kind("location-matches-range", "claims", lambda c: _whole(c) and c["located"] == "body")
def not_in_the_headline(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.need("evidence", *_spans(at.slot, "content"))
    at.set(claim_location="headline")
    return at.here("claim_location")


@kind("location-matches-range", "claims", lambda c: _whole(c) and c["located"] != "body")
def not_in_the_body(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.need("evidence", *_spans(at.slot, "content"))
    ranges = [n for n, r in enumerate(story.RANGES) if r["source"] == at.plan["source"]]
    at.need("source_ranges", *ranges[:4])
    at.set(claim_location="body")
    return at.here("claim_location")


@kind("condition-has-span", "claims", lambda c: _whole(c) and not c["conditional"])
def condition_without_span(at: Attempt) -> Reported:
    at.need("sources", at.plan["source"])
    at.set(claim_condition="if anybody asks")
    return at.here("claim_condition")


@kind("condition-has-span", "claims", lambda c: c["conditional"], table="evidence")
def span_without_condition(at: Attempt) -> Reported:
    span = _spans(at.slot, "condition")[0]
    at.need("evidence", span)
    at.set(claim_condition="")
    return at.there("evidence", span, "part")


# Meaning


@kind("noncommittal-is-uncommitted", "claims", lambda c: c["stance"] != "noncommittal")
def uncommitted(at: Attempt) -> Reported:
    at.set(certainty="Uu")
    return at.here("certainty")


@kind("noncommittal-is-uncommitted", "claims", lambda c: c["stance"] == "noncommittal")
def committed(at: Attempt) -> Reported:
    at.set(certainty="CTu")
    return at.here("certainty")


@kind("deny-is-negative", "claims", lambda c: c["stance"] in ("deny", "affirm"))
def certainty_of_the_other_side(at: Attempt) -> Reported:
    at.set(certainty="CT+" if at.plan["stance"] == "deny" else "PR-")
    return at.here("certainty")


@kind("expect-is-not-certain", "claims", lambda c: c["stance"] == "expect")
def certain(at: Attempt) -> Reported:
    at.set(certainty="CT+")
    return at.here("certainty")


@kind("decline-is-noncommittal", "claims", lambda c: c["stance"] != "noncommittal")
def declined_and_yet_said(at: Attempt) -> Reported:
    at.set(speech_act="decline_comment")
    return at.here("stance")


@kind("decline-is-noncommittal", "claims", lambda c: c["stance"] != "noncommittal" and c["proposition"] >= story.SHARED)
def a_question_answered(at: Attempt) -> Reported:
    at.need("claims", at.slot)
    at.put("propositions", at.at("propositions", at.plan["proposition"]), proposition_kind="question")
    return at.here("stance")


@kind("prediction-has-window", "propositions")
def a_window_or_none(at: Attempt) -> Reported:
    at.set(window_basis="stated" if at.plan["form"] == "none" else "none")
    return at.here("window_basis")


@kind("absence-names-subject", "propositions", lambda p: p["kind"] == "absence")
def nobody_is_absent(at: Attempt) -> Reported:
    at.need("propositions", at.slot)
    for number, row in enumerate(story.PROPOSITION_ACTORS):
        if row["proposition"] == at.slot:
            at.put("proposition_actors", at.at("proposition_actors", number), proposition_role="holder")
    return at.here("proposition_kind")


@kind("plover-terms", "events")
def mode_of_another_type(at: Attempt) -> Reported:
    at.set(plover_mode="riot" if at.plan["type"] != "PROTEST" else "cyber")
    return at.here("plover_mode")


@kind("visit-has-host", "events", lambda e: e["mode"] == "visit" and e["status"] in ("occurred", "anticipated"))
def a_visit_to_nobody(at: Attempt) -> Reported:
    at.need("events", at.slot)
    row = next(n for n, r in enumerate(story.EVENT_ACTORS) if r["event"] == at.slot and r["rank"] == at.record % 2)
    at.put("event_actors", at.at("event_actors", row), event_role="participant")
    return at.here("plover_mode")


@kind("hypothetical-not-occurred", "events", lambda e: _told(e["slot"]))
def hypothetical_yet_affirmed(at: Attempt) -> Reported:
    _rely_on_facts(at, at.slot)
    at.set(status="hypothetical")
    return at.here("status")


@kind("hypothetical-not-occurred", "resolutions", lambda r: r["event"] is not None, table="events")
def hypothetical_yet_decisive(at: Attempt) -> Reported:
    at.need("resolutions", at.slot)
    at.put("events", at.at("events", at.plan["event"]), status="hypothetical")
    return at.there("events", at.plan["event"], "status")


def _strangers(link: story.Row) -> bool:
    """Whether an outlet and somebody for whom it does not speak are linked."""
    actors = {story.CLAIMS[link[side]]["actor"] for side in ("one", "other")}
    return len(actors) == 2 and any(actor in story.OUTLETS for actor in actors)


@kind("supersedes-forward", "claim_links", lambda r: r["relation"] != "supersedes" and _strangers(r))
def superseding_another_speaker(at: Attempt) -> Reported:
    at.need("claims", at.plan["one"], at.plan["other"])
    at.set(claim_relation="supersedes")
    return at.here("other_claim_id")


@kind("supersedes-forward", "claim_links", lambda r: r["relation"] == "supersedes")
def superseding_backwards(at: Attempt) -> Reported:
    at.need("claim_links", at.slot)
    at.need("claims", at.plan["other"])
    at.date("claims", at.at("claims", at.plan["one"]), "said", at.day(-40))
    return at.here("other_claim_id")


def _self(table: str, one: str, other: str) -> None:
    def linked_to_itself(at: Attempt) -> Reported:
        at.set(**{other: at.row[one]})
        return at.here(other)

    linked_to_itself.__name__ = f"{table} linked to itself"
    kind("links-irreflexive", table)(linked_to_itself)


_self("actor_links", "actor_id", "other_actor_id")
_self("proposition_links", "proposition_id", "other_proposition_id")
_self("claim_links", "claim_id", "other_claim_id")


@kind("links-irreflexive", "proposition_links", lambda r: r["one"] == 1)
def entailed_in_a_circle(at: Attempt) -> Reported:
    at.need("proposition_links", at.slot + 1, at.slot + 2)
    at.set(other_proposition_id=at.cells("proposition_links", at.record + 2)["proposition_id"])
    return at.here("other_proposition_id")


@kind("links-irreflexive", "events", lambda e: e["slot"] == 0)
def part_of_its_part(at: Attempt) -> Reported:
    at.need("events", 1)
    at.set(parent_id=at.cells("events", at.record + 1)["event_id"])
    return at.here("parent_id")


@kind("one-position-at-a-time", "claims", lambda c: c["slot"] and c["stance"] != "noncommittal")
def for_and_against(at: Attempt) -> Reported:
    """The row takes over speaker, proposition and day of the claim above, with another stance."""
    above = story.CLAIMS[at.slot - 1]
    if above["form"] != "day" or above["stance"] == "noncommittal" or above["actor"] is None:
        raise UnfitError
    at.need("claims", at.slot - 1)
    taken = ("speaker_id", "proposition_id", "said_edtf", "said_start", "said_end")
    denied = above["stance"] != "deny"
    other = at.cells("claims", at.record - 1)
    at.set(
        **{name: other[name] for name in taken},
        stance="deny" if denied else "affirm",
        certainty="CT-" if denied else "CT+",
    )
    return at.here("stance")


# Identity


@kind("unnamed-has-no-identity", "actors", lambda a: a["slot"] in story.UNNAMED)
def identity_of_an_unnamed(at: Attempt) -> Reported:
    at.set(wikidata_id=f"Q9{at.record + 1000}77")
    return at.here("wikidata_id")


@kind("unnamed-has-no-identity", "actors", lambda a: a["slot"] in story.UNNAMED)
def name_that_does_not_describe(at: Attempt) -> Reported:
    at.set(actor_name=at.row["actor_name"].replace("unnamed", "several"))
    return at.here("actor_name")


@kind("group-size-ordered", "actors", lambda a: a["slot"] in story.UNNAMED)
def sizes_the_wrong_way_round(at: Attempt) -> Reported:
    at.set(size_min="9", size_max="3")
    return at.here("size_min")


@kind("alias-unambiguous", "actors", lambda a: a["slot"])
def name_of_another(at: Attempt) -> Reported:
    at.need("actors", at.slot - 1)
    at.set(actor_name=at.cells("actors", at.record - 1)["actor_name"])
    return at.here("actor_name")


@kind("alias-unambiguous", "actor_names", lambda n: n["kind"] != "weak_alias" and n["actor"] != 9)
def alias_of_another(at: Attempt) -> Reported:
    at.need("actors", 9, at.plan["actor"])
    at.set(alternative_name=at.cells("actors", at.at("actors", 9))["actor_name"])
    return at.here("alternative_name")


@kind("wikidata-unique", "actors", lambda a: a["slot"])
def identity_of_another(at: Attempt) -> Reported:
    above = at.cells("actors", at.record - 1)
    if not above["wikidata_id"] or at.slot in story.UNNAMED:
        raise UnfitError
    at.need("actors", at.slot - 1)
    at.set(wikidata_id=above["wikidata_id"])
    return at.here("wikidata_id")


@kind("no-identifier-lost", "retired")
def replaced_by_nothing(at: Attempt) -> Reported:
    at.set(replacement_id="C987654321")
    return at.here("replacement_id")


@kind("no-identifier-lost", "retired")
def replaced_by_another_table(at: Attempt) -> Reported:
    at.needs.add(("places", 0))
    at.set(replacement_id="L0001")
    return at.here("replacement_id")


@kind("no-identifier-lost", "retired")
def replaced_by_what_is_retired(at: Attempt) -> Reported:
    if not at.record:
        raise UnfitError
    at.needs.add(("retired", at.record - 1))
    at.set(replacement_id=at.cells("retired", at.record - 1)["retired_id"])
    return at.here("replacement_id")


@kind("agreement-covers-judged-fields", "agreement")
def a_version_of_one_field(at: Attempt) -> Reported:
    at.set(agreement_version=f"0.{at.record + 2}.0")
    return at.here("agreement_version")


_LAST_PLACE = story.PLACES - 1


@kind("used", "places", lambda p: p["slot"] == _LAST_PLACE)
def place_of_nothing(at: Attempt) -> Reported:
    at.need("places", at.slot)
    for event in story.PLANNED:
        if event["place"] == at.slot:
            at.put("events", at.at("events", event["slot"]), place_id="")
    return at.here("place_id")


@kind("used", "source_credits", lambda r: r["actor"] == story.PHOTOGRAPHER, table="actors")
def photographer_of_nothing(at: Attempt) -> Reported:
    at.need("actors", story.PHOTOGRAPHER)
    at.set(actor_id=_actor(at, 20))
    return at.there("actors", story.PHOTOGRAPHER, "actor_id")


_LINKED = {row[side] for row in story.PROPOSITION_LINKS for side in ("one", "other")}
_TARGET = 2 + story.SHARED  # a fact, on which one claim more breaks nothing


def _only(claim: story.Row) -> bool:
    own = claim["proposition"]
    return own not in (_TARGET, *_LINKED) and sum(c["proposition"] == own for c in story.CLAIMS) == 1


@kind("used", "claims", _only, table="propositions")
def proposition_of_nobody(at: Attempt) -> Reported:
    at.need("propositions", at.plan["proposition"])
    at.set(proposition_id=at.cells("propositions", at.at("propositions", _TARGET))["proposition_id"])
    return at.there("propositions", at.plan["proposition"], "proposition_id")


_EVENTS = [row["event"] for row in story.PROPOSITION_EVENTS]
_KEPT = {e["parent"] for e in story.PLANNED} | {r["event"] for r in story.RESOLUTIONS}


@kind(
    "used", "proposition_events", lambda r: _EVENTS.count(r["event"]) == 1 and r["event"] not in _KEPT, table="events"
)
def event_of_nothing(at: Attempt) -> Reported:
    at.need("events", at.plan["event"])
    other = at.plan["event"] - 1
    at.set(event_id=at.cells("events", at.at("events", other))["event_id"])
    return at.there("events", at.plan["event"], "event_id")

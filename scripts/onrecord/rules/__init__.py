"""The semantic rules: pure functions from named views to offending keys, gathered in RULES."""

from __future__ import annotations

from onrecord.rules import attribution, evidence, identity, meaning, time
from onrecord.rules.offences import Rule, rule_of

__all__ = ["RULES", "Rule"]

RULES: tuple[Rule, ...] = tuple(
    rule_of(check)
    for check in (
        time.edtf_valid,
        time.bounds_match,
        time.precision_match,
        time.claim_before_publication,
        time.published_before_retrieved,
        time.window_after_claim,
        time.occurred_before_reported,
        time.weekday_inference,
        time.resolution_after_prediction,
        time.role_covers_claim,
        time.child_within_parent,
        attribution.hops_connected,
        attribution.lost_is_last,
        attribution.no_actor_when_lost,
        attribution.speaker_is_origin,
        attribution.narration_has_no_hops,
        attribution.outlet_hop_is_press,
        attribution.republication_acyclic,
        evidence.coded_text_is_identified,
        evidence.span_in_text,
        evidence.span_hash,
        evidence.quote_inside_quotation,
        evidence.claim_has_evidence,
        evidence.cue_or_implicit,
        evidence.evidence_hop_exists,
        evidence.exact_within_limit,
        evidence.not_boilerplate,
        evidence.location_matches_range,
        evidence.condition_has_span,
        meaning.noncommittal_is_uncommitted,
        meaning.deny_is_negative,
        meaning.expect_is_not_certain,
        meaning.decline_is_noncommittal,
        meaning.prediction_has_window,
        meaning.absence_names_subject,
        meaning.plover_terms,
        meaning.visit_has_host,
        meaning.hypothetical_not_occurred,
        meaning.supersedes_forward,
        meaning.links_irreflexive,
        meaning.one_position_at_a_time,
        identity.unnamed_has_no_identity,
        identity.group_size_ordered,
        identity.alias_unambiguous,
        identity.wikidata_unique,
        identity.no_identifier_lost,
        identity.agreement_covers_judged_fields,
        identity.used,
    )
)

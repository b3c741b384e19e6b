"""Rules about evidence: every claim leads to the passage it rests on."""

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
    "claim_has_evidence",
    "coded_text_is_identified",
    "condition_has_span",
    "cue_or_implicit",
    "evidence_hop_exists",
    "exact_within_limit",
    "location_matches_range",
    "not_boilerplate",
    "quote_inside_quotation",
    "span_hash",
    "span_in_text",
]
WORDS = 40
SHARE = 0.2


def _read_whole(claims: ir.Table, sources: ir.Table) -> ir.Table:
    whole = sources.filter(sources.access == "full_text").select("source_id")
    return claims.semi_join(whole, "source_id")


def _placed(evidence: ir.Table, claims: ir.Table) -> ir.Table:
    return evidence.join(claims.select("claim_id", "source_id"), "claim_id")


def span_in_text(evidence: ir.Table, source_ranges: ir.Table, claims: ir.Table, sources: ir.Table) -> Offences:
    """A span begins before it ends, and ends within the text; mend start_char or end_char.

    Why: An offset beyond the text, or an end before the beginning, leads to no passage, so that nobody can check the
    claim against its source.

    Example: A span has start_char 4790 and end_char 4830, and its source has text_length 4812.
    """
    lengths = sources.select("source_id", "text_length")
    found = []
    for name, spans in (("evidence", _placed(evidence, claims)), ("source_ranges", source_ranges)):
        both = spans.left_join(lengths, "source_id")
        bad = both.filter((both.start_char >= both.end_char) | (both.end_char > both.text_length).fill_null(False))
        detail = (
            ibis.literal("the text has ") + bad.text_length.cast("string").fill_null("?") + ibis.literal(" characters")
        )
        found.append(offence(bad, name, "end_char", detail))
    return found


def span_hash(spans: ir.Table, texts: ir.Table, sources: ir.Table) -> Offences:
    """Length, hash and anchors are those of the quoted words, and of the text where it is at hand; locate the passage again and record what is there.

    Why: The texts are not republished, so length and hash are all by which a reader finds the passage in another
    copy; if they are wrong, it is not found, or other words are shown for it.

    Example: A span has exact "a matter of two days", which is 20 characters long, and span_length 21.
    """
    found = []
    for basis, said in (("exact", "the quoted words"), ("text", "the text at hand")):
        known = spans.filter(spans[f"{basis}_sha256"].notnull())
        hashed = known.filter(known[f"{basis}_sha256"] != known.span_sha256)
        found.append(offence(hashed, "evidence", "span_sha256", f"{said} hash otherwise"))
        long = known.filter(known[f"{basis}_length"] != known.span_length)
        detail = ibis.literal(f"{said} have length ") + long[f"{basis}_length"].cast("string")
        found.append(offence(long, "evidence", "span_length", detail))
    both = sources.join(texts, "text_sha256")
    short = both.filter(both.text_length != both.length_at_hand)
    told = ibis.literal("the text at hand has length ") + short.length_at_hand.cast("string")
    found.append(offence(short, "sources", "text_length", told))
    off = spans.filter(spans.exact_raw != spans.raw_length)
    found.append(
        offence(off, "evidence", "end_char", ibis.literal("the quoted words have ") + off.exact_raw.cast("string"))
    )
    for anchor in ("anchor_from", "anchor_to"):
        lost = spans.filter(~spans[f"{anchor}_fits"].fill_null(True))
        found.append(offence(lost, "evidence", anchor, "the span does not begin or end so"))
    return found


def quote_inside_quotation(
    claims: ir.Table, evidence: ir.Table, sources: ir.Table, source_ranges: ir.Table
) -> Offences:
    """A direct or mixed claim has a content span inside a quotation of its source; add the span or the quotation range, or mend quote_type.

    Why: Whoever studies a speaker's own words takes the direct and mixed claims; without a quotation in the text
    these could be the outlet's words.

    Example: In a source with access full_text, a claim has quote_type direct, and its only content span lies in no
    range with range_kind quotation.
    """
    quoted = _read_whole(claims, sources).filter(lambda t: t.quote_type.isin(["direct", "mixed"]))
    ranges = source_ranges.filter(source_ranges.range_kind == "quotation").select(
        "source_id", low="start_char", high="end_char"
    )
    content = _placed(evidence.filter(evidence.part == "content"), quoted)
    within = ["source_id", content.start_char >= ranges.low, content.end_char <= ranges.high]
    inside = content.semi_join(ranges, within)
    return [offence(quoted.anti_join(inside.select("claim_id"), "claim_id"), "claims", "quote_type")]


def claim_has_evidence(claims: ir.Table, evidence: ir.Table, sources: ir.Table) -> Offences:
    """A claim from a text that was read whole has a content span; add it to evidence.

    Why: A claim without a passage must be believed: nobody can see on which words of its source it rests.

    Example: In a source with access full_text, a claim has spans with part source and part cue, and none with part
    content.
    """
    content = evidence.filter(evidence.part == "content").select("claim_id")
    return [offence(_read_whole(claims, sources).anti_join(content, "claim_id"), "claims", "claim_id")]


def cue_or_implicit(claims: ir.Table, evidence: ir.Table, sources: ir.Table, attributions: ir.Table) -> Offences:
    """A quoted or reported claim has a source span and a cue span, unless the last hop is implicit, agentless or lost; add the spans, or mend hop_kind.

    Why: Source and cue are the words by which the text ascribes the claim to somebody; without them nobody can see
    that it does.

    Example: In a source with access full_text, a claim with quote_type indirect has one hop, with hop_kind explicit,
    and no span with part cue.
    """
    ends = attributions.group_by("claim_id").agg(hop=attributions.hop.max())
    plain = ends.join(attributions.select("claim_id", "hop", "hop_kind"), ["claim_id", "hop"]).filter(
        lambda t: t.hop_kind == "explicit"
    )
    spoken = _read_whole(claims, sources).filter(lambda t: t.quote_type.isin(["direct", "mixed", "indirect"]))
    marked = spoken.semi_join(plain, "claim_id")
    found = []
    for part in ("source", "cue"):
        have = evidence.filter(evidence.part == part).select("claim_id")
        found.append(offence(marked.anti_join(have, "claim_id"), "claims", "quote_type", f"no {part} span"))
    return found


def evidence_hop_exists(evidence: ir.Table, attributions: ir.Table) -> Offences:
    """A source or cue span names a hop of its claim's chain, other spans none; mend hop.

    Why: Where officials told a newspaper, only the hop tells which words name the officials and which the newspaper;
    a wrong one shows the words for the wrong actor.

    Example: A span with part cue has hop 2, and attributions has only hop 1 for its claim.
    """
    chained = evidence.part.isin(["source", "cue"])
    stray = evidence.filter((chained & evidence.hop.isnull()) | (~chained & evidence.hop.notnull()))
    wants = ibis.ifelse(stray.hop.isnull(), ibis.literal("expected a hop"), ibis.literal("expected an empty cell"))
    dangling = evidence.filter(chained, evidence.hop.notnull()).anti_join(attributions, ["claim_id", "hop"])
    return [
        offence(stray, "evidence", "hop", wants),
        offence(dangling, "evidence", "hop", "the chain has no such hop"),
    ]


def exact_within_limit(evidence: ir.Table, claims: ir.Table, sources: ir.Table, source_ranges: ir.Table) -> Offences:
    """Quoted words are somebody's speech, at most 40 words, and under a fifth of a source in all; anchors have at most four words; empty the longest exact first.

    Why: The texts belong to their publishers. Longer quotations, or many from one source, would republish them, and
    the dataset could no longer be shared freely.

    Example: A span has 48 words in exact.
    """
    found = []
    for name, most in (("exact", WORDS), ("anchor_from", 4), ("anchor_to", 4)):
        more = rf"(?:[^\s\p{{Z}}]+[\s\p{{Z}}]+){{{most}}}[^\s\p{{Z}}]"  # found faster than words are counted
        wordy = evidence.filter(evidence[name].length() > 2 * most, evidence[name].re_search(more))
        long = wordy.mutate(words=wordy[name].re_replace(r"[\s\p{Z}]+", " ").strip().split(" ").length())
        found.append(
            offence(long, "evidence", name, long.words.cast("string") + ibis.literal(f" words, at most {most}"))
        )
    quoted = _placed(evidence.filter(evidence.exact.notnull()), claims)
    ranges = source_ranges.filter(source_ranges.range_kind == "quotation").select(
        "source_id", low="start_char", high="end_char"
    )
    within = ["source_id", quoted.start_char >= ranges.low, quoted.end_char <= ranges.high]
    found.append(offence(quoted.anti_join(ranges, within), "evidence", "exact", "not inside a quotation"))
    in_order = ibis.window(group_by="source_id", order_by=["start_char", "end_char"])
    before = ibis.cumulative_window(group_by="source_id", order_by=["start_char", "end_char"])
    reach = quoted.mutate(reach=quoted.end_char.max().over(before))
    reach = reach.mutate(covered=reach.reach.lag().over(in_order).fill_null(0))
    fresh = reach.mutate(fresh=ibis.greatest(reach.end_char - ibis.greatest(reach.start_char, reach.covered), 0))
    total = fresh.group_by("source_id").agg(quoted=fresh.fresh.sum())
    both = sources.join(total, "source_id")
    much = both.filter(both.quoted >= SHARE * both.text_length)
    detail = (
        much.quoted.cast("string")
        + ibis.literal(" of ")
        + much.text_length.cast("string")
        + ibis.literal(" characters quoted")
    )
    found.append(offence(much, "sources", "text_length", detail))
    return found


def not_boilerplate(evidence: ir.Table, claims: ir.Table, source_ranges: ir.Table) -> Offences:
    """No span lies in boilerplate; drop the claim, or mend the range.

    Why: Menus, donation boxes and promotions are no part of a report; a claim from one of them would count as
    reported news.

    Example: A content span has start_char 4600 and end_char 4650, and its source has a range with start_char 4500,
    end_char 4812 and range_kind boilerplate.
    """
    ranges = source_ranges.filter(source_ranges.range_kind == "boilerplate").select(
        "source_id", low="start_char", high="end_char"
    )
    both = _placed(evidence, claims).join(ranges, "source_id")
    return [offence(both.filter((both.start_char < both.high) & (both.end_char > both.low)), "evidence", "start_char")]


def location_matches_range(
    claims: ir.Table, evidence: ir.Table, source_ranges: ir.Table, sources: ir.Table
) -> Offences:
    """A claim stands where its content spans lie: in a headline, deck or caption range, or in none of them for the body; mend claim_location or the ranges.

    Why: Headlines often say more than the text below them. Whoever compares the two must find each claim under the
    place where it stands.

    Example: In a source with access full_text, a claim has claim_location body, and its content span lies in a range
    with range_kind headline.
    """
    kinds = ["headline", "deck", "caption"]
    ranges = source_ranges.filter(source_ranges.range_kind.isin(kinds)).select(
        "source_id", low="start_char", high="end_char", range_kind="range_kind"
    )
    content = evidence.filter(evidence.part == "content").select("claim_id", "start_char", "end_char")
    spans = _read_whole(claims, sources).select("claim_id", "row", "source_id", "claim_location")
    spans = spans.join(content, "claim_id")
    touched = ["source_id", spans.start_char < ranges.high, spans.end_char > ranges.low]
    where = spans.left_join(ranges, touched)
    wrong = where.filter(where.range_kind.fill_null("body") != where.claim_location)
    across = where.filter((where.start_char < where.low) | (where.end_char > where.high))
    return [
        offence(
            wrong, "claims", "claim_location", ibis.literal("a span lies in the ") + wrong.range_kind.fill_null("body")
        ),
        offence(
            across, "claims", "claim_location", ibis.literal("a span runs over the border of a ") + across.range_kind
        ),
    ]


def condition_has_span(claims: ir.Table, evidence: ir.Table, sources: ir.Table) -> Offences:
    """A claim with a condition has a condition span, and only such a claim; add the span, or mend claim_condition.

    Why: The views let a claim under a condition count only for its own proposition and for nothing that follows from
    it; that there is a condition must be seen in the text.

    Example: In a source with access full_text, a claim has claim_condition "Kim visits Russia" and no span with part
    condition.
    """
    spans = evidence.filter(evidence.part == "condition")
    hanging = _read_whole(claims, sources).filter(lambda t: t.claim_condition.notnull())
    free = claims.filter(claims.claim_condition.isnull()).select("claim_id")
    return [
        offence(hanging.anti_join(spans.select("claim_id"), "claim_id"), "claims", "claim_condition"),
        offence(spans.semi_join(free, "claim_id"), "evidence", "part", "the claim has no condition"),
    ]


def coded_text_is_identified(
    sources: ir.Table, claims: ir.Table, evidence: ir.Table, source_ranges: ir.Table
) -> Offences:
    """A source that was coded says when and by whom, and if it was read whole or has spans, from which text (length and hash); only such a source has claims; fill the cells, or mend coding_scope.

    Why: By length and hash the holder of a copy knows that the offsets belong to it; day and coder tell whose reading
    it is. An excerpt of which no text was kept has none, and then no spans. Whoever passes over the sources that were
    not coded must lose no claims.

    Example: A source has coding_scope full, and its text_sha256 is empty.
    """
    coded = sources.filter(sources.coding_scope != "none")
    found = [offence(coded.filter(coded[name].isnull()), "sources", name) for name in ("coded_on", "coded_by")]
    told = coded.filter((coded.access == "full_text") | coded.text_length.notnull() | coded.text_sha256.notnull())
    located = _placed(evidence, claims).select("source_id").union(source_ranges.select("source_id"))
    texts = coded.semi_join(told.select("source_id").union(located), "source_id")
    found += [offence(texts.filter(texts[name].isnull()), "sources", name) for name in ("text_length", "text_sha256")]
    uncoded = sources.filter(sources.coding_scope == "none").select("source_id")
    return [*found, offence(claims.semi_join(uncoded, "source_id"), "claims", "source_id", "the source is not coded")]

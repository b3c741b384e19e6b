-- Which claims lost their hedge or their origin on the way?
-- Claims that restate another with more certainty, without its condition, or with a shorter chain.
SELECT certainty_rose, attribution_lost, condition_lost, claim_summary, chain, certainty,
  other_summary AS restated, other_chain AS restated_chain, other_certainty AS restated_certainty,
  claim_id, other_claim_id
FROM hedges
ORDER BY certainty_rose DESC, attribution_lost DESC, claim_id, other_claim_id

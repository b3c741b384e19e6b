-- What was lost on the way: where a claim restates another with more certainty, without its condition, or with a
-- shorter chain of attribution.
WITH restated AS (
  SELECT later.claim_id, later.claim_summary, earlier.claim_id AS other_claim_id, earlier.claim_summary AS other_summary,
    later.certainty, earlier.certainty AS other_certainty,
    CASE SUBSTR(later.certainty, 1, 2) WHEN 'CT' THEN 3 WHEN 'PR' THEN 2 WHEN 'PS' THEN 1 ELSE 0 END AS sureness,
    CASE SUBSTR(earlier.certainty, 1, 2) WHEN 'CT' THEN 3 WHEN 'PR' THEN 2 WHEN 'PS' THEN 1 ELSE 0 END AS other_sureness,
    (SELECT COUNT(actor_id) FROM attributions WHERE attributions.claim_id = later.claim_id) AS named_hops,
    (SELECT COUNT(actor_id) FROM attributions WHERE attributions.claim_id = earlier.claim_id) AS other_named_hops,
    CASE WHEN earlier.claim_condition IS NOT NULL AND later.claim_condition IS NULL THEN 1 ELSE 0 END AS condition_lost,
    CASE WHEN later.proposition_id <> earlier.proposition_id THEN 1 ELSE 0 END AS proposition_changed
  FROM claim_links
  JOIN claims AS later ON later.claim_id = claim_links.claim_id
  JOIN claims AS earlier ON earlier.claim_id = claim_links.other_claim_id
  WHERE claim_links.claim_relation = 'restates'
)
SELECT restated.claim_id, claim_summary, other_claim_id, other_summary, certainty, other_certainty,
  chains.chain, other_chains.chain AS other_chain,
  CASE WHEN sureness > other_sureness THEN 1 ELSE 0 END AS certainty_rose,
  CASE WHEN named_hops < other_named_hops THEN 1 ELSE 0 END AS attribution_lost,
  condition_lost, proposition_changed
FROM restated
JOIN chains ON chains.claim_id = restated.claim_id
JOIN chains AS other_chains ON other_chains.claim_id = restated.other_claim_id
WHERE sureness > other_sureness OR named_hops < other_named_hops OR condition_lost = 1

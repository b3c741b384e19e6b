-- What was lost on the way: where a claim restates another with more certainty, without its condition, or with a
-- shorter chain of attribution.
WITH hops AS (
  SELECT claims.claim_id,
    COUNT(attributions.actor_id) AS named_hops,
    CASE SUBSTR(claims.certainty, 1, 2) WHEN 'CT' THEN 3 WHEN 'PR' THEN 2 WHEN 'PS' THEN 1 ELSE 0 END AS sureness
  FROM claims LEFT JOIN attributions ON attributions.claim_id = claims.claim_id
  GROUP BY claims.claim_id, claims.certainty
)
SELECT claim_links.claim_id, later.claim_summary, claim_links.other_claim_id, earlier.claim_summary AS other_summary,
  later.certainty, earlier.certainty AS other_certainty,
  chains.chain, other_chains.chain AS other_chain,
  CASE WHEN mine.sureness > theirs.sureness THEN 1 ELSE 0 END AS certainty_rose,
  CASE WHEN mine.named_hops < theirs.named_hops THEN 1 ELSE 0 END AS attribution_lost,
  CASE WHEN earlier.claim_condition IS NOT NULL AND later.claim_condition IS NULL THEN 1 ELSE 0 END AS condition_lost,
  CASE WHEN later.proposition_id <> earlier.proposition_id THEN 1 ELSE 0 END AS proposition_changed
FROM claim_links
JOIN claims AS later ON later.claim_id = claim_links.claim_id
JOIN claims AS earlier ON earlier.claim_id = claim_links.other_claim_id
JOIN hops AS mine ON mine.claim_id = later.claim_id
JOIN hops AS theirs ON theirs.claim_id = earlier.claim_id
JOIN chains ON chains.claim_id = later.claim_id
JOIN chains AS other_chains ON other_chains.claim_id = earlier.claim_id
WHERE claim_links.claim_relation = 'restates'
  AND (mine.sureness > theirs.sureness OR mine.named_hops < theirs.named_hops
    OR (earlier.claim_condition IS NOT NULL AND later.claim_condition IS NULL))

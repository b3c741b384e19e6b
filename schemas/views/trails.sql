-- Each claim's chain from publisher to origin: step 0 is the publisher, then whom it republishes, then the hops.
WITH RECURSIVE lineage (source_id, step, ancestor_id) AS (
  SELECT source_id, 0, source_id FROM sources
  UNION ALL
  SELECT lineage.source_id, lineage.step + 1, sources.republished_from
  FROM lineage
  JOIN sources ON sources.source_id = lineage.ancestor_id
  WHERE sources.republished_from IS NOT NULL AND lineage.step < (SELECT COUNT(*) FROM sources)
),
depth AS (
  SELECT source_id, MAX(step) AS steps FROM lineage GROUP BY source_id
)
SELECT claims.claim_id, lineage.step, sources.publisher_id AS actor_id, actors.actor_name,
  CASE lineage.step WHEN 0 THEN 'publisher' ELSE 'republished' END AS hop_kind,
  sources.published_edtf AS hop_said_edtf, NULL AS cue, NULL AS hop_channel
FROM claims
JOIN lineage ON lineage.source_id = claims.source_id
JOIN sources ON sources.source_id = lineage.ancestor_id
JOIN actors ON actors.actor_id = sources.publisher_id
UNION ALL
SELECT claims.claim_id, attributions.hop + depth.steps, attributions.actor_id, actors.actor_name,
  attributions.hop_kind, attributions.hop_said_edtf, attributions.cue, attributions.hop_channel
FROM claims
JOIN depth ON depth.source_id = claims.source_id
JOIN attributions ON attributions.claim_id = claims.claim_id
LEFT JOIN actors ON actors.actor_id = attributions.actor_id

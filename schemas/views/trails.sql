-- Each claim's chain from publisher to origin: step 0 is the publisher, then whom it republishes, then the hops.
SELECT claims.claim_id, 0 AS step, sources.publisher_id AS actor_id, actors.actor_name,
  'publisher' AS hop_kind, sources.published_edtf AS hop_said_edtf, NULL AS cue, NULL AS hop_channel
FROM claims
JOIN sources ON sources.source_id = claims.source_id
JOIN actors ON actors.actor_id = sources.publisher_id
UNION ALL
SELECT claims.claim_id, 1, original.publisher_id, actors.actor_name,
  'republished', original.published_edtf, NULL, NULL
FROM claims
JOIN sources ON sources.source_id = claims.source_id
JOIN sources AS original ON original.source_id = sources.republished_from
JOIN actors ON actors.actor_id = original.publisher_id
UNION ALL
SELECT claims.claim_id,
  attributions.hop + CASE WHEN sources.republished_from IS NULL THEN 0 ELSE 1 END,
  attributions.actor_id, actors.actor_name,
  attributions.hop_kind, attributions.hop_said_edtf, attributions.cue, attributions.hop_channel
FROM claims
JOIN sources ON sources.source_id = claims.source_id
JOIN attributions ON attributions.claim_id = claims.claim_id
LEFT JOIN actors ON actors.actor_id = attributions.actor_id

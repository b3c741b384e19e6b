-- Which claims carry a proposition: those that affirm or expect it, or something that entails it. What a claim says
-- under a condition carries nothing further.
SELECT entailments.entailed_id AS proposition_id, claims.claim_id, claims.source_id, sources.publisher_id,
  claims.stance, claims.certainty, claims.said_end, sources.published_end,
  claim_origins.origin_id, claim_origins.origin_name, claim_origins.origin_kind,
  claim_origins.loose_origin_id, claim_origins.loose_origin_name,
  CASE WHEN claims.proposition_id = entailments.entailed_id THEN 'itself' ELSE 'entailed' END AS carried
FROM claims
JOIN entailments ON entailments.proposition_id = claims.proposition_id
JOIN sources ON sources.source_id = claims.source_id
JOIN claim_origins ON claim_origins.claim_id = claims.claim_id
WHERE claims.stance IN ('affirm', 'expect')
  AND (claims.claim_condition IS NULL OR claims.proposition_id = entailments.entailed_id)

-- How a stance moved: actor, proposition, time. An affirmation or expectation counts for what it entails, a denial
-- for what entails the denied, unless it hangs on a condition; a spokesperson's word counts for whom it is spoken.
SELECT voices.principal_id AS actor_id, actors.actor_name,
  held.proposition_id, held.proposition,
  claims.said_edtf, claims.said_start, claims.said_end, sources.published_end,
  claims.stance, claims.certainty, claims.speech_act, claims.claim_condition,
  claims.claim_id, claims.source_id, claims.speaker_id,
  CASE WHEN voices.principal_id = claims.speaker_id THEN 'own words' ELSE 'spoken for' END AS voice,
  CASE WHEN held.proposition_id = claims.proposition_id THEN 'itself' ELSE 'follows' END AS followed
FROM claims
JOIN voices ON voices.actor_id = claims.speaker_id
JOIN actors ON actors.actor_id = voices.principal_id
JOIN sources ON sources.source_id = claims.source_id
JOIN entailments ON entailments.proposition_id = claims.proposition_id
JOIN propositions AS held ON held.proposition_id = entailments.entailed_id
WHERE claims.stance IN ('affirm', 'expect')
  AND (claims.claim_condition IS NULL OR held.proposition_id = claims.proposition_id)

UNION ALL

SELECT voices.principal_id AS actor_id, actors.actor_name,
  held.proposition_id, held.proposition,
  claims.said_edtf, claims.said_start, claims.said_end, sources.published_end,
  claims.stance, claims.certainty, claims.speech_act, claims.claim_condition,
  claims.claim_id, claims.source_id, claims.speaker_id,
  CASE WHEN voices.principal_id = claims.speaker_id THEN 'own words' ELSE 'spoken for' END AS voice,
  CASE WHEN held.proposition_id = claims.proposition_id THEN 'itself' ELSE 'follows' END AS followed
FROM claims
JOIN voices ON voices.actor_id = claims.speaker_id
JOIN actors ON actors.actor_id = voices.principal_id
JOIN sources ON sources.source_id = claims.source_id
JOIN entailments ON entailments.entailed_id = claims.proposition_id
JOIN propositions AS held ON held.proposition_id = entailments.proposition_id
WHERE claims.stance = 'deny'
  AND (claims.claim_condition IS NULL OR held.proposition_id = claims.proposition_id)

UNION ALL

SELECT voices.principal_id AS actor_id, actors.actor_name,
  held.proposition_id, held.proposition,
  claims.said_edtf, claims.said_start, claims.said_end, sources.published_end,
  claims.stance, claims.certainty, claims.speech_act, claims.claim_condition,
  claims.claim_id, claims.source_id, claims.speaker_id,
  CASE WHEN voices.principal_id = claims.speaker_id THEN 'own words' ELSE 'spoken for' END AS voice,
  CASE WHEN held.proposition_id = claims.proposition_id THEN 'itself' ELSE 'follows' END AS followed
FROM claims
JOIN voices ON voices.actor_id = claims.speaker_id
JOIN actors ON actors.actor_id = voices.principal_id
JOIN sources ON sources.source_id = claims.source_id
JOIN propositions AS held ON held.proposition_id = claims.proposition_id
WHERE claims.stance = 'noncommittal'

-- What had been claimed by a date?
-- Claims published by the day you give (YYYY-MM-DD), with the outcome only if its source was published by then.
SELECT claims.said_edtf AS said, actors.actor_name AS speaker, claims.stance, claims.certainty, propositions.proposition,
  chains.chain, sources.published_edtf AS published,
  CASE WHEN known.published_end <= :date THEN resolutions.outcome END AS outcome, claims.claim_id
FROM claims
JOIN sources ON sources.source_id = claims.source_id
JOIN propositions ON propositions.proposition_id = claims.proposition_id
JOIN chains ON chains.claim_id = claims.claim_id
LEFT JOIN actors ON actors.actor_id = claims.speaker_id
LEFT JOIN resolutions ON resolutions.proposition_id = claims.proposition_id
LEFT JOIN sources AS known ON known.source_id = resolutions.source_id
WHERE sources.published_end <= :date
ORDER BY sources.published_end DESC, claims.claim_id

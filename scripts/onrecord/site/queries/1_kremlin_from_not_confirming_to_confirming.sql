-- When, and in what words, did the Kremlin go from not confirming to confirming?
-- Everything the Kremlin and its spokesman are reported to have said on the meeting (P0001) or the visit (P0002) of
-- September 2023, or on what entails or narrows them, in order of speaking, with the words quoted.
SELECT claims.said_edtf AS said, speaker.actor_name AS speaker, claims.stance, claims.certainty, claims.speech_act,
  propositions.proposition, claims.claim_condition AS condition,
  (SELECT GROUP_CONCAT(evidence.exact, ' … ') FROM evidence
    WHERE evidence.claim_id = claims.claim_id AND evidence.part = 'content') AS words,
  (SELECT MIN(attributions.cue) FROM attributions
    WHERE attributions.claim_id = claims.claim_id AND attributions.actor_id = claims.speaker_id) AS cue,
  publisher.actor_name AS publisher, claims.claim_id
FROM claims
JOIN propositions ON propositions.proposition_id = claims.proposition_id
JOIN actors AS speaker ON speaker.actor_id = claims.speaker_id
JOIN sources ON sources.source_id = claims.source_id
JOIN actors AS publisher ON publisher.actor_id = sources.publisher_id
JOIN voices ON voices.actor_id = claims.speaker_id AND voices.principal_id = 'A0009'
WHERE claims.proposition_id IN (
  SELECT proposition_id FROM entailments WHERE entailed_id IN ('P0001', 'P0002')
  UNION SELECT proposition_id FROM proposition_links WHERE other_proposition_id IN ('P0001', 'P0002', 'P0003')
)
ORDER BY COALESCE(claims.said_end, claims.said_start), COALESCE(claims.said_start, claims.said_end), claims.claim_id

-- What did KCNA assert that the Kremlin left conditional?
-- Propositions that KCNA affirms without a condition, beside what the Kremlin or its spokesman say, under a
-- condition, on the same proposition or one linked to it.
SELECT asserted.proposition AS asserted_by_kcna, kcna.certainty, kcna.claim_id AS kcna_claim,
  speaker.actor_name AS left_conditional_by, conditional.proposition AS conditional_proposition,
  kremlin.claim_condition AS condition, kremlin.claim_id AS conditional_claim, chains.chain
FROM claims AS kcna
JOIN propositions AS asserted ON asserted.proposition_id = kcna.proposition_id
JOIN (
  SELECT proposition_id, other_proposition_id FROM proposition_links
  UNION SELECT other_proposition_id, proposition_id FROM proposition_links
  UNION SELECT proposition_id, proposition_id FROM propositions
) AS near ON near.proposition_id = kcna.proposition_id
JOIN claims AS kremlin ON kremlin.proposition_id = near.other_proposition_id AND kremlin.claim_condition IS NOT NULL
JOIN voices ON voices.actor_id = kremlin.speaker_id AND voices.principal_id = 'A0009'
JOIN propositions AS conditional ON conditional.proposition_id = kremlin.proposition_id
JOIN actors AS speaker ON speaker.actor_id = kremlin.speaker_id
JOIN chains ON chains.claim_id = kremlin.claim_id
WHERE kcna.speaker_id = 'A0043' AND kcna.claim_condition IS NULL AND kcna.certainty = 'CT+'
ORDER BY kcna.claim_id, kremlin.claim_id

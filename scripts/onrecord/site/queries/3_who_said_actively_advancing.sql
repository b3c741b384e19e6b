-- Who is said to have said that talks were "actively advancing", and when?
-- The articles differ: every claim on that proposition with its speaker and date, and what it disputes.
SELECT claims.said_edtf AS said, actors.actor_name AS speaker, claims.stance, chains.chain,
  sources.title AS source, sources.published_edtf AS published, claims.claim_id,
  (SELECT GROUP_CONCAT(claim_relation || ' ' || other_claim_id) FROM claim_links
    WHERE claim_links.claim_id = claims.claim_id) AS links
FROM claims
JOIN propositions ON propositions.proposition_id = claims.proposition_id
JOIN actors ON actors.actor_id = claims.speaker_id
JOIN sources ON sources.source_id = claims.source_id
JOIN chains ON chains.claim_id = claims.claim_id
WHERE propositions.proposition = 'Talks between Russia and North Korea on arms are actively advancing'
ORDER BY claims.said_end, claims.claim_id

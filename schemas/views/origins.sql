-- For each proposition: how many sources carry it, and on how many independent origins, strictly and loosely.
SELECT propositions.proposition_id, propositions.proposition, propositions.proposition_kind,
  COUNT(DISTINCT carriers.claim_id) AS claims,
  COUNT(DISTINCT carriers.source_id) AS sources,
  COUNT(DISTINCT carriers.publisher_id) AS outlets,
  COUNT(DISTINCT carriers.origin_id) AS strict_origins,
  COUNT(DISTINCT carriers.loose_origin_id) AS loose_origins,
  COUNT(DISTINCT CASE WHEN carriers.origin_kind = 'none' THEN carriers.claim_id END) AS unattributed
FROM propositions
LEFT JOIN carriers ON carriers.proposition_id = propositions.proposition_id
GROUP BY propositions.proposition_id, propositions.proposition, propositions.proposition_kind

-- Each claim's chain as one line, publisher first: "NTD < The Epoch Times < The New York Times < officials".
WITH RECURSIVE said (claim_id, step, chain) AS (
  SELECT claim_id, step, actor_name FROM trails WHERE step = 0
  UNION ALL
  SELECT said.claim_id, trails.step,
    said.chain || ' < ' || COALESCE(trails.actor_name,
      CASE trails.hop_kind WHEN 'lost' THEN '(lost)' ELSE '(nobody named)' END)
  FROM said
  JOIN trails ON trails.claim_id = said.claim_id AND trails.step = said.step + 1
)
SELECT said.claim_id, said.chain, said.step AS steps
FROM said
JOIN (SELECT claim_id, MAX(step) AS step FROM trails GROUP BY claim_id) AS ends
  ON ends.claim_id = said.claim_id AND ends.step = said.step

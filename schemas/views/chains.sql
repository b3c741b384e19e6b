-- Each claim's chain as one line, publisher first: "NTD < The Epoch Times < The New York Times < officials".
SELECT claim_id, chain, steps
FROM (
  SELECT claim_id, step, MAX(step) OVER whole AS steps, COUNT(*) OVER whole AS links,
    GROUP_CONCAT(
      COALESCE(actor_name, CASE hop_kind WHEN 'lost' THEN '(lost)' ELSE '(nobody named)' END), ' < '
    ) OVER whole AS chain
  FROM trails
  WINDOW whole AS (PARTITION BY claim_id ORDER BY step ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
) AS written
WHERE step = 0 AND links = steps + 1

-- On how many independent origins did the expected summit rest on each day before 11 September?
-- Claims published by each day that carry the proposition that Kim and Putin will meet (P0001), with the number of
-- independent origins counted strictly and loosely, and the outlets that carried each.
WITH RECURSIVE days (day) AS (
  SELECT '2023-09-04' UNION ALL SELECT DATE(day, '+1 day') FROM days WHERE day < '2023-09-10'
)
SELECT days.day,
  COUNT(DISTINCT carriers.claim_id) AS claims,
  COUNT(DISTINCT carriers.source_id) AS sources,
  COUNT(DISTINCT carriers.origin_id) AS strict_origins,
  COUNT(DISTINCT carriers.loose_origin_id) AS loose_origins,
  (SELECT GROUP_CONCAT(word, '; ') FROM (
    SELECT DISTINCT actors.actor_name || ' on the word of ' || COALESCE(known.origin_name, 'nobody named') AS word
    FROM carriers AS known JOIN actors ON actors.actor_id = known.publisher_id
    WHERE known.proposition_id = 'P0001' AND known.published_end <= days.day
    ORDER BY known.published_end, known.claim_id
  )) AS carried_by
FROM days
LEFT JOIN carriers ON carriers.proposition_id = 'P0001' AND carriers.published_end <= days.day
GROUP BY days.day
ORDER BY days.day

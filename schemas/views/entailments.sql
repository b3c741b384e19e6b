-- What follows from what: each proposition with itself and with all that it entails, however many steps away.
WITH RECURSIVE follows (proposition_id, entailed_id) AS (
  SELECT proposition_id, proposition_id FROM propositions
  UNION
  SELECT follows.proposition_id, links.other_proposition_id
  FROM follows
  JOIN proposition_links AS links ON links.proposition_id = follows.entailed_id
  WHERE links.proposition_relation = 'entails'
)
SELECT proposition_id, entailed_id FROM follows

-- For whom an actor's word counts: each actor with itself and with those it speaks for by office.
WITH RECURSIVE speaks (actor_id, principal_id) AS (
  SELECT actor_id, actor_id FROM actors
  UNION
  SELECT speaks.actor_id, links.other_actor_id
  FROM speaks
  JOIN actor_links AS links ON links.actor_id = speaks.principal_id
  WHERE links.link_kind = 'speaks_for'
)
SELECT actor_id, principal_id FROM speaks

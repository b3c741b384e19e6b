-- On whose word each claim rests: strictly (the end of its chain; the last actor named where the chain is lost)
-- and loosely (members folded into what they belong to, possible doubles into one, unnamed actors into the
-- outlet that vouches for them).
WITH RECURSIVE
last_hop AS (
  SELECT claim_id, MAX(hop) AS hop FROM attributions WHERE actor_id IS NOT NULL GROUP BY claim_id
),
strict AS (
  SELECT claims.claim_id, COALESCE(claims.speaker_id, attributions.actor_id) AS origin_id,
    CASE
      WHEN claims.quote_type = 'narration' THEN 'narration'
      WHEN claims.speaker_id IS NULL AND attributions.actor_id IS NULL THEN 'none'
      WHEN claims.speaker_id IS NULL THEN 'lost'
      WHEN actors.anonymity = 'named' THEN 'on_record'
      ELSE 'anonymous'
    END AS origin_kind
  FROM claims
  LEFT JOIN last_hop ON last_hop.claim_id = claims.claim_id
  LEFT JOIN attributions ON attributions.claim_id = last_hop.claim_id AND attributions.hop = last_hop.hop
  LEFT JOIN actors ON actors.actor_id = claims.speaker_id
),
vouched AS (
  SELECT DISTINCT unnamed.actor_id AS one_id, outlet.actor_id AS other_id
  FROM attributions AS unnamed
  JOIN actors ON actors.actor_id = unnamed.actor_id AND actors.anonymity <> 'named'
  JOIN attributions AS outlet ON outlet.claim_id = unnamed.claim_id AND outlet.hop = unnamed.hop - 1
  JOIN actors AS press ON press.actor_id = outlet.actor_id AND press.actor_kind = 'media_outlet'
),
ties AS (
  SELECT actor_id AS one_id, other_actor_id AS other_id FROM actor_links
  WHERE link_kind IN ('member_of', 'same_as_possible')
  UNION SELECT other_actor_id, actor_id FROM actor_links
  WHERE link_kind IN ('member_of', 'same_as_possible')
  UNION SELECT one_id, other_id FROM vouched
  UNION SELECT other_id, one_id FROM vouched
),
reach (actor_id, other_id) AS (
  SELECT actor_id, actor_id FROM actors
  UNION
  SELECT reach.actor_id, ties.other_id FROM reach JOIN ties ON ties.one_id = reach.other_id
),
folded AS (
  SELECT actor_id, MIN(other_id) AS loose_id FROM reach GROUP BY actor_id
)
SELECT strict.claim_id, strict.origin_id, origin.actor_name AS origin_name, strict.origin_kind,
  folded.loose_id AS loose_origin_id, loose.actor_name AS loose_origin_name
FROM strict
LEFT JOIN actors AS origin ON origin.actor_id = strict.origin_id
LEFT JOIN folded ON folded.actor_id = strict.origin_id
LEFT JOIN actors AS loose ON loose.actor_id = folded.loose_id

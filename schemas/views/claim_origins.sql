-- On whose word each claim rests: strictly (the end of its chain; the last actor named where the chain is lost) and
-- loosely (an unnamed actor folded into the outlet that vouches for it within the chain, everybody into what they are
-- members of, and possible doubles that are members of nothing into one).
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
  SELECT unnamed.actor_id, MIN(outlet.actor_id) AS outlet_id
  FROM attributions AS unnamed
  JOIN actors ON actors.actor_id = unnamed.actor_id AND actors.anonymity <> 'named'
  JOIN attributions AS outlet ON outlet.claim_id = unnamed.claim_id AND outlet.hop = unnamed.hop - 1
  JOIN actors AS press ON press.actor_id = outlet.actor_id AND press.actor_kind = 'media_outlet'
  GROUP BY unnamed.actor_id
),
climb (actor_id, at_id) AS (
  SELECT actors.actor_id, COALESCE(vouched.outlet_id, actors.actor_id)
  FROM actors LEFT JOIN vouched ON vouched.actor_id = actors.actor_id
  UNION
  SELECT climb.actor_id, actor_links.other_actor_id
  FROM climb
  JOIN actor_links ON actor_links.actor_id = climb.at_id AND actor_links.link_kind = 'member_of'
),
tops AS (
  SELECT climb.actor_id, MIN(climb.at_id) AS top_id
  FROM climb
  LEFT JOIN actor_links AS higher ON higher.actor_id = climb.at_id AND higher.link_kind = 'member_of'
  WHERE higher.actor_id IS NULL
  GROUP BY climb.actor_id
),
doubles (one_id, other_id) AS (
  SELECT links.actor_id, links.other_actor_id
  FROM actor_links AS links
  JOIN tops AS one ON one.actor_id = links.actor_id AND one.top_id = links.actor_id
  JOIN tops AS other ON other.actor_id = links.other_actor_id AND other.top_id = links.other_actor_id
  WHERE links.link_kind = 'same_as_possible'
),
pairs (actor_id, other_id) AS (
  SELECT one_id, other_id FROM doubles UNION SELECT other_id, one_id FROM doubles
),
same (actor_id, least_id) AS (
  SELECT DISTINCT top_id, top_id FROM tops
  UNION
  SELECT pairs.other_id, same.least_id
  FROM same
  JOIN pairs ON pairs.actor_id = same.actor_id AND pairs.other_id > same.least_id
),
folded AS (
  SELECT tops.actor_id, MIN(same.least_id) AS loose_id
  FROM tops JOIN same ON same.actor_id = tops.top_id
  GROUP BY tops.actor_id
)
SELECT strict.claim_id, strict.origin_id, origin.actor_name AS origin_name, strict.origin_kind,
  folded.loose_id AS loose_origin_id, loose.actor_name AS loose_origin_name
FROM strict
LEFT JOIN actors AS origin ON origin.actor_id = strict.origin_id
LEFT JOIN folded ON folded.actor_id = strict.origin_id
LEFT JOIN actors AS loose ON loose.actor_id = folded.loose_id

-- One row per claim with names joined: what most people will download.
SELECT claims.claim_id, claims.claim_summary,
  propositions.proposition, propositions.proposition_kind,
  speaker.actor_name AS speaker, speaker.actor_kind AS speaker_kind, speaker.actor_country AS speaker_country,
  claims.speech_act, claims.stance, claims.certainty, claims.quote_type, claims.channel,
  claims.said_edtf, claims.said_start, claims.said_end, claims.claim_location, claims.claim_condition,
  publisher.actor_name AS publisher, publisher.actor_country AS publisher_country,
  sources.title AS source_title, sources.published_edtf, sources.published_start, sources.published_end, sources.url,
  chains.chain, claim_origins.origin_name AS origin, claim_origins.origin_kind,
  first_event.event_title AS event,
  origins.sources AS carrying_sources, origins.strict_origins, origins.loose_origins,
  resolutions.outcome,
  claims.source_id, claims.proposition_id, claims.speaker_id, first_event.event_id,
  'onrecord/claims/' || claims.claim_id AS link
FROM claims
JOIN propositions ON propositions.proposition_id = claims.proposition_id
JOIN sources ON sources.source_id = claims.source_id
JOIN actors AS publisher ON publisher.actor_id = sources.publisher_id
LEFT JOIN actors AS speaker ON speaker.actor_id = claims.speaker_id
JOIN chains ON chains.claim_id = claims.claim_id
JOIN claim_origins ON claim_origins.claim_id = claims.claim_id
JOIN origins ON origins.proposition_id = claims.proposition_id
LEFT JOIN resolutions ON resolutions.proposition_id = claims.proposition_id
LEFT JOIN (
  SELECT proposition_id, MIN(event_id) AS event_id FROM proposition_events
  WHERE event_relation = 'about' GROUP BY proposition_id
) AS about ON about.proposition_id = claims.proposition_id
LEFT JOIN events AS first_event ON first_event.event_id = about.event_id

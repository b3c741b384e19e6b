-- What was foretold, by whom, and what came of it: claims on predictions, and on plans whose outcome is known.
-- borne_out takes the stance into account: a denied prediction that came false is borne out.
SELECT claims.claim_id, claims.source_id, claims.proposition_id, propositions.proposition, propositions.proposition_kind,
  propositions.window_edtf, propositions.window_start, propositions.window_end,
  claims.said_edtf, claims.said_end, claim_origins.origin_id AS forecaster_id, claim_origins.origin_name AS forecaster,
  claim_origins.origin_kind, claims.stance, claims.certainty, claims.claim_condition,
  COALESCE(resolutions.outcome, 'unresolved') AS outcome, resolutions.resolved_edtf, resolutions.source_id AS resolution_source_id,
  CASE
    WHEN resolutions.outcome IN ('came_true', 'came_false')
      THEN CASE WHEN (resolutions.outcome = 'came_true') = (claims.stance <> 'deny') THEN 'yes' ELSE 'no' END
    WHEN resolutions.outcome = 'partly' THEN 'partly'
    ELSE 'open'
  END AS borne_out
FROM claims
JOIN propositions ON propositions.proposition_id = claims.proposition_id
JOIN claim_origins ON claim_origins.claim_id = claims.claim_id
LEFT JOIN resolutions ON resolutions.proposition_id = propositions.proposition_id
WHERE claims.stance <> 'noncommittal'
  AND (propositions.proposition_kind = 'prediction'
    OR (propositions.proposition_kind = 'intent' AND resolutions.proposition_id IS NOT NULL))

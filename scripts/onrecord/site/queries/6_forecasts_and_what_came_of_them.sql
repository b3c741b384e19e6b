-- Which forecasts were made, by whom, and which came true?
-- Claims on predictions, and on plans whose outcome is known, with their window and outcome.
SELECT proposition, COALESCE(forecaster, 'nobody named') AS forecaster, origin_kind, stance, certainty,
  claim_condition AS condition, window_edtf AS window_, outcome, resolved_edtf AS resolved, borne_out, claim_id
FROM forecasts
ORDER BY CASE borne_out WHEN 'no' THEN 1 WHEN 'partly' THEN 2 WHEN 'yes' THEN 3 ELSE 4 END, proposition, claim_id

-- For each origin: how many propositions it foretold, how many are resolved, and how many were borne out.
SELECT forecaster_id, forecaster,
  COUNT(DISTINCT proposition_id) AS forecasts,
  COUNT(DISTINCT CASE WHEN borne_out IN ('yes', 'no', 'partly') THEN proposition_id END) AS resolved,
  COUNT(DISTINCT CASE WHEN borne_out = 'yes' THEN proposition_id END) AS borne_out,
  COUNT(DISTINCT CASE WHEN borne_out = 'partly' THEN proposition_id END) AS partly,
  COUNT(DISTINCT CASE WHEN borne_out = 'no' THEN proposition_id END) AS not_borne_out
FROM forecasts
GROUP BY forecaster_id, forecaster

"""What was publicly known at the end of a day: one SQL for the Python API and the site."""

from __future__ import annotations

__all__ = ["BASES", "CLAIMS", "DAYS", "EVENTS", "OUTCOMES", "PROPOSITIONS"]

BASES = ("publication", "utterance")
"""A claim counts from the last possible day of its publication, or of its saying."""

# SQLite takes tables in the order of a CROSS JOIN, so that few sources lead to their few rows by the index.
_KNOWN = """
WITH RECURSIVE
published AS (SELECT source_id FROM sources WHERE published_end <= $day),
known AS (
  SELECT claim_id, proposition_id, stance, certainty, quote_type
  FROM published CROSS JOIN claims WHERE $by = 'publication' AND claims.source_id = published.source_id
  UNION ALL
  SELECT claim_id, proposition_id, stance, certainty, quote_type
  FROM claims WHERE $by = 'utterance' AND said_end <= $day
),
said (proposition_id) AS (
  SELECT proposition_id FROM known
  UNION
  SELECT links.other_proposition_id FROM said JOIN proposition_links AS links USING (proposition_id)
),
resolved AS (
  SELECT resolutions.proposition_id, outcome, resolved_edtf, event_id, resolutions.source_id
  FROM published CROSS JOIN resolutions
  WHERE resolutions.source_id = published.source_id
    AND resolutions.proposition_id IN (SELECT proposition_id FROM said)
)
"""

CLAIMS = _KNOWN + "SELECT claim_id FROM known"
"""Claims known by ``$day``, counted ``$by`` publication or utterance."""

PROPOSITIONS = _KNOWN + "SELECT proposition_id FROM said"
"""What those claims are on, and all that this is linked to, however many steps away."""

OUTCOMES = _KNOWN + "SELECT proposition_id, outcome, resolved_edtf, source_id FROM resolved"
"""Outcomes known by ``$day``: of what had been claimed, from sources published by then."""

EVENTS = (
    _KNOWN
    + """,
mentioned (event_id) AS (
  SELECT event_id FROM said JOIN proposition_events USING (proposition_id)
  UNION
  SELECT event_id FROM resolved WHERE event_id IS NOT NULL
  UNION
  SELECT events.parent_id FROM mentioned JOIN events USING (event_id) WHERE events.parent_id IS NOT NULL
),
about AS (
  SELECT event_id, proposition_id, proposition_kind
  FROM said JOIN proposition_events USING (proposition_id) JOIN propositions USING (proposition_id)
  WHERE event_relation = 'about'
),
claimed AS (
  SELECT event_id, claim_id, proposition_kind, certainty, quote_type
  FROM known JOIN about USING (proposition_id)
  WHERE stance <> 'noncommittal'
),
foretold AS (
  SELECT about.event_id, MIN(CASE WHEN resolved.outcome = 'came_false' THEN 1 ELSE 0 END) AS failed
  FROM about LEFT JOIN resolved ON resolved.proposition_id = about.proposition_id
  WHERE about.proposition_kind = 'prediction'
  GROUP BY about.event_id
),
rungs (event_id, rung) AS (
  SELECT event_id, 1 FROM resolved WHERE outcome <> 'unresolved' AND event_id IS NOT NULL
  UNION ALL
  SELECT event_id, 2 FROM foretold WHERE failed = 1
  UNION ALL
  SELECT event_id,
    CASE
      WHEN proposition_kind = 'fact' AND certainty = 'CT+' AND quote_type = 'narration' THEN 1
      WHEN proposition_kind = 'fact' THEN 3
      WHEN proposition_kind IN ('prediction', 'intent') THEN 4
      WHEN proposition_kind = 'evaluation' THEN 5
    END
  FROM claimed
),
reached AS (SELECT event_id, MIN(rung) AS rung FROM rungs GROUP BY event_id),
told AS (SELECT event_id, MIN(claim_id) AS claim_id FROM claimed GROUP BY event_id)
SELECT mentioned.event_id,
  CASE reached.rung
    WHEN 1 THEN 'occurred' WHEN 2 THEN 'did_not_occur' WHEN 3 THEN 'alleged' WHEN 4 THEN 'anticipated' WHEN 5 THEN 'alleged'
  END AS status,
  claims.source_id
FROM mentioned
LEFT JOIN reached ON reached.event_id = mentioned.event_id
LEFT JOIN told ON told.event_id = mentioned.event_id
LEFT JOIN claims ON claims.claim_id = told.claim_id
ORDER BY mentioned.event_id
"""
)
"""Events that had been mentioned by ``$day``, with the status that follows from what was known and the first who told.

The status is empty where they were only mentioned."""

DAYS = """
SELECT DISTINCT day FROM (
  SELECT published_end AS day FROM sources JOIN claims USING (source_id) WHERE $by = 'publication'
  UNION SELECT said_end FROM claims WHERE $by = 'utterance'
  UNION SELECT published_end FROM sources JOIN resolutions USING (source_id)
) WHERE day IS NOT NULL ORDER BY day
"""
"""The days on which something became known, counted ``$by`` publication or utterance."""

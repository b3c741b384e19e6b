"""What was publicly known at the end of a day: one SQL for the Python API and the site."""

from __future__ import annotations

__all__ = ["BASES", "CLAIMS", "DAYS", "EVENTS", "OUTCOMES"]

BASES = ("publication", "utterance")
"""A claim counts from the last possible day of its publication, or of its saying."""

_KNOWN = """
WITH RECURSIVE
published AS (SELECT source_id FROM sources WHERE published_end <= :day),
known AS (
  SELECT * FROM claims
  WHERE CASE :by WHEN 'publication' THEN source_id IN (SELECT source_id FROM published) ELSE said_end <= :day END
),
said (proposition_id) AS (
  SELECT proposition_id FROM known
  UNION SELECT links.other_proposition_id FROM said JOIN proposition_links AS links USING (proposition_id)
),
resolved AS (
  SELECT * FROM resolutions
  WHERE proposition_id IN (SELECT proposition_id FROM said) AND source_id IN (SELECT source_id FROM published)
)
"""

CLAIMS = _KNOWN + "SELECT claim_id FROM known"
"""Claims known by ``:day``, counted ``:by`` publication or utterance."""

OUTCOMES = _KNOWN + "SELECT proposition_id, outcome, resolved_edtf, source_id FROM resolved"
"""Outcomes known by ``:day``: of what had been claimed, from sources published by then."""

EVENTS = (
    _KNOWN
    + """,
mentioned (event_id) AS (
  SELECT event_id FROM proposition_events WHERE proposition_id IN (SELECT proposition_id FROM said)
  UNION SELECT event_id FROM resolved WHERE event_id IS NOT NULL
  UNION SELECT events.parent_id FROM mentioned JOIN events USING (event_id) WHERE events.parent_id IS NOT NULL
),
about AS (
  SELECT event_id, proposition_id, proposition_kind FROM proposition_events JOIN propositions USING (proposition_id)
  WHERE event_relation = 'about' AND proposition_id IN (SELECT proposition_id FROM said)
),
claimed AS (
  SELECT about.event_id, about.proposition_kind, known.claim_id, known.source_id, known.certainty, known.quote_type
  FROM about JOIN known USING (proposition_id) WHERE known.stance <> 'noncommittal'
),
foretold AS (
  SELECT about.event_id, MIN(COALESCE(resolved.outcome = 'came_false', 0)) AS failed
  FROM about LEFT JOIN resolved USING (proposition_id) WHERE about.proposition_kind = 'prediction'
  GROUP BY about.event_id
),
rungs (event_id, rung, status) AS (
  SELECT event_id, 1, 'occurred' FROM resolved WHERE outcome IN ('came_true', 'partly', 'came_false') AND event_id IS NOT NULL
  UNION ALL SELECT event_id, 1, 'occurred' FROM claimed
    WHERE proposition_kind = 'fact' AND certainty = 'CT+' AND quote_type = 'narration'
  UNION ALL SELECT event_id, 2, 'did_not_occur' FROM foretold WHERE failed
  UNION ALL SELECT event_id, 3, 'alleged' FROM claimed WHERE proposition_kind = 'fact'
  UNION ALL SELECT event_id, 4, 'anticipated' FROM claimed WHERE proposition_kind IN ('prediction', 'intent')
  UNION ALL SELECT event_id, 5, 'alleged' FROM claimed WHERE proposition_kind = 'evaluation'
)
SELECT mentioned.event_id,
  (SELECT status FROM rungs WHERE rungs.event_id = mentioned.event_id ORDER BY rung LIMIT 1) AS status,
  (SELECT source_id FROM claimed WHERE claimed.event_id = mentioned.event_id ORDER BY claim_id LIMIT 1) AS source_id
FROM mentioned
ORDER BY mentioned.event_id
"""
)
"""Events that had been mentioned by ``:day``, with the status that follows from what was known and the first who told.

The status is empty where they were only mentioned."""

DAYS = """
SELECT DISTINCT day FROM (
  SELECT published_end AS day FROM sources JOIN claims USING (source_id) WHERE :by = 'publication'
  UNION SELECT said_end FROM claims WHERE :by = 'utterance'
  UNION SELECT published_end FROM sources JOIN resolutions USING (source_id)
) WHERE day IS NOT NULL ORDER BY day
"""
"""The days on which something became known, counted ``:by`` publication or utterance."""

CREATE OR REPLACE VIEW timeline.price_disagreement AS
WITH disputed AS (  -- what is current is much, and little of it is: what is said is first compared, then read
    SELECT model_id, provider, meter, currency, unit, conditions
      FROM timeline.price_history
     -- Without @>, which the planner takes to leave next to nothing: then it would sort instead of hashing.
     WHERE coalesce(upper(effective), 'infinity'::timestamptz) > (SELECT clock.now FROM timeline.clock)
       AND coalesce(effective_from, '-infinity') <= (SELECT clock.now FROM timeline.clock)
       AND model_id IS NOT NULL AND state IN ('priced', 'free')
     GROUP BY 1, 2, 3, 4, 5, 6
    HAVING min(unit_amount) < max(unit_amount)
)
SELECT disputed.provider, best.model, disputed.model_id, disputed.meter, disputed.conditions, disputed.currency,
       disputed.unit, best.state, best.amount, best.per, best.source, best.trust, best.seen_until, best.locator,
       best.first_snapshot,
       other.model AS other_model, other.state AS other_state, other.amount AS other_amount, other.per AS other_per,
       other.source AS other_source, other.trust AS other_trust, other.seen_until AS other_seen_until,
       other.locator AS other_locator, other.first_snapshot AS other_first_snapshot,
       round((other.amount / other.per) / nullif(best.amount / best.per, 0), 4) AS ratio,
       greatest(best.effective_from, other.effective_from) AS since
  FROM timeline.clock CROSS JOIN disputed
 CROSS JOIN LATERAL (
     {{speaks:
     model, state, amount, currency, per, unit, effective_from, seen_until, source, trust, locator, first_snapshot
     | (SELECT * FROM timeline.price_claims(clock.now) AS claimed
         WHERE claimed.model_id = disputed.model_id AND claimed.provider = disputed.provider
           AND claimed.meter = disputed.meter AND claimed.currency = disputed.currency
           AND claimed.unit = disputed.unit AND claimed.conditions = disputed.conditions) AS claim
     | clock.now | NULL}}
 ) AS best
 CROSS JOIN LATERAL (
     SELECT * FROM timeline.price_claims(clock.now) AS said
      WHERE said.model_id = disputed.model_id AND said.provider = disputed.provider AND said.meter = disputed.meter
        AND said.currency = disputed.currency AND said.unit = disputed.unit AND said.conditions = disputed.conditions
        AND said.source <> best.source AND said.origin <> 'bundled'
        -- "No price of its own", "varies" and "nobody knows" contradict nothing.
        AND said.state IN ('priced', 'free') AND said.amount / said.per <> best.amount / best.per
     OFFSET 0
 ) AS other
 WHERE best.state IN ('priced', 'free');

COMMENT ON VIEW timeline.price_disagreement IS
    'Where another source says another price than the one that is believed (timeline.price_current), with the evidence of '
    'both. The better trusted is believed: an official page before any catalogue, whose word on it is never alerted.';
COMMENT ON COLUMN timeline.price_disagreement.provider IS 'Who sells, by id.';
COMMENT ON COLUMN timeline.price_disagreement.model IS 'The name as the believed source prints it.';
COMMENT ON COLUMN timeline.price_disagreement.model_id IS 'The id both stand for.';
COMMENT ON COLUMN timeline.price_disagreement.meter IS 'What is billed.';
COMMENT ON COLUMN timeline.price_disagreement.conditions IS 'When that price applies, as JSON: the same for both.';
COMMENT ON COLUMN timeline.price_disagreement.currency IS 'ISO 4217: the same for both.';
COMMENT ON COLUMN timeline.price_disagreement.unit IS 'token, image, request...: the same for both.';
COMMENT ON COLUMN timeline.price_disagreement.state IS 'What is believed: priced or free.';
COMMENT ON COLUMN timeline.price_disagreement.amount IS 'The believed price for `per` of `unit`.';
COMMENT ON COLUMN timeline.price_disagreement.per IS 'For how many of `unit` that is.';
COMMENT ON COLUMN timeline.price_disagreement.source IS 'Who says so.';
COMMENT ON COLUMN timeline.price_disagreement.trust IS 'official, cloud, reseller, catalogue or press.';
COMMENT ON COLUMN timeline.price_disagreement.seen_until IS 'The last look that found it so.';
COMMENT ON COLUMN timeline.price_disagreement.locator IS 'Where in its capture.';
COMMENT ON COLUMN timeline.price_disagreement.first_snapshot IS 'The bytes that say so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.price_disagreement.other_model IS 'The name as the other source prints it.';
COMMENT ON COLUMN timeline.price_disagreement.other_state IS 'What the other one says: priced or free.';
COMMENT ON COLUMN timeline.price_disagreement.other_amount IS 'Its price for `other_per` of the same unit.';
COMMENT ON COLUMN timeline.price_disagreement.other_per IS 'For how many of `unit` that is.';
COMMENT ON COLUMN timeline.price_disagreement.other_source IS 'Which source that is.';
COMMENT ON COLUMN timeline.price_disagreement.other_trust IS 'How far it is trusted.';
COMMENT ON COLUMN timeline.price_disagreement.other_seen_until IS 'The last look there that found it so.';
COMMENT ON COLUMN timeline.price_disagreement.other_locator IS 'Where in the other one''s capture.';
COMMENT ON COLUMN timeline.price_disagreement.other_first_snapshot IS 'The bytes that say so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.price_disagreement.ratio IS 'The other price over the believed one; null where that is 0.';
COMMENT ON COLUMN timeline.price_disagreement.since IS 'Since when both say what they say.';

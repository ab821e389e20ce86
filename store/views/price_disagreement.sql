CREATE OR REPLACE VIEW timeline.price_disagreement AS
SELECT best.provider, best.model, best.model_id, best.meter, best.conditions, best.currency, best.unit,
       best.state, best.amount, best.per, best.source, best.trust, best.seen_until, best.locator, best.first_snapshot,
       other.model AS other_model, other.state AS other_state, other.amount AS other_amount, other.per AS other_per,
       other.source AS other_source, other.trust AS other_trust, other.seen_until AS other_seen_until,
       other.locator AS other_locator, other.first_snapshot AS other_first_snapshot,
       round((other.amount / other.per) / nullif(best.amount / best.per, 0), 4) AS ratio,
       greatest(best.effective_from, other.effective_from) AS since
  FROM timeline.price_current AS best
 CROSS JOIN LATERAL (
     -- OFFSET: price by price through an index. What is current is chosen among much, and where the planner takes it for
     -- little, it would compare all that others say with each. The name again as an index has it that also serves where
     -- nothing is known of the table: else it may walk through all prices of the provider.
     SELECT * FROM timeline.price_history AS said
      WHERE said.model_id = best.model_id AND said.provider = best.provider AND said.meter = best.meter
        AND coalesce(said.model_id, said.model) = best.model_id
        AND said.currency = best.currency AND said.unit = best.unit AND said.conditions = best.conditions
        AND said.source <> best.source AND said.origin <> 'bundled'
        AND said.effective @> (SELECT clock.now FROM timeline.clock)
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

CREATE OR REPLACE VIEW timeline.rule_beliefs AS
SELECT rule.provider, rule.jurisdiction, rule.instrument, rule.applies, rule.binding, rule.applies_from,
       rule.said_on, rule.url, rule.quote,
       lower(rule.effective) AS stated_from,
       upper(rule.effective) AS stated_to,
       rule.seen_until,
       lower(rule.known) AS known_from,
       upper(rule.known) AS known_to,
       rule.source, rule.trust, rule.origin, rule.locator, rule.key, rule.first_snapshot, rule.recorded_at,
       rule.effective, rule.known
  FROM aiwire.rule
 WHERE rule.superseded_at IS NULL;

COMMENT ON VIEW timeline.rule_beliefs IS
    'Days from which rules bind in two times: what each regulator stated (effective), and from when until when we believed it '
    '(known).';
COMMENT ON COLUMN timeline.rule_beliefs.provider IS 'The regulator, by id.';
COMMENT ON COLUMN timeline.rule_beliefs.jurisdiction IS 'Where it binds: EU, US, US-CA, UK, KR...';
COMMENT ON COLUMN timeline.rule_beliefs.instrument IS 'The law, regulation or order.';
COMMENT ON COLUMN timeline.rule_beliefs.applies IS 'What of it, in the regulator''s words; empty: all of it.';
COMMENT ON COLUMN timeline.rule_beliefs.binding IS
    'How: applies, in_force, effective, compliance (must be complied with by then) or withdrawn.';
COMMENT ON COLUMN timeline.rule_beliefs.applies_from IS
    'From when, as precise as stated: YYYY-MM-DD or YYYY-MM; null: withdrawn.';
COMMENT ON COLUMN timeline.rule_beliefs.said_on IS
    'When the regulator published the statement, of feeds; null: it is of a page.';
COMMENT ON COLUMN timeline.rule_beliefs.url IS 'Where it says so.';
COMMENT ON COLUMN timeline.rule_beliefs.quote IS 'The sentence that says so, bounded.';
COMMENT ON COLUMN timeline.rule_beliefs.stated_from IS 'Since when it is stated so: when it was first seen.';
COMMENT ON COLUMN timeline.rule_beliefs.stated_to IS
    'When it was first seen to be stated otherwise (exclusive); null: it still is.';
COMMENT ON COLUMN timeline.rule_beliefs.seen_until IS
    'Where it ended: the last look that still found it; it ended between this and stated_to.';
COMMENT ON COLUMN timeline.rule_beliefs.known_from IS 'Since when the evidence said so.';
COMMENT ON COLUMN timeline.rule_beliefs.known_to IS 'Until when the evidence said so (exclusive); null: it still does.';
COMMENT ON COLUMN timeline.rule_beliefs.source IS 'Which source says so: see timeline.source_health.';
COMMENT ON COLUMN timeline.rule_beliefs.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.rule_beliefs.origin IS 'live or import.';
COMMENT ON COLUMN timeline.rule_beliefs.locator IS 'Where in the capture.';
COMMENT ON COLUMN timeline.rule_beliefs.key IS
    'What makes it the same statement over time and across sources: jurisdiction, instrument, what of it, how it binds.';
COMMENT ON COLUMN timeline.rule_beliefs.first_snapshot IS 'The bytes that first said so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.rule_beliefs.recorded_at IS 'When this database wrote the row.';
COMMENT ON COLUMN timeline.rule_beliefs.effective IS 'The time over which it holds in the world, as believed.';
COMMENT ON COLUMN timeline.rule_beliefs.known IS 'The time over which we believed it.';

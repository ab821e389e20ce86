CREATE OR REPLACE VIEW timeline.rule_history AS
SELECT rule.provider, rule.jurisdiction, rule.instrument, rule.applies, rule.binding, rule.applies_from,
       rule.said_on, rule.url, rule.quote,
       lower(rule.effective) AS stated_from,
       upper(rule.effective) AS stated_to,
       coalesce(rule.seen_until, least(upper(rule.effective), coalesce(state.last_good_at, lower(rule.known)))) AS seen_until,
       lower(rule.known) AS known_from,
       rule.source, rule.trust, rule.origin, rule.locator, rule.key, rule.first_snapshot, rule.recorded_at
  FROM aiwire.rule
  LEFT JOIN aiwire.source_state AS state ON state.source = rule.source
 WHERE rule.superseded_at IS NULL AND upper_inf(rule.known);

COMMENT ON VIEW timeline.rule_history IS
    'What each regulator has stated of the days from which rules bind, as far as is known now: one row per statement and '
    'stretch of time.';
COMMENT ON COLUMN timeline.rule_history.provider IS 'The regulator, by id.';
COMMENT ON COLUMN timeline.rule_history.jurisdiction IS 'Where it binds: EU, US, US-CA, UK, KR...';
COMMENT ON COLUMN timeline.rule_history.instrument IS 'The law, regulation or order.';
COMMENT ON COLUMN timeline.rule_history.applies IS 'What of it, in the regulator''s words; empty: all of it.';
COMMENT ON COLUMN timeline.rule_history.binding IS 'How: applies, in_force, effective, compliance (must be complied with by then) or withdrawn.';
COMMENT ON COLUMN timeline.rule_history.applies_from IS 'From when, as precise as stated: YYYY-MM-DD or YYYY-MM; null: withdrawn.';
COMMENT ON COLUMN timeline.rule_history.said_on IS 'When the regulator published the statement, of feeds; null: it is of a page.';
COMMENT ON COLUMN timeline.rule_history.url IS 'Where it says so.';
COMMENT ON COLUMN timeline.rule_history.quote IS 'The sentence that says so, bounded.';
COMMENT ON COLUMN timeline.rule_history.stated_from IS 'Since when it is stated so: when it was first seen.';
COMMENT ON COLUMN timeline.rule_history.stated_to IS 'When it was first seen to be stated otherwise (exclusive); null: it still is.';
COMMENT ON COLUMN timeline.rule_history.seen_until IS 'The last look that found it so.';
COMMENT ON COLUMN timeline.rule_history.known_from IS 'Since when the evidence said so.';
COMMENT ON COLUMN timeline.rule_history.source IS 'Which source says so: see timeline.source_health.';
COMMENT ON COLUMN timeline.rule_history.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.rule_history.origin IS 'live or import.';
COMMENT ON COLUMN timeline.rule_history.locator IS 'Where in the capture.';
COMMENT ON COLUMN timeline.rule_history.key IS
    'What makes it the same statement over time and across sources: jurisdiction, instrument, what of it, how it binds.';
COMMENT ON COLUMN timeline.rule_history.first_snapshot IS 'The bytes that first said so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.rule_history.recorded_at IS 'When this database wrote the row.';

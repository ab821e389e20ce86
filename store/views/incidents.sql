CREATE OR REPLACE VIEW timeline.incidents AS
SELECT told.provider, told.title, told.impact, told.status, told.components, told.started_at, told.resolved_at,
       round(extract(epoch FROM least(told.resolved_at, (SELECT clock.now FROM timeline.clock)) - told.started_at) / 60)::int
           AS minutes,
       told.resolved_at IS NULL OR told.resolved_at > (SELECT clock.now FROM timeline.clock) AS is_open, told.summary, told.url, told.source, told.trust, told.origin,
       coalesce((SELECT min(lower(earlier.known)) FROM aiwire.incident AS earlier
                  WHERE earlier.source = told.source AND earlier.key = told.key AND earlier.superseded_at IS NULL),
                lower(told.known)) AS first_seen,
       lower(told.known) AS told_at, told.guid, told.key, told.locator, told.last_snapshot, told.recorded_at
  FROM aiwire.incident AS told
 WHERE told.superseded_at IS NULL AND upper_inf(told.known) AND upper_inf(told.effective);

COMMENT ON VIEW timeline.incidents IS
    'What status pages tell of times in which a service did not work as it should: one row per incident and source.';
COMMENT ON COLUMN timeline.incidents.provider IS 'Whose service, by id.';
COMMENT ON COLUMN timeline.incidents.title IS 'Plain text: escape it where you show it.';
COMMENT ON COLUMN timeline.incidents.impact IS 'none, maintenance, minor, major or critical; null: the page does not say.';
COMMENT ON COLUMN timeline.incidents.status IS 'The page''s word: investigating, identified, monitoring, resolved...';
COMMENT ON COLUMN timeline.incidents.components IS 'What was affected, as printed; empty: the page does not say.';
COMMENT ON COLUMN timeline.incidents.started_at IS 'As the page says; null: it does not.';
COMMENT ON COLUMN timeline.incidents.resolved_at IS 'As the page says; null: it goes on.';
COMMENT ON COLUMN timeline.incidents.minutes IS 'How long it lasted, or has lasted by timeline.now().';
COMMENT ON COLUMN timeline.incidents.is_open IS 'True: it goes on.';
COMMENT ON COLUMN timeline.incidents.summary IS 'The newest update when it last changed: plain text.';
COMMENT ON COLUMN timeline.incidents.url IS 'http or https, or empty.';
COMMENT ON COLUMN timeline.incidents.source IS 'Which source said so.';
COMMENT ON COLUMN timeline.incidents.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.incidents.origin IS 'live, import or bundled.';
COMMENT ON COLUMN timeline.incidents.first_seen IS 'The first look that showed it.';
COMMENT ON COLUMN timeline.incidents.told_at IS 'The first look that showed it as it is told now.';
COMMENT ON COLUMN timeline.incidents.guid IS 'The page''s own id of it.';
COMMENT ON COLUMN timeline.incidents.key IS 'What makes it the same incident over time, within its source.';
COMMENT ON COLUMN timeline.incidents.locator IS 'Where in the capture.';
COMMENT ON COLUMN timeline.incidents.last_snapshot IS 'The bytes that say so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.incidents.recorded_at IS 'When this database wrote the row.';

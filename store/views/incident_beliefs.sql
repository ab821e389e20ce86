CREATE OR REPLACE VIEW timeline.incident_beliefs AS
SELECT told.provider, told.title, told.impact, told.status, told.components, told.started_at, told.resolved_at,
       told.summary, told.url, told.source, told.trust, told.origin,
       lower(told.known) AS known_from,
       upper(told.known) AS known_to,
       told.guid, told.key, told.locator, told.last_snapshot, told.recorded_at, told.effective, told.known
  FROM aiwire.incident AS told
 WHERE told.superseded_at IS NULL;

COMMENT ON VIEW timeline.incident_beliefs IS
    'What status pages told of trouble, in two times: each state of an incident (effective), and from when until when we '
    'believed it (known).';
COMMENT ON COLUMN timeline.incident_beliefs.provider IS 'Whose service, by id.';
COMMENT ON COLUMN timeline.incident_beliefs.title IS 'Plain text: escape it where you show it.';
COMMENT ON COLUMN timeline.incident_beliefs.impact IS
    'none, maintenance, minor, major or critical; null: the page does not say.';
COMMENT ON COLUMN timeline.incident_beliefs.status IS 'The page''s word: investigating, identified, monitoring, resolved...';
COMMENT ON COLUMN timeline.incident_beliefs.components IS 'What was affected, as printed; empty: the page does not say.';
COMMENT ON COLUMN timeline.incident_beliefs.started_at IS 'As the page says; null: it does not.';
COMMENT ON COLUMN timeline.incident_beliefs.resolved_at IS 'As the page says; null: it goes on.';
COMMENT ON COLUMN timeline.incident_beliefs.summary IS 'The newest update when it last changed: plain text.';
COMMENT ON COLUMN timeline.incident_beliefs.url IS 'http or https, or empty.';
COMMENT ON COLUMN timeline.incident_beliefs.source IS 'Which source said so.';
COMMENT ON COLUMN timeline.incident_beliefs.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.incident_beliefs.origin IS 'live, import or bundled.';
COMMENT ON COLUMN timeline.incident_beliefs.known_from IS 'The first look that showed it as it is told here.';
COMMENT ON COLUMN timeline.incident_beliefs.known_to IS 'Until when the evidence said so (exclusive); null: it still does.';
COMMENT ON COLUMN timeline.incident_beliefs.guid IS 'The page''s own id of it.';
COMMENT ON COLUMN timeline.incident_beliefs.key IS 'What makes it the same incident over time, within its source.';
COMMENT ON COLUMN timeline.incident_beliefs.locator IS 'Where in the capture.';
COMMENT ON COLUMN timeline.incident_beliefs.last_snapshot IS 'The bytes that say so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.incident_beliefs.recorded_at IS 'When this database wrote the row.';
COMMENT ON COLUMN timeline.incident_beliefs.effective IS 'The time over which it holds in the world, as believed.';
COMMENT ON COLUMN timeline.incident_beliefs.known IS 'The time over which we believed it.';

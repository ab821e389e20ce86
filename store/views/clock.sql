CREATE OR REPLACE VIEW timeline.clock AS
SELECT coalesce(rehearsed.now, pg_catalog.now()) AS now,
       rehearsed.now IS NOT NULL AS rehearsed
  FROM (SELECT 1) AS always
  LEFT JOIN aiwire.rehearsal AS rehearsed ON true;

COMMENT ON VIEW timeline.clock IS
    'The time by which every view answers: one row. Ask timeline.now() for it.';
COMMENT ON COLUMN timeline.clock.now IS 'The real time, or the time a rehearsal has set.';
COMMENT ON COLUMN timeline.clock.rehearsed IS 'Whether a rehearsal has set it.';

CREATE OR REPLACE VIEW timeline.captures AS
SELECT capture.source, capture.seq, capture.sha256, capture.url, capture.first_seen, capture.last_seen, capture.checks,
       capture.origin, capture.verdict, capture.extractor, capture.facts, jsonb_array_length(capture.issues) AS issues
  FROM aiwire.capture;

COMMENT ON VIEW timeline.captures IS
    'The evidence: one row per run of the same bytes of a source, from the first to the last time they were seen.';
COMMENT ON COLUMN timeline.captures.source IS 'The id of the source.';
COMMENT ON COLUMN timeline.captures.seq IS 'Counts the captures of the source in the order in which they were stored; older ones may be imported later.';
COMMENT ON COLUMN timeline.captures.sha256 IS 'Of the bytes: timeline.snapshots has them.';
COMMENT ON COLUMN timeline.captures.url IS 'Where they came from.';
COMMENT ON COLUMN timeline.captures.first_seen IS 'The first check that found them.';
COMMENT ON COLUMN timeline.captures.last_seen IS 'The last check in a row that found them.';
COMMENT ON COLUMN timeline.captures.checks IS 'How many checks found them.';
COMMENT ON COLUMN timeline.captures.origin IS 'live, or import.';
COMMENT ON COLUMN timeline.captures.verdict IS
    'good, bad (a check of the page failed: nothing of it counts) or accepted (by an operator); null: not read yet.';
COMMENT ON COLUMN timeline.captures.extractor IS 'The version of the reader that read it last.';
COMMENT ON COLUMN timeline.captures.facts IS 'How many facts were read.';
COMMENT ON COLUMN timeline.captures.issues IS 'How many problems the reader had.';

CREATE OR REPLACE VIEW timeline.fetches AS
SELECT "fetch".source, "fetch".started_at, "fetch".finished_at, "fetch".outcome, "fetch".status, "fetch".url,
       "fetch".final_url, "fetch".bytes, "fetch".sha256, "fetch".headers
  FROM aiwire."fetch";

COMMENT ON VIEW timeline.fetches IS 'Every attempt to fetch a source, whatever came of it, as long as it is kept.';
COMMENT ON COLUMN timeline.fetches.source IS 'The id of the source.';
COMMENT ON COLUMN timeline.fetches.started_at IS 'When it was asked.';
COMMENT ON COLUMN timeline.fetches.finished_at IS 'When the answer was whole, or given up.';
COMMENT ON COLUMN timeline.fetches.outcome IS 'What came of it, as one word: changed, not_modified, timeout...';
COMMENT ON COLUMN timeline.fetches.status IS 'The HTTP status; null: no answer.';
COMMENT ON COLUMN timeline.fetches.url IS 'What was asked for.';
COMMENT ON COLUMN timeline.fetches.final_url IS 'Where redirects led to.';
COMMENT ON COLUMN timeline.fetches.bytes IS 'How many were received, before they were unpacked.';
COMMENT ON COLUMN timeline.fetches.sha256 IS 'Of the bytes it came to: timeline.snapshots has them; null: none.';
COMMENT ON COLUMN timeline.fetches.headers IS 'Those of the answer that are kept, by lower-case name, as JSON: none that could be a secret.';

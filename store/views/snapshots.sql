CREATE OR REPLACE VIEW timeline.snapshots AS
SELECT snapshot.sha256, snapshot.bytes, snapshot.content_type, snapshot.stored_at, body.zstd
  FROM aiwire.snapshot LEFT JOIN aiwire.body USING (sha256);

COMMENT ON VIEW timeline.snapshots IS 'The distinct bytes the sources have sent, by their hash.';
COMMENT ON COLUMN timeline.snapshots.sha256 IS 'Of the bytes as received, in hex.';
COMMENT ON COLUMN timeline.snapshots.bytes IS 'How many they are, unpacked.';
COMMENT ON COLUMN timeline.snapshots.content_type IS 'What the server called them: not to be trusted.';
COMMENT ON COLUMN timeline.snapshots.stored_at IS 'When they were first kept.';
COMMENT ON COLUMN timeline.snapshots.zstd IS 'The bytes, compressed with zstd.';

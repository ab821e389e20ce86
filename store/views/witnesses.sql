CREATE OR REPLACE VIEW timeline.witnesses AS
SELECT witness.story AS event, event.id AS witness, event.kind, event.source, source.provider AS teller, event.trust,
       event.observed_at, event.after ->> 'url' AS url, event.headline
  FROM aiwire.witness JOIN aiwire.event ON event.id = witness.event JOIN aiwire.source ON source.id = event.source
 WHERE event.withdrawn_at IS NULL;

COMMENT ON VIEW timeline.witnesses IS
    'The same change as other sources saw it: one row for each event that tells what a more trusted or earlier one tells.';
COMMENT ON COLUMN timeline.witnesses.event IS 'The event whose story it is: the most trusted, then the earliest.';
COMMENT ON COLUMN timeline.witnesses.witness IS 'The event that tells the same.';
COMMENT ON COLUMN timeline.witnesses.kind IS 'Its kind.';
COMMENT ON COLUMN timeline.witnesses.source IS 'The source that says so.';
COMMENT ON COLUMN timeline.witnesses.teller IS 'Whose page, feed or catalogue that is.';
COMMENT ON COLUMN timeline.witnesses.trust IS 'official, cloud, reseller, catalogue or press.';
COMMENT ON COLUMN timeline.witnesses.observed_at IS 'When it was first seen there.';
COMMENT ON COLUMN timeline.witnesses.url IS 'Where.';
COMMENT ON COLUMN timeline.witnesses.headline IS 'How it was said there.';

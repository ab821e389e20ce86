CREATE OR REPLACE VIEW timeline.source_issues AS
SELECT issue.id, issue.source, issue.code, issue.message, issue.locator, issue.fatal, issue.seq, issue.first_seen,
       issue.last_seen, issue.closed_at
  FROM aiwire.issue;

COMMENT ON VIEW timeline.source_issues IS
    'What was not understood, or not believed, of a source: once each while it lasts.';
COMMENT ON COLUMN timeline.source_issues.id IS 'Counts the issues in order of their opening.';
COMMENT ON COLUMN timeline.source_issues.source IS 'The id of the source.';
COMMENT ON COLUMN timeline.source_issues.code IS 'A stable word for the kind of problem: unknown_unit, bot_wall...';
COMMENT ON COLUMN timeline.source_issues.message IS 'What was found, and what was expected.';
COMMENT ON COLUMN timeline.source_issues.locator IS 'Where in the document.';
COMMENT ON COLUMN timeline.source_issues.fatal IS 'True: the whole capture was not believed.';
COMMENT ON COLUMN timeline.source_issues.seq IS 'The capture, where there is one: see timeline.captures.';
COMMENT ON COLUMN timeline.source_issues.first_seen IS 'When it began.';
COMMENT ON COLUMN timeline.source_issues.last_seen IS 'When it was last found.';
COMMENT ON COLUMN timeline.source_issues.closed_at IS 'When it was no longer found; null: it lasts.';

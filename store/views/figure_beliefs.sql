CREATE OR REPLACE VIEW timeline.figure_beliefs AS
SELECT figure.provider, figure.subject, figure.measure, figure.number AS value, figure.upto, figure.plus, figure.minus,
       figure.qualifier, figure.unit, figure.period, figure.scope,
       lower(figure.effective) AS effective_from,
       upper(figure.effective) AS effective_to,
       figure.seen_until,
       lower(figure.known) AS known_from,
       upper(figure.known) AS known_to,
       figure.source, figure.trust, figure.origin, figure.label, figure.locator, figure.key,
       figure.first_seq, figure.last_seq, figure.first_snapshot, figure.last_snapshot, figure.recorded_at,
       figure.effective, figure.known
  FROM aiwire.figure
 WHERE figure.superseded_at IS NULL;

COMMENT ON VIEW timeline.figure_beliefs IS
    'Figures in two times: what each watched table made us believe (effective), and from when until when we believed it '
    '(known).';
COMMENT ON COLUMN timeline.figure_beliefs.provider IS 'Who publishes the table, by id.';
COMMENT ON COLUMN timeline.figure_beliefs.subject IS 'What the figure is about, as the table prints it.';
COMMENT ON COLUMN timeline.figure_beliefs.measure IS 'What is measured, as the source''s configuration calls it.';
COMMENT ON COLUMN timeline.figure_beliefs.value IS 'The figure with the digits as printed; of a range its lower end.';
COMMENT ON COLUMN timeline.figure_beliefs.upto IS 'The upper end of a range; null: no range.';
COMMENT ON COLUMN timeline.figure_beliefs.plus IS 'The margin of error upwards, where the table has one.';
COMMENT ON COLUMN timeline.figure_beliefs.minus IS 'The margin of error downwards.';
COMMENT ON COLUMN timeline.figure_beliefs.qualifier IS 'How the table softens it: about, below, above, at least, at most.';
COMMENT ON COLUMN timeline.figure_beliefs.unit IS 'The unit: percent, points, million gallons...';
COMMENT ON COLUMN timeline.figure_beliefs.period IS
    'The time the figure is about: 2024, 2024-Q1, 2024-03, FY2024; null: the table does not say.';
COMMENT ON COLUMN timeline.figure_beliefs.scope IS 'What else tells it from others of its subject, as JSON.';
COMMENT ON COLUMN timeline.figure_beliefs.effective_from IS 'Since when the table shows it: when it was first seen.';
COMMENT ON COLUMN timeline.figure_beliefs.effective_to IS
    'When it was first seen to be another, or gone (exclusive); null: it still stands.';
COMMENT ON COLUMN timeline.figure_beliefs.known_from IS 'Since when the evidence said so.';
COMMENT ON COLUMN timeline.figure_beliefs.source IS 'Which source says so: see timeline.source_health.';
COMMENT ON COLUMN timeline.figure_beliefs.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.figure_beliefs.origin IS 'live (seen by aiwire) or import (from kept captures).';
COMMENT ON COLUMN timeline.figure_beliefs.label IS 'The cell as the table prints it.';
COMMENT ON COLUMN timeline.figure_beliefs.locator IS 'Where in the capture: table, row and column.';
COMMENT ON COLUMN timeline.figure_beliefs.key IS
    'What makes it the same figure over time, within its source: subject, measure, scope, period.';
COMMENT ON COLUMN timeline.figure_beliefs.first_seq IS 'The first capture that says so: see timeline.captures.';
COMMENT ON COLUMN timeline.figure_beliefs.last_seq IS 'The last capture that says so, as far as it is noted.';
COMMENT ON COLUMN timeline.figure_beliefs.first_snapshot IS 'The bytes of the first: see timeline.snapshots.';
COMMENT ON COLUMN timeline.figure_beliefs.last_snapshot IS 'The bytes of the last.';
COMMENT ON COLUMN timeline.figure_beliefs.recorded_at IS 'When this database wrote the row.';
COMMENT ON COLUMN timeline.figure_beliefs.effective IS 'effective_from to effective_to as a range: ask with @>.';
COMMENT ON COLUMN timeline.figure_beliefs.seen_until IS
    'Where there is an end: the last look that still found it; it ended between this and effective_to.';
COMMENT ON COLUMN timeline.figure_beliefs.known_to IS 'Until when the evidence said so (exclusive); null: it still does.';
COMMENT ON COLUMN timeline.figure_beliefs.known IS 'known_from to known_to as a range: ask with @>.';

CREATE OR REPLACE VIEW timeline.corrections AS
SELECT coalesce(event.withdrawn_at, event.recorded_at) AS corrected_at,
       CASE WHEN event.withdrawn_at IS NOT NULL THEN 'withdrawn' WHEN event.late THEN 'late' ELSE 'corrected' END AS what,
       event.kind, event.headline, event.withdrawn_because AS because, event.provider, event.model, event.model_id,
       event.meter, event.old, event.new, event.observed_at, event.recorded_at, event.source, event.trust, event.id
  FROM aiwire.event
 WHERE event.withdrawn_at IS NOT NULL OR event.kind = 'price.corrected' OR (event.late AND NOT event.baseline);

COMMENT ON VIEW timeline.corrections IS
    'Where we, or a provider, were wrong: events taken back, prices restated for the past, changes told late.';
COMMENT ON COLUMN timeline.corrections.corrected_at IS 'When it was put right here.';
COMMENT ON COLUMN timeline.corrections.what IS
    'withdrawn (we took the event back), corrected (the page restates its past) or late (read only long after it happened).';
COMMENT ON COLUMN timeline.corrections.kind IS 'The kind of the event.';
COMMENT ON COLUMN timeline.corrections.headline IS 'What the event says.';
COMMENT ON COLUMN timeline.corrections.because IS 'Why it was taken back; null otherwise.';
COMMENT ON COLUMN timeline.corrections.provider IS 'Whose price, model or news it is.';
COMMENT ON COLUMN timeline.corrections.model IS 'The name as the page prints it.';
COMMENT ON COLUMN timeline.corrections.model_id IS 'The id it stands for; null where it is not known.';
COMMENT ON COLUMN timeline.corrections.meter IS 'What is billed, of prices.';
COMMENT ON COLUMN timeline.corrections.old IS 'What was said before, as JSON.';
COMMENT ON COLUMN timeline.corrections.new IS 'What the event says instead, as JSON.';
COMMENT ON COLUMN timeline.corrections.observed_at IS 'The first good look that showed it.';
COMMENT ON COLUMN timeline.corrections.recorded_at IS 'When this database wrote the event.';
COMMENT ON COLUMN timeline.corrections.source IS 'Which source said so.';
COMMENT ON COLUMN timeline.corrections.trust IS 'official, cloud, reseller, catalogue or press: who said so.';
COMMENT ON COLUMN timeline.corrections.id IS 'The event: see timeline.events.';

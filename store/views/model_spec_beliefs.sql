CREATE OR REPLACE VIEW timeline.model_spec_beliefs AS
SELECT provider, model_id, model, context_window, max_output, input_modalities, output_modalities, weights, released_on,
       retires_on, knowledge_cutoff, lower(effective) AS since, upper(effective) AS until,
       lower(known) AS known_from, upper(known) AS known_to, source, trust, origin, locator, key,
       first_snapshot, recorded_at, effective, known
  FROM aiwire.spec
 WHERE superseded_at IS NULL;

COMMENT ON VIEW timeline.model_spec_beliefs IS
    'What each source said of a model beside its price, in two times: when it held (effective), and from when until when '
    'we believed it (known).';
COMMENT ON COLUMN timeline.model_spec_beliefs.provider IS 'Who offers it, by id.';
COMMENT ON COLUMN timeline.model_spec_beliefs.model_id IS 'The id the provider''s API takes, where known.';
COMMENT ON COLUMN timeline.model_spec_beliefs.model IS 'As the source lists it.';
COMMENT ON COLUMN timeline.model_spec_beliefs.context_window IS 'Tokens a prompt may have.';
COMMENT ON COLUMN timeline.model_spec_beliefs.max_output IS 'Tokens an answer may have.';
COMMENT ON COLUMN timeline.model_spec_beliefs.input_modalities IS 'Kinds of content it reads: text, image, audio, video, pdf.';
COMMENT ON COLUMN timeline.model_spec_beliefs.output_modalities IS 'Kinds of content it makes.';
COMMENT ON COLUMN timeline.model_spec_beliefs.weights IS 'open, closed, or the licence as the source prints it.';
COMMENT ON COLUMN timeline.model_spec_beliefs.released_on IS 'YYYY-MM-DD or YYYY-MM.';
COMMENT ON COLUMN timeline.model_spec_beliefs.retires_on IS 'As this source says: a notice of the provider is in timeline.model_status.';
COMMENT ON COLUMN timeline.model_spec_beliefs.knowledge_cutoff IS 'YYYY-MM-DD or YYYY-MM.';
COMMENT ON COLUMN timeline.model_spec_beliefs.since IS 'The first look that found it so.';
COMMENT ON COLUMN timeline.model_spec_beliefs.until IS 'The first look that found it otherwise, or gone (exclusive); null: it still stands.';
COMMENT ON COLUMN timeline.model_spec_beliefs.known_from IS 'Since when the evidence said so.';
COMMENT ON COLUMN timeline.model_spec_beliefs.known_to IS 'Until when the evidence said so (exclusive); null: it still does.';
COMMENT ON COLUMN timeline.model_spec_beliefs.source IS 'Which source said so.';
COMMENT ON COLUMN timeline.model_spec_beliefs.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.model_spec_beliefs.origin IS 'live, import or bundled.';
COMMENT ON COLUMN timeline.model_spec_beliefs.locator IS 'Where in the capture.';
COMMENT ON COLUMN timeline.model_spec_beliefs.key IS 'What makes it the same model over time, within its source.';
COMMENT ON COLUMN timeline.model_spec_beliefs.first_snapshot IS 'The bytes that first said so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.model_spec_beliefs.recorded_at IS 'When this database wrote the row.';
COMMENT ON COLUMN timeline.model_spec_beliefs.effective IS 'since to until as a range: ask with @>.';
COMMENT ON COLUMN timeline.model_spec_beliefs.known IS 'known_from to known_to as a range: ask with @>.';

CREATE OR REPLACE VIEW timeline.model_specs AS
SELECT provider, model_id, model, context_window, max_output, input_modalities, output_modalities, weights, released_on,
       retires_on, knowledge_cutoff, lower(effective) AS since, source, trust, origin, locator, first_snapshot, recorded_at
  FROM aiwire.spec
 WHERE superseded_at IS NULL AND upper_inf(known) AND upper_inf(effective);

COMMENT ON VIEW timeline.model_specs IS
    'What each source says of a model now, beside its price: one row per source and listing.';
COMMENT ON COLUMN timeline.model_specs.provider IS 'Who offers it, by id.';
COMMENT ON COLUMN timeline.model_specs.model_id IS 'The id the provider''s API takes, where known.';
COMMENT ON COLUMN timeline.model_specs.model IS 'As the source lists it.';
COMMENT ON COLUMN timeline.model_specs.context_window IS 'Tokens a prompt may have.';
COMMENT ON COLUMN timeline.model_specs.max_output IS 'Tokens an answer may have.';
COMMENT ON COLUMN timeline.model_specs.input_modalities IS 'Kinds of content it reads: text, image, audio, video, pdf.';
COMMENT ON COLUMN timeline.model_specs.output_modalities IS 'Kinds of content it makes.';
COMMENT ON COLUMN timeline.model_specs.weights IS 'open, closed, or the licence as the source prints it.';
COMMENT ON COLUMN timeline.model_specs.released_on IS 'YYYY-MM-DD or YYYY-MM.';
COMMENT ON COLUMN timeline.model_specs.retires_on IS 'As this source says: a notice of the provider is in timeline.model_status.';
COMMENT ON COLUMN timeline.model_specs.knowledge_cutoff IS 'YYYY-MM-DD or YYYY-MM.';
COMMENT ON COLUMN timeline.model_specs.since IS 'The first look that found it so.';
COMMENT ON COLUMN timeline.model_specs.source IS 'Which source said so.';
COMMENT ON COLUMN timeline.model_specs.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.model_specs.origin IS 'live, import or bundled.';
COMMENT ON COLUMN timeline.model_specs.locator IS 'Where in the capture.';
COMMENT ON COLUMN timeline.model_specs.first_snapshot IS 'The bytes that first said so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.model_specs.recorded_at IS 'When this database wrote the row.';

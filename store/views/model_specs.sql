CREATE OR REPLACE VIEW timeline.model_specs AS
SELECT provider, model_id, model, context_window, max_output, input_modalities, output_modalities, weights, released_on,
       retires_on, knowledge_cutoff, since, source, trust, origin, locator, first_snapshot, recorded_at
  FROM timeline.model_spec_beliefs
 WHERE upper_inf(known) AND upper_inf(effective);

COMMENT ON VIEW timeline.model_specs IS
    'What each source says of a model now, beside its price: one row per source and listing.';
DO $$
DECLARE
    known record;
BEGIN
    FOR known IN SELECT belief.attname, col_description(belief.attrelid, belief.attnum) AS meaning
                   FROM pg_attribute AS belief
                   JOIN pg_attribute AS own ON own.attname = belief.attname
                    AND own.attrelid = 'timeline.model_specs'::regclass
                  WHERE belief.attrelid = 'timeline.model_spec_beliefs'::regclass AND belief.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN timeline.model_specs.%I IS %L', known.attname, known.meaning);
    END LOOP;
END $$;

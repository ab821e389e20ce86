CREATE OR REPLACE FUNCTION timeline.model_specs_asof(at timestamptz, known_at timestamptz DEFAULT 'infinity')
RETURNS TABLE (
    provider text, model_id text, model text, context_window bigint, max_output bigint, input_modalities text[],
    output_modalities text[], weights text, released_on text, retires_on text, knowledge_cutoff text,
    since timestamptz, source text, trust text, origin text, locator text, first_snapshot text, recorded_at timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT provider, model_id, model, context_window, max_output, input_modalities, output_modalities, weights,
           released_on, retires_on, knowledge_cutoff, since, source, trust, origin, locator, first_snapshot, recorded_at
      FROM timeline.model_spec_beliefs AS belief
     WHERE belief.effective @> model_specs_asof.at AND belief.known @> model_specs_asof.known_at
$$;

COMMENT ON FUNCTION timeline.model_specs_asof(timestamptz, timestamptz) IS
    'What each source said of a model beside its price at a moment, as it was known at another (known_at; by default as '
    'known now). Before the first look nothing is known. Columns as in timeline.model_specs.';

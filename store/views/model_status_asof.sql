{{both times: model_status_asof}}
CREATE OR REPLACE FUNCTION timeline.model_status_asof({{times}})
RETURNS TABLE (
    provider text, subject_kind text, model text, model_id text, status text, label text, release_stage text,
    announced_on text, deprecates_on text, retires_on text, not_before text, replacements text[], scope jsonb,
    effective_from timestamptz, effective_to timestamptz, certain boolean, seen_until timestamptz,
    known_from timestamptz, source text, trust text, origin text, locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT DISTINCT ON (model_id, provider, subject_kind, key) *
      FROM timeline.model_claims({{moments}})
     ORDER BY model_id, provider, subject_kind, key,
              array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], trust),
              seen_until DESC NULLS LAST, effective_from DESC, source
$$;
{{end}}

COMMENT ON FUNCTION timeline.model_status_asof(timestamptz) IS
    'Where every model was in its life at a moment, as far as is known now, from the best source of each (by trust, then '
    'by how lately it looked). `certain`: a look found it so at that moment or later; else it was last seen so at '
    'seen_until. Columns as in timeline.model_history.';
COMMENT ON FUNCTION timeline.model_status_asof(timestamptz, timestamptz) IS
    'Where every model was in its life at a moment, as it was known at another (known_at). Otherwise as '
    'timeline.model_status_asof(at).';

CREATE OR REPLACE FUNCTION timeline.model_claims(at timestamptz)
RETURNS TABLE (
    provider text, subject_kind text, model text, model_id text, status text, label text, release_stage text,
    announced_on text, deprecates_on text, retires_on text, not_before text, replacements text[], scope jsonb,
    effective_from timestamptz, effective_to timestamptz, certain boolean, seen_until timestamptz,
    known_from timestamptz, source text, trust text, origin text, locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT provider, subject_kind, model, model_id, status, label, release_stage, announced_on, deprecates_on,
           retires_on, not_before, replacements, scope, effective_from, effective_to,
           NOT held AND model_claims.at <= seen_until, seen_until, known_from, source, trust, origin, locator, key,
           first_snapshot
      FROM timeline.model_history
     WHERE effective @> model_claims.at
$$;

CREATE OR REPLACE FUNCTION timeline.model_claims(at timestamptz, known_at timestamptz)
RETURNS TABLE (
    provider text, subject_kind text, model text, model_id text, status text, label text, release_stage text,
    announced_on text, deprecates_on text, retires_on text, not_before text, replacements text[], scope jsonb,
    effective_from timestamptz, effective_to timestamptz, certain boolean, seen_until timestamptz,
    known_from timestamptz, source text, trust text, origin text, locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT belief.provider, belief.subject_kind, belief.model, belief.model_id, belief.status, belief.label,
           belief.release_stage, belief.announced_on, belief.deprecates_on, belief.retires_on, belief.not_before,
           belief.replacements, belief.scope, belief.effective_from, belief.effective_to,
           model_claims.at <= looked.until, looked.until, belief.known_from, belief.source, belief.trust,
           belief.origin, belief.locator, belief.key, belief.first_snapshot
      FROM timeline.model_beliefs AS belief
      {{last look: model_claims.known_at}}
      CROSS JOIN LATERAL (
          -- Bundled history has the last look with the row, whenever it was.
          SELECT least(coalesce(belief.seen_until,
                                least(belief.effective_to, coalesce(look.seen, belief.known_from))),
                       model_claims.known_at) AS until
      ) AS looked
     WHERE belief.effective @> model_claims.at AND belief.known @> model_claims.known_at
$$;

COMMENT ON FUNCTION timeline.model_claims(timestamptz) IS
    'Where each source says every model was in its life at a moment, as far as is known now; timeline.model_status_asof '
    'picks the best. `certain`: a look found it so at that moment or later. Columns as in timeline.model_history.';
COMMENT ON FUNCTION timeline.model_claims(timestamptz, timestamptz) IS
    'Where each source said every model was in its life at a moment, as it was known at another (known_at).';

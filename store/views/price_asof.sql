CREATE OR REPLACE FUNCTION timeline.price_asof(at timestamptz)
RETURNS TABLE (
    provider text, model text, model_id text, meter text, conditions jsonb, state text, amount numeric, currency text,
    per numeric, unit text, per_million numeric, effective_from timestamptz, effective_to timestamptz, basis text,
    certain boolean, seen_until timestamptz, known_from timestamptz, source text, trust text, origin text, label text,
    locator text, key text, first_snapshot text, unit_amount numeric, qualifier text, held boolean, first_seq int,
    last_seq int, last_snapshot text, recorded_at timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    {{speaks:
    provider, model, model_id, meter, conditions, state, amount, currency, per, unit, per_million,
    effective_from, effective_to, basis, certain, seen_until, known_from, source, trust, origin, label, locator,
    key, first_snapshot, unit_amount, qualifier, held, first_seq, last_seq, last_snapshot, recorded_at
    | timeline.price_claims(price_asof.at) | price_asof.at | NULL}}
$$;

CREATE OR REPLACE FUNCTION timeline.price_asof(at timestamptz, known_at timestamptz)
RETURNS TABLE (
    provider text, model text, model_id text, meter text, conditions jsonb, state text, amount numeric, currency text,
    per numeric, unit text, per_million numeric, effective_from timestamptz, effective_to timestamptz, basis text,
    certain boolean, seen_until timestamptz, known_from timestamptz, source text, trust text, origin text, label text,
    locator text, key text, first_snapshot text, unit_amount numeric, qualifier text, held boolean, first_seq int,
    last_seq int, last_snapshot text, recorded_at timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    {{speaks:
    provider, model, model_id, meter, conditions, state, amount, currency, per, unit, per_million,
    effective_from, effective_to, basis, certain, seen_until, known_from, source, trust, origin, label, locator,
    key, first_snapshot, unit_amount, qualifier, held, first_seq, last_seq, last_snapshot, recorded_at
    | timeline.price_claims(price_asof.at, price_asof.known_at) | price_asof.at | price_asof.known_at}}
$$;

COMMENT ON FUNCTION timeline.price_asof(timestamptz) IS
    'What everything cost at a moment, as far as is known now: each price once, as the source says that speaks for it (by '
    'trust; of those as trusted that differ, whose amount was told last: docs/sql.md, timeline.price_standing). What the '
    'others say: timeline.price_claims(at). `certain`: a look found it so at that moment or later; else it was last seen so '
    'at seen_until and may have been otherwise by then. Columns as in timeline.price_history.';
COMMENT ON FUNCTION timeline.price_asof(timestamptz, timestamptz) IS
    'What everything cost at a moment, as it was known at another (known_at): what was announced but later cancelled is '
    'there, what was learnt later is not. Otherwise as timeline.price_asof(at).';

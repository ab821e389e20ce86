CREATE OR REPLACE FUNCTION timeline.price_asof(at timestamptz)
RETURNS TABLE (
    provider text, model text, model_id text, meter text, conditions jsonb, state text, amount numeric, currency text,
    per numeric, unit text, per_million numeric, effective_from timestamptz, effective_to timestamptz, basis text,
    certain boolean, seen_until timestamptz, known_from timestamptz, source text, trust text, origin text, label text,
    locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT DISTINCT ON (model_id, provider, meter, currency, unit, conditions, CASE WHEN model_id IS NULL THEN key END) *
      FROM timeline.price_claims(price_asof.at)
     ORDER BY model_id, provider, meter, currency, unit, conditions, CASE WHEN model_id IS NULL THEN key END,
              array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], trust),
              seen_until DESC NULLS LAST, effective_from DESC, source
$$;

CREATE OR REPLACE FUNCTION timeline.price_asof(at timestamptz, known_at timestamptz)
RETURNS TABLE (
    provider text, model text, model_id text, meter text, conditions jsonb, state text, amount numeric, currency text,
    per numeric, unit text, per_million numeric, effective_from timestamptz, effective_to timestamptz, basis text,
    certain boolean, seen_until timestamptz, known_from timestamptz, source text, trust text, origin text, label text,
    locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT DISTINCT ON (model_id, provider, meter, currency, unit, conditions, CASE WHEN model_id IS NULL THEN key END) *
      FROM timeline.price_claims(price_asof.at, price_asof.known_at)
     ORDER BY model_id, provider, meter, currency, unit, conditions, CASE WHEN model_id IS NULL THEN key END,
              array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], trust),
              seen_until DESC NULLS LAST, effective_from DESC, source
$$;

COMMENT ON FUNCTION timeline.price_asof(timestamptz) IS
    'What everything cost at a moment, as far as is known now, from the best source of each price (by trust, then by how '
    'lately it looked). `certain`: a look found it so at that moment or later; else it was last seen so at seen_until and '
    'may have been otherwise by then. Columns as in timeline.price_history.';
COMMENT ON FUNCTION timeline.price_asof(timestamptz, timestamptz) IS
    'What everything cost at a moment, as it was known at another (known_at): what was announced but later cancelled is '
    'there, what was learnt later is not. Otherwise as timeline.price_asof(at).';

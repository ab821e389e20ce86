CREATE OR REPLACE FUNCTION timeline.price_claims(at timestamptz)
RETURNS TABLE (
    provider text, model text, model_id text, meter text, conditions jsonb, state text, amount numeric, currency text,
    per numeric, unit text, per_million numeric, effective_from timestamptz, effective_to timestamptz, basis text,
    certain boolean, seen_until timestamptz, known_from timestamptz, source text, trust text, origin text, label text,
    locator text, key text, first_snapshot text, unit_amount numeric, qualifier text, held boolean, first_seq int,
    last_seq int, last_snapshot text, recorded_at timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT provider, model, model_id, meter, conditions, state, amount, currency, per, unit, per_million, effective_from,
           effective_to, basis, NOT held AND price_claims.at <= seen_until, seen_until, known_from, source, trust,
           origin, label, locator, key, first_snapshot, unit_amount, qualifier, held, first_seq, last_seq,
           last_snapshot, recorded_at
      FROM timeline.price_history
     WHERE effective @> price_claims.at
       -- The same again in forms that indexes on the ends answer.
       AND coalesce(upper(effective), 'infinity'::timestamptz) > price_claims.at
       AND lower(effective) <= price_claims.at
$$;

CREATE OR REPLACE FUNCTION timeline.price_claims(at timestamptz, known_at timestamptz)
RETURNS TABLE (
    provider text, model text, model_id text, meter text, conditions jsonb, state text, amount numeric, currency text,
    per numeric, unit text, per_million numeric, effective_from timestamptz, effective_to timestamptz, basis text,
    certain boolean, seen_until timestamptz, known_from timestamptz, source text, trust text, origin text, label text,
    locator text, key text, first_snapshot text, unit_amount numeric, qualifier text, held boolean, first_seq int,
    last_seq int, last_snapshot text, recorded_at timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT belief.provider, belief.model, belief.model_id, belief.meter, belief.conditions, belief.state, belief.amount,
           belief.currency, belief.per, belief.unit, belief.per_million, belief.effective_from, belief.effective_to,
           belief.basis, price_claims.at <= looked.until, looked.until, belief.known_from, belief.source, belief.trust,
           belief.origin, belief.label, belief.locator, belief.key, belief.first_snapshot, belief.unit_amount,
           belief.qualifier, NULL::boolean, belief.first_seq, belief.last_seq, belief.last_snapshot, belief.recorded_at
      FROM timeline.price_beliefs AS belief
      {{last look: price_claims.known_at}}
      CROSS JOIN LATERAL (
          SELECT coalesce(belief.seen_until,
                          least(belief.effective_to, coalesce(look.seen, belief.known_from))) AS until
      ) AS looked
     WHERE belief.effective @> price_claims.at AND belief.known @> price_claims.known_at
$$;

COMMENT ON FUNCTION timeline.price_claims(timestamptz) IS
    'What each source says that everything cost at a moment, as far as is known now; timeline.price_asof picks the best. '
    '`certain`: a look found it so at that moment or later; else it was last seen so at seen_until and may have been '
    'otherwise by then. Columns as in timeline.price_history.';
COMMENT ON FUNCTION timeline.price_claims(timestamptz, timestamptz) IS
    'What each source said that everything cost at a moment, as it was known at another (known_at).';

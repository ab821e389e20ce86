CREATE OR REPLACE FUNCTION timeline.price_announced(at timestamptz)
RETURNS TABLE (
    provider text, model text, model_id text, meter text, conditions jsonb, amount numeric, currency text, per numeric,
    unit text, qualifier text, effective_from timestamptz, seen_until timestamptz, source text, trust text, locator text,
    key text, first_snapshot text, known_from timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
AS $$
    SELECT provider, model, model_id, meter, conditions, amount, currency, per, unit, qualifier, effective_from, seen_until,
           source, trust, locator, key, first_snapshot, known_from
      FROM timeline.price_history
     WHERE effective_from > price_announced.at AND known_from <= price_announced.at
       -- It was known before it held: an index has these alone.
       AND effective_from - known_from > interval '0'
$$;

CREATE OR REPLACE FUNCTION timeline.price_announced(at timestamptz, known_at timestamptz)
RETURNS TABLE (
    provider text, model text, model_id text, meter text, conditions jsonb, amount numeric, currency text, per numeric,
    unit text, qualifier text, effective_from timestamptz, seen_until timestamptz, source text, trust text, locator text,
    key text, first_snapshot text, known_from timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
AS $$
    SELECT belief.provider, belief.model, belief.model_id, belief.meter, belief.conditions, belief.amount, belief.currency,
           belief.per, belief.unit, belief.qualifier, belief.effective_from,
           coalesce(belief.seen_until, least(belief.effective_to, coalesce(look.seen, belief.known_from))),
           belief.source, belief.trust, belief.locator, belief.key, belief.first_snapshot, belief.known_from
      FROM timeline.price_beliefs AS belief
      {{last look: price_announced.known_at}}
     WHERE belief.known @> price_announced.known_at AND belief.effective_from > price_announced.at
       AND belief.known_from <= price_announced.at AND belief.effective_from - belief.known_from > interval '0'
$$;

COMMENT ON FUNCTION timeline.price_announced(timestamptz) IS
    'The prices that a page had announced by a moment for a day that was still to come, as far as is known now. Columns as '
    'in timeline.price_history.';
COMMENT ON FUNCTION timeline.price_announced(timestamptz, timestamptz) IS
    'The prices that a page had announced by a moment for a day that was still to come, as it was known at another '
    '(known_at).';

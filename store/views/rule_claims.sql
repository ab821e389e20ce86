CREATE OR REPLACE FUNCTION timeline.rule_claims(at timestamptz)
RETURNS TABLE (
    jurisdiction text, instrument text, applies text, binding text, applies_from text, said_on timestamptz, url text,
    quote text, provider text, stated_from timestamptz, seen_until timestamptz, known_from timestamptz, source text,
    trust text, origin text, locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
AS $$
    SELECT jurisdiction, instrument, applies, binding, applies_from, said_on, url, quote, provider, stated_from,
           seen_until, known_from, source, trust, origin, locator, key, first_snapshot
      FROM timeline.rule_history
     WHERE stated_from <= rule_claims.at AND (stated_to IS NULL OR stated_to > rule_claims.at)
$$;

CREATE OR REPLACE FUNCTION timeline.rule_claims(at timestamptz, known_at timestamptz)
RETURNS TABLE (
    jurisdiction text, instrument text, applies text, binding text, applies_from text, said_on timestamptz, url text,
    quote text, provider text, stated_from timestamptz, seen_until timestamptz, known_from timestamptz, source text,
    trust text, origin text, locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
AS $$
    SELECT belief.jurisdiction, belief.instrument, belief.applies, belief.binding, belief.applies_from, belief.said_on,
           belief.url, belief.quote, belief.provider, belief.stated_from,
           coalesce(belief.seen_until, least(belief.stated_to, coalesce(look.seen, belief.known_from))),
           belief.known_from, belief.source, belief.trust, belief.origin, belief.locator, belief.key,
           belief.first_snapshot
      FROM timeline.rule_beliefs AS belief
      {{last look: rule_claims.known_at}}
     WHERE belief.known @> rule_claims.known_at AND belief.effective @> rule_claims.at
$$;

COMMENT ON FUNCTION timeline.rule_claims(timestamptz) IS
    'From which day each source had said by a moment that a law, regulation or order binds, or no longer does, as far as is '
    'known now; timeline.rule_dates_asof picks the last word. Columns as in timeline.rule_dates.';
COMMENT ON FUNCTION timeline.rule_claims(timestamptz, timestamptz) IS
    'From which day each source had said by a moment that a law, regulation or order binds, as it was known at another '
    '(known_at).';

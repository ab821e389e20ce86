CREATE OR REPLACE FUNCTION timeline.rule_dates_asof(at timestamptz)
RETURNS TABLE (
    jurisdiction text, instrument text, applies text, binding text, applies_from text, said_on timestamptz, url text,
    quote text, provider text, stated_from timestamptz, seen_until timestamptz, known_from timestamptz, source text,
    trust text, origin text, locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
AS $$
    WITH told AS (
        SELECT *, seen_until AS looked
          FROM timeline.rule_history
         WHERE stated_from <= rule_dates_asof.at AND (stated_to IS NULL OR stated_to > rule_dates_asof.at)
    )
    SELECT DISTINCT ON (stated.key) stated.jurisdiction, stated.instrument, stated.applies, stated.binding,
           stated.applies_from, stated.said_on, stated.url, stated.quote, stated.provider, stated.stated_from,
           stated.looked, stated.known_from, stated.source, stated.trust, stated.origin, stated.locator, stated.key,
           stated.first_snapshot
      FROM told AS stated
     WHERE stated.binding = 'withdrawn' OR NOT EXISTS (
           SELECT 1 FROM told AS gone
            WHERE gone.binding = 'withdrawn'
              AND gone.jurisdiction = stated.jurisdiction AND gone.instrument = stated.instrument
              AND gone.applies IN ('', stated.applies)
              AND coalesce(gone.said_on, gone.stated_from) >= coalesce(stated.said_on, stated.stated_from))
     ORDER BY stated.key, coalesce(stated.said_on, stated.stated_from) DESC,
              array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], stated.trust), stated.source
$$;

CREATE OR REPLACE FUNCTION timeline.rule_dates_asof(at timestamptz, known_at timestamptz)
RETURNS TABLE (
    jurisdiction text, instrument text, applies text, binding text, applies_from text, said_on timestamptz, url text,
    quote text, provider text, stated_from timestamptz, seen_until timestamptz, known_from timestamptz, source text,
    trust text, origin text, locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
AS $$
    WITH told AS (
        SELECT belief.*, coalesce(belief.seen_until,
                                 least(belief.stated_to, coalesce(look.seen, belief.known_from))) AS looked
          FROM timeline.rule_beliefs AS belief
          LEFT JOIN LATERAL (
              SELECT least(capture.last_seen, rule_dates_asof.known_at) AS seen FROM timeline.captures AS capture
               WHERE capture.source = belief.source AND capture.first_seen <= rule_dates_asof.known_at
                 AND capture.verdict IN ('good', 'accepted')
               ORDER BY capture.first_seen DESC LIMIT 1
          ) AS look ON true
         WHERE belief.known @> rule_dates_asof.known_at AND belief.effective @> rule_dates_asof.at
    )
    SELECT DISTINCT ON (stated.key) stated.jurisdiction, stated.instrument, stated.applies, stated.binding,
           stated.applies_from, stated.said_on, stated.url, stated.quote, stated.provider, stated.stated_from,
           stated.looked, stated.known_from, stated.source, stated.trust, stated.origin, stated.locator, stated.key,
           stated.first_snapshot
      FROM told AS stated
     WHERE stated.binding = 'withdrawn' OR NOT EXISTS (
           SELECT 1 FROM told AS gone
            WHERE gone.binding = 'withdrawn'
              AND gone.jurisdiction = stated.jurisdiction AND gone.instrument = stated.instrument
              AND gone.applies IN ('', stated.applies)
              AND coalesce(gone.said_on, gone.stated_from) >= coalesce(stated.said_on, stated.stated_from))
     ORDER BY stated.key, coalesce(stated.said_on, stated.stated_from) DESC,
              array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], stated.trust), stated.source
$$;

COMMENT ON FUNCTION timeline.rule_dates_asof(timestamptz) IS
    'From which day each law, regulation or order binds, as it had been stated last at a moment; as far as is known now. '
    'Columns as in timeline.rule_dates.';
COMMENT ON FUNCTION timeline.rule_dates_asof(timestamptz, timestamptz) IS
    'From which day each law, regulation or order binds, as it had been stated last at a moment, as it was known at '
    'another (known_at).';

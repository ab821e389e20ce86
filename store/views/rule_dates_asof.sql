{{both times: rule_dates_asof}}
CREATE OR REPLACE FUNCTION timeline.rule_dates_asof({{times}})
RETURNS TABLE (
    jurisdiction text, instrument text, applies text, binding text, applies_from text, said_on timestamptz, url text,
    quote text, provider text, stated_from timestamptz, seen_until timestamptz, known_from timestamptz, source text,
    trust text, origin text, locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 100
AS $$
    WITH told AS (SELECT * FROM timeline.rule_claims({{moments}}))
    SELECT DISTINCT ON (stated.key) stated.jurisdiction, stated.instrument, stated.applies, stated.binding,
           stated.applies_from, stated.said_on, stated.url, stated.quote, stated.provider, stated.stated_from,
           stated.seen_until, stated.known_from, stated.source, stated.trust, stated.origin, stated.locator, stated.key,
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
{{end}}

COMMENT ON FUNCTION timeline.rule_dates_asof(timestamptz) IS
    'From which day each law, regulation or order binds, as it had been stated last at a moment; as far as is known now. '
    'Columns as in timeline.rule_dates.';
COMMENT ON FUNCTION timeline.rule_dates_asof(timestamptz, timestamptz) IS
    'From which day each law, regulation or order binds, as it had been stated last at a moment, as it was known at '
    'another (known_at).';

CREATE OR REPLACE FUNCTION timeline.figures_asof(at timestamptz, known_at timestamptz DEFAULT 'infinity')
RETURNS TABLE (
    provider text, subject text, measure text, value numeric, upto numeric, plus numeric, minus numeric, qualifier text,
    unit text, period text, scope jsonb, effective_from timestamptz, effective_to timestamptz, seen_until timestamptz,
    known_from timestamptz, source text, trust text, origin text, label text, locator text, key text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT provider, subject, measure, value, upto, plus, minus, qualifier, unit, period, scope, effective_from,
           effective_to, seen_until, known_from, source, trust, origin, label, locator, key, first_snapshot
      FROM timeline.figure_beliefs
     WHERE effective @> figures_asof.at
       AND CASE WHEN figures_asof.known_at = 'infinity' THEN upper_inf(known) ELSE known @> figures_asof.known_at END
$$;

COMMENT ON FUNCTION timeline.figures_asof(timestamptz, timestamptz) IS
    'What every watched table showed at a moment, as it was known at another (known_at; by default as known now). Columns '
    'as in timeline.figure_history.';

CREATE OR REPLACE FUNCTION timeline.figures_asof(at timestamptz, known_at timestamptz DEFAULT 'infinity')
RETURNS TABLE (
    provider text, subject text, measure text, value numeric, upto numeric, plus numeric, minus numeric, qualifier text,
    unit text, period text, scope jsonb, effective_from timestamptz, effective_to timestamptz, seen_until timestamptz,
    known_from timestamptz, source text, trust text, origin text, label text, locator text, key text, first_snapshot text,
    was numeric, change_pct numeric
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT belief.provider, belief.subject, belief.measure, belief.value, belief.upto, belief.plus, belief.minus,
           belief.qualifier, belief.unit, belief.period, belief.scope, belief.effective_from, belief.effective_to,
           coalesce(belief.seen_until, least(belief.effective_to, coalesce(look.seen, belief.known_from))),
           belief.known_from, belief.source, belief.trust, belief.origin, belief.label, belief.locator, belief.key,
           belief.first_snapshot, before.value,
           CASE WHEN before.unit = belief.unit AND before.value <> 0
                THEN round((belief.value - before.value) * 100 / abs(before.value), 2) END
      FROM timeline.figure_beliefs AS belief
      {{last look: figures_asof.known_at}}
      LEFT JOIN LATERAL (
          SELECT earlier.value, earlier.unit FROM timeline.figure_beliefs AS earlier
           WHERE earlier.source = belief.source AND earlier.key = belief.key AND earlier.known @> figures_asof.known_at
             AND upper(earlier.effective) <= belief.effective_from
           ORDER BY upper(earlier.effective) DESC LIMIT 1
      ) AS before ON true
     WHERE belief.effective @> figures_asof.at AND belief.known @> figures_asof.known_at
$$;

COMMENT ON FUNCTION timeline.figures_asof(timestamptz, timestamptz) IS
    'What every watched table showed at a moment, as it was known at another (known_at; by default as known now), with what stood there before. Columns '
    'as in timeline.figure_history.';

CREATE OR REPLACE FUNCTION timeline.figures_asof(at timestamptz, known_at timestamptz DEFAULT 'infinity')
RETURNS TABLE (
    provider text, subject text, measure text, value numeric, upto numeric, plus numeric, minus numeric, qualifier text,
    unit text, period text, scope jsonb, effective_from timestamptz, effective_to timestamptz, seen_until timestamptz,
    known_from timestamptz, source text, trust text, origin text, label text, locator text, key text, first_snapshot text,
    was numeric, change_pct numeric
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT figure.provider, figure.subject, figure.measure, figure.value, figure.upto, figure.plus, figure.minus,
           figure.qualifier, figure.unit, figure.period, figure.scope, figure.effective_from, figure.effective_to,
           coalesce(figure.seen_until, least(figure.effective_to, coalesce(look.seen, figure.known_from))),
           figure.known_from, figure.source, figure.trust, figure.origin, figure.label, figure.locator, figure.key,
           figure.first_snapshot, before.value,
           CASE WHEN before.unit = figure.unit AND before.value <> 0
                THEN round((figure.value - before.value) * 100 / abs(before.value), 2) END
      FROM timeline.figure_beliefs AS figure
      LEFT JOIN LATERAL (
          SELECT least(capture.last_seen, figures_asof.known_at) AS seen FROM timeline.captures AS capture
           WHERE capture.source = figure.source AND capture.first_seen <= figures_asof.known_at
             AND capture.verdict IN ('good', 'accepted')
           ORDER BY capture.first_seen DESC LIMIT 1
      ) AS look ON true
      LEFT JOIN LATERAL (
          SELECT earlier.value, earlier.unit FROM timeline.figure_beliefs AS earlier
           WHERE earlier.source = figure.source AND earlier.key = figure.key AND earlier.known @> figures_asof.known_at
             AND upper(earlier.effective) <= figure.effective_from
           ORDER BY upper(earlier.effective) DESC LIMIT 1
      ) AS before ON true
     WHERE figure.effective @> figures_asof.at AND figure.known @> figures_asof.known_at
$$;

COMMENT ON FUNCTION timeline.figures_asof(timestamptz, timestamptz) IS
    'What every watched table showed at a moment, as it was known at another (known_at; by default as known now), with what stood there before. Columns '
    'as in timeline.figure_history.';

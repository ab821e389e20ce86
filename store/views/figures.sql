CREATE OR REPLACE VIEW timeline.figures AS
SELECT now.provider, now.subject, now.measure, now.value, now.upto, now.plus, now.minus, now.qualifier, now.unit,
       now.period, now.scope, now.effective_from,
       before.value AS was,
       CASE WHEN before.unit = now.unit AND before.value <> 0
            THEN round((now.value - before.value) * 100 / abs(before.value), 2) END AS change_pct,
       now.seen_until, now.held, now.known_from, now.source, now.trust, now.origin, now.label, now.locator, now.key,
       now.first_snapshot, now.recorded_at
  FROM timeline.figure_history AS now
  LEFT JOIN LATERAL (
      SELECT earlier.value, earlier.unit FROM timeline.figure_beliefs AS earlier
       WHERE earlier.source = now.source AND earlier.key = now.key AND upper_inf(earlier.known)
         AND upper(earlier.effective) <= now.effective_from
       ORDER BY upper(earlier.effective) DESC LIMIT 1
  ) AS before ON true
 WHERE now.effective_to IS NULL;

COMMENT ON VIEW timeline.figures IS
    'What every watched table shows now (leaderboards, rates, water and energy, densities), one row per figure, with what '
    'stood there before.';
DO $$
DECLARE
    known record;
BEGIN
    FOR known IN SELECT history.attname, col_description(history.attrelid, history.attnum) AS meaning
                   FROM pg_attribute AS history
                   JOIN pg_attribute AS own ON own.attname = history.attname
                    AND own.attrelid = 'timeline.figures'::regclass
                  WHERE history.attrelid = 'timeline.figure_history'::regclass AND history.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN timeline.figures.%I IS %L', known.attname, known.meaning);
    END LOOP;
END $$;
COMMENT ON COLUMN timeline.figures.was IS 'What stood there before; null: nothing that was seen.';
COMMENT ON COLUMN timeline.figures.change_pct IS 'From `was` to `value`, in per cent of the size of `was`; null: not comparable.';

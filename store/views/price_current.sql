CREATE OR REPLACE VIEW timeline.price_current AS
SELECT provider, model, model_id, meter, conditions, state, amount, currency, per, unit, per_million, effective_from,
       effective_to, basis, seen_until, known_from, source, trust, origin, label, locator, key, first_snapshot,
       unit_amount, qualifier, held, first_seq, last_seq, last_snapshot, recorded_at
  FROM timeline.clock, LATERAL timeline.price_asof(clock.now);

DO $$
DECLARE
    known record;
BEGIN
    FOR known IN SELECT attname, col_description(attrelid, attnum) AS meaning FROM pg_attribute
                  WHERE attrelid = 'timeline.price_history'::regclass AND attname NOT IN ('effective', 'lineage')
    LOOP
        EXECUTE format('COMMENT ON COLUMN timeline.price_current.%I IS %L', known.attname, known.meaning);
    END LOOP;
END $$;
COMMENT ON VIEW timeline.price_current IS
    'What everything costs now: one row per price, as the source says that speaks for it, chosen as in timeline.price_asof.';
COMMENT ON COLUMN timeline.price_current.seen_until IS 'The last look that found it so.';

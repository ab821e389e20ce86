CREATE OR REPLACE VIEW timeline.price_current AS
SELECT DISTINCT ON (model_id, provider, meter, currency, unit, conditions, CASE WHEN model_id IS NULL THEN key END)
       provider, model, model_id, meter, conditions, state, amount, currency, per, unit, per_million, qualifier,
       effective_from, effective_to, basis, seen_until, held, known_from, source, trust, origin, label, locator, key,
       first_seq, last_seq, first_snapshot, last_snapshot, recorded_at
  FROM timeline.price_history
 WHERE effective @> (SELECT clock.now FROM timeline.clock)
   -- The same again, in a form that an index on the end answers: of many past prices only those that still hold are read.
   AND coalesce(upper(effective), 'infinity'::timestamptz) > (SELECT clock.now FROM timeline.clock)
 ORDER BY model_id, provider, meter, currency, unit, conditions, CASE WHEN model_id IS NULL THEN key END,
          array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], trust),
          seen_until DESC NULLS LAST, effective_from DESC, source;

DO $$
DECLARE
    known record;
BEGIN
    FOR known IN SELECT attname, col_description(attrelid, attnum) AS meaning FROM pg_attribute
                  WHERE attrelid = 'timeline.price_history'::regclass AND attname <> 'effective'
    LOOP
        EXECUTE format('COMMENT ON COLUMN timeline.price_current.%I IS %L', known.attname, known.meaning);
    END LOOP;
END $$;
COMMENT ON VIEW timeline.price_current IS
    'What everything costs now: one row per price, from the best source that has it (by trust, then by how lately it looked).';
COMMENT ON COLUMN timeline.price_current.seen_until IS 'The last look that found it so.';

CREATE OR REPLACE VIEW timeline.model_status AS
SELECT DISTINCT ON (model_id, provider, subject_kind, key)
       provider, subject_kind, model, model_id, status, label, release_stage, announced_on, deprecates_on, retires_on,
       not_before, replacements, scope,
       (left(retires_on, 7) || '-01')::date + coalesce(nullif(substr(retires_on, 9, 2), '')::int, 1) - 1
           - ((SELECT clock.now FROM timeline.clock) AT TIME ZONE 'UTC')::date AS days_left,
       effective_from, seen_until, held, known_from, source, trust, origin, locator, key,
       first_seq, last_seq, first_snapshot, last_snapshot, recorded_at
  FROM timeline.model_history
 WHERE effective @> (SELECT clock.now FROM timeline.clock)
 ORDER BY model_id, provider, subject_kind, key,
          array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], trust),
          seen_until DESC NULLS LAST, effective_from DESC, source;

DO $$
DECLARE
    known record;
BEGIN
    FOR known IN SELECT attname, col_description(attrelid, attnum) AS meaning FROM pg_attribute
                  WHERE attrelid = 'timeline.model_history'::regclass
                    AND attname NOT IN ('effective', 'effective_to', 'basis')
    LOOP
        EXECUTE format('COMMENT ON COLUMN timeline.model_status.%I IS %L', known.attname, known.meaning);
    END LOOP;
END $$;
COMMENT ON VIEW timeline.model_status IS
    'Where every model is in its life now: one row per model and scope, from the best source that has it '
    '(by trust, then by how lately it looked).';
COMMENT ON COLUMN timeline.model_status.days_left IS
    'Days until it stops (of a month: its first day), negative afterwards; null: no firm date.';
COMMENT ON COLUMN timeline.model_status.seen_until IS 'The last look that found it so.';

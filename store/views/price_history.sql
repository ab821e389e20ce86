CREATE OR REPLACE VIEW timeline.price_history AS
SELECT belief.provider, belief.model, belief.model_id, belief.meter, belief.conditions, belief.state, belief.amount,
       belief.currency, belief.per, belief.unit, belief.per_million, belief.qualifier,
       belief.effective_from, belief.effective_to, belief.basis,
       coalesce(belief.seen_until,
                least(belief.effective_to, coalesce(state.last_good_at, belief.known_from))) AS seen_until,
       -- Of what ended when a look found it otherwise, nothing is held.
       belief.seen_until IS NULL AND EXISTS (
           SELECT FROM aiwire.held_key AS held
            WHERE held.source = belief.source AND held.key = belief.key AND held.until IS NULL
       ) AS held,
       belief.known_from,
       belief.source, belief.trust, belief.origin, belief.label, belief.locator, belief.key,
       belief.first_seq, belief.last_seq, belief.first_snapshot, belief.last_snapshot, belief.recorded_at,
       belief.effective, belief.unit_amount, belief.lineage
  FROM timeline.price_beliefs AS belief
  LEFT JOIN aiwire.source_state AS state ON state.source = belief.source
 WHERE upper_inf(belief.known);

DO $$
DECLARE
    known record;
BEGIN
    FOR known IN SELECT attname, col_description(attrelid, attnum) AS meaning FROM pg_attribute
                  WHERE attrelid = 'timeline.price_beliefs'::regclass AND attname NOT IN ('known_to', 'known')
    LOOP
        EXECUTE format('COMMENT ON COLUMN timeline.price_history.%I IS %L', known.attname, known.meaning);
    END LOOP;
END $$;
COMMENT ON VIEW timeline.price_history IS
    'What each source says about every price over time, as far as is known now: one row per stretch of time.';
COMMENT ON COLUMN timeline.price_history.seen_until IS
    'The last look that found it so. What comes after, up to effective_to, is likely and not certain.';
COMMENT ON COLUMN timeline.price_history.held IS
    'True: the last look found something else, which is not believed until a second look: see timeline.source_health.';

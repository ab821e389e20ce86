CREATE OR REPLACE VIEW timeline.offers AS
SELECT maker, maker_model, class, seller, model_id, model, meter, conditions, state, amount, currency, per, unit,
       unit_amount, per_million, effective_from, certain, seen_until, source, trust, origin, locator,
       first_snapshot
  FROM timeline.clock, LATERAL timeline.offers_asof(clock.now);

DO $$
DECLARE
    known record;
BEGIN
    FOR known IN SELECT attname, col_description(attrelid, attnum) AS meaning FROM pg_attribute
                  WHERE attrelid = 'timeline.price_history'::regclass
                    AND attname = ANY (ARRAY(SELECT attname FROM pg_attribute
                                              WHERE attrelid = 'timeline.offers'::regclass AND attnum > 0))
    LOOP
        EXECUTE format('COMMENT ON COLUMN timeline.offers.%I IS %L', known.attname, known.meaning);
    END LOOP;
END $$;
COMMENT ON VIEW timeline.offers IS
    'What each model costs now, from everybody who sells it: its maker, clouds and routers. Only ids that are exactly a '
    'reviewed model are there (timeline.same_models); one seller may sell it under several, with several prices.';
COMMENT ON COLUMN timeline.offers.maker IS 'Who made the model, by id.';
COMMENT ON COLUMN timeline.offers.maker_model IS 'The id by which the maker sells it: of a dated snapshot its alias.';
COMMENT ON COLUMN timeline.offers.class IS
    'frontier, mid, small, code, embedding, rerank, moderation, image, audio or video: as a person reviewed it.';
COMMENT ON COLUMN timeline.offers.seller IS 'Who sells it, by id: the maker, or another.';
COMMENT ON COLUMN timeline.offers.model_id IS 'The id by which it is sold there.';
COMMENT ON COLUMN timeline.offers.certain IS 'Whether a look found it so now or later; else it was last seen so at seen_until.';
COMMENT ON COLUMN timeline.offers.seen_until IS 'The last look that found it so.';

CREATE OR REPLACE VIEW timeline.rule_dates AS
SELECT DISTINCT ON (stated.key) stated.jurisdiction, stated.instrument, stated.applies, stated.binding, stated.applies_from,
       stated.said_on, stated.url, stated.quote, stated.provider, stated.stated_from, stated.seen_until, stated.known_from,
       stated.source, stated.trust, stated.origin, stated.locator, stated.key, stated.first_snapshot
  FROM timeline.rule_history AS stated
 WHERE stated.stated_to IS NULL
   AND (stated.binding = 'withdrawn' OR NOT EXISTS (
       SELECT 1 FROM timeline.rule_history AS gone
        WHERE gone.binding = 'withdrawn' AND gone.stated_to IS NULL
          AND gone.jurisdiction = stated.jurisdiction AND gone.instrument = stated.instrument
          AND gone.applies IN ('', stated.applies)
          AND coalesce(gone.said_on, gone.stated_from) >= coalesce(stated.said_on, stated.stated_from)))
 ORDER BY stated.key, coalesce(stated.said_on, stated.stated_from) DESC,
          array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], stated.trust), stated.source;

COMMENT ON VIEW timeline.rule_dates IS
    'From which day each law, regulation or order binds, as stated last: one row per statement, without what was withdrawn '
    'since. Also in timeline.deadlines.';
DO $$
DECLARE
    known record;
BEGIN
    FOR known IN SELECT history.attname, col_description(history.attrelid, history.attnum) AS meaning
                   FROM pg_attribute AS history
                   JOIN pg_attribute AS own ON own.attname = history.attname
                    AND own.attrelid = 'timeline.rule_dates'::regclass
                  WHERE history.attrelid = 'timeline.rule_history'::regclass AND history.attnum > 0
    LOOP
        EXECUTE format('COMMENT ON COLUMN timeline.rule_dates.%I IS %L', known.attname, known.meaning);
    END LOOP;
END $$;

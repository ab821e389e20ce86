CREATE OR REPLACE VIEW timeline.deadlines AS
WITH dated AS (
    SELECT status.provider, status.subject_kind, status.model, status.model_id, said.kind, said.stated, said.firm,
           (left(said.stated, 7) || '-01')::date + coalesce(nullif(substr(said.stated, 9, 2), '')::int, 1) - 1 AS date,
           status.status, status.replacements, status.scope,
           NULL::text AS meter, NULL::jsonb AS conditions, NULL::numeric AS amount, NULL::text AS currency,
           NULL::numeric AS per, NULL::text AS unit,
           status.seen_until, status.source, status.trust, status.locator, status.key, status.first_snapshot,
           status.known_from, NULL::text AS jurisdiction, NULL::text AS binding, NULL::text AS url
      FROM timeline.model_status AS status
     CROSS JOIN LATERAL (VALUES ('deprecation', status.deprecates_on, true), ('retirement', status.retires_on, true),
                                ('retirement', status.not_before, false)) AS said (kind, stated, firm)
     WHERE said.stated IS NOT NULL
    UNION ALL
    SELECT price.provider, 'model', price.model, price.model_id, 'price', to_char(price.effective_from AT TIME ZONE 'UTC',
           'YYYY-MM-DD'), price.qualifier IS NULL, (price.effective_from AT TIME ZONE 'UTC')::date, NULL, NULL, NULL,
           price.meter, price.conditions, price.amount, price.currency, price.per, price.unit,
           price.seen_until, price.source, price.trust, price.locator, price.key, price.first_snapshot,
           price.known_from, NULL, NULL, NULL
      FROM timeline.price_history AS price
     WHERE price.effective_from > (SELECT clock.now FROM timeline.clock)
    UNION ALL
    SELECT rule.provider, 'rule', concat_ws(': ', rule.instrument, nullif(rule.applies, '')), NULL, 'rule',
           rule.applies_from, true,
           (left(rule.applies_from, 7) || '-01')::date + coalesce(nullif(substr(rule.applies_from, 9, 2), '')::int, 1) - 1,
           NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           rule.seen_until, rule.source, rule.trust, rule.locator, rule.key, rule.first_snapshot, rule.known_from,
           rule.jurisdiction, rule.binding, rule.url
      FROM timeline.rule_dates AS rule
     WHERE rule.applies_from IS NOT NULL
)
SELECT date, stated, kind, firm, provider, subject_kind, model, model_id, status, replacements, scope, meter, conditions,
       amount, currency, per, unit,
       date - ((SELECT clock.now FROM timeline.clock) AT TIME ZONE 'UTC')::date AS days_left,
       seen_until, source, trust, locator, key, first_snapshot, known_from, jurisdiction, binding, url
  FROM dated;

COMMENT ON VIEW timeline.deadlines IS
    'What ends or changes on a stated day: deprecations and retirements of models (past ones too), prices announced '
    'for a day to come, and laws that begin to bind (past ones too). Past days have days_left below 0.';
COMMENT ON COLUMN timeline.deadlines.date IS 'The day; of a month its first.';
COMMENT ON COLUMN timeline.deadlines.stated IS 'As precise as the page is: YYYY-MM-DD or YYYY-MM.';
COMMENT ON COLUMN timeline.deadlines.kind IS 'deprecation, retirement, price or rule.';
COMMENT ON COLUMN timeline.deadlines.firm IS 'False: a floor ("not before") or softened: it may well come later.';
COMMENT ON COLUMN timeline.deadlines.provider IS 'Whose model or price it is, by id; of rules the regulator.';
COMMENT ON COLUMN timeline.deadlines.subject_kind IS 'model, endpoint, product, feature, fine_tuning or rule.';
COMMENT ON COLUMN timeline.deadlines.model IS 'The name as the page prints it; of rules the instrument, and what of it.';
COMMENT ON COLUMN timeline.deadlines.model_id IS 'The id it stands for; null where it is not known.';
COMMENT ON COLUMN timeline.deadlines.status IS 'Where the model is in its life now; null for prices.';
COMMENT ON COLUMN timeline.deadlines.replacements IS 'What the provider recommends instead; null for prices.';
COMMENT ON COLUMN timeline.deadlines.scope IS 'What the notice is limited to, as JSON; null for prices.';
COMMENT ON COLUMN timeline.deadlines.meter IS 'What is billed, of prices.';
COMMENT ON COLUMN timeline.deadlines.conditions IS 'When the price applies, as JSON.';
COMMENT ON COLUMN timeline.deadlines.amount IS 'What it will cost, in `currency` for `per` of `unit`.';
COMMENT ON COLUMN timeline.deadlines.currency IS 'ISO 4217, of prices.';
COMMENT ON COLUMN timeline.deadlines.per IS 'For how many of `unit` the amount is.';
COMMENT ON COLUMN timeline.deadlines.unit IS 'token, image, request, second, hour, month...';
COMMENT ON COLUMN timeline.deadlines.days_left IS 'Days from today (UTC), negative for the past.';
COMMENT ON COLUMN timeline.deadlines.seen_until IS 'The last look that found it so.';
COMMENT ON COLUMN timeline.deadlines.source IS 'Which source says so.';
COMMENT ON COLUMN timeline.deadlines.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.deadlines.locator IS 'Where in the capture.';
COMMENT ON COLUMN timeline.deadlines.key IS 'The key of the fact: see timeline.model_status and timeline.price_history.';
COMMENT ON COLUMN timeline.deadlines.first_snapshot IS 'The bytes that say so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.deadlines.known_from IS 'Since when the evidence says so: of the date, and of all else in the row.';
COMMENT ON COLUMN timeline.deadlines.jurisdiction IS 'Where a rule binds: EU, US, US-CA, UK, KR...; null for all else.';
COMMENT ON COLUMN timeline.deadlines.binding IS 'How a rule binds: applies, in_force, effective or compliance.';
COMMENT ON COLUMN timeline.deadlines.url IS 'Where the regulator says so, of rules.';

CREATE OR REPLACE VIEW timeline.deadlines AS
SELECT date, stated, kind, firm, provider, subject_kind, model, model_id, status, replacements, scope, meter, conditions,
       amount, currency, per, unit, days_left, seen_until, source, trust, locator, key, first_snapshot, known_from,
       jurisdiction, binding, url
  FROM timeline.clock, LATERAL timeline.deadlines_asof(clock.now);

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

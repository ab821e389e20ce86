{{both times: deadlines_asof}}
CREATE OR REPLACE FUNCTION timeline.deadlines_asof({{times}})
RETURNS TABLE (
    date date, stated text, kind text, firm boolean, provider text, subject_kind text, model text, model_id text,
    status text, replacements text[], scope jsonb, meter text, conditions jsonb, amount numeric, currency text,
    per numeric, unit text, days_left int, seen_until timestamptz, source text, trust text, locator text, key text,
    first_snapshot text, known_from timestamptz, jurisdiction text, binding text, url text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT date, stated, kind, firm, provider, subject_kind, model, model_id, status, replacements, scope, meter,
           conditions, amount, currency, per, unit, date - (deadlines_asof.at AT TIME ZONE 'UTC')::date, seen_until,
           source, trust, locator, key, first_snapshot, known_from, jurisdiction, binding, url
      FROM (
        SELECT status.provider, status.subject_kind, status.model, status.model_id, said.kind, said.stated, said.firm,
               (left(said.stated, 7) || '-01')::date + coalesce(nullif(substr(said.stated, 9, 2), '')::int, 1) - 1
                   AS date,
               status.status, status.replacements, status.scope,
               NULL::text AS meter, NULL::jsonb AS conditions, NULL::numeric AS amount, NULL::text AS currency,
               NULL::numeric AS per, NULL::text AS unit,
               status.seen_until, status.source, status.trust, status.locator, status.key, status.first_snapshot,
               status.known_from, NULL::text AS jurisdiction, NULL::text AS binding, NULL::text AS url
          FROM timeline.model_status_asof({{moments}}) AS status
         CROSS JOIN LATERAL (VALUES ('deprecation', status.deprecates_on, true), ('retirement', status.retires_on, true),
                                    ('retirement', status.not_before, false)) AS said (kind, stated, firm)
         WHERE said.stated IS NOT NULL
        UNION ALL
        SELECT price.provider, 'model', price.model, price.model_id, 'price',
               to_char(price.effective_from AT TIME ZONE 'UTC', 'YYYY-MM-DD'), price.qualifier IS NULL,
               (price.effective_from AT TIME ZONE 'UTC')::date, NULL, NULL, NULL,
               price.meter, price.conditions, price.amount, price.currency, price.per, price.unit,
               price.seen_until,
               price.source, price.trust, price.locator, price.key, price.first_snapshot,
               price.known_from, NULL, NULL, NULL
          FROM timeline.price_announced({{moments}}) AS price
        UNION ALL
        SELECT rule.provider, 'rule', concat_ws(': ', rule.instrument, nullif(rule.applies, '')), NULL, 'rule',
               rule.applies_from, true,
               (left(rule.applies_from, 7) || '-01')::date + coalesce(nullif(substr(rule.applies_from, 9, 2), '')::int, 1) - 1,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
               rule.seen_until, rule.source, rule.trust, rule.locator, rule.key, rule.first_snapshot, rule.known_from,
               rule.jurisdiction, rule.binding, rule.url
          FROM timeline.rule_dates_asof({{moments}}) AS rule
         WHERE rule.applies_from IS NOT NULL
      ) AS dated
$$;
{{end}}

COMMENT ON FUNCTION timeline.deadlines_asof(timestamptz) IS
    'What was announced to end or change on a stated day, as it stood at a moment: days_left counts from there. As far as is '
    'known now. Columns as in timeline.deadlines.';
COMMENT ON FUNCTION timeline.deadlines_asof(timestamptz, timestamptz) IS
    'What was announced to end or change on a stated day, as it stood at a moment and as it was known at another '
    '(known_at): a date that was moved since is there as it was.';

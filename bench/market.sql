-- Fills an empty database with the prices of the temporary table `offer`: %(periods)s of each, sixty days apart.
-- Each is seen by its provider and, an hour later, by a catalogue; what each change closed in `known` is there too.

INSERT INTO source (id, provider, kind, url, trust, every)
SELECT provider || '-pricing', provider, 'pricing', 'https://' || provider || '.example/pricing', 'official',
       interval '10 min'
  FROM offer GROUP BY provider
UNION ALL
SELECT 'catalogue', 'catalogue', 'catalogue', 'https://catalogue.example/models.json', 'catalogue', interval '1 hour';

INSERT INTO source_state (source, last_good_at, health) SELECT id, %(until)s, 'ok' FROM source;

INSERT INTO snapshot (sha256, bytes) VALUES (repeat('0', 64), 1);

INSERT INTO capture (source, seq, sha256, url, first_seen, last_seen, origin, verdict)
SELECT id, number, repeat('0', 64), url, at, at, 'live', 'good'
  FROM source, generate_series(1, 20 * %(periods)s) AS number,
       LATERAL (SELECT %(since)s::timestamptz + number * interval '3 days') AS look (at);

CREATE TEMP TABLE period AS
SELECT offer.*, source, trust, step, 'https://' || provider || '.example/pricing' AS url, amount + step / 100.0 AS now,
       first + step * interval '60 days' AS starts,
       CASE WHEN step < %(periods)s - 1 THEN first + (step + 1) * interval '60 days' END AS ends
  FROM offer, generate_series(0, %(periods)s - 1) AS step,
       LATERAL (VALUES (provider || '-pricing', 'official', interval '0'),
                       ('catalogue', 'catalogue', interval '1 hour')) AS seen (source, trust, late),
       LATERAL (SELECT %(since)s::timestamptz + abs(hashtext(key)) %% 20 * interval '1 day' + late) AS began (first);

INSERT INTO price (source, key, provider, model, model_id, meter, conditions, state, amount, currency, per, unit, label,
                   locator, effective, seen_until, known, recorded_at, origin, trust, first_seq, last_seq,
                   first_snapshot, last_snapshot)
SELECT source, key, provider, model, model_id, meter, conditions, 'priced', now, 'USD', per, unit, label,
       locator, effective, upper(effective) - interval '10 min', known, lower(known), 'live', trust, step + 1, step + 1,
       repeat('0', 64), repeat('0', 64)
  FROM period, LATERAL (
           SELECT tstzrange(starts, ends), tstzrange(coalesce(ends, starts), NULL)
           UNION ALL SELECT tstzrange(starts, NULL), tstzrange(starts, ends) WHERE ends IS NOT NULL
       ) AS believed (effective, known)
 ORDER BY lower(known), source, number;

INSERT INTO event (id, kind, source, key, provider, subject_kind, model, model_id, meter, conditions, old, new,
                   change_pct, direction, effective_at, observed_after, observed_at, recorded_at, origin, trust,
                   before, after, locator, headline, routed_at)
SELECT md5(source || key || step), 'price.changed', source, key, provider, 'model', model, model_id, meter, conditions,
       jsonb_build_object('amount', (now - 0.01)::text, 'state', 'priced', 'currency', 'USD', 'per', per, 'unit', unit),
       jsonb_build_object('amount', now::text, 'state', 'priced', 'currency', 'USD', 'per', per, 'unit', unit),
       round(1 / amount, 2), 'rise', starts::text, starts - interval '10 min', starts, starts, 'live', trust,
       jsonb_build_object('seq', step, 'url', url, 'captured_at', starts, 'sha256', repeat('0', 64)),
       jsonb_build_object('seq', step + 1, 'url', url, 'captured_at', starts, 'sha256', repeat('0', 64)),
       locator, provider || ' raises ' || model || ' ' || meter, starts
  FROM period WHERE step > 0 AND trust = 'official' ORDER BY period.starts, number;

DROP TABLE period, offer;

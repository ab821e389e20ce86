CREATE OR REPLACE VIEW timeline.price_beliefs AS
SELECT price.provider, price.model, price.model_id, price.meter, price.conditions, price.state, price.amount,
       price.currency, price.per, price.unit,
       CASE WHEN price.unit = 'token' THEN trim_scale(price.amount * 1000000 / price.per) END AS per_million,
       price.qualifier,
       lower(price.effective) AS effective_from,
       upper(price.effective) AS effective_to,
       price.effective_basis AS basis,
       price.seen_until,
       lower(price.known) AS known_from,
       upper(price.known) AS known_to,
       price.source, price.trust, price.origin, price.label, price.locator, price.key,
       price.first_seq, price.last_seq, price.first_snapshot, price.last_snapshot, price.recorded_at,
       price.effective, price.known,
       CASE price.state WHEN 'priced' THEN trim_scale(price.amount / price.per) WHEN 'free' THEN 0 END AS unit_amount,
       (SELECT coalesce(teller.config ->> 'lineage', teller.provider) FROM aiwire.source AS teller
         WHERE teller.id = price.source) AS lineage
  FROM aiwire.price
 WHERE price.superseded_at IS NULL;

COMMENT ON VIEW timeline.price_beliefs IS
    'Prices in two times: what each source made us believe (effective), and from when until when we believed it (known).';
COMMENT ON COLUMN timeline.price_beliefs.provider IS 'Who sells, by id.';
COMMENT ON COLUMN timeline.price_beliefs.model IS 'The name as the page prints it.';
COMMENT ON COLUMN timeline.price_beliefs.model_id IS 'The id it stands for; null where it is not known.';
COMMENT ON COLUMN timeline.price_beliefs.meter IS 'What is billed: input, output, cache_read, image...';
COMMENT ON COLUMN timeline.price_beliefs.conditions IS
    'When that price applies, as JSON: service_tier, context_over, cache_ttl, region...; {}: always.';
COMMENT ON COLUMN timeline.price_beliefs.state IS 'priced, free, included, not_offered, varies or unknown.';
COMMENT ON COLUMN timeline.price_beliefs.amount IS
    'The price in `currency` for `per` of `unit`, with the digits as printed; null unless priced or free.';
COMMENT ON COLUMN timeline.price_beliefs.currency IS 'ISO 4217.';
COMMENT ON COLUMN timeline.price_beliefs.per IS 'For how many of `unit` the amount is.';
COMMENT ON COLUMN timeline.price_beliefs.unit IS 'token, image, request, second, hour, month...';
COMMENT ON COLUMN timeline.price_beliefs.per_million IS 'The amount for a million tokens; null where the unit is another.';
COMMENT ON COLUMN timeline.price_beliefs.qualifier IS 'A softening the page adds, such as "at least until"; null: none.';
COMMENT ON COLUMN timeline.price_beliefs.effective_from IS
    'From when it holds in the world: a date the page states, else when it was first seen.';
COMMENT ON COLUMN timeline.price_beliefs.effective_to IS
    'Until when (exclusive): a date the page states, else when it was first seen to be otherwise; null: no end is known.';
COMMENT ON COLUMN timeline.price_beliefs.basis IS
    'What the time it holds from rests on: observed (first seen then), stated (by the page) or bundled (came with aiwire).';
COMMENT ON COLUMN timeline.price_beliefs.seen_until IS
    'Where the end was observed and not stated: the last look that still found it; it ended between this and effective_to.';
COMMENT ON COLUMN timeline.price_beliefs.known_from IS 'Since when the evidence said so.';
COMMENT ON COLUMN timeline.price_beliefs.known_to IS 'Until when the evidence said so (exclusive); null: it still does.';
COMMENT ON COLUMN timeline.price_beliefs.source IS 'Which source says so: see timeline.source_health.';
COMMENT ON COLUMN timeline.price_beliefs.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.price_beliefs.origin IS 'live (seen by aiwire), import (from kept captures) or bundled (came with aiwire).';
COMMENT ON COLUMN timeline.price_beliefs.label IS 'The cell as the page prints it.';
COMMENT ON COLUMN timeline.price_beliefs.locator IS 'Where in the capture: table, row and column, or a JSON pointer.';
COMMENT ON COLUMN timeline.price_beliefs.key IS
    'What makes it the same price over time and across the sources of a provider: model, meter, conditions, currency, unit.';
COMMENT ON COLUMN timeline.price_beliefs.first_seq IS 'The first capture that says so: see timeline.captures; null: none is kept.';
COMMENT ON COLUMN timeline.price_beliefs.last_seq IS 'The last capture that says so, as far as it is noted.';
COMMENT ON COLUMN timeline.price_beliefs.first_snapshot IS 'The bytes of the first: see timeline.snapshots.';
COMMENT ON COLUMN timeline.price_beliefs.last_snapshot IS 'The bytes of the last.';
COMMENT ON COLUMN timeline.price_beliefs.recorded_at IS 'When this database wrote the row.';
COMMENT ON COLUMN timeline.price_beliefs.effective IS 'effective_from to effective_to as a range: ask with @>.';
COMMENT ON COLUMN timeline.price_beliefs.known IS 'known_from to known_to as a range: ask with @>.';
COMMENT ON COLUMN timeline.price_beliefs.unit_amount IS
    'The amount for one `unit`, whatever it is printed for: 0 where it is free; null where no amount is told.';
COMMENT ON COLUMN timeline.price_beliefs.lineage IS
    'Whose words these are in the end: sources of one lineage, such as copies of a catalogue, are one witness.';

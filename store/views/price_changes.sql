CREATE OR REPLACE VIEW timeline.price_changes AS
SELECT event.observed_at, event.kind, event.provider, event.model, event.model_id, event.meter, event.conditions,
       event.direction, event.change_pct,
       (event.old ->> 'amount')::numeric AS old_amount,
       (event.new ->> 'amount')::numeric AS new_amount,
       coalesce(event.new, event.old) ->> 'currency' AS currency,
       (coalesce(event.new, event.old) ->> 'per')::numeric AS per,
       coalesce(event.new, event.old) ->> 'unit' AS unit,
       CASE WHEN event.old ->> 'unit' = 'token'
            THEN trim_scale((event.old ->> 'amount')::numeric * 1000000 / (event.old ->> 'per')::numeric) END
           AS old_per_million,
       CASE WHEN event.new ->> 'unit' = 'token'
            THEN trim_scale((event.new ->> 'amount')::numeric * 1000000 / (event.new ->> 'per')::numeric) END
           AS new_per_million,
       event.effective_at, event.observed_after, event.headline, event.source, event.trust, event.origin, event.late,
       event.before ->> 'url' AS before_url,
       event.after ->> 'url' AS after_url,
       event.id
  FROM aiwire.event
 WHERE event.kind LIKE 'price.%' AND NOT event.baseline AND event.withdrawn_at IS NULL;

COMMENT ON VIEW timeline.price_changes IS
    'Every change of a price, planned ones too: the events price.* that stand, without those of a source''s first look.';
COMMENT ON COLUMN timeline.price_changes.observed_at IS 'The first good look that showed it.';
COMMENT ON COLUMN timeline.price_changes.kind IS
    'price.listed, changed, scheduled, schedule_withdrawn, delisted or corrected.';
COMMENT ON COLUMN timeline.price_changes.provider IS 'Who sells, by id.';
COMMENT ON COLUMN timeline.price_changes.model IS 'The name as the page prints it.';
COMMENT ON COLUMN timeline.price_changes.model_id IS 'The id it stands for; null where it is not known.';
COMMENT ON COLUMN timeline.price_changes.meter IS 'What is billed: input, output, cache_read, image...';
COMMENT ON COLUMN timeline.price_changes.conditions IS 'When that price applies, as JSON; {}: always.';
COMMENT ON COLUMN timeline.price_changes.direction IS 'cut or rise; null where a side has no amount.';
COMMENT ON COLUMN timeline.price_changes.change_pct IS 'Per cent, negative for a cut.';
COMMENT ON COLUMN timeline.price_changes.old_amount IS 'What it cost, as printed then; null: nothing was said.';
COMMENT ON COLUMN timeline.price_changes.new_amount IS 'What it costs, as printed now; null: nothing is said.';
COMMENT ON COLUMN timeline.price_changes.currency IS 'ISO 4217.';
COMMENT ON COLUMN timeline.price_changes.per IS 'For how many of `unit` new_amount is (old_amount where there is no new one).';
COMMENT ON COLUMN timeline.price_changes.unit IS 'token, image, request, second, hour, month...';
COMMENT ON COLUMN timeline.price_changes.old_per_million IS 'What a million tokens cost; null where the unit is another.';
COMMENT ON COLUMN timeline.price_changes.new_per_million IS 'What a million tokens cost now; null where the unit is another.';
COMMENT ON COLUMN timeline.price_changes.effective_at IS 'When it holds in the world, as precise as is known.';
COMMENT ON COLUMN timeline.price_changes.observed_after IS 'The last look that did not show it.';
COMMENT ON COLUMN timeline.price_changes.headline IS 'One sentence that says it.';
COMMENT ON COLUMN timeline.price_changes.source IS 'Which source said so.';
COMMENT ON COLUMN timeline.price_changes.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.price_changes.origin IS 'live, import or bundled.';
COMMENT ON COLUMN timeline.price_changes.late IS 'True: it happened some time ago and could only be read later.';
COMMENT ON COLUMN timeline.price_changes.before_url IS 'The page that still said the old price.';
COMMENT ON COLUMN timeline.price_changes.after_url IS 'The page that says the new one.';
COMMENT ON COLUMN timeline.price_changes.id IS 'The event: see timeline.events.';

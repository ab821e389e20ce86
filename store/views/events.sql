CREATE OR REPLACE VIEW timeline.events AS
SELECT event.id, event.kind, event.source, event.provider, event.subject_kind, event.model, event.model_id, event.meter,
       event.conditions, event.old, event.new, event.change_pct, event.direction, event.effective_at,
       event.observed_after, event.observed_at, event.recorded_at, event.origin, event.trust, event.baseline,
       event.late, event.before, event.after, event.locator, event.headline, event.key, event.position,
       event.withdrawn_at, event.withdrawn_because
  FROM aiwire.event;

COMMENT ON VIEW timeline.events IS
    'Every change, once, with its evidence. Rows are never deleted: what was taken back has withdrawn_at.';
COMMENT ON COLUMN timeline.events.id IS 'Made of what changed: the same after a rebuild.';
COMMENT ON COLUMN timeline.events.kind IS 'noun.past_participle, such as price.changed or model.retirement_scheduled.';
COMMENT ON COLUMN timeline.events.source IS 'Which source said so: see timeline.source_health.';
COMMENT ON COLUMN timeline.events.provider IS 'Whose price, model or news it is.';
COMMENT ON COLUMN timeline.events.subject_kind IS 'model, endpoint, product, feature or fine_tuning; null: none of these.';
COMMENT ON COLUMN timeline.events.model IS 'The name as the page prints it.';
COMMENT ON COLUMN timeline.events.model_id IS 'The id it stands for; null where it is not known.';
COMMENT ON COLUMN timeline.events.meter IS 'What is billed: input, output, cache_read... (prices only).';
COMMENT ON COLUMN timeline.events.conditions IS 'When that price applies: service tier, context length, region...; of an end: where alone it holds.';
COMMENT ON COLUMN timeline.events.old IS 'What was said before, as JSON; null: nothing.';
COMMENT ON COLUMN timeline.events.new IS 'What is said now, as JSON; null: nothing.';
COMMENT ON COLUMN timeline.events.change_pct IS 'The change of the price in per cent, negative for a cut.';
COMMENT ON COLUMN timeline.events.direction IS 'cut or rise, of price.changed.';
COMMENT ON COLUMN timeline.events.effective_at IS
    'When it holds in the world, as precise as is known: YYYY-MM, YYYY-MM-DD or a time.';
COMMENT ON COLUMN timeline.events.observed_after IS
    'The last look that did not show it: it happened after this and by observed_at; null: there was no earlier look.';
COMMENT ON COLUMN timeline.events.observed_at IS 'The first good look that showed it.';
COMMENT ON COLUMN timeline.events.recorded_at IS 'When this database wrote it.';
COMMENT ON COLUMN timeline.events.origin IS 'live (seen by aiwire), import (from kept captures) or bundled (came with aiwire).';
COMMENT ON COLUMN timeline.events.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.events.baseline IS 'True: part of the first look at the source, so not a change in the world.';
COMMENT ON COLUMN timeline.events.late IS 'True: it happened some time ago and could only be read later.';
COMMENT ON COLUMN timeline.events.before IS 'The capture before it: {seq, url, captured_at, sha256}.';
COMMENT ON COLUMN timeline.events.after IS 'The capture that shows it: {seq, url, captured_at, sha256}.';
COMMENT ON COLUMN timeline.events.locator IS 'Where in that capture: table, row and column, or a JSON pointer.';
COMMENT ON COLUMN timeline.events.headline IS 'One sentence that says it.';
COMMENT ON COLUMN timeline.events.key IS 'What makes it the same price, model or item over time, within its source.';
COMMENT ON COLUMN timeline.events.position IS 'The order in which this database wrote them.';
COMMENT ON COLUMN timeline.events.withdrawn_at IS 'When it was taken back; null: it stands.';
COMMENT ON COLUMN timeline.events.withdrawn_because IS 'Why it was taken back.';

CREATE OR REPLACE VIEW timeline.model_beliefs AS
SELECT notice.provider, notice.subject_kind, notice.model, notice.model_id, notice.status, notice.label,
       notice.release_stage, notice.announced_on::text, notice.deprecates_on::text, notice.retires_on::text,
       notice.not_before::text,
       notice.replacements, notice.scope,
       lower(notice.effective) AS effective_from,
       upper(notice.effective) AS effective_to,
       notice.effective_basis AS basis,
       notice.seen_until,
       lower(notice.known) AS known_from,
       upper(notice.known) AS known_to,
       notice.source, notice.trust, notice.origin, notice.locator, notice.key,
       notice.first_seq, notice.last_seq, notice.first_snapshot, notice.last_snapshot, notice.recorded_at,
       notice.effective, notice.known
  FROM aiwire.notice
 WHERE notice.superseded_at IS NULL;

COMMENT ON VIEW timeline.model_beliefs IS
    'Lifecycles in two times: what each source said of a model (effective), and from when until when we believed it (known).';
COMMENT ON COLUMN timeline.model_beliefs.provider IS 'Whose model it is, by id.';
COMMENT ON COLUMN timeline.model_beliefs.subject_kind IS 'model, endpoint, product, feature or fine_tuning.';
COMMENT ON COLUMN timeline.model_beliefs.model IS 'The name as the page prints it.';
COMMENT ON COLUMN timeline.model_beliefs.model_id IS 'The id it stands for; null where it is not known.';
COMMENT ON COLUMN timeline.model_beliefs.status IS 'preview, active, legacy, deprecated or retired.';
COMMENT ON COLUMN timeline.model_beliefs.label IS 'The provider''s own word for it.';
COMMENT ON COLUMN timeline.model_beliefs.release_stage IS 'ga, beta... where the page says so.';
COMMENT ON COLUMN timeline.model_beliefs.announced_on IS 'When the end was announced, YYYY-MM-DD or YYYY-MM.';
COMMENT ON COLUMN timeline.model_beliefs.deprecates_on IS 'When it is deprecated, YYYY-MM-DD or YYYY-MM.';
COMMENT ON COLUMN timeline.model_beliefs.retires_on IS 'The firm date on which it stops, YYYY-MM-DD or YYYY-MM.';
COMMENT ON COLUMN timeline.model_beliefs.not_before IS 'A floor: it does not stop before this; never a firm date.';
COMMENT ON COLUMN timeline.model_beliefs.replacements IS 'What the provider recommends instead.';
COMMENT ON COLUMN timeline.model_beliefs.scope IS 'What the notice is limited to, as JSON: platform, region, tier...; {}: nothing.';
COMMENT ON COLUMN timeline.model_beliefs.effective_from IS 'From when the source said so.';
COMMENT ON COLUMN timeline.model_beliefs.effective_to IS 'When it was first seen to say otherwise (exclusive); null: it still does.';
COMMENT ON COLUMN timeline.model_beliefs.basis IS 'observed (first seen then), stated (by the page) or bundled (came with aiwire).';
COMMENT ON COLUMN timeline.model_beliefs.seen_until IS
    'Where it ended: the last look that still found it; it ended between this and effective_to.';
COMMENT ON COLUMN timeline.model_beliefs.known_from IS 'Since when the evidence said so.';
COMMENT ON COLUMN timeline.model_beliefs.known_to IS 'Until when the evidence said so (exclusive); null: it still does.';
COMMENT ON COLUMN timeline.model_beliefs.source IS 'Which source says so: see timeline.source_health.';
COMMENT ON COLUMN timeline.model_beliefs.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.model_beliefs.origin IS 'live (seen by aiwire), import (from kept captures) or bundled (came with aiwire).';
COMMENT ON COLUMN timeline.model_beliefs.locator IS 'Where in the capture: table and row, or a JSON pointer.';
COMMENT ON COLUMN timeline.model_beliefs.key IS 'What makes it the same subject over time and across sources of a provider.';
COMMENT ON COLUMN timeline.model_beliefs.first_seq IS 'The first capture that says so: see timeline.captures; null: none is kept.';
COMMENT ON COLUMN timeline.model_beliefs.last_seq IS 'The last capture that says so, as far as it is noted.';
COMMENT ON COLUMN timeline.model_beliefs.first_snapshot IS 'The bytes of the first: see timeline.snapshots.';
COMMENT ON COLUMN timeline.model_beliefs.last_snapshot IS 'The bytes of the last.';
COMMENT ON COLUMN timeline.model_beliefs.recorded_at IS 'When this database wrote the row.';
COMMENT ON COLUMN timeline.model_beliefs.effective IS 'effective_from to effective_to as a range: ask with @>.';
COMMENT ON COLUMN timeline.model_beliefs.known IS 'known_from to known_to as a range: ask with @>.';

CREATE OR REPLACE VIEW timeline.status_disagreement AS
WITH chosen AS MATERIALIZED (  -- once: where the planner takes it for little, it would choose anew for each pair
    SELECT source, provider, subject_kind, key FROM timeline.model_status
), told AS (
    SELECT *, CASE status WHEN 'retired' THEN 2 WHEN 'deprecated' THEN 1 ELSE 0 END AS stage
      FROM timeline.model_history
     WHERE effective @> (SELECT clock.now FROM timeline.clock) AND NOT held
), said AS MATERIALIZED (  -- of what one source alone tells there are many, and they need not be compared
    SELECT * FROM (SELECT *, min(source) OVER same <> max(source) OVER same AS several FROM told
                   WINDOW same AS (PARTITION BY provider, subject_kind, key)) AS counted
     WHERE several
), compared AS (
    SELECT best.provider, best.subject_kind, best.model, best.model_id, best.scope,
           best.status, best.retires_on, best.not_before, best.source, best.trust, best.seen_until,
           other.status AS other_status, other.retires_on AS other_retires_on, other.not_before AS other_not_before,
           other.source AS other_source, other.trust AS other_trust, other.seen_until AS other_seen_until,
           other.locator AS other_locator, other.first_snapshot AS other_first_snapshot,
           greatest(best.effective_from, other.effective_from) AS since, best.key,
           best.stage <> other.stage AS by_status,
           CASE WHEN best.retires_on IS NOT NULL AND other.retires_on IS NOT NULL
                THEN left(best.retires_on, least(length(best.retires_on), length(other.retires_on)))
                     <> left(other.retires_on, least(length(best.retires_on), length(other.retires_on)))
                ELSE (best.retires_on IS NOT NULL AND other.not_before IS NOT NULL)
                     OR (best.not_before IS NOT NULL AND other.retires_on IS NOT NULL) END AS by_date
      FROM chosen
      JOIN said AS best USING (source, provider, subject_kind, key)
      JOIN said AS other USING (provider, subject_kind, key)
     WHERE other.source <> best.source AND other.origin <> 'bundled'
)
SELECT provider, subject_kind, model, model_id, scope, status, retires_on, not_before, source, trust, seen_until,
       other_status, other_retires_on, other_not_before, other_source, other_trust, other_seen_until,
       array_remove(ARRAY[CASE WHEN by_status THEN 'status' END, CASE WHEN by_date THEN 'date' END], NULL) AS differs,
       CASE WHEN length(retires_on) = 10 AND length(other_retires_on) = 10
            THEN other_retires_on::date - retires_on::date END AS days_apart,
       since, other_locator, other_first_snapshot, key
  FROM compared
 WHERE by_status OR by_date;

COMMENT ON VIEW timeline.status_disagreement IS
    'Where another source says otherwise of the life of a model than the one that is believed (timeline.model_status): '
    'the better trusted is believed, an official page before any catalogue. Days that a month covers agree with it.';
COMMENT ON COLUMN timeline.status_disagreement.provider IS 'Whose model it is, by id.';
COMMENT ON COLUMN timeline.status_disagreement.subject_kind IS 'model, endpoint, product, feature or fine_tuning.';
COMMENT ON COLUMN timeline.status_disagreement.model IS 'The name as the page prints it.';
COMMENT ON COLUMN timeline.status_disagreement.model_id IS 'The id it stands for; null where it is not known.';
COMMENT ON COLUMN timeline.status_disagreement.scope IS 'What the notices are limited to, as JSON.';
COMMENT ON COLUMN timeline.status_disagreement.status IS 'What is believed: preview, active, legacy, deprecated or retired.';
COMMENT ON COLUMN timeline.status_disagreement.retires_on IS 'The firm date that is believed, YYYY-MM-DD or YYYY-MM.';
COMMENT ON COLUMN timeline.status_disagreement.not_before IS 'The floor that is believed.';
COMMENT ON COLUMN timeline.status_disagreement.source IS 'Who says so.';
COMMENT ON COLUMN timeline.status_disagreement.trust IS 'official, cloud, reseller, catalogue or press.';
COMMENT ON COLUMN timeline.status_disagreement.seen_until IS 'The last look that found it so.';
COMMENT ON COLUMN timeline.status_disagreement.other_status IS 'What the other source says.';
COMMENT ON COLUMN timeline.status_disagreement.other_retires_on IS 'Its firm date.';
COMMENT ON COLUMN timeline.status_disagreement.other_not_before IS 'Its floor.';
COMMENT ON COLUMN timeline.status_disagreement.other_source IS 'Which source that is.';
COMMENT ON COLUMN timeline.status_disagreement.other_trust IS 'How far it is trusted.';
COMMENT ON COLUMN timeline.status_disagreement.other_seen_until IS 'The last look there that found it so.';
COMMENT ON COLUMN timeline.status_disagreement.differs IS
    'In what: status (running, deprecated, retired), date (another day, or a firm one against a floor).';
COMMENT ON COLUMN timeline.status_disagreement.days_apart IS 'How much later the other one''s day is; null without two days.';
COMMENT ON COLUMN timeline.status_disagreement.since IS 'Since when both say what they say.';
COMMENT ON COLUMN timeline.status_disagreement.other_locator IS 'Where in the other one''s capture.';
COMMENT ON COLUMN timeline.status_disagreement.other_first_snapshot IS 'The bytes that say so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.status_disagreement.key IS 'The key of the fact: see timeline.model_status.';

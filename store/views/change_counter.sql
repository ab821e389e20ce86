CREATE OR REPLACE VIEW timeline.change_counter AS
SELECT (SELECT coalesce(sum(changes), 0) FROM aiwire.source_state)::bigint + deals.changes AS counter,
       greatest((SELECT max(changed_at) FROM aiwire.source_state), deals.changed_at) AS changed_at
  FROM aiwire.funding_state AS deals;

COMMENT ON VIEW timeline.change_counter IS
    'One row: counts up with every change of facts or events. While it is the same, every answer is the same.';
COMMENT ON COLUMN timeline.change_counter.counter IS 'The count; only whether it differs means anything.';
COMMENT ON COLUMN timeline.change_counter.changed_at IS 'When it last counted; null: not since that is noted.';

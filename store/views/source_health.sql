CREATE OR REPLACE VIEW timeline.source_health AS
SELECT source.id AS source,
       source.provider,
       source.kind,
       source.url,
       source.trust,
       source.every,
       source.verified,
       source.enabled,
       source.muted,
       coalesce(state.health, 'new') AS health,
       state.health_since,
       nullif(state.health_detail, '') AS detail,
       state.last_fetch_at,
       state.last_outcome,
       state.last_good_at,
       extract(epoch FROM (SELECT clock.now FROM timeline.clock) - state.last_good_at)::double precision AS seconds_since_good,
       coalesce(state.failures, 0) AS failures,
       nullif(state.next_due_at, '-infinity') AS next_due_at,
       (SELECT coalesce(max(capture.seq), 0) FROM aiwire.capture WHERE capture.source = source.id) AS captures,
       newest.facts,
       (SELECT count(*) FROM aiwire.issue WHERE issue.source = source.id AND issue.closed_at IS NULL)::int AS issues,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('key', held.key, 'model', held.model, 'reason', held.reason,
                                                     'since', held.since, 'detail', held.detail)
                                  ORDER BY held.until NULLS FIRST, held.key, held.place), '[]')
          FROM aiwire.held_key AS held
         WHERE held.source = source.id AND (held.until IS NULL OR held.until > (SELECT clock.now FROM timeline.clock))
       ) AS held
  FROM aiwire.source
  LEFT JOIN aiwire.source_state AS state ON state.source = source.id
  LEFT JOIN LATERAL (
      SELECT capture.facts FROM aiwire.capture
       WHERE capture.source = source.id ORDER BY capture.first_seen DESC LIMIT 1
  ) AS newest ON true
 WHERE source.kind NOT IN ('bundled', 'wire');

COMMENT ON VIEW timeline.source_health IS
    'One row per watched source: whether it can be fetched, read and believed, since when, and what is held back.';
COMMENT ON COLUMN timeline.source_health.source IS 'The id of the source.';
COMMENT ON COLUMN timeline.source_health.provider IS 'Whose prices, models or news it tells.';
COMMENT ON COLUMN timeline.source_health.kind IS 'pricing, lifecycle, feed, catalogue, status, table or page.';
COMMENT ON COLUMN timeline.source_health.url IS 'What is fetched.';
COMMENT ON COLUMN timeline.source_health.trust IS 'official, cloud, reseller, catalogue or press: who speaks.';
COMMENT ON COLUMN timeline.source_health.every IS 'The interval between two visits.';
COMMENT ON COLUMN timeline.source_health.verified IS 'Whether a real capture of it has been read and checked by a person.';
COMMENT ON COLUMN timeline.source_health.enabled IS 'False: no longer in the configuration; its history stays.';
COMMENT ON COLUMN timeline.source_health.muted IS 'True: an operator silenced its alerts.';
COMMENT ON COLUMN timeline.source_health.health IS
    'new (not seen yet), ok, failing (cannot be fetched), broken (cannot be believed), stale (nothing good for two intervals).';
COMMENT ON COLUMN timeline.source_health.health_since IS 'When it became so; null while new.';
COMMENT ON COLUMN timeline.source_health.detail IS 'What was found, where something is wrong.';
COMMENT ON COLUMN timeline.source_health.last_fetch_at IS 'The last attempt, whatever came of it.';
COMMENT ON COLUMN timeline.source_health.last_outcome IS 'What came of it, as one word: changed, not_modified, timeout...';
COMMENT ON COLUMN timeline.source_health.last_good_at IS 'The last check that found a page which could be read and believed.';
COMMENT ON COLUMN timeline.source_health.seconds_since_good IS 'Seconds from then to timeline.now(); null: never.';
COMMENT ON COLUMN timeline.source_health.failures IS 'Failed attempts in a row.';
COMMENT ON COLUMN timeline.source_health.next_due_at IS 'The next visit; past: it is due; null: at once.';
COMMENT ON COLUMN timeline.source_health.captures IS 'How many different captures are kept, one after the other.';
COMMENT ON COLUMN timeline.source_health.facts IS 'How many facts the newest capture holds; null: not read yet.';
COMMENT ON COLUMN timeline.source_health.issues IS 'How many problems a person should look at (`aiwire status` lists them).';
COMMENT ON COLUMN timeline.source_health.held IS
    'What was seen but is not believed yet: an array of {key, model, reason, since, detail}.';

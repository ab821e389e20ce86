CREATE OR REPLACE VIEW timeline.receiver_health AS
WITH latest AS (
    SELECT DISTINCT ON (delivery.receiver) delivery.receiver, attempt.at, attempt.outcome, attempt.code
      FROM aiwire.delivery_attempt AS attempt JOIN aiwire.delivery ON delivery.id = attempt.delivery
     WHERE attempt.outcome <> 'withdrawn'
     ORDER BY delivery.receiver, attempt.id DESC
), counted AS (
    SELECT receiver,
           count(*) FILTER (WHERE state = 'sent')::int AS sent,
           count(*) FILTER (WHERE state = 'pending')::int AS waiting,
           count(*) FILTER (WHERE state = 'parked')::int AS given_up,
           max(sent_at) AS last_sent_at,
           min(created_at) FILTER (WHERE state = 'pending' AND attempts > 0) AS oldest_failing,
           min(created_at) FILTER (WHERE state = 'parked') AS oldest_given_up
      FROM aiwire.delivery GROUP BY receiver
)
SELECT counted.receiver,
       CASE WHEN latest.outcome = 'disabled' THEN 'gone'
            WHEN latest.outcome = 'retry' THEN 'failing'
            WHEN counted.given_up > 0 THEN 'incomplete'
            ELSE 'ok' END AS health,
       coalesce(latest.code, '') AS code,
       latest.at AS last_attempt_at,
       counted.last_sent_at,
       counted.sent,
       counted.waiting,
       counted.given_up,
       least(counted.oldest_failing, counted.oldest_given_up) AS undelivered_since
  FROM counted LEFT JOIN latest USING (receiver);

COMMENT ON VIEW timeline.receiver_health IS
    'One row per receiver that ever had a message: whether its messages get through, and what came of the last attempt.';
COMMENT ON COLUMN timeline.receiver_health.receiver IS 'Its name in aiwire.toml.';
COMMENT ON COLUMN timeline.receiver_health.health IS
    'ok, failing (tried again), gone (refuses every message; nothing is tried), incomplete (works, but some were given up).';
COMMENT ON COLUMN timeline.receiver_health.code IS 'What the last attempt came to: a status or a word of aiwire''s own.';
COMMENT ON COLUMN timeline.receiver_health.last_attempt_at IS 'When that was.';
COMMENT ON COLUMN timeline.receiver_health.last_sent_at IS 'When a message last got through; null: never.';
COMMENT ON COLUMN timeline.receiver_health.sent IS 'Messages that got through.';
COMMENT ON COLUMN timeline.receiver_health.waiting IS 'Messages that wait for their time or for another attempt.';
COMMENT ON COLUMN timeline.receiver_health.given_up IS 'Messages given up (`aiwire alerts retry` sends them again).';
COMMENT ON COLUMN timeline.receiver_health.undelivered_since IS 'When the oldest that failed or was given up was made.';

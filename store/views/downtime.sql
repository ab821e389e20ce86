CREATE OR REPLACE VIEW timeline.downtime AS
WITH outage AS (
    SELECT provider, key, source, impact, started_at, is_open,
           least(coalesce(resolved_at, (SELECT clock.now FROM timeline.clock)), (SELECT clock.now FROM timeline.clock)) AS ended_at
      FROM timeline.incidents
     WHERE started_at IS NOT NULL AND coalesce(impact, 'minor') NOT IN ('none', 'maintenance')
), dated AS (
    SELECT * FROM outage WHERE started_at < ended_at
), month AS (
    SELECT dated.*, first AS starts, first + interval '1 month' AS ends
      FROM dated, generate_series(date_trunc('month', started_at AT TIME ZONE 'UTC'),
                                  date_trunc('month', ended_at AT TIME ZONE 'UTC'), interval '1 month') AS first
), part AS (
    SELECT provider, key, source, impact, is_open, starts,
           tstzrange(greatest(started_at, starts AT TIME ZONE 'UTC'), least(ended_at, ends AT TIME ZONE 'UTC')) AS span
      FROM month
), merged AS (
    SELECT provider, starts, count(DISTINCT (source, key))::int AS incidents,
           count(DISTINCT (source, key)) FILTER (WHERE is_open)::int AS still_open,
           count(DISTINCT (source, key)) FILTER (WHERE impact IN ('major', 'critical'))::int AS serious,
           range_agg(span) AS down,
           range_agg(span) FILTER (WHERE impact IN ('major', 'critical')) AS seriously_down
      FROM part WHERE NOT isempty(span) GROUP BY provider, starts
)
SELECT provider, starts::date AS month, incidents, serious, still_open,
       (SELECT coalesce(round(sum(extract(epoch FROM upper(piece) - lower(piece))) / 60), 0)::int FROM unnest(down) AS piece)
           AS minutes,
       (SELECT coalesce(round(sum(extract(epoch FROM upper(piece) - lower(piece))) / 60), 0)::int
          FROM unnest(seriously_down) AS piece) AS serious_minutes
  FROM merged;

COMMENT ON VIEW timeline.downtime IS
    'How long each provider told of trouble in each month (UTC): times that overlap count once, what goes on counts until '
    'timeline.now(). Maintenance, and incidents of impact none, are left out; those whose start is not told too.';
COMMENT ON COLUMN timeline.downtime.provider IS 'Whose service, by id.';
COMMENT ON COLUMN timeline.downtime.month IS 'Its first day.';
COMMENT ON COLUMN timeline.downtime.incidents IS 'How many incidents fall into the month.';
COMMENT ON COLUMN timeline.downtime.serious IS 'Those of them whose impact is major or critical.';
COMMENT ON COLUMN timeline.downtime.still_open IS 'Those of them that go on.';
COMMENT ON COLUMN timeline.downtime.minutes IS 'Minutes with at least one incident.';
COMMENT ON COLUMN timeline.downtime.serious_minutes IS 'Minutes with at least one that is major or critical.';

CREATE OR REPLACE FUNCTION timeline.incidents_asof(at timestamptz, known_at timestamptz)
RETURNS TABLE (
    provider text, title text, impact text, status text, components text[], started_at timestamptz,
    resolved_at timestamptz, minutes int, is_open boolean, summary text, url text, source text, trust text, origin text,
    first_seen timestamptz, told_at timestamptz, guid text, key text, locator text, last_snapshot text,
    recorded_at timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT told.provider, told.title, told.impact, told.status, told.components, told.started_at, told.resolved_at,
           -- By a moment to come one that is open has lasted until now: nobody knows more.
           round(extract(epoch FROM least(told.resolved_at, $1, greatest((SELECT clock.now FROM timeline.clock),
                                          told.resolved_at, told.started_at)) - told.started_at) / 60)::int,
           told.resolved_at IS NULL OR told.resolved_at > $1, told.summary, told.url, told.source, told.trust,
           told.origin, first.seen, told.known_from, told.guid, told.key, told.locator, told.last_snapshot,
           told.recorded_at
      FROM timeline.incident_beliefs AS told
      CROSS JOIN LATERAL (
          SELECT min(earlier.known_from) AS seen FROM timeline.incident_beliefs AS earlier
           WHERE earlier.source = told.source AND earlier.key = told.key
      ) AS first
     WHERE told.known @> $2 AND upper_inf(told.effective)
       -- Begun by then; or told of by then: maintenance is told of before it begins.
       AND (told.started_at <= $1 OR first.seen <= $1)
$$;

COMMENT ON FUNCTION timeline.incidents_asof(timestamptz, timestamptz) IS
    'The incidents that had begun, or were announced, by a moment, as status pages told of them at another (known_at). Whether '
    'one is open, and for how long, is as of the moment. Columns as in timeline.incidents.';

CREATE OR REPLACE FUNCTION timeline.news_asof(moment timestamptz, known_at timestamptz)
RETURNS TABLE (
    at timestamptz, published_at timestamptz, title text, summary text, url text, provider text, topics text[],
    categories text[], first_seen timestamptz, edited_at timestamptz, source text, trust text, origin text, guid text,
    locator text, key text, first_snapshot text, recorded_at timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT item.at, item.published_at, item.title, item.summary, item.url, item.provider, item.topics, item.categories,
           first.seen, item.known_from, item.source, item.trust, item.origin, item.guid, item.locator, item.key,
           item.first_snapshot, item.recorded_at
      FROM timeline.news_beliefs AS item
      CROSS JOIN LATERAL (
          SELECT min(earlier.seen_from) AS seen FROM timeline.news_beliefs AS earlier
           WHERE earlier.source = item.source AND earlier.key = item.key AND earlier.known @> $2
      ) AS first
     WHERE item.known @> $2
       -- A publisher's clock may be up to two days ahead of ours.
       AND item.at <= $1 + interval '2 days' AND (item.at <= $1 OR first.seen <= $1)
       AND NOT EXISTS (
           SELECT 1 FROM timeline.news_beliefs AS later
            WHERE later.source = item.source AND later.key = item.key AND later.known @> $2
              AND later.seen_from > item.seen_from)
$$;

COMMENT ON FUNCTION timeline.news_asof(timestamptz, timestamptz) IS
    'The entries of all feeds that had been published by a moment, as they read at another (known_at): what was edited since '
    'is there as it was. Columns as in timeline.news.';

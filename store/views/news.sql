CREATE OR REPLACE VIEW timeline.news AS
SELECT coalesce(item.published_at, lower(item.effective)) AS at,
       item.published_at, item.title, item.summary, item.url, item.provider, item.topics, item.categories,
       coalesce((SELECT min(lower(earlier.effective)) FROM aiwire.news AS earlier
                  WHERE earlier.source = item.source AND earlier.key = item.key
                    AND upper_inf(earlier.known) AND earlier.superseded_at IS NULL), lower(item.effective)) AS first_seen,
       lower(item.known) AS edited_at,
       item.source, item.trust, item.origin, item.guid, item.locator, item.key, item.first_snapshot, item.recorded_at
  FROM aiwire.news AS item
 WHERE item.superseded_at IS NULL AND upper_inf(item.known)
   AND NOT EXISTS (SELECT 1 FROM aiwire.news AS later
                    WHERE later.source = item.source AND later.key = item.key AND upper_inf(later.known)
                      AND later.superseded_at IS NULL AND lower(later.effective) > lower(item.effective));

COMMENT ON VIEW timeline.news IS
    'The entries of all feeds, as they read now: one row per entry. What left its feed stays here.';
COMMENT ON COLUMN timeline.news.at IS 'The time to list it by: as published, else when this text was first seen.';
COMMENT ON COLUMN timeline.news.published_at IS 'As the feed says; null: it does not.';
COMMENT ON COLUMN timeline.news.title IS 'Plain text: escape it where you show it.';
COMMENT ON COLUMN timeline.news.summary IS 'Plain text, bounded.';
COMMENT ON COLUMN timeline.news.url IS 'http or https, or empty.';
COMMENT ON COLUMN timeline.news.provider IS 'The publisher, by id.';
COMMENT ON COLUMN timeline.news.topics IS 'What it is about, by the rules of timeline/topics.toml; what all of a feed is about comes first.';
COMMENT ON COLUMN timeline.news.categories IS 'As the feed prints them.';
COMMENT ON COLUMN timeline.news.first_seen IS 'The first look that showed the entry.';
COMMENT ON COLUMN timeline.news.edited_at IS 'The first look that showed it with this text.';
COMMENT ON COLUMN timeline.news.source IS 'Which source said so.';
COMMENT ON COLUMN timeline.news.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.news.origin IS 'live, import or bundled.';
COMMENT ON COLUMN timeline.news.guid IS 'The feed''s own id of the entry.';
COMMENT ON COLUMN timeline.news.locator IS 'Where in the capture.';
COMMENT ON COLUMN timeline.news.key IS 'What makes it the same entry over time, within its source.';
COMMENT ON COLUMN timeline.news.first_snapshot IS 'The bytes that first said so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.news.recorded_at IS 'When this database wrote the row.';

CREATE OR REPLACE VIEW timeline.news_beliefs AS
SELECT coalesce(item.published_at, lower(item.effective)) AS at,
       item.published_at, item.title, item.summary, item.url, item.provider, item.topics, item.categories,
       lower(item.effective) AS seen_from,
       lower(item.known) AS known_from,
       upper(item.known) AS known_to,
       item.source, item.trust, item.origin, item.guid, item.locator, item.key, item.first_snapshot, item.recorded_at,
       item.effective, item.known
  FROM aiwire.news AS item
 WHERE item.superseded_at IS NULL;

COMMENT ON VIEW timeline.news_beliefs IS
    'The entries of all feeds in two times: what they said (effective), and from when until when we believed it (known): an '
    'edit closes one row and opens the next.';
COMMENT ON COLUMN timeline.news_beliefs.at IS 'The time to list it by: as published, else when this text was first seen.';
COMMENT ON COLUMN timeline.news_beliefs.published_at IS 'As the feed says; null: it does not.';
COMMENT ON COLUMN timeline.news_beliefs.title IS 'Plain text: escape it where you show it.';
COMMENT ON COLUMN timeline.news_beliefs.summary IS 'Plain text, bounded.';
COMMENT ON COLUMN timeline.news_beliefs.url IS 'http or https, or empty.';
COMMENT ON COLUMN timeline.news_beliefs.provider IS 'The publisher, by id.';
COMMENT ON COLUMN timeline.news_beliefs.topics IS
    'What it is about, by the rules of timeline/topics.toml; what all of a feed is about comes first.';
COMMENT ON COLUMN timeline.news_beliefs.categories IS 'As the feed prints them.';
COMMENT ON COLUMN timeline.news_beliefs.seen_from IS 'The first look that showed the entry with this text.';
COMMENT ON COLUMN timeline.news_beliefs.known_from IS 'Since when the evidence said so.';
COMMENT ON COLUMN timeline.news_beliefs.known_to IS 'Until when the evidence said so (exclusive); null: it still does.';
COMMENT ON COLUMN timeline.news_beliefs.source IS 'Which source said so.';
COMMENT ON COLUMN timeline.news_beliefs.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.news_beliefs.origin IS 'live, import or bundled.';
COMMENT ON COLUMN timeline.news_beliefs.guid IS 'The feed''s own id of the entry.';
COMMENT ON COLUMN timeline.news_beliefs.locator IS 'Where in the capture.';
COMMENT ON COLUMN timeline.news_beliefs.key IS 'What makes it the same entry over time, within its source.';
COMMENT ON COLUMN timeline.news_beliefs.first_snapshot IS 'The bytes that first said so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.news_beliefs.recorded_at IS 'When this database wrote the row.';
COMMENT ON COLUMN timeline.news_beliefs.effective IS 'The time over which it holds in the world, as believed.';
COMMENT ON COLUMN timeline.news_beliefs.known IS 'The time over which we believed it.';

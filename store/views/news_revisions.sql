CREATE OR REPLACE VIEW timeline.news_revisions AS
SELECT told.source, told.key, told.number, told.title, told.summary, told.url, told.seen_from, told.seen_until,
       told.provider, told.trust, told.published_at, told.first_snapshot,
       array_remove(ARRAY[
           CASE WHEN told.title <> told.title_before THEN 'title' END,
           CASE WHEN told.summary <> told.summary_before THEN 'summary' END,
           CASE WHEN told.url <> told.url_before THEN 'url' END], NULL) AS changed
  FROM (SELECT item.source, item.key, item.title, item.summary, item.url, item.provider, item.trust,
               item.published_at, item.first_snapshot, lower(item.known) AS seen_from, upper(item.known) AS seen_until,
               row_number() OVER entry AS number, count(*) OVER (PARTITION BY item.source, item.key) AS revisions,
               lag(item.title) OVER entry AS title_before, lag(item.summary) OVER entry AS summary_before,
               lag(item.url) OVER entry AS url_before
          FROM aiwire.news AS item
         WHERE item.superseded_at IS NULL
        WINDOW entry AS (PARTITION BY item.source, item.key ORDER BY lower(item.known))) AS told
 WHERE told.revisions > 1;

COMMENT ON VIEW timeline.news_revisions IS
    'Every text of the entries that were edited: one row per text, the first and the present one among them.';
COMMENT ON COLUMN timeline.news_revisions.source IS 'Which source said so.';
COMMENT ON COLUMN timeline.news_revisions.key IS 'What makes it the same entry: as in timeline.news.';
COMMENT ON COLUMN timeline.news_revisions.number IS 'From 1, the first text that was seen.';
COMMENT ON COLUMN timeline.news_revisions.title IS 'Plain text: escape it where you show it.';
COMMENT ON COLUMN timeline.news_revisions.summary IS 'Plain text, bounded.';
COMMENT ON COLUMN timeline.news_revisions.url IS 'http or https, or empty.';
COMMENT ON COLUMN timeline.news_revisions.seen_from IS 'The first look that showed this text.';
COMMENT ON COLUMN timeline.news_revisions.seen_until IS 'The look that showed another one; null: it reads so now.';
COMMENT ON COLUMN timeline.news_revisions.provider IS 'The publisher, by id.';
COMMENT ON COLUMN timeline.news_revisions.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.news_revisions.published_at IS 'As the feed said then; null: it did not.';
COMMENT ON COLUMN timeline.news_revisions.first_snapshot IS 'The bytes that first said so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.news_revisions.changed IS 'What differs from the text before: title, summary, url; empty for the first.';

CREATE OR REPLACE VIEW timeline.pages AS
SELECT page.provider, page.part, page.title, page.text, page.url,
       lower(page.effective) AS effective_from,
       upper(page.effective) AS effective_to,
       page.source, page.trust, page.origin, page.key, page.sha256, page.first_snapshot, page.recorded_at
  FROM aiwire.page
 WHERE page.superseded_at IS NULL AND upper_inf(page.known);

COMMENT ON VIEW timeline.pages IS
    'The texts of watched parts of pages over time: one row per text. What stands now has no effective_to.';
COMMENT ON COLUMN timeline.pages.provider IS 'Whose page it is, by id.';
COMMENT ON COLUMN timeline.pages.part IS 'The selector, or page: all of it.';
COMMENT ON COLUMN timeline.pages.title IS 'The title of the page. Plain text: escape it where you show it.';
COMMENT ON COLUMN timeline.pages.text IS 'The words, a line for each block. Plain text, bounded.';
COMMENT ON COLUMN timeline.pages.url IS 'Where the page is.';
COMMENT ON COLUMN timeline.pages.effective_from IS 'The first look that showed this text.';
COMMENT ON COLUMN timeline.pages.effective_to IS 'The first look that showed another (exclusive); null: it still stands.';
COMMENT ON COLUMN timeline.pages.source IS 'Which source says so: see timeline.source_health.';
COMMENT ON COLUMN timeline.pages.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.pages.origin IS 'live or import.';
COMMENT ON COLUMN timeline.pages.key IS 'What makes it the same text over time, within its source.';
COMMENT ON COLUMN timeline.pages.sha256 IS 'Of the text.';
COMMENT ON COLUMN timeline.pages.first_snapshot IS 'The bytes that first said so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.pages.recorded_at IS 'When this database wrote the row.';

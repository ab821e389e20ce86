CREATE OR REPLACE VIEW timeline.funding_reports AS
SELECT report.deal, report.item, report.label AS kind,
       report.company, report.round, report.status, report.amount, report.amount_max, report.amount_qualifier,
       report.currency, report.valuation, report.valuation_max, report.valuation_qualifier, report.valuation_basis,
       CASE WHEN report.valuation IS NOT NULL THEN coalesce(report.valuation_currency, report.currency) END AS valuation_currency,
       report.total_raised, report.stake, report.lead_investors, report.investors, report.acquirer,
       least(coalesce(news.published_at, lower(news.known)), lower(news.known)) AS told_at,
       lower(news.known) AS seen_at, upper(news.known) AS edited_at, upper_inf(news.known) AS stands,
       news.title, news.url, news.provider AS outlet, report.source, news.key, news.trust, news.origin, news.locator,
       news.first_snapshot, report.because, report.reasons, report.reader, report.recorded_at,
       news.topics
  FROM aiwire.funding_report AS report JOIN aiwire.news ON news.id = report.news
 WHERE report.superseded_at IS NULL AND news.superseded_at IS NULL AND report.label <> 'none';

COMMENT ON VIEW timeline.funding_reports IS
    'What each item tells of a deal, with the item as evidence: one row for each text of an item, edited ones too.';
COMMENT ON COLUMN timeline.funding_reports.deal IS
    'The deal it is counted to: see timeline.funding; null: it names no company.';
COMMENT ON COLUMN timeline.funding_reports.item IS 'The item, by its short id.';
COMMENT ON COLUMN timeline.funding_reports.kind IS 'funding, acquisition, ipo, debt or fund_close.';
COMMENT ON COLUMN timeline.funding_reports.company IS
    'Who receives the money: of an acquisition the target, of a listing the issuer, of a fund its manager.';
COMMENT ON COLUMN timeline.funding_reports.round IS
    'pre_seed, seed, series_a ... series_h, strategic, grant, debt, acquisition, ipo or undisclosed; null for a fund.';
COMMENT ON COLUMN timeline.funding_reports.status IS 'rumoured (reported, in talks), announced or closed.';
COMMENT ON COLUMN timeline.funding_reports.amount IS
    'In plain units of `currency`; of a range its low end; null: nobody says. Never added up across currencies.';
COMMENT ON COLUMN timeline.funding_reports.amount_max IS 'The high end of a range.';
COMMENT ON COLUMN timeline.funding_reports.amount_qualifier IS 'approx, at_least, up_to or range; null: exactly so.';
COMMENT ON COLUMN timeline.funding_reports.currency IS 'ISO 4217, of the amount.';
COMMENT ON COLUMN timeline.funding_reports.valuation IS
    'What the company is valued at for this deal, in `valuation_currency`.';
COMMENT ON COLUMN timeline.funding_reports.valuation_max IS 'The high end of a range.';
COMMENT ON COLUMN timeline.funding_reports.valuation_qualifier IS 'As amount_qualifier.';
COMMENT ON COLUMN timeline.funding_reports.valuation_basis IS 'pre or post the money, where that is said.';
COMMENT ON COLUMN timeline.funding_reports.valuation_currency IS 'ISO 4217, of the valuation.';
COMMENT ON COLUMN timeline.funding_reports.total_raised IS
    'All it has raised to date, in `currency`, where that is said.';
COMMENT ON COLUMN timeline.funding_reports.stake IS 'Per cent of the company that changes hands, where that is said.';
COMMENT ON COLUMN timeline.funding_reports.lead_investors IS 'Who leads it.';
COMMENT ON COLUMN timeline.funding_reports.investors IS
    'All that are named for it, leads included; of an acquisition the buyer.';
COMMENT ON COLUMN timeline.funding_reports.acquirer IS 'Who buys, of an acquisition.';
COMMENT ON COLUMN timeline.funding_reports.told_at IS 'As published, else when this text was first seen.';
COMMENT ON COLUMN timeline.funding_reports.seen_at IS 'The first look that showed this text.';
COMMENT ON COLUMN timeline.funding_reports.edited_at IS 'When the item got another text; null: it stands.';
COMMENT ON COLUMN timeline.funding_reports.stands IS 'Whether the item reads so now.';
COMMENT ON COLUMN timeline.funding_reports.title IS 'Plain text: escape it where you show it.';
COMMENT ON COLUMN timeline.funding_reports.url IS 'http or https, or empty.';
COMMENT ON COLUMN timeline.funding_reports.outlet IS 'The publisher, by id.';
COMMENT ON COLUMN timeline.funding_reports.source IS 'The feed.';
COMMENT ON COLUMN timeline.funding_reports.key IS
    'What makes it the same item over time, within its source: see timeline.news.';
COMMENT ON COLUMN timeline.funding_reports.trust IS 'official, cloud, reseller, catalogue or press: who says so.';
COMMENT ON COLUMN timeline.funding_reports.origin IS 'live, import or bundled.';
COMMENT ON COLUMN timeline.funding_reports.locator IS 'Where in the capture.';
COMMENT ON COLUMN timeline.funding_reports.first_snapshot IS 'The bytes that first said so: see timeline.snapshots.';
COMMENT ON COLUMN timeline.funding_reports.because IS 'The steps that led to this reading.';
COMMENT ON COLUMN timeline.funding_reports.reasons IS
    'Of each field the rule and the words it rests on: field, value, rule, where (title or summary), start, end, words.';
COMMENT ON COLUMN timeline.funding_reports.reader IS 'The version of the reader.';
COMMENT ON COLUMN timeline.funding_reports.recorded_at IS 'When this database wrote the row.';
COMMENT ON COLUMN timeline.funding_reports.topics IS 'What the item is about: see timeline.news.';

CREATE OR REPLACE VIEW timeline.funding AS
SELECT deal.deal AS id, deal.label AS kind,
       terms.company, terms.round, terms.status, terms.amount, terms.amount_max, terms.amount_qualifier,
       terms.currency, terms.valuation, terms.valuation_max, terms.valuation_qualifier, terms.valuation_basis,
       CASE WHEN terms.valuation IS NOT NULL THEN coalesce(terms.valuation_currency, terms.currency) END AS valuation_currency,
       terms.total_raised, terms.stake, terms.lead_investors, terms.investors, terms.acquirer,
       deal.first_reported, deal.announced_on, deal.closed_on, deal.outlets, deal.items, deal.topics,
       lower(terms.known) AS known_from, deal.recorded_at
  FROM aiwire.funding_deal AS deal
  JOIN aiwire.funding_round AS terms
    ON terms.deal = deal.deal AND terms.superseded_at IS NULL AND upper_inf(terms.known);

COMMENT ON VIEW timeline.funding IS
    'Money raised, companies bought and listed, loans and funds: one row a deal, in however many outlets it was told.';
COMMENT ON COLUMN timeline.funding.id IS 'The name of the deal.';
COMMENT ON COLUMN timeline.funding.kind IS 'funding, acquisition, ipo, debt or fund_close.';
COMMENT ON COLUMN timeline.funding.company IS
    'Who receives the money: of an acquisition the target, of a listing the issuer, of a fund its manager.';
COMMENT ON COLUMN timeline.funding.round IS
    'pre_seed, seed, series_a ... series_h, strategic, grant, debt, acquisition, ipo or undisclosed; null for a fund.';
COMMENT ON COLUMN timeline.funding.status IS 'rumoured (reported, in talks), announced or closed.';
COMMENT ON COLUMN timeline.funding.amount IS
    'In plain units of `currency`; of a range its low end; null: nobody says. Never added up across currencies.';
COMMENT ON COLUMN timeline.funding.amount_max IS 'The high end of a range.';
COMMENT ON COLUMN timeline.funding.amount_qualifier IS 'approx, at_least, up_to or range; null: exactly so.';
COMMENT ON COLUMN timeline.funding.currency IS 'ISO 4217, of the amount.';
COMMENT ON COLUMN timeline.funding.valuation IS 'What the company is valued at for this deal, in `valuation_currency`.';
COMMENT ON COLUMN timeline.funding.valuation_max IS 'The high end of a range.';
COMMENT ON COLUMN timeline.funding.valuation_qualifier IS 'As amount_qualifier.';
COMMENT ON COLUMN timeline.funding.valuation_basis IS 'pre or post the money, where that is said.';
COMMENT ON COLUMN timeline.funding.valuation_currency IS 'ISO 4217, of the valuation.';
COMMENT ON COLUMN timeline.funding.total_raised IS 'All it has raised to date, in `currency`, where that is said.';
COMMENT ON COLUMN timeline.funding.stake IS 'Per cent of the company that changes hands, where that is said.';
COMMENT ON COLUMN timeline.funding.lead_investors IS 'Who leads it.';
COMMENT ON COLUMN timeline.funding.investors IS
    'All that are named for it, leads included; of an acquisition the buyer.';
COMMENT ON COLUMN timeline.funding.acquirer IS 'Who buys, of an acquisition.';
COMMENT ON COLUMN timeline.funding.first_reported IS
    'The first report of it: as published, else when it was first seen.';
COMMENT ON COLUMN timeline.funding.announced_on IS
    'The day of the first report that is no rumour; null: it is a rumour.';
COMMENT ON COLUMN timeline.funding.closed_on IS 'The day of the first report that says it is done.';
COMMENT ON COLUMN timeline.funding.outlets IS 'How many publishers told it.';
COMMENT ON COLUMN timeline.funding.items IS
    'The items that tell it, the first one first: see timeline.funding_reports.';
COMMENT ON COLUMN timeline.funding.topics IS 'The topics of these items.';
COMMENT ON COLUMN timeline.funding.known_from IS 'Since when these terms were known.';
COMMENT ON COLUMN timeline.funding.recorded_at IS 'When this database first wrote the deal.';

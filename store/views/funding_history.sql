CREATE OR REPLACE VIEW timeline.funding_history AS
SELECT terms.deal, terms.label AS kind,
       terms.company, terms.round, terms.status, terms.amount, terms.amount_max, terms.amount_qualifier,
       terms.currency, terms.valuation, terms.valuation_max, terms.valuation_qualifier, terms.valuation_basis,
       CASE WHEN terms.valuation IS NOT NULL THEN coalesce(terms.valuation_currency, terms.currency) END AS valuation_currency,
       terms.total_raised, terms.stake, terms.lead_investors, terms.investors, terms.acquirer,
       lower(terms.known) AS known_from, upper(terms.known) AS known_to, terms.recorded_at
  FROM aiwire.funding_round AS terms
 WHERE terms.superseded_at IS NULL AND EXISTS (SELECT FROM aiwire.funding_deal AS deal WHERE deal.deal = terms.deal);

COMMENT ON VIEW timeline.funding_history IS
    'What was known of each deal, and when: one row for each state of its terms. What is known now has no known_to.';
COMMENT ON COLUMN timeline.funding_history.deal IS 'The name of the deal: see timeline.funding.';
COMMENT ON COLUMN timeline.funding_history.kind IS 'funding, acquisition, ipo, debt or fund_close.';
COMMENT ON COLUMN timeline.funding_history.company IS
    'Who receives the money: of an acquisition the target, of a listing the issuer, of a fund its manager.';
COMMENT ON COLUMN timeline.funding_history.round IS
    'pre_seed, seed, series_a ... series_h, strategic, grant, debt, acquisition, ipo or undisclosed; null for a fund.';
COMMENT ON COLUMN timeline.funding_history.status IS 'rumoured (reported, in talks), announced or closed.';
COMMENT ON COLUMN timeline.funding_history.amount IS
    'In plain units of `currency`; of a range its low end; null: nobody says. Never added up across currencies.';
COMMENT ON COLUMN timeline.funding_history.amount_max IS 'The high end of a range.';
COMMENT ON COLUMN timeline.funding_history.amount_qualifier IS 'approx, at_least, up_to or range; null: exactly so.';
COMMENT ON COLUMN timeline.funding_history.currency IS 'ISO 4217, of the amount.';
COMMENT ON COLUMN timeline.funding_history.valuation IS
    'What the company is valued at for this deal, in `valuation_currency`.';
COMMENT ON COLUMN timeline.funding_history.valuation_max IS 'The high end of a range.';
COMMENT ON COLUMN timeline.funding_history.valuation_qualifier IS 'As amount_qualifier.';
COMMENT ON COLUMN timeline.funding_history.valuation_basis IS 'pre or post the money, where that is said.';
COMMENT ON COLUMN timeline.funding_history.valuation_currency IS 'ISO 4217, of the valuation.';
COMMENT ON COLUMN timeline.funding_history.total_raised IS
    'All it has raised to date, in `currency`, where that is said.';
COMMENT ON COLUMN timeline.funding_history.stake IS 'Per cent of the company that changes hands, where that is said.';
COMMENT ON COLUMN timeline.funding_history.lead_investors IS 'Who leads it.';
COMMENT ON COLUMN timeline.funding_history.investors IS
    'All that are named for it, leads included; of an acquisition the buyer.';
COMMENT ON COLUMN timeline.funding_history.acquirer IS 'Who buys, of an acquisition.';
COMMENT ON COLUMN timeline.funding_history.known_from IS 'Since when these terms were known.';
COMMENT ON COLUMN timeline.funding_history.known_to IS 'When they became other ones; null: they stand.';
COMMENT ON COLUMN timeline.funding_history.recorded_at IS 'When this database wrote the row.';

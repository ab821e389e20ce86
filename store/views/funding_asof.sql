CREATE OR REPLACE FUNCTION timeline.funding_asof(at timestamptz, known_at timestamptz)
RETURNS TABLE (
    id text, kind text, company text, round text, status text, amount numeric, amount_max numeric, amount_qualifier text,
    currency text, valuation numeric, valuation_max numeric, valuation_qualifier text, valuation_basis text,
    valuation_currency text, total_raised numeric, stake numeric, lead_investors text[], investors text[], acquirer text,
    first_reported timestamptz, announced_on date, closed_on date, outlets int, items text[], topics text[],
    known_from timestamptz, recorded_at timestamptz
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT terms.deal, terms.kind, terms.company, terms.round, terms.status, terms.amount, terms.amount_max,
           terms.amount_qualifier, terms.currency, terms.valuation, terms.valuation_max, terms.valuation_qualifier,
           terms.valuation_basis, terms.valuation_currency, terms.total_raised, terms.stake, terms.lead_investors,
           terms.investors, terms.acquirer, told.first_reported, told.announced_on, told.closed_on, told.outlets,
           told.items, told.topics, terms.known_from, coalesce(deal.recorded_at, terms.recorded_at)
      FROM timeline.funding_history AS terms
      JOIN (
          SELECT report.deal, min(report.told_at) AS first_reported,
                 (min(report.told_at) FILTER (WHERE report.status IN ('announced', 'closed')) AT TIME ZONE 'UTC')::date
                     AS announced_on,
                 (min(report.told_at) FILTER (WHERE report.status = 'closed') AT TIME ZONE 'UTC')::date AS closed_on,
                 count(DISTINCT report.outlet)::int AS outlets,
                 array_agg(report.item ORDER BY report.told_at, report.item) AS items,
                 coalesce((SELECT array_agg(DISTINCT topic ORDER BY topic)
                             FROM unnest(array_agg(array_to_string(report.topics, ' '))) AS each (words),
                                  string_to_table(each.words, ' ') AS topic
                            WHERE topic <> ''), '{}') AS topics
            FROM timeline.funding_reports AS report
           WHERE report.deal IS NOT NULL AND report.seen_at <= $2 AND (report.edited_at IS NULL OR report.edited_at > $2)
           GROUP BY report.deal
      ) AS told ON told.deal = terms.deal
      LEFT JOIN timeline.funding AS deal ON deal.id = terms.deal
     WHERE terms.known_from <= $2 AND (terms.known_to IS NULL OR terms.known_to > $2) AND told.first_reported <= $1
$$;

COMMENT ON FUNCTION timeline.funding_asof(timestamptz, timestamptz) IS
    'The deals that had been reported by a moment, with their terms as they were known at another (known_at), from the items '
    'that told of them by then. Columns as in timeline.funding.';

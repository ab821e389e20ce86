CREATE OR REPLACE FUNCTION timeline.offers_asof(at timestamptz)
RETURNS TABLE (
    maker text, maker_model text, class text, seller text, model_id text, model text, meter text, conditions jsonb,
    state text, amount numeric, currency text, per numeric, unit text, unit_amount numeric, per_million numeric,
    effective_from timestamptz, certain boolean, seen_until timestamptz, source text, trust text, origin text,
    locator text, first_snapshot text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1000
AS $$
    SELECT same.maker, same.maker_model, same.class, price.provider, price.model_id, price.model, price.meter,
           price.conditions, price.state, price.amount, price.currency, price.per, price.unit, price.unit_amount,
           price.per_million, price.effective_from, price.certain, price.seen_until, price.source, price.trust,
           price.origin, price.locator, price.first_snapshot
      FROM timeline.price_asof(offers_asof.at) AS price
      -- Routers write the maker in front; Google and Azure a version behind an @; Bedrock a region, maker and version.
      CROSS JOIN LATERAL (SELECT lower(replace(regexp_replace(price.model_id, '^.*/', ''), '@', '-')) AS name) AS written
      JOIN timeline.same_models AS same
        ON same.name = CASE WHEN price.provider LIKE '%bedrock' OR price.provider = 'amazon'
                            THEN regexp_replace(written.name, '{{bedrock}}', '\3') ELSE written.name END
$$;

COMMENT ON FUNCTION timeline.offers_asof(timestamptz) IS
    'What each model cost at a moment, from everybody who sold it: its maker, clouds and routers. Only ids that are exactly '
    'a reviewed model are there (timeline.same_models); one seller may sell it under several, with several prices. Columns '
    'as in timeline.offers.';

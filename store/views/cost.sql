CREATE OR REPLACE FUNCTION timeline.cost(
    at timestamptz, model_id text, requests numeric, input_tokens numeric, output_tokens numeric,
    cached_tokens numeric DEFAULT 0, service_tier text DEFAULT 'standard'
)
RETURNS TABLE (
    provider text, currency text, total numeric, input_cost numeric, cached_cost numeric, output_cost numeric,
    certain boolean, source text
)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 3
AS $$
    WITH fitting AS (
        SELECT DISTINCT ON (claim.provider, claim.currency, claim.meter) claim.provider, claim.currency, claim.meter,
               CASE claim.state WHEN 'free' THEN 0 WHEN 'priced' THEN claim.amount / claim.per END AS each,
               claim.certain, claim.source
          FROM timeline.price_asof(cost.at) AS claim
         WHERE claim.model_id = cost.model_id AND claim.unit = 'token' AND claim.currency IS NOT NULL
           AND claim.meter IN ('input', 'cache_read', 'output') AND claim.state IN ('priced', 'free', 'varies', 'unknown')
           AND claim.conditions - ARRAY['service_tier', 'context_over', 'context_upto', 'tier_mode'] = '{}'
           AND coalesce(claim.conditions ->> 'service_tier', 'standard') = cost.service_tier
           AND cost.input_tokens > coalesce((claim.conditions ->> 'context_over')::numeric, -1)
           AND cost.input_tokens <= coalesce((claim.conditions ->> 'context_upto')::numeric, 'infinity')
         ORDER BY claim.provider, claim.currency, claim.meter,
                  array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], claim.trust),
                  coalesce((claim.conditions ->> 'context_over')::numeric, -1) DESC, claim.source
    ), priced AS (
        SELECT fitting.provider, fitting.currency, min(fitting.each) FILTER (WHERE meter = 'input') AS input,
               coalesce(min(fitting.each) FILTER (WHERE meter = 'cache_read'),
                        min(fitting.each) FILTER (WHERE meter = 'input')) AS cached,
               min(fitting.each) FILTER (WHERE meter = 'output') AS output, bool_and(fitting.certain) AS certain,
               string_agg(DISTINCT fitting.source, ', ') AS source
          FROM fitting GROUP BY fitting.provider, fitting.currency
    ), spent AS (
        SELECT priced.*,
               CASE WHEN cost.input_tokens = cost.cached_tokens THEN 0
                    ELSE priced.input * (cost.input_tokens - cost.cached_tokens) * cost.requests END AS plain,
               CASE WHEN cost.cached_tokens = 0 THEN 0
                    ELSE priced.cached * cost.cached_tokens * cost.requests END AS from_cache,
               CASE WHEN cost.output_tokens = 0 THEN 0
                    ELSE priced.output * cost.output_tokens * cost.requests END AS written
          FROM priced
    )
    SELECT spent.provider, spent.currency, trim_scale(plain + from_cache + written), trim_scale(plain),
           trim_scale(from_cache), trim_scale(written), spent.certain, spent.source
      FROM spent ORDER BY spent.provider, spent.currency
$$;

COMMENT ON FUNCTION timeline.cost(timestamptz, text, numeric, numeric, numeric, numeric, text) IS
    'What `requests` to a model cost at the prices of a moment, by everybody who sells it under that id: tokens are of one '
    'request, cached_tokens among its input_tokens (plain input where caching has no price). total is null where a price is '
    'not known, never 0; no row: nothing is known. List prices without conditions but the service tier and the length of '
    'the prompt, which holds for the whole request; `aiwire cost` knows more: contracts, other meters, times of day.';

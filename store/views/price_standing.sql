CREATE OR REPLACE FUNCTION timeline.price_standing(
    source text, key text, provider text, model_id text, meter text, at timestamptz, known_at timestamptz DEFAULT NULL
)
RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
AS $$
    -- Everything ever said of the price by anybody, as known then, with what its source said before and said next.
    WITH known AS MATERIALIZED (
        SELECT source, key, lineage, trust, basis, unit_amount, currency, unit, conditions, effective, effective_from,
               effective_to
          FROM timeline.price_beliefs AS belief
         WHERE belief.model_id = price_standing.model_id AND belief.provider = price_standing.provider
           AND belief.meter = price_standing.meter
           AND CASE WHEN price_standing.known_at IS NULL THEN upper_inf(belief.known)
                    ELSE belief.known @> price_standing.known_at END
    ), told AS (
        SELECT each.source, each.key, each.lineage, each.trust, each.basis, each.unit_amount, each.effective,
               each.effective_from, each.effective_to, each.unit,
               lag(each.effective_to) OVER own = each.effective_from AS follows,
               lag(each.unit_amount) OVER own AS former,
               lead(each.effective_from) OVER own = each.effective_to AS moves_on
          FROM known AS claim JOIN known AS each USING (currency, unit, conditions)
         WHERE claim.source = price_standing.source AND claim.key = price_standing.key
           AND claim.effective @> price_standing.at
        WINDOW own AS (PARTITION BY each.source, each.key ORDER BY each.effective)
    ), claim AS (
        SELECT * FROM told WHERE told.source = price_standing.source AND told.key = price_standing.key
                             AND told.effective @> price_standing.at
    ), peer AS (
        SELECT told.*, told.follows OR told.basis <> 'observed' AS moved
          FROM told JOIN claim USING (trust) WHERE told.effective @> price_standing.at
    ), asked AS (
        SELECT EXISTS (
                   SELECT FROM told WHERE told.lineage <> claim.lineage AND told.unit_amount = claim.unit_amount
                                      AND coalesce(told.effective_to, 'infinity') > claim.effective_from
               ) AS borne_out,
               EXISTS (
                   SELECT FROM peer WHERE peer.lineage <> claim.lineage AND peer.unit_amount <> claim.unit_amount
                                      AND peer.moves_on AND peer.effective_to < coalesce(claim.effective_to, 'infinity')
               ) AS passed_over,
               -- To cents; or the noise of a float (0.049999999999999996), which is no more exact a figure.
               EXISTS (
                   SELECT FROM peer
                    WHERE peer.unit_amount <> claim.unit_amount AND claim.unit = 'token' AND (
                          round(peer.unit_amount * 1000000, 2) = claim.unit_amount * 1000000
                          AND round(peer.unit_amount * 1000000, 9) = peer.unit_amount * 1000000
                       OR round(claim.unit_amount * 1000000, 9) = peer.unit_amount * 1000000)
               ) AS rounded,
               -- A jump such as the fold would hold back (timeline.holds): from what it said, else from what others say.
               CASE WHEN claim.basis <> 'observed' THEN false
                    WHEN claim.follows THEN claim.unit_amount * 5 <= claim.former OR claim.unit_amount >= claim.former * 5
                    ELSE claim.unit_amount * 5 <= (SELECT max(unit_amount) FROM peer)
                      OR claim.unit_amount >= (SELECT min(unit_amount) FROM peer) * 5 END AS far,
               (SELECT greatest(
                           max(peer.effective_from) FILTER (WHERE peer.moved),
                           CASE WHEN count(DISTINCT peer.lineage) > 1 THEN max(peer.effective_from) END
                       ) FROM peer WHERE peer.unit_amount = claim.unit_amount) AS told_at
          FROM claim
    )
    SELECT CASE WHEN rounded OR NOT borne_out AND (passed_over OR coalesce(far, false)) THEN '-infinity'
                ELSE coalesce(told_at, '0001-01-01') END
      FROM asked
$$;

COMMENT ON FUNCTION timeline.price_standing(text, text, text, text, text, timestamptz, timestamptz) IS
    'How well what a source says of a price (its key) at a moment stands beside what others as trusted say: the time its '
    'amount was told last, by a source that changed its mind or by a second one that came to agree; the year 1: nobody '
    'did; -infinity: nobody bears it out. Of sources that differ the latest speaks: see docs/sql.md.';

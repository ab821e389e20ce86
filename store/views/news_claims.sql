CREATE OR REPLACE VIEW timeline.news_claims AS
SELECT claimed.at, claimed.source, claimed.key, claimed.title, claimed.url, claimed.outlet, claimed.trust,
       claimed.provider, claimed.model_id, claimed.claim, claimed.direction, claimed.words,
       CASE claimed.claim
            WHEN 'retirement' THEN
                CASE WHEN life.status IN ('deprecated', 'retired') OR life.retires_on IS NOT NULL THEN 'confirmed'
                     WHEN life.status IS NOT NULL OR price.source IS NOT NULL THEN 'contradicted'
                     ELSE 'not_on_page' END
            WHEN 'availability' THEN
                CASE WHEN life.status = 'retired' THEN 'contradicted'
                     WHEN life.status IS NOT NULL OR price.source IS NOT NULL THEN 'confirmed'
                     ELSE 'not_on_page' END
            ELSE
                CASE WHEN change.source IS NULL THEN 'not_on_page'
                     WHEN claimed.direction IS NULL OR change.alike THEN 'confirmed'
                     ELSE 'contradicted' END
       END AS verdict,
       CASE WHEN claimed.claim = 'price' THEN
                 CASE WHEN change.source IS NOT NULL THEN change.headline
                      WHEN price.source IS NOT NULL THEN 'prices it, unchanged' END
            WHEN life.status IS NOT NULL THEN 'lists it as ' || life.status || coalesce(', retires ' || life.retires_on, '')
            WHEN price.source IS NOT NULL THEN 'prices it' END AS official_says,
       CASE WHEN claimed.claim = 'price' THEN coalesce(change.source, price.source)
            ELSE coalesce(life.source, price.source) END AS official_source,
       CASE WHEN claimed.claim = 'price' THEN coalesce(change.observed_at, price.seen_until)
            ELSE coalesce(CASE WHEN life.source IS NOT NULL THEN life.seen_until END, price.seen_until) END AS official_as_of,
       change.id AS official_event
  FROM (
        SELECT least(coalesce(item.published_at, lower(item.known)), lower(item.known)) AS at, item.source, item.key,
               item.title, item.url, item.provider AS outlet, item.trust, told.provider, told.model_id, told.model_ids,
               told.claim, told.direction, told.words,
               least((SELECT clock.now FROM timeline.clock),
                     least(coalesce(item.published_at, lower(item.known)), lower(item.known)) + interval '30 days') AS upto
          FROM aiwire.news_claim AS told JOIN aiwire.news AS item ON item.id = told.news
         WHERE item.superseded_at IS NULL AND upper_inf(item.known)
       ) AS claimed
  LEFT JOIN LATERAL (
        SELECT history.status, history.retires_on, history.source, history.seen_until
          FROM timeline.model_history AS history
         WHERE history.model_id = ANY(claimed.model_ids) AND history.provider = claimed.provider
           AND history.trust = 'official' AND history.subject_kind = 'model' AND history.effective @> claimed.upto
         ORDER BY array_position(ARRAY['retired', 'deprecated', 'legacy', 'active', 'preview'], history.status),
                  history.seen_until DESC NULLS LAST, history.source
         LIMIT 1
       ) AS life ON true
  LEFT JOIN LATERAL (
        SELECT history.source, history.seen_until
          FROM timeline.price_history AS history
         WHERE history.model_id = ANY(claimed.model_ids) AND history.provider = claimed.provider
           AND history.trust = 'official' AND history.state = 'priced' AND history.effective @> claimed.upto
         ORDER BY history.seen_until DESC NULLS LAST, history.source
         LIMIT 1
       ) AS price ON true
  LEFT JOIN LATERAL (
        SELECT event.id, event.source, event.observed_at, event.headline, event.direction = claimed.direction AS alike
          FROM aiwire.event
         WHERE claimed.claim = 'price' AND event.model_id = ANY(claimed.model_ids) AND event.provider = claimed.provider
           AND event.trust = 'official' AND event.kind IN ('price.changed', 'price.scheduled')
           AND event.withdrawn_at IS NULL AND NOT event.baseline
           AND event.observed_at BETWEEN claimed.at - interval '30 days' AND claimed.upto
         ORDER BY (event.direction = claimed.direction) DESC NULLS LAST, abs(extract(epoch FROM event.observed_at - claimed.at))
         LIMIT 1
       ) AS change ON true;

COMMENT ON VIEW timeline.news_claims IS
    'What news items claim of models (a price that changed, an end, a launch), held against the provider''s own pages as '
    'they were 30 days after the item, or are now. One row for each model and kind of claim of an item.';
COMMENT ON COLUMN timeline.news_claims.at IS 'When the item was published, else first seen.';
COMMENT ON COLUMN timeline.news_claims.source IS 'The feed.';
COMMENT ON COLUMN timeline.news_claims.key IS 'Of the item, within its source: see timeline.news.';
COMMENT ON COLUMN timeline.news_claims.title IS 'Plain text: escape it where you show it.';
COMMENT ON COLUMN timeline.news_claims.url IS 'http or https, or empty.';
COMMENT ON COLUMN timeline.news_claims.outlet IS 'The publisher, by id.';
COMMENT ON COLUMN timeline.news_claims.trust IS 'official, cloud, reseller, catalogue or press: who claims it.';
COMMENT ON COLUMN timeline.news_claims.provider IS 'Whose model it is.';
COMMENT ON COLUMN timeline.news_claims.model_id IS 'The model.';
COMMENT ON COLUMN timeline.news_claims.claim IS 'price (it changed), retirement (it ends) or availability (it can be had).';
COMMENT ON COLUMN timeline.news_claims.direction IS 'Of prices: cut or rise; null: not told.';
COMMENT ON COLUMN timeline.news_claims.words IS 'The sentence that claims it.';
COMMENT ON COLUMN timeline.news_claims.verdict IS
    'confirmed, contradicted (the page lists or prices a model that is said to end, or moved the price the other way) or '
    'not_on_page: reported, and the provider''s pages say nothing of it.';
COMMENT ON COLUMN timeline.news_claims.official_says IS 'What the provider''s page says of the model; null: nothing.';
COMMENT ON COLUMN timeline.news_claims.official_source IS 'Which page says so.';
COMMENT ON COLUMN timeline.news_claims.official_as_of IS 'When it was last seen to say so, or first seen to have changed.';
COMMENT ON COLUMN timeline.news_claims.official_event IS 'The change of the price on that page: see timeline.events.';

-- The first schema. People read schema `timeline` (store/views/*.sql); everything here is private to aiwire.
-- Times are timestamptz (UTC); amounts are numeric as printed, `per` of `unit`; keys are timeline.keys.canonical texts.

CREATE TABLE source (
    id          text PRIMARY KEY,
    provider    text NOT NULL,
    kind        text NOT NULL,                       -- pricing lifecycle feed catalogue status table page bundled
    url         text,
    host        text GENERATED ALWAYS AS (lower(substring(url FROM '^https?://([^/?#]+)'))) STORED,
    trust       text NOT NULL,                       -- official cloud reseller catalogue press
    every       interval,
    verified    boolean NOT NULL DEFAULT false,
    enabled     boolean NOT NULL DEFAULT true,       -- false: no longer in the configuration; its history stays
    muted       boolean NOT NULL DEFAULT false,      -- an operator silenced its alerts
    config      jsonb NOT NULL DEFAULT '{}'
);

CREATE TABLE source_state (
    source            text PRIMARY KEY REFERENCES source,
    etag              text,
    last_modified     text,
    validators_for    text,                          -- the URL and extractor version the validators belong to
    next_due_at       timestamptz NOT NULL DEFAULT '-infinity',
    last_fetch_at     timestamptz,
    last_good_at      timestamptz,                   -- last check that ended in a good capture (or found it unchanged)
    last_outcome      text,
    failures          int NOT NULL DEFAULT 0,        -- since the last success
    health            text NOT NULL DEFAULT 'new',   -- new ok failing broken stale
    health_since      timestamptz,
    health_detail     text,
    fold              jsonb NOT NULL DEFAULT '{}',   -- {header, held}: the fold's own state, and what it holds back
    changes           bigint NOT NULL DEFAULT 0      -- counts up with every change of the source's facts and events
);

CREATE TABLE host (
    host        text PRIMARY KEY,                    -- name:port as requested
    not_before  timestamptz,                         -- Retry-After or back-off: no request earlier
    reason      text
);

CREATE TABLE "fetch" (                               -- every attempt, whatever came of it
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source      text NOT NULL REFERENCES source,
    run         text NOT NULL,                       -- one id per crawl
    url         text NOT NULL,
    final_url   text,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz NOT NULL,
    outcome     text NOT NULL,                       -- see crawler/outcomes.py
    status      int,
    bytes       bigint,
    sha256      text,
    headers     jsonb,
    detail      text
);
CREATE INDEX fetch_source_time ON "fetch" (source, finished_at DESC);

CREATE TABLE snapshot (
    sha256       text PRIMARY KEY CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes        bigint NOT NULL,
    content_type text,
    stored_at    timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE body (
    sha256  text PRIMARY KEY REFERENCES snapshot,
    zstd    bytea NOT NULL
);
ALTER TABLE body ALTER COLUMN zstd SET STORAGE EXTERNAL;

CREATE TABLE capture (                               -- a run of one snapshot: first seen to last seen
    source      text NOT NULL REFERENCES source,
    seq         int NOT NULL,
    sha256      text NOT NULL REFERENCES snapshot,
    url         text NOT NULL,
    first_seen  timestamptz NOT NULL,
    last_seen   timestamptz NOT NULL,
    checks      int NOT NULL DEFAULT 1,
    origin      text NOT NULL,                       -- live import
    verdict     text,                                -- null: not read yet; good bad accepted
    extractor   text,                                -- version that read it last
    facts       int,
    issues      jsonb NOT NULL DEFAULT '[]',         -- timeline.issues.Issue objects of that reading
    ignored     jsonb NOT NULL DEFAULT '[]',
    late        boolean NOT NULL DEFAULT false,      -- bad when it was seen, believed since a reader was mended
    PRIMARY KEY (source, seq),
    CHECK (last_seen >= first_seen)
);
CREATE INDEX capture_sha ON capture (sha256);
CREATE INDEX capture_good ON capture (source, first_seen DESC) WHERE verdict IN ('good', 'accepted');
CREATE INDEX capture_unread ON capture (source, first_seen) WHERE verdict IS NULL;
CREATE UNIQUE INDEX capture_time ON capture (source, first_seen DESC);

CREATE TABLE issue (                                 -- problems a person should see, once each while they last
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source      text NOT NULL REFERENCES source,
    code        text NOT NULL,
    message     text NOT NULL,
    locator     text NOT NULL DEFAULT '',
    fatal       boolean NOT NULL DEFAULT false,
    seq         int,                                 -- capture, where there is one
    first_seen  timestamptz NOT NULL,
    last_seen   timestamptz NOT NULL,
    closed_at   timestamptz
);
CREATE UNIQUE INDEX issue_open ON issue (source, code, md5(message), locator) WHERE closed_at IS NULL;

CREATE TABLE fold_key (                              -- timeline.fold's state per fact: opaque here
    source  text NOT NULL REFERENCES source,
    key     text NOT NULL,
    state   jsonb NOT NULL,
    -- What the fold asks of every key at every look; the rest only of those that changed.
    kind    text GENERATED ALWAYS AS (state ->> 'kind') STORED,
    sig     text GENERATED ALWAYS AS (state ->> 'sig') STORED,
    waits   boolean GENERATED ALWAYS AS (state ? 'waits') STORED,
    PRIMARY KEY (source, key)
);

-- The constraints `..._never_two_answers` compare a 64-bit hash of source and key, which is six times as fast as the texts.
-- That two keys of a million share one has a chance of 3 in 100,000,000, and would refuse a row, never let one through.
-- The ranges are added to themselves, which changes nothing, so that no query is ever planned over these indexes: without
-- the hash they would be read whole, and a generic plan takes that for cheap.
CREATE TABLE price (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text NOT NULL REFERENCES source,
    key            text NOT NULL,
    provider       text NOT NULL,
    model          text NOT NULL,
    model_id       text,
    meter          text NOT NULL,
    conditions     jsonb NOT NULL DEFAULT '{}',
    state          text NOT NULL,
    amount         numeric,
    currency       text,
    per            numeric NOT NULL,
    unit           text NOT NULL,
    qualifier      text,
    label          text NOT NULL DEFAULT '',
    locator        text NOT NULL DEFAULT '',
    effective      tstzrange NOT NULL CHECK (NOT isempty(effective)),   -- when it holds in the world, as believed
    effective_basis text NOT NULL DEFAULT 'observed',                   -- observed | stated | bundled
    seen_until     timestamptz,                      -- last capture that still said so, where the end was observed
    known          tstzrange NOT NULL CHECK (NOT isempty(known)),       -- since when, and until when, the evidence said so
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    superseded_at  timestamptz,                      -- a rebuild replaced this row
    origin         text NOT NULL,
    trust          text NOT NULL,
    first_seq      int,
    last_seq       int,
    first_snapshot text,
    last_snapshot  text,
    CONSTRAINT price_never_two_answers EXCLUDE USING gist
        (hashtextextended(source || ' ' || key, 0) WITH =, (effective + effective) WITH &&, (known + known) WITH &&)
        WHERE (superseded_at IS NULL)
);
CREATE INDEX price_open ON price (source, key) WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX price_model ON price (model_id, provider, meter) WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX price_name ON price (model, provider) WHERE superseded_at IS NULL;
CREATE INDEX price_end ON price ((coalesce(upper(effective), 'infinity'::timestamptz)))
    WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX price_belief ON price (model_id, provider, meter) WHERE superseded_at IS NULL;

-- A day as precise as a page is: YYYY-MM-DD or YYYY-MM. What is no day at all never gets here: views compute with it.
CREATE DOMAIN stated_day AS text CHECK (VALUE ~ '^[1-9]\d{3}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$');

CREATE TABLE notice (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text NOT NULL REFERENCES source,
    key            text NOT NULL,
    provider       text NOT NULL,
    subject_kind   text NOT NULL,
    model          text NOT NULL,
    model_id       text,
    status         text NOT NULL,
    label          text NOT NULL DEFAULT '',
    release_stage  text,
    announced_on   stated_day,
    deprecates_on  stated_day,
    retires_on     stated_day,
    not_before     stated_day,
    replacements   text[] NOT NULL DEFAULT '{}',
    scope          jsonb NOT NULL DEFAULT '{}',
    locator        text NOT NULL DEFAULT '',
    effective      tstzrange NOT NULL CHECK (NOT isempty(effective)),
    effective_basis text NOT NULL DEFAULT 'observed',
    seen_until     timestamptz,
    known          tstzrange NOT NULL CHECK (NOT isempty(known)),
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    superseded_at  timestamptz,
    origin         text NOT NULL,
    trust          text NOT NULL,
    first_seq      int,
    last_seq       int,
    first_snapshot text,
    last_snapshot  text,
    CHECK (retires_on IS NULL OR not_before IS NULL),
    CONSTRAINT notice_never_two_answers EXCLUDE USING gist
        (hashtextextended(source || ' ' || key, 0) WITH =, (effective + effective) WITH &&, (known + known) WITH &&)
        WHERE (superseded_at IS NULL)
);
CREATE INDEX notice_open ON notice (source, key) WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX notice_model ON notice (model_id, provider) WHERE superseded_at IS NULL;
CREATE INDEX notice_name ON notice (model, provider) WHERE superseded_at IS NULL;

CREATE TABLE news (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text NOT NULL REFERENCES source,
    key            text NOT NULL,
    provider       text NOT NULL,
    guid           text NOT NULL,
    url            text NOT NULL,
    title          text NOT NULL,
    summary        text NOT NULL DEFAULT '',
    published_at   timestamptz,
    topics         text[] NOT NULL DEFAULT '{}',
    locator        text NOT NULL DEFAULT '',
    effective      tstzrange NOT NULL CHECK (NOT isempty(effective)),
    effective_basis text NOT NULL DEFAULT 'observed',
    seen_until     timestamptz,
    known          tstzrange NOT NULL CHECK (NOT isempty(known)),       -- an edit closes one row and opens the next
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    superseded_at  timestamptz,
    origin         text NOT NULL,
    trust          text NOT NULL,
    first_seq      int,
    last_seq       int,
    first_snapshot text,
    last_snapshot  text,
    CONSTRAINT news_never_two_answers EXCLUDE USING gist
        (hashtextextended(source || ' ' || key, 0) WITH =, (effective + effective) WITH &&, (known + known) WITH &&)
        WHERE (superseded_at IS NULL)
);
CREATE INDEX news_open ON news (source, key) WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX news_time ON news (coalesce(published_at, lower(effective)) DESC) WHERE upper_inf(known) AND superseded_at IS NULL;

CREATE TABLE event (                                 -- immutable, and the outbox: routed_at is null until routed
    id             text PRIMARY KEY,                 -- timeline.events.Event.id
    position       bigint GENERATED ALWAYS AS IDENTITY UNIQUE,          -- order of recording: cursors and ETags use it
    kind           text NOT NULL,
    source         text NOT NULL REFERENCES source,
    key            text NOT NULL,
    provider       text NOT NULL,
    subject_kind   text,
    model          text,
    model_id       text,
    meter          text,
    conditions     jsonb NOT NULL DEFAULT '{}',
    old            jsonb,
    new            jsonb,
    change_pct     numeric,
    direction      text,
    effective_at   text,                             -- as precise as known: YYYY-MM, YYYY-MM-DD or a time
    observed_after timestamptz,
    observed_at    timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT now(),
    origin         text NOT NULL,
    trust          text NOT NULL,
    baseline       boolean NOT NULL DEFAULT false,
    late           boolean NOT NULL DEFAULT false,
    before         jsonb,                            -- {seq, url, captured_at, sha256}
    after          jsonb,
    locator        text NOT NULL DEFAULT '',
    headline       text NOT NULL,
    occurrence     int NOT NULL DEFAULT 1,
    tell_after     timestamptz,                      -- alerts wait until then; null: at once
    routed_at      timestamptz,
    withdrawn_at   timestamptz,
    withdrawn_because text,
    withdrawn_by   text,                             -- operator | rebuild
    withdrawal_routed_at timestamptz                 -- whoever was told of the event is being told of its withdrawal
);
CREATE INDEX event_observed ON event (observed_at DESC, id);
CREATE INDEX event_model ON event (provider, model_id, observed_at DESC);
CREATE INDEX event_provider ON event (provider, observed_at DESC, id);
CREATE INDEX event_model_id ON event (model_id, observed_at DESC);
CREATE INDEX event_name ON event (model, observed_at DESC);
CREATE INDEX event_unrouted ON event (position) WHERE routed_at IS NULL;
CREATE INDEX event_source ON event (source);
CREATE INDEX event_withdrawn ON event (withdrawn_at) WHERE withdrawn_at IS NOT NULL;

CREATE TABLE delivery (                              -- one message to one receiver
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message_key  text NOT NULL,                      -- the same key for the same message, always
    receiver     text NOT NULL,
    events       text[] NOT NULL,                    -- event ids it tells
    message      jsonb NOT NULL,                     -- alerts.messages.Message, rendered by the notifier when sent
    state        text NOT NULL DEFAULT 'pending',    -- pending sent parked
    created_at   timestamptz NOT NULL,
    not_before   timestamptz NOT NULL,
    attempts     int NOT NULL DEFAULT 0,
    last_status  text,                               -- status and a bounded, inert excerpt; never a secret
    sent_at      timestamptz,
    CONSTRAINT delivery_once UNIQUE (message_key, receiver)
);
CREATE INDEX delivery_events ON delivery USING gin (events);
CREATE INDEX delivery_due ON delivery (receiver, not_before, id) WHERE state = 'pending';

CREATE TABLE rehearsal (                             -- at most one row: the clock of `aiwire demo` and of tests
    one  boolean PRIMARY KEY DEFAULT true CHECK (one),
    now  timestamptz NOT NULL
);

CREATE TABLE installed_view (                        -- the text each public view was made from
    name    text PRIMARY KEY,
    sha256  text NOT NULL
);

"""Funding: what each item tells of a deal, the deals these reports come to, and what a person decided about them."""

from alembic import context

revision = "0009"
down_revision = "0008"

TERMS = """
    company             text,
    round               text,                        -- pre_seed seed series_a ... strategic grant debt ipo ...
    status              text CHECK (status IN ('rumoured', 'announced', 'closed')),
    amount              numeric,                     -- of `currency`; of a range its low end
    amount_max          numeric,
    amount_qualifier    text,                        -- approx at_least up_to range
    currency            text CHECK (currency ~ '^[A-Z]{3}$'),
    valuation           numeric,
    valuation_max       numeric,
    valuation_qualifier text,
    valuation_basis     text,                        -- pre post
    valuation_currency  text,                        -- where it is not `currency`
    total_raised        numeric,
    stake               numeric,                     -- per cent of the company that changes hands
    lead_investors      text[] NOT NULL DEFAULT '{}',
    investors           text[] NOT NULL DEFAULT '{}',
    acquirer            text,
"""
TABLES = f"""
CREATE TABLE funding_report (                        -- what one text of an item tells, as a reader has it
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    news          bigint NOT NULL REFERENCES news,   -- the text that was read
    source        text NOT NULL REFERENCES source,
    item          text NOT NULL,                     -- timeline.deals.item_id
    reader        text NOT NULL,                     -- its version
    label         text NOT NULL,                     -- funding acquisition ipo debt fund_close none
    {TERMS}
    also          text[] NOT NULL DEFAULT '{{}}',      -- further companies of the same news
    parties       text[] NOT NULL DEFAULT '{{}}',      -- timeline.deals.parties: by which reports of a deal are found
    because       text[] NOT NULL DEFAULT '{{}}',      -- the steps that led to the reading
    reasons       jsonb NOT NULL DEFAULT '[]',       -- of each field the rule and the words it rests on
    baseline      boolean NOT NULL DEFAULT false,
    late          boolean NOT NULL DEFAULT false,
    deal          text,                              -- the deal it is counted to; null: none
    recorded_at   timestamptz NOT NULL,
    superseded_at timestamptz                        -- read anew, or the text is no longer believed
);
CREATE UNIQUE INDEX funding_report_once ON funding_report (news) WHERE superseded_at IS NULL;
CREATE INDEX funding_report_source ON funding_report (source) WHERE superseded_at IS NULL;
CREATE INDEX funding_report_item ON funding_report (item) WHERE superseded_at IS NULL;
CREATE INDEX funding_report_deal ON funding_report (deal) WHERE superseded_at IS NULL AND deal IS NOT NULL;
CREATE INDEX funding_report_parties ON funding_report USING gin (parties)
    WHERE superseded_at IS NULL AND label <> 'none';

CREATE TABLE funding_deal (                          -- one row a deal that reports tell
    deal           text PRIMARY KEY,
    label          text NOT NULL,
    items          text[] NOT NULL,                  -- in order of time
    outlets        int NOT NULL,                     -- different publishers
    first_reported timestamptz NOT NULL,
    announced_on   date,
    closed_on      date,
    topics         text[] NOT NULL DEFAULT '{{}}',
    recorded_at    timestamptz NOT NULL
);
CREATE INDEX funding_deal_time ON funding_deal (first_reported DESC, deal DESC);

CREATE TABLE funding_round (                         -- the terms of a deal, as they were known over time
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    deal          text NOT NULL,
    label         text NOT NULL,
    {TERMS}
    known         tstzrange NOT NULL CHECK (NOT isempty(known)),
    recorded_at   timestamptz NOT NULL,
    superseded_at timestamptz,
    CONSTRAINT funding_round_never_two_answers EXCLUDE USING gist
        (hashtextextended(deal, 0) WITH =, (known + known) WITH &&) WHERE (superseded_at IS NULL)
);
CREATE INDEX funding_round_now ON funding_round (deal) WHERE upper_inf(known) AND superseded_at IS NULL;

CREATE TABLE funding_decision (                      -- a person's word on which items are of one deal
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    verdict     text NOT NULL CHECK (verdict IN ('apart', 'together')),
    these       text[] NOT NULL,
    those       text[] NOT NULL,
    because     text NOT NULL,
    made_at     timestamptz NOT NULL,
    undone_at   timestamptz
);

CREATE TABLE funding_state (                         -- one row: who folds deals holds it
    one     boolean PRIMARY KEY DEFAULT true CHECK (one),
    changes bigint NOT NULL DEFAULT 0,               -- counts up with every change of a deal
    changed_at timestamptz
);
INSERT INTO funding_state DEFAULT VALUES;

CREATE INDEX event_key ON event (key) WHERE kind LIKE 'funding.%';
"""


def upgrade() -> None:
    """Makes the tables."""
    context.config.attributes["driver"].execute(TABLES)

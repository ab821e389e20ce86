"""Days from which rules bind, and the texts of watched pages: in time like prices."""

from alembic import context

revision = "0012"
down_revision = "0011"

TABLES = """
CREATE TABLE rule (                                  -- a day from which a law, a regulation or an order binds
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text NOT NULL REFERENCES source,
    key            text NOT NULL,
    provider       text NOT NULL,                    -- the regulator
    jurisdiction   text NOT NULL,                    -- EU US US-CA UK KR
    instrument     text NOT NULL,
    applies        text NOT NULL,                    -- what of it; empty: all
    binding        text NOT NULL,                    -- applies in_force effective compliance withdrawn
    applies_from   stated_day,
    said_on        timestamptz,
    url            text NOT NULL DEFAULT '',
    quote          text NOT NULL DEFAULT '',
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
    CONSTRAINT rule_never_two_answers EXCLUDE USING gist
        (hashtextextended(source || ' ' || key, 0) WITH =, (effective + effective) WITH &&, (known + known) WITH &&)
        WHERE (superseded_at IS NULL)
);
CREATE INDEX rule_open ON rule (source, key) WHERE upper_inf(known) AND superseded_at IS NULL;

CREATE TABLE page (                                  -- the text of a watched part of a page
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text NOT NULL REFERENCES source,
    key            text NOT NULL,
    provider       text NOT NULL,
    part           text NOT NULL,                    -- the selector
    title          text NOT NULL DEFAULT '',
    text           text NOT NULL,
    sha256         text NOT NULL,                    -- of the text
    url            text NOT NULL DEFAULT '',
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
    CONSTRAINT page_never_two_answers EXCLUDE USING gist
        (hashtextextended(source || ' ' || key, 0) WITH =, (effective + effective) WITH &&, (known + known) WITH &&)
        WHERE (superseded_at IS NULL)
);
CREATE INDEX page_open ON page (source, key) WHERE upper_inf(known) AND superseded_at IS NULL;
"""


def upgrade() -> None:
    """Adds `aiwire.rule` and `aiwire.page`; the views over them are store/views/rule_*.sql and page_*.sql."""
    context.config.attributes["driver"].execute(TABLES)

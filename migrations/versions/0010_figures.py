"""Figures: the columns of watched tables, in time like prices."""

from alembic import context

revision = "0010"
down_revision = "0009"

TABLE = """
CREATE TABLE figure (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text NOT NULL REFERENCES source,
    key            text NOT NULL,
    provider       text NOT NULL,                    -- who publishes the table
    subject        text NOT NULL,                    -- as printed
    measure        text NOT NULL,
    number         numeric NOT NULL,                 -- with the digits as printed; of a range its lower end
    upto           numeric,                          -- the upper end
    plus           numeric,                          -- margins of error
    minus          numeric,
    qualifier      text,                             -- about below above at_least at_most, in words
    unit           text NOT NULL,
    period         text,                             -- 2024, 2024-Q1, 2024-03, FY2024
    scope          jsonb NOT NULL DEFAULT '{}',
    label          text NOT NULL DEFAULT '',
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
    CONSTRAINT figure_never_two_answers EXCLUDE USING gist
        (hashtextextended(source || ' ' || key, 0) WITH =, (effective + effective) WITH &&, (known + known) WITH &&)
        WHERE (superseded_at IS NULL)
);
CREATE INDEX figure_open ON figure (source, key) WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX figure_subject ON figure (subject, measure) WHERE superseded_at IS NULL;
"""


def upgrade() -> None:
    """Adds `aiwire.figure`; the views over it are store/views/figure_history.sql and figures.sql."""
    context.config.attributes["driver"].execute(TABLE)

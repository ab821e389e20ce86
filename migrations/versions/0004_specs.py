"""What models are beside what they cost: a table of specifications, in time like prices."""

from alembic import context

revision = "0004"
down_revision = "0003"

TABLE = """
CREATE TABLE spec (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text NOT NULL REFERENCES source,
    key            text NOT NULL,
    provider       text NOT NULL,
    model          text NOT NULL,
    model_id       text,
    context_window bigint,                           -- tokens
    max_output     bigint,                           -- tokens
    input_modalities  text[] NOT NULL DEFAULT '{}',
    output_modalities text[] NOT NULL DEFAULT '{}',
    weights        text,                             -- open, closed, or the licence as printed
    released_on    stated_day,
    retires_on     stated_day,                       -- a catalogue's word, never a notice
    knowledge_cutoff stated_day,
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
    CONSTRAINT spec_never_two_answers EXCLUDE USING gist
        (hashtextextended(source || ' ' || key, 0) WITH =, (effective + effective) WITH &&, (known + known) WITH &&)
        WHERE (superseded_at IS NULL)
);
CREATE INDEX spec_open ON spec (source, key) WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX spec_model ON spec (model_id, provider) WHERE superseded_at IS NULL;
"""


def upgrade() -> None:
    """Adds `aiwire.spec`; the view over it is store/views/model_specs.sql."""
    context.config.attributes["driver"].execute(TABLE)

"""News with the words of its feed beside its topics, incidents, and how often feeds publish."""

from alembic import context

revision = "0008"
down_revision = "0007"

TABLES = """
ALTER TABLE news ADD COLUMN categories text[] NOT NULL DEFAULT '{}';     -- as the feed prints them
ALTER TABLE source_state ADD COLUMN pace interval;   -- how rarely it is enough to look, by what the feed says and does

CREATE TABLE incident (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source         text NOT NULL REFERENCES source,
    key            text NOT NULL,
    provider       text NOT NULL,
    guid           text NOT NULL,
    url            text NOT NULL DEFAULT '',
    title          text NOT NULL,
    status         text NOT NULL DEFAULT '',         -- the page's word: investigating, resolved...
    impact         text,                             -- none minor major critical maintenance; null: not told
    components     text[] NOT NULL DEFAULT '{}',
    started_at     timestamptz,
    resolved_at    timestamptz,
    summary        text NOT NULL DEFAULT '',         -- the newest update
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
    CHECK (resolved_at >= started_at),
    CONSTRAINT incident_never_two_answers EXCLUDE USING gist
        (hashtextextended(source || ' ' || key, 0) WITH =, (effective + effective) WITH &&, (known + known) WITH &&)
        WHERE (superseded_at IS NULL)
);
CREATE INDEX incident_open ON incident (source, key) WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX incident_time ON incident (provider, started_at DESC) WHERE upper_inf(known) AND superseded_at IS NULL;
"""


def upgrade() -> None:
    """Adds them; the views over them are in store/views."""
    context.config.attributes["driver"].execute(TABLES)

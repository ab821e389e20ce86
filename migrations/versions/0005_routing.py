"""Routing: what waits for a digest, silences, the values told last, and which events tell the same story."""

from alembic import context

revision = "0005"
down_revision = "0004"

TABLES = """
CREATE TABLE digest_entry (                          -- an event that waits for the next digest of a receiver
    receiver text NOT NULL,
    event    text NOT NULL REFERENCES event ON DELETE CASCADE,
    schedule text NOT NULL,                          -- as it was written in the configuration
    due_at   timestamptz NOT NULL,
    added_at timestamptz NOT NULL,
    PRIMARY KEY (receiver, event)
);
CREATE INDEX digest_entry_due ON digest_entry (due_at);

CREATE TABLE silence (                               -- what is not told for a while; empty lists ask for nothing
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    receiver   text,                                 -- null: all of them
    kinds      text[] NOT NULL DEFAULT '{}',
    providers  text[] NOT NULL DEFAULT '{}',
    models     text[] NOT NULL DEFAULT '{}',
    because    text NOT NULL,
    starts_at  timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    lifted_at  timestamptz,
    CHECK (ends_at > starts_at)
);

CREATE TABLE told_value (                            -- the price a receiver knows: small changes add up against it
    receiver text NOT NULL,
    source   text NOT NULL,
    key      text NOT NULL,
    side     jsonb NOT NULL,                         -- what was told last, or was before the first one kept back
    before   jsonb,                                  -- what it was before that, should the event be withdrawn
    event    text,                                   -- the event that told it; null: nothing was told yet
    PRIMARY KEY (receiver, source, key)
);
CREATE INDEX told_value_event ON told_value (event) WHERE event IS NOT NULL;

CREATE TABLE witness (                               -- an event that tells the same as a more trusted or earlier one
    event     text PRIMARY KEY REFERENCES event ON DELETE CASCADE,
    story     text NOT NULL REFERENCES event ON DELETE CASCADE,
    linked_at timestamptz NOT NULL,
    CHECK (event <> story)
);
CREATE INDEX witness_story ON witness (story);

CREATE INDEX event_settling ON event (source, key) WHERE routed_at IS NULL AND tell_after IS NOT NULL;
"""


def upgrade() -> None:
    """Makes the tables."""
    context.config.attributes["driver"].execute(TABLES)

"""The delivery log: every attempt with what came of it, and what a receiver gave back for a message."""

from alembic import context

revision = "0003"
down_revision = "0002"

TABLES = """
-- What the receiver gave for the message so far: where it is in Slack, who of several has it. Never a secret.
ALTER TABLE delivery ADD COLUMN receipt jsonb NOT NULL DEFAULT '{}';

CREATE TABLE delivery_attempt (                      -- what came of each attempt
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    delivery  bigint NOT NULL REFERENCES delivery ON DELETE CASCADE,
    at        timestamptz NOT NULL,
    outcome   text NOT NULL,                         -- sent partly retry parked disabled withdrawn
    code      text NOT NULL DEFAULT '',              -- a status, or a word of ours: never text of the other side
    detail    text                                   -- for the operator: a status and a bounded, inert excerpt
);
CREATE INDEX delivery_attempt_of ON delivery_attempt (delivery, id);

-- A message that was taken back before it went out is no failure of its receiver.
UPDATE delivery SET state = 'withdrawn' WHERE state = 'parked' AND last_status = 'withdrawn before it was sent';
"""


def upgrade() -> None:
    """Adds to `delivery` and makes `delivery_attempt`."""
    context.config.attributes["driver"].execute(TABLES)

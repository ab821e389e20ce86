"""What is held stands in rows of its own, and so does what has long ended of a key: a look costs what it changes."""

from alembic import context

revision = "0016"
down_revision = "0015"

HELD = """
DELETE FROM held_key;
ALTER TABLE held_key
    DROP CONSTRAINT held_key_pkey,
    ADD COLUMN place  int NOT NULL,                  -- of several things held of a key
    ADD COLUMN model  text,
    ADD COLUMN reason text NOT NULL,
    ADD COLUMN since  timestamptz NOT NULL,
    ADD COLUMN detail text NOT NULL,
    ADD COLUMN until  timestamptz,                   -- of what settles: it is believed, and told then
    ADD PRIMARY KEY (source, key, place);
INSERT INTO held_key
SELECT source, one ->> 'key', row_number() OVER (PARTITION BY source, one ->> 'key' ORDER BY number) - 1,
       one ->> 'model', one ->> 'reason', (one ->> 'since')::timestamptz, one ->> 'detail',
       CASE WHEN one ->> 'reason' = 'settling' THEN (one ->> 'since')::timestamptz + interval '48 hours' END
  FROM source_state, jsonb_array_elements(coalesce(fold -> 'held', '[]')) WITH ORDINALITY AS held (one, number);
CREATE INDEX held_key_until ON held_key (source, until) WHERE until IS NOT NULL;
"""
HEADER = """
UPDATE source_state SET fold = coalesce(fold -> 'header', '{}') - 'settling' - 'doubted';
"""
# Code of the last version would take what is left in a state for all there is: it must not find it, and waits.
PAST = """
ALTER TABLE fold_key RENAME COLUMN state TO belief;
ALTER TABLE fold_key ADD COLUMN gap boolean GENERATED ALWAYS AS (belief ? 'gap') STORED;
CREATE TABLE fold_past (                              -- rows that fold_key.belief leaves out: long ended
    source text NOT NULL,
    key    text NOT NULL,
    ends   timestamptz NOT NULL,
    row    jsonb NOT NULL,
    PRIMARY KEY (source, key, ends),
    FOREIGN KEY (source, key) REFERENCES fold_key ON DELETE CASCADE
);
"""


def upgrade() -> None:
    """Moves what is held out of the fold, and makes room for what has ended; the fold moves that there look by look."""
    for part in (HELD, HEADER, PAST):
        context.config.attributes["driver"].execute(part)

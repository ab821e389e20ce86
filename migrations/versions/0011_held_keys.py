"""Which prices and models are held back, by key: asked of every row that is shown, so an index has to answer."""

from alembic import context

revision = "0011"
down_revision = "0010"

TABLE = """
CREATE TABLE held_key (                              -- of source_state.fold -> 'held', what is not believed yet
    source text NOT NULL REFERENCES source,
    key    text NOT NULL,
    PRIMARY KEY (source, key)
);
INSERT INTO held_key
SELECT DISTINCT source, one ->> 'key'
  FROM source_state, jsonb_array_elements(coalesce(fold -> 'held', '[]')) AS held (one)
 WHERE one ->> 'reason' <> 'settling';
"""


def upgrade() -> None:
    """Makes the table, and fills it from what the sources hold."""
    context.config.attributes["driver"].execute(TABLE)

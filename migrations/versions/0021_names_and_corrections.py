"""Indexes for what stands under a name, and for what was put right."""

from alembic import context

revision = "0021"
down_revision = "0020"

INDEXES = """
DROP INDEX price_name;
CREATE INDEX price_name ON price (model, model_id) WHERE superseded_at IS NULL;
CREATE INDEX event_corrected ON event ((coalesce(withdrawn_at, recorded_at)) DESC, id)
    WHERE withdrawn_at IS NOT NULL OR kind = 'price.corrected' OR (late AND NOT baseline);
"""


def upgrade() -> None:
    """Makes them."""
    context.config.attributes["driver"].execute(INDEXES)

"""The event of a news item is found by its item: what is read of an item wants to know whether it was news."""

from alembic import context

revision = "0014"
down_revision = "0013"

INDEX = "CREATE INDEX event_item ON event (source, key) WHERE kind = 'news.published'"


def upgrade() -> None:
    """Makes the index."""
    context.config.attributes["driver"].execute(INDEX)

"""Events by their topics: news, deals and watched texts alone have any."""

from alembic import context

revision = "0022"
down_revision = "0021"

INDEX = "CREATE INDEX event_topics ON event USING gin ((new -> 'topics')) WHERE new ? 'topics'"


def upgrade() -> None:
    """Adds the index; that of prices and lives is in none."""
    context.config.attributes["driver"].execute(INDEX)

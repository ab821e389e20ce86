"""When facts or events of a source last changed: what answers say in `Last-Modified`."""

from alembic import context

revision = "0007"
down_revision = "0006"

COLUMN = "ALTER TABLE source_state ADD COLUMN changed_at timestamptz"  # null: not since this was noted


def upgrade() -> None:
    """Adds the column."""
    context.config.attributes["driver"].execute(COLUMN)

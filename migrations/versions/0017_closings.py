"""When this database noted that an issue is over: one of an old capture may be over for years when it is imported."""

from alembic import context

revision = "0017"
down_revision = "0016"

COLUMN = """
ALTER TABLE issue ADD COLUMN closing_recorded_at timestamptz;    -- of what was over before: since the upgrade
UPDATE issue SET closing_recorded_at = now() WHERE closed_at IS NOT NULL;
"""


def upgrade() -> None:
    """Adds the column. What is over already counts from now: when that was noted nobody knows."""
    context.config.attributes["driver"].execute(COLUMN)

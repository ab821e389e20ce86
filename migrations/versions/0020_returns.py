"""What was withdrawn, told so, and stands again is found at once: a scheduler asks twice a second."""

from alembic import context

revision = "0020"
down_revision = "0019"

INDEX = """
CREATE INDEX event_returned ON event (position) WHERE withdrawn_at IS NULL AND withdrawal_routed_at IS NOT NULL
"""


def upgrade() -> None:
    """Adds the index: nothing is in it until something returns."""
    context.config.attributes["driver"].execute(INDEX)

"""Indexes by which what holds of one model, and what one meter of a provider did, is found and nothing besides."""

from alembic import context

revision = "0019"
down_revision = "0018"

INDEXES = """
-- Beside price_model, whose order is that of lists: there the end comes last, and what the planner takes it to cost to
-- step over provider and meter led it to indexes of other things.
CREATE INDEX price_holds ON price (model_id, (coalesce(upper(effective), 'infinity'::timestamptz)))
    WHERE upper_inf(known) AND superseded_at IS NULL;
DROP INDEX event_provider;
CREATE INDEX event_provider ON event (provider, observed_at DESC, id, meter);
"""


def upgrade() -> None:
    """Makes them."""
    context.config.attributes["driver"].execute(INDEXES)

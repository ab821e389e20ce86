"""Indexes for pages of long lists, and what the planner needs to know to choose among them."""

from alembic import context

revision = "0018"
down_revision = "0017"

INDEXES = """
-- The end of what holds stands in them, so that what is over is not read to find what holds now.
DROP INDEX price_model;
CREATE INDEX price_model ON price (model_id, provider, meter, (coalesce(upper(effective), 'infinity'::timestamptz)))
    WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX price_provider ON price (provider, model_id, meter, (coalesce(upper(effective), 'infinity'::timestamptz)))
    WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX price_source ON price (source, model_id, provider, meter) WHERE upper_inf(known) AND superseded_at IS NULL;
CREATE INDEX price_by_name ON price (provider, coalesce(model_id, model)) WHERE superseded_at IS NULL;
CREATE INDEX notice_by_name ON notice (provider, coalesce(model_id, model)) WHERE superseded_at IS NULL;
CREATE INDEX price_begin ON price (lower(effective)) WHERE superseded_at IS NULL;
-- Announced: it was known before it held.
CREATE INDEX price_announced ON price (lower(effective))
    WHERE lower(effective) - lower(known) > interval '0' AND superseded_at IS NULL;
CREATE STATISTICS price_lead ON (lower(effective) - lower(known)) FROM price;
CREATE STATISTICS price_times ON lower(effective), coalesce(upper(effective), 'infinity'::timestamptz), upper_inf(known)
  FROM price;
-- The order of pages of news, as known at any time.
DROP INDEX news_time;
CREATE INDEX news_time ON news ((coalesce(published_at, lower(effective))) DESC, source DESC, key DESC)
    WHERE superseded_at IS NULL;
-- What an entry said before is looked for too.
DROP INDEX news_open;
CREATE INDEX news_open ON news (source, key) WHERE superseded_at IS NULL;
DROP INDEX incident_open;
CREATE INDEX incident_open ON incident (source, key) WHERE superseded_at IS NULL;
CREATE INDEX event_kind ON event (kind, observed_at DESC, id);
CREATE INDEX event_meter ON event (meter, observed_at DESC, id) WHERE meter IS NOT NULL;
ANALYZE price;
"""


def upgrade() -> None:
    """Makes them."""
    context.config.attributes["driver"].execute(INDEXES)

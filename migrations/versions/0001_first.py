"""The first tables: sources, evidence, facts, events, deliveries."""

from pathlib import Path

from alembic import context

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Creates the schemas `aiwire` (tables) and `timeline` (what people read), and the tables."""
    driver = context.config.attributes["driver"]
    driver.execute("CREATE SCHEMA IF NOT EXISTS aiwire")
    driver.execute("CREATE SCHEMA IF NOT EXISTS timeline")
    driver.execute("CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA aiwire")
    driver.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))

"""The texts that views had before: code of the last version can tell that the database is newer, and goes on."""

from alembic import context

revision = "0015"
down_revision = "0014"

TABLE = """
CREATE TABLE former_view (                           -- a text that a public view was made from, and is no longer
    name    text NOT NULL,
    sha256  text NOT NULL,
    until   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (name, sha256)
);
"""


def upgrade() -> None:
    """Makes the table."""
    context.config.attributes["driver"].execute(TABLE)

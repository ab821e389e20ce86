"""The job queue: the tables of Procrastinate, in our schema."""

from importlib.metadata import version

from alembic import context
from procrastinate.schema import SchemaManager

revision = "0002"
down_revision = "0001"

WRITTEN_FOR = "3.10.0"


def upgrade() -> None:
    """Runs the package's own schema as of the release this revision was written for.

    Another release has another schema: it needs a revision of its own that runs the package's migration files
    (https://procrastinate.readthedocs.io/en/stable/howto/production/migrations.html), and this one a frozen copy.
    """
    installed = version("procrastinate")
    if installed != WRITTEN_FOR:
        raise RuntimeError(f"expected procrastinate {WRITTEN_FOR}, found {installed}: install requirements.lock")
    context.config.attributes["driver"].execute(SchemaManager.get_schema())

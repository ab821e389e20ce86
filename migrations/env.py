"""How Alembic runs a revision: each in a transaction of its own, and none waits long for a lock others hold.

Started by store.migrate only, which holds the lock that keeps two migrators apart and passes its connection: to Alembic
as SQLAlchemy sees it, to the revisions as psycopg's own (`driver`), which runs several statements at once.
"""

from alembic import context

LIMITS = "SET lock_timeout = '10s'; SET statement_timeout = '10min'"

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("expected a connection from store.migrate: run `aiwire migrate`, not alembic itself")

driver = context.config.attributes["driver"]
driver.execute(LIMITS)
driver.commit()
context.configure(
    connection=connection,
    version_table_schema="aiwire",
    transaction_per_migration=True,
    on_version_apply=context.config.attributes["on_version_apply"],
)
with context.begin_transaction():
    context.run_migrations()

"""What the planner knows of our tables: after much was written at once it is told, and not left to guess."""

from psycopg import sql

from store.connect import Connection

LEAST = 500  # rows written since the planner was last told: fewer change no plan
_CHANGED = """
SELECT stat.relname
  FROM pg_stat_user_tables AS stat JOIN pg_class ON pg_class.oid = stat.relid
 WHERE stat.schemaname = 'aiwire' AND stat.n_mod_since_analyze >= greatest(%s::int, pg_class.reltuples / 10)
   AND pg_has_role(pg_class.relowner, 'USAGE')
 ORDER BY stat.relname
"""


def refresh(connection: Connection) -> tuple[str, ...]:
    """Tells the planner anew of every table a tenth of which was written since it was last told; returns their names.

    For the owner, after an import, in autocommit: each table is sampled by itself (30,000 rows at most, well under a
    second), and nothing is locked against readers or writers. The server does the same by itself a minute later, but
    not where that is switched off, and until then a question about much may take seconds instead of milliseconds.
    """
    connection.execute("SELECT pg_stat_force_next_flush()")  # what this session wrote is counted only then
    tables = tuple(row[0] for row in connection.execute(_CHANGED, [LEAST]))
    for table in tables:
        connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier("aiwire", table)))
    return tables

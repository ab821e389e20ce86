"""What the doctor asks a database about itself, its roles, and who works on it. Owner's rights; nothing is changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString, TypeVar

from psycopg.rows import class_row

from store import reader_role
from store.connect import Connection

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """The server, and this session's role on it."""

    encoding: str
    extension: bool  # btree_gist is there, or can be made
    zones: bool  # it knows the time zones by name
    replica: bool
    read_only: bool
    superuser: bool
    owns: bool  # this role may write into the tables, or make them where there are none
    moved_collation: bool  # the C library under it sorts otherwise than when the database was made
    connections: int
    max_connections: int
    bytes: int  # of this database


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """The role that people and the API read with."""

    role: str
    there: bool
    complete: bool  # it may read every view
    writes: tuple[str, ...]  # tables and views it may write to
    powers: tuple[str, ...]  # superuser, createrole...: more than a reader should have


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """Who works, and what waits for them; ages in seconds, None where nothing waits."""

    workers: int  # that gave a sign of life within a minute
    waiting: int  # jobs that could run now
    oldest: float | None
    overdue: int  # sources whose visit is late by more than half an hour
    unread: int  # captures that nobody has read
    undelivered: int  # messages that could have gone out ten minutes ago and were never tried


@dataclass(frozen=True, kw_only=True, slots=True)
class Attempts:
    """The attempts to fetch that are kept."""

    rows: int  # an estimate
    oldest: datetime | None


def server(connection: Connection) -> Server:
    """How the server is. Needs Postgres 15."""
    return _one(
        connection,
        Server,
        """
        SELECT pg_encoding_to_char(encoding) AS encoding,
               EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist')
                   OR EXISTS (SELECT FROM pg_available_extensions WHERE name = 'btree_gist') AS extension,
               EXISTS (SELECT FROM pg_timezone_names WHERE name = 'America/New_York') AS zones,
               pg_is_in_recovery() AS replica,
               current_setting('transaction_read_only')::boolean AS read_only,
               rolsuper AS superuser,
               coalesce((SELECT has_schema_privilege(relnamespace, 'USAGE')
                                AND has_table_privilege(pg_class.oid, 'INSERT')
                           FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
                          WHERE nspname = 'aiwire' AND relname = 'event'),
                        has_database_privilege(datname, 'CREATE')) AS owns,
               coalesce(datcollversion <> pg_database_collation_actual_version(pg_database.oid), false)
                   AS moved_collation,
               (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::int AS connections,
               current_setting('max_connections')::int AS max_connections,
               pg_database_size(datname) AS bytes
          FROM pg_database, pg_roles WHERE datname = current_database() AND rolname = current_user
        """,
    )


def reader(connection: Connection) -> Reader:
    """What the reader role is and may do; whatever it got beyond reading came from somebody else."""
    role = reader_role.role_name(connection)
    row = connection.execute(
        """
        SELECT ARRAY(SELECT pg_class.oid::regclass::text FROM pg_class
                      WHERE relnamespace IN ('aiwire'::regnamespace, 'timeline'::regnamespace)
                        AND relkind IN ('r', 'p', 'v')
                        AND has_table_privilege(role.oid, pg_class.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
                      ORDER BY 1),
               array_remove(ARRAY[
                   CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolcreaterole THEN 'createrole' END,
                   CASE WHEN rolcreatedb THEN 'createdb' END, CASE WHEN rolreplication THEN 'replication' END,
                   CASE WHEN rolbypassrls THEN 'bypassrls' END,
                   CASE WHEN pg_has_role(role.oid, 'pg_write_all_data', 'MEMBER') THEN 'pg_write_all_data' END], NULL)
          FROM pg_roles AS role WHERE rolname = %s
        """,
        [role],
    ).fetchone()
    if row is None:
        return Reader(role=role, there=False, complete=False, writes=(), powers=())
    complete = reader_role.complete(connection)
    return Reader(role=role, there=True, complete=complete, writes=tuple(row[0]), powers=tuple(row[1]))


def work(connection: Connection) -> Work:
    """Who works and what waits, by the clock of the database's machine."""
    return _one(
        connection,
        Work,
        """
        WITH waits AS (
            SELECT coalesce(scheduled_at, (SELECT max(at) FROM procrastinate_events
                                            WHERE job_id = job.id AND type = 'deferred')) AS since
              FROM procrastinate_jobs AS job WHERE status = 'todo' AND coalesce(scheduled_at, '-infinity') <= now()
        )
        SELECT (SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - interval '1 minute')::int
                   AS workers,
               (SELECT count(*) FROM waits)::int AS waiting,
               (SELECT extract(epoch FROM now() - min(since)) FROM waits)::double precision AS oldest,
               (SELECT count(*) FROM source JOIN source_state AS state ON state.source = source.id
                  LEFT JOIN host USING (host)
                 WHERE enabled AND source.host IS NOT NULL
                   AND greatest(state.next_due_at, host.not_before) < now() - interval '30 minutes')::int AS overdue,
               (SELECT count(*) FROM capture JOIN source ON source.id = capture.source
                 WHERE verdict IS NULL AND enabled AND first_seen < now() - interval '10 minutes')::int AS unread,
               (SELECT count(*) FROM delivery WHERE state = 'pending' AND attempts = 0
                   AND not_before < now() - interval '10 minutes')::int AS undelivered
        """,
    )


def programs(connection: Connection) -> Mapping[str, int]:
    """The versions of aiwire that are connected (`0014`: the newest revision each knows), and connections of each."""
    return dict(
        connection.execute(
            "SELECT split_part(application_name, ' ', 2), count(*)::int FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name ~ '^aiwire [0-9]+$' GROUP BY 1 ORDER BY 1"
        ).fetchall()
    )


def rehearsal(connection: Connection) -> datetime | None:
    """The time at which the clock of this database stands still; None: it goes."""
    row = connection.execute("SELECT now FROM rehearsal").fetchone()
    return row[0] if row else None


def attempts(connection: Connection) -> Attempts:
    """How many attempts to fetch are kept, by the planner's estimate, and since when."""
    return _one(
        connection,
        Attempts,
        """
        SELECT greatest(0, (SELECT reltuples FROM pg_class WHERE oid = 'aiwire.fetch'::regclass))::bigint AS rows,
               (SELECT min(finished_at) FROM "fetch" WHERE run <> 'import'
                    AND outcome NOT IN ('changed', 'unchanged', 'not_modified')) AS oldest
        """,
    )


def _one(connection: Connection, kind: type[T], query: LiteralString) -> T:
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        found = cursor.execute(query).fetchone()
    if found is None:
        raise AssertionError("an aggregate gave no row")
    return found

"""The role that people, the API and `aiwire sql` read with: it sees schema timeline and can change nothing."""

from collections.abc import Iterator

from psycopg import errors, sql

from store.connect import Connection

CONNECTIONS = 20
LIMITS = {
    "default_transaction_read_only": "on",
    "statement_timeout": "'10s'",
    "idle_in_transaction_session_timeout": "'10s'",
    "search_path": "timeline, public",
    "timezone": "'UTC'",
}
# Anybody may call these by default. A reader could hold the locks of others, sleep, shout or fill the disk with them.
# Readers share one role, so one could end the sessions of another, the API's too.
DANGEROUS = (
    "^(pg_(try_)?advisory_|pg_sleep|pg_notify$|pg_logical_emit_message$|pg_(cancel|terminate)_backend$"
    "|lo_|lo(read|write)$)"
)


def role_name(connection: Connection) -> str:
    """`<database>_reader`: roles belong to the whole server, so each database has its own."""
    database = connection.info.dbname
    return f"{database.encode()[:56].decode(errors='ignore')}_reader"


def complete(connection: Connection) -> bool:
    """Whether the role is there and may read every view."""
    row = connection.execute(
        "SELECT bool_and(has_table_privilege(role.oid, view.oid, 'SELECT')) "
        "  AND bool_and(has_schema_privilege(role.oid, 'timeline', 'USAGE')) "
        "FROM pg_roles AS role, pg_class AS view WHERE role.rolname = %s "
        "AND view.relnamespace = 'timeline'::regnamespace AND view.relkind = 'v'",
        [role_name(connection)],
    ).fetchone()
    return bool(row and row[0])


def ensure(connection: Connection, *, password: str | None = None) -> list[str]:
    """Makes the role and gives it its rights and limits; returns what a person should know. Safe to repeat.

    What the owner may not do (another's server) is left out and said, never an error. In the caller's transaction.
    """
    role = role_name(connection)
    told = []
    for what, statements in _steps(connection, role, password):
        try:
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement)
        except errors.InsufficientPrivilege as error:
            told.append(f"reader role {role}: {what} left out: {error.diag.message_primary}")
    return told


def set_password(connection: Connection, password: str) -> None:
    """Gives the reader a password; only its SCRAM verifier travels, so that no server log can show it."""
    connection.execute(_password(connection, role_name(connection), password))


def _steps(
    connection: Connection, role: str, password: str | None
) -> Iterator[tuple[str, list[sql.Composed | sql.SQL]]]:
    name, database = sql.Identifier(role), sql.Identifier(connection.info.dbname)
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone() is None:
        yield "the role", [sql.SQL("CREATE ROLE {} LOGIN").format(name)]
    made = connection.execute("SELECT rolconnlimit FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if made is None:
        return
    if password is not None:
        yield "its password", [_password(connection, role, password)]
    yield (
        "limits",
        [
            *_connections(name, limited=made[0] != -1),
            *(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.Identifier(key), sql.SQL(value))
                for key, value in LIMITS.items()
            ),
        ],
    )
    yield (
        "reading",
        [
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, name),
            sql.SQL("GRANT USAGE ON SCHEMA timeline TO {}").format(name),
            sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA timeline TO {}").format(name),
        ],
    )
    yield (
        "temporary tables",
        [
            sql.SQL("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC").format(database),
            sql.SQL("GRANT TEMPORARY ON DATABASE {} TO CURRENT_USER").format(database),
            sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
        ],
    )
    yield "locks, sleeping, ending sessions and large objects", _revokes(connection)


def _connections(name: sql.Identifier, *, limited: bool) -> list[sql.Composed | sql.SQL]:
    """A limit where there is none: whoever set another one meant it."""
    return [] if limited else [sql.SQL("ALTER ROLE {} CONNECTION LIMIT {}").format(name, sql.Literal(CONNECTIONS))]


def _revokes(connection: Connection) -> list[sql.Composed | sql.SQL]:
    # Rights that come through PUBLIC can only be taken from PUBLIC; the owner, who needs them, gets them by name.
    found = connection.execute(
        "SELECT oid::regprocedure::text FROM pg_proc "
        "WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ %s "
        "AND has_function_privilege('public', oid, 'EXECUTE')",
        [DANGEROUS],
    ).fetchall()
    return [
        sql.SQL(text).format(sql.SQL(function))
        for (function,) in found
        for text in ("GRANT EXECUTE ON FUNCTION {} TO CURRENT_USER", "REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC")
    ]


def _password(connection: Connection, role: str, password: str) -> sql.Composed:
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    return sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier.decode()))

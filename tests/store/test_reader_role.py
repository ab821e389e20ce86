"""The reader sees the views and nothing else, and can neither change, hold nor delay anything."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import errors

from store import reader_role
from store.connect import Connection, connect, connect_reader
from store.migrate import migrate
from tests.conftest import Server

pytestmark = pytest.mark.postgres


@pytest.fixture
def reader(reader_url: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """A raw session of the reader: none of our own connection settings, only what the role itself enforces."""
    with psycopg.connect(reader_url, autocommit=True) as raw:
        yield raw


WRITES = [
    "INSERT INTO aiwire.source (id, provider, kind, trust) VALUES ('x', 'x', 'x', 'x')",
    "UPDATE timeline.events SET headline = 'x'",
    "DELETE FROM timeline.price_history",
    "CREATE TABLE timeline.mine (n int)",
    "CREATE TABLE public.mine (n int)",
    "CREATE TEMP TABLE mine (n int)",
    "SELECT * INTO public.mine FROM timeline.events",
    "CREATE SCHEMA mine",
    "COPY timeline.events FROM PROGRAM 'id'",
    "COPY (SELECT 1) TO '/tmp/mine'",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "SELECT lo_create(0)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT nextval('aiwire.procrastinate_jobs_id_seq')",
    "SELECT pg_logical_emit_message(false, 'a', 'b')",
]
HOLDS = [
    "SELECT pg_advisory_lock(1)",
    "SELECT pg_try_advisory_lock(1)",
    "SELECT pg_advisory_xact_lock(1)",
    "SELECT pg_try_advisory_lock_shared(1, 2)",
    "SELECT pg_sleep(0)",
    "SELECT pg_sleep_for('1 second')",
    "SELECT pg_notify('procrastinate_queue', 'x')",
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = CURRENT_USER",
    "LOCK TABLE timeline.events IN EXCLUSIVE MODE",
    "SELECT 1 FROM timeline.events FOR UPDATE",
]
READS = [
    "SELECT * FROM aiwire.delivery",
    "SELECT * FROM aiwire.source",
    "SELECT * FROM procrastinate_jobs",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT * FROM pg_authid",
    "SET ROLE postgres",
]


@pytest.mark.parametrize("statement", WRITES + HOLDS + READS)
def test_the_reader_cannot(reader: psycopg.Connection[tuple[object, ...]], statement: str) -> None:
    """Refused by rights, so also after the session has switched its own read-only mode off."""
    reader.execute("SET default_transaction_read_only = off")
    with pytest.raises(psycopg.Error) as refused, reader.transaction():
        reader.execute(statement)
    expected = (
        errors.InsufficientPrivilege,
        errors.UndefinedTable,
        errors.InvalidParameterValue,
        errors.ObjectNotInPrerequisiteState,
        errors.FeatureNotSupported,
    )
    assert isinstance(refused.value, expected), refused.value


def test_the_reader_reads_with_limits(reader: psycopg.Connection[tuple[object, ...]]) -> None:
    assert reader.execute("SELECT count(*) FROM events").fetchone() == (0,)  # its search path is the views
    shown = {name: reader.execute(f"SHOW {name}").fetchone() for name in ("statement_timeout", "timezone")}
    assert shown == {"statement_timeout": ("10s",), "timezone": ("UTC",)}
    with pytest.raises(errors.ReadOnlySqlTransaction):
        reader.execute("CREATE TEMP TABLE mine (n int)")


@pytest.mark.usefixtures("reader_url")
def test_the_role_has_a_limit_of_connections_and_no_powers(connection: Connection) -> None:
    role = reader_role.role_name(connection)
    found = connection.execute(
        "SELECT rolconnlimit, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls FROM pg_roles "
        "WHERE rolname = %s",
        [role],
    ).fetchone()
    assert found == (reader_role.CONNECTIONS, False, False, False, False, False)


def test_a_limit_of_connections_that_somebody_set_is_left(connection: Connection, reader_url: str) -> None:
    role = reader_role.role_name(connection)
    connection.execute(f'ALTER ROLE "{role}" CONNECTION LIMIT 60'.encode())
    assert reader_role.ensure(connection) == []
    assert connection.execute("SELECT rolconnlimit FROM pg_roles WHERE rolname = %s", [role]).fetchone() == (60,)


def test_the_owner_can_still_do_what_the_queue_needs(connection: Connection) -> None:
    connection.execute("SELECT pg_advisory_xact_lock(1), pg_notify('a', 'b'), pg_sleep(0)")


def test_our_own_read_connections_are_read_only_whoever_the_url_names(database_url: str) -> None:
    with connect_reader(database_url) as owner, pytest.raises(errors.ReadOnlySqlTransaction):
        owner.execute("INSERT INTO aiwire.host (host) VALUES ('x')")


def test_a_password_is_set_without_being_sent(connection: Connection, database_url: str) -> None:
    migrate(database_url, reader_password="first")
    connection.rollback()
    role = reader_role.role_name(connection)
    assert role == f"{connection.info.dbname}_reader"
    reader_role.set_password(connection, "it's a 'secret'")
    stored = connection.execute("SELECT rolpassword FROM pg_authid WHERE rolname = %s", [role]).fetchone()
    assert stored is not None
    assert str(stored[0]).startswith("SCRAM-SHA-256$")
    connection.commit()
    with psycopg.connect(database_url, user=role, password="it's a 'secret'") as reader:
        assert reader.execute("SELECT count(*) FROM timeline.events").fetchone() == (0,)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database_url, user=role, password="first")


def test_an_owner_without_power_over_roles_still_migrates_and_is_told(empty_database_url: str, server: Server) -> None:
    """As on a managed server: the owner of a database and no more."""
    name = "owner_" + empty_database_url.rpartition("_")[2]
    with connect(empty_database_url, autocommit=True) as admin:
        database = admin.info.dbname
        admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD 'x'")
        admin.execute(f"ALTER DATABASE {database} OWNER TO {name}")
    url = server.database(database, user=name, password="x")
    told: list[str] = []
    try:
        applied = migrate(url, report=told.append)
        assert "timeline.price_current" in applied
        assert any("the role left out" in line for line in told)
        with connect_reader(url) as reading:
            assert reading.execute("SELECT count(*) FROM timeline.price_current").fetchone() == (0,)
        assert migrate(url) == []
    finally:
        with connect(empty_database_url, autocommit=True) as admin:
            admin.execute(f"ALTER DATABASE {database} OWNER TO CURRENT_USER")
            admin.execute(f"REASSIGN OWNED BY {name} TO CURRENT_USER")
            admin.execute(f"DROP OWNED BY {name}")
            admin.execute(f"DROP ROLE {name}")

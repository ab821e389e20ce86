"""Attacks through what is asked and given out: rows 14, 15, 17 and 22 of the table of attacks we must survive."""

import asyncio
import csv
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
import structlog
from procrastinate import App

import logs
from api import tables
from notifications import WaryConnector
from store import dumps
from store.connect import Connection, StoreError, connect_reader, conninfo
from store.questions import UnknownNameError, ask
from tests.api.conftest import Site, market, rehearsed, site
from tests.api.samples import PRICING, START, look, price, register
from tests.api.test_access import guarded, test_no_route_is_without_its_token
from tests.payloads import HOSTILE, MARKUP, TEMPLATES
from tests.test_cli import aiwire

__all__ = ["guarded", "market", "rehearsed", "site"]  # fixtures
pytestmark = pytest.mark.postgres
CONTROLS = {chr(code) for code in (*range(9), *range(11, 32), *range(127, 160), *range(0x202A, 0x202F))}

REFUSED = [
    # writes and what stands for them
    "INSERT INTO aiwire.event (id) VALUES ('x')",
    "UPDATE aiwire.price SET amount = 0",
    "DELETE FROM timeline.events",
    "TRUNCATE aiwire.event",
    "DROP SCHEMA timeline CASCADE",
    "CREATE TABLE x (n int)",
    "CREATE TEMP TABLE x (n int)",
    "SELECT 1 INTO x",
    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "DO $$BEGIN DELETE FROM aiwire.event; END$$",
    "WITH gone AS (DELETE FROM timeline.events RETURNING 1) SELECT * FROM gone",
    "MERGE INTO aiwire.source USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE",
    "GRANT SELECT ON aiwire.delivery TO PUBLIC",
    "ALTER ROLE CURRENT_USER SUPERUSER",
    "SET ROLE postgres",
    "CREATE EXTENSION dblink",
    # several at once
    "SELECT 1; DELETE FROM aiwire.event",
    "COMMIT; DELETE FROM aiwire.event",
    "SELECT 1;;SELECT 2",
    # files, programs, other servers
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT pg_read_binary_file('/etc/passwd')",
    "SELECT pg_ls_dir('/')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/x')",
    "COPY (SELECT 1) TO '/tmp/x'",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY timeline.events FROM PROGRAM 'id'",
    "SELECT * FROM dblink('host=x', 'SELECT 1') AS t (n int)",
    "SELECT pg_reload_conf()",
    "SELECT pg_rotate_logfile()",
    "LOAD 'plpgsql.so'",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
    "SELECT pg_cancel_backend(1)",
    # holding up others
    "SELECT pg_sleep(60)",
    "SELECT pg_advisory_lock(1)",
    "LOCK TABLE aiwire.event",
    "SELECT pg_notify('x', 'y')",
    "SELECT * FROM timeline.events FOR UPDATE",
    "SELECT pg_switch_wal()",
    "LISTEN procrastinate; SELECT 1",
    # secrets
    "SELECT * FROM aiwire.delivery",
    "SELECT rolpassword FROM pg_authid",
    "SELECT * FROM pg_hba_file_rules",
    "SELECT * FROM aiwire.procrastinate_jobs",
]
BOUNDED = [  # what only a limit of time can stop
    "SELECT count(*) FROM generate_series(1, 100000) a, generate_series(1, 100000) b",
    "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r",
    "SELECT sum(length(repeat('x', 1000000))) FROM generate_series(1, 10000000)",
]


@pytest.fixture
def reader(reader_url: str) -> Iterator[Connection]:
    with connect_reader(reader_url, autocommit=True) as opened:
        yield opened


def _stored(connection: Connection) -> list[Any]:
    found = [
        connection.execute(f"SELECT count(*), max(t::text) FROM aiwire.{table} AS t".encode()).fetchone()
        for table in ("event", "price", "source", "delivery", "fold_key")
    ]
    connection.commit()
    return found


@pytest.mark.parametrize("unlocked", [False, True], ids=["as it is", "after SET"])
def test_row_15_a_question_in_sql_changes_holds_and_reveals_nothing(
    reader_url: str, connection: Connection, unlocked: bool
) -> None:
    """Also after the session has set itself free as far as it can: what refuses is the role, not a parser."""
    register(connection, PRICING)
    look(connection, PRICING, START, [price("m", "input", "1")])
    connection.commit()
    before = _stored(connection)
    for query in REFUSED:
        with connect_reader(reader_url, autocommit=True) as reader:
            if unlocked:
                for setting in ("default_transaction_read_only = off", "search_path = aiwire"):
                    reader.execute(f"SET {setting}".encode())
            with pytest.raises((StoreError, UnknownNameError, psycopg.Error)):
                assert ask(reader, query) is None, query
        assert _stored(connection) == before, query


def test_row_15_what_any_role_may_say_does_nothing(reader_url: str, connection: Connection) -> None:
    """Nobody can take these from a role: NOTIFY (who listens is wary: see the next test) and VACUUM of nothing."""
    before = _stored(connection)
    for query in ("VACUUM", "LISTEN procrastinate"):
        with connect_reader(reader_url, autocommit=True) as reader:
            reader.execute("SET default_transaction_read_only = off")
            assert ask(reader, query) == ([], [])
        assert _stored(connection) == before


def test_row_15_no_notification_but_the_queues_own_reaches_a_worker(database_url: str, reader_url: str) -> None:
    heard: list[str] = []
    said = [
        "x", "", "[]", "5", "null", '"x"', "{}", '{"type": "job_inserted"}',
        '{"type": "abort_job_requested", "job_id": 1}',
        '{"type": "job_inserted", "job_id": "1"}', "[" * 5000, '{"type": "job_inserted", "job_id": 7}',
    ]  # fmt: skip

    async def note(*, channel: str, payload: str) -> None:
        heard.append(payload)

    async def story() -> None:
        connector = WaryConnector(conninfo=conninfo(database_url))
        async with App(connector=connector).open_async():
            listening = asyncio.create_task(connector.listen_notify(note, ["queue"]))
            with connect_reader(reader_url, autocommit=True) as reader:
                while not heard:
                    for payload in said:
                        reader.execute(f"NOTIFY queue, '{payload}'".encode())
                    await asyncio.sleep(0.05)
            assert not listening.done()
            listening.cancel()
            await asyncio.gather(listening, return_exceptions=True)

    asyncio.run(asyncio.wait_for(story(), 30))
    assert set(heard) == {said[-1]}


@pytest.mark.parametrize("query", BOUNDED)
def test_row_15_a_question_without_end_is_ended(reader: Connection, query: str) -> None:
    assert reader.execute("SHOW statement_timeout").fetchone() == ("10s",)
    reader.execute("SET statement_timeout = '200ms'")  # the same limit, for less patient tests
    with pytest.raises((StoreError, psycopg.Error), match=r"timeout|too long|time"):
        ask(reader, query)


def test_row_14_the_api_has_the_readers_rights_and_no_others(site: Site, reader: Connection) -> None:
    granted = reader.execute(
        "SELECT table_schema || '.' || table_name FROM information_schema.role_table_grants "
        "WHERE grantee = CURRENT_USER AND privilege_type <> 'SELECT'"
    ).fetchall()
    seen = reader.execute(
        "SELECT nspname FROM pg_namespace WHERE has_schema_privilege(oid, 'USAGE') "
        "AND nspname !~ '^(pg_|information_schema|public$)'"
    ).fetchall()
    assert (granted, seen) == ([], [("timeline",)])
    assert site.ask("/v1/events").status == 200


def test_row_14_every_route_asks_for_the_token_where_one_is_configured(guarded: Site) -> None:
    test_no_route_is_without_its_token(guarded)


FORMULAS = (*(f"{sign}cmd|' /C calc'!A0" for sign in "=+-@\t\r"), *HOSTILE, *MARKUP)


@pytest.mark.parametrize("text", FORMULAS, ids=range(len(FORMULAS)))
def test_row_17_no_cell_of_the_apis_csv_is_a_formula(text: str) -> None:
    wire = tables.header(["a", "b"]) + tables.csv_lines([{"a": text, "b": {text: text}}], ["a", "b"])
    rows = list(csv.reader(io.StringIO(wire.decode("utf-8", "surrogatepass"), newline="")))
    assert len(rows) == 2
    assert rows[1][0].removeprefix("'") == text.removeprefix("'")
    assert not any(cell.startswith(tables.FORMULA) for cell in rows[1])


def test_row_17_no_cell_of_a_dump_or_of_an_answer_is_a_formula(
    site: Site, connection: Connection, reader_url: str
) -> None:
    register(connection, PRICING)
    facts = [price(text[:200], "input", "1", model_id=None, label=text[:200], locator=text[:200]) for text in FORMULAS]
    look(connection, PRICING, START, facts)
    connection.commit()
    with connect_reader(reader_url) as dumping:
        dumped = b"".join(dumps.rows(dumping, "price_history", "csv")).decode()
    for text in (dumped, site.ask("/v1/prices.csv?limit=1000").text, site.ask("/v1/events.csv?limit=1000").text):
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) > 10
        assert not [cell for row in rows[1:] for cell in row if cell.startswith(tables.FORMULA) and not _number(cell)]


def _number(cell: str) -> bool:
    return cell[1:].replace(".", "", 1).isdigit()


@pytest.mark.parametrize("text", [*HOSTILE, *MARKUP, *TEMPLATES, "a\0b", "\ud800"], ids=repr)
def test_row_22_no_text_forges_a_line_of_the_log(text: str, capfd: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        logs.configure()
        structlog.get_logger("aiwire").info(text, page=text, **{"key": {text: [text]}})
        logging.getLogger("library").warning("of a page: %s", text)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()
    lines = capfd.readouterr().err.rstrip("\n").split("\n")
    assert len(lines) == 2
    for line in lines:
        assert isinstance(json.loads(line), dict)
        assert not CONTROLS & set(line)


@pytest.mark.timeout(300)
@pytest.mark.torture  # long
def test_row_22_no_command_shows_a_control_character(tmp_path: Any, database_url: str, connection: Connection) -> None:
    register(connection, PRICING)
    for number, day in enumerate((START, START.replace(day=START.day + 1)), start=1):
        hostile = [text[:300] for text in HOSTILE]
        look(connection, PRICING, day, [
            price(text, "input", f"{number}", model_id=None, label=text, locator=text) for text in hostile
        ])  # fmt: skip
    connection.execute("UPDATE aiwire.source_state SET health = 'broken', health_detail = %s", ["\x1b]0;x\x07 \u202e"])
    connection.commit()
    for words in (("events",), ("prices",), ("status",), ("doctor",)):
        done = aiwire(*words, home=tmp_path, url=database_url)
        assert "Traceback" not in done.stderr
        assert done.stdout or done.stderr
        assert not CONTROLS & set(done.stdout + done.stderr), words

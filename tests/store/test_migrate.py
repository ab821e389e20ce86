"""Migrations: complete, repeatable, safe against each other, and findable however aiwire is installed."""

import importlib
import threading

import pytest
from psycopg.types.json import Jsonb

from store.connect import Connection, StoreError, connect
from store.migrate import migrate, pending
from store.revisions import folder, newest

pytestmark = pytest.mark.postgres
WITH_ONE_MORE = "CREATE OR REPLACE VIEW timeline.clock AS SELECT pg_catalog.now() AS now, false AS rehearsed, 1 AS gone"


def test_an_empty_database_gets_every_revision_and_view(empty_database_url: str) -> None:
    with connect(empty_database_url) as connection:
        assert pending(connection)
    told: list[str] = []
    applied = migrate(empty_database_url, report=told.append)
    assert applied[:2] == ["0001", "0002"]
    assert "timeline.now" in applied
    assert any(line.startswith("revision 0001") for line in told)
    with connect(empty_database_url) as connection:
        assert not pending(connection)
        found = connection.execute("SELECT version_num FROM aiwire.alembic_version").fetchall()
        assert found == [(newest(),)]


def test_migrating_twice_changes_nothing(database_url: str) -> None:
    migrate(database_url)  # gives this copy a reader of its own
    before = snapshot(database_url)
    assert migrate(database_url) == []
    assert snapshot(database_url) == before


def test_what_a_newer_aiwire_made_is_left_alone(connection: Connection, database_url: str) -> None:
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.execute("UPDATE installed_view SET sha256 = 'newer' WHERE name = 'now'")
    connection.commit()
    with pytest.raises(StoreError, match=r"newer than this aiwire: its tables are of revision 9999, this one knows up"):
        migrate(database_url)
    assert connection.execute("SELECT sha256 FROM installed_view WHERE name = 'now'").fetchall() == [("newer",)]


def test_two_migrators_at_once_do_the_work_once(empty_database_url: str) -> None:
    results: list[list[str]] = []
    threads = [threading.Thread(target=lambda: results.append(migrate(empty_database_url))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    assert sorted(bool(applied) for applied in results) == [False, False, True]


def test_a_view_whose_text_changed_is_the_only_one_remade(connection: Connection, database_url: str) -> None:
    connection.execute("UPDATE installed_view SET sha256 = 'old' WHERE name = 'now'")
    assert pending(connection)
    connection.commit()
    before = oids(connection)
    assert migrate(database_url) == ["timeline.now"]
    assert oids(connection) == before
    assert not pending(connection)
    assert connection.execute("SELECT name, sha256 FROM former_view").fetchall() == [("now", "old")]


def test_a_view_that_lost_a_column_is_dropped_with_its_readers_and_made_anew(
    connection: Connection, database_url: str
) -> None:
    connection.execute(WITH_ONE_MORE)
    connection.execute("UPDATE installed_view SET sha256 = 'old' WHERE name = 'clock'")
    connection.commit()
    remade = migrate(database_url)
    assert remade[:2] == ["timeline.clock", "timeline.now"]
    assert connection.execute("SELECT * FROM timeline.clock").fetchall()[0][1:] == (False,)
    assert not pending(connection)


def test_a_view_of_somebody_elses_is_never_dropped(connection: Connection, database_url: str) -> None:
    connection.execute(WITH_ONE_MORE)
    connection.execute("CREATE VIEW public.mine AS SELECT gone FROM timeline.clock")
    connection.execute("UPDATE installed_view SET sha256 = 'old' WHERE name = 'clock'")
    connection.commit()
    with pytest.raises(StoreError, match=r"view mine depends on view (timeline\.)?clock"):
        migrate(database_url)
    connection.rollback()
    assert connection.execute("SELECT gone FROM public.mine").fetchall() == [(1,)]


def test_what_was_held_before_holds_had_rows_is_kept(connection: Connection) -> None:
    """The way back to the tables of the revision before, and forth again."""
    holds = importlib.import_module("migrations.versions.0016_holds")
    connection.execute(
        "ALTER TABLE held_key DROP COLUMN place CASCADE, DROP COLUMN model CASCADE, DROP COLUMN reason CASCADE, "
        "DROP COLUMN since CASCADE, DROP COLUMN until CASCADE, DROP COLUMN detail CASCADE, "
        "ADD CONSTRAINT held_key_pkey PRIMARY KEY (source, key)"
    )
    connection.execute("INSERT INTO source (id, provider, kind, trust) VALUES ('s', 'p', 'catalogue', 'catalogue')")
    doubted = {"key": "a", "model": "A", "reason": "zero", "since": "2026-08-01T00:00:00+00:00", "detail": "3 to 0"}
    settling = {**doubted, "key": "b", "model": None, "reason": "settling"}
    header = {"last": "2026-08-02T00:00:00+00:00", "waiting": ["a"], "doubted": {"a": []}, "settling": {"b": ""}}
    fold = Jsonb({"header": header, "held": [doubted, settling, {**doubted, "reason": "conflict"}]})
    connection.execute("INSERT INTO source_state (source, fold) VALUES ('s', %s)", [fold])
    connection.execute(holds.HELD)
    connection.execute(holds.HEADER)
    kept = connection.execute("SELECT key, place, reason, until::date::text FROM held_key ORDER BY 1, 2").fetchall()
    assert kept == [("a", 0, "zero", None), ("a", 1, "conflict", None), ("b", 0, "settling", "2026-08-03")]
    assert connection.execute("SELECT fold FROM source_state").fetchall() == [
        ({"last": "2026-08-02T00:00:00+00:00", "waiting": ["a"]},)
    ]


def test_the_folder_of_revisions_is_found_from_a_checkout() -> None:
    assert (folder() / "versions" / "0001_first.sql").is_file()


def test_a_server_that_is_not_there_is_explained() -> None:
    with pytest.raises(StoreError, match=r"no database answers: nowhere at 127.0.0.1:1: start it"):
        migrate("postgresql://u:secret@127.0.0.1:1/nowhere")


def snapshot(url: str) -> list[tuple[object, ...]]:
    with connect(url) as connection:
        return connection.execute(
            "SELECT oid, relname, relfilenode, xmin::text FROM pg_class "
            "WHERE relnamespace IN ('aiwire'::regnamespace, 'timeline'::regnamespace) ORDER BY oid"
        ).fetchall()


def oids(connection: Connection) -> list[tuple[object, ...]]:
    return connection.execute(
        "SELECT oid, relname FROM pg_class WHERE relnamespace = 'timeline'::regnamespace ORDER BY 1"
    ).fetchall()

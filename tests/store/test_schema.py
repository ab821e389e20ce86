"""What the tables promise: Alembic's comparison does not see exclusion constraints, so all of them are listed here."""

import importlib.metadata
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from store.connect import Connection, StoreError
from store.revisions import folder, newest

pytestmark = pytest.mark.postgres
PROMISED = Path(__file__).with_name("constraints.txt")


def test_the_constraints_are_the_promised_ones(connection: Connection) -> None:
    """After a migration that changes them on purpose, write the new list over the old one."""
    found = connection.execute(
        "SELECT format('%s %s: %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint "
        "WHERE connamespace = 'aiwire'::regnamespace AND contype <> 'n' AND conrelid <> 0 "
        "AND conrelid::regclass::text !~ 'procrastinate' "
        "UNION ALL SELECT format('%s: %s', contypid::regtype, pg_get_constraintdef(oid)) FROM pg_constraint "
        "WHERE connamespace = 'aiwire'::regnamespace AND contypid <> 0 "
        "UNION ALL SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indrelid "
        "WHERE relnamespace = 'aiwire'::regnamespace AND relname !~ 'procrastinate' "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid)"
    ).fetchall()
    assert sorted(line for (line,) in found) == PROMISED.read_text(encoding="utf-8").splitlines()


def test_the_newest_revision_is_the_one_alembic_would_run_to() -> None:
    config = Config()
    config.set_main_option("script_location", str(folder()))
    config.set_main_option("path_separator", "os")
    assert ScriptDirectory.from_config(config).get_heads() == [newest()]


def test_the_queue_is_of_the_release_its_revision_was_written_for() -> None:
    """A newer package brings other tables: write a revision that runs its migration files before raising the pin."""
    text = (folder() / "versions" / "0002_queue.py").read_text(encoding="utf-8")
    assert f'WRITTEN_FOR = "{importlib.metadata.version("procrastinate")}"' in text


@pytest.mark.parametrize("table", ["price", "notice", "news", "incident"])
def test_two_rows_never_answer_the_same_question(connection: Connection, table: str) -> None:
    connection.execute("INSERT INTO source (id, provider, kind, trust) VALUES ('s', 'p', 'pricing', 'official')")
    more = {
        "price": ("model, meter, state, per, unit", "'m', 'input', 'free', 1, 'token'"),
        "notice": ("model, subject_kind, status", "'m', 'model', 'active'"),
        "news": ("guid, url, title", "'g', '', 't'"),
        "incident": ("guid, title", "'g', 't'"),
    }[table]

    def insert(key: str, effective: str, known: str) -> None:
        connection.execute(
            f"INSERT INTO {table} (source, key, provider, {more[0]}, effective, known, origin, trust) "
            f"VALUES ('s', %s, 'p', {more[1]}, %s, %s, 'live', 'official')",
            [key, effective, known],
        )

    insert("k", "[2026-01-01,2026-02-01)", "[2026-01-01,)")
    insert("k", "[2026-02-01,)", "[2026-01-01,)")
    insert("other", "[2026-01-01,)", "[2026-01-01,)")
    connection.execute(f"UPDATE {table} SET superseded_at = now() WHERE key = 'other'")
    insert("other", "[2026-01-01,)", "[2026-01-01,)")
    with pytest.raises(Exception, match=f"{table}_never_two_answers"):
        insert("k", "[2026-01-15,2026-01-16)", "[2026-05-01,)")


@pytest.mark.parametrize("day", ["soon", "2026-13", "2026-00-01", "2026-01-32", "26-01-01", "0000-01-01", "2026-1-1"])
def test_what_is_no_day_is_refused(connection: Connection, day: str) -> None:
    with pytest.raises(Exception, match="stated_day"):
        connection.execute("SELECT %s::stated_day", [day])


def test_errors_of_the_database_are_said_in_words_without_secrets(database_url: str) -> None:
    from store.connect import connect, explained, is_down

    with pytest.raises(StoreError, match="refused the user or password") as wrong:
        connect(database_url.replace("://aiwire:", "://aiwire:hunter2"))
    assert "hunter2" not in str(wrong.value)
    with pytest.raises(StoreError, match="no such database"):
        connect(database_url.rpartition("/")[0] + "/nowhere")
    with pytest.raises(StoreError, match="not understood") as broken:
        connect("postgres//user:hunter2@host")
    assert "hunter2" not in repr(broken.value) + repr(broken.value.__cause__)
    assert [is_down(error.value) for error in (wrong, broken)] == [True, False]
    with connect(database_url) as connection, pytest.raises(StoreError, match="run `aiwire migrate`"), explained():
        connection.execute("SELECT * FROM timeline.not_there_yet")

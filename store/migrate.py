"""Brings a database to this version: revisions of the tables, then the views, then the reader role."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from store import reader_role, view_files
from store.connect import Connection, StoreError, connect, explained, place
from store.revisions import folder, newest

LOCK = 0x61697769726531  # "aiwire1": the key of the advisory lock that keeps two migrators apart
PATIENCE = 120  # seconds to wait for another migrator


def migrate(
    url: str, *, report: Callable[[str], None] = lambda _: None, reader_password: str | None = None
) -> list[str]:
    """Applies what is missing and returns what was applied: revisions (`0001`) and views (`timeline.events`).

    Safe to repeat and safe to run twice at once: the second waits, then finds nothing to do. The views change in the
    transaction of the last revision. The reader role gets `reader_password` when one is given. Raises StoreError.
    """
    with explained(url), connect(url) as connection, _alone(connection, url, report):
        _require_version(connection, url)
        _require_older(connection, url)
        applied = _upgrade(connection, report)
        with connection.transaction():
            applied += _tell_views(view_files.apply(connection), report)
            if applied or reader_password is not None or not reader_role.complete(connection):
                for line in reader_role.ensure(connection, password=reader_password):
                    report(line)
        return applied


def pending(connection: Connection) -> bool:
    """Whether `migrate` would change tables or views. Needs the owner's connection."""
    found = connection.execute("SELECT to_regclass('aiwire.alembic_version') IS NOT NULL").fetchone()
    if found is None or not found[0]:
        return True
    versions = [row[0] for row in connection.execute("SELECT version_num FROM aiwire.alembic_version")]
    return versions != [newest()] or bool(view_files.changed(connection))


def _config() -> Any:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _upgrade(connection: Connection, report: Callable[[str], None]) -> list[str]:
    # Alembic and SQLAlchemy are only needed, and only imported, here.
    from alembic import command
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    applied: list[str] = []

    def applied_one(*, step: Any, heads: Any, **_: Any) -> None:
        applied.extend(step.up_revision_ids)
        report(f"revision {' '.join(step.up_revision_ids)}: {step.up_revision.doc}")
        if tuple(heads) == (newest(),):
            applied.extend(_tell_views(view_files.apply(connection), report))

    engine = create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
    config = _config()
    config.attributes |= {"driver": connection, "on_version_apply": applied_one}
    try:
        with engine.connect() as bind:  # a static pool: our connection stays open, and with it the lock
            config.attributes["connection"] = bind
            command.upgrade(config, "head")
    except psycopg.Error:
        raise
    except Exception as error:
        original = getattr(error, "orig", None)
        if isinstance(original, psycopg.Error):
            raise original from error
        raise StoreError(f"the upgrade stopped, nothing of the failed step was kept: {error}") from error
    return applied


def _tell_views(names: list[str], report: Callable[[str], None]) -> list[str]:
    views = [f"timeline.{name}" for name in names]
    if views:
        report(f"views: {' '.join(views)}")
    return views


@contextmanager
def _alone(connection: Connection, url: str, report: Callable[[str], None]) -> Iterator[None]:
    deadline = time.monotonic() + PATIENCE
    told = False
    while not _try_lock(connection):
        if not told:
            report(f"another process is migrating {place(url)}: waiting")
            told = True
        if time.monotonic() > deadline:
            raise StoreError(f"another process has been migrating {place(url)} for {PATIENCE} s: see what it does")
        time.sleep(0.1)
    yield  # the lock goes with the connection


def _try_lock(connection: Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s::bigint)", [LOCK]).fetchone()
    connection.commit()
    return bool(row and row[0])


def _require_older(connection: Connection, url: str) -> None:
    """What a newer aiwire made is left as it is. Raises StoreError."""
    table = connection.execute("SELECT to_regclass('aiwire.alembic_version') IS NOT NULL").fetchone()
    found = (
        connection.execute("SELECT version_num FROM aiwire.alembic_version").fetchall() if table and table[0] else []
    )
    connection.commit()
    newer = sorted(row[0] for row in found if row[0] > newest())
    if newer:
        raise StoreError(
            f"the database {place(url)} is newer than this aiwire: its tables are of revision {', '.join(newer)}, this "
            f"one knows up to {newest()}: install the newer version again, or restore a backup from before the upgrade"
        )


def _require_version(connection: Connection, url: str) -> None:
    if connection.info.server_version < 150000:
        found = connection.info.server_version // 10000
        raise StoreError(f"expected Postgres 15 or newer, found {found}: {place(url)}")
    connection.execute("CREATE SCHEMA IF NOT EXISTS aiwire")  # Alembic keeps its version there
    connection.commit()

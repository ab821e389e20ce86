"""The clocks: the machine's, and the database's, which a rehearsal can set."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import psycopg

from store.connect import Connection, connect

Clock = Callable[[], datetime]


def wall_clock() -> datetime:
    """The time of this machine, aware, UTC."""
    return datetime.now(UTC)


def database_now(connection: Connection) -> datetime:
    """The time by which the database's views answer: a rehearsal's, else the start of this transaction."""
    row = connection.execute("SELECT timeline.now()").fetchone()
    if row is None:
        raise AssertionError("timeline.now() gave no row")
    return _aware(row[0])


def database_time(connection: Connection) -> datetime:
    """The time of the machine that the database runs on, rehearsal or not."""
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    if row is None:
        raise AssertionError("clock_timestamp() gave no row")
    return _aware(row[0])


class DatabaseClock:
    """A clock that asks the database each time, over a connection of its own that it renews when it was lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._connection: Connection | None = None

    def __call__(self) -> datetime:
        """The time by which the database's views answer."""
        with self._lock:
            if self._connection is not None and not self._connection.closed:
                try:
                    return database_now(self._connection)
                except psycopg.OperationalError:
                    self._connection.close()
            self._connection = connect(self._url, autocommit=True)
            return database_now(self._connection)

    def close(self) -> None:
        """Give the connection back; the clock may be asked again."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()


def set_rehearsal(connection: Connection, at: datetime | None) -> None:
    """Sets the clock of a rehearsal, in the caller's transaction; None returns to the real time."""
    if at is None:
        connection.execute("DELETE FROM aiwire.rehearsal")
    else:
        connection.execute(
            "INSERT INTO aiwire.rehearsal (now) VALUES (%s) ON CONFLICT (one) DO UPDATE SET now = excluded.now", [at]
        )


def _aware(value: datetime) -> datetime:
    return value.astimezone(UTC)

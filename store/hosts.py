"""Hosts that asked us to wait."""

from datetime import datetime

from store.connect import Connection


def delay(connection: Connection, host: str, not_before: datetime, reason: str) -> None:
    """No request to `host` (name:port) before then; a longer wait already agreed stays."""
    connection.execute(
        """
        INSERT INTO host AS known (host, not_before, reason) VALUES (%s, %s, %s)
        ON CONFLICT (host) DO UPDATE SET (not_before, reason) = (excluded.not_before, excluded.reason)
            WHERE known.not_before IS NULL OR known.not_before < excluded.not_before
        """,
        [host, not_before, reason],
    )


def not_before(connection: Connection, host: str) -> datetime | None:
    """Until when `host` asked us to wait; may be past."""
    row = connection.execute("SELECT not_before FROM host WHERE host = %s", [host]).fetchone()
    return row[0] if row else None


def clear(connection: Connection, host: str) -> None:
    """The host answers again."""
    connection.execute("DELETE FROM host WHERE host = %s", [host])

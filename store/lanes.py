"""Lanes: whoever sends to a channel holds its lane, so that no two do at once."""

from store.connect import Connection


def take(connection: Connection, lane: str) -> bool:
    """Keeps everybody else from sending on this lane until the connection closes; False: somebody does.

    A machine that is gone without a word is noticed within a minute, a process that stands still within three, and
    its lane is free again: no request takes that long.
    """
    connection.execute(
        "SELECT set_config('tcp_keepalives_idle', '30', false), set_config('tcp_keepalives_interval', '10', false), "
        "set_config('tcp_keepalives_count', '3', false), set_config('idle_session_timeout', '3min', false), "
        "set_config('idle_in_transaction_session_timeout', '3min', false)"
    )
    row = connection.execute(
        "SELECT pg_try_advisory_lock(hashtextextended('aiwire lane ' || %s, 0))", [lane]
    ).fetchone()
    return bool(row and row[0])


def leave(connection: Connection) -> None:
    """Lets others send on the lane at once: a connection that closes is gone for the server a moment later."""
    connection.execute("SELECT pg_advisory_unlock_all()")

"""What a rehearsal asks of its database."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from store.connect import Connection


def anything_held(connection: Connection) -> bool:
    """Whether any source has something that a second look would settle."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM held_key WHERE until IS NULL OR until > timeline.now())"
    ).fetchone()
    return bool(row and row[0])


def totals(connection: Connection) -> Mapping[str, Any]:
    """Fetches by outcome, and the number of events and deliveries."""
    fetches: dict[str, int] = dict(
        connection.execute('SELECT outcome, count(*) FROM "fetch" GROUP BY 1 ORDER BY 1').fetchall()
    )
    events = connection.execute("SELECT count(*) FROM event").fetchone()
    deliveries = connection.execute("SELECT count(*) FROM delivery").fetchone()
    changes = connection.execute("SELECT count(*) FROM timeline.price_changes").fetchone()
    return {
        "price_changes": changes[0] if changes else 0,
        "fetches": fetches,
        "events": events[0] if events else 0,
        "deliveries": deliveries[0] if deliveries else 0,
    }


def next_day(connection: Connection, after: datetime) -> datetime | None:
    """The first instant of the next day on which something falls due: a milestone, a status, a planned price."""
    row = connection.execute(
        """
        SELECT min(day::date::timestamp AT TIME ZONE 'UTC') AS begins
          FROM source_state AS state,
               LATERAL (SELECT jsonb_object_keys(coalesce(state.fold -> 'calendar', '{}')) AS day
                         UNION SELECT jsonb_object_keys(coalesce(state.fold -> 'turns', '{}'))) AS days
         WHERE day::date::timestamp AT TIME ZONE 'UTC' > %s
        """,
        [after],
    ).fetchone()
    return row[0] if row else None


def next_message(connection: Connection, after: datetime) -> datetime | None:
    """When the next message goes out that nobody has tried to send, or the next digest."""
    row = connection.execute(
        """
        SELECT min(due) FROM (SELECT not_before FROM delivery WHERE state = 'pending' AND attempts = 0
                              UNION ALL SELECT due_at FROM digest_entry) AS waiting (due)
         WHERE due > %s
        """,
        [after],
    ).fetchone()
    return row[0] if row else None

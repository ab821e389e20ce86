"""What a rehearsal asks of its database."""

from collections.abc import Mapping
from typing import Any

from store.connect import Connection


def anything_held(connection: Connection) -> bool:
    """Whether any source has something that a second look would settle."""
    row = connection.execute(
        "SELECT EXISTS (SELECT FROM source_state WHERE jsonb_array_length(coalesce(fold -> 'held', '[]')) > 0)"
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

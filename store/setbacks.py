"""After a clock that ran ahead was set back: what it had scheduled is taken back, so that nothing waits for years."""

from datetime import datetime, timedelta
from typing import Final, LiteralString

from store.connect import Connection

AHEAD: Final = timedelta(minutes=5)
"""Less passes by itself, and the clocks of several machines may differ by as much."""
LONGEST_REST: Final = timedelta(hours=25)
"""No host may ask for a longer one than a day: crawler.due."""

# Not at once: where it is the clock of another machine that runs ahead, the source keeps its pace.
SOURCES: LiteralString = """
UPDATE source_state AS state SET next_due_at = %(now)s + coalesce(source.every, interval '10 minutes')
  FROM source WHERE source.id = state.source AND state.last_fetch_at > %(now)s + %(ahead)s
   AND state.next_due_at > %(now)s + coalesce(source.every, interval '10 minutes')
"""
HOSTS: LiteralString = "UPDATE host SET not_before = %(now)s WHERE not_before > %(now)s + %(rest)s"
DELIVERIES: LiteralString = """
UPDATE delivery SET not_before = %(now)s
 WHERE state = 'pending' AND created_at > %(now)s + %(ahead)s AND not_before > %(now)s
"""


def come_back(connection: Connection, now: datetime) -> int:
    """Returns how many sources, hosts and messages waited for a time that a wrong clock had given them."""
    values = {"now": now, "ahead": AHEAD, "rest": LONGEST_REST}
    with connection.transaction():
        return sum(connection.execute(query, values).rowcount for query in (SOURCES, HOSTS, DELIVERIES))

"""A history that comes whole, in one file that knows its own times: folded elsewhere, written in one transaction."""

from datetime import datetime

from store import captures, snapshots, timelines
from store.connect import Connection
from store.rebuilds import Rebuilt
from timeline.observations import Folded, SourceInfo

BECAUSE = "the newest history that was imported does not say so"


def load(
    connection: Connection, source: SourceInfo, folded: Folded, *, body: bytes, url: str, seen: datetime, now: datetime
) -> Rebuilt:
    """Makes the stored history of `source` the folded one; `body` is the evidence its rows name, `seen` its last time.

    Safe to repeat: what is there already is left alone, what the file no longer says is superseded and its events are
    withdrawn. Nobody is alerted, and nothing is fetched for such a source. One transaction.
    """
    with connection.transaction():
        connection.execute(
            "INSERT INTO source (id, provider, kind, url, trust, enabled) VALUES (%s, %s, %s, %s, %s, false) "
            "ON CONFLICT (id) DO UPDATE SET (url, trust) = (excluded.url, excluded.trust)",
            [source.id, source.provider, source.kind, url, source.trust],
        )
        connection.execute("INSERT INTO source_state (source) VALUES (%s) ON CONFLICT DO NOTHING", [source.id])
        captures.lock_source(connection, source.id)
        snapshots.put(connection, body, "application/x-ndjson")
        connection.execute("UPDATE source_state SET last_good_at = %s WHERE source = %s", [seen, source.id])
        return timelines.replace(connection, source, folded, now=now, because=BECAUSE)

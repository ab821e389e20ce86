"""Bundled history: price changes and retirements that come with aiwire, there before the first capture and offline."""

from datetime import datetime
from importlib import resources

from store import bundled_notices, bundled_prices, captures, events, snapshots
from store.bundled_rows import Parsed
from store.connect import Connection
from store.timelines import replace
from timeline.observations import Folded, SourceInfo, State

PRICES = SourceInfo(id=bundled_prices.SOURCE, provider="aiwire", kind="bundled", trust=bundled_prices.TRUST)
NOTICES = SourceInfo(id=bundled_notices.SOURCE, provider="aiwire", kind="bundled", trust=bundled_notices.TRUST)
BECAUSE = "the bundled history of this version of aiwire does not say so"


def load(connection: Connection, *, now: datetime) -> int:
    """Makes the stored bundled history that of this version; returns how many events are new. Nobody is alerted.

    Safe to repeat: what is there already is left alone, what a newer version no longer says is superseded and its
    events are withdrawn. One transaction. Raises BundledError for a wrong line.
    """
    prices = bundled_prices.parse(_text("prices.csv"), "store/bundled/prices.csv")
    notices = bundled_notices.parse(_text("notices.csv"), "store/bundled/notices.csv")
    with connection.transaction():
        return sum(_load(connection, source, parsed, now) for source, parsed in ((PRICES, prices), (NOTICES, notices)))


def _text(name: str) -> str:
    return (resources.files("store") / "bundled" / name).read_text(encoding="utf-8")


def _load(connection: Connection, source: SourceInfo, parsed: Parsed, now: datetime) -> int:
    connection.execute(
        "INSERT INTO source (id, provider, kind, trust, verified) VALUES (%s, %s, %s, %s, true) "
        "ON CONFLICT (id) DO UPDATE SET trust = excluded.trust",
        [source.id, source.provider, source.kind, source.trust],
    )
    connection.execute("INSERT INTO source_state (source) VALUES (%s) ON CONFLICT DO NOTHING", [source.id])
    captures.lock_source(connection, source.id)
    kept = {row[0] for row in connection.execute("SELECT sha256 FROM body WHERE sha256 = ANY(%s)", [[*parsed.bodies]])}
    for sha256, body in parsed.bodies.items():
        if sha256 not in kept:
            snapshots.put(connection, body, "text/csv")
    known = _event_ids(connection, source.id)
    folded = Folded(state=State.empty(), rows=parsed.rows, events=parsed.events, moot=frozenset(), held=())
    replace(connection, source, folded, now=now, because=BECAUSE, origin="bundled")
    said = {event.id for event in parsed.events}
    _correct(connection, source, parsed, known & said)
    events.withdraw(connection, sorted(known - said), because=BECAUSE, at=now)
    return len(said - known)


def _correct(connection: Connection, source: SourceInfo, parsed: Parsed, known: set[str]) -> None:
    """Makes events that are there already say what this version says of them."""
    stored = {event.id: event for event in events.by_id(connection, sorted(known))}
    wrong = [event for event in parsed.events if event.id in stored and events.differ(event, stored[event.id])]
    if wrong:
        events.correct(connection, wrong)
        events.count_change(connection, [source.id])


def _event_ids(connection: Connection, source: str) -> set[str]:
    return {row[0] for row in connection.execute("SELECT id FROM event WHERE source = %s", [source])}

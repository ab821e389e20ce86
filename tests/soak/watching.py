"""What the database says while it is soaked, asked once a second and compared with the truth of the pages."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import psycopg
from psycopg.rows import dict_row

from store.connect import Connection, StoreError, connect
from tests.soak.pages import Expected

LATE_COMMITS = 1000  # positions are given before transactions end: an older one may come to be seen later
OURS = "soak"  # the name of our own session

NEW_EVENTS = """
SELECT position, id, source, kind, model, meter, new, recorded_at, headline, observed_at FROM event
 WHERE position > %s AND NOT baseline AND origin = 'live' ORDER BY position
"""
SOURCES = """
SELECT source, health, failures, extract(epoch FROM next_due_at)::float8, extract(epoch FROM last_fetch_at)::float8,
       extract(epoch FROM last_good_at)::float8, last_outcome
  FROM source_state JOIN source ON source.id = source_state.source WHERE enabled AND every IS NOT NULL
"""
HELD = "SELECT source, model FROM held_key WHERE model IS NOT NULL"
SESSIONS = """
SELECT count(*), count(*) FILTER (WHERE state LIKE 'idle in transaction%%' AND state_change < now() - interval '60 s')
  FROM pg_stat_activity WHERE datname = current_database() AND application_name <> %s
"""
WAITING = """
SELECT count(*) FILTER (WHERE state = 'pending'), count(*) FILTER (WHERE state = 'parked'),
       coalesce(extract(epoch FROM min(created_at) FILTER (WHERE state = 'pending'))::float8, 'infinity') FROM delivery
"""
SOONER = """
UPDATE source_state SET next_due_at = now()
 WHERE health = 'ok' AND failures = 0 AND next_due_at > now() AND last_fetch_at < now() - make_interval(secs => %s)
"""


@dataclass(frozen=True)
class State:
    """How one source fares; times in seconds of the wall clock."""

    health: str
    failures: int
    due: float
    fetched: float
    good: float
    outcome: str


@dataclass(kw_only=True)
class Watch:
    """The truth beside what was recorded."""

    url: Callable[[], str]
    hurry: float  # seconds after which a source that is well is looked at again
    awaited: list[Expected] = field(default_factory=list)
    happened: dict[tuple[str, ...], Expected] = field(default_factory=dict)  # by key
    false: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    troubles: dict[str, int] = field(default_factory=dict)  # events about sources and the wire, by kind
    states: dict[str, State] = field(default_factory=dict)
    sessions: list[int] = field(default_factory=list)
    stuck: int = 0  # looks that found a session idle in a transaction for a minute
    pending: int = 0
    parked: int = 0
    oldest: float = float("inf")  # when the oldest message that waits was made
    polls: int = 0
    blind: int = 0  # looks at which the database did not answer
    held: frozenset[tuple[str, str]] = frozenset()  # source and model of what waits for a second look by the rules
    _seen: set[str] = field(default_factory=set)
    _position: int = 0
    _connection: Connection | None = None

    def expect(self, found: list[Expected]) -> None:
        """These must come."""
        self.awaited += found

    def look(self) -> bool:
        """Look once; False: the database does not answer."""
        self.polls += 1
        try:
            connection = self._open()
            with connection.cursor(row_factory=dict_row) as cursor:
                for row in cursor.execute(NEW_EVENTS, [self._position - LATE_COMMITS]).fetchall():
                    self._position = row["position"]
                    if row["id"] not in self._seen:
                        self._seen.add(row["id"])
                        self._judge(row)
            rows = connection.execute(SOURCES).fetchall()
            self.states = {row[0]: State(*map(_or_zero, row[1:])) for row in rows}
            self.held = frozenset(connection.execute(HELD).fetchall())
            sessions, stuck = connection.execute(SESSIONS, [OURS]).fetchone() or (0, 0)
            self.sessions.append(sessions)
            self.stuck += bool(stuck)
            self.pending, self.parked, self.oldest = connection.execute(WAITING).fetchone() or (0, 0, 0.0)
            connection.execute(SOONER, [self.hurry])
        except (psycopg.Error, StoreError):
            self.blind += 1
            self.close()
            return False
        return True

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """One more question."""
        return self._open().execute(query).fetchall()

    def missed(self) -> list[Expected]:
        """What is awaited and not held by the rules until a second look."""
        return [one for one in self.awaited if (one.source, one.subject) not in self.held]

    def close(self) -> None:
        """Let go of the database."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _open(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = connect(f"{self.url()}?application_name={OURS}", autocommit=True)
        return self._connection

    def _judge(self, event: dict[str, Any]) -> None:
        kind, new = event["kind"], event["new"] or {}
        if kind.startswith(("source.", "wire.")):
            self.troubles[kind] = self.troubles.get(kind, 0) + 1
            return
        subject = str(new.get("title") or event["model"])
        key = _normal((event["source"], kind, subject, event["meter"] or "", value_of(kind, new)))
        said = f"{event['observed_at']:%H:%M:%S} {' '.join(filter(None, key))}: {event['headline']}"
        awaited = next((one for one in self.awaited if _normal(one.key) == key), None)
        if awaited is not None:
            awaited.event, awaited.recorded_at = event["id"], event["recorded_at"]
            self.awaited.remove(awaited)
            self.happened[key] = awaited
        elif key in self.happened:
            self.twice.append(said)
        else:
            self.false.append(said)


def value_of(kind: str, new: dict[str, Any]) -> str:
    """What an event says is so now."""
    if kind.startswith("price."):
        return str(new.get("amount"))
    if kind.startswith("model.retirement_"):
        return str(new.get("retires_on"))
    return str(new.get("status")) if kind.startswith("model.") else ""


def _normal(key: tuple[str, ...]) -> tuple[str, ...]:
    """Amounts without the zeros that a page may print."""
    amount = key[4]
    return (*key[:4], str(Decimal(amount).normalize()) if key[1].startswith("price.") and amount != "None" else amount)


def _or_zero(value: Any) -> Any:
    return 0.0 if value is None else value

"""The fold's memory of each source, kept between looks: opaque here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import orjson
from psycopg.types.json import Jsonb

from store.connect import Connection
from store.events import plain
from timeline.keys import canonical
from timeline.observations import Held

FEW = 100
"""States fetched one at a time; who wants more gets all of them at once."""


class KeyState(Mapping[str, Any]):
    """The state of one key. What the fold asks of every key is at hand, the rest is fetched when it is asked for."""

    __slots__ = ("_gap", "_key", "_kind", "_rest", "_shelf", "_sig", "_waits")

    def __init__(  # noqa: PLR0917
        self, shelf: "_Shelf", key: str, kind: str | None, sig: str | None, waits: bool, gap: bool
    ) -> None:
        self._shelf, self._key, self._kind, self._sig, self._waits = shelf, key, kind, sig, waits
        self._gap = gap
        self._rest: Mapping[str, Any] | None = None

    def __getitem__(self, name: str) -> Any:
        if name == "sig" and self._sig is not None:
            return self._sig
        if name == "kind" and self._kind is not None:
            return self._kind
        return self._whole()[name]

    def __contains__(self, name: object) -> bool:
        if name == "gap":
            return self._gap
        return self._waits if name == "waits" else name in self._whole()

    def __iter__(self) -> Iterator[str]:
        return iter(self._whole())

    def __len__(self) -> int:
        return len(self._whole())

    def _whole(self) -> Mapping[str, Any]:
        if self._rest is None:
            self._rest = self._shelf.fetch(self._key)
        return self._rest


class _Shelf:
    """Where the states of one source are fetched from, while the transaction lasts that asked for the fold."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection, self._source = connection, source
        self._fetched = 0
        self._all: Mapping[str, Mapping[str, Any]] | None = None

    def fetch(self, key: str) -> Mapping[str, Any]:
        """The whole state of a key."""
        self._fetched += 1
        if self._all is None and self._fetched > FEW:
            rows = self._connection.execute("SELECT key, state FROM fold_key WHERE source = %s", [self._source])
            self._all = dict(rows.fetchall())
        if self._all is not None:
            return self._all[key]
        row = self._connection.execute(
            "SELECT state FROM fold_key WHERE source = %s AND key = %s", [self._source, key]
        ).fetchone()
        if row is None:
            raise KeyError(key)
        state: Mapping[str, Any] = row[0]
        return state


def load_fold(connection: Connection, source: str) -> tuple[dict[str, Any], dict[str, Mapping[str, Any]]]:
    """The header and the state by key of a source: what timeline.fold's State.load takes. Empty: never folded.

    For use while the caller's transaction lasts: most of a state is fetched only when it is asked for, so that a look
    costs what changed, not how long the history of everything else is.
    """
    row = connection.execute("SELECT fold -> 'header' FROM source_state WHERE source = %s", [source]).fetchone()
    shelf = _Shelf(connection, source)
    marks = connection.execute("SELECT key, kind, sig, waits, state ? 'gap' FROM fold_key WHERE source = %s", [source])
    return (row[0] if row else None) or {}, {found[0]: KeyState(shelf, *found) for found in marks}


def remember(
    connection: Connection,
    source: str,
    key_states: Mapping[str, Mapping[str, Any] | None],
    *,
    header: Mapping[str, Any],
    held: Iterable[Held],
) -> None:
    """Keeps the changed states (None: forget the key), the header, and what is held for operators to see."""
    gone = [key for key, state in key_states.items() if state is None]
    kept = [{"key": key, "state": state} for key, state in key_states.items() if state is not None]
    if gone:
        connection.execute("DELETE FROM fold_key WHERE source = %s AND key = ANY(%s)", [source, gone])
    if kept:
        connection.execute(
            """
            INSERT INTO fold_key AS known (source, key, state)
            SELECT %s, key, state FROM json_to_recordset(%s::json) AS given (key text, state jsonb)
            ON CONFLICT (source, key) DO UPDATE SET state = excluded.state WHERE known.state <> excluded.state
            """,
            [source, orjson.dumps(kept, default=plain).decode()],
        )
    items = list(held)
    fold = {"header": dict(header), "held": [asdict(item) for item in items]}
    changed = connection.execute(
        "UPDATE source_state SET fold = %(fold)s WHERE source = %(source)s AND fold <> %(fold)s",
        {"source": source, "fold": Jsonb(fold, dumps=canonical)},
    ).rowcount
    if changed:
        _mark_held(connection, source, sorted({item.key for item in items if item.reason != "settling"}))


def _mark_held(connection: Connection, source: str, keys: Sequence[str]) -> None:
    """What settles is believed, and only told later: it is not among the keys."""
    connection.execute("DELETE FROM held_key WHERE source = %s AND NOT key = ANY(%s)", [source, keys])
    connection.execute(
        "INSERT INTO held_key (source, key) SELECT %s, unnest(%s::text[]) ON CONFLICT DO NOTHING", [source, keys]
    )

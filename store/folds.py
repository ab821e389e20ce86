"""The fold's memory of each source, kept between looks: opaque here."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from psycopg.types.json import Jsonb

from store.connect import Connection
from store.event_rows import plain
from timeline.keys import canonical
from timeline.observations import State
from timeline.pasts import JsonRow, Past

FEW = 100
"""States fetched one at a time; who wants more gets all of them at once."""


class KeyState(Mapping[str, Any]):
    """The state of one key. What the fold asks of every key is at hand, the rest is fetched when it is asked for."""

    __slots__ = ("_gap", "_key", "_kind", "_past", "_rest", "_shelf", "_sig", "_waits")

    def __init__(  # noqa: PLR0917
        self, shelf: "_Shelf", key: str, kind: str | None, sig: str | None, waits: bool, gap: bool
    ) -> None:
        self._shelf, self._key, self._kind, self._sig, self._waits = shelf, key, kind, sig, waits
        self._gap = gap
        self._rest: Mapping[str, Any] | None = None
        self._past: Past | None = None

    def __getitem__(self, name: str) -> Any:
        if name == "sig" and self._sig is not None:
            return self._sig
        if name == "kind" and self._kind is not None:
            return self._kind
        return self._earlier() if name == "past" else self._whole()[name]

    def __contains__(self, name: object) -> bool:
        if name == "gap":
            return self._gap
        return self._waits if name == "waits" else name in self._names()

    def __iter__(self) -> Iterator[str]:
        return iter(self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        whole = self._whole()
        return [*whole, "past"] if "before" in whole else [*whole]

    def _earlier(self) -> Past:
        if self._past is None:
            before = datetime.fromisoformat(self._whole()["before"])
            self._past = Past(partial(self._shelf.past, self._key, before))
        return self._past

    def _whole(self) -> Mapping[str, Any]:
        if self._rest is None:
            self._rest = self._shelf.fetch(self._key)
        return self._rest


class _Shelf:
    """Where the states of one source are fetched from, while the transaction lasts that asked for the fold."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection, self._source = connection, source
        self._fetched = self._recalled = 0
        self._some: dict[str, Mapping[str, Any]] = {}  # expected to be asked for
        self._all: Mapping[str, Mapping[str, Any]] | None = None
        self._pasts: dict[str, list[tuple[datetime, JsonRow]]] | None = None  # each with its end

    def fetch(self, key: str) -> Mapping[str, Any]:
        """The whole state of a key."""
        if key in self._some:
            return self._some[key]
        self._fetched += 1
        if self._all is None and self._fetched > FEW:
            rows = self._connection.execute("SELECT key, belief FROM fold_key WHERE source = %s", [self._source])
            self._all = dict(rows)
        if self._all is not None:
            return self._all[key]
        row = self._connection.execute(
            "SELECT belief FROM fold_key WHERE source = %s AND key = %s", [self._source, key]
        ).fetchone()
        if row is None:
            raise KeyError(key)
        state: Mapping[str, Any] = row[0]
        return state

    def expect(self, keys: Collection[str]) -> None:
        """These will be asked for."""
        if self._all is None and len(keys) > 1:
            query = "SELECT key, belief FROM fold_key WHERE source = %s AND key = ANY(%s)"
            self._some.update(self._connection.execute(query, [self._source, [*keys]]))

    def past(self, key: str, before: datetime) -> list[JsonRow]:
        """The rows of a key that had ended by a time and that its state leaves out."""
        self._recalled += 1
        if self._pasts is None and self._recalled > FEW:
            query = "SELECT key, ends, row FROM fold_past WHERE source = %s ORDER BY ends"
            self._pasts = {}
            for name, ends, row in self._connection.execute(query, [self._source]):
                self._pasts.setdefault(name, []).append((ends, row))
        if self._pasts is not None:  # earlier looks of this transaction may have put more away since: not asked for
            return [row for ends, row in self._pasts.get(key, ()) if ends <= before]
        query = "SELECT row FROM fold_past WHERE source = %s AND key = %s AND ends <= %s ORDER BY ends"
        return [row for (row,) in self._connection.execute(query, [self._source, key, before])]


def load_fold(connection: Connection, source: str) -> State:
    """The fold of a source. Empty: never folded.

    For use while the caller's transaction lasts: most of a state is fetched only when it is asked for, so that a look
    costs what changed, not how long the history of everything else is.
    """
    row = connection.execute("SELECT fold FROM source_state WHERE source = %s", [source]).fetchone()
    shelf = _Shelf(connection, source)
    marks = connection.execute("SELECT key, kind, sig, waits, gap FROM fold_key WHERE source = %s", [source])
    keys = {found[0]: KeyState(shelf, *found) for found in marks}
    return State.load((row[0] if row else None) or {}, keys, shelf.expect)


def remember(
    connection: Connection,
    source: str,
    key_states: Mapping[str, Mapping[str, Any] | None],
    *,
    header: Mapping[str, Any],
) -> None:
    """Keeps the changed states (None: forget the key) and the header."""
    gone = [key for key, state in key_states.items() if state is None]
    kept = {key: state for key, state in key_states.items() if state is not None}
    if gone:
        connection.execute("DELETE FROM fold_key WHERE source = %s AND key = ANY(%s)", [source, gone])
    if kept:
        states = [
            {"key": key, "belief": {name: value for name, value in state.items() if name != "past"}}
            for key, state in kept.items()
        ]
        connection.execute(
            """
            INSERT INTO fold_key AS known (source, key, belief)
            SELECT %s, key, belief FROM json_to_recordset(%s::json) AS given (key text, belief jsonb)
            ON CONFLICT (source, key) DO UPDATE SET belief = excluded.belief WHERE known.belief <> excluded.belief
            """,
            [source, orjson.dumps(states, default=plain).decode()],
        )
        _remember_pasts(connection, source, {key: state.get("past", ()) for key, state in kept.items()})
    connection.execute(
        "UPDATE source_state SET fold = %(fold)s WHERE source = %(source)s AND fold <> %(fold)s",
        {"source": source, "fold": Jsonb(dict(header), dumps=canonical)},
    )


def _remember_pasts(connection: Connection, source: str, pasts: Mapping[str, Sequence[JsonRow]]) -> None:
    """Adds what joined the past of these keys; one that is not known from the store is written anew."""
    anew = [key for key, past in pasts.items() if not isinstance(past, Past)]
    connection.execute("DELETE FROM fold_past WHERE source = %s AND key = ANY(%s)", [source, anew])
    joined = [
        {"key": key, "ends": row["ends"], "row": row}
        for key, past in pasts.items()
        for row in (past.added if isinstance(past, Past) else past)
    ]
    if joined:
        connection.execute(
            """
            INSERT INTO fold_past (source, key, ends, row)
            SELECT %s, key, ends, row FROM json_to_recordset(%s::json) AS given (key text, ends timestamptz, row jsonb)
            ON CONFLICT (source, key, ends) DO NOTHING
            """,
            [source, orjson.dumps(joined, default=plain).decode()],
        )

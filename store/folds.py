"""The fold's memory of each source, kept between looks: opaque here."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import orjson
from psycopg.types.json import Jsonb

from store.connect import Connection
from store.events import plain
from timeline.keys import canonical
from timeline.observations import Held


def load_fold(connection: Connection, source: str) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The header and the state by key of a source: what timeline.fold's State.load takes. Empty: never folded."""
    rows = connection.execute(
        """
        SELECT NULL, fold -> 'header' FROM source_state WHERE source = %(source)s
        UNION ALL SELECT key, state FROM fold_key WHERE source = %(source)s
        """,
        {"source": source},
    )
    header: dict[str, Any] = {}
    keys: dict[str, dict[str, Any]] = {}
    for key, state in rows:
        if key is None:
            header = state or {}
        else:
            keys[key] = state
    return header, keys


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
    fold = {"header": dict(header), "held": [asdict(item) for item in held]}
    connection.execute(
        "UPDATE source_state SET fold = %(fold)s WHERE source = %(source)s AND fold <> %(fold)s",
        {"source": source, "fold": Jsonb(fold, dumps=canonical)},
    )

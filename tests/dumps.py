"""What a database says, without when and how often it was written: two runs of the same story give the same text."""

import json
from typing import Any

from store.connect import Connection

SEQ = ("seq", "first_seq", "last_seq")  # the order of storing: another import order gives other numbers

TABLES = {
    "price": ("id", "recorded_at", "superseded_at", "origin"),
    "notice": ("id", "recorded_at", "superseded_at", "origin"),
    "news": ("id", "recorded_at", "superseded_at", "origin"),
    "funding_round": ("id", "recorded_at", "superseded_at"),
    "funding_report": ("id", "recorded_at", "superseded_at", "news"),
    "funding_deal": ("recorded_at",),
    "event": ("position", "recorded_at", "routed_at", "origin", "withdrawal_routed_at"),
    "capture": ("checks", "origin", "extractor"),
}
STANDING = {"capture": "true", "funding_deal": "true", "event": "withdrawn_at IS NULL"}


def dump(connection: Connection) -> str:
    """Facts still believed, all events that stand, and the captures, one JSON object a line, in a fixed order."""
    lines = []
    for table, left_out in TABLES.items():
        standing = STANDING.get(table, "superseded_at IS NULL")
        query = f"SELECT to_jsonb(t) FROM {table} AS t WHERE {standing}"
        rows: list[dict[str, Any]] = [row for (row,) in connection.execute(query)]
        kept = [{name: _plain(row[name]) for name in row if name not in (*left_out, *SEQ)} for row in rows]
        lines += sorted(json.dumps([table, row], sort_keys=True) for row in kept)
    return "\n".join(lines)


def _plain(value: Any) -> Any:
    return {name: inner for name, inner in value.items() if name != "seq"} if isinstance(value, dict) else value

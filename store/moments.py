"""Moments: what a list is read from, now or as of one moment as known at another. Works for a reader."""

from datetime import datetime
from typing import Any, LiteralString

from store.clock import database_now
from store.connect import Connection


def told_at(
    connection: Connection, view: LiteralString, at: datetime | None, known_at: datetime | None
) -> tuple[LiteralString, dict[str, Any]]:
    """What has the columns of timeline.`view`, as of `at` as known at `known_at` (None: now), with its values."""
    if at is None and known_at is None:
        return f"timeline.{view}", {}
    moment = database_now(connection) if at is None else at
    times: LiteralString = "%(as_of)s::timestamptz, %(known_at)s::timestamptz"
    return f"timeline.{view}_asof({times})", {"as_of": moment, "known_at": known_at or "infinity"}

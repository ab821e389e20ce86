"""The evidence of one event: both captures, where in them, their hashes, and the lines that name the model."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api import answers, events, excerpts, rendering, stories, times
from store import snapshots
from store.connect import Connection
from timeline.dates import day
from timeline.offers import conditions, meter

_ABSENT = {
    "before": "There is no capture before it: the source was not watched yet.",
    "after": "No capture shows it: it follows from the calendar.",
    "bundled": "Bundled history keeps one line for each change, with the page it was taken from.",
}


def evidence(request: Request, event_id: str) -> Response:
    """One event with its proof: both captures, where in them, their hashes, and the lines that name the model."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        tag = answers.etag(connection, request, now)
        same = answers.unchanged(request, tag)
        if same is not None:
            return same
        row = events.one(connection, event_id)
        sides = [_side(connection, row, name) for name in ("before", "after")]
    if all(side["lines"] for side in sides):
        sides[0]["lines"], sides[1]["lines"] = excerpts.compared(sides[0]["lines"], sides[1]["lines"])
    return rendering.page(
        "evidence.html",
        section="",
        now=now,
        tag=tag,
        row=row,
        story=stories.days([row])[0].stories[0],
        sides=sides,
        claims=_claims(row),
        data_url=f"/v1/events/{row['id']}",
    )


def _side(connection: Connection, row: Mapping[str, Any], name: str) -> dict[str, Any]:
    """One of the two captures of an event, with the lines of it that name the model."""
    capture = row[name]
    if capture is None:
        absent = _ABSENT["bundled" if row["origin"] == "bundled" else name]
        return {"name": name.capitalize(), "capture": None, "absent": absent, "lines": []}
    stored = snapshots.get(connection, str(capture["sha256"]))
    names = [row["model"] or "", row["model_id"] or ""]
    return {
        "name": name.capitalize(),
        "capture": capture,
        "captured": times.stamp(datetime.fromisoformat(capture["captured_at"])),
        "stored": stored is not None,
        "size": f"{stored.bytes:,} bytes" if stored else "",
        "lines": excerpts.naming(stored.body, names) if stored else [],
    }


def _claims(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an event says, name by name."""
    claims = [
        ("kind", row["kind"]),
        ("effective", day(row["effective_at"])),
        ("observed", rendering.seen(row)),
        ("recorded", times.stamp(row["recorded_at"])),
        ("source", f"{row['source']} ({row['trust']})"),
        ("place", row["locator"]),
        ("meter", " · ".join(filter(None, (meter(row["meter"]), conditions(row["conditions"]))))),
    ]
    return [(name, text) for name, text in claims if text]

"""The evidence of one event: both captures, where in them, their hashes, and the lines that name the model."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api import answers, events, excerpts, rendering, stories, times
from api.pages.sources import TRUSTS
from api.stories import WHAT
from store import captures, snapshots
from store.connect import Connection
from store.snapshots import Snapshot
from timeline.dates import day, short_day
from timeline.offers import conditions, meter
from timeline.tellers import BUNDLED, teller
from timeline.words import counted, number

CENT = Decimal("0.01")
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
        found = [_capture(connection, row, name) for name in ("before", "after")]
    sides = [_side(row, name, *one) for name, one in zip(("before", "after"), found, strict=True)]
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
        permanent=f"/evidence/{row['id']}",  # what an event says never changes
    )


def _capture(
    connection: Connection, row: Mapping[str, Any], name: str
) -> tuple[Snapshot | None, Mapping[str, Any] | None]:
    """What is kept of one of the two captures of an event: its bytes, and what came of them."""
    if (capture := row[name]) is None:
        return None, None
    return snapshots.get(connection, str(capture["sha256"])), captures.shown(connection, row["source"], capture["seq"])


def _side(row: Mapping[str, Any], name: str, stored: Snapshot | None, kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """One of the two captures of an event, with the lines of it that name the model; these take a while to find."""
    capture = row[name]
    if capture is None:
        absent = _ABSENT["bundled" if row["origin"] == "bundled" else name]
        return {"name": name.capitalize(), "capture": None, "absent": absent, "lines": []}
    names = [row["model"] or "", row["model_id"] or ""]
    return {
        "name": name.capitalize(),
        "capture": capture,
        "captured": times.stamp(datetime.fromisoformat(capture["captured_at"])),
        "stored": stored is not None,
        "size": f"{stored.bytes:,} bytes" if stored else "",
        "content_type": stored.content_type if stored else "",
        "stayed": _stayed(kept) if kept else "",
        "read": _read(kept) if kept else "",
        "headers": sorted(((kept or {}).get("headers") or {}).items()),
        "lines": excerpts.naming(stored.body, names, _values(row["old" if name == "before" else "new"]))
        if stored
        else [],
    }


def _stayed(capture: Mapping[str, Any]) -> str:
    """How long the page stayed as it is in this capture."""
    if capture["last_seen"] <= capture["first_seen"]:
        return "seen once"
    return f"the same until {times.stamp(capture['last_seen'])}, in {counted(capture['checks'], 'check')}"


def _read(capture: Mapping[str, Any]) -> str:
    """What came of reading it."""
    told = {"bad": "not believed", "accepted": "accepted by a person"}.get(capture["verdict"], "")
    facts = counted(capture["facts"], "fact") if capture["facts"] is not None else ""
    return ", ".join(filter(None, (facts, told)))


def _values(side: Mapping[str, Any] | None) -> list[str]:
    """What one side of a change says as a page may print it: an amount, a day."""
    found: list[str] = []
    for name in ("amount", "value", "retires_on", "not_before", "deprecates_on", "status"):
        text = str((side or {}).get(name) or "")
        amount = number(text) if name in ("amount", "value") else None
        if amount is not None:
            plain = f"{amount.normalize():f}"
            found += [f"{amount:.2f}", plain, f"{amount:,.2f}"] if amount == amount.quantize(CENT) else [plain]
        elif name in ("retires_on", "not_before", "deprecates_on") and text:
            found += _spellings(text)
        elif text:
            found.append(text)
    return list(dict.fromkeys(found))


def _spellings(stated: str) -> list[str]:
    """`2026-03-26`, `26 March 2026`, `March 26, 2026` and the like."""
    long, short = day(stated), short_day(stated)
    parts = [(text.split()) for text in (long, short)]
    turned = [f"{month} {number}, {year}" for number, month, year in (one for one in parts if len(one) == 3)]
    return [stated, long, short, *turned]


def _teller(row: Mapping[str, Any]) -> str:
    """`openai-pricing, the provider itself`; `the bundled price history`."""
    trust = "" if row["source"] in BUNDLED else TRUSTS.get(row["trust"], row["trust"])
    return ", ".join(filter(None, (teller(row["source"]), trust)))


def _claims(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What an event says, name by name."""
    claims = [
        ("what", WHAT.get(row["kind"], "")),
        ("effective", day(row["effective_at"])),
        ("observed", rendering.seen(row)),
        ("recorded", times.stamp(row["recorded_at"])),
        ("source", _teller(row)),
        ("where on the page", row["locator"]),
        (
            "price of",
            " · ".join(filter(None, (meter(row["meter"]), conditions(row["conditions"])))) if row["meter"] else "",
        ),
    ]
    return [(name, text) for name, text in claims if text]

"""The sources: their health, the last good check, what is held back and why, what was not understood."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api import answers, receivers, rendering
from api import sources as source_rows
from timeline.words import counted

MOST_DETAILS = 6  # lines under a source


def sources(request: Request) -> Response:
    """Every source: its health, the last good check, what is held back and why, what was not understood."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        rows = source_rows.read(connection)
        told = receivers.read(connection)
    watched = [row for row in rows if row["enabled"]]
    trouble = [row for row in watched if row["health"] in ("failing", "broken", "stale")]
    waiting = [row for row in watched if row["health"] == "new"]
    well = [row for row in watched if row["health"] == "ok"]
    former = [row for row in rows if not row["enabled"]]
    groups = [
        {"name": name, "count": counted(len(members), "source"), "sources": [_source(row) for row in members]}
        for name, members in (
            ("In trouble", trouble), ("Well", well), ("Not visited yet", waiting), ("No longer watched", former),
        )
        if members
    ]  # fmt: skip
    return rendering.page(
        "sources.html",
        section="/sources",
        now=now,
        groups=groups,
        receivers=told,
        receivers_heading=receivers.heading(told),
        heading=_heading(len(well), len(trouble), len(watched)),
        data_url="/v1/sources",
    )


def _heading(well: int, trouble: int, watched: int) -> str:
    if not watched:
        return "Nothing is watched yet"
    if trouble:
        return f"{counted(trouble, 'source')} of {watched} in trouble"
    return f"All {watched} sources are well" if well == watched else f"{well} of {watched} sources are well so far"


def _source(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the sources page."""
    details = [
        f"{issue['message']}{' (' + issue['locator'] + ')' if issue['locator'] else ''}" for issue in row["issues"]
    ]
    details += [f"held: {held['model'] or held['key']}: {held['detail'] or held['reason']}" for held in row["held"]]
    if len(details) > MOST_DETAILS:
        details = [*details[:MOST_DETAILS], f"and {len(details) - MOST_DETAILS} more: see the JSON"]
    good = row["last_good"]
    return {**row, "details": details, "snapshot": good["sha256"] if good else ""}

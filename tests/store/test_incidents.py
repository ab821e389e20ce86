"""Incidents through fold and store: opened once, resolved once, and how long each provider was down."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store import snapshots, sources, timelines
from store.connect import Connection
from timeline.events import CaptureRef, Event
from timeline.fold import advance
from timeline.incidents import Incident
from timeline.observations import Observation, SourceInfo

pytestmark = pytest.mark.postgres
STATUS = SourceInfo(id="acme-status", provider="acme", kind="status")
T0 = datetime(2026, 8, 1, tzinfo=UTC)


def incident(guid: str, started: datetime | None, ended: datetime | None = None, **more: Any) -> Incident:
    status = "resolved" if ended else "investigating"
    told = {"title": f"Trouble {guid}", "status": status, "impact": "major", "components": ("API",)} | more
    return Incident(provider="acme", guid=guid, started_at=started, resolved_at=ended, **told)


@pytest.fixture
def watched(connection: Connection) -> Iterator[Connection]:
    row = sources.SourceRow(
        id=STATUS.id, provider="acme", kind="status", url="https://status.acme.example/", trust="official",
        every=timedelta(minutes=5), verified=True,
    )  # fmt: skip
    sources.register(connection, [row], T0)
    yield connection


def look(connection: Connection, at: datetime, *facts: Incident) -> list[Event]:
    sha256 = snapshots.put(connection, at.isoformat().encode(), "application/json")
    ref = CaptureRef(seq=1, url="https://status.acme.example/", captured_at=at, sha256=sha256)
    state = timelines.load_fold(connection, STATUS.id)
    _, step = advance(STATUS, state, Observation(at=at, capture=ref, facts=facts))
    timelines.append(connection, STATUS, step, origin="live")
    return [*step.events]


def at(day: float) -> datetime:
    return T0 + timedelta(days=day)


def test_an_incident_opens_once_and_ends_once(watched: Connection) -> None:
    began, ended = at(1.1), at(1.15)
    steps = [
        look(watched, at(1), incident("old", at(0), at(0.1))),
        look(watched, at(1.12), incident("a", began)),
        look(watched, at(1.13), incident("a", began, status="monitoring")),
        look(watched, at(1.16), incident("a", began, ended)),
        look(watched, at(1.17), incident("a", began, status="investigating")),
        look(watched, at(1.2), incident("a", began, at(1.19), title="Trouble, in other words")),
        look(watched, at(2)),
        look(watched, at(3), incident("a", began, at(1.19))),
        look(watched, at(4), incident("b", at(3.5), at(3.6), impact="minor")),
    ]
    told = [[(event.kind, event.baseline) for event in events] for events in steps]
    assert told == [
        [("incident.opened", True), ("incident.resolved", True)],
        [("incident.opened", False)],
        [],
        [("incident.resolved", False)],
        [],
        [],
        [],
        [],
        [("incident.opened", False), ("incident.resolved", False)],
    ]
    (ending,) = steps[3]
    assert ending.headline == "acme resolved after 1 hour 12 minutes: Trouble a [API]"
    assert ending.new == {
        "guid": "a", "title": "Trouble a", "url": "", "impact": "major", "components": ["API"],
        "started_at": began.isoformat(), "resolved_at": ended.isoformat(), "minutes": 72,
    }  # fmt: skip
    assert steps[1][0].headline == "acme incident (major): Trouble a [API]"


def test_what_a_page_no_longer_says_of_an_incident_is_kept(watched: Connection) -> None:
    look(watched, at(1), incident("a", at(0.9)))
    (event,) = look(watched, at(2), incident("a", None, at(1.5), impact=None, components=()))
    assert (event.new or {})["minutes"] == round(0.6 * 24 * 60)
    row = watched.execute("SELECT impact, components, minutes FROM timeline.incidents").fetchone()
    assert row == ("major", ["API"], 864)


def test_incidents_as_they_are_told_now(watched: Connection) -> None:
    look(watched, at(1), incident("a", at(0.5)), incident("b", at(0.25), at(0.5)))
    look(watched, at(2), incident("a", at(0.5), status="monitoring"))
    watched.execute("INSERT INTO rehearsal (now) VALUES (%s)", [at(2.5)])
    found = watched.execute(
        "SELECT guid, status, is_open, minutes, first_seen FROM timeline.incidents ORDER BY started_at DESC"
    ).fetchall()
    assert found == [("a", "monitoring", True, 2880, at(1)), ("b", "resolved", False, 360, at(1))]


def test_downtime_by_month_counts_what_overlaps_once(watched: Connection) -> None:
    """Two overlap, one reaches over the end of the month, one goes on, one is planned."""
    hour = timedelta(hours=1)
    look(
        watched,
        at(40),
        incident("a", at(1), at(1) + 2 * hour),
        incident("b", at(1) + hour, at(1) + 3 * hour, impact="minor"),
        incident("c", at(31) - hour, at(31) + hour, impact=None),
        incident("d", at(40) - hour, impact="critical"),
        incident("e", at(5), at(6), impact="maintenance"),
        incident("f", at(7), at(8), impact="none"),
        incident("g", None, at(9)),
    )
    watched.execute("INSERT INTO rehearsal (now) VALUES (%s)", [at(40)])
    rows = watched.execute(
        "SELECT month::text, incidents, serious, still_open, minutes, serious_minutes "
        "FROM timeline.downtime ORDER BY month"
    ).fetchall()
    assert rows == [("2026-08-01", 3, 1, 0, 4 * 60, 2 * 60), ("2026-09-01", 2, 1, 1, 2 * 60, 60)]

"""Incidents in messages: one by its headline, several under one, none told twice."""

from datetime import UTC, datetime

from alerts.messages import compose, text
from timeline.events import CaptureRef, Event

AT = datetime(2026, 8, 12, 9, tzinfo=UTC)
REF = CaptureRef(seq=2, url="https://status.openai.com/feed.atom", captured_at=AT, sha256="0" * 64)


def event(kind: str, key: str) -> Event:
    return Event(
        kind=kind, source="openai-status", provider="openai", key=key, observed_at=AT, after=REF,
        headline=f"OpenAI {kind.partition('.')[2]} {key}",
        new={"guid": key, "url": f"https://status.openai.com/incidents/{key}", "title": key},
    )  # fmt: skip


def test_one_incident_is_its_headline_and_leads_to_it() -> None:
    (message,) = compose([event("incident.opened", "a")], (), "https://wire.example")
    assert message.title == "OpenAI opened a"
    assert "Incident: https://status.openai.com/incidents/a" in text(message)


def test_what_began_and_ended_between_two_looks_is_over() -> None:
    (message,) = compose([event("incident.opened", "a"), event("incident.resolved", "a")])
    assert (message.title, message.lines) == ("OpenAI resolved a", ())


def test_several_incidents_of_one_look_are_one_message() -> None:
    events = [event("incident.opened", key) for key in "abcde"] + [event("incident.resolved", key) for key in "ab"]
    (message,) = compose(events)
    assert message.title == "OpenAI: 5 incidents, 2 of them resolved"
    assert message.lines == (
        "OpenAI resolved a", "OpenAI resolved b", "OpenAI opened c", "OpenAI opened d", "OpenAI opened e",
    )  # fmt: skip

"""`aiwire deadlines`: what ends, of which kind, with what instead; and the same as a calendar."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from store import bundled
from store.clock import set_rehearsal
from store.connect import connect
from tests.test_cli import aiwire

pytestmark = pytest.mark.postgres


@pytest.fixture
def in_may(database_url: str) -> str:
    """The bundled history, on 1 May 2026."""
    with connect(database_url, autocommit=True) as connection:
        set_rehearsal(connection, datetime(2026, 5, 1, 12, tzinfo=UTC))
        bundled.load(connection, now=datetime(2026, 5, 1, tzinfo=UTC))
    return database_url


def test_models_endpoints_and_fine_tuning_have_deadlines(tmp_path: Path, in_may: str) -> None:
    done = aiwire("deadlines", "--json", home=tmp_path, url=in_may)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    assert all(row["days_left"] == (date.fromisoformat(row["date"]) - date(2026, 5, 1)).days >= 0 for row in rows)
    assert {row["subject_kind"] for row in rows} >= {"model", "endpoint", "fine_tuning"}
    gpt4 = next(row for row in rows if row["model"] == "gpt-4")
    assert (gpt4["stated"], gpt4["kind"], gpt4["firm"], gpt4["days_left"]) == ("2026-10-23", "retirement", True, 175)
    assert (gpt4["replacements"], gpt4["scope"], gpt4["trust"]) == (["gpt-5.5"], {}, "official")


def test_filters(tmp_path: Path, in_may: str) -> None:
    def models(*words: str) -> list[str]:
        done = aiwire("deadlines", "--json", *words, home=tmp_path, url=in_may)
        return [json.loads(line)["model"] for line in done.stdout.splitlines()]

    assert "Assistants API" in models("--subject-kind", "endpoint", "--provider", "openai")
    assert models("--model", "gpt-4") == ["gpt-4"]
    assert "gpt-4" not in models("--kind", "price", "--limit", "5")


def test_the_calendar_is_the_same_deadlines(tmp_path: Path, in_may: str) -> None:
    done = aiwire("deadlines", "--ics", "--provider", "openai", home=tmp_path, url=in_may)
    events = Calendar.from_ical(done.stdout.encode()).walk("VEVENT")
    rows = aiwire("deadlines", "--json", "--provider", "openai", home=tmp_path, url=in_may).stdout.splitlines()
    assert len(events) == len(rows) > 50
    assert len({event["UID"] for event in events}) == len(events)
    (one,) = (event for event in events if event["SUMMARY"] == "OpenAI retires gpt-4")
    assert one.decoded("DTSTART") == date(2026, 10, 23)
    assert "Instead: gpt-5.5." in str(one["DESCRIPTION"])

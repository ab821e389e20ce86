"""Deadlines as a calendar: read back by a parser that is not ours."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from icalendar import Calendar

from timeline.calendars import calendar, summary, uid

ROW: Mapping[str, Any] = {
    "date": date(2026, 3, 26), "stated": "2026-03-26", "kind": "retirement", "firm": True, "provider": "openai",
    "subject_kind": "model", "model": "gpt-4-0314", "model_id": "gpt-4-0314", "status": "deprecated",
    "replacements": ["gpt-5", "gpt-4.1"], "scope": {}, "meter": None, "conditions": None, "amount": None,
    "currency": None, "per": None, "unit": None, "source": "openai-lifecycle", "trust": "official",
    "key": '["model","gpt-4-0314",{}]', "known_from": datetime(2025, 9, 26, 12, 30, tzinfo=UTC),
}  # fmt: skip


def made(*rows: Mapping[str, Any], revisions: Mapping[tuple[str, str], int] | None = None) -> list[Any]:
    """The events of the rows, parsed."""
    body = calendar(rows, revisions=revisions or {}, base_url="https://wire.example/")
    parsed = Calendar.from_ical(body)
    assert parsed["VERSION"] == "2.0"
    assert parsed["METHOD"] == "PUBLISH"
    assert not parsed.errors
    return list(parsed.walk("VEVENT"))


def test_a_day_is_an_event_of_that_day() -> None:
    (event,) = made(ROW)
    assert event["SUMMARY"] == "OpenAI retires gpt-4-0314"
    assert event.decoded("DTSTART") == date(2026, 3, 26)
    assert event.decoded("DTEND") == date(2026, 3, 27)
    assert event.decoded("DTSTAMP") == datetime(2025, 9, 26, 12, 30, tzinfo=UTC)
    assert (event["STATUS"], event["TRANSP"], int(event["SEQUENCE"])) == ("CONFIRMED", "TRANSPARENT", 0)
    assert event["URL"] == "https://wire.example/models/openai/gpt-4-0314"
    assert event["DESCRIPTION"] == (
        "It is deprecated now.\nInstead: gpt-5 and gpt-4.1.\nAccording to openai-lifecycle (official)."
    )


def test_alarms_ring_in_the_morning_some_days_before() -> None:
    (event,) = made(ROW)
    triggers = [alarm.decoded("TRIGGER") for alarm in event.walk("VALARM")]
    start = datetime(2026, 3, 26)  # noqa: DTZ001 -- an all-day event begins at the reader's own midnight
    assert [start + trigger for trigger in triggers] == [
        datetime(2026, 2, 24, 9),  # noqa: DTZ001
        datetime(2026, 3, 19, 9),  # noqa: DTZ001
        datetime(2026, 3, 25, 9),  # noqa: DTZ001
    ]
    assert {alarm["DESCRIPTION"] for alarm in event.walk("VALARM")} == {"OpenAI retires gpt-4-0314, on 26 March 2026"}


def test_a_month_is_the_month_and_no_day_of_it() -> None:
    (event,) = made({**ROW, "stated": "2026-12", "date": date(2026, 12, 1)})
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 12, 1), date(2027, 1, 1))
    assert event["SUMMARY"] == "OpenAI retires gpt-4-0314 some time in December 2026"


def test_a_floor_is_no_retirement_and_reminds_of_nothing() -> None:
    (event,) = made({**ROW, "firm": False, "status": "active"})
    assert event["SUMMARY"] == "OpenAI keeps gpt-4-0314 until at least 26 March 2026"
    assert event["STATUS"] == "TENTATIVE"
    assert event["DESCRIPTION"].startswith("Not a date on which it ends")
    assert not list(event.walk("VALARM"))


def test_what_a_catalogue_copied_says_so_and_reminds_of_nothing() -> None:
    (event,) = made({**ROW, "trust": "catalogue", "source": "deprecations-info"})
    assert event["SUMMARY"] == "OpenAI retires gpt-4-0314 (according to deprecations-info)"
    assert event["STATUS"] == "TENTATIVE"
    assert not list(event.walk("VALARM"))


def test_the_same_deadline_keeps_its_uid_when_it_moves_and_is_revised() -> None:
    moved = {**ROW, "stated": "2026-06", "date": date(2026, 6, 1), "known_from": ROW["known_from"] + timedelta(days=9)}
    (before,) = made(ROW)
    (after,) = made(moved, revisions={("openai", ROW["key"]): 2})
    assert before["UID"] == after["UID"] == uid(ROW)
    assert int(after["SEQUENCE"]) == 2
    assert after.decoded("DTSTAMP") > before.decoded("DTSTAMP")
    floor = {**ROW, "firm": False}
    others = [{**ROW, "kind": "deprecation"}, {**ROW, "provider": "azure"}, {**ROW, "key": "other"}]
    assert uid(floor) == uid(ROW)
    assert len({uid(ROW), *map(uid, others)}) == 4


def test_what_is_not_a_model_and_where_it_holds_is_said() -> None:
    scope = {"platform": "vertex", "region": "us-east-1; or, elsewhere"}
    (event,) = made({**ROW, "subject_kind": "fine_tuning", "scope": scope, "replacements": []})
    assert "(vertex, us-east-1; or, elsewhere)" in event["SUMMARY"]
    assert "This is about a fine-tuning." in event["DESCRIPTION"]
    assert "platform: vertex, region: us-east-1; or, elsewhere" in event["DESCRIPTION"]


def test_prices_to_come_are_events_too() -> None:
    price = {
        **ROW, "kind": "price", "status": None, "replacements": None, "scope": None, "meter": "cache_read",
        "conditions": {"service_tier": "batch"}, "amount": Decimal("0.50"), "currency": "USD",
        "per": Decimal(1_000_000), "unit": "token",
    }  # fmt: skip
    (event,) = made(price)
    assert event["SUMMARY"] == "OpenAI changes the price of gpt-4-0314: cached input"
    assert "cached input: $0.50 per 1M tokens\nbatch" in event["DESCRIPTION"]
    assert uid(price) != uid({**price, "stated": "2026-04-01"}), "each step of a price is an event of its own"


@pytest.mark.parametrize(
    "name",
    [
        "a,b;c\\d\"e:f", "BEGIN:VEVENT\r\nUID:x", "\x00\x1b[31m\u202egnp", "\u6a21\u578b" * 60, "\U0001f600" * 40,
        "n" * 500, "END:VCALENDAR", "a\\nb", "",
    ],
)  # fmt: skip
def test_any_name_is_text_in_lines_of_75_bytes(name: str) -> None:
    row = {**ROW, "model": name, "model_id": None, "replacements": [name], "scope": {name: name}, "key": "k"}
    body = calendar([row, ROW], revisions={}, base_url="https://wire.example")
    assert body.endswith(b"END:VCALENDAR\r\n")
    for line in body.split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
        assert not any(byte < 32 for byte in line)
    first, second = made(row, ROW)
    assert first["SUMMARY"] == summary(row).strip()
    assert second["SUMMARY"] == summary(ROW)
    assert first["UID"] != second["UID"]


def test_the_last_day_there_is_does_not_break_it() -> None:
    (event,) = made({**ROW, "date": date.max, "stated": "9999-12-31"})
    assert event.decoded("DTSTART") == date.max

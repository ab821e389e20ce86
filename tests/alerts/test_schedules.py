"""Digests: when they go out, by the wall clock of a place, also on the days when the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.schedules import ScheduleError, next_after, parse_schedule


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def times(text: str, start: str, count: int) -> list[str]:
    at, found = utc(start), []
    for _ in range(count):
        at = next_after(parse_schedule(text), at)
        found.append(f"{at:%m-%d %H:%M}")
    return found


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        ("daily 09:00", "2026-08-12T08:59", ["08-12 09:00", "08-13 09:00"]),
        ("daily 09:00", "2026-08-12T09:00", ["08-13 09:00"]),  # strictly later
        ("daily 9:30 Asia/Kolkata", "2026-08-12T00:00", ["08-12 04:00"]),
        ("daily 09:00 Europe/Berlin", "2026-03-28T07:00", ["03-28 08:00", "03-29 07:00", "03-30 07:00"]),
        ("daily 09:00 Europe/Berlin", "2026-10-24T00:00", ["10-24 07:00", "10-25 08:00"]),
        ("daily 02:30 Europe/Berlin", "2026-03-28T12:00", ["03-29 01:30", "03-30 00:30"]),  # 02:30 is skipped: 03:30
        ("daily 02:30 Europe/Berlin", "2026-10-24T12:00", ["10-25 00:30", "10-26 01:30"]),  # 02:30 comes twice: once
        ("daily 00:30 Pacific/Apia", "2011-12-29T00:00", ["12-29 10:30", "12-30 10:30"]),  # a day that never was
        ("weekly mon 09:00", "2026-08-12T00:00", ["08-17 09:00", "08-24 09:00"]),
        ("weekly Monday 09:00 UTC", "2026-08-12T00:00", ["08-17 09:00"]),
        ("0 9 * * 1-5 UTC", "2026-08-14T10:00", ["08-17 09:00", "08-18 09:00"]),
        ("0 9 * * mon,thu", "2026-08-14T10:00", ["08-17 09:00", "08-20 09:00"]),
        ("*/20 8-9 * * *", "2026-08-14T08:30", ["08-14 08:40", "08-14 09:00", "08-14 09:20"]),
        ("0 9 1 * 7", "2026-08-27T00:00", ["08-30 09:00", "09-01 09:00", "09-06 09:00"]),  # either day, as in cron
        ("0 9 29 feb *", "2026-01-01T00:00", ["02-29 09:00"]),
    ],
)  # fmt: skip
def test_the_next_time(text: str, start: str, expected: list[str]) -> None:
    assert times(text, start, len(expected)) == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("hourly", 'expected "instant", "daily 09:00'),
        ("daily", 'expected "instant", "daily 09:00'),
        ("daily 9", "expected a time of day like 09:00; found '9'"),
        ("daily 24:00", "expected a time of day"),
        ("daily 09:00 Europe/Berln", 'did you mean "Europe/Berlin"?'),
        ("daily 09:00 ../../etc/passwd", "no time zone is called"),
        ("weekly someday 09:00", "the day of the week is a number from 0 to 7, or sun to sat; found 'som'"),
        ("60 9 * * *", "the minute is a number from 0 to 59; found '60'"),
        ("0 9-8 * * *", "the hour is a number from 0 to 23; found '9-8'"),
        ("0 9 * * */0", "the day of the week"),
        ("0 9 30 2 *", "never comes"),
        ("", "expected"),
    ],
)
def test_a_mistake_says_what_is_allowed(text: str, problem: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_schedule(text)
    assert problem in str(caught.value)


@given(
    at=st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2037, 1, 1)),  # noqa: DTZ001
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"]),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
)
def test_a_daily_digest_comes_once_on_every_day(at: datetime, zone: str, hour: int, minute: int) -> None:
    """Properties: always later, one local day apart, and at the stated time unless the clocks skip it."""
    schedule = parse_schedule(f"daily {hour}:{minute:02} {zone}")
    first = next_after(schedule, at.replace(tzinfo=UTC))
    second = next_after(schedule, first)
    assert at.replace(tzinfo=UTC) < first < second
    assert timedelta(hours=22) < second - first < timedelta(hours=26)
    here = first.astimezone(ZoneInfo(zone))
    wall = datetime(here.year, here.month, here.day, hour, minute)  # noqa: DTZ001
    assert abs(here.replace(tzinfo=None) - wall) in (timedelta(0), timedelta(minutes=30), timedelta(hours=1))

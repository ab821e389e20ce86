"""When a digest goes out: `daily 09:00 Europe/Berlin`, `weekly mon 09:00`, or the five fields of cron with a zone."""

import difflib
import re
import zoneinfo
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from timeline.issues import MistakeError

SHAPES: Final = (
    '"instant", "daily 09:00 Europe/Berlin", "weekly mon 09:00" or five fields of cron like "0 9 * * 1-5 UTC"'
)
DAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
HORIZON: Final = 3000
"""Days looked ahead: 29 February, the rarest day, comes back within eight years."""


class ScheduleError(MistakeError):
    """A schedule that cannot be read: says what is allowed."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Schedule:
    """The minutes at which a digest goes out, by the wall clock of a zone. `text` is as it was written."""

    text: str
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]  # of the month
    months: frozenset[int]
    weekdays: frozenset[int]  # 0 is Sunday
    either: bool  # both days are restricted: as in cron, either will do
    zone: str


def parse_schedule(text: str) -> Schedule:
    """Read a schedule; without a zone it is UTC. Raises ScheduleError."""
    words = text.split()
    if words[:1] == ["daily"] and len(words) in (2, 3):
        hour, minute = _time(words[1])
        fields, rest = (str(minute), str(hour), "*", "*", "*"), words[2:]
    elif words[:1] == ["weekly"] and len(words) in (3, 4):
        hour, minute = _time(words[2])
        fields, rest = (str(minute), str(hour), "*", "*", words[1].lower()[:3]), words[3:]
    elif len(words) in (5, 6) and re.fullmatch(r"[\d*/,-]+", words[0]):
        fields, rest = (words[0], words[1], words[2], words[3], words[4]), words[5:]
    else:
        raise ScheduleError(f"expected {SHAPES}")
    schedule = _schedule(text, fields, _zone(rest[0] if rest else "UTC"))
    if next(_days(schedule, date(2000, 1, 1)), None) is None:
        raise ScheduleError(f"{text!r} never comes: there is no such day")
    return schedule


def next_after(schedule: Schedule, at: datetime) -> datetime:
    """The first time of the schedule later than `at`, in UTC.

    A time that the clocks skip comes when they have skipped it; one that they show twice comes the first time only.
    """
    zone = ZoneInfo(schedule.zone)
    first = at.astimezone(zone).date() - timedelta(days=1)
    for day in _days(schedule, first):
        times = {
            datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone).astimezone(UTC)
            for hour in schedule.hours
            for minute in schedule.minutes
        }
        later = [time for time in times if time > at]
        if later:
            return min(later)
    raise ScheduleError(f"{schedule.text!r} does not come again")


def _days(schedule: Schedule, first: date) -> Iterator[date]:
    for number in range(HORIZON):
        day = first + timedelta(days=number)
        in_month, in_week = day.day in schedule.days, day.isoweekday() % 7 in schedule.weekdays
        fits = (in_month or in_week) if schedule.either else (in_month and in_week)
        if fits and day.month in schedule.months:
            yield day


def _schedule(text: str, fields: tuple[str, str, str, str, str], zone: str) -> Schedule:
    minute, hour, day, month, weekday = fields
    return Schedule(
        text=text,
        minutes=tuple(sorted(_field("minute", minute, 0, 59))),
        hours=tuple(sorted(_field("hour", hour, 0, 23))),
        days=_field("day of the month", day, 1, 31),
        months=_field("month", month, 1, 12, names=MONTHS, base=1),
        weekdays=frozenset(number % 7 for number in _field("day of the week", weekday, 0, 7, names=DAYS)),
        either=not day.startswith("*") and not weekday.startswith("*"),
        zone=zone,
    )


def _field(what: str, text: str, low: int, high: int, *, names: Sequence[str] = (), base: int = 0) -> frozenset[int]:
    """The numbers of one field: `*`, `5`, `1-5`, `*/15`, `mon,thu`."""
    found: set[int] = set()
    for part in text.lower().split(","):
        span, _, step = part.partition("/")
        start, dash, end = ("0", "-", "0") if span == "*" else span.partition("-")
        first, last = (low, high) if span == "*" else (_number(start, names, base), _number(end or start, names, base))
        every = int(step) if re.fullmatch(r"[1-9]\d?", step) else None if "/" in part else 1
        if "/" in part and span != "*" and not dash:
            last = high  # `10/15`: from there on
        if first is None or last is None or every is None or not low <= first <= last <= high:
            known = f", or {names[0]} to {names[-1]}" if names else ""
            raise ScheduleError(f"the {what} is a number from {low} to {high}{known}; found {part!r}")
        found.update(range(first, last + 1, every))
    return frozenset(found)


def _number(text: str, names: Sequence[str], base: int) -> int | None:
    if text in names:
        return names.index(text) + base
    return int(text) if re.fullmatch(r"\d{1,2}", text) else None


def _time(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not found:
        raise ScheduleError(f"expected a time of day like 09:00; found {text!r}")
    return int(found[1]), int(found[2])


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        near = difflib.get_close_matches(name, zoneinfo.available_timezones(), n=1)
        hint = f' (did you mean "{near[0]}"?)' if near else ""
        raise ScheduleError(f"no time zone is called {name!r}{hint}: they are called like Europe/Berlin") from None
    return name

"""How the pages print times: when something was seen, how long ago. Pure; everything returned is plain text."""

from datetime import UTC, datetime, timedelta

from timeline.dates import is_dateless, short_day
from timeline.words import counted

DASH = "\N{EN DASH}"


def weekday(value: datetime) -> str:
    """`Thursday 26 February 2026`, UTC."""
    at = value.astimezone(UTC)
    return f"{at:%A} {at.day} {at:%B} {at.year}"


def clock_time(value: datetime) -> str:
    """`10:10`, UTC."""
    return f"{value.astimezone(UTC):%H:%M}"


def stamp(value: datetime | None) -> str:
    """`26 Feb 2026, 10:10 UTC`; without the time where it is midnight sharp, as of captures that only have a date."""
    if value is None:
        return DASH
    return short_day(value) if is_dateless(value) else f"{short_day(value)}, {clock_time(value)} UTC"


def seen(after: datetime | None, at: datetime) -> str:
    """Between which two looks at the page the change happened: `seen between 10:00 and 10:10 UTC`."""
    end = at.astimezone(UTC)
    if after is None:
        return f"first seen {stamp(end)}"
    start = after.astimezone(UTC)
    if is_dateless(start) and is_dateless(end):
        return f"seen between {short_day(start)} and {short_day(end)}"
    if start.date() == end.date():
        return f"seen between {start:%H:%M} and {end:%H:%M} UTC"
    return f"seen between {_short_stamp(start, end)} and {_short_stamp(end, end)} UTC"


def ago(value: datetime | None, now: datetime) -> str:
    """`4 minutes ago`, `in 2 hours`, `just now`, `never`."""
    if value is None:
        return "never"
    span = now - value
    text = duration(abs(span))
    if text == "0 seconds":
        return "just now"
    return f"{text} ago" if span > timedelta(0) else f"in {text}"


def duration(span: timedelta) -> str:
    """`4 minutes`: in the largest unit that gives at least two, days at most."""
    seconds = int(span.total_seconds())
    for name, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * size or (name == "day" and seconds >= size and seconds % size == 0):
            return counted(seconds // size, name)
    return "1 minute" if seconds == 60 else counted(seconds, "second")


def _short_stamp(at: datetime, other: datetime) -> str:
    return f"{at.day} {at:%b}{'' if at.year == other.year else f' {at.year}'}, {at:%H:%M}"

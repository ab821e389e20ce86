"""How days and times are said: `26 March 2026`, as precise as what is known and never more. UTC."""

import re
from datetime import UTC, date, datetime

from timeline.words import clean


def day(value: object) -> str:
    """`26 March 2026`, `March 2026`: of a date, a time, or their text as far as it goes; other text as it is."""
    return _day(value, "%B")


def short_day(value: object) -> str:
    """`26 Mar 2026`."""
    return _day(value, "%b")


def on(value: object) -> str:
    """`on 26 March 2026`, `in March 2026`."""
    text = day(value)
    return f"{'on' if text[:1].isdigit() and ' ' in text else 'in'} {text}"


def is_past(stated: str, at: datetime) -> bool:
    """Whether a stated day, or all of a stated month, lies before the day of `at`."""
    return stated < at.astimezone(UTC).date().isoformat()[: len(stated)]


def days_between(earlier: datetime, later: object) -> int | None:
    """Days from the day of `earlier` to a stated full date; None where the date is not that precise."""
    found = re.match(r"\d{4}-\d\d-\d\d", later) if isinstance(later, str) else None
    try:
        return (date.fromisoformat(found.group()) - earlier.astimezone(UTC).date()).days if found else None
    except ValueError:
        return None


def in_days(days: int) -> str:
    """`today`, `tomorrow`, `in 12 days`, `1 day ago`."""
    if days in (0, 1):
        return ("today", "tomorrow")[days]
    return f"in {days:,} days" if days > 0 else f"{-days:,} day{'' if days == -1 else 's'} ago"


def is_dateless(at: datetime) -> bool:
    """Midnight sharp: a capture of which only the day is known (several of a day are microseconds apart)."""
    at = at.astimezone(UTC)
    return (at.hour, at.minute, at.second) == (0, 0, 0)


def _day(value: object, month: str) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    if isinstance(value, date):
        return f"{value.day} {value:{month}} {value.year:04d}"
    text = clean(str("" if value is None else value), 40)
    found = re.fullmatch(r"(\d{4}-\d\d)(-\d\d(?!\d).*)?", text)
    if not found:
        return text
    try:
        when = date.fromisoformat(f"{found[1]}{(found[2] or '-01')[:3]}")
    except ValueError:
        return text
    return f"{when.day} {when:{month}} {when.year:04d}" if found[2] else f"{when:{month}} {when.year:04d}"


def moment(text: str) -> datetime:
    """A date (`2026-08-12`, the start of that UTC day) or a time with its zone, as written. Raises ValueError."""
    if len(text) == len("2026-08-12"):
        return datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return at.astimezone(UTC)

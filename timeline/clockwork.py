"""What the calendar alone brings: retirements that come near, planned prices that take effect, statuses that turn."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from timeline.facts import Fact
from timeline.notices import Notice, status_on
from timeline.observations import Row
from timeline.spans import midnight

MILESTONES = (90, 60, 30, 14, 7, 1, 0)  # days before a retirement on which it is told
_LAST = date(9999, 1, 1)  # nothing is counted towards a day beyond this


def next_due(rows: Sequence[Row], after: datetime) -> date | None:
    """The first day that begins after an instant and brings an event."""
    starts = [row.starts for row in rows if row.starts > after]
    if starts:
        return min(starts).date()
    retires = _retirement(rows)
    days = [retires - timedelta(days=left) for left in MILESTONES] if retires else []
    return min((day for day in days if midnight(day) > after), default=None)


def milestone_on(rows: Sequence[Row], day: date) -> int | None:
    """The milestone that falls on a day."""
    retires = _retirement(rows)
    left = (retires - day).days if retires else None
    return left if left in MILESTONES else None


def milestone_passed(rows: Sequence[Row], day: date) -> int | None:
    """The milestone a model is in on a day: 60 when 45 days are left, 0 on the last day, None before and after."""
    retires = _retirement(rows)
    left = (retires - day).days if retires else -1
    return min((milestone for milestone in MILESTONES if milestone >= left), default=None) if left >= 0 else None


def next_turn(notice: Fact, after: date) -> date | None:
    """The first day after a day on which a check would find another status, by the dates that are stated."""
    if not isinstance(notice, Notice) or notice.labelled:
        return None
    stated = ((notice.deprecates_on, False), (notice.retires_on, True))
    days = [day for text, over in stated if text and (day := _turn(text, over=over))]
    return min((day for day in days if day > after and status_on(notice, day) != notice.status), default=None)


def _retirement(rows: Sequence[Row]) -> date | None:
    """The firm date on which the model of the newest row stops; of a month its first day."""
    notice = rows[-1].fact if rows and rows[-1].ends is None else None
    if not isinstance(notice, Notice) or notice.status == "retired" or not notice.retires_on:
        return None
    return _first_day(notice.retires_on)


def _turn(stated: str, *, over: bool) -> date | None:
    """The day on which the status turns: after a month, after a last day, or on a first day."""
    first = _first_day(stated)
    if first and len(stated) == len("2026-01"):
        return (first + timedelta(days=31)).replace(day=1)
    return first + timedelta(days=1) if first and over else first


def _first_day(stated: str) -> date | None:
    """The day, or the first day of the month; None for what is no date of this era (readers refuse such dates)."""
    try:
        day = date.fromisoformat(stated if len(stated) > len("2026-01") else f"{stated}-01")
    except ValueError:
        return None
    return day if day < _LAST else None

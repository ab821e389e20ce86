"""How the pages print numbers, dates and times: like a newspaper. Pure; everything returned is plain text."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

MINUS, DASH, ARROW = "\N{MINUS SIGN}", "\N{EN DASH}", "\N{RIGHTWARDS ARROW}"
PER_CENT = "\N{NARROW NO-BREAK SPACE}%"
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥"}
SPELLED = {1_000_000: "1M", 1_000: "1,000", 1_000_000_000: "1bn"}
STATES = {
    "free": "free",
    "included": "included",
    "not_offered": "not offered",
    "varies": "varies",
    "unknown": "not stated",
}


def money(amount: object, currency: str | None, state: str = "priced") -> str:
    """`$2.50`, `€0.00125`, `CHF 3.00`: every digit there is and never fewer than two decimals; a word for no amount."""
    if state != "priced":
        return STATES.get(state, state)
    number = _decimal(amount)
    if number is None:
        return DASH
    sign = MINUS if number < 0 else ""
    places = max(2, len(f"{abs(number).normalize():f}".partition(".")[2]))
    text = f"{abs(number):,.{places}f}"
    return sign + (SYMBOLS[currency] + text if currency in SYMBOLS else f"{currency or ''} {text}".strip())


def tick(amount: Decimal, currency: str | None) -> str:
    """`$5`, `$0.5`: an amount on an axis, without more digits than it needs."""
    text = f"{amount:,f}"
    return SYMBOLS[currency] + text if currency in SYMBOLS else f"{currency or ''} {text}".strip()


def price(value: Mapping[str, Any] | None) -> str:
    """The amount of an event's `old` or `new` side; a dash where there is none."""
    if not value or "state" not in value:
        return DASH
    return money(value.get("amount"), value.get("currency"), value["state"])


def per(number: object, unit: str | None) -> str:
    """`per 1M tokens`, `per image`, `per 1,000 requests`."""
    count = _decimal(number)
    if count is None or not unit:
        return ""
    noun = unit.replace("_", " ")
    if count == 1:
        return f"per {noun}"
    spelled = SPELLED.get(int(count)) if count == count.to_integral_value() else None
    return f"per {spelled or f'{count.normalize():,f}'} {noun}s"


def per_cent(value: object) -> str:
    """`−80 %`, `+12.5 %`: whole above ten, one decimal below."""
    number = _decimal(value)
    if number is None:
        return ""
    rounded = round(number, 0 if abs(number) >= 10 else 1)
    sign = MINUS if number < 0 else "+"
    return f"{sign}{abs(rounded):,.{0 if rounded == rounded.to_integral_value() else 1}f}{PER_CENT}"


def sizes(values: Iterable[Decimal]) -> str:
    """How much several changes are, without their signs: `80 %`, or `50 to 80 %`."""
    found = sorted(abs(value) for value in values)
    low, high = (per_cent(value).removeprefix("+") for value in (found[0], found[-1]))
    return high if low == high else f"{low.removesuffix(PER_CENT)} to {high}"


def conditions(values: Mapping[str, Any] | None) -> str:
    """`batch · over 200,000 tokens · 5m cache`: when a price applies."""
    return " · ".join(_condition(name, value) for name, value in sorted((values or {}).items()))


def meter(name: str | None) -> str:
    """`cache read`."""
    return (name or "").replace("_", " ")


def day(value: object) -> str:
    """`26 February 2026`, `February 2026`, `2026`: as precise as what is given."""
    return _day(value, "%B")


def short_day(value: object) -> str:
    """`26 Feb 2026`."""
    return _day(value, "%b")


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
    at = value.astimezone(UTC)
    return short_day(at.date()) if _dateless(at) else f"{short_day(at.date())}, {at:%H:%M} UTC"


def seen(after: datetime | None, at: datetime) -> str:
    """Between which two looks at the page the change happened: `seen between 10:00 and 10:10 UTC`."""
    end = at.astimezone(UTC)
    if after is None:
        return f"first seen {stamp(end)}"
    start = after.astimezone(UTC)
    if _dateless(start) and _dateless(end):
        return f"seen between {short_day(start.date())} and {short_day(end.date())}"
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
            return _count(seconds // size, name)
    return "1 minute" if seconds == 60 else _count(seconds, "second")


def days_left(due: date, today: date) -> str:
    """`today`, `tomorrow`, `in 12 days`, `3 days ago`."""
    days = (due - today).days
    if days in (0, 1):
        return ("today", "tomorrow")[days]
    return f"in {days:,} days" if days > 0 else f"{_count(-days, 'day')} ago"


def counted(number: int, noun: str) -> str:
    """`1 price`, `2,340 prices`."""
    return _count(number, noun)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _condition(name: str, value: Any) -> str:
    number = _decimal(value)
    if name in ("context_over", "context_upto") and number is not None:
        return f"{'over' if name == 'context_over' else 'up to'} {number:,f} tokens"
    if name == "cache_ttl":
        return f"{value} cache"
    if name in ("service_tier", "region", "region_scope", "quality", "route", "commitment", "tier_mode"):
        return str(value).replace("_", " ")
    return f"{name.replace('_', ' ')} {value}"


def _day(value: object, month: str) -> str:
    if isinstance(value, datetime):
        value = value.astimezone(UTC).date()
    if isinstance(value, date):
        return f"{value.day} {value:{month}} {value.year:04d}"
    text = str(value or "")
    if re.fullmatch(r"\d{4}-\d{2}", text):
        return _parsed(text + "-01", f"{month} %Y", text)
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", text, re.DOTALL):
        return _parsed(text[:10], f"%-d {month} %Y", text)
    return text


def _parsed(text: str, form: str, otherwise: str) -> str:
    try:
        return date.fromisoformat(text).strftime(form)
    except ValueError:
        return otherwise


def _short_stamp(at: datetime, other: datetime) -> str:
    return f"{at.day} {at:%b}{'' if at.year == other.year else f' {at.year}'}, {at:%H:%M}"


def _dateless(at: datetime) -> bool:
    return at == datetime(at.year, at.month, at.day, tzinfo=UTC)


def _decimal(value: object) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None

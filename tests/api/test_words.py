from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from api import words


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "state", "text"),
    [
        ("2.50", "USD", "priced", "$2.50"),
        (Decimal("0.00000025"), "USD", "priced", "$0.00000025"),
        ("1200", "EUR", "priced", "€1,200.00"),
        ("3", "CHF", "priced", "CHF 3.00"),
        ("0.0010", "USD", "priced", "$0.001"),
        ("0", "USD", "free", "free"),
        (None, None, "not_offered", "not offered"),
        (None, "USD", "priced", "–"),
        ("NaN", "USD", "priced", "–"),
        ("<b>", "USD", "priced", "–"),
    ],
)
def test_money(amount, currency, state, text):
    assert words.money(amount, currency, state) == text


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (1000000, "token", "per 1M tokens"),
        ("1", "image", "per image"),
        (1000, "request", "per 1,000 requests"),
        ("0.5", "gpu_hour", "per 0.5 gpu hours"),
        (None, "token", ""),
    ],
)
def test_per(number, unit, text):
    assert words.per(number, unit) == text


@pytest.mark.parametrize(
    ("value", "text"), [("-80", "−80 %"), ("12.5", "+12 %"), ("-3.333", "−3.3 %"), ("5.00", "+5 %"), (None, "")]
)
def test_per_cent(value, text):
    assert words.per_cent(value) == text.replace(" %", "\N{NARROW NO-BREAK SPACE}%")


@pytest.mark.parametrize(
    ("after", "seen_at", "text"),
    [
        ("2026-02-26T10:00", "2026-02-26T10:10", "seen between 10:00 and 10:10 UTC"),
        ("2025-11-13", "2026-02-26", "seen between 13 Nov 2025 and 26 Feb 2026"),
        ("2026-02-25T22:00", "2026-02-26T10:10", "seen between 25 Feb, 22:00 and 26 Feb, 10:10 UTC"),
        ("2025-12-31T22:00", "2026-01-01T01:00", "seen between 31 Dec 2025, 22:00 and 1 Jan, 01:00 UTC"),
        (None, "2026-02-26T10:10", "first seen 26 Feb 2026, 10:10 UTC"),
    ],
)
def test_seen_says_between_which_looks(after, seen_at, text):
    assert words.seen(at(after) if after else None, at(seen_at)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2026-02", "February 2026"),
        ("2026-02-06", "6 February 2026"),
        ("2026-02-06T10:00:00Z", "6 February 2026"),
        ("2026-13", "2026-13"),
        ("soon <b>", "soon <b>"),
        (None, ""),
        (date(2026, 2, 6), "6 February 2026"),
    ],
)
def test_day_is_as_precise_as_what_is_given(value, text):
    assert words.day(value) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "just now"), (1, "1 second ago"), (60, "1 minute ago"), (119, "119 seconds ago"), (240, "4 minutes ago"),
     (7200, "2 hours ago"), (86400, "1 day ago"), (90000, "25 hours ago"), (-7200, "in 2 hours")],
)  # fmt: skip
def test_ago(seconds, text):
    now = at("2026-02-26T10:10")
    assert words.ago(now - timedelta(seconds=seconds), now) == text


def test_conditions_and_days_left():
    assert words.conditions({"service_tier": "batch", "context_over": 200000}) == "over 200,000 tokens · batch"
    assert words.conditions({"cache_ttl": "5m"}) == "5m cache"
    assert words.conditions({"x": "<b>"}) == "x <b>"
    today = date(2026, 2, 26)
    assert [words.days_left(today + timedelta(days=n), today) for n in (0, 1, 12, -1)] == [
        "today",
        "tomorrow",
        "in 12 days",
        "1 day ago",
    ]


def test_sizes_of_several_changes():
    gap = "\N{NARROW NO-BREAK SPACE}"
    assert words.sizes([Decimal("-80"), Decimal("-80.2")]) == f"80{gap}%"
    assert words.sizes([Decimal("-80"), Decimal("-50")]) == f"50 to 80{gap}%"

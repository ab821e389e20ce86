from datetime import UTC, datetime, timedelta

import pytest

from api import times


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


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
    assert times.seen(at(after) if after else None, at(seen_at)) == text


def test_the_days_of_captures_that_share_one_are_days():
    second = at("2026-02-26") + timedelta(microseconds=1)  # the second capture of that day
    assert times.stamp(second) == "26 Feb 2026"
    assert times.stamp(None) == "–"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "just now"), (1, "1 second ago"), (60, "1 minute ago"), (119, "119 seconds ago"), (240, "4 minutes ago"),
     (7200, "2 hours ago"), (86400, "1 day ago"), (90000, "25 hours ago"), (-7200, "in 2 hours")],
)  # fmt: skip
def test_ago(seconds, text):
    now = at("2026-02-26T10:10")
    assert times.ago(now - timedelta(seconds=seconds), now) == text

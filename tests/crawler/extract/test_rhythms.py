"""How rarely it is enough to look at a feed."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler.extract.rhythms import moved_of, pace_of

NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def every(gap: timedelta, quiet: timedelta, count: int = 10) -> list[datetime]:
    return [NOW - quiet - number * gap for number in range(count)]


def test_a_part_of_the_usual_time_between_entries() -> None:
    assert pace_of(b"", every(DAY, DAY / 2), NOW) == HOUR
    assert pace_of(b"", every(2 * HOUR, HOUR), NOW) == 5 * timedelta(minutes=1)


def test_not_right_after_it_published() -> None:
    assert pace_of(b"", every(7 * DAY, HOUR), NOW) is None


def test_a_feed_that_fell_silent_slows_down_to_a_day_at_most() -> None:
    assert pace_of(b"", every(DAY, 8 * DAY), NOW) == 4 * HOUR
    assert pace_of(b"", every(DAY, 900 * DAY), NOW) == DAY


@pytest.mark.parametrize("dates", [[], every(DAY, DAY, 2), [NOW + DAY] * 5, [NOW - DAY] * 9])
def test_too_little_to_say(dates: list[datetime]) -> None:
    assert pace_of(b"<rss>", dates, NOW) is None


@pytest.mark.parametrize(
    ("head", "asked"),
    [
        (b"<ttl>60</ttl>", HOUR),
        (b"<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>", HOUR / 2),
        (b"<sy:updatePeriod> daily </sy:updatePeriod>", DAY),
        (b"<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", DAY),
        (b"<ttl>999999</ttl>", DAY),
        (b"<ttl>-5</ttl>", None),
        (b"<ttl>0</ttl>", None),
    ],
)
def test_what_a_feed_asks_for(head: bytes, asked: timedelta | None) -> None:
    assert pace_of(b"<rss><channel>" + head, [], NOW) == asked


def test_a_feed_that_says_it_moved() -> None:
    head = b"<rss><channel><itunes:new-feed-url> https://wire.example/new </itunes:new-feed-url>"
    assert moved_of(head) == "https://wire.example/new"
    assert moved_of(b"<itunes:new-feed-url>javascript:alert(1)</itunes:new-feed-url>") == ""

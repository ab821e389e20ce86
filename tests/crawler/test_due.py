from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.due import LONGEST_BACKOFF, LONGEST_RETRY_AFTER, max_age_of, next_due, retry_after_of
from crawler.outcomes import RULES, Return

NOW = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
TEN = timedelta(minutes=10)


def due_in(name: str, every: timedelta = TEN, **given: object) -> timedelta:
    return next_due(now=NOW, source="acme-pricing", every=every, rule=RULES[name], **given) - NOW  # type: ignore[arg-type]


def test_a_good_check_comes_back_after_the_interval_give_or_take_a_tenth() -> None:
    for name in ("changed", "unchanged", "not_modified"):
        assert 0.9 * TEN <= due_in(name) <= 1.1 * TEN


def test_jitter_is_the_same_for_the_same_source_and_time_and_spreads_the_others() -> None:
    rule = RULES["unchanged"]
    waits = [next_due(now=NOW, source=f"source-{n}", every=TEN, rule=rule) - NOW for n in range(1000)]
    assert waits == [next_due(now=NOW, source=f"source-{n}", every=TEN, rule=rule) - NOW for n in range(1000)]
    assert abs(sum(waits, timedelta()) / 1000 - TEN) < timedelta(seconds=5)
    assert min(waits) < 0.92 * TEN
    assert max(waits) > 1.08 * TEN
    again = next_due(now=NOW + timedelta(hours=1), source="source-0", every=TEN, rule=rule) - NOW - timedelta(hours=1)
    assert again != waits[0]


def test_what_may_pass_by_itself_is_tried_soon_then_less_and_less_never_given_up() -> None:
    minutes = [due_in("timeout", failures=n) / timedelta(minutes=1) for n in range(1, 11)]
    for wait, expected in zip(minutes, (2, 4, 8, 16, 32, 60, 60, 60, 60, 60), strict=True):
        assert 0.9 * expected <= wait <= 1.1 * expected
    daily = [due_in("timeout", timedelta(days=1), failures=n) / timedelta(minutes=1) for n in range(1, 11)]
    for wait, expected in zip(daily, (2, 4, 8, 16, 32, 64, 128, 256, 360, 360), strict=True):
        assert 0.9 * expected <= wait <= 1.1 * expected
    assert due_in("timeout", failures=1_000_000) <= 1.1 * LONGEST_BACKOFF


@pytest.mark.parametrize(
    ("outcome", "most_asked", "latest"), [("server_error", 32, 66), ("timeout", 32, 66), ("dns_failure", 105, 17)]
)
def test_a_day_without_an_answer(outcome: str, most_asked: int, latest: float) -> None:
    """A site that is down for a day is asked so often at most, and back so many minutes after at the latest."""
    for n in range(50):
        now, asked, day = NOW, 0, NOW + timedelta(days=1)
        while now < day:
            asked += 1
            now = next_due(now=now, source=f"source-{n}", every=TEN, rule=RULES[outcome], failures=asked)
        assert 20 <= asked <= most_asked
        assert now - day <= timedelta(minutes=latest)


def test_what_will_not_pass_soon_begins_at_the_interval() -> None:
    assert 0.9 * TEN <= due_in("not_found", failures=1) <= 1.1 * TEN
    assert 1.8 * TEN <= due_in("not_found", failures=2) <= 2.2 * TEN
    assert due_in("not_found", failures=99) <= 1.1 * LONGEST_BACKOFF


def test_a_source_that_is_watched_daily_is_never_watched_more_often_because_it_is_gone() -> None:
    day = timedelta(days=1)
    assert due_in("gone", every=day, failures=9) >= 0.9 * day


def test_postponed_is_due_at_once() -> None:
    assert due_in("postponed") == timedelta(0)


@given(
    name=st.sampled_from(sorted(RULES)),
    every=st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=30)),
    failures=st.integers(0, 10**9),
    retry_after=st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
    max_age=st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)),
)
def test_always_in_the_future_and_never_out_of_reach(
    name: str, every: timedelta, failures: int, retry_after: timedelta | None, max_age: timedelta | None
) -> None:
    wait = due_in(name, every=every, failures=failures, retry_after=retry_after, max_age=max_age)
    assert wait > timedelta(0) or RULES[name].returns is Return.AT_ONCE
    assert wait <= max(2.2 * every, 1.1 * LONGEST_BACKOFF, LONGEST_RETRY_AFTER)
    if retry_after is not None and RULES[name].returns is not Return.AT_ONCE:
        assert wait >= min(retry_after, LONGEST_RETRY_AFTER)


def test_max_age_is_a_lower_bound_within_reason() -> None:
    assert due_in("unchanged", max_age=timedelta(minutes=15)) == timedelta(minutes=15)
    assert due_in("unchanged", max_age=timedelta(days=7)) == 2 * TEN
    assert due_in("unchanged", max_age=timedelta(seconds=5)) >= 0.9 * TEN


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("Wed, 12 Aug 2026 10:30:00 GMT", 1800),
        ("Wednesday, 12-Aug-26 10:30:00 GMT", 1800),
        ("Wed, 12 Aug 2026 09:30:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 24 * 3600),
        ("999999999", 24 * 3600),
        ("99999999999999999999", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("Wed, 99 Aug 2026 10:30:00 GMT", None),
        ("", None),
    ],
)
def test_retry_after(header: str, seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert retry_after_of({"retry-after": header}, NOW) == expected


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"cache-control": "public, max-age=300"}, 300),
        ({"cache-control": "max-age=300", "age": "100"}, 200),
        ({"cache-control": "max-age=300", "age": "400"}, None),
        ({"cache-control": 'MAX-AGE="300"'}, 300),
        ({"cache-control": "s-maxage=300"}, None),
        ({"cache-control": "no-cache, max-age=300"}, None),
        ({"cache-control": "max-age=300, no-store"}, None),
        ({"cache-control": "max-age=0, must-revalidate"}, None),
        ({"cache-control": "max-age=nonsense"}, None),
        ({}, None),
    ],
)
def test_max_age(headers: dict[str, str], seconds: int | None) -> None:
    assert max_age_of(headers) == (None if seconds is None else timedelta(seconds=seconds))


def test_a_feed_that_changes_rarely_is_looked_at_more_rarely_within_bounds() -> None:
    hour = timedelta(hours=1)
    assert 0.9 * 3 * TEN <= due_in("changed", pace=3 * TEN) <= 1.1 * 3 * TEN
    assert due_in("unchanged", pace=1000 * hour) <= 1.1 * 4 * TEN
    assert due_in("unchanged", pace=timedelta(seconds=1)) >= 0.9 * TEN
    assert due_in("timeout", failures=1, pace=hour) <= 1.1 * timedelta(minutes=2)


def test_expires_counts_where_cache_control_is_silent() -> None:
    dates = {"date": "Wed, 12 Aug 2026 10:00:00 GMT", "expires": "Wed, 12 Aug 2026 10:30:00 GMT"}
    assert max_age_of(dates) == timedelta(minutes=30)
    assert max_age_of({**dates, "cache-control": "max-age=60"}) == timedelta(minutes=1)
    assert max_age_of({**dates, "cache-control": "no-cache"}) is None
    assert max_age_of({**dates, "expires": "0"}) is None

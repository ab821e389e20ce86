"""Outcomes: what an answer means, and when to try again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.outcomes import LONGEST_PAUSE, LONGEST_WAIT, PATIENCE, excerpt, next_attempt, of_http, retry_after

NOW = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

ANSWERS = [
    (200, "ok", "sent"), (204, "", "sent"), (200, "<html><title>Sign in to the hotel network</title>", "retry"),
    (301, "", "disabled"), (302, "", "disabled"), (307, "", "disabled"),
    (400, "invalid_payload", "parked"), (400, "invalid_blocks", "parked"), (400, "no_text", "parked"),
    (401, "", "disabled"), (403, "action_prohibited", "parked"), (404, "no_service", "disabled"),
    (404, "channel_not_found", "disabled"), (405, "", "parked"), (408, "", "retry"),
    (410, "channel_is_archived", "disabled"), (413, "", "parked"),
    (422, "", "parked"), (425, "", "retry"), (429, "rate_limited", "retry"),
    (500, "rollup_error", "retry"), (502, "", "retry"), (503, "", "retry"), (504, "", "retry"), (599, "", "retry"),
]  # fmt: skip
"""What every notifier over HTTP makes of a status."""


@pytest.mark.parametrize(("status", "body", "outcome"), ANSWERS)
def test_every_status_has_a_decision(status: int, body: str, outcome: str) -> None:
    found = of_http(status, {}, body, NOW)
    assert found.outcome == outcome
    assert found.detail.startswith(str(status))


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("2", 2 * SECOND),
        (" 30 ", 30 * SECOND),
        ("0", SECOND),
        ("1.5", 1.5 * SECOND),
        ("Wed, 12 Aug 2026 10:00:45 GMT", 45 * SECOND),
        ("Wed, 12 Aug 2026 09:00:00 GMT", SECOND),
        ("999999999", LONGEST_WAIT),
        ("Wed, 12 Aug 2099 10:00:45 GMT", LONGEST_WAIT),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("1e9", None),
        ("٣", None),
        (None, None),
    ],
)
def test_retry_after_is_read_and_bounded(value: str | None, wait: timedelta | None) -> None:
    assert retry_after(value, NOW) == wait
    assert of_http(429, {"retry-after": value} if value is not None else {}, "", NOW).retry_after == wait


def test_what_only_asks_for_time_is_never_given_up() -> None:
    for days in (1, 10, 1000):
        now = NOW + timedelta(days=days)
        again = next_attempt("k", attempts=999, created_at=NOW, now=now, retry_after=SECOND, busy=True)
        assert again is not None
        assert now < again < now + 2 * SECOND
    assert next_attempt("k", attempts=999, created_at=NOW, now=NOW + timedelta(days=10), retry_after=SECOND) is None
    assert [of_http(status, {}, "", NOW).busy for status in (429, 503, 500, 408)] == [True, False, False, False]


def test_pauses_double_up_to_an_hour_and_end_after_three_days() -> None:
    created, now, pauses = NOW, NOW, []
    for attempts in range(1, 1000):
        again = next_attempt("key", attempts=attempts, created_at=created, now=now)
        if again is None:
            break
        pauses.append(again - now)
        now = again
    assert 15 * SECOND <= pauses[0] <= 18 * SECOND
    assert all(pause <= LONGEST_PAUSE * 1.2 for pause in pauses)
    assert pauses[7] > pauses[3] > pauses[1]
    assert PATIENCE - LONGEST_PAUSE * 1.2 < now - created <= PATIENCE
    assert 65 < len(pauses) < 90


@given(st.text(max_size=8), st.integers(1, 90), st.integers(1, 600))
def test_a_pause_asked_for_is_kept_and_hardly_stretched(key: str, attempts: int, seconds: int) -> None:
    asked = seconds * SECOND
    again = next_attempt(key, attempts=attempts, created_at=NOW, now=NOW, retry_after=asked)
    assert again is not None
    assert asked <= again - NOW <= asked * 1.2
    assert again == next_attempt(key, attempts=attempts, created_at=NOW, now=NOW, retry_after=asked)


@given(st.text(max_size=600))
def test_an_excerpt_is_short_and_inert(body: str) -> None:
    said = excerpt(body)
    assert len(said) <= 80
    assert said.isprintable()
    assert not set(said) & set("<>&\"'`/\\[]{}@#")

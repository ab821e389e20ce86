"""Portraits: since when a price has held, by whoever looked first."""

from datetime import UTC, datetime
from decimal import Decimal

from api import portraits, rendering

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def row(source, begins, ends=None, **more):
    told = {
        "provider": "acme", "model": "Swift 2", "model_id": "swift-2", "meter": "input", "conditions": {},
        "state": "priced", "amount": Decimal("2.50"), "currency": "USD", "per": Decimal(1_000_000), "unit": "token",
        "effective_from": begins, "effective_to": ends, "basis": "bundled", "first_seq": None, "source": source,
        "key": source, "seen_until": NOW, "first_snapshot": None,
    }  # fmt: skip
    return told | more


SEEN = row("acme-pricing", datetime(2026, 2, 10, tzinfo=UTC), basis="observed", first_seq=1)
LONG_AGO, LATER = datetime(2024, 8, 6, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)


def since(*others):
    history = [SEEN, *others]
    told = portraits.priced(SEEN, portraits.first_sightings(history), NOW)
    return f"{told['since']}, by {told['since_by']}" if told["since_by"] else told["since"]


def test_a_price_there_at_the_first_look_may_be_older_unless_somebody_looked_before():
    assert since() == "since 10 Feb 2026 or before"
    per_thousand = {"amount": Decimal("0.0025"), "per": Decimal(1_000)}
    assert since(row("bundled-prices", LONG_AGO, **per_thousand)) == "since 6 Aug 2024, by the bundled price history"
    assert since(row("models-dev", LATER), row("bundled-prices", LONG_AGO)).startswith("since 6 Aug 2024")
    first_look = row("models-dev", LATER, basis="observed", first_seq=1)
    assert since(first_look) == "since 1 Jan 2026 or before, by models-dev"


def test_another_price_or_one_that_ended_before_proves_nothing():
    apart = ({"amount": Decimal(3)}, {"conditions": {"service_tier": "batch"}}, {"meter": "output"}, {"ends": LATER})
    for told in apart:
        assert since(row("bundled-prices", LONG_AGO, **told)) == "since 10 Feb 2026 or before", told


def test_an_announced_price_that_no_look_has_shown_says_so():
    day, read = datetime(2026, 2, 20, tzinfo=UTC), datetime(2026, 2, 8, tzinfo=UTC)
    told = portraits.priced(row("acme-pricing", day, basis="stated", seen_until=read), {}, NOW)
    assert (told["since"], told["last_seen"]) == ("since 20 Feb 2026, as announced; last read 8 Feb 2026", "")
    told = portraits.priced(row("acme-pricing", day, basis="stated", seen_until=NOW), {}, NOW)
    assert told["since"] == "since 20 Feb 2026"


def test_what_the_calendar_tells_says_when_the_page_was_last_read():
    came = datetime(2026, 2, 20, tzinfo=UTC)
    told = {
        "kind": "price.changed", "origin": "live", "observed_after": None, "observed_at": came, "baseline": False,
        "after": {"captured_at": "2026-01-21T00:00:00Z"}, "last_read": datetime(2026, 2, 8, tzinfo=UTC),
    }  # fmt: skip
    assert rendering.seen(told) == "by the calendar, as announced, 20 Feb 2026; the page was last read 8 Feb 2026"
    assert rendering.seen({**told, "last_read": NOW}) == "by the calendar, as announced, 20 Feb 2026"

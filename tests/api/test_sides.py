"""Prices of several models in groups, so that like stands beside like."""

from datetime import UTC, datetime
from decimal import Decimal

from api import sides

NOW = datetime(2026, 2, 26, tzinfo=UTC)


def price(meter, amount, per=1_000_000, **conditions):
    return {
        "meter": meter, "amount": Decimal(amount), "per": Decimal(per), "unit": "token", "currency": "USD",
        "state": "priced", "conditions": conditions, "source": "s", "key": f"{meter}{conditions}",
        "effective_from": NOW, "effective_to": None, "seen_until": NOW, "basis": "observed", "first_snapshot": "ab",
    }  # fmt: skip


def told(*columns):
    return [
        (group.name, line.meter, line.conditions, [cell and (cell["amount"], cell["note"]) for cell in line.cells])
        for group in sides.groups(columns, {}, NOW)
        for line in group.lines
    ]


def test_a_price_for_short_prompts_stands_beside_one_without_conditions():
    one = [price("input", "0.002", per=1_000), price("output", "8")]
    other = [price("input", "1", context_upto=200_000), price("input", "2", context_over=200_000)]
    assert told(one, other) == [
        ("list price", "input", "", [("$2.00", ""), ("$1.00", "prompts up to 200K tokens")]),
        ("list price", "output", "", [("$8.00", ""), None]),
        ("other prices", "input", "prompts above 200K tokens", [None, ("$2.00", "")]),
    ]


def test_what_most_have_comes_first_and_what_stands_alone_last():
    batch = [price("input", "1", service_tier="batch"), price("output", "2", service_tier="batch")]
    fast = [price("input", "9", service_tier="fast"), price("output", "9", service_tier="fast")]
    found = told([*batch, *fast, price("cache_write", "3", cache_ttl="1h")], batch)
    assert [row[0] for row in found] == ["batch", "batch", "fast", "fast", "other prices"]
    assert told() == []

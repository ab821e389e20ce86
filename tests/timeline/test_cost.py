"""Costs: public list prices of July 2024 and invented ones; a price that is not known is never 0."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline.cost import Bill, bill
from timeline.rates import Rate, of_model, rate
from timeline.workloads import Workload

LIST = {  # dollars per million tokens on 31 July 2024, in and out
    "gpt-4o-mini": ("openai", "0.15", "0.60"),
    "gpt-4o": ("openai", "5", "15"),
    "claude-3-haiku-20240307": ("anthropic", "0.25", "1.25"),
    "claude-3-5-sonnet-20240620": ("anthropic", "3", "15"),
    "claude-3-opus-20240229": ("anthropic", "15", "75"),
}
PUBLISHED = [  # model, requests, tokens in and out of each, dollars
    ("gpt-4o-mini", 100_000, 500, 200, "19.50"),
    ("claude-3-haiku-20240307", 100_000, 500, 200, "37.50"),
    ("gpt-4o", 100_000, 500, 200, "550"),
    ("claude-3-5-sonnet-20240620", 1_000, 1_000, 3_000, "48"),
    ("gpt-4o", 1_000, 1_000, 3_000, "50"),
    ("claude-3-opus-20240229", 1_000, 1_000, 3_000, "240"),
    ("gpt-4o", 10_000, 1_000, 200, "80"),
    ("claude-3-5-sonnet-20240620", 10_000, 1_000, 200, "60"),
    ("gpt-4o", 5_000_000, 1_000, 0, "25000"),
    ("claude-3-5-sonnet-20240620", 5_000_000, 1_000, 0, "15000"),
]


def one(meter: str, amount: str | None, /, *, model: str = "swift-2", **conditions: Any) -> Rate:
    """A rate in dollars per million tokens."""
    each = None if amount is None else Decimal(amount) / 1_000_000
    return Rate(provider="acme", model=model, meter=meter, conditions=conditions, currency="USD", unit_amount=each)


def work(**changes: Any) -> Workload:
    fields: dict[str, Any] = {
        "name": "support-bot",
        "provider": "acme",
        "model": "swift-2",
        "requests_per_day": Decimal(100_000),
        "input_tokens": Decimal(500),
        "output_tokens": Decimal(200),
    }
    return Workload(**(fields | changes))


def listed(model: str) -> list[Rate]:
    provider, given_in, given_out = LIST[model]
    return [
        replace(one(meter, amount, model=model), provider=provider)
        for meter, amount in (("input", given_in), ("output", given_out))
    ]


def cost(workload: Workload, *rates: Rate, requests: int = 1_000_000) -> Decimal | None:
    return bill(workload, rates, Decimal(requests)).total


@pytest.mark.parametrize(("model", "requests", "tokens_in", "tokens_out", "dollars"), PUBLISHED)
def test_published_sums_of_july_2024(model: str, requests: int, tokens_in: int, tokens_out: int, dollars: str) -> None:
    asked = work(input_tokens=Decimal(tokens_in), output_tokens=Decimal(tokens_out))
    assert cost(asked, *listed(model), requests=requests) == Decimal(dollars)


def test_a_price_that_is_not_known_makes_the_sum_unknown() -> None:
    found = bill(work(), [one("input", "1")], Decimal(1000))
    assert (found.total, found.missing, found.currency) == (None, ("output",), "USD")
    assert found.lines[0].amount == Decimal("0.5")
    nothing = bill(work(), [], Decimal(1000))
    assert (nothing.total, nothing.missing, nothing.currency) == (None, ("input", "output"), None)
    varies = bill(work(), [one("input", "1"), one("output", None)], Decimal(1000))
    assert (varies.total, varies.missing) == (None, ("output",))


def test_free_is_known_and_costs_nothing() -> None:
    assert cost(work(), one("input", "0"), one("output", "0")) == 0
    idle = work(input_tokens=Decimal(0), output_tokens=Decimal(0))
    assert bill(idle, [one("input", "1")], Decimal(5)).total is None  # nothing is used: there is no bill to tell


def test_cached_and_written_tokens_pay_their_own_price_where_there_is_one() -> None:
    asked = work(cached_share=Decimal("0.3"), written_share=Decimal("0.1"))
    plain, read, written = one("input", "1"), one("cache_read", "0.1"), one("cache_write", "1.25")
    out = one("output", "0")
    assert cost(asked, plain, out) == 500
    assert cost(asked, plain, out, read) == 350 + 15
    assert cost(asked, plain, out, read, written) == 300 + 15 + Decimal("62.5")
    long = one("cache_write", "2", cache_ttl="1h")
    both = [plain, out, read, replace(written, conditions={"cache_ttl": "5m"}), long]
    assert cost(asked, *both) == 300 + 15 + Decimal("62.5")  # the shortest, where none is stated
    assert cost(replace(asked, conditions={"cache_ttl": "1h"}), *both) == 300 + 15 + 100


def test_a_service_tier_pays_its_own_prices_only() -> None:
    batch = [one("input", "0.5", service_tier="batch"), one("output", "1", service_tier="batch")]
    standard = [one("input", "1"), one("output", "2", service_tier="standard")]
    assert cost(work(), *standard, *batch) == 500 + 400
    assert cost(work(tier="batch"), *standard, *batch) == 250 + 200
    assert bill(work(tier="batch"), standard, Decimal(1)).total is None
    assert bill(work(tier="batch"), standard, Decimal(1)).lines[0].needs == ("service_tier",)


def test_a_band_holds_for_the_whole_request() -> None:
    rates = [one("input", "1"), one("input", "2", context_over=200_000), one("output", "4")]
    rates += [one("output", "6", context_over=200_000)]
    sizes = {200_000: 200_000 * 1 + 4 * 1000, 200_001: 200_001 * 2 + 6 * 1000}
    for size, micros in sizes.items():
        asked = work(input_tokens=Decimal(size), output_tokens=Decimal(1000))
        assert cost(asked, *rates, requests=1) == Decimal(micros) / 1_000_000
    closed = [one("input", "1", context_upto=128_000), one("input", "2", context_over=128_000), one("output", "0")]
    assert cost(work(input_tokens=Decimal(128_000)), *closed, requests=1) == Decimal("0.128")
    assert bill(work(input_tokens=Decimal(128_001)), closed[::2], Decimal(1)).missing == ("input",)


def test_marginal_bands_are_paid_for_the_tokens_beyond_them() -> None:
    beyond: dict[str, Any] = {"tier_mode": "marginal", "context_over": 100}
    rates = [one("input", "1"), one("input", "3", **beyond), one("cache_read", "0.1"), one("output", "0")]
    asked = work(input_tokens=Decimal(250))
    assert cost(asked, *rates) == 100 * 1 + 150 * 3
    half = replace(
        asked, cached_share=Decimal("0.5")
    )  # cached tokens come first: 125, so none of the rest is below 100
    assert cost(half, *rates) == Decimal("12.5") + 125 * 3


def test_thinking_is_output_unless_it_has_a_price() -> None:
    asked = work(reasoning_tokens=Decimal(800))
    assert cost(asked, one("input", "0"), one("output", "2")) == 2000
    assert cost(asked, one("input", "0"), one("output", "2"), one("reasoning", "1")) == 400 + 800


def test_other_meters_are_counted_in_their_units() -> None:
    search = rate(
        {"amount": "10", "per": 1000, "unit": "search", "currency": "USD", "state": "priced"},
        provider="acme", model="swift-2", meter="web_search", conditions={},
    )  # fmt: skip
    assert search is not None
    asked = work(meters={"web_search": Decimal("0.5")}, output_tokens=Decimal(0))
    assert cost(asked, one("input", "1"), search, requests=1000) == Decimal("0.5") + 5
    assert bill(asked, [one("input", "1")], Decimal(1)).missing == ("web_search",)
    assert cost(replace(asked, tier="batch"), one("input", "1", service_tier="batch"), search, requests=1000)


def test_a_fee_for_each_request_is_paid_unasked() -> None:
    fee = replace(one("request", "5000"), unit="request")
    assert cost(work(), one("input", "1"), one("output", "0"), fee, requests=1000) == Decimal("0.5") + 5


def test_conditions_that_nobody_stated_do_not_count_and_are_asked_for() -> None:
    rates = [one("input", "1", region="eu"), one("output", "2", region="eu")]
    found = bill(work(), rates, Decimal(1))
    assert (found.total, found.lines[0].needs) == (None, ("region",))
    assert cost(work(conditions={"region": "eu"}), *rates) == 500 + 400
    mixed = [*rates, one("input", "3"), one("output", "3")]
    assert cost(work(), *mixed) == 2100
    assert cost(work(conditions={"region": "eu"}), *mixed) == 900


def test_times_of_day_are_weighed() -> None:
    rates = [one("input", "1", time_window="off_peak"), one("input", "3", time_window="peak"), one("output", "0")]
    assert bill(work(), rates, Decimal(1)).lines[0].needs == ("time_window",)
    assert cost(work(off_peak_share=Decimal("0.25")), *rates) == 500 * Decimal("2.5")
    discount = [one("input", "4"), one("input", "1", time_window="off_peak"), one("output", "0")]
    assert cost(work(), *discount) == 2000
    assert cost(work(off_peak_share=Decimal("0.25")), *discount) == 500 * Decimal("3.25")


def test_the_most_trusted_source_speaks() -> None:
    official, other = one("input", "1"), replace(one("input", "9"), trust="catalogue")
    assert cost(work(output_tokens=Decimal(0)), other, official) == 500
    assert cost(work(output_tokens=Decimal(0)), other) == 4500


def test_dollars_first_and_other_currencies_by_themselves() -> None:
    yuan = [replace(one(meter, "7"), currency="CNY") for meter in ("input", "output")]
    assert bill(work(), yuan, Decimal(1)).currency == "CNY"
    assert bill(work(), [*yuan, one("input", "1"), one("output", "1")], Decimal(1)).currency == "USD"
    assert bill(work(), [*yuan, one("input", "1")], Decimal(1)).currency == "CNY"  # whole before half a bill


def test_one_price_for_both_directions() -> None:
    assert cost(work(), one("tokens", "1")) == 700


def test_a_model_is_found_by_any_of_its_names() -> None:
    dated = replace(one("input", "1", model="claude-opus-4-5-20251101"), provider="anthropic")
    assert of_model("anthropic", "Claude Opus 4.5", [dated, one("input", "1")]) == [dated]


_amounts = st.decimals("0.01", "100", places=2).map(str)
_share = st.decimals("0", "0.5", places=2)


@given(st.tuples(_amounts, _amounts, _amounts, _amounts), _share, _share, st.integers(1, 400_000), st.integers(1, 9))
def test_a_bill_is_the_sum_of_its_lines_and_grows_with_requests(
    amounts: tuple[str, str, str, str], cached: Decimal, written: Decimal, prompt: int, times: int
) -> None:
    meters = ("input", "output", "cache_read", "cache_write")
    rates = [one(meter, amount) for meter, amount in zip(meters, amounts, strict=True)]
    rates.append(one("input", "200", context_over=200_000))
    asked = work(input_tokens=Decimal(prompt), cached_share=cached, written_share=written)
    single, several = bill(asked, rates, Decimal(1)), bill(asked, rates, Decimal(times))
    assert single.total is not None
    assert several.total == single.total * times
    in_tokens = sum(line.quantity for line in single.lines if line.meter != "output")
    assert in_tokens == prompt
    assert Bill(currency="USD", lines=single.lines[:1]).total == single.lines[0].amount

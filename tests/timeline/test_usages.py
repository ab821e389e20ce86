"""Rows of gateways and tracers as usage: the names they use, and whether cached tokens are among the input."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.timeline.test_cost import one
from timeline import usages
from timeline.agreements import Contract
from timeline.flat_rows import records
from timeline.spending import Stretch
from timeline.tallies import Calendar, tally
from timeline.usages import Usage, UsageError

AT = datetime(2026, 2, 26, 10, 10, tzinfo=UTC)
PLAIN: Mapping[str, Any] = {
    "time": "2026-02-26T10:10:00Z", "provider": "openai", "model": "gpt-4o", "input_tokens": 1000, "output_tokens": 300,
}  # fmt: skip
ROWS: list[tuple[str, Mapping[str, Any], tuple[int, ...]]] = [
    ("plain", PLAIN, (1000, 0, 0, 300, 0)),
    ("plain, with parts", {**PLAIN, "cached_tokens": "400", "reasoning_tokens": 100}, (1000, 400, 0, 300, 100)),
    (
        "litellm",
        {
            "startTime": "2026-02-26 10:10:00", "model": "openai/gpt-4o", "custom_llm_provider": "openai",
            "prompt_tokens": "1000", "completion_tokens": "300", "spend": 0.01,
            "metadata": '{"usage_object": {"prompt_tokens_details": {"cached_tokens": 400}}}',
        },
        (1000, 400, 0, 300, 0),
    ),
    (
        "langfuse",
        {
            "startTime": "2026-02-26T10:10:00.000Z", "providedModelName": "gpt-4o",
            "usageDetails": '{"input": 600, "input_cached_tokens": 400, "output": 300, "total": 1300}',
        },
        (1000, 400, 0, 300, 0),
    ),
    (
        "opentelemetry",
        {
            "startTimeUnixNano": "1772100600000000000",
            "attributes": {
                "gen_ai.provider.name": "openai", "gen_ai.response.model": "gpt-4o", "gen_ai.request.model": "chat",
                "gen_ai.usage.input_tokens": 1000, "gen_ai.usage.output_tokens": 300,
                "gen_ai.usage.cache_read.input_tokens": 400,
            },
        },
        (1000, 400, 0, 300, 0),
    ),
    (
        "anthropic: what is cached is told apart",
        {
            "timestamp": 1772100600, "model": "gpt-4o", "provider": "openai",
            "usage": {"input_tokens": 500, "cache_read_input_tokens": 400, "cache_creation_input_tokens": 100,
                      "output_tokens": 300, "service_tier": "batch"},
        },
        (1000, 400, 100, 300, 0),
    ),
]  # fmt: skip


def read(row: Mapping[str, Any], place: str) -> Usage:
    found = usages.read(row, place)
    assert found is not None
    return found


@pytest.mark.parametrize(("name", "row", "tokens"), ROWS, ids=[name for name, _, _ in ROWS])
def test_each_export_is_read_as_the_same_usage(name: str, row: Mapping[str, Any], tokens: tuple[int, ...]) -> None:
    found = read(row, "line 1")
    parts = (found.input_tokens, found.cached_tokens, found.written_tokens, found.output_tokens, found.reasoning_tokens)
    assert parts == tuple(map(Decimal, tokens))
    assert (found.at, found.provider, found.model, found.requests) == (AT, "openai", "gpt-4o", Decimal(1))
    assert found.tier == ("batch" if "anthropic" in name else "standard")


def test_a_maker_that_is_not_said_is_told_by_the_reviewed_name_or_not_at_all() -> None:
    row = {name: value for name, value in PLAIN.items() if name != "provider"}
    assert read(row, "line 1").provider == "openai"
    assert read({**row, "model": "my-own-model"}, "line 1").provider is None
    assert read({**row, "model": "groq/llama-4"}, "line 1").provider == "groq"
    assert read({**PLAIN, "provider": "together", "model": "meta/llama-4"}, "line 1").model == "meta/llama-4"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"time": "yesterday"}, "line 7: the time is 'yesterday'; expected a time like 2026-02-26T10:10:00Z"),
        ({"model": ""}, "line 7: no model"),
        ({"input_tokens": "many"}, "line 7: input_tokens is 'many'; expected a number of at least 0"),
        ({"input_tokens": -1}, "line 7: input_tokens is -1"),
        ({"input_tokens": None}, "expected input_tokens and output_tokens, prompt_tokens"),
        ({"cached_tokens": 1001}, "more tokens are cached or thought than there are"),
    ],
)
def test_a_row_that_cannot_be_read_says_which_and_what_is_expected(changes: Mapping[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        read({**PLAIN, **changes}, "line 7")
    assert says in str(caught.value)


def used(day: int, **changes: Any) -> Usage:
    row = {**PLAIN, "time": f"2026-02-{day:02}", "provider": "acme", "model": "swift-2", **changes}
    return read(row, "line 1")


CUT = datetime(2026, 2, 10, tzinfo=UTC)
HELD = [
    Stretch(rate=one("input", "10"), begins=datetime(2026, 2, 1, tzinfo=UTC), ends=CUT),
    Stretch(rate=one("input", "2"), begins=CUT, ends=None),
    Stretch(rate=one("input", "4", context_over=5000), begins=CUT, ends=None),
    Stretch(rate=one("output", "0"), begins=None, ends=None),
]


def test_each_row_is_billed_at_the_rates_of_its_time() -> None:
    rows = [used(9), used(10), used(11, input_tokens=6000), used(12, input_tokens=6000, requests=6)]
    (found,) = tally(rows, lambda provider, model: Calendar(HELD))
    # 1,000 at 10, 1,000 at 2, 6,000 in one prompt at 4, six prompts of 1,000 at 2
    assert found.total * 1_000_000 == 10_000 + 2_000 + 24_000 + 12_000
    assert (found.rows, found.currency) == (4, "USD")
    assert [found.requests, found.input_tokens] == [9, 14_000]


def test_what_is_not_known_is_counted_apart_and_in_no_sum() -> None:
    rows = [used(10), used(10, model="other"), used(10, provider="", model="nobody"), used(10)]
    found = tally(rows, lambda provider, model: Calendar(HELD if model == "swift-2" else HELD[3:]))
    assert [(each.model, each.currency, each.rows, sorted(each.missing)) for each in found] == [
        ("swift-2", "USD", 2, []),
        ("nobody", None, 1, ["provider"]),
        ("other", None, 1, ["input"]),
    ]
    assert [each.total for each in found[1:]] == [0, 0]


def test_contracts_count_on_the_day_of_the_row() -> None:
    deal = Contract(name="deal", provider="acme", discount_pct=Decimal(50), starts=AT.date())
    found = tally([used(25), used(26)], lambda provider, model: Calendar(HELD), [deal])
    assert found[0].total * 1_000_000 == 2000 + 1000


def test_spans_of_an_otlp_export_are_read_and_those_around_calls_are_not() -> None:
    def span(operation: str, **usage: int) -> dict[str, Any]:
        texts = {"gen_ai.operation.name": operation, "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-4o"}
        attributes = [{"key": name, "value": {"stringValue": value}} for name, value in texts.items()]
        attributes += [
            {"key": f"gen_ai.usage.{name}", "value": {"intValue": str(count)}} for name, count in usage.items()
        ]
        return {"traceId": "a", "spanId": "b", "startTimeUnixNano": "1772100600000000000", "attributes": attributes}

    spans = [
        span("chat", input_tokens=1000, output_tokens=300),
        span("invoke_agent", input_tokens=1000, output_tokens=300),
        span("execute_tool"),
        {"spanId": "c", "name": "GET /", "attributes": [{"key": "http.route", "value": {"stringValue": "/"}}]},
    ]
    line = {"resourceSpans": [{"resource": {}, "scopeSpans": [{"scope": {"name": "x"}, "spans": spans}]}]}
    found = [usages.read(record, "line 1") for record in records(line)]
    assert found[1:] == [None, None, None]
    assert found[0] is not None
    assert (found[0].at, found[0].model) == (AT, "gpt-4o")
    assert [found[0].input_tokens, found[0].output_tokens] == [1000, 300]


def test_steps_of_a_langfuse_trace_are_no_usage() -> None:
    row = {"type": "SPAN", "start_time": "2026-02-26 10:10:00.000000", "usage_details": "{}", "provided_model_name": ""}
    assert usages.read(row, "line 1") is None
    generation = {
        "type": "GENERATION", "start_time": "2026-02-26 10:10:00.000000", "provided_model_name": "gpt-4o",
        "usage_details": {"input": 600, "input_cached_tokens": 400, "output": 300, "total": 1300},
    }  # fmt: skip
    found = read(generation, "line 1")
    assert found.at == AT
    assert [found.input_tokens, found.cached_tokens, found.output_tokens] == [1000, 400, 300]


def test_what_litellm_answered_out_of_its_own_cache_cost_nothing() -> None:
    row = {"startTime": "2026-02-26T10:10:00Z", "model": "gpt-4o", "prompt_tokens": 10, "completion_tokens": 5}
    assert read(row, "line 1").input_tokens == 10
    for hit in ("True", True):
        found = read({**row, "cache_hit": hit}, "line 1")
        assert [found.requests, found.input_tokens, found.output_tokens] == [0, 0, 0]


def charge(meter: str, quantity: str, unit: str = "Tokens", **more: str) -> dict[str, str]:
    return {
        "ChargeCategory": "Usage", "ChargePeriodStart": "2026-02-26T00:00:00Z", "ChargeClass": "",
        "ConsumedQuantity": quantity, "ConsumedUnit": unit, "ServiceCategory": "AI and Machine Learning",
        "ServiceProviderName": "OpenAI", "SkuMeter": meter, "BilledCost": "1", "BillingCurrency": "USD", **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("row", "model", "tokens"),
    [
        (charge("gpt-4o Input", "1000000"), "gpt-4o", (1_000_000, 0, 0, 0)),
        (charge("GPT-4o mini output tokens", "2.5", "1M Tokens"), "gpt-4o-mini", (0, 0, 0, 2_500_000)),
        (charge("gpt-4o_cached_input", "3", "1K tokens"), "gpt-4o", (3000, 3000, 0, 0)),
        (charge("input", "7", x_Model="gpt-4o-2024-08-06"), "gpt-4o-2024-08-06", (7, 0, 0, 0)),
        (charge("output", "7", SkuPriceDetails='{"model": "gpt-4o"}'), "gpt-4o", (0, 0, 0, 7)),
        (charge("gpt-4o Input", "10", ServiceProviderName="", ProviderName="OpenAI"), "gpt-4o", (10, 0, 0, 0)),
    ],
)
def test_a_row_of_a_bill_is_tokens_of_one_kind(row: Mapping[str, Any], model: str, tokens: tuple[int, ...]) -> None:
    found = read(row, "line 1")
    assert (found.provider, found.model, found.at) == ("openai", model, datetime(2026, 2, 26, tzinfo=UTC))
    assert [found.input_tokens, found.cached_tokens, found.written_tokens, found.output_tokens] == list(tokens)


@pytest.mark.parametrize(
    "row",
    [
        charge("gpt-4o Input", "5", ChargeCategory="Tax"),
        charge("Provisioned units", "5", "Hours"),
        charge("gpt-4o Input", "-5", ChargeClass="Correction"),
        charge("gpt-4o Input", ""),
    ],
)
def test_what_a_bill_has_beside_tokens_is_left_out(row: Mapping[str, Any]) -> None:
    assert usages.read(row, "line 1") is None


@pytest.mark.parametrize(
    "row",
    [
        charge("mystery-9 Input", "5"),
        charge("gpt-4o", "5"),
        charge("gpt-4o Input long context", "5"),
        charge("gpt-4o Input", "5", ServiceProviderName="Nobody Ltd"),
    ],
)
def test_a_charge_that_is_not_certain_has_no_price(row: Mapping[str, Any]) -> None:
    (found,) = tally([read(row, "line 1")], lambda provider, model: Calendar(HELD))
    assert (found.currency, found.missing) == (None, {"provider"})


def test_a_sum_of_tokens_is_billed_as_of_short_prompts_without_a_fee() -> None:
    rates = [
        Stretch(rate=one("input", "2"), begins=None, ends=None),
        Stretch(rate=one("input", "4", context_over=5000), begins=None, ends=None),
        Stretch(rate=replace(one("request", "9"), unit="request"), begins=None, ends=None),
    ]
    (found,) = tally([read(charge("gpt-4o Input", "1000000"), "line 1")], lambda provider, model: Calendar(rates))
    assert [found.total, found.requests, found.input_tokens] == [2, 0, 1_000_000]

"""Catalogues: each schema in small, what is not understood, and the real maps written back field by field."""

import gzip
import json
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crawler.extract.catalogues import litellm
from crawler.extract.catalogues.general import read
from crawler.extract.document import Document, Reading
from timeline.prices import PricePoint
from timeline.specs import ModelSpec


def reading(data: Any, provider: str = "acme") -> Reading:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return read(Document(body=body, url="", at=datetime(2026, 9, 1, tzinfo=UTC), source="test", provider=provider))


def prices(found: Reading) -> dict[tuple[str, str, str], tuple[str, str | None]]:
    """(model, meter, conditions) -> (state, amount for a million or one)."""
    return {
        (fact.model, fact.meter, " ".join(f"{name}={value}" for name, value in sorted(fact.conditions.items()))): (
            fact.state,
            None if fact.unit_amount is None else format((fact.unit_amount * 1_000_000).normalize(), "f"),
        )
        for fact in found.facts
        if isinstance(fact, PricePoint)
    }


LITELLM = {
    "sample_spec": {"litellm_provider": "one of many", "input_cost_per_token": 0.0, "mode": "one of: chat"},
    "gpt-test": {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": 1.25e-06,
        "input_cost_per_token_above_200k_tokens_priority": 5e-06,
        "output_cost_per_token_batches": 5e-06,
        "cache_creation_input_token_cost_above_1hr": 2.5e-06,
        "search_context_cost_per_query": {"search_context_size_low": 0.01},
        "regional_processing_uplift_multiplier_eu": 1.1,
        "max_input_tokens": 272000,
        "max_output_tokens": 128000,
        "supported_modalities": ["text", "image"],
        "deprecation_date": "2027-06-30",
    },
    "bedrock/us-east-1/1-month-commitment/anthropic.claude-test": {
        "litellm_provider": "bedrock",
        "mode": "chat",
        "input_cost_per_second": 0.011,
    },
    "embed-test": {"litellm_provider": "cohere", "input_cost_per_token": 1e-07, "output_cost_per_token": 0.0},
    "nobody/knows": {"litellm_provider": "nobody", "input_cost_per_token": 0.0, "output_cost_per_token": 0},
    "ollama/llama-test": {"litellm_provider": "ollama", "input_cost_per_token": 0.0, "output_cost_per_token": 0.0},
    "dashscope/qwen-test": {
        "litellm_provider": "dashscope",
        "tiered_pricing": [
            {"input_cost_per_token": 5e-08, "range": [0, 256000.0]},
            {"input_cost_per_token": 2.5e-07, "range": [256000.0, 1000000.0]},
        ],
    },
}


def test_litellm_reads_meter_tier_and_band_from_the_names_of_fields() -> None:
    found = reading(LITELLM)
    assert found.issues == ()
    assert prices(found) == {
        ("gpt-test", "input", ""): ("priced", "1.25"),
        ("gpt-test", "input", "context_over=200000 service_tier=priority"): ("priced", "5"),
        ("gpt-test", "output", "service_tier=batch"): ("priced", "5"),
        ("gpt-test", "cache_write", "cache_ttl=1h"): ("priced", "2.5"),
        ("gpt-test", "web_search", "search_context=low"): ("priced", "10000"),
        (
            "bedrock/us-east-1/1-month-commitment/anthropic.claude-test",
            "duration",
            "commitment=1 month direction=input region=us-east-1",
        ): ("priced", "11000"),
        ("embed-test", "input", ""): ("priced", "0.1"),
        ("embed-test", "output", ""): ("included", None),
        ("nobody/knows", "input", ""): ("unknown", None),
        ("nobody/knows", "output", ""): ("unknown", None),
        ("ollama/llama-test", "input", ""): ("free", "0"),
        ("ollama/llama-test", "output", ""): ("free", "0"),
        ("dashscope/qwen-test", "input", "context_upto=256000"): ("priced", "0.05"),
        ("dashscope/qwen-test", "input", "context_over=256000 context_upto=1000000"): ("priced", "0.25"),
    }


def test_a_listing_says_who_sells_the_id_their_api_takes_and_what_the_model_is() -> None:
    found = reading(LITELLM)
    offers = {fact.model: (fact.provider, fact.model_id) for fact in found.facts if isinstance(fact, PricePoint)}
    assert offers["bedrock/us-east-1/1-month-commitment/anthropic.claude-test"] == (
        "amazon-bedrock",
        "anthropic.claude-test",
    )
    assert offers["dashscope/qwen-test"] == ("alibaba", "qwen-test")
    assert [fact for fact in found.facts if isinstance(fact, ModelSpec)] == [
        ModelSpec(
            provider="openai",
            model="gpt-test",
            model_id="gpt-test",
            context_window=272000,
            max_output=128000,
            input_modalities=("image", "text"),
            retires_on="2027-06-30",
            locator="/gpt-test",
        )
    ]


def test_one_model_listed_twice_is_two_prices() -> None:
    entry = {"litellm_provider": "vertex_ai-language-models", "input_cost_per_token": 1e-06}
    found = reading({"gemini-test": entry, "vertex_ai/gemini-test": {**entry, "input_cost_per_token": 2e-06}})
    facts = [fact for fact in found.facts if isinstance(fact, PricePoint)]
    assert {fact.model_id for fact in facts} == {"gemini-test"}
    assert len({fact.key for fact in facts}) == 2


def test_a_field_of_money_nobody_knows_is_an_issue_and_no_price() -> None:
    entry = {"litellm_provider": "openai", "input_cost_per_token": 1e-06, "input_cost_per_wish": 3}
    found = reading({"gpt-test": entry, "gpt-other": entry})
    assert [(issue.code, issue.locator, issue.fatal) for issue in found.issues] == [
        ("unknown_field", "/gpt-test/input_cost_per_wish", False)
    ]
    assert len(found.facts) == 2


@pytest.mark.parametrize("value", ["NaN", -1, "free", True, [1], {"a": 1}])
def test_what_is_no_amount_is_an_issue(value: Any) -> None:
    found = reading({"gpt-test": {"litellm_provider": "openai", "input_cost_per_token": value}})
    assert not found.facts
    assert [issue.code for issue in found.issues] == ["not_an_amount"]


@pytest.mark.parametrize(
    "body", [b'{"gpt-test": {"litellm_provider": "op', b"<html>", b"[" * 100_000, b'{"a": 1}', b"[]", b"null"]
)
def test_what_is_no_catalogue_holds_the_timeline(body: bytes) -> None:
    found = reading(body)
    assert not found.facts
    assert [(issue.code, issue.fatal) for issue in found.issues] == [("unreadable", True)]


def test_models_dev() -> None:
    model = {
        "id": "gpt-test",
        "name": "GPT Test",
        "knowledge": "2025-10",
        "release_date": "2026-01-15",
        "open_weights": False,
        "modalities": {"input": ["text"], "output": ["text"]},
        "limit": {"context": 400000, "output": 0},
        "cost": {"input": 1.25, "output": 10, "cache_read": 0.125, "context_over_200k": {"input": 2.5}},
        "experimental": {"modes": {"fast": {"cost": {"input": 7.5}}}},
    }
    found = reading({"openai": {"id": "openai", "models": {"gpt-test": model}}})
    assert found.issues == ()
    assert prices(found) == {
        ("openai/gpt-test", "input", ""): ("priced", "1.25"),
        ("openai/gpt-test", "output", ""): ("priced", "10"),
        ("openai/gpt-test", "cache_read", ""): ("priced", "0.125"),
        ("openai/gpt-test", "input", "context_over=200000"): ("priced", "2.5"),
        ("openai/gpt-test", "input", "service_tier=fast"): ("priced", "7.5"),
    }
    (spec,) = (fact for fact in found.facts if isinstance(fact, ModelSpec))
    assert (spec.context_window, spec.max_output, spec.weights) == (400000, None, "closed")
    assert (spec.released_on, spec.knowledge_cutoff) == ("2026-01-15", "2025-10")


def test_genai_prices_are_dated_tiered_and_hold_for_hours() -> None:
    model = {
        "id": "test-chat",
        "prices": [
            {"prices": {"input_mtok": 1}},
            {
                "constraint": {"start_date": "2025-09-05"},
                "prices": {"input_mtok": {"base": 2, "tiers": [{"start": 200000, "price": 4}]}},
            },
            {"constraint": {"start_time": "16:30:00Z", "end_time": "00:30:00Z"}, "prices": {"input_mtok": 0.5}},
        ],
    }
    found = reading([{"id": "x-ai", "name": "xAI", "models": [model]}])
    assert found.issues == ()
    facts = [fact for fact in found.facts if isinstance(fact, PricePoint)]
    assert {fact.provider for fact in facts} == {"xai"}
    assert [(fact.amount, dict(fact.conditions), fact.effective_from, fact.effective_to) for fact in facts] == [
        (Decimal(1), {}, None, date(2025, 9, 4)),
        (Decimal(2), {}, date(2025, 9, 5), None),
        (Decimal(4), {"context_over": 200000}, date(2025, 9, 5), None),
        (Decimal("0.5"), {"time_window": "16:30:00Z-00:30:00Z"}, None, None),
    ]


def test_llm_prices_spans_leave_out_their_last_day() -> None:
    rows = [
        {
            "id": "gpt-test",
            "vendor": "openai",
            "name": "Test",
            "input": 5,
            "output": 15,
            "input_cached": None,
            "from_date": "2024-05-13",
            "to_date": "2024-10-01",
        },
        {
            "id": "gpt-test",
            "vendor": "openai",
            "name": "Test",
            "input": 2.5,
            "output": 10,
            "from_date": "2024-10-01",
            "to_date": None,
        },
    ]
    facts = [fact for fact in reading({"prices": rows}).facts if isinstance(fact, PricePoint)]
    assert [(fact.meter, fact.amount, fact.effective_from, fact.effective_to) for fact in facts] == [
        ("input", Decimal(5), date(2024, 5, 13), date(2024, 9, 30)),
        ("output", Decimal(15), date(2024, 5, 13), date(2024, 9, 30)),
        ("input", Decimal("2.5"), date(2024, 10, 1), None),
        ("output", Decimal(10), date(2024, 10, 1), None),
    ]
    assert len({fact.key for fact in facts}) == 2


def test_portkey_counts_in_cents() -> None:
    config = {
        "pay_as_you_go": {
            "request_token": {"price": 0.00025},
            "additional_units": {"web_search": {"price": 1}, "video_duration_seconds_720_1280": {"price": 10}},
            "image": {"hd": {"1024x1024": {"price": 8}}},
        },
        "currency": "USD",
    }
    found = reading({"default": {"pricing_config": {}}, "gpt-test": {"pricing_config": config}}, provider="openai")
    assert found.issues == ()
    assert {fact.provider for fact in found.facts} == {"openai"}
    assert prices(found) == {
        ("gpt-test", "input", ""): ("priced", "2.5"),
        ("gpt-test", "web_search", ""): ("priced", "10000"),
        ("gpt-test", "video_second", "resolution=720x1280"): ("priced", "100000"),
        ("gpt-test", "image", "quality=hd resolution=1024x1024"): ("priced", "80000"),
    }


def test_hugging_face_lists_an_offer_for_each_provider_behind_its_router() -> None:
    offers = [
        {"provider": "novita", "pricing": {"input": 0.5, "output": 2}, "context_length": 131072},
        {"provider": "groq"},
    ]
    found = reading({"object": "list", "data": [{"id": "acme/llm-test", "providers": offers}]})
    assert prices(found) == {
        ("acme/llm-test:novita", "input", "route=novita"): ("priced", "0.5"),
        ("acme/llm-test:novita", "output", "route=novita"): ("priced", "2"),
    }


HISTORY = Path(os.environ.get("AIWIRE_CORPUS") or Path(__file__).parents[4] / "shared" / "corpus") / "history"
MAPS = [
    pytest.param(path, id=f"{path.parent.name}-{path.name.removesuffix('.json.gz')}")
    for path in sorted([*HISTORY.glob("litellm/*.gz"), *HISTORY.glob("tokencost/*.gz")])
]


@pytest.mark.parametrize("path", MAPS or [pytest.param(None, marks=pytest.mark.skip("../shared/corpus is not here"))])
def test_real_maps_are_written_back_field_by_field(path: Path) -> None:
    """Every amount of the map, found again in the facts under its own name, in its own unit."""
    data = json.loads(gzip.decompress(path.read_bytes()), parse_float=Decimal)
    found = reading(gzip.decompress(path.read_bytes()))
    assert [issue.code for issue in found.issues] == []
    written = {fact.locator: fact for fact in found.facts if isinstance(fact, PricePoint)}
    assert len({fact.key for fact in written.values()}) == len(written), "two prices under one key"
    missing = []
    for locator, amount in amounts(data):
        fact = written.pop(locator, None)
        own = None if fact is None else fact.unit_amount if fact.amount is not None else Decimal(0)
        own = own * fact.per if fact is not None and own is not None else own
        if own != amount:
            missing.append((locator, amount, own))
    assert missing == []
    assert written == {}, "prices that are not in the map"


def amounts(data: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
    """Every number of money of a map with its place, found by an eye of its own."""
    for name, entry in data.items():
        if name in litellm.TEMPLATE:
            continue
        at = "/" + name.replace("~", "~0").replace("/", "~1")
        for field, value in entry.items():
            if field == "tiered_pricing":
                for number, band in enumerate(value):
                    yield from (
                        (f"{at}/tiered_pricing/{number}/{inner}", Decimal(str(cost)))
                        for inner, cost in band.items()
                        if "cost" in inner
                    )
            elif "cost" in field and isinstance(value, dict):
                yield from ((f"{at}/{field}/{inner}", Decimal(str(cost))) for inner, cost in value.items())
            elif "cost" in field:
                yield f"{at}/{field}", Decimal(str(value))

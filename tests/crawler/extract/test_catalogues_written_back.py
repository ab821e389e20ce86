"""Catalogues of which no copies may be kept, by examples of ours: each amount written back at its place and unit."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from crawler.extract.catalogues.general import read
from crawler.extract.document import Document
from timeline.prices import PricePoint

TIERED = {"base": 2, "tiers": [{"start": 200000, "price": 4}]}
CATALOGUES: dict[str, Any] = {
    "genai-prices": [
        {
            "id": "acme",
            "models": [
                {
                    "id": "chat",
                    "context_window": 200000,
                    "prices": [
                        {"prices": {"input_mtok": 3, "web_searches_kcount": 10}},
                        {"constraint": {"start_date": "2026-03-01"}, "prices": {"input_mtok": TIERED}},
                        {
                            "constraint": {"start_time": "16:30:00Z", "end_time": "00:30:00Z"},
                            "prices": {"output_mtok": 0.5},
                        },
                    ],
                    "price_variants": [
                        {"when": {"processing": "batch"}, "prices": {"input_mtok": 1.5}},
                        {
                            "when": {"processing": "batch"},
                            "constraint": {"start_date": "2026-03-01"},
                            "prices": {"input_mtok": 1},
                        },
                        {"when": {"speed": "fast"}, "prices": {"output_mtok": TIERED}},
                    ],
                }
            ],
        }
    ],
    "llm-prices": {
        "prices": [
            {"id": "chat", "vendor": "acme", "input": 5, "output": 15, "input_cached": 2.5, "from_date": "2024-05-13"},
            {"id": "chat-mini", "vendor": "acme", "input": 0.15, "output": 0.6, "input_cached": None},
        ]
    },
    "llm-prices of one vendor": {
        "vendor": "acme",
        "models": [{"id": "chat", "price_history": [{"input": 5, "output": 15, "from_date": None, "to_date": None}]}],
    },
    "portkey": {
        "default": {"pricing_config": {}},
        "chat": {
            "pricing_config": {
                "pay_as_you_go": {
                    "request_token": {"price": 0.00025},
                    "cache_read_input_token": {"price": 0.000025},
                    "additional_units": {"web_search": {"price": 1}},
                    "image": {"hd": {"1024x1024": {"price": 8}}},
                },
                "batch_config": {"request_token": {"price": 0.000125}},
                "currency": "USD",
            }
        },
    },
    "models.dev": {
        "acme": {
            "id": "acme",
            "models": {
                "chat": {
                    "limit": {"context": 1000, "output": 100},
                    "cost": {
                        "input": 1.25,
                        "output": 10,
                        "context_over_200k": {"input": 2.5},
                        "tiers": [{"input": 3, "tier": {"type": "context", "size": 500000}}],
                    },
                    "experimental": {"modes": {"fast": {"cost": {"input": 7.5}}}},
                }
            },
        }
    },
    "hugging face": {
        "object": "list",
        "data": [
            {"id": "acme/chat", "providers": [{"provider": "novita", "pricing": {"input": 0.5, "output": 2}}]},
        ],
    },
}
NO_MONEY = ("context_window", "limit", "start", "size", "context_length")


@pytest.mark.parametrize("name", CATALOGUES)
def test_every_amount_is_written_back_at_its_place(name: str) -> None:
    body = json.dumps(CATALOGUES[name]).encode()
    found = read(Document(body=body, url="", at=datetime(2026, 9, 1, tzinfo=UTC), source="test", provider="acme"))
    assert not found.issues
    cents = 100 if name == "portkey" else 1
    written = {
        fact.locator: (fact.amount or Decimal(0)) * cents for fact in found.facts if isinstance(fact, PricePoint)
    }
    wanted = dict(amounts(json.loads(body, parse_float=Decimal)))
    assert {place.removesuffix("/price").removesuffix("/base"): amount for place, amount in written.items()} == wanted
    keys = [(fact.key, fact.effective_from) for fact in found.facts if isinstance(fact, PricePoint)]
    assert len(set(keys)) == len(keys), "two prices under one key"


def amounts(data: Any, at: str = "") -> Iterator[tuple[str, Decimal]]:
    """Every number that is money, with its place: found without knowing the schema."""
    if isinstance(data, dict):
        for name, value in data.items():
            if name not in NO_MONEY:
                yield from amounts(value, f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from amounts(value, f"{at}/{number}")
    elif isinstance(data, int | Decimal):
        yield at.removesuffix("/price").removesuffix("/base"), Decimal(data)

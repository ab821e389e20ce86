"""Prices in the source text of an installed package: read, never run."""

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.backfill.exports import BackfillError
from crawler.backfill.packages import data_file, genai_prices

DATA = """
import datetime
from decimal import Decimal
from .types import *

providers: list[Provider] = [
    Provider(
        id='acme',
        model_match=ClauseContains(contains='acme'),
        extractors=[UsageExtractor(root='usage', mappings=[UsageExtractorMapping(path='a', dest='b')])],
        models=[
            ModelInfo(
                id='chat',
                match=ClauseOr(or_=[ClauseEquals(equals='chat')]),
                context_window=200000,
                prices=[
                    ConditionalPrice(prices=ModelPrice(input_mtok=Decimal('0.30'))),
                    ConditionalPrice(
                        constraint=StartDateConstraint(start_date=datetime.date(2026, 3, 1)),
                        prices=ModelPrice(
                            input_mtok=TieredPrices(base=Decimal('0.25'), tiers=[Tier(start=200000, price=Decimal(1))])
                        ),
                    ),
                    ConditionalPrice(
                        constraint=TimeOfDateConstraint(
                            start_time=datetime.time(16, 30, tzinfo=datetime.timezone.utc),
                            end_time=datetime.time(0, 30, tzinfo=datetime.timezone.utc),
                        ),
                        prices=ModelPrice(input_mtok=Decimal('0.1')),
                    ),
                ],
                price_variants=[
                    PriceVariant(when={'processing': 'batch'}, prices=ModelPrice(input_mtok=Decimal('0.15'))),
                ],
            )
        ],
    )
]
"""
SAID: list[dict[str, Any]] = [
    {
        "id": "acme",
        "extractors": [None],
        "models": [
            {
                "id": "chat",
                "context_window": 200000,
                "prices": [
                    {"prices": {"input_mtok": "0.30"}},
                    {
                        "constraint": {"start_date": "2026-03-01"},
                        "prices": {"input_mtok": {"base": "0.25", "tiers": [{"start": 200000, "price": "1"}]}},
                    },
                    {
                        "constraint": {"start_time": "16:30:00Z", "end_time": "00:30:00Z"},
                        "prices": {"input_mtok": "0.1"},
                    },
                ],
                "price_variants": [{"when": {"processing": "batch"}, "prices": {"input_mtok": "0.15"}}],
            }
        ],
    }
]


def test_the_source_text_says_what_the_json_says() -> None:
    assert json.loads(genai_prices(DATA.encode())) == SAID


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"providers = [",
        b"providers = __import__('os').listdir('/')",
        b"providers = [Provider(id='a', models=open('/etc/passwd').read())]",
        b"providers = [x for x in (1, 2)]",
        b"providers = [Provider(id='a' * 10)]",
        b"providers = []\nproviders = []",
        b"providers = " + b"[" * 5000 + b"]" * 5000,
        b"\x00\xff",
    ],
)
def test_what_is_no_such_file_is_refused_and_nothing_is_run(body: bytes) -> None:
    with pytest.raises(BackfillError, match=r"expected data\.py of genai-prices"):
        genai_prices(body)


def test_the_file_is_found_in_the_package_and_where_it_is_installed(tmp_path: Path) -> None:
    assert data_file(tmp_path) is None
    package = tmp_path / "genai_prices"
    package.mkdir()
    (package / "data.py").write_text(DATA)
    assert data_file(tmp_path) == data_file(package) == data_file(package / "data.py") == package / "data.py"

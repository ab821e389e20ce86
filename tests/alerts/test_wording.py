"""Wording: amounts, dates and names as a newspaper prints them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts import wording
from tests.alerts.examples import HOSTILE, side


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("2.5", "USD", "$2.50"), ("3", "USD", "$3.00"), ("0.0375", "USD", "$0.0375"), ("1200", "EUR", "€1,200.00"),
        ("1E+3", "USD", "$1,000.00"), ("0.8", "CNY", "CN¥0.80"), ("5", "CHF", "CHF 5.00"), ("-2", "USD", "−$2.00"),
        ("0.00000015", "USD", "$0.00000015"),
    ],
)  # fmt: skip
def test_money(amount: str, currency: str, said: str) -> None:
    assert wording.money(Decimal(amount), currency) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("1012.4", "$1,012"), ("100", "$100"), ("99.999", "$100.00"), ("12.4", "$12.40"), ("0.004", "less than $0.01"),
        ("0", "$0.00"), ("1234567.8", "$1,234,568"),
    ],
)  # fmt: skip
def test_totals(amount: str, said: str) -> None:
    assert wording.sum_of_money(Decimal(amount), "USD") == said


@pytest.mark.parametrize(
    ("pct", "said"),
    [
        ("-80", "−80 %"), ("25.00", "+25 %"), ("-33.33", "−33 %"), ("2.5", "+2.5 %"), ("9.99", "+10 %"),
        ("0.04", "+0.04 %"),        ("-99.6", "−99.6 %"), ("-100", "−100 %"), ("100.4", "+100.4 %"),
        ("900", "+900 %"), ("12345", "+12,345 %"),
    ],
)  # fmt: skip
def test_per_cent(pct: str, said: str) -> None:
    assert wording.per_cent(Decimal(pct)) == said


@pytest.mark.parametrize(
    ("meter", "conditions", "said"),
    [
        ("input", {}, "input"),
        ("cache_read", {"service_tier": "batch"}, "batch cached input"),
        ("input", {"service_tier": "standard"}, "input"),
        ("cache_write", {"cache_ttl": "1h"}, "1-hour cache write"),
        ("input", {"context_over": 200000, "tier_mode": "whole_prompt"}, "input for prompts over 200K tokens"),
        ("input", {"context_over": 32000, "context_upto": 128000}, "input for prompts of 32K to 128K tokens"),
        ("output", {"context_upto": 131072}, "output for prompts up to 131,072 tokens"),
        ("input", {"fine_tuned": "yes", "service_tier": "batch"}, "batch fine-tuned input"),
        ("output", {"region": "eu-west-1"}, "output in eu-west-1"),
        ("image", {"quality": "High", "resolution": "1024x1024"}, "image, quality High at 1024x1024"),
        ("input", {"modality": "audio"}, "audio input"),
        (None, {}, "price"),
    ],
)
def test_meters(meter: str | None, conditions: dict[str, Any], said: str) -> None:
    assert wording.meter(meter, conditions) == said


@pytest.mark.parametrize(
    ("per", "unit", "said"),
    [
        (1_000_000, "token", "per 1M tokens"), (1000, "token", "per 1K tokens"), (1, "image", "per image"),
        (1000, "search", "per 1,000 searches"), (1000, "request", "per 1,000 requests"), (1, "month", "per month"),
        (1_000_000, "unspecified", ""), ("0.5", "hour", "per 0.5 hours"),
        (1_000_000, "token-hour", "per 1M token-hours"),
    ],
)  # fmt: skip
def test_units(per: object, unit: str, said: str) -> None:
    assert wording.per_unit({"per": per, "unit": unit}) == said


def test_amounts_are_told_in_the_unit_of_the_new_price() -> None:
    assert wording.amount(side("0.003", per=1000), per=1_000_000) == "$3.00"
    assert wording.amount(side("0", state="free")) == "free"
    assert wording.amount(side(None)) == "not offered"
    assert wording.amount(None) == "none"
    assert wording.amount(side("NaN")) == "not stated"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-03-26", "26 March 2026"), ("2026-03", "March 2026"), ("2026-03-26T10:00:00+00:00", "26 March 2026"),
        ("2026-13-40", "2026-13-40"), ("soon", "soon"), (None, "None"), (20260326, "20260326"),
    ],
)  # fmt: skip
def test_days(text: object, said: str) -> None:
    assert wording.day(text) == said


def test_lists() -> None:
    assert wording.listed([]) == ""
    assert wording.listed(["a"]) == "a"
    assert wording.listed(["a", "b", "c"]) == "a, b and c"
    assert wording.listed(list("abcdefgh"), limit=3) == "a, b and 6 more"


@given(st.text(max_size=300), st.integers(1, 200))
def test_what_is_cleaned_is_one_visible_line(text: str, limit: int) -> None:
    said = wording.clean(text, limit)
    assert len(said) <= limit
    assert said.isprintable()
    assert wording.clean(said, limit) == said


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_one_visible_line(hostile: str) -> None:
    assert wording.clean(hostile, 200).isprintable()

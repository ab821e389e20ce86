"""Units as pages print them."""

from decimal import Decimal

import pytest

from crawler.extract.units import counted_unit, find_units, first_unit, fold, periodic_unit


@pytest.mark.parametrize(
    ("text", "per", "name"),
    [
        ("$3 / MTok", 1_000_000, "token"),
        ("per 1M tokens", 1_000_000, "token"),
        ("Price per 1,000 input tokens", 1_000, "token"),
        ("per million input/output tokens", 1_000_000, "token"),
        ("1M INPUT TOKENS (CACHE HIT)", 1_000_000, "token"),
        ("Pricing (1M Tokens)", 1_000_000, "token"),
        ("元/百万 tokens", 1_000_000, "token"),
        ("元/千 Token", 1_000, "token"),
        ("百万tokens输入（缓存命中）", 1_000_000, "token"),
        ("元/万字符", 10_000, "character"),
        ("/M characters", 1_000_000, "character"),
        ("元/张", 1, "image"),
        ("per image*", 1, "image"),
        ("元/首", 1, "song"),
        ("元/音色", 1, "voice"),
        ("0.06 元 / 次", 1, "use"),
        ("/ 1k calls", 1_000, "call"),
        ("/1k requests", 1_000, "request"),
        ("per 1,000 sources requested", 1_000, "source"),
        ("/ 1,000 grounded prompts", 1_000, "prompt"),
        ("/sec", 1, "second"),
        ("/hr", 1, "hour"),
        ("/ GB per day (1GB free)", 1, "GB-day"),
        ("/ GB-day", 1, "GB-day"),
        ("0.04元 / GB / 小时", 1, "GB-hour"),
        ("/ 1,000,000 tokens per hour (storage price)", 1_000_000, "token-hour"),
        ("(百万tokens/小时)", 1_000_000, "token-hour"),
        ("per hour per container", 1, "container-hour"),
        ("per hour, per container", 1, "container-hour"),
        ("per session-hour", 1, "session-hour"),
        ("per 20-minute session per container", 1, "session-container"),
        ("/ 20 minutes / container", 20, "container-minute"),
        ("/ GPU / hr", 1, "GPU-hour"),
        ("/ user / month*", 1, "seat-month"),
        ("元 / 算力单元 / 天", 1, "compute unit-day"),
        ("10000 元 / 人 / 天", 1, "person-day"),
        ("토큰 100만 개당 $2", 1_000_000, "token"),
        ("1,000자당", 1_000, "character"),
    ],
)
def test_what_a_price_is_for(text: str, per: int, name: str) -> None:
    unit = first_unit(fold(text))
    assert unit is not None
    assert (unit.per, unit.name) == (Decimal(per), name)


@pytest.mark.parametrize(
    "text", ["Input Tokens", "262,144 tokens", "minute", "GPT Image 1", "2 requests", "Claude Opus 4.1"]
)
def test_what_is_no_unit(text: str) -> None:
    assert first_unit(fold(text)) is None


@pytest.mark.parametrize(
    ("text", "per", "name"),
    [("Search Queries ($/1K)", 1_000, "query"), ("Input ($/M)", 1_000_000, ""), ("$ / 1,000,000", 1_000_000, "")],
)
def test_a_count_without_its_noun(text: str, per: int, name: str) -> None:
    unit = counted_unit(text)
    assert unit is not None
    assert (unit.per, unit.name) == (Decimal(per), name)


def test_periods_said_by_adverbs() -> None:
    names = [unit.name for text in ("Hourly rate", "PTU monthly reservation") if (unit := periodic_unit(text))]
    assert names == ["hour", "PTU-month"]


def test_several_units_in_a_text_are_found_in_order() -> None:
    found = [unit.unit.name for unit in find_units(fold("$0.0014/sec or $5.04/hr"))]
    assert found == ["second", "hour"]

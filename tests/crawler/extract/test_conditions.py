"""Conditions as pages print them."""

import pytest

from crawler.extract.conditions import merged, read_conditions


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("prompts <= 200k tokens", {"context_upto": 200_000}),
        ("prompts > 200k", {"context_over": 200_000}),
        ("> 200K input tokens", {"context_over": 200_000}),
        ("<272K context length", {"context_upto": 272_000}),
        ("≤ 8,192 tokens", {"context_upto": 8_192}),
        ("8,192 < 长度 ≤ 32,768 tokens", {"context_over": 8_192, "context_upto": 32_768}),
        ("0<Token≤32K", {"context_upto": 32_000}),
        ("0 ≤ 输入长度 ＜ 32k", {"context_upto": 32_000}),
        ("输入长度 ≥ 32k", {"context_over": 32_000}),
        ("输入长度（0, 512k]", {"context_upto": 512_000}),
        ("输入长度 512k+", {"context_over": 512_000}),
        ("256K~1M", {"context_over": 256_000, "context_upto": 1_000_000}),
        ("between 32K and 128K tokens", {"context_over": 32_000, "context_upto": 128_000}),
        ("128,000개 이상", {"context_over": 128_000}),
        ("(batch)", {"service_tier": "batch"}),
        ("Batch API 定价", {"service_tier": "batch"}),
        ("批量推理", {"service_tier": "batch"}),
        ("Fast mode pricing", {"service_tier": "fast"}),
        ("Flex", {"service_tier": "flex"}),
        ("w/ latency optimized inference", {"latency": "optimized"}),
        ("768P, 6s", {"resolution": "768p", "duration": "6s"}),
        ("1024 x 1536", {"resolution": "1024x1536"}),
        ("Free Tier", {"plan": "free"}),
        ("Price beyond free tier", {}),
        ("优惠时段价格", {"time_window": "off_peak"}),
        ("1M", {}),
        ("128K", {}),
        ("GPT Image 1.5", {}),
        ("gpt-4o-2024-05-13", {}),
        ("8k-int8", {}),
        ("GLM-4-32B-0414-128K", {}),
    ],
)
def test_what_a_few_words_state(text: str, found: dict[str, str | int]) -> None:
    assert read_conditions(text).found == found


def test_bounds_are_counted_in_what_the_header_says() -> None:
    text = "输入长度 [0, 32)\n输出长度 [0.2+)"
    assert read_conditions(text, scale=1000).found == {"context_upto": 32_000, "output_over": 200}
    assert read_conditions("[32, 128)", scale=1000).found == {"context_over": 32_000, "context_upto": 128_000}


def test_durations_are_those_of_a_cache_only_there() -> None:
    assert read_conditions("1h Writes", cache=True).found == {"cache_ttl": "1h"}
    assert read_conditions("5m Writes", cache=True).found == {"cache_ttl": "5m"}
    assert read_conditions("1h Writes").found == {}


def test_the_plain_tier_is_no_condition_and_the_nearer_words_win() -> None:
    assert merged([{"service_tier": "batch"}, {"service_tier": "standard"}]) == {}
    assert merged([{"region": "eu"}, {"service_tier": "flex"}]) == {"region": "eu", "service_tier": "flex"}

"""Price tables of providers nobody has written a reader for. All pages are made up for these tests."""

import pytest

from tests.crawler.extract.pricing import Told, codes, told

M = 1_000_000


def usd(model: str, meter: str, amount: str, *more: str, per: int = M, unit: str = "token") -> Told:
    return (model, meter, amount, "USD", per, unit, *more)


def test_models_in_rows_with_units_in_the_cells() -> None:
    page = (
        "## Prices\n\n| Model | Base input | 5m cache writes | 1h cache writes | Cache hits & refreshes | Output |\n"
        "|---|---|---|---|---|---|\n| Zed 2 | $3 / MTok | $3.75 / MTok | $6 / MTok | $0.30 / MTok | $15.00 / MTok |\n"
    )
    assert told(page) == {
        usd("Zed 2", "input", "3"),
        usd("Zed 2", "cache_write", "3.75", "cache_ttl=5m"),
        usd("Zed 2", "cache_write", "6", "cache_ttl=1h"),
        usd("Zed 2", "cache_read", "0.30"),
        usd("Zed 2", "output", "15.00"),
    }


def test_units_in_headers_and_speeds_beside_prices() -> None:
    page = (
        "<table><thead><tr><th>AI model</th><th>Current speed<br>(tokens per second)</th>"
        "<th>Input token price<br>(per million tokens)</th>"
        "<th>Output token price<br>(per million tokens)</th></tr></thead>"
        "<tr><td>Grand 70B</td><td>394 TPS</td><td>$0.59<br>(1.69M / $1)*</td>"
        "<td>$0.79<br>(1.27M / $1)*</td></tr></table>"
    )
    assert told(page) == {usd("Grand 70B", "input", "0.59"), usd("Grand 70B", "output", "0.79")}


def test_units_in_the_sentence_before_and_tiers_as_bare_lines() -> None:
    page = (
        "### Text\n\nPrices per 1M tokens.\n\nBatch\n\n| Model | Input | Cached input | Output |\n|---|---|---|---|\n"
        "| z-1 | $1.00 | - | $4.00 |\n\nFlex\n\n| Model | Input | Cached input | Output |\n|---|---|---|---|\n"
        "| z-1 | $1.50 | $0.15 | $6.00 |\n\nStandard\n\n| Model | Input | Cached input | Output |\n|---|---|---|---|\n"
        "| z-1 | $2.00 | $0.20 | $8.00 |\n\n### Sound tokens\n\nPrices per 1M tokens.\n\n"
        "| Model | Input |\n|---|---|\n| z-1 | $9.00 |\n"
    )
    facts = told(page)
    assert usd("z-1", "input", "1.00", "service_tier=batch") in facts
    assert usd("z-1", "cache_read", "0.15", "service_tier=flex") in facts
    assert usd("z-1", "output", "8.00") in facts
    assert len([fact for fact in facts if fact[1] == "cache_read"]) == 2  # "-" is no price, never 0


@pytest.mark.parametrize("heading", ["Audio tokens", "Image tokens"])
def test_headings_say_which_tokens(heading: str) -> None:
    page = (
        f"## {heading}\n\nPrices per 1M tokens.\n\n| Model | Input | Cached input |\n|---|---|---|\n| z-1 | $9 | $1 |\n"
    )
    kind = heading.split(maxsplit=1)[0].lower()
    assert told(page) == {usd("z-1", f"input_{kind}", "9"), usd("z-1", "cache_read", "1", f"modality={kind}")}


def test_what_is_billed_in_rows_and_the_model_in_the_heading() -> None:
    page = (
        "## Gem 2.5 Pro\n\n| | Free tier | Paid tier, per 1M tokens in USD |\n|---|---|---|\n"
        "| Input price | Not available | $1.25, prompts <= 200k tokens<br>$2.50, prompts > 200k tokens |\n"
        "| Output price (including thinking tokens) | Not available | $10.00 |\n"
        "| Context caching price | Not available | $0.125 (text)<br>$0.30 (audio)<br>"
        "$4.50 / 1,000,000 tokens per hour (storage price) |\n"
        "| Search grounding | Not available | 1,500 RPD (free), then $35 / 1,000 requests |\n"
        "| Used to improve our products | Yes | No |\n"
    )
    assert told(page) == {
        usd("Gem 2.5 Pro", "input", "1.25", "context_upto=200000"),
        usd("Gem 2.5 Pro", "input", "2.50", "context_over=200000"),
        usd("Gem 2.5 Pro", "output", "10.00"),
        usd("Gem 2.5 Pro", "cache_read", "0.125"),
        usd("Gem 2.5 Pro", "cache_read", "0.30", "modality=audio"),
        usd("Gem 2.5 Pro", "storage", "4.50", "stored=cache", unit="token-hour"),
        usd("Gem 2.5 Pro", "web_search", "35", "tool=Search grounding", per=1000, unit="request"),
    }


def test_bounds_in_column_headers_and_what_is_billed_in_a_second_column() -> None:
    page = (
        "<table><tr><th>Model</th><th>Type</th><th>Price (/1M tokens)<br>&lt;= 200K input tokens</th>"
        "<th>Price (/1M tokens)<br>&gt; 200K input tokens</th><th>Price (/1M tokens)<br>&lt;= 200K cached "
        "input tokens</th></tr>"
        "<tr><td rowspan=3>Gem 3</td><td>Input (text, image, video)</td><td>$1.25</td><td>$2.5</td><td>$0.125</td></tr>"
        "<tr><td>Audio input</td><td>$3</td><td>$6</td><td>$0.30</td></tr>"
        "<tr><td>Text output (response and reasoning)</td><td>$10</td><td>$15</td><td>N/A</td></tr></table>"
    )
    up, over = "context_upto=200000", "context_over=200000"
    assert told(page) == {
        usd("Gem 3", "input", "1.25", up),
        usd("Gem 3", "input", "2.5", over),
        usd("Gem 3", "cache_read", "0.125", up),
        usd("Gem 3", "input_audio", "3", up),
        usd("Gem 3", "input_audio", "6", over),
        usd("Gem 3", "cache_read", "0.30", up, "modality=audio"),
        usd("Gem 3", "output", "10", up),
        usd("Gem 3", "output", "15", over),
    }


def test_one_cell_for_all_models_whose_merge_was_lost() -> None:
    page = (
        "Prices are per 1M tokens.\n\n**MODEL|  deep-chat| deep-think  \n---|---|---  \nCONTEXT| 128K  \n"
        "PRICING| 1M INPUT TOKENS (CACHE HIT)| $0.028  \n1M INPUT TOKENS (CACHE MISS)| $0.28  \n1M OUTPUT "
        "TOKENS| $0.42  \n"
    )
    meters = (("cache_read", "0.028"), ("input", "0.28"), ("output", "0.42"))
    assert told(page) == {usd(model, *each) for model in ("deep-chat", "deep-think") for each in meters}


def test_chinese_prices_with_bounds_units_in_headers_and_words_for_nothing() -> None:
    page = (
        "| 模型名称 | 条件<br>千 token | 输入<br>元/百万token | 缓存存储<br>元/百万token/小时 "
        "| 缓存输入命中<br>元/百万token | 输出<br>元/百万token |\n"
        "|---|---|---|---|---|---|\n"
        "| bao-1.6 | 输入长度 [0, 32] 且输出长度 [0, 0.2] | 0.80 | 限时免费 | 0.16 | 2.00 |\n"
        "| bao-1.6 | 输入长度 (32, 128] | 1.20 | 0.017 | 0.16 | 16.00 |\n"
        "| bao-lite 推荐 | - | 免费 | - | \\ | 免费 |\n"
    )
    short = ("context_upto=32000", "output_upto=200")
    long = ("context_over=32000", "context_upto=128000")

    def cny(model: str, meter: str, amount: str, *more: str, unit: str = "token") -> Told:
        return (model, meter, amount, "CNY", M, unit, *more)

    assert told(page) == {
        cny("bao-1.6", "input", "0.80", *short),
        cny("bao-1.6", "storage", "0", *short, "stored=cache", unit="token-hour"),
        cny("bao-1.6", "cache_read", "0.16", *short),
        cny("bao-1.6", "output", "2.00", *short),
        cny("bao-1.6", "input", "1.20", *long),
        cny("bao-1.6", "storage", "0.017", *long, "stored=cache", unit="token-hour"),
        cny("bao-1.6", "cache_read", "0.16", *long),
        cny("bao-1.6", "output", "16.00", *long),
        cny("bao-lite 推荐", "input", "0"),
        cny("bao-lite 推荐", "output", "0"),
    }


def test_units_and_currency_in_a_column_of_their_own() -> None:
    page = (
        "<table><tr><th>模型</th><th>子项</th><th>在线推理</th><th>批量推理</th><th>单位</th></tr>"
        "<tr><td rowspan=2>WEN-4.5-128K</td><td>输入</td><td>0.0008</td><td>0.00032</td>"
        "<td rowspan=2>元/千tokens</td></tr>"
        "<tr><td>输出</td><td>0.0032</td><td>0.00128</td></tr></table>"
    )
    assert told(page) == {
        ("WEN-4.5-128K", "input", "0.0008", "CNY", 1000, "token"),
        ("WEN-4.5-128K", "input", "0.00032", "CNY", 1000, "token", "service_tier=batch"),
        ("WEN-4.5-128K", "output", "0.0032", "CNY", 1000, "token"),
        ("WEN-4.5-128K", "output", "0.00128", "CNY", 1000, "token", "service_tier=batch"),
    }


def test_header_printed_as_a_table_of_its_own() -> None:
    page = (
        "<div><table><thead><tr><th>模型名称</th><th>单价</th><th>Batch API 定价</th></tr></thead></table></div>"
        "<div><table><tbody><tr><td>G-4</td><td>5 元 / 百万Tokens</td><td>2.5 元 / 百万Tokens</td></tr>"
        "<tr><td>G-Flash</td><td>免费</td><td>不支持</td></tr></tbody></table></div>"
    )
    assert told(page) == {
        ("G-4", "tokens", "5", "CNY", M, "token"),
        ("G-4", "tokens", "2.5", "CNY", M, "token", "service_tier=batch"),
        ("G-Flash", "tokens", "0", "CNY", M, "token"),
    }


def test_like_tables_under_tabs_that_stand_apart() -> None:
    page = (
        "<h2>语言模型</h2><p>新加坡</p><p>广州</p>"
        "<table><tr><th>模型名称</th><th>输入（美元/百万 tokens）</th></tr><tr><td>K-2</td><td>0.6</td></tr></table>"
        "<table><tr><th>模型名称</th><th>输入（美元/百万 tokens）</th></tr><tr><td>K-2</td><td>0.56</td></tr></table>"
    )
    assert told(page) == {usd("K-2", "input", "0.6", "region=新加坡"), usd("K-2", "input", "0.56", "region=广州")}


def test_several_models_in_a_cell_and_an_explanation_under_a_name() -> None:
    page = (
        "| Model | Price per 1M characters |\n|---|---|\n| • talk-2-turbo<br>• talk-1-turbo | $60 |\n"
        "| talk-2-hd <br />High concurrency, commercial use | $100 |\n| Opus 5 / Opus 4.8 |"
        " $7 |\n| Sonnet 4.5 / 4 | $8 |\n"
    )
    names = {fact[0]: fact[2] for fact in told(page)}
    assert names == {
        "talk-2-turbo": "60",
        "talk-1-turbo": "60",
        "talk-2-hd": "100",
        "Opus 5": "7",
        "Opus 4.8": "7",
        "Sonnet 4.5": "8",
        "Sonnet 4": "8",
    }


def test_badges_and_validity_dates_are_no_part_of_a_name() -> None:
    page = (
        "| Model | Input | Output |\n|---|---|---|\n"
        "| Son 5 [through August 31, 2026](/x) | $2 / MTok | $10 / MTok |\n"
        "| Son 5 starting September 1, 2026 | $3 / MTok | $15 / MTok |\n"
        "| Op 4 ([retired, except on Bedrock](/y)) | $15 / MTok | $75 / MTok |\n| Myth 5 (limited availability) "
        "| $1 / MTok | - |\n"
    )
    assert told(page) == {
        usd("Son 5", "input", "2", "to 2026-08-31"),
        usd("Son 5", "output", "10", "to 2026-08-31"),
        usd("Son 5", "input", "3", "from 2026-09-01"),
        usd("Son 5", "output", "15", "from 2026-09-01"),
        usd("Op 4", "input", "15"),
        usd("Op 4", "output", "75"),
        usd("Myth 5", "input", "1"),
    }


def test_two_currencies_side_by_side_in_columns_of_their_own() -> None:
    page = (
        "| Model | Endpoint | Input (USD) | Input (EUR) |\n|---|---|---|---|\n"
        "| Mist Small | `mist-small-1` | 2$ / 1M tokens | 1.85€ / 1M tokens |\n"
    )
    assert told(page) == {usd("mist-small-1", "input", "2"), ("mist-small-1", "input", "1.85", "EUR", M, "token")}


def test_struck_out_prices_are_not_the_price() -> None:
    page = "| Model | Input ($/1M tokens) |\n|---|---|\n| z-1 | ~~$5.00~~ $3.00 |\n| z-2 | 1.5 |\n"
    assert told(page) == {usd("z-1", "input", "3.00"), usd("z-2", "input", "1.5")}


def test_cached_price_beside_the_plain_one_in_a_cell() -> None:
    page = "| Model | $ per 1M input tokens |\n|---|---|\n| D-3.1 | $0.27 / $0.216 cached |\n"
    assert told(page) == {usd("D-3.1", "input", "0.27"), usd("D-3.1", "cache_read", "0.216")}


def test_bare_counts_in_headers_and_sizes_as_columns() -> None:
    page = (
        "## Tokens\n\n| Model | Input tokens ($/1M) | Reasoning tokens ($/1M) | Search queries ($/1K) |"
        "\n|---|---|---|---|\n"
        "| Son Deep | $2 | $3 | $5 |\n\n## Requests\n\nFees are charged per 1K requests.\n\n"
        "| Model | Low context size | High context size |\n|---|---|---|\n| Son | $5 | $12 |\n"
    )
    assert told(page) == {
        usd("Son Deep", "input", "2"),
        usd("Son Deep", "reasoning", "3"),
        usd("Son Deep", "web_search", "5", per=1000, unit="query"),
        usd("Son", "request", "5", "variant=Low context size", per=1000, unit="request"),
        usd("Son", "request", "12", "variant=High context size", per=1000, unit="request"),
    }


def test_images_by_quality_and_size_with_cells_lost_to_a_merge_and_headers_repeated() -> None:
    page = (
        "### Images\n\nPrices per image.\n\n| Model | Quality | 1024 x 1024 | 1024 x 1536 |"
        "\n| --- | --- | --- | --- |\n"
        "| Pic 1 | Low | $0.011 | $0.016 |\n| High | $0.167 | $0.25 |\n|  |\n"
        "| Model | Quality | 256 x 256 | 512 x 512 |\n| Pic 0 | Standard | $0.016 | $0.018 |\n"
    )
    assert told(page) == {
        usd("Pic 1", "image", "0.011", "quality=Low", "resolution=1024x1024", per=1, unit="image"),
        usd("Pic 1", "image", "0.016", "quality=Low", "resolution=1024x1536", per=1, unit="image"),
        usd("Pic 1", "image", "0.167", "quality=High", "resolution=1024x1024", per=1, unit="image"),
        usd("Pic 1", "image", "0.25", "quality=High", "resolution=1024x1536", per=1, unit="image"),
        usd("Pic 0", "image", "0.016", "quality=Standard", "resolution=256x256", per=1, unit="image"),
        usd("Pic 0", "image", "0.018", "quality=Standard", "resolution=512x512", per=1, unit="image"),
    }


def test_tools_storage_sessions_and_hardware() -> None:
    page = (
        "## Tools\n\n| Tool | Cost |\n|---|---|\n| Web search (all models) [1] | $10.00 / 1k calls + content tokens |\n"
        "| File storage | $0.10 / GB per day (1GB free) |\n"
        "| Sandbox | 1 GB: $0.03 / container<br>4 GB: $0.12 / container |\n\n"
        "## Hardware\n\n| GPU | VRAM | Price |\n|---|---|---|\n| H100 SXM | 80 GB | $2.99 / GPU / hr |\n\n"
        "## Agents pricing\n\n### Session runtime\n\n| SKU | Rate | Metering |\n|---|---|---|\n"
        "| Session runtime | $0.08 per session-hour | running time |\n"
    )
    assert told(page) == {
        usd("Web search (all models)", "tool_call", "10.00", per=1000, unit="call"),
        usd("File storage", "storage", "0.10", per=1, unit="GB-day"),
        usd("Sandbox", "session", "0.03", "variant=1 GB", per=1, unit="container"),
        usd("Sandbox", "session", "0.12", "variant=4 GB", per=1, unit="container"),
        usd("H100 SXM", "gpu_hour", "2.99", per=1, unit="GPU-hour"),
        usd("Agents session runtime", "session", "0.08", per=1, unit="session-hour"),
    }


def test_tables_under_a_heading_without_a_name_belong_to_the_models_they_are_introduced_with() -> None:
    page = (
        "## Models\n\n| Model | Input | Output |\n|---|---|---|\n| Claus Son 4 | $3 / MTok | $15 / MTok |\n"
        "| Claus Son 4.5 | $3 / MTok | $15 / MTok |\n\n## Long context\n\nFor Claus Son 4 and Son 4.5, long "
        "requests cost more:\n\n"
        "| ≤ 200K input tokens | > 200K input tokens |\n|---|---|\n| Input: $3 / MTok | Input: $6 / MTok |\n"
    )
    facts = told(page)
    for model in ("Claus Son 4", "Claus Son 4.5"):
        assert usd(model, "input", "6", "context_over=200000") in facts


def test_worked_examples_are_no_prices() -> None:
    page = (
        "## Prices\n\n| Model | Input |\n|---|---|\n| z-1 | $3 / MTok |\n\n## Worked example\n\n"
        "| Line item | Calculation | Cost |\n|---|---|---|\n| Input tokens | 50,000 × $3 / 1,000,000 | $0.15 |\n\n"
        "## A request\n\n| Item | Calculation | Total |\n|---|---|---|\n| Input | 2 x | $6 |\n"
    )
    assert told(page) == {usd("z-1", "input", "3")}


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("| Model | Input |\n|---|---|\n| z-1 | $3 |\n", "unknown_unit"),
        ("| Model | Input per 1M tokens |\n|---|---|\n| z-1 | ¥3 |\n", "unknown_currency"),
        ("| Model | Input per 1M tokens |\n|---|---|\n| z-1 | $1 |\n| z-2 | €1 |\n", "mixed_currencies"),
        ("| Model | Input per 1K tokens |\n|---|---|\n| z-1 | $- |\n", "unread_prices"),
        ("| | Paid, per 1M tokens in USD |\n|---|---|\n| Input price | $3 |\n", "no_subject"),
        ('{"prices": []}', "unreadable"),
    ],
)
def test_what_is_not_understood_is_an_issue_and_never_a_default(page: str, code: str) -> None:
    assert set(codes(page)) == {code}


def test_a_page_that_lost_the_names_of_its_models_is_refused_as_a_whole() -> None:
    table = (
        "| | Free tier | Paid tier, per 1M tokens in USD |\n|---|---|---|\n| Input price | Free of charge | $1.25 |\n\n"
    )
    page = (
        "### Enterprise\n\nFor large companies.\n\n" + table * 4 + "| Model | Input |\n|---|---|\n| z-1 | $3 / MTok |\n"
    )
    assert set(codes(page)) == {"no_subject"}


def test_what_a_shared_sign_means_is_settled_by_the_page_or_the_configuration() -> None:
    table = "| Model | Input per 1M tokens |\n|---|---|\n| z-1 | ¥3 |\n"
    chinese = "以下价格均为每百万词元的费用，请以控制台账单为准，模型调用按量计费。\n\n"
    japanese = "以下の料金は百万トークンあたりの価格です。モデルごとにごかくにんください。\n\n"
    assert {fact[3] for fact in told(chinese + table)} == {"CNY"}
    assert {fact[3] for fact in told(japanese + table)} == {"JPY"}
    assert {fact[3] for fact in told(table, yen="CNY")} == {"CNY"}


def test_ranges_and_words_are_no_amounts() -> None:
    page = (
        "| Model | Input price per 1M tokens |\n|---|---|\n"
        "| r-1 | $0.10 - $0.50 |\n| r-2 | Contact sales |\n| r-3 | from $1 |\n"
    )
    facts = {fact[0]: fact[2] for fact in told(page)}
    assert facts == {"r-1": "varies", "r-2": "varies", "r-3": "1"}

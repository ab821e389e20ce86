"""Whole pages in forms that providers use: flattened cells, tools, plans, prices by the clock, other languages."""

from tests.crawler.extract.pricing import MILLION, codes, told, usd


def test_cells_whose_line_breaks_were_lost() -> None:
    page = (
        "## Gem 4 Pro\n\n### Standard\n\n| | Free Tier | Paid Tier, per 1M tokens in USD |\n|---|---|---|\n"
        "| Input price | Free of charge | $2.00, prompts <= 200k tokens $4.00, prompts > 200k tokens |\n"
        "| Context caching price | Not available | $0.20, prompts <= 200k tokens $0.40, prompts > 200k "
        "$4.50 / 1,000,000 tokens per hour (storage price) |\n"
        "| Live API | Not available | Input: $0.35 (text), $2.10 (audio / image) Output: $1.50 (text), $8.50 "
        "(audio) |\n"
    )
    assert told(page) == {
        usd("Gem 4 Pro", "input", "0", "plan=free"),
        usd("Gem 4 Pro", "input", "2.00", "context_upto=200000"),
        usd("Gem 4 Pro", "input", "4.00", "context_over=200000"),
        usd("Gem 4 Pro", "cache_read", "0.20", "context_upto=200000"),
        usd("Gem 4 Pro", "cache_read", "0.40", "context_over=200000"),
        usd("Gem 4 Pro", "storage", "4.50", "stored=cache", unit="token-hour"),
        usd("Gem 4 Pro", "input", "0.35", "variant=Live API"),
        usd("Gem 4 Pro", "input_audio", "2.10", "variant=Live API"),
        usd("Gem 4 Pro", "output", "1.50", "variant=Live API"),
        usd("Gem 4 Pro", "output_audio", "8.50", "variant=Live API"),
    }


def test_a_name_without_a_figure_among_names_that_have_one() -> None:
    table = "\n\n| | Paid, per 1M tokens in USD |\n|---|---|\n| Input price | $1 |\n"
    names = ["Gem 4 Pro", "Gem 4 Flash", "Veo 9", "Imagen 7", "Mango Peel"]
    page = "# Prices\n\n" + "\n".join(f"## {name}{table}" for name in names)
    assert told(page) == {usd(name, "input", "1") for name in names}
    assert "no_subject" in codes(
        "# Prices\n\n" + "\n".join(f"## {name}{table}" for name in ("Mango Peel", "Pear Core"))
    )


def test_estimates_are_marked_and_sizes_are_no_counts() -> None:
    page = (
        "## Gem 4 Image\n\n| | Paid, per 1M tokens in USD |\n|---|---|\n"
        "| Output price | $120.00 (images) Equivalent to $0.134 per 1K/2K image and $0.24 per 4K image |\n"
    )
    assert told(page) == {
        usd("Gem 4 Image", "output_image", "120.00"),
        usd("Gem 4 Image", "image", "0.134", "basis=estimate", "resolution=2k", per=1, unit="image"),
        usd("Gem 4 Image", "image", "0.24", "basis=estimate", "resolution=4k", per=1, unit="image"),
    }


def test_peak_and_off_peak_prices() -> None:
    page = (
        "<p>All prices are per 1M tokens.</p><table><tr><th colspan=2>MODEL</th>"
        "<th>deep-flash-4</th><th>deep-pro-4</th></tr>"
        "<tr><td rowspan=2>PEAK PRICE<br>(UTC 01:00-04:00)</td>"
        "<td>INPUT (CACHE HIT)</td><td>$0.02</td><td>$0.04</td></tr>"
        "<tr><td>OUTPUT</td><td>$0.56</td><td>$6.96</td></tr>"
        "<tr><td rowspan=2>OFF-PEAK PRICE</td>"
        "<td>INPUT (CACHE HIT)</td><td><del>$0.02</del> $0.01</td><td>$0.02</td></tr>"
        "<tr><td>OUTPUT</td><td>$0.28</td><td>$3.48</td></tr></table>"
    )
    assert told(page) == {
        usd("deep-flash-4", "cache_read", "0.02", "time_window=peak"),
        usd("deep-pro-4", "cache_read", "0.04", "time_window=peak"),
        usd("deep-flash-4", "output", "0.56", "time_window=peak"),
        usd("deep-pro-4", "output", "6.96", "time_window=peak"),
        usd("deep-flash-4", "cache_read", "0.01", "time_window=off_peak"),
        usd("deep-pro-4", "cache_read", "0.02", "time_window=off_peak"),
        usd("deep-flash-4", "output", "0.28", "time_window=off_peak"),
        usd("deep-pro-4", "output", "3.48", "time_window=off_peak"),
    }


def test_a_row_with_more_cells_than_its_header() -> None:
    for outer in ("", "|"):
        rows = [
            "MODEL| deep-flash-4| deep-pro-4",
            "---|---|---",
            "PRICING| 1M INPUT TOKENS (CACHE HIT)| $0.0028| $0.0145",
            "1M OUTPUT TOKENS| $0.28| $3.48",
        ]
        page = "# Prices\n\n" + "\n".join(f"{outer}{row}{outer}" for row in rows)
        assert told(page) == {
            usd("deep-flash-4", "cache_read", "0.0028"),
            usd("deep-pro-4", "cache_read", "0.0145"),
            usd("deep-flash-4", "output", "0.28"),
            usd("deep-pro-4", "output", "3.48"),
        }


def test_thresholds_in_headers_belong_to_the_prompt() -> None:
    page = (
        "Prices are per million tokens.\n\n| Model | Input (≤ 200K) | Input (> 200K) | Output (> 200K) |"
        "\n|---|---|---|---|\n"
        "| grok-9 | $1.25 | $2.50 | $5.00 |\n"
    )
    assert told(page) == {
        usd("grok-9", "input", "1.25", "context_upto=200000"),
        usd("grok-9", "input", "2.50", "context_over=200000"),
        usd("grok-9", "output", "5.00", "context_over=200000"),
    }


def test_words_after_each_of_several_prices() -> None:
    page = "| Mode | Cost |\n|---|---|\n| Speech to Text | $0.10 / hour batch, $0.20 / hour streaming |\n"
    assert told(page) == {
        usd("Speech to Text", "audio_second", "0.10", "service_tier=batch", per=1, unit="hour"),
        usd("Speech to Text", "audio_second", "0.20", per=1, unit="hour"),
    }


def test_names_with_thresholds_and_kinds_in_a_second_column() -> None:
    page = (
        "| Model | Type | Price (/1M tokens) <= 200K input tokens | Price (/1M tokens) > 200K input tokens "
        "|\n|---|---|---|---|\n"
        "| Gem 4 Pro | Input (text, image) | $1.25 | $2.5 |\n| | Text output (response and reasoning) | $10 | $15 |\n\n"
        "| Model | Price (/1M tokens) |\n|---|---|\n| Son 5 <= 200K Input Tokens | Input: $3<br>Output: $15 |\n"
    )
    assert told(page) == {
        usd("Gem 4 Pro", "input", "1.25", "context_upto=200000"),
        usd("Gem 4 Pro", "input", "2.5", "context_over=200000"),
        usd("Gem 4 Pro", "output", "10", "context_upto=200000"),
        usd("Gem 4 Pro", "output", "15", "context_over=200000"),
        usd("Son 5", "input", "3", "context_upto=200000"),
        usd("Son 5", "output", "15", "context_upto=200000"),
    }


def test_series_version_and_mode_in_columns_of_their_own() -> None:
    page = (
        "| 模型系列 | 模型版本 | 服务类型 | 输入价格 | 输出价格 | 单位 |\n|---|---|---|---|---|---|\n"
        "| WEN 4.5 | wen-4.5-turbo-128k | 在线推理 | 0.0008 | 0.0032 | 元/千tokens |\n"
        "| WEN 4.5 | wen-4.5-turbo-128k | 批量推理 | 0.00032 | 0.00128 | 元/千tokens |\n"
    )
    name = "wen-4.5-turbo-128k"
    assert told(page) == {
        (name, "input", "0.0008", "CNY", 1000, "token"),
        (name, "output", "0.0032", "CNY", 1000, "token"),
        (name, "input", "0.00032", "CNY", 1000, "token", "service_tier=batch"),
        (name, "output", "0.00128", "CNY", 1000, "token", "service_tier=batch"),
    }


def test_euros_with_a_decimal_comma_and_hardware_with_an_estimate() -> None:
    page = (
        "| Model | Input | Output |\n|---|---|---|\n| lumi-70b | 0,75 €/million de tokens | €2.25/million tokens |\n\n"
        "| Instance | Hourly price | Monthly estimate |\n|---|---|---|\n| L4-1-24G | €0.93/hour | ~€678.90 |\n"
    )
    assert told(page) == {
        ("lumi-70b", "input", "0.75", "EUR", MILLION, "token"),
        ("lumi-70b", "output", "2.25", "EUR", MILLION, "token"),
        ("L4-1-24G", "gpu_hour", "0.93", "EUR", 1, "hour"),
    }


def test_plans_by_the_seat() -> None:
    page = (
        "<h1>Plans</h1><div><h2>Pro</h2><p>For every day</p><p>$17</p>"
        "<p>Per month with annual subscription discount ($200 billed up front). $20 if billed monthly.</p></div>"
        "<div><h2>Max</h2><p>From $100</p><p>Per person billed monthly</p></div>"
        "<div><h2>Team</h2><h3>Standard seat</h3><p>$25 per person / month billed annually. $30 per person / month if "
        "billed monthly.</p></div><div><h2>Enterprise</h2><p>Contact sales</p></div>"
    )
    assert told(page) == {
        usd("Pro", "seat", "17", "commitment=annual", per=1, unit="seat-month"),
        usd("Pro", "seat", "20", "commitment=monthly", per=1, unit="seat-month"),
        usd("Max", "seat", "100", "commitment=monthly", per=1, unit="seat-month"),
        usd("Team standard seat", "seat", "25", "commitment=annual", per=1, unit="seat-month"),
        usd("Team standard seat", "seat", "30", "commitment=monthly", per=1, unit="seat-month"),
    }


def test_a_statement_for_the_whole_page_outlives_headings_below_it() -> None:
    page = (
        "# Rates\n\nAll prices are in US dollars ($) per one million tokens (1M tokens).\n\n### Parts\n\n"
        "Each model's pricing has two parts.\n\n## Acme\n\n| Model | Input | Output |\n|"
        "---|---|---|\n| a-1 | $3 | $15 |\n"
    )
    assert told(page) == {usd("a-1", "input", "3"), usd("a-1", "output", "15")}


def test_tiles_steps_and_allowances() -> None:
    page = (
        "Every account gets credits.\n\n| Account | Monthly credits |\n|---|---|\n| Free | $0.10 |\n| Pro | $2.00 |\n\n"
        "| Model | Price |\n|---|---|\n| flux-1 | $0.00005 per 512x512 tile <br/> $0.0001 per step |\n"
        "| whisper-3 | $0.0005 per audio minute |\n"
    )
    assert told(page) == {
        usd("flux-1", "image", "0.00005", "resolution=512x512", per=1, unit="tile"),
        usd("flux-1", "image", "0.0001", per=1, unit="step"),
        usd("whisper-3", "audio_second", "0.0005", per=1, unit="minute"),
    }


def test_the_same_table_for_two_places() -> None:
    header = "| 模型 | 输入价格（美元/百万 tokens） |\n|---|---|\n"
    page = f"新加坡\n\n{header}| V9 | 0.29 |\n| G5 | 1 |\n\n广州\n\n{header}| V9 | 0.28 |\n"
    assert told(page) == {
        usd("V9", "input", "0.29", "region=新加坡"),
        usd("G5", "input", "1", "region=新加坡"),
        usd("V9", "input", "0.28", "region=广州"),
    }


def test_a_header_that_was_lost_inside_a_table() -> None:
    page = (
        "Prices per image.\n\n| Model | Quality | 1024 x 1024 | 1024 x 1536 |\n|---|---|"
        "---|---|\n| img-2 | Low | $0.01 | $0.02 |\n"
        "|  |\n|  |\n| img-1 | Standard | $0.016 | $0.018 |\n"
    )
    assert codes(page) == ["lost_header"]


def test_commitments_storage_and_units_of_capacity() -> None:
    page = (
        "| Model | Price per hour per model unit with no commitment | Price per hour per model unit with "
        "1-month commitment "
        "| Price to store each custom model per month |\n|---|---|---|---|\n| Claus 2 | $44.00 | $39.60 | $1.95 |\n"
    )
    assert told(page) == {
        usd("Claus 2", "unit_hour", "44.00", "commitment=none", per=1, unit="model unit-hour"),
        usd("Claus 2", "unit_hour", "39.60", "commitment=1 month", per=1, unit="model unit-hour"),
        usd("Claus 2", "storage", "1.95", per=1, unit="month"),
    }


def test_modes_offline_inference_and_quoted_remarks() -> None:
    page = (
        "# 价格说明\n\n以下为各模型的单价，请以控制台账单为准，按实际用量计费。\n\n"
        "| 模型名称 | 在线推理<br>元/百万token | 离线推理<br>元/百万token |\n|---|---|---|\n"
        "| dance-2 | 46 | 23 |\n\n"
        "| 模型 | 价格 |\n|---|---|\n| voice-2 > Context cache discounts available. | ￥105 / M UTF-8 bytes |\n\n"
        "| 模型名称 | 输出视频分辨率 | 单价 |\n|---|---|---|\n| film-2 | 720P | 0.6元/秒 |\n"
        "| film-2 | 1080P | 1元/秒 |\n"
    )
    assert told(page) == {
        ("dance-2", "tokens", "46", "CNY", MILLION, "token"),
        ("dance-2", "tokens", "23", "CNY", MILLION, "token", "service_tier=flex"),
        ("voice-2", "character", "105", "CNY", MILLION, "byte"),
        ("film-2", "video_second", "0.6", "CNY", 1, "second", "resolution=720p"),
        ("film-2", "video_second", "1", "CNY", 1, "second", "resolution=1080p"),
    }

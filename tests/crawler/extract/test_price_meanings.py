"""What a price page means where its words alone mislead: other sellers, days in headers, counts without nouns, tabs."""

import json

from tests.crawler.extract.pricing import codes, read, told, usd

HEAD = "# Prices\n\nAll prices are in USD per 1M tokens.\n\n"


def test_what_other_sellers_ask_beside_it_is_no_price_of_this_page() -> None:
    groups = (
        "<p>Everything below is USD per 1M tokens.</p><table><thead>"
        "<tr><th></th><th colspan=2>Acme</th><th colspan=2>OpenAI</th></tr>"
        "<tr><th>Model</th><th>Input</th><th>Output</th><th>Input</th><th>Output</th></tr></thead>"
        "<tr><td>opal-4</td><td>$1</td><td>$2</td><td>$3</td><td>$4</td></tr></table>"
    )
    assert told(groups) == {usd("opal-4", "input", "1"), usd("opal-4", "output", "2")}
    names = "| Model | Acme | ElevenLabs |\n|---|---|---|\n| Nova | $15 / 1M characters | $180 / 1M characters |\n"
    assert {each[:3] for each in told(names)} == {("Nova", "character", "15")}
    assert {each.why for each in read(names).ignored} >= {"what another seller asks"}


def test_sellers_in_columns_are_prices_where_no_column_is_this_provider_s() -> None:
    page = "| Model | Groq | Together |\n|---|---|---|\n| opal-4 | $1 / 1M tokens | $2 / 1M tokens |\n"
    assert len(read(page).facts) == 2


def test_days_in_headers_are_days_and_no_variants() -> None:
    page = (
        HEAD + "| Model | Input (until Nov 30, 2026) | Input (from Dec 1, 2026) |\n|---|---|---|\n"
        "| opal-4 | $2 | $3 |\n"
    )
    assert told(page) == {
        usd("opal-4", "input", "2", "to 2026-11-30"),
        usd("opal-4", "input", "3", "from 2026-12-01"),
    }


def test_a_count_without_a_noun_counts_tokens_under_input_whatever_is_told_of_requests() -> None:
    page = (
        "# Search\n\nModels are billed for tokens plus a fee per 1,000 requests.\n\n## Tokens\n\n"
        "| Model | Input ($/1M) | Output ($/1M) | Reasoning ($/1M) |\n|---|---|---|---|\n| opal | 1 | 2 | 3 |\n\n"
        "## Request fee ($ per 1,000 requests)\n\n| Model | Low | High |\n|---|---|---|\n| opal | 5 | 12 |\n"
    )
    assert told(page) == {
        usd("opal", "input", "1"),
        usd("opal", "output", "2"),
        usd("opal", "reasoning", "3"),
        usd("opal", "request", "5", "variant=Low", per=1000, unit="request"),
        usd("opal", "request", "12", "variant=High", per=1000, unit="request"),
    }


def test_joined_amounts_under_a_list_in_brackets() -> None:
    page = HEAD + "| Model | Pricing [in, cached, out] |\n|---|---|\n| opal-4 | $2 / $1 / $9 |\n"
    assert told(page) == {
        usd("opal-4", "input", "2"),
        usd("opal-4", "cache_read", "1"),
        usd("opal-4", "output", "9"),
    }


def test_tables_in_tabs_that_price_the_same_otherwise_are_told_apart_by_their_tabs() -> None:
    table = "\n| Model | Price |\n|---|---|\n| Hear 3 | ${}/min |\n\n"
    tabs = (f'<Tab title="{tab}">\n{table.format(amount)}</Tab>\n' for tab, amount in (("Files", 4), ("Live", 5)))
    assert told("# Speech to text\n\n<Tabs>\n" + "".join(tabs) + "</Tabs>\n") == {
        ("Hear 3", "audio_second", "4", "USD", 1, "minute", "section=Files"),
        ("Hear 3", "audio_second", "5", "USD", 1, "minute", "section=Live"),
    }


def test_entries_of_a_list_with_what_goes_in_and_comes_out() -> None:
    page = (
        "<ul><li><a href=/m>Opal 5</a> <small>203K context</small> <b>$0.60</b> in / <b>$2.20</b> out "
        "<em>per 1M tokens</em></li></ul><p>Voice Agent: $0.05 / minute ($3.00 / hour)</p>"
    )
    assert told(page) == {
        usd("Opal 5", "input", "0.60"),
        usd("Opal 5", "output", "2.20"),
        usd("Voice Agent", "audio_second", "0.05", per=1, unit="minute"),
        usd("Voice Agent", "audio_second", "3.00", per=1, unit="hour"),
    }


def test_ways_to_use_a_thing_in_bold_before_their_prices() -> None:
    page = "## Voice agent\n\n**Standard** $0.08 per minute\n\n**Own model** $0.07 per minute\n"
    assert told(page) == {
        usd("Voice agent", "audio_second", "0.08", "variant=Standard", per=1, unit="minute"),
        usd("Voice agent", "audio_second", "0.07", "variant=Own model", per=1, unit="minute"),
    }


def test_training_tokens_are_trained_on_whatever_the_columns_are_called() -> None:
    page = (
        "## Fine-tuning\n\nPer 1M training tokens.\n\n| Base model size | LoRA |\n|---|---|\n| Up to 16B | $0.48 |\n"
        "| 17B - 69B | $1.50 |\n"
    )
    assert {each[:3] for each in told(page)} == {("Up to 16B", "training", "0.48"), ("17B - 69B", "training", "1.50")}


def test_magic_blocks_of_documentation_sites_are_tables() -> None:
    cells = '{"data": {"h-0": "Model", "h-1": "Price per million tokens", "0-0": "`embed-2`", "0-1": "$0.18"}}'
    page = f"Intro.\n\n[block:parameters]\n{cells}\n[/block]\n\nAfter.\n"
    assert told(page) == {usd("embed-2", "embedding", "0.18")}
    assert codes(page.replace('"h-0"', "h-0")) == []  # no JSON: text like any other


def test_what_is_free_up_to_an_amount_is_no_price() -> None:
    page = "<h2>無料枠</h2><p>毎月500円分まで無料でご利用いただけます。</p>"
    assert told(page) == set()


def test_units_in_data_are_read_with_their_underscores() -> None:
    price = '{{"name": "opal-{0}", "pricing": {{"unit": "per_million_tokens", "input": {0}, "output": 9}}}}'
    rows = ", ".join(map(price.format, (1, 2)))
    page = f'<h1>Prices</h1><script type="application/json">{{"a": [{rows}], "currency": "USD"}}</script>'
    assert {each[:3] for each in told(page)} >= {("opal-1", "input", "1"), ("opal-2", "output", "9")}


def test_cards_that_are_links_have_titles_and_no_sizes_for_names() -> None:
    card = (
        '<a href="/m"><div>Deep V4</div><div><span class="tag">New</span><span class="tag">Code</span></div>'
        "<div>164K context</div><div>Input<b>$0.50</b></div><div>Output<b>$1.75</b></div></a>"
    )
    page = f"<h1>Pricing</h1><p>All token prices per 1M.</p>{card}{card.replace('V4', 'V5')}"
    assert {each[:3] for each in told(page)} == {
        (f"Deep V{n}", side, amount) for n in (4, 5) for side, amount in (("input", "0.50"), ("output", "1.75"))
    }


def test_tables_under_titles_with_days_hold_on_these() -> None:
    table = "\n\n| Model | Input ($/1M) |\n|---|---|\n| opal-4 | {} |\n\n"
    page = f"## Prices until December 14, 2026{table.format(9)}## Prices from December 15, 2026{table.format(7)}"
    assert told(page) == {
        usd("opal-4", "input", "9", "to 2026-12-14"),
        usd("opal-4", "input", "7", "from 2026-12-15"),
    }


def test_columns_without_a_unit_are_counted_like_the_others() -> None:
    head = "| 模型 | 输入(元/百万token) | 输出(元/百万token) | 批量推理输入 |\n|---|---|---|---|\n"
    page = f"{head}| opal-4 | 0.80 | 8 | 0.40 |\n"
    assert ("opal-4", "input", "0.40", "CNY", 1_000_000, "token", "service_tier=batch") in told(page)


def test_thousands_set_apart_by_spaces_and_taxes_behind_the_sign() -> None:
    page = (
        "<h2>GPU</h2><table><tr><th>Instance</th><th>Prix</th></tr>"
        "<tr><td>H100-1</td><td>1 839,60 € HT/mois</td></tr></table>"
    )
    assert {each[:4] for each in told(page)} == {("H100-1", "plan", "1839.60", "EUR")}


def test_sentences_of_what_a_model_costs() -> None:
    page = (
        "opal-2 costs $1.00 input and $4.00 output per million tokens.\n\n"
        "Prices for opal-3 (retiring May 2, 2027) stay at $2 input and $5 output per million tokens.\n\n"
        "| Model | Output ($/1M) |\n|---|---|\n| acme/opal-4 | 4.40 |\n\n"
        "Starting January 15, 2027, opal-4 output will cost $5.00 per million tokens.\n"
    )
    assert told(page) == {
        usd("opal-2", "input", "1.00"),
        usd("opal-2", "output", "4.00"),
        usd("opal-3", "input", "2"),
        usd("opal-3", "output", "5"),
        usd("acme/opal-4", "output", "4.40"),
        usd("acme/opal-4", "output", "5.00", "from 2027-01-15"),
    }


def test_what_credits_cost_is_no_price_of_anything() -> None:
    assert told("## Buying credits\n\n| Pack | Price | Credits |\n|---|---|---|\n| Small | $10 | 1,000 |\n") == set()


def test_tables_drawn_with_characters_and_tags_of_documentation_sites() -> None:
    grid = (
        "Prices in USD per one million tokens.\n\n+--------+-------+\n| Model  | Input |\n+========+=======+\n"
        "| opal-4 | 0.60  |\n+--------+-------+\n"
    )
    simple = (
        "Fine-tuning in USD:\n\n=======  ========================\nModel    Training ($ / 1M tokens)\n"
        "=======  ========================\nopal-4   2.00\n=======  ========================\n"
    )
    tabs = '{% tabs %}\n{% tab title="Batch" %}\n| Model | Input ($/1M) |\n|---|---|\n| opal-4 | 0.30 |\n{% endtab %}\n'
    assert told(grid) == {usd("opal-4", "input", "0.60")}
    assert {each[:3] for each in told(simple)} == {("opal-4", "training", "2.00")}
    assert told(tabs + "{% endtabs %}\n") == {usd("opal-4", "input", "0.30", "service_tier=batch")}


def test_a_name_whose_remark_slipped_to_the_next_line() -> None:
    page = HEAD + "Model| Input  \n---|---  \nopal-4  \n_(latest)_| $2  \nopal-3| $1  \n"
    assert told(page) == {usd("opal-4", "input", "2"), usd("opal-3", "input", "1")}


def test_captions_below_their_amounts_and_labels_above_them() -> None:
    below = "<h2>Command A</h2><p>$3.00 / 1M tokens</p><p>Input</p><p>$12.00 / 1M tokens</p><p>Output</p>"
    above = "<h2>Command A</h2><p>Input</p><p>$3.00 / 1M tokens</p><p>Output</p><p>$12.00 / 1M tokens</p>"
    expected = {usd("Command A", "input", "3.00"), usd("Command A", "output", "12.00")}
    assert told(below) == told(above) == expected


def test_plans_in_columns_are_conditions_of_what_the_rows_name() -> None:
    page = (
        "| Feature | Free | Team | Enterprise |\n|---|---|---|---|\n| Seats | 1 | 9 | 99 |\n"
        "| Opal-2 input, per 1M tokens | $1.00 | $0.80 | Custom |\n"
    )
    assert told(page) == {
        usd("Opal-2", "input", "1.00", "plan=free"),
        usd("Opal-2", "input", "0.80", "plan=team"),
        usd("Opal-2", "input", "varies", "plan=enterprise"),
    }


def test_two_plain_numbers_in_a_cell() -> None:
    page = HEAD + "| Model | Input | Rate |\n|---|---|---|\n| opal-4 | 2.00 (1.00 off-peak) | 0.5 / 1000 characters |\n"
    assert told(page) == {
        usd("opal-4", "input", "2.00"),
        usd("opal-4", "input", "1.00", "time_window=off_peak"),
        usd("opal-4", "character", "0.5", per=1000, unit="character"),
    }


def test_columns_headed_by_a_period_and_how_a_plan_is_billed() -> None:
    table = "| Instance | Hourly | Monthly |\n|---|---|---|\n| H100 | $4.00 | $2,500 |\n"
    assert {each[1:6] for each in told(table)} == {
        ("gpu_hour", "4.00", "USD", 1, "hour"),
        ("plan", "2500", "USD", 1, "month"),
    }
    plan = "<h2>Team</h2><p>$29</p><p>per seat / month, billed annually</p><p>$35 billed monthly</p>"
    assert told(plan) == {
        usd("Team", "seat", "29", "commitment=annual", per=1, unit="seat-month"),
        usd("Team", "seat", "35", "commitment=monthly", per=1, unit="seat-month"),
    }


def test_data_that_a_page_pushes_to_its_scripts() -> None:
    models = (
        r"{\"name\":\"Opal Large\",\"price\":[{\"label\":\"Input (/M tokens)\",\"value\":\"$$0.5\"},"
        r"{\"label\":\"Output\",\"value\":\"$$1.5\",\"unit\":\"per 1M tokens\"}]}"
    )
    rows = ",".join((models, models.replace("Large", "Small")))
    page = f'<h1>Prices</h1><script>self.__next_f.push([1,"5:[\\"$\\",{{\\"models\\":[{rows}]}}]\\n"])</script>'
    assert {each[:3] for each in told(page)} == {
        (name, side, amount)
        for name in ("Opal Large", "Opal Small")
        for side, amount in (("input", "0.5"), ("output", "1.5"))
    }


def test_the_order_of_two_amounts_that_a_sentence_states() -> None:
    page = (
        "<p>Prices are shown as input then output.</p><table><tr><th>Model</th><th>Pricing per 1M tokens</th></tr>"
        "<tr><td>opal-4</td><td><div>$3</div><div>$15</div></td></tr></table>"
    )
    assert told(page) == {usd("opal-4", "input", "3"), usd("opal-4", "output", "15")}


def test_panes_of_a_site_s_own_components_and_contexts_with_a_bound() -> None:
    table = (
        "\n| Model | Context | Input |\n|---|---|---|\n| opal-6 | short | ${} |\n| opal-6 | long (>272K) | ${} |\n\n"
    )
    panes = (
        f'<Pane value="a" label="Standard">\n{table.format(3, 6)}</Pane>\n'
        f'<Pane value="b" label="Batch">\n{table.format(1, 2)}</Pane>\n'
    )
    assert told(HEAD + "<Switcher>\n" + panes + "</Switcher>\n") == {
        usd("opal-6", "input", "3"),
        usd("opal-6", "input", "6", "context_over=272000"),
        usd("opal-6", "input", "1", "service_tier=batch"),
        usd("opal-6", "input", "2", "context_over=272000", "service_tier=batch"),
    }


def test_billing_items_are_no_names_and_steps_of_usage_no_lengths_of_prompts() -> None:
    items = "价格单位:元/千 tokens\n\n| 品名 | 计费项 | 刊例价 |\n|---|---|---|\n"
    items += "| opal-t2 | 输入 | 0.1 |\n| opal-t2 | 输出 | 0.4 |\n"
    assert {each[:5] for each in told(items)} == {
        ("opal-t2", "input", "0.1", "CNY", 1000),
        ("opal-t2", "output", "0.4", "CNY", 1000),
    }
    steps = "| 产品名 | 阶梯(张/月) | 单价(元/张) |\n|---|---|---|\n| 绘图 3 | 0<调用量≤1 万 | 0.20 |\n"
    steps += "| 绘图 3 | 调用量>1 万 | 0.18 |\n"
    assert {each[6:] for each in told(steps)} == {("volume=0<调用量≤1 万",), ("volume=调用量>1 万",)}


def test_a_name_in_bold_with_a_sentence_between_it_and_its_prices() -> None:
    page = "## Premier models\n\n**Large 4**\n\nOur open model.\n\nInput (/M tokens)\n\n$0.5\n\n"
    page += "Output (/M tokens)\n\n$1.5\n"
    assert told(page) == {usd("Large 4", "input", "0.5"), usd("Large 4", "output", "1.5")}


def test_rows_that_say_what_is_below_them_and_headers_in_the_body() -> None:
    page = (
        "<table><tr><td colspan=3>Text models - USD per 1 million tokens</td></tr>"
        "<tr><td>Model</td><td>Input</td><td>Output</td></tr><tr><td>Fjord XL</td><td>2.20</td><td>8.80</td></tr>"
        "<tr><td colspan=3>Embedding models - USD per 1 million tokens</td></tr>"
        "<tr><td>Model</td><td>Price</td><td></td></tr><tr><td>Fjord Embed</td><td>0.04</td><td></td></tr></table>"
    )
    assert told(page) == {
        usd("Fjord XL", "input", "2.20"),
        usd("Fjord XL", "output", "8.80"),
        usd("Fjord Embed", "embedding", "0.04"),
    }


def test_columns_in_cents() -> None:
    page = "| Model | Input (¢ / 1K tokens) | Output (¢ / 1K tokens) |\n|---|---|---|\n| plume-2 | 0.15 | 0.60 |\n"
    assert told(page) == {usd("plume-2", "input", "0.0015", per=1000), usd("plume-2", "output", "0.006", per=1000)}


def test_lists_inside_lists_of_figures_in_a_stated_currency() -> None:
    page = (
        "Everything is per million tokens, in US dollars.\n\n* **Kite 3** (200k context)\n  * input: 1.00\n"
        "  * cache read: 0.10\n* **Kite 3 Nano**\n  * input: $0.05\n"
    )
    assert told(page) == {
        usd("Kite 3", "input", "1.00"),
        usd("Kite 3", "cache_read", "0.10"),
        usd("Kite 3 Nano", "input", "0.05"),
    }


def test_sentences_go_on_about_their_model_and_not_about_those_it_is_compared_with() -> None:
    page = (
        "### Cost\n\nHarbor 2 costs $0.40 per million input tokens. "
        "Cached input is billed at $0.10 per million tokens.\n\n"
        "### How does Harbor compare?\n\nOpal 6 costs $3.00 per million input tokens.\n"
    )
    assert told(page) == {usd("Harbor 2", "input", "0.40"), usd("Harbor 2", "cache_read", "0.10")}


def test_what_a_title_is_about_is_priced_by_how_much_is_used_and_packs_by_what_they_hold() -> None:
    page = (
        "## Scans\n\n| Monthly volume | Price per 1,000 pages |\n|---|---|\n| First 1,000 pages | $1.50 |\n\n"
        "## 资源包(元/百万 Token)\n\n| 规格 | 价格 | 有效期 |\n|---|---|---|\n| 1000 万 Token | 30 元 | 6 个月 |\n"
    )
    assert told(page) == {
        usd("Scans", "page", "1.50", "volume=First 1,000 pages", per=1000, unit="page"),
        ("1000 万 Token", "tokens", "30", "CNY", 10_000_000, "token"),
    }


def test_old_and_new_prices_without_a_sign_and_what_is_free_on_both_sides() -> None:
    page = "单位:元/百万 Token\n\n| 模型 | 输入 | 输入/输出 |\n|---|---|---|\n| opal | 原价 8,现价 4 | Free / Free |\n"
    assert {each[1:3] for each in told(page)} == {("input", "4"), ("input", "0"), ("output", "0")}


def test_what_prices_once_were_and_bills_that_are_reckoned_are_no_prices() -> None:
    dates = (
        HEAD
        + "| Date | Model | Input |\n|---|---|---|\n| 2024-05-13 | Opal 3 | $10 |\n| 2026-03-10 | Opal 3 | $2.50 |\n"
        "| 2026-12-01 | Opal 3 | $2 |\n"
    )
    assert told(dates) == {usd("Opal 3", "input", "2.50"), usd("Opal 3", "input", "2", "from 2026-12-01")}
    assert told(dates.replace("# Prices", "# Price history")) == set()
    bills = (
        HEAD + "| Model | Input | Typical monthly bill | Blended price |\n|---|---|---|---|\n| opal | $1 | $45 | $2 |\n"
    )
    assert told(bills) == {usd("opal", "input", "1")}
    invoice = HEAD + "| Item | Quantity | Unit price | Amount |\n|---|---|---|---|\n| opal input | 2M | $0.50 | $1 |\n"
    assert told(invoice) == told(invoice.replace("Amount", "Total")) == set()


def test_limits_of_spending_are_no_prices_and_unknown_things_are_not_counted_as_tokens() -> None:
    limits = "| Tier | Qualification | Usage limit |\n|---|---|---|\n| Tier 1 | $5 paid | $100 / month |\n"
    assert told(limits) == set()
    chats = HEAD + "| Model | Input | Cost per 1,000 chats |\n|---|---|---|\n| opal | $1 | $1.75 |\n"
    assert codes(chats) == ["unknown_unit"]


def test_sellers_in_rows_and_models_compared_in_a_sentence() -> None:
    sellers = "| Provider | Price per hour |\n|---|---|\n| AWS | $6.88 |\n| Google Cloud | $5.40 |\n"
    assert told(sellers) == set()
    page = (
        "## Wren 3\n\nWren 3 is available today at $1.20 per million input tokens and $4.80 per million output tokens, "
        "40% less than Wren 2 ($2.00 / $8.00).\n\n5 seats minimum ($125 / month)\n"
    )
    assert told(page) == {usd("Wren 3", "input", "1.20"), usd("Wren 3", "output", "4.80")}


def test_figures_under_tiers_in_rows_of_what_is_billed() -> None:
    page = (
        "<p>USD per 1M tokens</p><table><tr><th>Model</th><th>Token type</th><th>Standard</th><th>Batch</th></tr>"
        "<tr><td rowspan=2>vela-5</td><td>Input</td><td>2.00</td><td>1.00</td></tr>"
        "<tr><td>Output</td><td>10.00</td><td>5.00</td></tr><tr><td colspan=4>Regions add 10%.</td></tr></table>"
    )
    assert told(page) == {
        usd("vela-5", "input", "2.00"),
        usd("vela-5", "input", "1.00", "service_tier=batch"),
        usd("vela-5", "output", "10.00"),
        usd("vela-5", "output", "5.00", "service_tier=batch"),
    }


def test_pictures_by_size_are_not_counted_in_the_tokens_of_their_page() -> None:
    page = HEAD + "## Opal Image 3\n\n| Quality | 1024x1024 |\n|---|---|\n| Low | $0.01 |\n"
    assert {each[2:6] for each in told(page)} == {("0.01", "USD", 1, "image")}


def test_components_whose_props_are_prices_and_pairs_behind_names_in_code() -> None:
    cards = "".join(
        f'<Card{n} model="Ursa" input="$0.05" cachedInput="$0.01" unit="per 1M tokens" />\n\n' for n in "AA"
    )
    assert told(cards) == {usd("Ursa", "input", "0.05"), usd("Ursa", "cache_read", "0.01")}
    pairs = "Summary (USD, per 1M tokens, input/output):\n\n- `sol-70b`: 0.60 / 0.80\n- `sol-8b`: 0.05 / 0.08 (new)\n"
    assert told(pairs) >= {usd("sol-70b", "input", "0.60"), usd("sol-8b", "output", "0.08")}


def test_sizes_before_prices_and_days_of_change_name_nothing() -> None:
    entry = (
        "<ul><li><a href=/x><h3>Opal: Large 4</h3></a><div><span>262K context</span><span>$0.50/M input tokens</span>"
    )
    page = f"{entry}<span>$1.50/M output tokens</span></div></li></ul>"
    assert told(page) == {usd("Opal: Large 4", "input", "0.50"), usd("Opal: Large 4", "output", "1.50")}
    table = "# Pricing overview\n\nUpdated: 2026-11-15\n\n| Product | Price |\n|---|---|\n"
    table += "| Storage | $0.25 / GB / month |\n"
    assert {each[0] for each in told(table)} == {"Storage"}


def test_captions_are_of_the_amounts_below_them_where_what_stands_around_says_so() -> None:
    led = "<h2>Opal 1</h2><p>Fresh prompt</p><p>$3 / 1M tokens</p><p>Cached input</p><p>$1 / 1M tokens</p>"
    ends = "<p>Output</p><p>$15 / 1M tokens</p><p>Reasoning</p><p>Contact us</p>"
    for page in (f"{led}{ends}", f"{led.replace('Fresh prompt', 'Base')}{ends}"):
        assert told(page) >= {usd("Opal 1", "cache_read", "1"), usd("Opal 1", "output", "15")}
        assert not any(meter == "reasoning" for _, meter, *_ in told(page))


def test_lines_without_any_word_end_no_reading() -> None:
    page = "<h2>Opal</h2><p><s>$4</s></p><p>$2 / 1M tokens</p><p>Input</p><p>$8 / 1M tokens</p><p>Output</p>"
    assert told(page) == {usd("Opal", "input", "2"), usd("Opal", "output", "8")}


def test_two_amounts_under_one_side_are_never_one_of_each() -> None:
    page = "Prices are shown as input then output.\n\n| Model | Input ($/1M) | Output ($/1M) |\n|---|---|---|\n"
    sides = {each[1:3] for each in told(f"{page}| opal-4 | $3<br>$6 | $15<br>$22 |\n")}
    assert sides == {("input", "3"), ("input", "6"), ("output", "15"), ("output", "22")}  # which `check` refuses


def test_pictures_searches_and_documents_are_not_counted_in_tokens_by_default() -> None:
    table = "| Product | Price per 1K |\n|---|---|\n| {} | $40 |\n"
    for name in ("Opal Image", "Web search", "Opal Rerank", "Opal Voice"):
        assert codes(table.format(name)) == ["unknown_unit"]
    assert {each[1] for each in told(table.format("Opal Embed"))} == {"embedding"}


def test_versions_named_by_days_are_all_sold() -> None:
    rows = "| Opal 3 | 2025-03-01 | $2 |\n| Opal 3 | 2026-03-01 | $1 |\n"
    assert told(HEAD + f"| Model | Version | Input |\n|---|---|---|\n{rows}") == {
        usd("Opal 3", "input", "2", "variant=2025-03-01"),
        usd("Opal 3", "input", "1", "variant=2026-03-01"),
    }
    assert told(HEAD + f"| Model | Effective | Input |\n|---|---|---|\n{rows}") == {usd("Opal 3", "input", "1")}


def test_pushed_data_of_other_languages_rivals_drafts_and_histories_is_not_shown() -> None:
    def models(names: str, price: int) -> list[dict[str, object]]:
        return [{"name": f"Opal {name}", "inputPrice": f"${price} / 1M tokens"} for name in names]

    data = {
        "models": [*models("AB", 1), {**models("X", 9)[0], "isHidden": True}],
        **{key: models("CD", 9) for key in ("competitors", "priceHistory", "draftModels", "previous_prices")},
    }
    german = {"models": [{**each, "inputPrice": "9,50 € / 1M tokens"} for each in models("AB", 1)]}
    for value in (data, {"de": german, "en": data}):
        row = json.dumps(f"5:{json.dumps(value)}\n")
        page = f"<h1>Prices</h1><script>self.__next_f.push([1,{row}])</script>"
        assert told(page) == {usd("Opal A", "input", "1"), usd("Opal B", "input", "1")}


def test_titles_that_speak_of_bills_credits_and_savings_besides_are_of_prices() -> None:
    table = "| Model | Input ($/1M tokens) |\n|---|---|\n| Opal | 2 |\n"
    honest = ("Prices as they appear on your invoice", "Pricing and price history", "Pricing and invoices")
    for title in (*honest, "Buy credits and pay as you go", "Example models"):
        assert told(f"## {title}\n\n{table}") == {usd("Opal", "input", "2")}
    for title in ("Example invoice", "Price history", "Savings", "Credit packs"):
        assert told(f"## {title}\n\n{table}") == set()


def test_what_a_tier_saves_does_not_hide_the_tier() -> None:
    table = "| Model | Input ($/1M tokens) |\n|---|---|\n| Opal | 2 |\n"
    for title in ("Batch API: 50% savings", "Batch API (50% off)", "Batch - save 50%", "Batch (up to 50% cheaper)"):
        assert told(f"## {title}\n\n{table}") == {usd("Opal", "input", "2", "service_tier=batch")}
    both = {usd("Opal", "input", "2", f"service_tier={tier}") for tier in ("batch", "flex")}
    assert told(f"## Flex/Batch\n\n{table}") == told(f"## Batch & Flex\n\n{table}") == both


def test_qualities_are_no_names_and_old_props_no_prices() -> None:
    page = "## Opal Image 3\n\n| Quality | 1024x1024 |\n|---|---|\n| Low | $0.01 |\n| High | $0.10 |\n"
    assert {(each[0], each[6]) for each in told(page)} == {
        ("Opal Image 3", "quality=Low"),
        ("Opal Image 3", "quality=High"),
    }
    card = '<PriceCard model="Opal" input="$2" output="$8" oldInput="$4" unit="per 1M tokens" />\n\n'
    assert told(card) == {usd("Opal", "input", "2"), usd("Opal", "output", "8")}


def test_kinds_in_brackets_before_the_unit_of_both() -> None:
    kinds = "$0.02 (standard) or $0.05 (HD) per image"
    expected = {
        ("Opal Paint", "image", amount, "USD", 1, "image", f"variant={kind}")
        for amount, kind in (("0.02", "standard"), ("0.05", "HD"))
    }
    assert told(f"Opal Paint costs {kinds}.\n") == expected
    assert told(f"| Model | Price |\n|---|---|\n| Opal Paint | {kinds} |\n") == expected


def test_amounts_in_words_are_in_doubt_and_prices_of_the_past_and_of_unknown_units_are_none() -> None:
    table = HEAD + "| Model | Input | Output |\n|---|---|---|\n| Opal | $1 | $4 |\n| Opal Max | {} | {} |\n"
    words = read(table.format("three dollars", "twelve dollars"))
    assert [(issue.code, issue.fatal) for issue in words.issues] == [("unread_prices", False)] * 2
    assert codes(table.format("In preview", "In preview")) == []
    past = "Wren 2 was priced at $5 per million input tokens. Wren 3 costs $1 per million input tokens.\n"
    assert told(past) == {usd("Wren 3", "input", "1")}
    assert codes(HEAD + "| Product | Cost per 1,000 units |\n|---|---|\n| Guard | $2 |\n") == ["unknown_unit"]


def test_titles_that_say_more_than_their_tier_cache_or_length_still_say_it() -> None:
    table = "| Model | Price ($/1M tokens) |\n|---|---|\n| Opal | 2 |\n"
    for title in ("Batch API (24 hours)", "Discounted batch prices", "Batch prices for Opal models"):
        assert told(f"## {title}\n\n{table}") == {usd("Opal", "tokens", "2", "service_tier=batch")}
    assert told(f"## Priority (1.8x)\n\n{table}") == {usd("Opal", "tokens", "2", "service_tier=priority")}
    assert told(f"## Batch and standard prices\n\n{table}") == {usd("Opal", "tokens", "2")}
    assert told(f"## Long context (over 200K tokens)\n\n{table}") == {usd("Opal", "tokens", "2", "context_over=200000")}
    assert told(f"## Cached input\n\n{table}") == {usd("Opal", "cache_read", "2")}


def test_amounts_that_are_no_price_of_a_row() -> None:
    page = (
        HEAD + "| Model | Input | Minimum charge | Estimated monthly cost |\n|---|---|---|---|\n"
        "| Opal | $2 | $0.01 | $340 |\n| Total | $2 | $0.01 | $340 |\n"
    )
    assert told(page) == {usd("Opal", "input", "2")}
    assert codes(HEAD + "| Model | Input / Cached / Output |\n|---|---|\n| Opal | $2 / $8 |\n") == ["unread_prices"] * 2


def test_days_to_come_under_effective_and_terms_of_reservations() -> None:
    rows = "| Model | Effective | Input |\n|---|---|---|\n| Opal | 2026-09-01 | $2 |\n| Jade | 2026-01-01 | $3 |\n"
    assert told(HEAD + rows) == {usd("Opal", "input", "2", "from 2026-09-01"), usd("Jade", "input", "3")}
    gpus = "| GPU | On-demand | Reserved (1 year) |\n|---|---|---|\n| H100 | $2.99/hr | $1.99/hr |\n"
    assert told(gpus) == {
        usd("H100", "gpu_hour", "2.99", per=1, unit="hour"),
        usd("H100", "gpu_hour", "1.99", "commitment=1 year", per=1, unit="hour"),
    }


def test_words_in_a_bracket_are_of_the_amount_inside_it() -> None:
    page = HEAD + "| Model | Input |\n|---|---|\n| Opal | $2 (cached $0.2) |\n| Jade | $4 (batch: $1) |\n"
    assert told(page) == {
        usd("Opal", "input", "2"),
        usd("Opal", "cache_read", "0.2"),
        usd("Jade", "input", "4"),
        usd("Jade", "input", "1", "service_tier=batch"),
    }
    for words in ("capped at", "minimum", "vs"):  # no conditions: in doubt
        assert codes(HEAD + f"| Model | Input |\n|---|---|\n| Opal | $2 ({words} $100) |\n") == ["unread_prices"]
    pairs = HEAD + "| Model | Input / Output |\n|---|---|\n| Opal | $2 / $8 (batch $1 / $4) |\n"
    assert told(pairs) == {
        usd("Opal", "input", "2"),
        usd("Opal", "output", "8"),
        usd("Opal", "input", "1", "service_tier=batch"),
        usd("Opal", "output", "4", "service_tier=batch"),
    }


def test_cards_of_rivals_bills_and_the_past_and_notes_over_a_row_are_no_prices() -> None:
    card = "<h2>Opal</h2><p>Input: $2 / 1M tokens</p>"
    for title in ("How we compare", "Example invoice", "Price history", "Cheaper than OpenAI"):
        assert told(f"{card}<h2>{title}</h2><h3>GPT-9</h3><p>Input: $5 / 1M tokens</p>") == {usd("Opal", "input", "2")}
    former = "<h2>Opal</h2><p>Old price</p><p>$4 / 1M tokens</p><p>New price</p><p>$2 / 1M tokens</p>"
    assert told(former) == {usd("Opal", "tokens", "2")}
    note = "<p>USD per 1M tokens</p><table><tr><th>Model</th><th>Input</th></tr><tr><td>Opal</td><td>$2</td></tr>"
    assert told(f"{note}<tr><td colspan=2>* 50% off until 2027</td></tr></table>") == {usd("Opal", "input", "2")}


def test_tiers_hold_under_all_headings_below_them_and_caching_is_no_reading() -> None:
    table = "| Model | {} |\n|---|---|\n| Opal | $1 |\n"
    page = HEAD + f"## Batch API\n\n### Text\n\n#### Large\n\n{table.format('Input')}"
    assert told(page) == {usd("Opal", "input", "1", "service_tier=batch")}
    assert not any(each[1] == "cache_read" for each in told(HEAD + f"## Prompt caching\n\n{table.format('Write')}"))

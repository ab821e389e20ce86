"""Prices that stand in no table: unrendered components, flattened tables, cards, sentences; and tables in Korean."""

from typing import Any

import pytest

from crawler.extract.jsx import lift, rows_in
from crawler.extract.korean import in_english
from crawler.extract.mending import mend_tables
from tests.crawler.extract.pricing import codes, read, told

MILLION = 1_000_000
COLUMNS = {
    "2": ["Tool", "Cost"],
    "4": ["Model", "Input ($)", "Cached input ($)", "Output ($)"],
    "5": ["Model", "Input ($)", "Cached input ($)", "Cache writes ($)", "Output ($)"],
}


def usd(model: str, meter: str, amount: str, *rest: str, per: int = MILLION, unit: str = "token") -> tuple[Any, ...]:
    return (model, meter, amount, "USD", per, unit, *rest)


def test_components_with_rows_of_two_widths() -> None:
    page = (
        "# Prices\n\nPrices per 1M tokens.\n\n<PriceTable tier='flex' rows={[\n"
        '  ["g-6", 5, 0.5, 6.25, 30],\n  ["g-5 (<272K context length)", 1, "", 6], // a remark\n]} />\n\n'
        "<Tools rows={[['Web search', '$10.00 / 1K calls + tokens']]} />\n"
    )
    assert told(page, columns=COLUMNS) == {
        usd("g-6", "input", "5", "service_tier=flex"),
        usd("g-6", "cache_read", "0.5", "service_tier=flex"),
        usd("g-6", "cache_write", "6.25", "service_tier=flex"),
        usd("g-6", "output", "30", "service_tier=flex"),
        usd("g-5", "input", "1", "context_upto=272000", "service_tier=flex"),
        usd("g-5", "output", "6", "context_upto=272000", "service_tier=flex"),
        usd("Web search", "tool_call", "10.00", "service_tier=flex", per=1000, unit="call"),
    }
    assert codes(page) == ["unknown_columns", "unknown_columns", "unknown_columns"]


def test_what_is_left_of_a_component_whose_beginning_was_cut_off() -> None:
    page = (
        "# Tools\n\n    ],\n  [\n    'File search storage',\n    '$0.10 / GB per day',\n  ],\n  [\n    'Sandbox',\n"
        "    '$0.03 / container',\n  ],\n]}\n/>\n\nA word at the end.\n"
    )
    assert told(page, columns=COLUMNS) == {
        usd("File search storage", "storage", "0.10", per=1, unit="GB-day"),
        usd("Sandbox", "session", "0.03", per=1, unit="container"),
    }


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("[['a', 1, null]]", [("", ("a", "1", ""))]),
        ("[{ model: 'm', rows: [['Text', 1], ['Image', 2.50]] }]", [("m", ("Text", "1")), ("m", ("Image", "2.50"))]),
        ("[['a', f('b<br/>c')]]", [("", ("a", "b\nc"))]),
        ("[['it\\'s', `x`]]", [("", ("it's", "x"))]),
        ("[[a + b, 1]]", []),
        ("[['a', ", []),
        ("", []),
    ],
)
def test_literals_are_read_and_nothing_is_evaluated(code: str, rows: list[tuple[str, tuple[str, ...]]]) -> None:
    assert [(row.group, row.cells) for row in rows_in(code)] == rows


def test_lifting_keeps_the_number_of_lines_and_leaves_html_alone() -> None:
    text = "a\n<T rows={[\n['x', 1],\n]} />\nb <br/> <a href='x'>c</a>\n"
    out, lifted = lift(text)
    assert out.count("\n") == text.count("\n")
    assert [(each.name, len(each.rows)) for each in lifted] == [("T", 1)]
    assert "<a href='x'>c</a>" in out


def test_a_table_flattened_to_one_cell_a_paragraph() -> None:
    cells = [
        "Model",
        "Input price (per 1M tokens)",
        "Output price (per 1M tokens)",
        "a-1",
        "$1",
        "$2",
        "a-2",
        "$3",
        "$4",
    ]
    assert told("# Prices\n\n" + "\n\n".join(cells)) == {
        usd("a-1", "input", "1"),
        usd("a-1", "output", "2"),
        usd("a-2", "input", "3"),
        usd("a-2", "output", "4"),
    }


def test_cards_with_labels_and_amounts_on_lines_of_their_own() -> None:
    page = (
        "## Opal 4\n\nThe clever one.\n\nInput\n\n$5 / MTok\n\nOutput\n\n$25 / MTok\n\n"
        "Prompt caching\n\nWrite\n\n$6.25 / MTok\n\n"
        "Read\n\n$0.50 / MTok\n\n## Opal Mini 4\n\nInput\n\n$1 / MTok\n"
    )
    assert told(page) == {
        usd("Opal 4", "input", "5"),
        usd("Opal 4", "output", "25"),
        usd("Opal 4", "cache_write", "6.25"),
        usd("Opal 4", "cache_read", "0.50"),
        usd("Opal Mini 4", "input", "1"),
    }


def test_sentences_tell_prices_and_examples_do_not() -> None:
    page = (
        "## Tools\n\nWeb search costs $10 per 1,000 searches, plus tokens. For instance, 50 searches cost $0.50.\n\n"
        "The sandbox is billed at $0.05 per hour per container. If you use 100 hours, that is $5 a month.\n\n"
        "You save $3 per 1M tokens compared to last year.\n"
    )
    assert told(page) == {
        usd("Web search", "web_search", "10", per=1000, unit="search"),
        usd("sandbox", "session", "0.05", per=1, unit="container-hour"),
    }
    assert {str(each.why) for each in read(page).ignored} >= {"an amount in running text"}


def test_a_sentence_that_repeats_a_table_is_no_second_price() -> None:
    page = (
        "| Model | Input | Output |\n|---|---|---|\n| Opal 4 | $5 / MTok | $25 / MTok |\n\n"
        "Opal 4 is priced at $5 per million input tokens and $25 per million output tokens.\n"
    )
    assert told(page) == {usd("Opal 4", "input", "5"), usd("Opal 4", "output", "25")}


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("입력 토큰 1,000개당 요금", "input per 1000 tokens price"),
        ("토큰 100만 개당", "per 1000000 tokens"),
        ("1개월 약정 시 모델 단위당 시간당 요금", "1 month commitment per model unit per hour price"),
        ("1,000개의 토큰을 훈련하기 위한 요금", "training per 1,000 tokens price"),
        ("해당 사항 없음", "not available"),
        ("Claude 3.5 Haiku", "Claude 3.5 Haiku"),
    ],
)
def test_korean_words(korean: str, english: str) -> None:
    assert " ".join(in_english(korean).split()) == english


def test_a_korean_table_and_the_region_of_the_next_one() -> None:
    header = "| 모델 | 입력 토큰 1,000개당 요금 |\n|---|---|\n"
    page = f"리전: 서울\n\n{header}| Hana 3 | 0.003 USD<br>리전: 도쿄 |\n\n{header}| Hana 3 | 0.004 USD |\n"
    assert told(page) == {
        ("Hana 3", "input", "0.003", "USD", 1000, "token", "region=서울"),
        ("Hana 3", "input", "0.004", "USD", 1000, "token", "region=도쿄"),
    }


def test_broken_tables_are_mended_line_by_line() -> None:
    broken = "a| b\n---|---\nx| one\ntwo\ny| three\n\nend\n"
    mended = mend_tables(broken)
    assert "x| one<br>two" in mended
    assert mended.count("\n") == broken.count("\n")
    assert mend_tables("| a | b |\n|---|---|\n| x | y |\n") == "| a | b |\n|---|---|\n| x | y |\n"


@pytest.mark.parametrize("header", ["Prompt length", "Context length", "Input size"])
@pytest.mark.parametrize("caption", ["", "<caption>Hav 3 Ultra, USD per million tokens</caption>"])
def test_lengths_of_prompts_are_no_models(header: str, caption: str) -> None:
    """The model is the one that the caption or the heading names."""
    heading = "Long prompts" if caption else "Hav 3 Ultra"
    rows = "".join(
        f"<tr><td>{length} 200K tokens</td><td>${amount}</td></tr>" for length, amount in (("≤", 4), ("Over", 8))
    )
    table = f"<table>{caption}<tr><th>{header}</th><th>Input</th></tr>{rows}</table>"
    page = f"<h1>Pricing</h1><h2>{heading}</h2><p>USD per 1M tokens.</p>{table}"
    assert told(page) == {
        usd("Hav 3 Ultra", "input", "4", "context_upto=200000"),
        usd("Hav 3 Ultra", "input", "8", "context_over=200000"),
    }


@pytest.mark.parametrize(
    ("small", "large", "read_as"),
    [
        ("0,25", "1,250", ("0.25", "1.250")),  # three digits after the comma of a page that writes decimal commas
        ("8,5", "1.250", ("8.5", "1250")),
        ("0,25 €", "1.250,75 €", ("0.25", "1250.75")),
        ("0.25", "1,250", ("0.25", "1250")),
        ("25", "1,250", ("25", "1250")),  # nothing says which: a comma before three digits groups them
    ],
)
def test_a_comma_is_what_the_page_uses_it_for(small: str, large: str, read_as: tuple[str, str]) -> None:
    page = (
        "# Preise\n\n| Modell | Eingabe (€ / 1 Mio. Tokens) | Ausgabe (€ / 1 Mio. Tokens) |\n|---|---|---|\n"
        f"| Luchs 2 | {small} | {large} |\n"
    )
    assert {(each[1], each[2]) for each in told(page)} == {("input", read_as[0]), ("output", read_as[1])}


def test_a_promotion_ends_its_own_prices_and_not_the_list_prices_beside_them() -> None:
    page = (
        "# Prices\n\n"
        "| Model | Regular price input / 1M tokens | Promotional price input / 1M tokens* |\n|---|---|---|\n"
        "| lynx-2 | $2.00 | $1.00 |\n\n*Promotional prices end on January 31, 2027.\n"
    )
    assert told(page) == {
        usd("lynx-2", "input", "2.00"),
        usd("lynx-2", "input", "1.00", "variant=Promotional", "to 2027-01-31"),
    }


def test_the_unit_stands_in_the_second_half_of_a_sentence() -> None:
    said = "按输入长度分档计费，单位：元/百万token。"
    page = f"# 价格\n\n{said}\n\n| 模型 | 输入 | 输出 |\n|---|---|---|\n| lynx-2 | 0.80 | 8.00 |\n"
    assert told(page) == {
        ("lynx-2", "input", "0.80", "CNY", MILLION, "token"),
        ("lynx-2", "output", "8.00", "CNY", MILLION, "token"),
    }


def test_a_heading_says_for_how_many_requests_the_fees_under_it_are() -> None:
    page = "# Search fees per 1,000 requests\n\n| Model | Low | High |\n|---|---|---|\n| lynx-2 | $5 | $12 |\n"
    assert told(page) == {
        usd("lynx-2", "request", "5", "variant=Low", per=1000, unit="request"),
        usd("lynx-2", "request", "12", "variant=High", per=1000, unit="request"),
    }


def test_fractions_under_input_and_output_in_no_currency_are_not_left_unsaid() -> None:
    assert codes("# Prices\n\n| Model | Input | Output |\n|---|---|---|\n| lynx-2 | 0.80 | 8.00 |\n") == [
        "unknown_currency"
    ]
    assert codes("# Limits\n\n| Model | Input | Output |\n|---|---|---|\n| lynx-2 | 128,000 | 8,192 |\n") == []


def test_short_words_for_input_and_output() -> None:
    page = "# Models\n\n| Model ID | Pricing (per 1M tokens) |\n|---|---|\n| `lynx-2` | In: $2.00 / Out: $8.00 |\n"
    assert told(page) == {usd("lynx-2", "input", "2.00"), usd("lynx-2", "output", "8.00")}


def test_a_group_of_rows_is_named_in_its_first_row_alone() -> None:
    page = (
        "# Pricing\n\n| MODEL | | lynx-2 | lynx-3 |\n|---|---|---|---|\n"
        "| STANDARD PRICE (UTC 00:30-16:30) | 1M TOKENS INPUT | $0.27 | $0.55 |\n"
        "| | 1M TOKENS OUTPUT | $1.10 | $2.19 |\n"
        "| DISCOUNT PRICE (UTC 16:30-00:30) | 1M TOKENS INPUT | $0.135 | $0.275 |\n"
        "| | 1M TOKENS OUTPUT | $0.55 | $1.10 |\n"
    )
    day, night = "time_window=00:30-16:30", "time_window=16:30-00:30"
    assert {each for each in told(page) if each[0] == "lynx-2"} == {
        usd("lynx-2", "input", "0.27", day),
        usd("lynx-2", "output", "1.10", day),
        usd("lynx-2", "input", "0.135", night),
        usd("lynx-2", "output", "0.55", night),
    }


def test_cents_are_not_left_unsaid() -> None:
    header = "| Model | Input (cents per 1M tokens) | Output (cents per 1M tokens) |"
    page = f"# Prices\n\n{header}\n|---|---|---|\n| lynx-2 | 15 | 60 |\n"
    assert codes(page) == ["unknown_currency"]


def test_a_line_of_prices_under_the_name_of_its_model() -> None:
    page = (
        "# lynx-2\n\n**Pricing:** $0.40 input / $2.00 output per million tokens. "
        "Cached input costs $0.04 per million tokens.\n"
    )
    assert told(page) == {
        usd("lynx-2", "input", "0.40"),
        usd("lynx-2", "output", "2.00"),
        usd("lynx-2", "cache_read", "0.04"),
    }

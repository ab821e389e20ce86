"""Amounts as pages print them."""

from decimal import Decimal

import pytest

from crawler.extract.amounts import currencies_in
from crawler.extract.money import Quote, read_quotes
from crawler.extract.price_words import state_of


def amounts(text: str, *, bare: bool = False) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (_text(quote), quote.currency, quote.unit.name if quote.unit else None)
        for quote in read_quotes(text, bare=bare)
    ]


def _text(quote: Quote) -> str | None:
    return None if quote.amount is None else str(quote.amount)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$3 / MTok", [("3", "USD", "token")]),
        ("US$3.00/MTok", [("3.00", "USD", "token")]),
        ("$0.05 USD per hour, per container", [("0.05", "USD", "container-hour")]),
        ("0.14€ / 1M tokens", [("0.14", "EUR", "token")]),
        ("2,50 €", [("2.50", "EUR", None)]),
        ("€2,50", [("2.50", "EUR", None)]),
        ("0.25$ / 1M tokens", [("0.25", "USD", "token")]),
        ("0.003 USD", [("0.003", "USD", None)]),
        ("￥1.00", [("1.00", "¥", None)]),
        ("2元", [("2", "CNY", None)]),
        ("8 元 / 百万Tokens", [("8", "CNY", "token")]),
        ("110 万元 / 年", [("1100000", "CNY", "year")]),
        ("$2,652", [("2652", "USD", None)]),
        ("5¢ / minute", [("0.05", "USD", "minute")]),
        ("$0.20$0.50", [("0.20", "USD", None), ("0.50", "USD", None)]),
        ("$15.001M characters", [("15.00", "USD", "character")]),
        ("$0.10GB/day (1GB free)", [("0.10", "USD", "GB-day")]),
        ("$0.19 per 768P, 6s video", [("0.19", "USD", "video")]),
        ("$0.59 (1.69M / $1)*", [("0.59", "USD", None)]),
        ("$2.50 → $1.25", [("1.25", "USD", None)]),
        ("1,500 RPD (free), then $35 / 1,000 grounded prompts", [("35", "USD", "prompt")]),
        ("1,024 $0.04", [("0.04", "USD", None)]),
        ("1,024 tokens", []),
        ("数 千万 获取解决方案", []),
    ],
)
def test_amounts_with_currency_and_unit(text: str, expected: list[tuple[str, str, str | None]]) -> None:
    assert amounts(text) == expected


def test_digits_are_kept_as_printed() -> None:
    assert str(read_quotes("$12.50")[0].amount) == "12.50"


def test_a_figure_alone_counts_only_where_the_column_says_so() -> None:
    assert amounts("0.01440") == []
    assert amounts("0.01440", bare=True) == [("0.01440", None, None)]
    assert amounts("325 tokens", bare=True) == []
    assert amounts("9.9\nnothing is charged yet", bare=True) == [("9.9", None, None)]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Free", "free"),
        ("Free of charge", "free"),
        ("Limited-time Free", "free"),
        ("限时免费", "free"),
        ("무료", "free"),
        ("-", "not_offered"),
        ("\\", "not_offered"),
        ("/", "not_offered"),
        ("N/A", "not_offered"),
        ("Not available", "not_offered"),
        ("不支持", "not_offered"),
        ("해당 사항 없음", "not_offered"),
        ("Included", "included"),
        ("Contact sales", "varies"),
        ("Token-based only", "varies"),
        ("$5", None),
        ("free tier has limits", None),
        ("", None),
    ],
)
def test_words_instead_of_an_amount(text: str, state: str | None) -> None:
    assert state_of(text) == state


def test_a_free_price_is_zero_and_an_absent_one_is_no_zero() -> None:
    assert read_quotes("Free")[0].amount == Decimal(0)
    assert read_quotes("-")[0].amount is None


def test_words_before_and_after_each_amount() -> None:
    quotes = read_quotes("Input: $0.50 (text), $3.00 (audio / image) Output: $2.00 (text), $12.00 (audio)")
    assert [(quote.head, quote.tail) for quote in quotes] == [
        ("Input", "text"),
        ("Input", "audio / image"),
        ("Output", "text"),
        ("Output", "audio"),
    ]


def test_thresholds_belong_to_the_amount_before_them_and_sizes_to_the_one_after() -> None:
    after = read_quotes("$1.25, prompts <= 200k tokens $2.50, prompts > 200k tokens")
    assert [quote.tail for quote in after] == ["prompts <= 200k tokens", "prompts > 200k tokens"]
    before = read_quotes("1 GB $0.03, 4 GB $0.12 per 20-minute session per container.")
    assert [(quote.head, quote.unit and quote.unit.name) for quote in before] == [
        ("1 GB", "session-container"),
        ("4 GB", "session-container"),
    ]


def test_lines_without_an_amount_head_those_below() -> None:
    quotes = read_quotes("Text\nInput: $5\nOutput: $20\nAudio\nInput: $40")
    assert [(quote.group, quote.head) for quote in quotes] == [
        ("Text", "Input"),
        ("Text", "Output"),
        ("Audio", "Input"),
    ]


def test_pairs_ranges_and_approximations_are_told_apart() -> None:
    assert [quote.pair for quote in read_quotes("$3 / $15")] == [1, 2]
    assert [(quote.state, quote.amount) for quote in read_quotes("$0.10 - $0.50")] == [("varies", None)]
    assert [quote.qualifier for quote in read_quotes("from $1.00")] == ["from"]
    plain, about = read_quotes("$0.03 / MTok (equivalent to approximately $0.0024/minute)")
    assert (plain.approximate, about.approximate) == (False, True)


def test_several_statements_in_a_cell() -> None:
    quotes = read_quotes("输入：16元/百万 tokens(约0.0002元/秒）；输出：不计费")
    assert [(quote.head, _text(quote), quote.state, quote.approximate) for quote in quotes] == [
        ("输入", "16", "priced", False),
        ("", "0.0002", "priced", True),
        ("输出", "0", "free", False),
    ]


def test_currencies_of_headers_and_sentences() -> None:
    assert currencies_in("Input (USD)") == ("USD",)
    assert currencies_in("单价（元/张）") == ("CNY",)
    assert currencies_in("美元/百万 tokens") == ("USD",)
    assert currencies_in("¥ / 1M") == ("¥",)
    assert currencies_in("All prices are in US dollars") == ("USD",)


def test_a_long_text_is_read_in_bounded_time() -> None:
    assert read_quotes("$1 " * 20_000) is not None
    assert read_quotes("9" * 100_000, bare=True) is not None
    assert read_quotes("(" * 50_000) == ()

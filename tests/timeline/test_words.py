"""Words: amounts, units, what is billed, days and lists, as a newspaper prints them."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import dates, offers, words
from timeline.meters import meters

AT = datetime(2026, 2, 26, 10, 10, tzinfo=UTC)
HOSTILE = (
    "<!channel> <@U012AB3CD> &lt;!here&gt; *bold* [click](https://evil.example)",
    "\x1b[31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07 \x9b2J bell\x07 back\x08",
    "right\u202eto\u202cleft zero\u200bwidth \u2066isolate\u2069 tag\U000e0041",
    "line one\nline two\r\n\u2028three\u2029four\x0bfive",
    "é" * 4000,
)


def side(amount: str | None, state: str = "priced", **more: Any) -> dict[str, Any]:
    return {"amount": amount, "state": state, "currency": "USD", "per": 1_000_000, "unit": "token", **more}


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        ("2.5", "USD", "$2.50"), ("3", "USD", "$3.00"), ("0.0375", "USD", "$0.0375"), ("1200", "EUR", "€1,200.00"),
        ("1E+3", "USD", "$1,000.00"), ("0.8", "CNY", "CN¥0.80"), ("5", "CHF", "CHF 5.00"), ("-2", "USD", "−$2.00"),
        ("0.00000015", "USD", "$0.00000015"), ("1.5E-7", "USD", "$0.00000015"), ("0.0010", "USD", "$0.001"),
        ("80", "JPY", "¥80.00"), ("3", None, "3.00"),
    ],
)  # fmt: skip
def test_money(amount: str, currency: str | None, said: str) -> None:
    assert words.money(Decimal(amount), currency) == said


@pytest.mark.parametrize(
    ("amount", "said"),
    [("2.5", "$2.50"), ("3", "$3"), ("3.00", "$3"), ("0.075", "$0.075"), ("1E+3", "$1,000"), ("0", "$0")],
)
def test_money_in_a_sentence_needs_no_cents_where_there_are_none(amount: str, said: str) -> None:
    assert words.money(Decimal(amount), "USD", cents=False) == said


@given(st.decimals("-1e9", "1e9", allow_nan=False, places=12))
def test_money_is_every_digit_and_never_an_exponent(amount: Decimal) -> None:
    for cents in (True, False):
        said = words.money(amount, "USD", cents=cents)
        assert Decimal(said.replace("$", "").replace(",", "").replace(words.MINUS, "-")) == amount
        assert "e" not in said.lower()


@pytest.mark.parametrize(
    ("pct", "said"),
    [
        ("-80", "−80 %"), ("25.00", "+25 %"), ("-33.33", "−33 %"), ("2.5", "+2.5 %"), ("9.99", "+10 %"),
        ("12.5", "+13 %"), ("0.04", "+0.04 %"), ("-99.6", "−99.6 %"), ("-100", "−100 %"), ("100.4", "+100.4 %"),
        ("900", "+900 %"), ("12345", "+12,345 %"),
    ],
)  # fmt: skip
def test_per_cent(pct: str, said: str) -> None:
    assert words.per_cent(Decimal(pct)) == said


def test_sizes_of_several_changes() -> None:
    assert words.sizes([Decimal("-80"), Decimal("-80.2")]) == "80 %"
    assert words.sizes([Decimal("-80"), Decimal("-50")]) == "50 to 80 %"


@pytest.mark.parametrize(
    ("per", "unit", "said"),
    [
        (1_000_000, "token", "per 1M tokens"), (1000, "token", "per 1K tokens"), (1, "image", "per image"),
        (1000, "search", "per 1,000 searches"), (1000, "query", "per 1,000 queries"), (1, "month", "per month"),
        (1_000_000, "unspecified", ""), ("0.5", "hour", "per 0.5 hours"), (100, "GB", "per 100 GB"),
        (1_000_000, "token-hour", "per 1M token-hours"), (1, "token", "per 1M tokens"),
        ("1", "character", "per 1M characters"), (None, "token", ""), (1, None, ""),
    ],
)  # fmt: skip
def test_units(per: object, unit: object, said: str) -> None:
    assert words.per_unit({"per": per, "unit": unit}) == said
    assert words.per_unit(None) == ""


def test_a_price_is_told_in_the_unit_of_the_one_beside_it() -> None:
    assert words.price(side("0.003", per=1000)) == "$0.003"
    assert words.price(side("0.003", per=1000), beside=side("2")) == "$3.00"
    assert words.price(side("3"), beside=side("0.002", per=1000), cents=False) == "$0.003"
    assert words.price(side("1", per=3), beside=side("1", per=1_000_000)) == "$333,333.333333"


def test_a_price_for_a_single_token_is_told_for_a_million() -> None:
    assert words.price(side("0.00000026", per=1)) == "$0.26"
    assert words.price(side("3"), beside=side("0.00000026", per=1)) == "$3.00"
    assert words.price(side("0.04", per=1, unit="image")) == "$0.04"


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (side("0", "free"), "free"), (side(None, "not_offered"), "not offered"), (side(None, "varies"), "varies"),
        (side(None), "not stated"), (side("NaN"), "not stated"), (side("<b>"), "not stated"),
        (side(None, "no such state"), "not stated"), (None, "none"), ({"amount": "1", "currency": "EUR"}, "€1.00"),
    ],
)  # fmt: skip
def test_what_has_no_amount_has_a_word(one: dict[str, Any] | None, said: str) -> None:
    assert words.price(one) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [(True, None), (None, None), ("NaN", None), ("Infinity", None), ("x", None), ("1.50", "1.50"), (3, "3"),
     ("1E+999999", None), ("-1E-999999", None), ("0E-999999", "0")],
)  # fmt: skip
def test_numbers(value: object, said: str | None) -> None:
    assert words.number(value) == (None if said is None else Decimal(said))


OFFERS: list[tuple[str | None, dict[str, Any], str, str]] = [
    ("input", {}, "input", ""),
    ("cache_read", {"service_tier": "batch"}, "batch cached input", "batch"),
    ("input", {"service_tier": "standard"}, "input", "standard"),
    ("cache_write", {"cache_ttl": "1h"}, "1-hour cache write", "1 hour"),
    ("cache_write", {"cache_ttl": "5m", "service_tier": "batch"}, "batch 5-minute cache write", "batch · 5 minutes"),
    ("cache_write", {"cache_ttl": "for ever"}, "for ever cache write", "for ever"),
    (
        "input",
        {"context_over": 200000, "tier_mode": "whole_prompt"},
        "input for prompts above 200K tokens",
        "prompts above 200K tokens · whole prompt",
    ),
    (
        "input",
        {"context_over": 32000, "context_upto": "128000", "service_tier": "batch"},
        "batch input for prompts of 32K to 128K tokens",
        "batch · prompts of 32K to 128K tokens",
    ),
    ("output", {"context_upto": 131072}, "output for prompts up to 131,072 tokens", "prompts up to 131,072 tokens"),
    ("output", {"output_over": 200}, "output for answers above 200 tokens", "answers above 200 tokens"),
    ("input", {"fine_tuned": "yes", "service_tier": "batch"}, "batch fine-tuned input", "batch · fine-tuned"),
    ("output", {"region": "eu-west-1"}, "output in eu-west-1", "eu-west-1"),
    ("image", {"quality": "HD", "resolution": "1024x1024"}, "image in HD quality at 1024x1024",
     "HD quality · 1024x1024"),
    ("video", {"duration": "6s", "resolution": "720p"}, "video of 6 seconds at 720p", "6 seconds · 720p"),
    ("cache_read", {"modality": "audio", "cache_kind": "implicit"}, "implicit audio cached input", "implicit · audio"),
    ("output_audio", {"plan": "free"}, "audio output on the free plan", "free plan"),
    ("input", {"time_window": "off_peak"}, "off-peak input", "off-peak"),
    ("input", {"latency": "optimized"}, "latency-optimized input", "latency-optimized"),
    ("seat", {"commitment": "annual"}, "annual seat", "annual"),
    ("storage", {"stored": "cache"}, "cache storage", "cache"),
    ("input", {"odd_one": "7", "variant": "int8"}, "input, odd one 7, int8", "odd one 7 · int8"),
    ("no_such_meter", {}, "no such meter", ""),
    (None, {}, "price", ""),
]  # fmt: skip


@pytest.mark.parametrize(("meter", "conditions", "sentence", "table"), OFFERS)
def test_what_a_price_is_for(meter: str | None, conditions: dict[str, Any], sentence: str, table: str) -> None:
    assert offers.offer(meter, conditions) == sentence
    assert offers.conditions(conditions) == table


def test_no_two_meters_are_said_alike_but_for_their_units() -> None:
    said = [(offers.meter(name), known.unit) for name, known in meters().items()]
    assert len(said) == len(set(said))
    assert all("_" not in name for name, _ in said)


@given(st.dictionaries(st.sampled_from(["service_tier", "cache_ttl", "context_over", "x"]), st.text(max_size=200)))
def test_whatever_a_page_says_of_an_offer_is_one_visible_line(conditions: dict[str, Any]) -> None:
    assert offers.offer("input", conditions).isprintable()
    assert offers.conditions(conditions).replace("·", "").isprintable()


@pytest.mark.parametrize(
    ("value", "long", "short"),
    [
        ("2026-03-26", "26 March 2026", "26 Mar 2026"), ("2026-03", "March 2026", "Mar 2026"), ("2026", "2026", "2026"),
        ("2026-03-06T10:00:00Z", "6 March 2026", "6 Mar 2026"), (date(2026, 2, 6), "6 February 2026", "6 Feb 2026"),
        (AT, "26 February 2026", "26 Feb 2026"), ("2026-13-40", "2026-13-40", "2026-13-40"),
        ("2026-13", "2026-13", "2026-13"), ("2026-03-261", "2026-03-261", "2026-03-261"),
        ("soon <b>", "soon <b>", "soon <b>"),
        (None, "", ""), (20260326, "20260326", "20260326"),
    ],
)  # fmt: skip
def test_a_day_is_as_precise_as_what_is_given(value: object, long: str, short: str) -> None:
    assert (dates.day(value), dates.short_day(value)) == (long, short)


def test_on_a_day_and_in_a_month() -> None:
    assert [dates.on(text) for text in ("2026-03-26", "2026-03", "2026")] == [
        "on 26 March 2026",
        "in March 2026",
        "in 2026",
    ]


@pytest.mark.parametrize(
    ("stated", "past"),
    [("2026-02-25", True), ("2026-02-26", False), ("2026-02", False), ("2026-01", True), ("2027", False)],
)
def test_a_month_is_past_when_all_of_it_is(stated: str, past: bool) -> None:
    assert dates.is_past(stated, AT) is past


def test_days_between_and_to_come() -> None:
    assert dates.days_between(AT, "2026-03-01") == 3
    assert [dates.days_between(AT, other) for other in ("2026-03", "2026-02-31", None)] == [None, None, None]
    said = ["today", "tomorrow", "in 1,200 days", "1 day ago", "12 days ago"]
    assert [dates.in_days(days) for days in (0, 1, 1200, -1, -12)] == said


def test_midnight_sharp_is_only_a_day() -> None:
    assert dates.is_dateless(datetime(2026, 2, 26, 0, 0, 0, 3, tzinfo=UTC))
    assert not dates.is_dateless(AT)


def test_lists_and_counts() -> None:
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b", "c"]) == "a, b and c"
    assert words.listed(list("abcdefgh"), limit=3) == "a, b and 6 more"
    assert [words.counted(n, "price") for n in (0, 1, 2340)] == ["0 prices", "1 price", "2,340 prices"]
    assert words.counted(2, "query") == "2 queries"
    assert words.capital("gPT") == "GPT"


@given(st.text(max_size=300), st.integers(1, 200))
def test_what_is_cleaned_is_one_visible_line(text: str, limit: int) -> None:
    said = words.clean(text, limit)
    assert len(said) <= limit
    assert said.isprintable()
    assert words.clean(said, limit) == said


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_one_visible_line(hostile: str) -> None:
    said = words.clean(hostile, 200)
    assert said.isprintable()
    assert not set(said) & set("\u202e\u200b\u2066\x1b")


@pytest.mark.parametrize("payload", ["{% raw %}", "{0}", "{}", "{value.real}", "%s %(x)s", "{{7*7}}"])
def test_names_and_values_of_conditions_are_text_never_forms(payload: str) -> None:
    assert payload in offers.conditions({payload: "x"})
    assert payload in offers.offer("input", {"note": payload})

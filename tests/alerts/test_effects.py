"""What a change means for a workload, in sentences."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from alerts import effects
from alerts.circumstances import Standing
from tests.alerts.examples import price, retirement, status
from tests.alerts.test_impact import standing, work
from timeline.agreements import Contract

BOT = work(model="gpt-5")
PRICES = [
    standing(meter, amount, model)
    for model, amounts in {"gpt-5": ("1", "6"), "gpt-5.1": ("2", "9"), "gpt-4.1": ("1", "2")}.items()
    for meter, amount in zip(("input", "output"), amounts, strict=True)
]
OTHERS = [replace(one, provider="deepseek", model="deepseek-reasoner") for one in PRICES[4:]]
BY = "at 100,000 requests a day with 500 tokens in and 200 out, 30 days a month"


def test_a_loss_says_how_long_there_is_and_what_each_way_out_costs() -> None:
    told = Standing(prices=PRICES, replacements={"openai/gpt-5": ["gpt-5.1", "gpt-9"]})
    ends = [retirement(model="gpt-5"), status("active", "deprecated", model="gpt-5")]
    assert effects.sentences(ends, [BOT], told) == (
        "support-bot runs on gpt-5 ($5,100 a month) and has to move within 106 days. gpt-5.1 would cost $8,400 a month "
        "(+65 %). What gpt-9 would cost is not known.",
    )
    assert effects.alternatives(ends, [BOT], told) == (
        "Cheapest other frontier model for support-bot: OpenAI gpt-4.1, $2,700 a month (−47 %).",
    )
    named = replace(told, replacements={"openai/gpt-5": ["gpt-4.1"]})  # it is told already
    assert effects.alternatives(ends, [BOT], named) == (
        "Cheapest other frontier model for support-bot: OpenAI gpt-5.1, $8,400 a month (+65 %).",
    )


def test_the_last_day_and_what_is_over_are_said_so() -> None:
    def said(on: str) -> str:
        return effects.sentences([retirement(on, model="gpt-5")], [BOT])[0]

    assert said("2026-08-13") == "support-bot runs on gpt-5 and has to move within 1 day."
    assert said("2026-08-12") == "support-bot runs on gpt-5, which ends today."
    assert said("2026-08-11") == "support-bot runs on gpt-5, which ended on 11 August 2026."
    assert said("2026-11") == "support-bot runs on gpt-5, which ends in November 2026."


def test_after_a_change_of_price_the_cheapest_of_the_class_and_of_the_provider_are_named() -> None:
    rise = [price("input", "1", "2", model="gpt-5")]
    told = Standing(prices=[*PRICES, *(replace(one, unit_amount=Decimal(0)) for one in OTHERS)])
    assert effects.alternatives(rise, [BOT], told) == (
        "Cheapest other frontier model for support-bot: DeepSeek deepseek-reasoner, $0.00 a month (−100 %); of OpenAI: "
        "gpt-4.1, $2,700 a month (−59 %).",
    )
    cut = [price("output", "6", "0.1", model="gpt-5")]
    assert effects.alternatives(cut, [BOT], told) == (  # nothing of OpenAI is cheaper
        "Cheapest other frontier model for support-bot: DeepSeek deepseek-reasoner, $0.00 a month (−100 %).",
    )
    assert effects.alternatives([price("image", "1", "2", model="gpt-5")], [BOT], told) == ()


def test_another_name_of_the_model_and_what_saves_nothing_are_no_alternatives() -> None:
    bot = work(model="gpt-4o")
    sold = {"gpt-4o": "2", "gpt-4o-2024-08-06": "1", "gpt-4.1": "2", "gpt-5.1": "9"}
    prices = [standing(meter, amount, model) for model, amount in sold.items() for meter in ("input", "output")]
    same = [price("input", "4", "2", model="gpt-4o")]
    assert effects.alternatives(same, [bot], Standing(prices=prices)) == ()
    (lost,) = effects.alternatives([retirement(model="gpt-4o")], [bot], Standing(prices=prices))  # it has to be left
    assert lost.startswith("Cheapest other frontier model for support-bot: OpenAI gpt-4.1, $4,200 a month, as much")


def test_what_a_dated_id_has_lost_its_alias_has_lost_too() -> None:
    rise = [price("input", "1", "2", model="gpt-5")]
    opus = [replace(one, provider="anthropic", model="claude-opus-4-0") for one in PRICES[4:]]
    assert "claude-opus-4-0" in effects.alternatives(rise, [BOT], Standing(prices=opus))[0]
    gone = Standing(prices=opus, gone={"anthropic/claude-opus-4-20250514"})
    assert effects.alternatives(rise, [BOT], gone) == ()


def test_a_contract_that_fixes_the_price_is_named() -> None:
    deal = Contract(name="enterprise", provider="openai", amounts={"input": Decimal(1)}, ends=date(2026, 12, 31))
    assert effects.sentences([price("input", "1", "2", model="gpt-5")], [BOT], Standing(contracts=[deal])) == (
        "support-bot pays the same: enterprise sets its price until 31 December 2026.",
    )


def test_the_assumptions_stand_behind_the_sum() -> None:
    cut = [price("input", "1", "0.5", model="gpt-5")]
    assert effects.sentences(cut, [BOT])[0].endswith(f"pays $750 less a month for input, {BY}.")
    busy = replace(BOT, cached_share=Decimal("0.5"), written_share=Decimal("0.1"), reasoning_tokens=Decimal(800))
    assert (
        "500 tokens in (50 % cached, 10 % written to the cache), 800 of thinking and 200 out"
        in (effects.sentences(cut, [busy])[0])
    )


def test_alternatives_are_compared_in_one_currency_only() -> None:
    yuan = [replace(one, currency="CNY", unit_amount=Decimal("0.000001")) for one in OTHERS]
    rise = [price("input", "1", "2", model="gpt-5")]
    assert "gpt-4.1, $2,700" in effects.alternatives(rise, [BOT], Standing(prices=[*PRICES, *yuan]))[0]
    assert effects.alternatives(rise, [BOT], Standing(prices=[*PRICES[:2], *yuan])) == ()
    (lost,) = effects.alternatives([retirement(model="gpt-5")], [BOT], Standing(prices=[*PRICES[2:], *yuan]))
    assert "gpt-4.1, $2,700" in lost  # what is paid now is not known

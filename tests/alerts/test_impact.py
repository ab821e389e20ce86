"""What a change costs a workload: exact, in Decimal, over 30 days."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from alerts.circumstances import Standing
from alerts.impact import Effect, effects
from alerts.moves import losses, options
from tests.alerts.examples import AT, event, price, retirement, side, status
from timeline.agreements import Contract
from timeline.events import Event
from timeline.rates import Rate
from timeline.workloads import Workload


def work(**changes: Any) -> Workload:
    fields: dict[str, Any] = {
        "name": "support-bot",
        "provider": "openai",
        "model": "gpt-5.6-luna",
        "requests_per_day": Decimal(100_000),
        "input_tokens": Decimal(500),
        "output_tokens": Decimal(200),
    }
    return Workload(**(fields | changes))


def standing(meter: str, per_million: str, model: str = "gpt-5.6-luna", **conditions: Any) -> Rate:
    amount = Decimal(per_million) / 1_000_000
    return Rate(provider="openai", model=model, meter=meter, conditions=conditions, currency="USD", unit_amount=amount)


def effect(*events: Event, workload: Workload | None = None, known: tuple[Rate, ...] = ()) -> Effect:
    (found,) = effects(events, [workload or work()], Standing(prices=known))
    return found


def test_both_meters_changed_gives_the_whole_bill() -> None:
    # a month: 1,500M tokens in, 600M out
    found = effect(price("input", "1.00", "0.20"), price("output", "6.00", "1.20"))
    assert (found.before, found.after, found.change) == (Decimal(5100), Decimal(1020), Decimal(-4080))
    assert found.change_pct == -80
    assert found.meters == ("input", "output")


def test_one_meter_without_the_others_gives_its_own_part() -> None:
    found = effect(price("output", "6.00", "1.20"))
    assert (found.before, found.after, found.change) == (None, None, Decimal(-2880))
    assert found.change_pct is None


def test_standing_prices_complete_the_bill() -> None:
    found = effect(price("output", "6.00", "1.20"), known=(standing("input", "1.00"),))
    assert (found.before, found.after, found.change) == (Decimal(5100), Decimal(2220), Decimal(-2880))


def test_cached_tokens_pay_the_cached_price_where_there_is_one() -> None:
    cached = work(cached_share=Decimal("0.3"))
    found = effect(
        price("input", "1.00", "0.50"), workload=cached, known=(standing("cache_read", "0.10"), standing("output", "6"))
    )
    # 1,050M uncached at 1.00 -> 0.50, 450M cached at 0.10, 600M out at 6
    assert (found.before, found.after) == (Decimal("1050") + 45 + 3600, Decimal("525") + 45 + 3600)
    plain = effect(price("input", "1.00", "0.50"), workload=cached, known=(standing("output", "6"),))
    assert (plain.before, plain.after) == (Decimal(1500 + 3600), Decimal(750 + 3600))


def test_batch_work_pays_batch_prices_only() -> None:
    batch = {"service_tier": "batch"}
    assert effects([price("input", "1.00", "0.20")], [work(tier="batch")]) == []
    assert effects([price("input", "0.50", "0.10", conditions=batch)], [work()]) == []
    assert effect(price("input", "0.50", "0.10", conditions=batch), workload=work(tier="batch")).change == -600


def test_the_band_of_the_prompt_decides() -> None:
    long = {"context_over": 200_000}
    events = [price("input", "1.00", "0.50"), price("input", "2.00", "1.50", conditions=long)]
    small, large = work(), work(input_tokens=Decimal(200_001), requests_per_day=Decimal(1))
    assert effect(*events, workload=small).change == Decimal(-750)
    assert effect(*events, workload=large).change == Decimal(-200_001 * 30) / 2_000_000
    assert effects([price("input", "2.00", "1.50", conditions=long)], [small]) == []
    assert (
        effects(
            [price("input", "1.00", "0.50")],
            [large],
            Standing(prices=[standing("input", "2.00", context_over=200_000)]),
        )
        == []
    )


def test_conditions_a_workload_cannot_be_checked_against_are_not_counted() -> None:
    assert effects([price("input", "1", "2", conditions={"region": "eu"})], [work()]) == []
    beyond = price("input", "1", "2", conditions={"tier_mode": "marginal", "context_over": 400})
    assert effect(beyond, known=(standing("input", "1"),)).change == 300  # 100 of 500 tokens, 3M requests a month


def test_other_units_models_and_kinds_are_not_counted() -> None:
    assert effects([price("image", "1", "2", old=side("1", unit="image"), new=side("2", unit="image"))], [work()]) == []
    assert effects([price("input", "1", "2", model="gpt-4o")], [work()]) == []
    assert effects([price("input", "1", "2", provider="azure")], [work()]) == []
    assert effects([price("input", "1", "2", kind="price.schedule_withdrawn")], [work()]) == []
    assert effects([price("cache_write", "1", "2")], [work()]) == []


def test_free_counts_as_nothing_and_not_offered_not_at_all() -> None:
    assert effect(price("input", "1", "2", new=side("0", state="free"))).change == -1500
    assert effects([price("input", "1", "2", new=side(None))], [work()]) == []


def test_per_thousand_is_the_same_price() -> None:
    assert effects([price("input", "3", "3", new=side("0.003", per=1000))], [work()]) == []


def test_two_currencies_are_one_bill_in_dollars() -> None:
    yuan = price("input", "7", "14", old=side("7", currency="CNY"), new=side("14", currency="CNY"))
    found = effect(yuan, price("input", "1", "2"))
    assert (found.currency, found.change) == ("USD", Decimal(1500))


def test_a_workload_may_name_a_dated_snapshot_of_the_model() -> None:
    named = work(provider="anthropic", model="claude-opus-4-5-20251101")
    told = price("input", "5", "4", model="Claude Opus 4.5", model_id="claude-opus-4-5", provider="anthropic")
    assert effect(told, workload=named).change == -1500
    assert effects([price("input", "5", "4", model="claude-opus-4-6", provider="anthropic")], [named]) == []


def test_a_scheduled_change_says_from_when() -> None:
    found = effect(price("input", "1", "2", kind="price.scheduled", effective_at="2026-09-01"))
    assert found.starts == "2026-09-01"


def test_each_day_from_which_prices_hold_is_an_effect_of_its_own() -> None:
    first = price("input", "1", "2", kind="price.scheduled", effective_at="2026-09-01")
    later = price("output", "6", "12", kind="price.scheduled", effective_at="2027-03-01")
    again = price("input", "2", "4", kind="price.scheduled", effective_at="2026-12-01")
    known = Standing(prices=(standing("input", "1"), standing("output", "6")))
    found = effects([later, again, first], [work()], known)
    assert [(one.starts, one.change) for one in found] == [
        ("2026-09-01", Decimal(1500)),
        ("2026-12-01", Decimal(3000)),
        ("2027-03-01", Decimal(3600)),
    ]
    assert [one.before for one in found] == [5100, 6600, 9600]
    assert [one.after for one in found] == [6600, 9600, 13200]


def test_what_holds_by_now_is_no_sum_with_what_is_announced() -> None:
    now = price("input", "1", "2", effective_at="2026-08-12")
    later = price("input", "2", "4", kind="price.scheduled", effective_at="2027-03-01")
    known = Standing(prices=(standing("input", "1"), standing("output", "6")))
    for events in ([now, later], [later, now]):
        found = effects(events, [work()], known)
        assert [(one.starts, one.change) for one in found] == [(None, Decimal(1500)), ("2027-03-01", Decimal(3000))]


def test_a_catalogue_against_the_price_that_the_provider_states_has_no_effect() -> None:
    claim = price("input", "1", "10", trust="catalogue", source="some-catalogue")
    official = (standing("input", "1"), standing("output", "6"))
    assert effects([claim], [work()], Standing(prices=official)) == []
    (alone,) = effects([claim], [work()], Standing(prices=[replace(official[0], trust="catalogue"), official[1]]))
    assert alone.change == 13500
    (told,) = effects([claim], [work()], Standing(prices=[standing("input", "10"), official[1]]))
    assert told.change == 13500  # the provider says the same


def test_a_contract_counts_before_the_list() -> None:
    discount = Contract(name="deal", provider="openai", discount_pct=Decimal(10))
    told = Standing(contracts=[discount])
    (found,) = effects([price("input", "1.00", "0.50"), price("output", "6", "3")], [work()], told)
    assert (found.before, found.after) == (Decimal(5100) * 9 / 10, Decimal(2550) * 9 / 10)
    fixed = Contract(name="fixed", provider="openai", amounts={"input": Decimal("0.70"), "output": Decimal(2)})
    (held,) = effects([price("input", "1.00", "0.50")], [work()], Standing(contracts=[fixed]))
    assert (held.change, held.contract) == (Decimal(0), "fixed")
    assert effects([price("input", "1", "2", conditions={"region": "eu"})], [work()], Standing(contracts=[fixed])) == []


def test_a_contract_counts_on_the_day_the_change_holds() -> None:
    ended = Contract(
        name="old", provider="openai", amounts={"input": Decimal("0.70")}, ends=AT.date().replace(month=8, day=31)
    )
    ahead = price("input", "1", "2", kind="price.scheduled", effective_at="2026-09-01")
    (found,) = effects([ahead], [work()], Standing(contracts=[ended]))
    assert (found.change, found.contract) == (Decimal(1500), "")


def test_what_is_lost_and_what_moving_costs() -> None:
    prices = [standing("input", "1"), standing("output", "6")]
    prices += [standing("input", "2", "gpt-6"), standing("output", "3", "gpt-6")]
    told = Standing(prices=prices, replacements={"openai/gpt-5.6-luna": ["gpt-6", "gpt-7"]})
    (loss,) = losses([retirement(), status("active", "deprecated")], [work(), work(model="gpt-4o")], told)
    assert (loss.retires_on, loss.days, loss.now.bill) == ("2026-11-26", 106, Decimal(5100))
    assert [(option.model, option.bill) for option in loss.successors] == [("gpt-6", Decimal(4800)), ("gpt-7", None)]
    named = event("model.replacement_changed", old={}, new={"replacements": ["gpt-6"]})
    (again,) = losses(
        [status("active", "deprecated"), named], [work()], Standing(retires={"openai/gpt-5.6-luna": "2026-09-11"})
    )
    assert (again.days, again.now.bill, [option.model for option in again.successors]) == (30, None, ["gpt-6"])
    assert losses([status("deprecated", "active")], [work()], told) == []


def test_the_cheapest_of_the_same_class_first() -> None:
    on = AT.date()
    asked = work(model="gpt-5")
    prices = [
        standing(meter, amount, model)
        for model, amounts in {
            "gpt-5": ("1", "6"),
            "gpt-5.1": ("2", "9"),
            "gpt-4.1": ("1", "2"),
            "gpt-4o": ("0.1", "0.1"),
            "gpt-5-mini": ("0.01", "0.01"),  # another class
            "gpt-5.2": ("0.1", None),  # not known
        }.items()
        for meter, amount in zip(("input", "output"), amounts, strict=True)
        if amount
    ]
    told = Standing(prices=prices, gone={"openai/gpt-4o"})
    assert [(one.model, one.bill) for one in options(asked, told, on)] == [
        ("gpt-4.1", Decimal(2700)),
        ("gpt-5.1", Decimal(8400)),
    ]
    assert options(work(model="no-such-model"), told, on) == []

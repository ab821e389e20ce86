"""Costs over HTTP: swift-2 takes 4, then 2 dollars for a million tokens in, and 16, then 8 out."""

import pytest

from api.schemas import CostAnswer

ASK = "/v1/cost?provider=acme&model=swift-2&requests=1000&input_tokens=1000&output_tokens=100"


@pytest.mark.parametrize(
    ("more", "total"),
    [
        ("", "2.8"),
        ("&as_of=2026-02-11", "5.6"),
        ("&as_of=2026-02-20&known_at=2026-02-11", "5.6"),
        ("&cached_share=0.5", "2.05"),
        ("&requests=0", "0"),
        ("&as_of=2022-01-01", None),  # nothing is known of then: not 0
        ("&service_tier=batch", None),
    ],
)
def test_a_cost_is_of_the_prices_of_the_day(market, more, total):
    answer = market.ask(ASK.replace("&requests=1000", "") + more if "requests=" in more else ASK + more)
    cost = CostAnswer.model_validate(answer.json).data
    assert cost.total == total
    if "2022" in more:
        assert (cost.currency, cost.missing) == (None, ["input", "output"])
    if "batch" in more:
        assert (cost.lines[0].amount, cost.missing) == ("2", ["output"])


def test_each_line_names_the_price_and_its_source(market):
    (line, _) = market.ask(ASK).json["data"]["lines"]
    assert (line["meter"], line["quantity"], line["amount"]) == ("input", "1000000", "2")
    assert line["rates"] == [
        {
            "meter": "input", "amount": "2", "currency": "USD", "per": "1000000", "unit": "token", "conditions": {},
            "source": "acme-pricing", "trust": "official", "contract": None,
        }
    ]  # fmt: skip


def test_a_model_is_asked_for_by_any_name(market):
    assert market.ask(ASK.replace("swift-2", "Swift+2")).json["data"]["total"] == "2.8"
    assert market.ask(ASK.replace("swift-2", "nobody")).json["data"]["total"] is None


def test_a_provider_may_stand_before_the_model_or_go_without_saying(market):
    ask = ASK.replace("provider=acme&model=swift-2", "model={}")
    told = market.ask(ask.format("acme/swift-2")).json["data"]
    assert (told["provider"], told["model"], told["total"]) == ("acme", "swift-2", "2.8")
    assert market.ask(ask.format("gpt-4o")).json["data"]["provider"] == "openai"
    refused = market.ask(ask.format("swift-2"))
    assert refused.status == 404
    assert "give its provider" in refused.json["detail"]


@pytest.mark.parametrize(
    "more",
    ["&cached_share=1.5", "&requests=-1", "&requests=NaN", "&requests=1e99", "&input_tokens=many", "&model=",
     "&cached_share=0.6&cache_write_share=0.6", "&service_tier=slow", "&tokens=5"],
)  # fmt: skip
def test_a_question_that_cannot_be_is_refused(market, more):
    answer = market.ask(ASK + more)
    assert answer.status == 422
    assert answer.json["errors"][0]["parameter"]


def test_a_cost_that_has_not_changed_is_not_sent_again(market):
    first = market.ask(ASK)
    assert market.ask(ASK, If_None_Match=first.headers["etag"]).status == 304

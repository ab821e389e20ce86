import pytest

from api.schemas import PriceHistoryPage, PricePage
from tests.api.samples import DAY, PRICING, START, look, price, register


def amounts(market, query):
    return {
        (row["model_id"], row["meter"], row["conditions"].get("service_tier")): (row["amount"], row["source"])
        for row in market.data(f"/v1/prices?{query}")
    }


def test_prices_hold_now_from_the_best_source(market):
    page = PricePage.model_validate(market.ask("/v1/prices").json)
    assert len(page.data) == 7
    found = amounts(market, "model=swift-2")
    assert found == {
        ("swift-2", "input", None): ("2.00", "acme-pricing"),
        ("swift-2", "output", None): ("8.00", "acme-pricing"),
        ("swift-2", "cache_read", None): ("0.50", "acme-pricing"),
        ("swift-2", "input", "batch"): ("2.00", "acme-pricing"),
    }
    first = market.data("/v1/prices?model=Swift+2&meter=cache_read")[0]
    assert (first["per"], first["unit"], first["per_million"], first["state"]) == (1000000, "token", "0.5", "priced")
    assert first["effective_from"] == "2026-02-12T08:00:00Z"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("as_of=2026-02-11", "4.00"),  # a past day
        ("as_of=2026-02-12T07:59:59Z", "4.00"),
        ("as_of=2026-02-12T08:00:00Z", "2.00"),
        ("known_at=2026-02-11&as_of=2026-02-20", "4.00"),  # as it was known on another
        ("known_at=2026-02-13&as_of=2026-02-11", "4.00"),
        ("source=shop-catalogue", "4.00"),
    ],
)
def test_as_of_is_the_world_and_known_at_the_evidence(market, query, wanted):
    assert amounts(market, f"model=swift-2&meter=input&{query}")[("swift-2", "input", None)][0] == wanted


def test_an_announced_price_holds_from_its_day_and_only_since_it_is_known(market):
    ask = "model=slow-1&meter=output"
    wanted = [("", "8.00"), ("&as_of=2026-04-02", "9.00"), ("&as_of=2026-04-02&known_at=2026-02-11", "8.00")]
    assert [amounts(market, ask + more)[("slow-1", "output", None)][0] for more, _ in wanted] == [x for _, x in wanted]


def test_nothing_is_known_of_before_the_first_look(market):
    assert market.data("/v1/prices?as_of=2026-02-09") == []
    assert market.data("/v1/prices?known_at=2026-02-09") == []
    assert market.data("/v1/prices?as_of=0001-01-01") == []


@pytest.mark.parametrize("target", ["/v1/prices?limit=", "/v1/prices/history?limit=", "/v1/models?limit="])
def test_pages_follow_each_other(market, target):
    whole = market.data(target + "1000")
    found, following = [], target + "2"
    while following:
        answer = market.ask(following)
        found += answer.json["data"]
        following = answer.json["next"]
    assert found == whole
    assert len(whole) > 2


def test_history_tells_each_stretch_and_its_source(market):
    page = PriceHistoryPage.model_validate(market.ask("/v1/prices/history?model=swift-2&meter=input").json)
    told = [(row.source, row.amount, row.effective_from, row.effective_to) for row in page.data if not row.conditions]
    assert sorted(told, key=str) == sorted(
        [
            ("acme-pricing", "4.00", START, START + 2 * DAY),
            ("acme-pricing", "2.00", START + 2 * DAY, None),
            ("shop-catalogue", "4.00", START, None),
        ],
        key=str,
    )
    since = market.data("/v1/prices/history?model=swift-2&source=acme-pricing&since=2026-02-13")
    assert {row["amount"] for row in since} == {"2.00", "8.00", "0.50"}
    until = market.data("/v1/prices/history?model=swift-2&source=acme-pricing&until=2026-02-11&meter=output")
    assert [row["amount"] for row in until] == ["16.00"]


def test_a_304_for_what_has_not_changed(market):
    for target in (
        "/v1/prices",
        "/v1/prices/history",
        "/v1/models",
        "/v1/deadlines",
        "/v1/news",
        "/v1/models/acme/slow-1",
    ):
        tag = market.ask(target).headers["etag"]
        assert market.ask(target, If_None_Match=tag).status == 304, target


def test_prices_are_found_by_their_conditions(market):
    batch = market.data("/v1/prices?condition=service_tier:batch")
    assert [price["conditions"] for price in batch] == [{"service_tier": "batch"}]
    plain = market.data("/v1/prices?condition=service_tier:")
    assert plain
    assert all("service_tier" not in price["conditions"] for price in plain)
    both = market.data("/v1/prices?condition=service_tier:&condition=service_tier:batch")
    assert len(both) == len(batch) + len(plain) == len(market.data("/v1/prices"))
    assert market.data("/v1/prices?condition=service_tier:batch&condition=region:eu") == []
    assert market.data("/v1/events?condition=service_tier:batch")
    assert market.data("/v1/prices/history?condition=service_tier:batch")
    for wrong in ("batch", ":batch", "Service:batch", "a:b%00"):
        assert market.ask(f"/v1/prices?condition={wrong}").status == 422, wrong


def test_history_is_told_as_it_was_known(market):
    def believed(known_at):
        rows = market.data(f"/v1/prices/history?model=swift-2&meter=input&source=acme-pricing&known_at={known_at}")
        return sorted((row["amount"], row["effective_to"]) for row in rows if not row["conditions"])

    assert believed("2026-02-09") == []
    assert believed("2026-02-11") == [("4.00", None)]
    assert believed("2026-02-26") == [("2.00", None), ("4.00", "2026-02-12T08:00:00Z")]
    PriceHistoryPage.model_validate(market.ask("/v1/prices/history?known_at=2026-02-11").json)


def test_pages_of_history_go_on_from_models_with_an_id_to_those_without(site, connection):
    register(connection, PRICING)
    look(connection, PRICING, START, [price(name, "input", "1.00", model_id=known) for name, known in (
        ("Alpha", "alpha"), ("Beta", "beta"), ("Gamma", None), ("Delta", None),
    )])  # fmt: skip
    connection.commit()
    whole = [row["model"] for row in site.data("/v1/prices/history")]
    assert whole[:2] == ["Alpha", "Beta"]
    assert sorted(whole[2:]) == ["Delta", "Gamma"]
    for limit in (1, 2, 3):
        target, found = f"/v1/prices/history?limit={limit}", []
        while target:
            answer = site.ask(target).json
            found += [row["model"] for row in answer["data"]]
            target = answer["next"]
        assert found == whole


@pytest.mark.parametrize(
    ("question", "near"),
    [
        ("provider=openia", ["openai"]), ("provider=Acme", ["acme"]), ("provider=acme&provider=gazete", ["gazette"]),
        ("provider=no-such-seller", []), ("model=swift2", ["swift-2"]), ("model=acme/swift-2", ["swift-2"]),
        ("source=acme-price", ["acme-pricing"]), ("model=swift-2&model=slow*&model=slow-%00".replace("%00", "7"), None),
    ],
)  # fmt: skip
def test_a_name_that_nobody_knows_is_refused_with_those_like_it(market, question, near):
    paths = ("/v1/prices", "/v1/prices.csv", "/v1/prices.ndjson", "/v1/events", "/v1/events.atom", "/v1/deadlines.ics")
    for path in paths:
        answer = market.ask(f"{path}?{question}")
        assert (answer.status, answer.headers["content-type"]) == (404, "application/problem+json"), path
        error = answer.json["errors"][-1]
        assert error["parameter"] == question.rpartition("&")[2].partition("=")[0]
        assert near is None or error["near"] == near


def test_a_name_that_is_known_and_of_which_there_is_nothing_gives_nothing(market):
    for question in ("provider=openai", "model=gpt-4o", "model=nothing*", "source=bundled-prices"):
        assert market.data(f"/v1/prices?{question}") == []
    assert market.ask("/v1/events.csv?provider=openai").text.count("\n") == 1

"""Deals over HTTP."""

from api.schemas import DealPage
from tests.crawler.test_funding import HOUR, ONE, T0, TWO, Desk


def test_a_deal_has_its_terms_and_who_told_it(market):
    (deal,) = DealPage.model_validate(market.ask("/v1/funding").json).data
    assert deal.headline == "Solmark raises $50M Series B led by Oxbow Capital"
    assert (deal.kind, deal.status, deal.amount, deal.currency) == ("funding", "announced", 50_000_000, "USD")
    assert [(report.outlet, report.url) for report in deal.reports] == [("gazette", "https://gazette.example/0")]
    (event,) = market.data("/v1/events?kind=funding.*")
    assert event["key"] == deal.id
    assert [row["id"] for row in market.data(f"/v1/funding?id={deal.id}")] == [deal.id]


def test_deals_are_found_by_what_they_are_and_follow_each_other(connection, site):
    desk = Desk(connection)
    desk.look(ONE, T0 + HOUR, ("a", "Solmark in talks to raise $50M, sources say"))
    desk.look(TWO, T0 + 2 * HOUR, ("x", "Redrock raises €9M seed round led by Oxbow Capital"))
    desk.look(ONE, T0 + 3 * HOUR, ("c", "Oxbow acquires AI lab Brindle for $1 billion"))
    connection.commit()
    for asked, companies in (
        ("status=rumoured", ["Solmark"]), ("kind=acquisition", ["Brindle"]), ("company=red*", ["Redrock"]),
        ("currency=USD&min_amount=100000000", ["Brindle"]), ("investor=oxbow*", ["Brindle", "Redrock"]),
        ("round=seed", ["Redrock"]), ("since=2026-03-01T11:30:00Z", ["Brindle"]), ("q=sol", ["Solmark"]),
    ):  # fmt: skip
        assert [row["company"] for row in site.data(f"/v1/funding?{asked}")] == companies, asked
    (event, *_) = site.data("/v1/events?kind=funding.*&baseline=false")
    assert event["headline"] == "Oxbow to acquire Brindle for $1B"
    assert event["headline"] in site.ask("/").text
    (redrock,) = site.data("/v1/events?q=redrock&kind=funding.*")
    for path in ("/", "/?kind=funding.*"):  # of this market, unless somebody asks for more
        assert [f"/evidence/{one['id']}" in site.ask(path).text for one in (event, redrock)] == [True, False], path
    assert ["raises" in site.ask("/funding").text, "Brindle" in site.ask("/funding").text] == [False, True]
    assert "Redrock raises" in site.ask("/funding?about=anything").text
    assert "Redrock raises" in site.ask("/funding?q=red").text
    assert [row["id"] for row in site.data("/v1/events?topic=ai&kind=funding.*&baseline=false")] == [event["id"]]
    assert site.data("/v1/events?topic=nothing") == []
    evidence = site.ask(f"/evidence/{event['id']}")
    assert (evidence.status, event["headline"] in evidence.text) == (200, True)
    first = site.ask("/v1/funding?limit=2").json
    second = site.ask(first["next"]).json
    assert [row["company"] for row in first["data"] + second["data"]] == ["Brindle", "Redrock", "Solmark"]
    assert site.ask("/v1/funding?min_amount=much").status == 422

from datetime import timedelta

import pytest

from api.schemas import EventAnswer, EventPage
from store import events
from tests.api.samples import START, price_event, small_market


@pytest.fixture
def market(connection):
    return small_market(connection)


def test_events_come_newest_first_with_their_evidence(site, market):
    answer = site.ask("/v1/events")
    page = EventPage.model_validate(answer.json)
    assert page.data[0].headline == "gazette: A swift model"
    assert len(page.data) == len(market)
    cut = next(event for event in page.data if event.meter == "output")
    assert (cut.old["amount"], cut.new["amount"], cut.change_pct) == ("40.00", "8.00", "-80.00")
    assert cut.before.sha256 != cut.after.sha256
    assert cut.evidence == f"{site.base_url}/evidence/{cut.id}"
    assert answer.json["data"][0]["observed_at"].endswith("Z")


@pytest.mark.parametrize(
    ("query", "models"),
    [
        ("kind=price.changed&direction=rise", {"slow-1"}),
        ("kind=model.*&baseline=false", {"slow-0", "slow-1"}),
        ("model=SWIFT-2", set()),
        ("model=swi*", {"swift-2"}),
        ("provider=gazette", {None}),
        ("provider=gazette&provider=acme&meter=output", {"swift-2"}),
        ("q=SWIFT+model", {None}),
        ("q=100%25", set()),
        ("trust=press", {None}),
        ("source=acme-lifecycle&baseline=true", {"swift-2"}),
        ("since=2026-02-22T08:00:00Z&until=2026-02-22T08:00:01%2B00:00&kind=price.*", {"swift-2"}),
        ("since=2026-02-22T08:00:00+00:00&kind=price.*", {"swift-2", "slow-1"}),
        ("until=2026-02-21", {"swift-2"}),
        ("model=' OR 1=1 --", set()),
    ],
)  # fmt: skip
def test_filters(site, market, query, models):
    assert {event["model"] for event in site.data("/v1/events?" + query.replace(" ", "%20"))} == models


def test_pages_follow_each_other_without_a_gap_or_a_double(site, market):
    whole = [event["id"] for event in site.data("/v1/events")]
    for limit in (1, 2, 3, 100):
        target, found = f"/v1/events?limit={limit}", []
        while target:
            answer = site.ask(target)
            found += [event["id"] for event in answer.json["data"]]
            target = answer.json["next"]
            assert answer.headers.get("link") == (f'<{target}>; rel="next"' if target else None)
        assert found == whole


def test_one_event_also_when_withdrawn(site, market, connection):
    event_id = market[0].id
    EventAnswer.model_validate(site.ask(f"/v1/events/{event_id}").json)
    events.withdraw(connection, [event_id], because="the page was another's", at=START)
    connection.commit()
    assert event_id not in [event["id"] for event in site.data("/v1/events")]
    assert event_id in [event["id"] for event in site.data("/v1/events?withdrawn=true")]
    assert site.data(f"/v1/events/{event_id}")["withdrawn_because"] == "the page was another's"
    assert site.ask("/v1/events/" + "0" * 32).status == 404
    assert site.ask("/v1/events/%00").status == 404


def test_an_etag_holds_until_something_changes(site, market, connection):
    first = site.ask("/v1/events")
    tag = first.headers["etag"]
    again = site.ask("/v1/events", If_None_Match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert site.ask("/v1/events?limit=1", If_None_Match=tag).status == 200
    events.insert(connection, [price_event("swift-2", "input", "2.00", "3.00", at=START + timedelta(days=5))])
    connection.commit()
    changed = site.ask("/v1/events", If_None_Match=tag)
    assert (changed.status, changed.json["data"][0]["direction"]) == (200, "rise")

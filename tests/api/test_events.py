import pytest

from api import answers
from api.schemas import EventAnswer, EventPage
from store import events, story_links
from tests.api.samples import DAY, PRICING, START, look, prices_later, small_market


def told(market, query):
    return [(event["kind"], event["model"], event["meter"]) for event in market.data(f"/v1/events?{query}")]


def test_events_come_newest_first_with_their_evidence(market):
    answer = market.ask("/v1/events")
    page = EventPage.model_validate(answer.json)
    assert [event.observed_at for event in page.data] == sorted((e.observed_at for e in page.data), reverse=True)
    cut = next(event for event in page.data if event.meter == "cache_read" and not event.baseline)
    assert (cut.old["amount"], cut.new["amount"], cut.change_pct) == ("1.00", "0.50", "-50.00")
    assert (cut.before.captured_at, cut.after.captured_at) == (START, START + 2 * DAY)
    assert cut.evidence == f"{market.base_url}/evidence/{cut.id}"
    assert answer.json["data"][0]["observed_at"].endswith("Z")


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("kind=price.changed&direction=rise", {("price.changed", "slow-1", "input")}),
        ("kind=price.scheduled", {("price.scheduled", "slow-1", "output")}),
        ("kind=model.ret*", {("model.retirement_scheduled", name, None) for name in ("slow-0", "slow-1")}),
        ("model=swift-2&meter=output&baseline=false", {("price.changed", "Swift 2", "output")}),
        ("model=sw%25*", set()),
        ("model=SWIFT*", set()),
        ("model=Swi*&baseline=false&meter=input", {("price.changed", "Swift 2", "input")}),
        ("provider=gazette&baseline=false", {("news.published", None, None)}),
        ("provider=gazette&provider=acme&meter=output&baseline=false&kind=price.changed",
         {("price.changed", "Swift 2", "output")}),
        ("q=A+SWIFT+model", {("news.published", None, None)}),
        ("q=100%25", set()),
        ("trust=catalogue&model=rare-7", {("price.listed", "rare-7", "input")}),
        ("source=shop-catalogue&baseline=true&model=rare*", {("price.listed", "rare-7", "input")}),
        ("since=2026-02-12T08:00:00Z&until=2026-02-12T08:00:01%2B00:00&meter=cache_read",
         {("price.changed", "Swift 2", "cache_read")}),
        ("since=2026-02-12T08:00:00+00:00&meter=cache_read", {("price.changed", "Swift 2", "cache_read")}),
        ("until=2026-02-10", set()),
        ("model=%27%20OR%201=1%20--*", set()),
    ],
)  # fmt: skip
def test_filters(market, query, wanted):
    assert set(told(market, query)) == wanted


def test_pages_follow_each_other_without_a_gap_or_a_double(market):
    whole = [event["id"] for event in market.data("/v1/events")]
    assert len(whole) == len(set(whole)) > 10
    for limit in (1, 2, 3, 100):
        target, found = f"/v1/events?limit={limit}", []
        while target:
            answer = market.ask(target)
            found += [event["id"] for event in answer.json["data"]]
            target = answer.json["next"]
            assert answer.headers["link"].startswith(f'<{target}>; rel="next", ') == bool(target)
        assert found == whole


def test_one_event_also_when_withdrawn(site, connection):
    event_id = small_market(connection)[0].id
    EventAnswer.model_validate(site.ask(f"/v1/events/{event_id}").json)
    events.withdraw(connection, [event_id], because="the page was another's", at=START)
    connection.commit()
    assert event_id not in [event["id"] for event in site.data("/v1/events")]
    assert event_id in [event["id"] for event in site.data("/v1/events?withdrawn=true")]
    assert site.data(f"/v1/events/{event_id}")["withdrawn_because"] == "the page was another's"
    assert site.ask("/v1/events/" + "0" * 32).status == 404
    assert site.ask("/v1/events/%00").status == 404


def test_one_event_says_who_else_saw_it(site, connection):
    first, second, third = small_market(connection)[:3]
    story_links.link(connection, first.id, [second.id, third.id], START)
    connection.commit()
    for asked, others in ((first, {second.id, third.id}), (third, {first.id, second.id})):
        found = EventAnswer.model_validate(site.ask(f"/v1/events/{asked.id}").json).data.witnesses
        assert {witness.id for witness in found} == others
        assert {witness.teller for witness in found} == {"acme"}
        assert third.headline in site.ask(f"/evidence/{first.id}").text
    events.withdraw(connection, [second.id], because="the page was another's", at=START)
    connection.commit()
    assert [witness["id"] for witness in site.data(f"/v1/events/{first.id}")["witnesses"]] == [third.id]


def test_an_etag_holds_until_something_changes(site, connection):
    small_market(connection)
    first = site.ask("/v1/events")
    tag = first.headers["etag"]
    again = site.ask("/v1/events", If_None_Match=f'"other", {tag}')
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert site.ask("/v1/events?limit=1", If_None_Match=tag).status == 200
    look(connection, PRICING, START + 5 * DAY, prices_later(swift="3.00"))
    connection.commit()
    changed = site.ask("/v1/events", If_None_Match=tag)
    assert (changed.status, changed.json["data"][0]["direction"]) == (200, "rise")


def test_events_are_told_as_they_stood(market):
    assert market.data("/v1/events?known_at=2026-02-09") == []
    early, late = (market.data(f"/v1/events?limit=1000&known_at={day}") for day in ("2026-02-11", "2026-02-26"))
    assert 0 < len(early) < len(late) == len(market.data("/v1/events?limit=1000"))


def test_whether_anything_changed_is_not_asked_again_for_a_moment():
    now, counts = [0.0], iter([(1, None), (2, None)])
    changes = answers.Changes(seconds=1.0, ticks=lambda: now[0])

    class Counting:
        def execute(self, _):
            return self

        def fetchone(self):
            return next(counts)

    assert changes.remembered() is None
    assert changes.ask(Counting()) == changes.ask(Counting()) == changes.remembered() == (1, None)
    now[0] = 1.0
    assert changes.remembered() is None
    assert changes.ask(Counting()) == (2, None)


def test_a_kind_that_does_not_exist_is_refused_with_those_like_it(market):
    for place in ("/v1/events", "/v1/events.csv", "/v1/events.atom"):
        answer = market.ask(f"{place}?kind=price.cut")
        assert answer.status == 404, place
        (told,) = answer.json["errors"]
        assert told["parameter"] == "kind"
        assert told["message"].startswith("no kind is called price.cut; did you mean ")
        assert "price.changed" in told["near"]
    assert "there are price.listed" in market.ask("/v1/events?kind=foo").json["detail"]
    assert market.data("/v1/events?kind=nothing.*") == []
    page = market.ask("/?kind=price.cut", Accept="text/html")
    assert (page.status, 'href="/?kind=price.changed"' in page.text) == (404, True)

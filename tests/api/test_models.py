from datetime import date

from icalendar import Calendar

from api.schemas import DeadlinePage, ModelAnswer, ModelPage, NewsPage, WholeModel
from tests.api.samples import DAY, DEAL, LIFECYCLE, PRICING, START, look, notice, price, register
from timeline.observations import SourceInfo


def test_each_model_once_with_its_status_or_its_price(market):
    page = ModelPage.model_validate(market.ask("/v1/models").json)
    assert [(row.id, row.model, row.status, row.prices) for row in page.data] == [
        ("rare-7", "rare-7", None, 1),
        ("slow-0", "slow-0", "deprecated", 0),
        ("slow-1", "slow-1", "deprecated", 2),
        ("swift-2", "Swift 2", None, 4),
    ]
    slow = page.data[2]
    assert (slow.retires_on, slow.replacements) == ("2026-04-01", ["swift-2"])


def test_models_are_filtered_and_asked_for_the_past(market):
    def ids(query):
        return [row["id"] for row in market.data(f"/v1/models?{query}")]

    assert ids("status=deprecated") == ["slow-0", "slow-1"]
    assert ids("model=s*&status=deprecated") == ["slow-0", "slow-1"]
    assert ids("model=Swift+2") == ["swift-2"]
    assert ids("trust=catalogue") == ["rare-7", "swift-2"]
    assert ids("subject_kind=endpoint") == []
    assert ids("status=active&as_of=2026-02-11") == ["slow-1"]
    assert ids("status=active&known_at=2026-02-11") == ["slow-1"]
    assert ids("as_of=2026-02-09") == []


def test_one_model_by_id_or_by_the_name_it_is_printed_with(market):
    for name in ("swift-2", "Swift%202"):
        answer = ModelAnswer.model_validate(market.ask(f"/v1/models/acme/{name}").json).data
        assert (answer.model, answer.name) == ("swift-2", "Swift 2")
        assert len(answer.prices) == 4
        assert {event.kind for event in answer.events} >= {"price.changed", "price.listed"}
    slow = market.data("/v1/models/acme/slow-1")
    assert [row["status"] for row in slow["status"]] == ["deprecated"]
    assert slow["events"][0]["evidence"].startswith(f"{market.base_url}/evidence/")


def test_a_model_nobody_knows_is_a_404(market):
    for path in ("acme/nothing", "nobody/swift-2", "acme/*", "acme/swift-2/x", "acme/" + "x" * 200):
        assert market.ask(f"/v1/models/{path}").status == 404, path
        assert market.ask(f"/models/{path}").status == 404, path
    assert market.ask("/v1/models/acme/" + "x" * 201).status == 422
    assert "did you mean swift-2?" in market.ask("/v1/models/acme/swift2").json["detail"]


def test_deadlines_are_what_is_still_to_come(market):
    page = DeadlinePage.model_validate(market.ask("/v1/deadlines").json)
    told = {(row.kind, row.model, row.stated, row.days_left, row.firm) for row in page.data}
    assert told == {
        ("retirement", "slow-0", "2026-04-01", 34, True),
        ("retirement", "slow-1", "2026-04-01", 34, True),
        ("price", "slow-1", "2026-04-01", 34, True),
    }
    assert [row["kind"] for row in market.data("/v1/deadlines?kind=price")] == ["price"]
    assert market.data("/v1/deadlines?since=2026-04-02") == []
    assert market.data("/v1/deadlines?until=2026-04-01") == []
    assert len(market.data("/v1/deadlines?model=slow-0&firm=true")) == 1
    first = market.ask("/v1/deadlines?limit=2")
    second = market.ask(first.json["next"])
    assert first.json["data"] + second.json["data"] == market.data("/v1/deadlines")


def test_deadlines_are_a_calendar_too(market):
    answer = market.ask("/v1/deadlines.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.body).walk("VEVENT")
    assert [event["SUMMARY"] for event in events] == [
        "acme retires slow-0",
        "acme changes the price of slow-1: output",
        "acme retires slow-1",
    ]
    retires = events[2]
    assert int(retires["SEQUENCE"]) == 1, "it was listed before it had a date"
    assert retires["URL"] == f"{market.base_url}/models/acme/slow-1"
    assert market.ask(retires["URL"].removeprefix(market.base_url)).status == 200
    assert "Instead: swift-2." in retires["DESCRIPTION"]
    assert market.ask("/v1/deadlines?limit=1", Accept="text/calendar").body == answer.body
    assert market.ask("/v1/deadlines.ics").body == answer.body, "the same question, the same bytes"
    tag = answer.headers["etag"]
    assert market.ask("/v1/deadlines.ics", If_None_Match=tag).status == 304
    for question, count in (("kind=price", 1), ("subject_kind=endpoint", 0), ("model=slow-0&firm=true", 1)):
        found = Calendar.from_ical(market.ask(f"/v1/deadlines.ics?{question}").body).walk("VEVENT")
        assert len(found) == count, question
    assert market.ask("/v1/deadlines.ics?limit=5").status == 422
    assert market.data("/v1/deadlines?subject_kind=feature") == []


def test_another_amount_for_the_same_day_is_a_revision_in_the_calendar(site, connection):
    register(connection, PRICING)
    told = []
    for number, amount in enumerate(("9.00", "8.00", "8.00", "8.50")):
        ahead = price("slow-1", "output", amount, effective_from=date(2026, 4, 1))
        look(connection, PRICING, START + number * DAY, [price("slow-1", "output", "7.00"), ahead])
        connection.commit()
        (event,) = Calendar.from_ical(site.ask("/v1/deadlines.ics").body).walk("VEVENT")
        told.append((event["UID"], int(event["SEQUENCE"])))
    assert len({uid for uid, _ in told}) == 1
    first, second, same, third = (number for _, number in told)
    assert first < second == same < third


def test_who_says_otherwise_is_shown_and_not_believed(site, connection):
    witness = SourceInfo(id="shop-deaths", provider="shop", kind="catalogue", trust="catalogue")
    for source in (LIFECYCLE, witness):
        register(connection, source)
    look(
        connection, LIFECYCLE, START, [notice("slow-1", "deprecated", retires_on="2026-04-01"), notice("b-1", "active")]
    )
    look(connection, witness, START, [notice("slow-1", "deprecated", retires_on="2026-03-15"), notice("b-1", "active")])
    connection.commit()
    slow = WholeModel.model_validate(site.data("/v1/models/acme/slow-1"))
    assert [status.retires_on for status in slow.status] == ["2026-04-01"]
    (doubt,) = slow.disagreements
    assert (doubt.other_source, doubt.other_retires_on, doubt.differs, doubt.days_apart) == (
        "shop-deaths", "2026-03-15", ["date"], -17,
    )  # fmt: skip
    page = site.ask("/models/acme/slow-1", Accept="text/html").text
    assert "Others say otherwise" in page
    assert "deprecated, until 15 March 2026" in page
    assert site.data("/v1/models/acme/b-1")["disagreements"] == []
    assert "Others say otherwise" not in site.ask("/models/acme/b-1", Accept="text/html").text


def test_news_come_newest_first_also_those_of_the_first_reading(market):
    page = NewsPage.model_validate(market.ask("/v1/news").json)
    assert [row.title for row in page.data] == ["A swift model", DEAL]
    assert [row["title"] for row in market.data("/v1/news?q=SWIFT&topic=models&provider=gazette")] == ["A swift model"]
    assert market.data("/v1/news?until=2026-02-10") == []
    first = market.ask("/v1/news?limit=1")
    assert [row["title"] for row in market.ask(first.json["next"]).json["data"]] == [DEAL]

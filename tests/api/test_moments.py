"""Lists as of one moment, as known at another: what each means by it, and links that answer the same for ever."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

import pytest

from store import models, notices
from tests.api.samples import CATALOGUE, DAY, GAZETTE, START, item, look, price, register, small_market
from tests.crawler.test_funding import HOUR, ONE, T0, Desk
from timeline.specs import ModelSpec


@pytest.mark.parametrize(
    ("path", "before", "between", "now"),
    [
        ("/v1/deadlines", 0, 0, 3),
        ("/v1/news", 0, 1, 2),
        ("/v1/incidents", 0, 1, 2),
        ("/v1/funding", 0, 1, 1),
        ("/v1/figures", 0, 2, 2),
        ("/v1/models", 0, 4, 4),
    ],
)
def test_what_was_not_yet_there_is_not_told(market, path, before, between, now):
    for moment in ("as_of", "known_at"):
        told = [
            len(market.data(f"{path}?{moment}={at}")) for at in ("2026-02-09", "2026-02-10T12:00:00Z", "2026-02-26")
        ]
        assert told == [before, between, now], moment
    assert len(market.data(path)) == now


def test_days_are_counted_from_the_moment(market):
    told = market.data("/v1/deadlines?as_of=2026-02-13")
    assert {(row["model"], row["days_left"]) for row in told} == {("slow-0", 47), ("slow-1", 47)}
    assert market.data("/v1/deadlines?as_of=2026-04-02") == []
    assert b"20260401" in market.ask("/v1/deadlines.ics?as_of=2026-02-13&known_at=2026-02-13").body
    assert b"20260401" not in market.ask("/v1/deadlines.ics?known_at=2026-02-11").body


def test_an_incident_is_open_as_of_the_moment(market):
    (row,) = market.data("/v1/incidents?as_of=2026-02-10T08:30:00Z")
    assert (row["is_open"], row["minutes"]) == (True, 30)
    assert market.data("/v1/incidents?as_of=2026-02-10T08:30:00Z&is_open=false") == []


def test_one_model_as_it_was(market):
    told = market.data("/v1/models/acme/slow-1?as_of=2026-02-11")
    assert [row["status"] for row in told["status"]] == ["active"]
    assert sorted(row["amount"] for row in told["prices"]) == ["1.00", "8.00"]
    assert {event["observed_at"] for event in told["events"]} == {"2026-02-10T08:00:00Z"}
    assert market.ask("/v1/models/acme/slow-1?as_of=2026-02-09").status == 404


def test_what_is_seen_at_the_very_moment_counts(market):
    cut = market.data("/v1/events?kind=price.changed&model=swift-2&limit=1")[0]
    at = cut["observed_at"]
    whole = market.data(f"/v1/models/acme/swift-2?as_of={at}&known_at={at}")
    assert cut["id"] in {event["id"] for event in whole["events"]}
    assert at in {row["effective_from"] for row in whole["prices"]} & {
        row["effective_from"] for row in whole["history"]
    }
    assert cut["id"] in {event["id"] for event in market.data(f"/v1/events?as_of={at}")}
    assert cut["id"] not in {event["id"] for event in market.data(f"/v1/events?until={at}")}
    assert cut["id"] in market.ask(f"/?as_of={at}", Accept="text/html").text


def test_a_look_after_the_moment_is_not_the_last_look(connection):
    small_market(connection)
    connection.execute("UPDATE aiwire.notice SET seen_until = %s", [START + 9 * DAY])  # as bundled history has it
    then = START + DAY
    told = notices.status(connection, then, then)
    assert told
    assert {row["seen_until"] for row in told} == {then}


def test_what_was_edited_reads_as_it_did(site, connection):
    register(connection, GAZETTE)
    look(connection, GAZETTE, START, [item(0, "A swift model")])
    look(connection, GAZETTE, START + timedelta(hours=2), [item(0, "A swifter model")])
    connection.commit()
    then = quote((START + timedelta(hours=1)).isoformat())
    assert [row["title"] for row in site.data(f"/v1/news?known_at={then}")] == ["A swift model"]
    assert [row["title"] for row in site.data("/v1/news")] == ["A swifter model"]


def test_what_a_model_could_do_is_told_as_it_was(site, connection):
    register(connection, CATALOGUE)
    spec = ModelSpec(provider="acme", model="swift-2", model_id="swift-2", context_window=8_000)
    asked = price("Swift 2", "input", "4.00")
    look(connection, CATALOGUE, START, [asked])
    look(connection, CATALOGUE, START + DAY, [asked, spec])
    look(connection, CATALOGUE, START + 2 * DAY, [asked, replace(spec, context_window=16_000)])
    connection.commit()

    def told(at):
        page = site.ask(f"/models/acme/swift-2?as_of={quote(at.isoformat())}", Accept="text/html").text
        return page.partition("What it could do then")[2]

    assert "8K tokens" in told(START + 1.5 * DAY)
    assert "16K tokens" in told(START + 2 * DAY)
    assert "not known: the first look at it was on 11 Feb 2026" in told(START + DAY / 2)
    names = ["swift-2"]
    assert models.specs(connection, "acme", names, START + 1.5 * DAY, START + DAY / 2) == []
    (now,) = models.specs(connection, "acme", names)
    assert now["context_window"] == 16_000


def test_no_look_after_the_moment_is_told_on_a_page_of_it(market):
    page = market.ask("/providers/acme?as_of=2026-02-11", Accept="text/html").text
    assert "11 Feb 2026</td>" in page
    assert "12 Feb 2026</td>" not in page


def test_the_health_of_sources_is_not_told_of_a_moment(market):
    for place in ("/", "/providers/acme"):
        page = market.ask(f"{place}?known_at=2026-02-12T12:00:00Z", Accept="text/html").text
        assert "at that moment is not kept" in page
        assert "sources well" not in page
        assert "state-ok" not in page


def test_terms_are_told_as_they_were_known(site, connection):
    desk = Desk(connection)
    desk.look(ONE, T0 + HOUR, ("a", "Solmark in talks to raise $50M, sources say"))
    desk.look(ONE, T0 + 3 * HOUR, ("a", "Solmark raises $60M Series B led by Oxbow Capital"))
    connection.commit()
    for hours, status, amount in ((2, "rumoured", "50000000"), (4, "announced", "60000000")):
        at = quote((T0 + hours * HOUR).isoformat())
        (deal,) = site.data(f"/v1/funding?as_of={at}&known_at={at}")
        assert (deal["status"], deal["amount"], len(deal["reports"])) == (status, amount, 1)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/prices?model=swift-2", "/v1/prices/history?meter=input&limit=2", "/v1/models", "/v1/events?limit=3",
        "/v1/deadlines?limit=2", "/v1/news", "/v1/incidents", "/v1/funding", "/v1/figures", "/v1/figures/history",
        "/v1/models/acme/swift-2", "/v1/models/acme/Swift%202", "/v1/cost?provider=acme&model=swift-2&input_tokens=100",
    ],
)  # fmt: skip
def test_the_bookmark_of_an_answer_answers_the_same(market, path):
    answer = market.ask(path)
    links = {relation: link for link, relation in re.findall(r'<([^>]+)>; rel="(\w+)"', answer.headers["link"])}
    assert links.get("next") == answer.json["next"]
    assert "known_at=2026-02-26T17" in links["bookmark"]
    told, again = answer.json["data"], market.ask(links["bookmark"]).json["data"]
    if path.startswith("/v1/cost"):
        assert again.pop("as_of") and again.pop("known_at")
        told = {name: value for name, value in told.items() if name not in ("as_of", "known_at")}
    assert again == told

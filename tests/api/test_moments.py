"""Lists as of one moment, as known at another: what each means by it, and links that answer the same for ever."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import quote

import pytest

from api import keepings
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


PAGES = ["/", "/models", "/providers/acme", "/compare?model=acme/swift-2", "/deadlines", "/search?q=swift",
         "/models/acme/swift-2", "/news", "/funding", "/incidents", "/figures", "/corrections"]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_moment_leads_to_pages_of_that_moment(market, path):
    given = f"{path}{'&' if '?' in path else '?'}as_of=2026-02-11&known_at=2026-02-12"
    page = market.ask(given, Accept="text/html").text.replace("%2F", "/")
    assert "As of 11 Feb 2026, as known on 12 Feb 2026.</b>" in page
    assert f'<a data-now href="{path}">' in page
    links = re.findall(r'<a [^>]*href="(/(?:|models[^"]*|(?:providers/|compare|deadlines|search)[^"]*))"', page)
    links = [unescape(link) for link in links if f'data-now href="{link}"' not in page]
    assert links
    assert [link for link in links if "as_of=2026-02-11" not in link or "known_at=2026-02-12" not in link] == []
    forms = re.findall(r'<form\b[^>]*action="[^"]*"[^>]*>.*?</form>', page, re.DOTALL)
    assert len(forms) >= 2
    for form in forms:
        assert (form.count('name="as_of"'), form.count('name="known_at"')) == (1, 1), form


def test_a_day_is_asked_for_by_a_form(market):
    page = market.ask("/models/acme/swift-2?requests_per_day=7", Accept="text/html").text
    (form,) = re.findall(r'<form class="ask small day".*?</form>', page, re.DOTALL)
    assert 'action="/models/acme/swift-2"' in form
    assert '<input type="date" name="as_of" value=""' in form
    assert '<input type="hidden" name="requests_per_day" value="7">' in form
    assert market.ask("/models/acme/swift-2?as_of=", Accept="text/html").status == 200


def test_what_a_workload_cost_is_told_of_the_day_of_the_page(market):
    page = market.ask("/models/acme/swift-2?as_of=2026-02-11", Accept="text/html").text
    (form,) = re.findall(r'<form class="ask small" .*?</form>', page, re.DOTALL)
    fields = dict(re.findall(r'name="(\w+)" [^>]*?value="([^"]*)"', form))
    assert fields["as_of"] == "2026-02-11"
    assert 'href="/v1/models/acme/swift-2?as_of=2026-02-11"' in page


def test_links_keep_what_they_have_and_others_are_left_alone():
    moments = {"as_of": "2026-02-11"}
    kept = [
        ('<a href="/models?q=x#a">', '<a href="/models?q=x&amp;as_of=2026-02-11#a">'),
        ('<a href="/v1/events.atom?x=1">', '<a href="/v1/events.atom?x=1&amp;as_of=2026-02-11">'),
        *((same, same) for same in (
            '<a href="/?as_of=2025-01-01">', '<a data-now href="/">', '<a href="//models/">', '<a href="/sources#x">',
            '<a href="/v1/snapshots/ab">', '<a href="/evidence/ab">', '<a href="https://acme.example/models">',
        )),
    ]  # fmt: skip
    for before, after in kept:
        assert keepings.kept(before, moments) == after
        assert keepings.kept(before, {}) == before


def test_what_a_page_does_not_know_is_named(market):
    for path in ("/", "/models", "/compare", "/models/acme/swift-2", "/sources"):
        page = market.ask(f"{path}?foo=1&%3Cb%3E=", Accept="text/html").text
        assert "Not known here: <code>foo</code>, <code>&lt;b&gt;</code>" in page, path
    assert "Not known here" not in market.ask("/?provider=acme&as_of=2026-02-11", Accept="text/html").text

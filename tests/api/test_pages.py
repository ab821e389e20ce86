"""The pages, as text: what they say, that they lead somewhere, and that nothing on them comes from elsewhere."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest

from store import events, fetches
from store.fetches import Fetch
from tests.api.conftest import NOW
from tests.api.samples import DAY, PRICING, START, look, price, prices_later, register, small_market
from timeline.observations import SourceInfo

VOID = {"meta", "link", "input", "br"}


class Reader(HTMLParser):
    """The tags and the text of a page, and whether every tag that opens also closes."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.open, self.words = [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, self.getpos()

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split()).replace("\N{NARROW NO-BREAK SPACE}", " ")

    def links(self):
        return [value for _, attrs in self.tags for name, value in attrs.items() if name in ("href", "src", "action")]


def read(site, target):
    answer = site.ask(target, Accept="text/html")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8"), answer.text
    return Reader(answer.text)


def test_the_timeline_reads_like_a_newspaper(market):
    text = read(market, "/").text
    assert "Thursday 12 February 2026" in text
    assert "acme cuts Swift 2 by 50 %" in text
    assert "input $4.00 to → $2.00 −50 % output $16.00 to → $8.00 −50 %" in text
    assert "per 1M tokens · seen between 10 Feb, 08:00 and 12 Feb, 08:00 UTC · evidence" in text
    assert "acme schedules 2 models to retire on 1 April 2026" in text
    assert "takes effect 1 April 2026" in text
    assert "A swift model" in text
    assert "4 of 4 sources well" in text


def test_the_front_page_says_what_it_is_and_how_much_changed_lately(market):
    page = read(market, "/")
    assert "aiwire reads the pages on which 1 provider publishes prices" in page.text
    assert "The latest change is of Thursday 12 February 2026, 14 days ago." in page.text
    assert "price cut 1 1 price cut in 12 weeks price rise 1" in page.text
    assert "announced retirements 2" in page.text
    assert "In the news A swift model gazette" in page.text
    assert "input since February 2026: from $4.00 to $2.00 per 1M tokens" in page.text
    assert "What changed in the prices" not in read(market, "/?kind=price.*").text


def test_the_wire_of_a_moment_is_as_it_was(market):
    (fixed,) = {link for link in read(market, "/").links() if link.startswith("/?as_of=")}
    assert "cuts Swift 2" in read(market, fixed).text
    before = read(market, "/?as_of=2026-02-11&known_at=2026-02-11").text
    assert "This is the wire as of 11 Feb 2026, as known on 11 Feb 2026." in before
    assert "cuts Swift 2" not in before


def test_a_model_says_what_a_workload_costs(market):
    page = read(market, "/models/acme/swift-2?requests_per_day=1000&input_tokens=1000&output_tokens=0")
    assert "$60.00 a month for 1,000 requests a day of 1,000 input and 0 output tokens" in page.text
    assert [attrs for _, attrs in page.tags if attrs.get("aria-label", "").endswith("the proof")]
    fixed = "/models/acme/swift-2?requests_per_day=1000&input_tokens=1000&output_tokens=0&as_of=2026-02-11"
    assert "$120.00 a month" in read(market, fixed).text


def test_first_readings_are_no_news(market):
    assert "rare-7" not in read(market, "/").text


def test_what_is_coming_stands_in_the_margin(market):
    text = read(market, "/").text.partition("Coming up")[2]
    assert "slow-0 , slow-1 acme retires them, in 34 days" in text
    assert "slow-1 acme: output $9.00 per 1M tokens, in 34 days" in text
    assert "Coming up No retirement" in read(market, "/?provider=gazette").text


@pytest.mark.parametrize(
    ("query", "shows", "hides"),
    [
        ("kind=price.*", "cuts Swift 2", "A swift model"),
        ("kind=news.*", "A swift model", "cuts Swift 2"),
        ("provider=gazette", "A swift model", "cuts Swift 2"),
        ("model=slow*", "raises slow-1", "cuts Swift 2"),
        ("q=retire&provider=&model=", "schedules 2 models", "cuts Swift 2"),
        ("utm_source=somewhere", "cuts Swift 2", "Showing only"),
        ("provider=openai", "Nothing on the wire answers", "cuts Swift 2"),
    ],
)
def test_filters(market, query, shows, hides):
    text = read(market, f"/?{query}").text
    assert shows in text
    assert hides not in text


def test_older_pages_follow_and_lead_back(market):
    pages, target = [], "/?kind=price.changed"
    while target:
        answer = market.ask(target.replace("&amp;", "&"), Accept="text/html").text
        pages.append(answer)
        found = re.search(r'href="([^"]+)" rel="next"', answer)
        target = found and found[1]
    assert len(pages) == 1
    text = market.ask("/?cursor=nonsense", Accept="text/html")
    assert (text.status, "cursor" in text.text) == (422, True)


def test_a_long_timeline_is_paged(site, connection, monkeypatch):
    monkeypatch.setattr("api.pages.timeline.ON_PAGE", 1)
    small_market(connection)
    later = prices_later(slow="1.75")
    look(connection, PRICING, START + 5 * DAY, [replace(one, amount=one.amount * 2) for one in later[:2]] + later[2:])
    connection.commit()
    first = read(site, "/")
    (following,) = [href for tag, attrs in first.tags if attrs.get("rel") == "next" for href in [attrs["href"]]]
    second = read(site, following)
    assert "Back to the newest" in second.text
    assert "1 cut" not in first.text
    assert len(re.findall(r"'id': 'e-", str(first.tags))) == 2, "what was seen at one moment is not torn apart"
    assert not set(re.findall(r"e-[0-9a-f]{32}", str(first.tags))) & set(
        re.findall(r"e-[0-9a-f]{32}", str(second.tags))
    )


def test_the_evidence_shows_both_captures(market):
    (event,) = market.data("/v1/events?meter=cache_read&baseline=false")
    page = read(market, f"/evidence/{event['id']}")
    assert "acme cuts Swift 2 cached input by 50 %" in page.text
    assert "The proof Before captured 10 Feb 2026, 08:00 UTC" in page.text
    assert event["before"]["sha256"] in page.text
    assert event["after"]["sha256"] in page.text
    assert "table 1 row 2 column 3" in page.text
    for side in ("before", "after"):
        sha256 = event[side]["sha256"]
        assert f"/v1/snapshots/{sha256}" in page.links()
        assert market.ask(f"/v1/snapshots/{sha256}").status == 200
    kinds = [attrs.get("class") for tag, attrs in page.tags if tag == "span"]
    assert "gone" in kinds
    assert "came" in kinds


def test_the_evidence_of_a_first_reading_and_of_a_withdrawn_event(site, connection):
    told = small_market(connection)
    events.withdraw(connection, [told[0].id], because="the page was another's", at=NOW)
    answer = Fetch(
        source=PRICING.id, run="r", url="https://acme.example/acme-pricing", started_at=START, finished_at=START,
        outcome="changed", status=200, sha256=told[0].after.sha256, headers={"etag": '"of the answer"'},
    )  # fmt: skip
    fetches.record(connection, answer)
    connection.commit()
    text = read(site, f"/evidence/{told[0].id}").text
    assert "the source was not watched yet" in text
    assert "the page was another's" in text
    assert 'Headers of the answer etag "of the answer"' in text
    assert "read 6 facts" in text
    assert site.ask("/evidence/" + "0" * 32).status == 404


def test_a_model_has_its_prices_their_history_and_its_life(market):
    page = read(market, "/models/acme/slow-1")
    assert "Deprecated. Retires 1 April 2026, in 34 days. Recommended instead: swift-2." in page.text
    assert "input $1.50 per 1M tokens since 12 Feb 2026" in page.text
    assert "output $8.00 per 1M tokens since 10 Feb 2026 or before" in page.text
    assert "raises slow-1 input by 50 %" in page.text
    charts = [attrs["aria-label"] for tag, attrs in page.tags if tag == "svg" and "aria-label" in attrs]
    assert charts == ["What input of slow-1 has cost", "What output of slow-1 has cost"]
    assert "Every price there has been, as a table" in page.text
    assert "Swift 2" in read(market, "/models/acme/Swift%202").text


def test_an_empty_database_is_no_empty_page(site):
    assert "Nothing has changed yet" in read(site, "/").text
    assert "Nothing is watched yet" in read(site, "/sources").text


def test_what_only_the_list_of_a_cloud_prices_is_not_sold_by_its_maker(site, connection):
    small_market(connection)
    cloud = SourceInfo(id="acme-cloud", provider="acme", kind="pricing", trust="cloud")
    register(connection, cloud)
    look(connection, cloud, START, [price("foreign-9", "input", "3.00"), price("Swift 2", "input", "2.00")])
    connection.commit()
    made, resold = (read(site, f"/models?show={show}").text for show in ("made", "resold"))
    assert "Swift 2" in made and "rare-7" in made and "foreign-9" not in made
    assert "foreign-9" in resold and "Swift 2" not in resold
    assert "Makers acme 3 Clouds and resellers acme 1" in made


def test_every_link_of_every_page_leads_somewhere(market):
    seen, waiting = set(), [
        *("/", "/sources", "/docs", "/?provider=acme", "/models", "/providers/acme", "/deadlines", "/corrections"),
        *("/compare?model=acme/swift-2&model=acme/slow-1", "/news", "/funding", "/incidents", "/search?q=swift"),
    ]  # fmt: skip
    while waiting:
        target = waiting.pop()
        if target in seen:
            continue
        seen.add(target)
        answer = market.ask(target, Accept="text/html")
        assert answer.status == 200, target
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        for link in Reader(answer.text).links():
            parts = urlsplit(urljoin(market.base_url + target, link))
            if f"{parts.scheme}://{parts.netloc}" == market.base_url:
                waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
            else:
                assert parts.scheme in ("http", "https"), link
    assert len(seen) > 40


def test_nothing_on_a_page_runs_or_comes_from_elsewhere(market):
    for target in ("/", "/sources", "/docs", "/models/acme/slow-1", "/nowhere"):
        page = Reader(market.ask(target, Accept="text/html").text)
        for tag, attrs in page.tags:
            assert tag not in ("script", "style", "iframe", "object", "base", "img"), target
            assert not [name for name in attrs if name.startswith("on") or name == "style"], (target, attrs)
            if tag == "link":
                assert attrs["href"].startswith("/v1/" if attrs["rel"] == "alternate" else "/static/")


def test_static_files_may_be_kept_for_ever_under_the_address_of_their_bytes(market):
    (sheet,) = [attrs["href"] for tag, attrs in read(market, "/").tags if attrs.get("rel") == "stylesheet"]
    answer = market.ask(sheet)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "immutable" in answer.headers["cache-control"]
    assert "http" not in answer.text


def test_a_page_that_may_be_kept_is_asked_for_again_with_its_tag(site, connection):
    small_market(connection)
    tag = site.ask("/models/acme/slow-1").headers["etag"]
    assert site.ask("/models/acme/slow-1", If_None_Match=tag).status == 304
    look(connection, PRICING, START + 5 * DAY, prices_later(slow="1.75"))
    connection.commit()
    assert site.ask("/models/acme/slow-1", If_None_Match=tag).status == 200


def test_the_wire_takes_a_direction_and_a_span(market):
    front = read(market, "/")
    assert {"/?kind=price.changed&direction=cut", "/?kind=price.changed&direction=rise"} <= set(front.links())
    cuts = market.ask("/?direction=cut", Accept="text/html").text
    assert "cuts Swift 2" in cuts
    assert "Showing only price cuts." in cuts
    assert '<input type="hidden" name="direction" value="cut">' in cuts
    assert "direction=cut" in next(link for link in read(market, "/?direction=cut").links() if ".atom" in link)
    assert "cuts Swift 2" not in market.ask("/?direction=rise", Accept="text/html").text
    assert "cuts Swift 2" in market.ask("/?since=2026-02-12&until=2026-02-13", Accept="text/html").text
    for span in ("since=2026-02-13", "until=2026-02-12"):
        page = market.ask(f"/?{span}", Accept="text/html").text
        assert "cuts Swift 2" not in page, span
        assert "/v1/events.atom?baseline=false" in page and f"&amp;{span}" in page
    assert market.ask("/?direction=sideways", Accept="text/html").status == 422
    assert market.ask("/?since=&until=&direction=", Accept="text/html").status == 200

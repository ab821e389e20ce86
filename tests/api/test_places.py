"""The pages beside the wire: models, one provider, a comparison, deadlines, corrections, search; and fixed moments."""

import html
import re
from datetime import timedelta

import pytest

from api.pages import corrections, models
from api.pages.moments import Moments
from crawler.funding import read_items
from store import event_pages, events
from tests.api.conftest import NOW
from tests.api.samples import DAY, GAZETTE, LIFECYCLE, PRICING, START, item, look, notice, price, register, small_market
from tests.api.test_figures import BOARD, figure
from tests.api.test_pages import Reader, read
from timeline.incidents import Incident
from timeline.observations import SourceInfo
from timeline.rule_dates import RuleDate
from timeline.topics import FIELD

REGULATOR = SourceInfo(id="commission-rules", provider="commission", kind="feed")
STATUS = SourceInfo(id="acme-status", provider="acme", kind="status")


def test_models_are_listed_with_price_and_life(market):
    page = read(market, "/models")
    assert "Swift 2 swift-2 $2.00 $0.50 $8.00 12 Feb 2026" in page.text
    assert "slow-1 deprecated until 1 Apr 2026 $1.50 $8.00" in page.text
    assert "slow-0" not in page.text, "it has no price"
    assert "slow-0" in read(market, "/models?show=other").text
    assert "Makers acme 3" in page.text
    assert "/models/acme/swift-2" in page.links()


def test_models_are_found_by_a_part_of_their_name(market):
    assert "slow-1" not in read(market, "/models?q=swift").text
    assert "slow-1" in read(market, "/models?status=deprecated").text
    assert "No model answers to these filters" in read(market, "/models?q=nothing-like-it").text


def test_where_no_cloud_sells_none_of_the_makers_models_stand_for_it(market):
    assert "No model answers to these filters" in read(market, "/models?show=resold").text
    assert "Swift 2" in read(market, "/models?show=made").text


def test_an_endpoint_and_a_model_of_one_id_are_both_there(connection):
    row = {"provider": "acme", "id": "condense", "model": "condense", "status": "active", "retires_on": None}
    kinds = ["endpoint", "fine_tuning", "model"]
    rows = [{**row, "subject_kind": kind, "not_before": None, "seen_until": None} for kind in kinds]
    told = models.listed(connection, rows, Moments(), NOW)
    assert [(row["subject_kind"], row["also"]) for row in told] == [(kind, []) for kind in kinds]


def test_models_of_a_past_day_have_the_prices_of_that_day(market):
    page = read(market, "/models?q=swift&as_of=2026-02-11")
    assert "$4.00 $1.00 $16.00" in page.text
    assert "as of 11 Feb 2026" in page.text


def test_a_provider_has_its_models_its_changes_and_its_sources(market):
    page = read(market, "/providers/acme")
    assert "acme cuts Swift 2 by 50 %" in page.text
    assert "acme-pricing" in page.text
    assert market.ask("/providers/nobody", Accept="text/html").status == 404


def test_a_comparison_has_a_column_a_model_and_a_month(market):
    page = read(
        market, "/compare?model=acme/swift-2&model=slow-1&requests_per_day=100&input_tokens=1000&output_tokens=0"
    )
    assert "A month of this workload 30 days $6.00 $4.50 cheapest" in page.text
    assert "cached input per 1M tokens $0.50 since 12 Feb 2026 · proof –" in page.text
    assert "output per 1M tokens $8.00 since 12 Feb 2026 · proof $8.00 since 10 Feb 2026 or before · proof" in page.text


def test_a_comparison_says_what_is_not_known(market):
    page = read(market, "/compare?model=rare-7&model=no-such-model")
    assert "not known no price for output" in page.text
    assert "Nothing is known of no-such-model" in page.text


@pytest.mark.parametrize("query", ["input_tokens=-1", "cached_share=2", "requests_per_day=x", "as_of=yesterday"])
def test_a_comparison_refuses_what_is_no_number(market, query):
    answer = market.ask(f"/compare?model=swift-2&{query}", Accept="text/html")
    assert answer.status == 422
    assert "<h1>This address cannot be understood</h1>" in answer.text


def test_who_asks_for_a_model_that_is_not_there_is_led_on(market):
    answer = market.ask("/models/acme/swift-9", Accept="text/html")
    assert answer.status == 404
    assert "Nothing is known of this model." in answer.text
    assert 'href="/search?q=swift-9"' in answer.text
    assert "/v1/" not in answer.text


def test_deadlines_are_told_month_by_month(market):
    page = read(market, "/deadlines")
    assert "April 2026" in page.text
    assert "1 Wednesday in 34 days acme retires 2 models slow-0 slow-1 instead: swift-2" in page.text
    assert "acme charges new prices slow-1 output $9.00 per 1M tokens as stated by acme-pricing" in page.text
    assert "output $9.00 per 1M tokens" in page.text
    assert "output $9.00" not in read(market, "/deadlines?kind=retirement").text
    assert "/v1/deadlines.ics?kind=retirement" in read(market, "/deadlines?kind=retirement").links()


def test_what_a_page_recommends_has_a_link_where_anything_is_known_of_it(site, connection):
    register(connection, LIFECYCLE)
    instead = {"retires_on": "2026-04-01", "replacements": ("swift-2", "never-seen-9")}
    look(connection, LIFECYCLE, START, [notice("slow-1", "deprecated", **instead), notice("swift-2", "active")])
    connection.commit()
    for path in ("/deadlines", "/models/acme/slow-1"):
        page = read(site, path)
        assert "never-seen-9" in page.text
        assert "/models/acme/swift-2" in page.links()
        assert "/models/acme/never-seen-9" not in page.links()


def test_corrections_tell_what_was_taken_back_and_who_contradicts_whom(site, connection):
    register(connection, LIFECYCLE)
    look(connection, LIFECYCLE, START, [notice("slow-1", "active")])
    told = look(connection, LIFECYCLE, START + DAY, [notice("slow-1", "deprecated", retires_on="2026-09-01")])
    taken = events.withdraw(connection, [told[0].id], because="the page was another one", at=NOW - timedelta(days=1))
    assert taken
    connection.commit()
    page = read(site, "/corrections")
    assert "Taken back" in page.text
    assert "the page was another one" in page.text
    assert "No two sources differ on a price" in page.text


def test_corrections_show_prices_on_which_sources_differ(market):
    page = read(market, "/corrections")
    assert "Swift 2 acme input per 1M tokens $2.00 acme-pricing · proof $4.00 shop-catalogue · proof" in page.text


def test_what_was_put_right_at_one_moment_is_told_whole(site, connection, monkeypatch):
    monkeypatch.setattr(corrections, "ON_PAGE", 2)
    names = ("slow-1", "slow-2", "slow-3", "slow-4", "slow-5")
    register(connection, LIFECYCLE)
    look(connection, LIFECYCLE, START, [notice(name, "active") for name in names])
    told = look(connection, LIFECYCLE, START + DAY, [notice(name, "deprecated") for name in names])
    events.withdraw(connection, [event.id for event in told], because="another page", at=NOW - timedelta(days=1))
    connection.commit()
    fixed = "as_of=2026-02-26&known_at=2026-02-26"
    texts, place = "", f"/corrections?{fixed}"
    for _ in range(3):
        page = read(site, place)
        texts += page.text
        older = re.search(r'href="([^"]+)" rel="next"', site.ask(place, Accept="text/html").text)
        place = html.unescape(older[1]) if older else ""
    assert place == ""
    assert [texts.count(name) > 0 for name in names] == [True] * 5
    assert "No two sources differ" not in texts, "who contradicts whom is known of now alone"
    assert site.ask("/corrections?cursor=abc").status == 422
    assert site.ask("/corrections?cursor=").status == 200


def test_search_finds_models_changes_and_news(market):
    page = read(market, "/search?q=swift")
    assert "Swift 2" in page.text
    assert "acme cuts Swift 2 by 50 %" in page.text
    assert "A swift model" in page.text
    assert "Nothing has these words in it" in read(market, "/search?q=zzzzzz").text


def test_a_permanent_link_fixes_both_moments(market):
    (link,) = [each for each in read(market, "/models/acme/swift-2").links() if "known_at" in (each or "")]
    assert link == "/models/acme/swift-2?as_of=2026-02-26T17%3A03%3A00Z&known_at=2026-02-26T17%3A03%3A00Z"
    then = read(market, "/models/acme/swift-2?as_of=2026-02-11").text
    assert re.search(r"What it cost then .*\$4\.00", then)
    assert "cuts Swift 2" not in then


def test_a_life_is_a_bar_and_a_sentence(market):
    page = market.ask("/models/acme/slow-1", Accept="text/html").text
    assert "Deprecated. Retires 1 April 2026, in 34 days" in page


def test_news_is_told_by_day_and_topic(market):
    page = read(market, "/news")
    assert "Wednesday 11 February 2026 A swift model" in page.text
    assert "No news answers to these filters" in read(market, "/news?topic=energy").text
    assert "A swift model" not in read(market, "/news?as_of=2026-02-11").text


def test_deals_are_one_line_each_with_what_was_raised_by_quarter(site, connection):
    register(connection, GAZETTE)
    told = item(1, "Acme AI raises $50 million Series B led by Bridge Capital", topics=(FIELD,))
    look(connection, GAZETTE, START, [item(0, "An old item")])
    look(connection, GAZETTE, START + DAY, [item(0, "An old item"), told])
    read_items(connection, GAZETTE.id, at=START + DAY, tell=True)
    connection.commit()
    page = read(site, "/funding")
    assert "Acme AI raises $50M" in page.text
    assert "2026 Q1 $50M 1" in page.text
    assert "https://gazette.example/1" in page.links()
    assert "No deal answers to these filters" in read(site, "/funding?kind=ipo").text


def test_incidents_that_go_on_come_first_and_time_in_trouble_is_counted(site, connection):
    register(connection, STATUS)
    began = START + 3 * DAY
    over = Incident(
        provider="acme", guid="a", title="Errors of the API", status="resolved", impact="major", components=("API",),
        started_at=began, resolved_at=began + timedelta(hours=3), locator="entry 1",
    )  # fmt: skip
    on = Incident(
        provider="acme", guid="b", title="Slow answers", status="investigating", impact="minor", components=("API",),
        started_at=NOW - timedelta(hours=5), resolved_at=None, locator="entry 2",
    )  # fmt: skip
    look(connection, STATUS, START, [])
    look(connection, STATUS, NOW - timedelta(hours=1), [over, on])
    connection.commit()
    page = read(site, "/incidents")
    assert "1 incident going on" in page.text
    assert "goes on, for 5 hours so far" in page.text
    assert "acme 8 hours in 2" in page.text
    assert "Errors of the API" in page.text.partition("Past incidents")[2]
    assert "None is known" in read(site, "/incidents?provider=openai").text


def test_figures_are_tables_with_what_stood_there_before(site, connection):
    register(connection, BOARD)
    look(connection, BOARD, START, [figure("2.0"), figure("4.1", "Slow 1")])
    look(connection, BOARD, START + DAY, [figure("1.5"), figure("4.1", "Slow 1")])
    connection.commit()
    page = read(site, "/figures")
    assert "Hallucination rate gazette-board" in page.text
    assert "Slow 1 4.1 %" in page.text
    assert "Swift 2 1.5 % 2.0 % 11 Feb 2026 proof" in page.text
    assert "Swift 2 2.0 %" in read(site, "/figures?as_of=2026-02-10T12:00:00Z").text


def test_a_model_with_two_lives_has_a_line_for_each_in_the_search(site, connection):
    register(connection, LIFECYCLE)
    lives = [
        notice("Swift 2", "deprecated", retires_on="2026-04-01", scope={"deployment_type": "standard"}),
        notice("Swift 2", "deprecated", retires_on="2026-10-01", scope={"deployment_type": "provisioned"}),
    ]
    look(connection, LIFECYCLE, START, lives)
    connection.commit()
    page = read(site, "/search?q=swift").text
    for day, kind in (("until 1 Apr 2026", "standard"), ("until 1 Oct 2026", "provisioned")):
        assert page.count(f"deprecated {day} deployment type {kind}") == 1


def test_a_model_told_of_by_its_name_and_by_its_id_is_one_row_of_the_search(site, connection):
    register(connection, LIFECYCLE)
    register(connection, PRICING)
    ended = notice("Swift 2", "deprecated", retires_on="2026-04-01", model_id=None)
    look(connection, LIFECYCLE, START, [ended, notice("swift-2", "active")])
    look(connection, PRICING, START, [price("Swift 2", "input", "4.00")])
    connection.commit()
    page = read(site, "/search?q=swift").text.partition("Changes")[0]
    assert "active deprecated until 1 Apr 2026 as Swift 2 $4.00" in page


@pytest.mark.parametrize(
    ("place", "said", "leads"),
    [
        ("/?provider=acne", "No provider is called acne", "/providers/acme"),
        ("/?model=swift2", "No model is called swift2", "/search?q=swift-2"),
        ("/deadlines?provider=openia", "No provider is called openia", "/providers/openai"),
        ("/models?provider=nobody-at-all", "No provider is called nobody-at-all", "/models"),
        ("/news?source=gazette", "No source is called gazette", "/sources#gazette-news"),
        ("/figures?source=x", "No source is called x", "/"), ("/incidents?provider=x", "No provider is called x", "/"),
        ("/sources?provider=ACME", "No provider is called ACME", "/providers/acme"),
    ],
)  # fmt: skip
def test_a_page_of_a_name_nobody_has_says_so_and_what_is_like_it(market, place, said, leads):
    answer = market.ask(place, Accept="text/html")
    page = Reader(answer.text)
    assert answer.status == 404
    assert said in page.text
    assert leads in page.links()


def test_incidents_and_figures_say_when_there_are_none(market):
    assert "No incident is going on" in read(market, "/incidents?provider=openai").text
    assert "No table has been read yet" in read(market, "/figures?source=acme-pricing").text


def test_a_model_is_shown_as_others_sell_it(site, connection):
    maker, router = (SourceInfo(id=f"{name}-pricing", provider=name, kind="pricing") for name in ("openai", "router"))
    for source, asked, name in ((maker, "2.50", "gpt-4o"), (router, "2.75", "openai/gpt-4o")):
        register(connection, source)
        sold = [price(name, meter, asked, provider=source.provider, model_id=name) for meter in ("input", "output")]
        look(connection, source, START, sold)
    connection.commit()
    page = read(site, "/models/openai/gpt-4o")
    assert "Sold elsewhere for a million tokens" in page.text
    assert "router openai/gpt-4o $2.75 $2.75 router-pricing" in page.text
    assert "gpt-4o $2.50" not in page.text.partition("Sold elsewhere")[2].partition("What happened")[0]
    lives = SourceInfo(id="router-lives", provider="router", kind="lifecycle")
    register(connection, lives)
    look(connection, lives, START, [notice("openai/gpt-4o", "retired", provider="router", model_id="openai/gpt-4o")])
    connection.commit()
    assert "Sold elsewhere" not in read(site, "/models/openai/gpt-4o").text, "its seller says that it has ended"


def test_the_filters_of_deadlines_are_asked_before_the_list_is_cut(market, monkeypatch):
    monkeypatch.setattr("api.pages.deadlines.MOST", 1)
    everything = read(market, "/deadlines").text
    assert "These are the first" in everything
    assert "$9.00" not in everything
    prices = read(market, "/deadlines?kind=price").text
    assert "output $9.00" in prices
    assert "These are the first" not in prices


def test_rules_stand_among_the_deadlines(site, connection):
    register(connection, REGULATOR)
    rule = RuleDate(
        provider="commission", jurisdiction="EU", instrument="AI Act", applies="Article 50", binding="applies",
        applies_from="2026-08-02", url="https://commission.example/ai", locator="entry 1",
    )  # fmt: skip
    look(connection, REGULATOR, START, [rule])
    connection.commit()
    page = read(site, "/deadlines?kind=rule")
    assert "AI Act: Article 50" in page.text
    assert "applies in EU" in page.text
    assert "https://commission.example/ai" in page.links()


def test_a_form_with_empty_boxes_is_answered(market):
    page = read(market, "/compare?model=acme/swift-2&model=&model=slow-1&model=&requests_per_day=&input_tokens=10")
    assert "Swift 2" in page.text
    assert "slow-1" in page.text


def test_a_model_is_found_by_its_name_as_people_type_it(market):
    assert "Swift 2" in read(market, "/search?q=swift+2").text.partition("Models")[2]
    assert "Swift 2" in read(market, "/models?q=SWIFT+2").text


def test_a_date_that_has_passed_is_told_as_one(site, connection):
    register(connection, LIFECYCLE)
    look(connection, LIFECYCLE, START, [notice("slow-1", "deprecated", retires_on="2026-02-20")])
    look(connection, LIFECYCLE, START + DAY, [notice("slow-1", "deprecated", retires_on="2026-02-20")])
    connection.commit()
    assert "deprecated was to retire 20 Feb 2026" in read(site, "/models").text
    assert (
        "Was to retire 20 February 2026; the page was last read 11 Feb 2026" in read(site, "/models/acme/slow-1").text
    )


@pytest.mark.parametrize("place", ["/", "/?provider=acme&kind=price.*", "/news"])
def test_a_page_of_news_leads_to_its_feed(market, place):
    (feed,) = [attrs["href"] for tag, attrs in read(market, place).tags if attrs.get("rel") == "alternate"]
    answer = market.ask(feed)
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, "application/atom+xml")
    assert "<entry>" in answer.text


def test_a_list_of_models_as_json_answers_the_same_question(market):
    page = read(market, "/models?q=swift&provider=acme")
    (data,) = [link for link in page.links() if (link or "").startswith("/v1/models?")]
    assert [row["model"] for row in market.data(data)] == ["Swift 2"]


def test_every_view_has_a_link_that_fixes_it(market):
    places = (
        *("/", "/models", "/models/acme/swift-2", "/providers/acme", "/compare?model=acme/swift-2", "/deadlines"),
        *("/news", "/funding", "/incidents", "/figures", "/corrections", "/search?q=swift"),
    )
    for place in places:
        page = read(market, place)
        (fixed,) = {link for link in page.links() if "as_of=" in link and "/v1/" not in link}
        assert "known_at=" in fixed
        assert "as known on 26 feb 2026" in read(market, fixed).text.lower(), place
    assert "Nothing is ahead" in read(market, "/deadlines?as_of=2026-02-11&known_at=2026-02-11").text
    assert "A swift model" not in read(market, "/news?as_of=2026-02-10").text
    assert "Makers acme" not in read(market, "/models?as_of=2026-02-26&known_at=2026-02-09").text


def test_the_counts_of_the_front_page_are_of_what_was_known(connection):
    small_market(connection)
    for known_at, cuts in ((None, 1), (NOW, 1), (START + DAY, 0)):
        weeks = event_pages.weekly(connection, NOW, 12, known_at)
        assert sum(week["cuts"] for week in weeks) == cuts, known_at


def test_an_end_on_one_platform_is_told_beside_what_holds_elsewhere(site, connection):
    register(connection, LIFECYCLE)
    lives = [
        notice("swift-2", "active"),
        notice("swift-2", "deprecated", retires_on="2026-10-16", scope={"platform": "vertex"}),
    ]
    look(connection, LIFECYCLE, START, lives)
    connection.commit()
    page = read(site, "/models/acme/swift-2").text
    head = page.partition("Lifecycle")[0]
    assert "Active. Last read 10 Feb 2026. Platform vertex: deprecated. Retires 16 October 2026, in" in head
    assert page.count("last read 10 Feb 2026") >= 2
    for place in ("/models?q=swift", "/providers/acme", "/search?q=swift", "/compare?model=acme/swift-2"):
        text = read(site, place).text
        assert "until 16 Oct 2026" in text, place
        assert "platform vertex" in text, place


def test_a_month_says_which_rates_counted_where_prompts_are_long(site, connection):
    register(connection, PRICING)
    long = {"context_over": 200_000}
    prices = [price("Swift 2", meter, amount, conditions=given) for meter, amount, given in (
        ("input", "1.00", {}), ("input", "2.00", long), ("output", "8.00", {}), ("output", "12.00", long),
    )]  # fmt: skip
    look(connection, PRICING, START, prices)
    connection.commit()
    for place in ("/compare?model=acme/swift-2&", "/models/acme/swift-2?"):
        assert "at the rates for prompts above 200K tokens" in read(site, f"{place}input_tokens=300000").text
        assert "at the rates for" not in read(site, f"{place}input_tokens=1000").text


def test_without_a_late_look_at_a_status_page_nobody_knows_what_goes_on(site, connection):
    source = SourceInfo(id="acme-status", provider="acme", kind="status")
    register(connection, source)
    look(connection, source, START, [])
    connection.execute("UPDATE aiwire.source_state SET last_good_at = '2025-11-20T10:00Z' WHERE source = 'acme-status'")
    connection.commit()
    page = read(site, "/incidents").text
    assert "What goes on now is not known: no status page was read since" in page
    assert "No incident is going on" not in page
    assert "No incident was going on" in read(site, "/incidents?as_of=2026-02-01&known_at=2026-02-01").text

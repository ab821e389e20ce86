from api.schemas import SourcePage
from store import holds, issues
from tests.api.samples import DAY, START, small_market
from timeline.issues import Issue
from timeline.observations import Held


def test_sources_tell_their_health_what_is_held_and_what_was_not_understood(site, connection):
    small_market(connection)
    held = Held(key="k", model="swift-3", reason="moved_5x", since=START, detail="1 to 9")
    holds.note(connection, "acme-pricing", {"k": [held]}, at=START)
    connection.commit()
    page = SourcePage.model_validate(site.ask("/v1/sources").json)
    found = {source.source: source for source in page.data}
    assert set(found) == {"acme-pricing", "acme-lifecycle", "gazette-news", "shop-catalogue"}
    pricing = found["acme-pricing"]
    assert (pricing.health, pricing.every, pricing.captures) == ("ok", 600, 2)
    assert pricing.last_good.captured_at == START + 2 * DAY
    assert [(issue.code, issue.locator) for issue in pricing.issues] == [("unknown_unit", "table 2")]
    assert [(one.model, one.reason) for one in pricing.held] == [("swift-3", "moved_5x")]
    assert found["gazette-news"].last_good.seq == 2


def test_a_failed_fetch_is_a_trouble_and_what_is_kept_is_not_held_back(site, connection):
    small_market(connection)
    said = "the host's name does not resolve"
    unread = [Issue(code="dns_failure", message=said), Issue(code="moved", message="the page moved")]
    issues.note(connection, "gazette-news", unread, at=START, seq=None)
    connection.execute(
        "UPDATE aiwire.source_state SET health = 'failing', health_detail = %s WHERE source = 'gazette-news'", [said]
    )
    kept = Held(key="k", model="swift-3", reason="not_shown", since=START, detail="not on this form; believed: 1")
    holds.note(connection, "acme-pricing", {"k": [kept]}, at=START)
    connection.commit()
    page = site.ask("/sources").text
    assert page.count("does not resolve") == 1 and "Fetching: the page moved" in page
    assert "<b>1</b> with something not understood" in page and "<b>0</b> with values held back" in page
    assert "1 value kept: not on the form of the page that was last seen, and still believed" in page
    assert "1 value held back" not in page


def test_sources_are_filtered(market):
    assert [row["source"] for row in market.data("/v1/sources?provider=gazette")] == ["gazette-news"]
    assert [row["source"] for row in market.data("/v1/sources?kind=pricing&health=ok")] == ["acme-pricing"]
    assert market.data("/v1/sources?health=broken") == []


def test_the_page_of_sources_says_what_is_wrong(site, connection):
    small_market(connection)
    connection.execute(
        "UPDATE aiwire.source_state SET health = 'broken', health_detail = 'a bot wall' WHERE source = 'gazette-news'"
    )
    connection.commit()
    page = site.ask("/sources").text
    assert "1 source of 4 in trouble" in page
    assert "a bot wall" in page
    assert "per fortnight (table 2)" in page

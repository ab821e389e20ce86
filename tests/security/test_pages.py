"""What others wrote never runs in our pages. Attacks 7 (stored and reflected XSS), 8 (captures served as HTML),
13 (path traversal), 14 (a forgotten route) and 16 (SQL through filters and cursors).
"""

import shutil
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from lxml import etree

from api.app import API, FILES
from api.pages import PAGES
from store import issues
from tests.api.conftest import Site, market, rehearsed, site
from tests.api.samples import DAY, GAZETTE, LIFECYCLE, PRICING, START, item, look, notice, price, register
from tests.payloads import INJECTIONS, TRAVERSALS
from tests.payloads import MARKUP as PAYLOADS
from timeline.issues import Issue

__all__ = ["market", "rehearsed", "site"]  # fixtures
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture
def hostile(site, connection) -> Iterator[Site]:
    """The API over a market in which every text that others write is an attack."""
    for source in (PRICING, LIFECYCLE, GAZETTE):
        register(connection, source)
    for number, day in enumerate((START, START + 2 * DAY), start=1):
        prices = [
            price(payload, "input", f"{number}.00", model_id=None, locator=payload, label=payload,
                  conditions={payload: payload})
            for payload in PAYLOADS
        ]  # fmt: skip
        lives = [
            notice(payload, "deprecated", model_id=None, label=payload, retires_on=f"2026-04-0{number}",
                   replacements=(payload,), scope={payload: payload}, locator=payload)
            for payload in PAYLOADS
        ]  # fmt: skip
        news = [
            item(place * 10 + number, payload, url=payload, summary=payload, topics=(payload,))
            for place, payload in enumerate(PAYLOADS)
        ]
        body = ("<html><body>" + "".join(f"<p>{payload} {number}</p>" for payload in PAYLOADS)).encode()
        look(connection, PRICING, day, prices, body=body)
        look(connection, LIFECYCLE, day, lives, body=body)
        look(connection, GAZETTE, day, news, body=body)
    found = [Issue(code="unknown_unit", message=payload, locator=payload) for payload in PAYLOADS]
    issues.note(connection, PRICING.id, found, at=START + 2 * DAY, seq=2)
    connection.execute("UPDATE aiwire.source_state SET health = 'broken', health_detail = %s", [" ".join(PAYLOADS)])
    connection.commit()
    yield site


def pages(site: Site) -> list[str]:
    """Every page that shows something others wrote, and every page that repeats what was asked."""
    told = site.data("/v1/events?limit=200")
    reflected = [quote(payload, safe="") for payload in PAYLOADS]
    return [
        "/", "/sources", "/docs",
        *sorted({f"/evidence/{event['id']}" for event in told if not event["baseline"]})[:12],
        *(f"/models/acme/{text}" for text in reflected),
        *(f"/?{name}={text}" for text in reflected for name in ("q", "model", "provider", "kind")),
        *(f"/{text}" for text in reflected),
    ]  # fmt: skip


# Links of drawings too: their address is an object.
PROTOCOLS = """
[...document.querySelectorAll('a')].map(a => new URL(a.href.baseVal ?? a.href, document.baseURI).protocol)
"""


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")
@pytest.mark.timeout(300)
def test_row_07_stored_and_reflected_xss_runs_nowhere(hostile):
    from playwright.sync_api import sync_playwright

    fired: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.on("dialog", lambda dialog: (fired.append(page.url), dialog.dismiss()))
        page.on("console", lambda message: fired.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: fired.append(f"{page.url}: {error}"))
        elsewhere: list[str] = []
        page.on(
            "request", lambda asked: None if asked.url.startswith(hostile.base_url) else elsewhere.append(asked.url)
        )
        targets = pages(hostile)
        for target in targets:
            answer = page.goto(hostile.base_url + target, wait_until="load")
            assert answer is not None
            missing = answer.status in (404, 422)
            assert answer.status == 200 or missing, target
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert page.evaluate("document.querySelectorAll('script, iframe, object, embed, img').length") == 0, target
            links = page.evaluate(PROTOCOLS)
            assert set(links) <= {"http:", "https:"}, target
        browser.close()
    unexpected = [line for line in fired if "status of 404" not in line and "status of 422" not in line]
    assert (unexpected, elsewhere) == ([], [])
    assert len(targets) > 60


def test_row_07_payloads_are_shown_as_text(hostile):
    wire = hostile.ask("/", Accept="text/html").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in wire
    for payload in PAYLOADS:
        for target in ("/", "/sources", f"/?q={quote(payload, safe='')}", f"/{quote(payload, safe='')}"):
            text = hostile.ask(target, Accept="text/html").text
            for sign in ("<script", "<img", "onload=alert(1)>", "onerror=alert(1)>", 'href="javascript:'):
                assert sign not in text, (target, sign)
    assert "49" not in hostile.ask("/?q=" + quote("{{ 7 * 7 }}"), Accept="text/html").text.partition("<main")[2][:3000]


def test_row_07_problems_and_json_are_never_html(hostile):
    for payload in PAYLOADS:
        text = quote(payload, safe="")
        for target in (f"/v1/{text}", f"/v1/events?cursor={text}", f"/v1/events?{text}=1", f"/v1/models/acme/{text}x",
                       f"/v1/snapshots/{text}", f"/static/{text}"):  # fmt: skip
            answer = hostile.ask(target)
            assert answer.headers["content-type"] in ("application/problem+json", "application/json"), target
            assert answer.headers["x-content-type-options"] == "nosniff"


FEEDS = ("/v1/events.atom", "/v1/events.rss", "/v1/news.atom", "/v1/news.rss")


@pytest.mark.parametrize("target", FEEDS)
def test_row_07_a_feed_carries_markup_as_text_and_links_of_the_web_only(hostile, target):
    answer = hostile.ask(f"{target}?limit=200")
    assert answer.status == 200, answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert not answer.headers["content-type"].startswith("text/html")
    root = etree.fromstring(answer.body, etree.XMLParser(resolve_entities=False, no_network=True))
    names = {etree.QName(element).localname for element in root.iter(etree.Element)}
    assert not names & {"script", "img", "svg", "iframe", "a", "p", "div"}
    assert "alert(1)" in "".join(root.itertext())
    for element in root.iter(etree.Element):
        link = element.get("href") or (element.text if etree.QName(element).localname == "link" else None)
        assert link is None or link.startswith(("http://", "https://")), link
        if etree.QName(element).localname in ("title", "summary", "content"):
            assert element.get("type", "text") in ("text", "text/plain", "html"), element.attrib
    assert root.getroottree().docinfo.internalDTD is None


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium")
def test_row_08_a_captured_page_stays_text_in_a_browser(hostile):
    from playwright.sync_api import sync_playwright

    sha256 = hostile.data("/v1/events?baseline=false&limit=1")[0]["after"]["sha256"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        fired: list[str] = []
        page.on("dialog", lambda dialog: (fired.append(dialog.message), dialog.dismiss()))
        answer = page.goto(f"{hostile.base_url}/v1/snapshots/{sha256}")
        assert answer is not None
        assert answer.headers["content-type"].startswith("text/plain")
        assert "sandbox" in answer.headers["content-security-policy"]
        assert "<script>alert(1)</script>" in page.locator("pre").inner_text()
        assert fired == []
        browser.close()


@pytest.mark.parametrize("name", TRAVERSALS)
def test_row_13_no_address_leads_out_of_the_static_files(market, name):
    for folder in ("/static/", "/v1/snapshots/", "/evidence/"):
        answer = market.ask(folder + name)
        assert answer.status == 404, folder + name
        assert "root:" not in answer.text
        assert "create_app" not in answer.text


def test_row_14_no_route_forgot_its_protection(market):
    from tests.api.test_app import METHODS, filled

    for path in [filled(route.path) for route in API] + [filled(path) for path, _ in (*PAGES, *FILES)]:
        statuses = {method: market.ask(path, method=method).status for method in METHODS if method != "CONNECT"}
        assert set(statuses.values()) == {405}, (path, statuses)


def test_row_16_no_parameter_reaches_the_database_as_sql(market):
    document = market.ask("/openapi.json").json
    before = len(market.data("/v1/events?limit=1000"))
    for path, operation in document["paths"].items():
        if "{" in path or not path.startswith("/v1/"):
            continue
        for parameter in operation["get"]["parameters"]:
            for value in INJECTIONS:
                answer = market.ask(f"{path}?{parameter['name']}={quote(value, safe='')}")
                named = parameter["name"] in ("provider", "model", "source", "kind")
                unknown = named and answer.status == 404  # nobody has it
                assert answer.status in (200, 422) or unknown, (path, parameter["name"], value, answer.text)
    for value in INJECTIONS:
        for folder in ("/v1/models/acme/", "/v1/models/", "/v1/events/", "/models/acme/", "/evidence/"):
            assert market.ask(folder + quote(value, safe="")).status == 404, (folder, value)
    assert len(market.data("/v1/events?limit=1000")) == before

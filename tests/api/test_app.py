"""What holds for every route there is: the tests run over the route tables, so that none can be forgotten."""

import re
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest

from api.app import API, FILES
from api.cursors import encode
from api.guards import HEADERS
from api.pages import PAGES
from tests.payloads import MARKUP as PAYLOADS

VALUES = {
    "provider": "acme", "model": "swift-2", "event_id": "0" * 32, "sha256": "0" * 64, "name": "aiwire.css",
    "form": "csv",
}  # fmt: skip
NEEDED = {"/v1/cost": "provider=acme&model=swift-2"}  # what must be asked
PATHS = [route.path for route in API] + [path for path, _ in (*PAGES, *FILES)]
OF_ALL = ("form", "limit", "cursor")  # what all of a list is asked otherwise than its pages
METHODS = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "QUERY"]
HOSTILE = [
    "", "'", "\x00", "a\x00b", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "%", "%%%", "\\", "*" * 200,
    "' OR '1'='1", "1; DROP TABLE aiwire.event", "../../etc/passwd", "a" * 3000, "-1", "0", "1e999", "9" * 40, "NaN",
    "null", "2026-02-30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "now", "infinity", "true", "W10",
    "𝕏" * 50, "\r\nX-Injected: 1", *PAYLOADS,
]  # fmt: skip


def filled(path):
    return re.sub(r"\{(\w+)(?::path)?\}", lambda found: VALUES[found[1]], path)


def quoted(text):
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


@pytest.fixture(scope="module", autouse=True)
def _no_forgotten_value():
    assert {name for path in PATHS for name in re.findall(r"\{(\w+)", path)} == set(VALUES)


def test_only_get_and_head_and_nothing_else_anywhere(market):
    for path in [filled(path) for path in PATHS] + ["/nowhere"]:
        for method in METHODS:
            answer = market.ask(path, method=method)
            if method == "CONNECT" and answer.status == 400:
                continue  # the server itself knows no such target
            assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD"), (path, method)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json["status"] == 405
        asked = f"{path}?{NEEDED[path]}" if path in NEEDED else path
        got, head = market.ask(asked), market.ask(asked, method="HEAD")
        assert (head.status, head.body) == (got.status, b""), path
        assert head.headers["content-type"] == got.headers["content-type"], path
        assert got.status in (200, 404), path


def test_every_answer_carries_the_headers_that_keep_it_inert(market):
    for path in [filled(path) for path in PATHS] + ["/nowhere", "/v1/events?limit=0"]:
        answer = market.ask(path)
        for name, value in HEADERS:
            if name == "Content-Security-Policy":
                assert "default-src 'none'" in answer.headers["content-security-policy"], path
                assert "unsafe" not in answer.headers["content-security-policy"], path
            else:
                assert answer.headers[name.lower()] == value, path
        assert "server" not in answer.headers
        assert "cache-control" in answer.headers, path


def test_no_parameter_of_any_route_makes_the_server_fail(inside):
    document = inside.ask("/openapi.json").json
    asked, refused = 0, set()  # what one route refuses of a parameter, another with the same one need not be asked
    for path, item in document["paths"].items():
        for parameter in item["get"].get("parameters", []):
            if path.endswith(".{form}") and parameter["name"] not in OF_ALL:
                continue  # read as those of the page, and asked there
            told = {
                name: value for name, value in parameter["schema"].items() if name not in ("examples", "description")
            }
            alike = (parameter["name"], parameter["in"], repr(told))
            for value in HOSTILE:
                if (*alike, value) in refused:
                    continue
                if parameter["in"] == "query":
                    target = f"{filled(path)}?{NEEDED.get(path, '')}&{parameter['name']}={quoted(value)}"
                else:
                    target = filled(path.replace("{" + parameter["name"] + "}", quoted(value)))
                answer = inside.ask(target)
                asked += 1
                if answer.status == 422:
                    refused.add((*alike, value))
                assert answer.status in (200, 404, 422, 503), (target, answer.text)
                assert "x-injected" not in answer.headers
                assert not any("\n" in text or "\r" in text for text in answer.headers.values()), target
                if answer.status != 200:
                    assert answer.json["status"] == answer.status, target
                    assert "Traceback" not in answer.text
    assert asked > 500
    assert inside.ask("/v1/events").json["data"]


def test_no_moment_makes_a_page_fail(inside):
    for path, _ in PAGES:
        if path.startswith(("/evidence", "/sources")):  # which are only ever as they are
            continue
        place = path.replace("{provider}", "acme").replace("{model:path}", "slow-1")
        for moment in ("0001-01-01", "9999-12-31", "1950-01-01", "2149-12-31"):
            for name in ("as_of", "known_at"):
                statuses = (200, 404) if moment[:2] in ("19", "21") else (422,)
                assert inside.ask(f"{place}?{name}={moment}").status in statuses, (place, name, moment)


def test_all_of_a_list_is_asked_with_the_parameters_of_its_page():
    """So that what holds of these holds of those."""
    listings = [
        (one.handler.__signature__.parameters["wanted"].annotation.__origin__, one.path.endswith(".{form}"))
        for one in API
        if one.operation.startswith(("list", "export")) and one.operation != "listSources"
    ]
    for (page, _), (whole, is_whole) in zip(listings[::2], listings[1::2], strict=True):
        assert is_whole
        assert issubclass(whole, page)
        fields = page.model_fields
        assert [name for name, field in whole.model_fields.items() if repr(field) != repr(fields[name])] == ["limit"]


@pytest.mark.parametrize(
    ("target", "parameter", "says"),
    [
        ("/v1/events?limit=0", "limit", "greater than or equal to 1"),
        ("/v1/events?limit=100000", "limit", "less than or equal to 1000"),
        ("/v1/events?since=yesterday", "since", "2026-02-26"),
        ("/v1/events?cursor=x", "cursor", "`next`"),
        ("/v1/events?provder=acme", "provder", "no such parameter"),
        ("/v1/events?direction=up", "direction.0", "'cut' or 'rise'"),
        ("/v1/events?q=%00", "q", "control characters"),
        ("/v1/sources?health=fine", "health.0", "'stale'"),
        ("/v1/snapshots/" + "0" * 64 + "?attachment=perhaps", "attachment", "true or false"),
    ],
)
def test_a_bad_parameter_is_named_with_what_is_allowed(market, target, parameter, says):
    answer = market.ask(target)
    assert (answer.status, answer.headers["content-type"]) == (422, "application/problem+json")
    (error,) = answer.json["errors"]
    assert error["parameter"] == parameter
    assert says in error["message"]
    assert set(answer.json) == {"type", "title", "status", "detail", "instance", "errors"}


def test_what_is_not_there_is_a_problem_too(market):
    for target in ("/nowhere", "/v1", "/v1/events/", "/static/", "/static/..%2fapp.py", "/static/nothing.css", "//x"):
        answer = market.ask(target)
        assert answer.status == 404, target
        assert answer.headers["content-type"] == "application/problem+json"
        assert set(answer.json) == {"type", "title", "status", "detail", "instance"}
    assert market.ask("/v1/events?" + "x" * 9000).status == 414


def test_a_person_gets_the_problem_as_a_page(market):
    answer = market.ask("/nowhere%3Cscript%3E", Accept="text/html,*/*")
    assert (answer.status, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "<script" not in answer.text
    assert market.ask("/v1/nowhere", Accept="text/html").headers["content-type"] == "application/problem+json"


def test_no_database_is_said_and_nothing_about_it(site, connection, database_url):
    connection.execute("ALTER VIEW timeline.events RENAME TO events_gone")
    connection.commit()
    answer = site.ask("/v1/events")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    assert "aiwire migrate" in answer.json["detail"]
    page = site.ask("/", Accept="text/html")
    assert page.status == 503
    assert "The wire cannot answer just now" in page.text
    assert "aiwire migrate" in page.text


def test_what_nobody_foresaw_is_a_bare_500(site, connection, caplog):
    connection.execute(
        "CREATE OR REPLACE VIEW timeline.change_counter AS SELECT (1 / (SELECT 0))::bigint AS counter, "
        "NULL::timestamptz AS changed_at"
    )
    connection.commit()
    answer = site.ask("/v1/events")
    assert (answer.status, answer.headers["content-type"]) == (500, "application/problem+json")
    assert "incident" in answer.json["detail"]
    assert "division" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"
    page = site.ask("/models/acme/swift-2", Accept="text/html,*/*;q=0.8")
    assert (page.status, page.headers["content-type"]) == (500, "text/html; charset=utf-8")
    assert "Something went wrong here" in page.text
    assert "incident" in page.text


def test_what_is_refused_at_the_door_is_told_to_people_as_a_page(market):
    page = market.ask("/models", method="POST", Accept="text/html")
    assert (page.status, page.headers["allow"]) == (405, "GET, HEAD")
    assert "Pages are only read" in page.text
    assert market.ask("/v1/models", method="POST", Accept="text/html").json["status"] == 405


@pytest.mark.parametrize(
    ("target", "kind", "parts"),
    [
        ("/v1/events", "events", [datetime.max.replace(tzinfo=UTC), "x" * 500]),
        ("/v1/events", "events", [datetime.min.replace(tzinfo=UTC), "'; --"]),
        ("/v1/prices", "prices", [None, "", "%s", "\\"]),
        ("/v1/prices/history", "history", ["z", "acme", "input", "k", datetime.min.replace(tzinfo=UTC), "s"]),
        ("/v1/models", "models", ["\uffff", "\U0010ffff", ""]),
        ("/v1/deadlines", "deadlines", [date.min, "", "", "", "", ""]),
        ("/v1/deadlines", "deadlines", [date.max, "", "", "", "", ""]),
        ("/v1/news", "news", [datetime.max.replace(tzinfo=UTC), "a", "b"]),
    ],
)
def test_a_forged_cursor_is_a_place_like_any_other(market, target, kind, parts):
    answer = market.ask(f"{target}?cursor={encode(kind, parts)}")
    assert answer.status == 200, answer.text
    others = {"/v1/events", "/v1/prices", "/v1/models", "/v1/news", "/v1/deadlines"} - {target}
    for other in others:
        assert market.ask(f"{other}?cursor={encode(kind, parts)}").status == 422

"""Lists as files and feeds: every form of every list, held against the specification of the form."""

import csv
import io
import json
from datetime import UTC, datetime

import feedparser  # type: ignore[import-untyped]
import pytest
from jsonschema import Draft202012Validator

from api import feeds, forms, lists, tables
from api.app import API
from api.feeds import Entry, Feed
from tests.payloads import MARKUP as PAYLOADS

LISTS = [
    route.path
    for route in API
    if route.operation.startswith("list") and f"{route.path}.{{form}}" in {r.path for r in API}
]
FEEDS = ["/v1/events", "/v1/news", "/v1/deadlines", "/v1/incidents", "/v1/funding"]
WHEN = datetime(2026, 2, 26, 10, 10, tzinfo=UTC)
# The whole of https://www.jsonfeed.org/version/1.1/ that a machine can check, strictly: no fields but those it has.
TEXT, LINK = {"type": "string", "minLength": 1}, {"type": "string", "pattern": "^https?://[!-~]+$"}
TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
AUTHORS = {
    "type": "array",
    "items": {
        "type": "object",
        "properties": {"name": TEXT, "url": LINK, "avatar": LINK},
        "minProperties": 1,
        "additionalProperties": False,
    },
}
ATTACHMENT = {
    "type": "object",
    "required": ["url", "mime_type"],
    "properties": {
        "url": LINK, "mime_type": TEXT, "title": TEXT, "size_in_bytes": {"type": "number"},
        "duration_in_seconds": {"type": "number"},
    },
    "additionalProperties": False,
}  # fmt: skip
ITEM = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": TEXT, "url": LINK, "external_url": LINK, "title": TEXT, "content_html": TEXT, "content_text": TEXT,
        "summary": TEXT, "image": LINK, "banner_image": LINK, "date_published": TIME, "date_modified": TIME,
        "authors": AUTHORS, "tags": {"type": "array", "items": TEXT}, "language": TEXT,
        "attachments": {"type": "array", "items": ATTACHMENT},
    },
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "additionalProperties": False,
}  # fmt: skip
JSON_FEED = {
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"}, "title": TEXT, "home_page_url": LINK,
        "feed_url": LINK, "description": TEXT, "user_comment": TEXT, "next_url": LINK, "icon": LINK, "favicon": LINK,
        "authors": AUTHORS, "language": TEXT, "expired": {"type": "boolean"},
        "hubs": {"type": "array", "items": {"type": "object", "required": ["type", "url"]}},
        "items": {"type": "array", "items": ITEM},
    },
    "additionalProperties": False,
}  # fmt: skip


def parsed(body: bytes):
    found = feedparser.parse(io.BytesIO(body))
    assert not found.bozo, found.get("bozo_exception")
    return found


def rows_of(body: bytes):
    return list(csv.DictReader(io.StringIO(body.decode(), newline="")))


@pytest.mark.parametrize("path", LISTS)
def test_a_file_has_what_the_pages_have(market, path):
    data = market.data(f"{path}?limit=1000")
    assert data
    lines = market.ask(f"{path}.ndjson")
    assert lines.headers["content-type"] == "application/x-ndjson"
    assert [json.loads(line) for line in lines.body.splitlines()] == data
    table = market.ask(f"{path}.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    rows = rows_of(table.body)
    assert len(rows) == len(data)
    for row, item in zip(rows, data, strict=True):
        assert list(row) == list(item), "the columns are the fields, in their order"
        for name, value in item.items():
            if value is None:
                assert row[name] == ""
            elif isinstance(value, str):
                assert row[name] in (value, f"'{value}")
            else:
                assert json.loads(row[name]) == value


@pytest.mark.parametrize("path", LISTS)
def test_a_stream_of_many_pieces_is_the_same(market, path, monkeypatch):
    whole = market.ask(f"{path}.csv").body
    monkeypatch.setattr(lists, "CHUNK", 2)
    assert market.ask(f"{path}.csv").body == whole
    assert len(rows_of(market.ask(f"{path}.csv?limit=3").body)) == min(3, len(rows_of(whole)))
    assert len(rows_of(market.ask(f"{path}.csv?limit=4").body)) == min(4, len(rows_of(whole)))


@pytest.mark.parametrize("path", LISTS)
def test_a_page_is_had_as_what_accept_asks_for(market, path):
    page = market.ask(f"{path}?limit=1", Accept="text/csv, application/json;q=0.5")
    assert page.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(rows_of(page.body)) == 1
    assert page.headers.get("link") == market.ask(f"{path}?limit=1").headers.get("link")
    assert market.ask(path, Accept="application/jsonl").headers["content-type"] == "application/x-ndjson"
    assert market.ask(path, Accept="text/html,*/*;q=0.8").headers["content-type"] == "application/json"
    tags = {market.ask(path, Accept=accept).headers["etag"] for accept in ("text/csv", "application/json")}
    assert len(tags) == 2


@pytest.mark.parametrize("path", FEEDS)
def test_feeds_parse_and_say_the_same(market, path):
    found = {form: market.ask(f"{path}.{form}?limit=500") for form in ("atom", "rss", "feed.json")}
    for form, answer in found.items():
        assert (answer.status, answer.headers["content-type"]) == (200, forms.FEEDS[form])
    atom, rss = parsed(found["atom"].body), parsed(found["rss"].body)
    assert (atom.version, rss.version) == ("atom10", "rss20")
    document = found["feed.json"].json
    Draft202012Validator(JSON_FEED).validate(document)
    ids = [item["id"] for item in document["items"]]
    assert ids == [entry.id for entry in atom.entries] == [entry.id for entry in rss.entries]
    assert len(ids) == len(set(ids)) == len(market.data(f"{path}?limit=500"))
    assert all(one.startswith("urn:uuid:") for one in ids)
    for item, one, other in zip(document["items"], atom.entries, rss.entries, strict=True):
        assert item["title"] == one.title
        assert item.get("url") == one.get("link") == other.get("link")
        assert datetime.fromisoformat(item["date_published"]).timetuple()[:5] == one.published_parsed[:5]
        assert one.published_parsed[:5] == other.published_parsed[:5]
        assert one.updated_parsed >= one.published_parsed
    (self,) = [link.href for link in atom.feed.links if link.rel == "self"]
    assert market.ask(self).status == 200


def test_a_feed_takes_the_filters_of_its_list(market):
    cuts = parsed(market.ask("/v1/events.atom?kind=price.changed&direction=cut&model=swift-2").body)
    assert {entry.title for entry in cuts.entries} == {
        event["headline"] for event in market.data("/v1/events?kind=price.changed&direction=cut&model=swift-2")
    }
    assert cuts.entries[0].link.startswith(f"{market.base_url}/evidence/")
    assert market.ask(cuts.entries[0].link).status == 200
    assert len(parsed(market.ask("/v1/events.rss?limit=2").body).entries) == 2
    none = parsed(market.ask("/v1/events.atom?provider=openai").body)
    assert none.entries == []
    page = parsed(market.ask("/v1/events?limit=2", Accept="application/atom+xml").body)
    (following,) = [link.href for link in page.feed.links if link.rel == "next"]
    assert market.ask(following).status == 200


def test_a_list_without_a_feed_says_what_it_can_be_had_as(market):
    answer = market.ask("/v1/prices.atom")
    assert answer.status == 422
    assert answer.json["errors"] == [{"parameter": "form", "message": "Input should be 'csv' or 'ndjson'"}]


def test_what_pages_print_is_inert_in_every_feed():
    entries = [
        Entry(
            about=("x", str(number)),
            title=text,
            url=f"https://acme.example/{text}",
            text=text,
            published=WHEN,
            tags=[text],
        )
        for number, text in enumerate((*PAYLOADS, "a\x00b\ud800c", "]]>", "\x0b\uffff"))
    ]
    feed = Feed(title="t", url="http://h/f?q=a&b=1", home="http://h/", next=None, entries=entries)
    atom, rss = parsed(feeds.atom(feed)), parsed(feeds.rss(feed))
    assert len(atom.entries) == len(rss.entries) == len(entries)
    for entry in atom.entries:
        assert {entry.title_detail.type, entry.content[0].type} == {"text/plain"}
    for entry in rss.entries:
        assert "<" not in entry.description.replace("&lt;", "")
    assert b"<script" not in feeds.rss(feed)
    assert b"&lt;" not in feeds.rss(feed)  # a reader that takes it for HTML finds text
    Draft202012Validator(JSON_FEED).validate(json.loads(feeds.json_feed(feed)))


def test_ids_of_entries_never_change():
    """Readers show an entry with another id as a new one."""
    assert feeds.number("event", "0f3c9a1b") == "urn:uuid:c0860ec9-c8a6-5275-8dc2-6807e7df9f7b"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(text):
    (row,) = rows_of(tables.header(["a"]) + tables.csv_lines([{"a": text}], ["a"]))
    assert row["a"] == f"'{text}"


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("", "json"), ("*/*", "json"), ("text/csv", "csv"), ("text/csv;q=0", "json"), ("text/csv;q=x", "json"),
        ("application/json;q=0.2, text/csv;q=0.4", "csv"), ("text/csv;q=0.4,*/*", "json"), ("TEXT/CSV ; Q=1", "csv"),
        ("application/rss+xml", "json"), (",;,=", "json"), ("text/csv;q=nan", "json"), ("text/csv;q=1e9", "json"),
    ],
)  # fmt: skip
def test_accept_chooses_among_what_is_offered(accept, form):
    assert forms.wanted(accept, ["csv", "ndjson"]) == form


def test_a_date_is_enough_to_be_told_that_nothing_changed(market):
    answer = market.ask("/v1/events")
    modified = answer.headers["last-modified"]
    assert market.ask("/v1/events", If_Modified_Since=modified).status == 304
    assert market.ask("/v1/events", If_Modified_Since="Thu, 01 Jan 2026 00:00:00 GMT").status == 200
    assert market.ask("/v1/events", If_Modified_Since="yesterday").status == 200
    assert market.ask("/v1/events", If_Modified_Since=modified, If_None_Match='W/"other"').status == 200
    assert answer.headers["vary"] == "Accept, Accept-Encoding"

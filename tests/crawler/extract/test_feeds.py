"""Feeds: every shape gives its items, as plain text with aware dates; hostile ones cost little and never raise."""

import json
import os
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.extract import feeds
from crawler.extract.document import Document, Reading
from crawler.extract.plain_text import plain, web_link
from timeline.news import NewsItem

CORPUS = Path(os.environ.get("AIWIRE_CORPUS") or Path(__file__).resolve().parents[4] / "shared" / "corpus") / "feeds"
NOW = datetime(2026, 8, 20, 12, tzinfo=UTC)
SECONDS = 5.0  # of processor time, on a slow machine; what is not refused takes far less


def read(
    body: bytes | str, *, url: str = "https://wire.example/feed", content_type: str = "", at: datetime = NOW
) -> Reading:
    raw = body.encode() if isinstance(body, str) else body
    return feeds.read(Document(body=raw, url=url, at=at, source="wire", provider="wire", content_type=content_type))


def items(reading: Reading) -> Sequence[NewsItem]:
    found = [fact for fact in reading.facts if isinstance(fact, NewsItem)]
    assert len(found) == len(reading.facts)
    return found


def rss(item: str) -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>{item}</channel></rss>'


def codes(reading: Reading) -> list[str]:
    return [issue.code for issue in reading.issues]


def test_rss() -> None:
    (item,) = items(
        read(
            rss(
                "<item><title>Prices &amp;amp; models</title><link>/posts/1</link>"
                "<guid isPermaLink='false'>post-1</guid>"
                "<description><![CDATA[<p>Two <b>new</b> rates.</p><script>alert(1)</script>]]></description>"
                "<pubDate>Tue, 18 Aug 2026 09:30:00 +0200</pubDate><category>models</category></item>"
            )
        )
    )
    assert item.guid == "post-1"
    assert item.url == "https://wire.example/posts/1"
    assert item.title == "Prices & models"
    assert item.summary == "Two new rates."
    assert item.published_at == datetime(2026, 8, 18, 7, 30, tzinfo=UTC)
    assert item.categories == ("models",)
    assert item.provider == "wire"


def test_atom() -> None:
    (item,) = items(
        read(
            '<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>urn:1</id>'
            '<title type="html">A &lt;i&gt;title&lt;/i&gt;</title>'
            '<link rel="self" href="https://wire.example/self"/><link rel="alternate" href="https://wire.example/a"/>'
            "<updated>2026-08-01T10:00:00Z</updated><content type='html'>Words</content></entry></feed>"
        )
    )
    assert (item.guid, item.url, item.title) == ("urn:1", "https://wire.example/a", "A title")
    assert item.summary == "Words"
    assert item.published_at == datetime(2026, 8, 1, 10, tzinfo=UTC)


def test_rdf() -> None:
    (item,) = items(
        read(
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://wire.example/"><title>Wire</title></channel>'
            '<item rdf:about="https://wire.example/r"><title>An item</title><link>https://wire.example/r</link>'
            "<dc:date>2026-08-02</dc:date></item></rdf:RDF>"
        )
    )
    assert (item.url, item.published_at) == ("https://wire.example/r", datetime(2026, 8, 2, tzinfo=UTC))


def test_json_feed() -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "id": 7,
                "url": "https://wire.example/7",
                "title": "Seven",
                "content_html": "<p>It&#39;s out</p>",
                "tags": ["x"],
            },
            {
                "id": "8",
                "external_url": "javascript:alert(1)",
                "content_text": "No title",
                "date_published": "2026-08-03T10:00:00+02:00",
            },
        ],
    }
    seven, eight = items(read(json.dumps(feed)))
    assert (seven.guid, seven.url, seven.title, seven.summary) == ("7", "https://wire.example/7", "Seven", "It's out")
    assert seven.categories == ("x",)
    assert (eight.url, eight.title) == ("", "No title")
    assert eight.published_at == datetime(2026, 8, 3, 8, tzinfo=UTC)


def test_an_item_without_an_id_is_known_by_its_link_else_by_its_words() -> None:
    linked, bare = items(
        read(rss("<item><title>One</title><link>https://wire.example/1</link></item><item><title>Two</title></item>"))
    )
    assert linked.guid == "https://wire.example/1"
    again = items(read(rss("<item><title>Two</title></item>")))[0]
    assert bare.guid == again.guid != ""


def test_items_that_share_an_id_stay_apart_and_the_same_item_twice_is_one() -> None:
    reading = read(
        rss(
            "<item><guid>urn:g</guid><title>One</title></item><item><guid>urn:g</guid><title>Two</title></item>"
            "<item><guid>urn:g</guid><title>One</title></item>"
        )
    )
    one, two = items(reading)
    assert one.guid.startswith("urn:g#")
    assert one.key != two.key
    assert [ignored.why for ignored in reading.ignored] == ["the same item again"]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://wire.example/x",
        "//",
        "http://",
        "https://good.example\\@bad.example/",
        "https://a b.example/",
        f"https://wire.example/{'x' * 3000}",
    ],
)
def test_only_web_links_are_kept(link: str) -> None:
    assert web_link(link) == ""
    (item,) = items(read(rss(f"<item><title>x</title><link>{link}</link></item>"), url=""))
    assert item.url == ""


def test_escaped_markup_and_control_characters_do_not_survive() -> None:
    (item,) = items(
        read(rss("<item><title>&lt;script&gt;alert(1)&lt;/script&gt;Safe \u202etxt &amp;lt; 3</title></item>"))
    )
    assert item.title == "Safe txt < 3"
    assert plain("a\x1b[31m\x00b", 50) == "a[31mb"
    assert plain("x" * 100, 10) == "xxxxxxxxx…"
    assert plain("1 < 2 and 3 > 2", 50) == "1 < 2 and 3 > 2"


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("Thu, 01 Jan 1970 00:00:00 GMT", "impossible_date"),
        ("2525-06-06T00:00:00Z", "impossible_date"),
        ((NOW + timedelta(days=3)).isoformat(), "impossible_date"),
        ("Thu, 31 Sep 2026 00:00:00 GMT", "unreadable_date"),
        ("next Tuesday", "unreadable_date"),
        ("2026-05", "vague_date"),
    ],
)
def test_a_date_that_cannot_be_is_no_date(printed: str, code: str) -> None:
    reading = read(rss(f"<item><title>x</title><pubDate>{printed}</pubDate></item>"))
    assert items(reading)[0].published_at is None
    assert codes(reading) == [code]


def test_a_date_a_day_ahead_is_a_time_zone() -> None:
    reading = read(rss(f"<item><title>x</title><pubDate>{(NOW + timedelta(hours=20)).isoformat()}</pubDate></item>"))
    assert items(reading)[0].published_at == NOW + timedelta(hours=20)


@pytest.mark.parametrize(
    "body", ["", "<html><body><p>Log in</p></body></html>", "# A page", "[]", '{"version": 1}', '{"a":', "\0" * 50]
)
def test_what_is_no_feed_says_so(body: str) -> None:
    reading = read(body)
    assert not reading.facts
    assert [(issue.code, issue.fatal) for issue in reading.issues] == [("not_a_feed", True)]


def test_an_empty_feed_is_a_feed() -> None:
    reading = read(rss(""))
    assert not reading.facts
    assert [(issue.code, issue.fatal) for issue in reading.issues] == [("empty_feed", False)]


def test_a_cut_off_feed_gives_what_it_has_and_says_so() -> None:
    """Not the entry it is cut off in: that would be another one, without its guid."""
    whole = rss("<item><title>One</title></item><item><title>Two</title><guid>2</guid></item>")
    start, end = whole.index("<title>Two"), whole.index("</item></channel>")
    for place in range(start, end):
        reading = read(whole[:place])
        assert [item.title for item in items(reading)] == ["One"], whole[:place]
        assert codes(reading) == ["malformed_feed"]
    cut_after = read(whole[: end + len("</item>")])
    assert [item.guid for item in items(cut_after)][1:] == ["https://wire.example/2"]
    in_text = read(rss("<item><title>One</title></item><item><title><![CDATA[</item> Two"))
    assert [item.title for item in items(in_text)] == ["One"]


HEAD = b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>'
BOMBS = {
    "nested tags": HEAD + b"<a>" * 200_000 + b"</a>" * 200_000,
    "unclosed tags": HEAD + b"<a>" * 39_000,
    "nested base addresses": HEAD + b"<item>" + b'<a xml:base="x/">' * 20_000 + b"</a>" * 20_000,
    "attributes": HEAD + b"<item " + b" ".join(b'a%d="1"' % n for n in range(50_000)) + b"><title>q</title></item>",
    "a long attribute": HEAD + b'<item a="' + b"x" * 2_000_000 + b'"><title>q</title></item>',
    "markup in a title": HEAD + b"<item><title><![CDATA[" + b"<b>" * 500_000 + b"]]></title></item>",
    "angle brackets": HEAD + b"<item><title>" + b"<" * 1_000_000 + b"</title></item>",
    "items": HEAD + b"<item><title>q</title></item>" * 9_000,
    "categories": HEAD + b"<item>" + b"<category>x</category>" * 15_000 + b"</item>",
    "entities": b"<!DOCTYPE r [" + b"".join(b'<!ENTITY e%d "x">' % n for n in range(50_000)) + b"]><rss/>",
    "laughs": b'<!DOCTYPE r [<!ENTITY a0 "ha">'
    + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 12))
    + b"]><rss version='2.0'><channel><item><title>&a11;</title></item></channel></rss>",
    "quadratic": b'<!DOCTYPE r [<!ENTITY a "'
    + b"x" * 60_000
    + b'">]><rss version="2.0"><channel><item><title>'
    + b"&a;" * 60_000
    + b"</title></item></channel></rss>",
    "external entity": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss version="2.0"><channel><item>'
    b"<title>&x;</title></item></channel></rss>",
    "sections that do not end": b"<rss><channel><item><title>" + b"<![CDATA[" * 400_000,
    "comments that do not end": b"<rss><channel><item><title>" + b"<!--" * 400_000,
    "scripts that do not end": b"<rss version='2.0'><channel>"
    + (b"<item><description>" + b"&lt;script&gt;" * 3_000 + b"</description></item>") * 100
    + b"</channel></rss>",
    "markup that does not end": b"<rss version='2.0'><channel>"
    + (b"<item><description>" + b"&lt;!--&lt;a " * 3_000 + b"</description></item>") * 100
    + b"</channel></rss>",
    "ampersands": b"<rss version='2.0'><channel><item><title>" + b"&" * 4_900_000,
    "a long title": b"<rss version='2.0'><channel><item><title>"
    + b"long " * 900_000
    + b"</title></item></channel></rss>",
    "deep json": b'{"version": "https://jsonfeed.org/version/1", "items": ' + b"[" * 200_000,
    "a huge number": b'{"version": "https://jsonfeed.org/version/1", "items": [{"id": ' + b"9" * 100_000 + b"}]}",
    "too many bytes": b"<rss>" + b"x" * (6 * 2**20),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little_and_does_not_raise(name: str) -> None:
    began = time.process_time()
    reading = read(BOMBS[name])
    assert time.process_time() - began < SECONDS
    assert len(reading.facts) <= feeds.MAX_ITEMS
    for item in items(reading):
        assert len(item.title) <= feeds.MAX_TITLE
        assert "root:" not in item.title
        assert len(item.categories) <= feeds.MAX_CATEGORIES


def test_the_worst_bombs_are_refused_by_name() -> None:
    for name in ("nested tags", "nested base addresses", "attributes", "too many bytes"):
        assert [(issue.code, issue.fatal) for issue in read(BOMBS[name]).issues] == [("feed_too_large", True)]


def corpus() -> list[dict[str, str]]:
    listed = CORPUS / "manifest.jsonl"
    return [json.loads(line) for line in listed.read_text().splitlines()] if listed.exists() else []


@pytest.mark.skipif(not corpus(), reason=f"the corpus of feeds is not at {CORPUS}")
def test_every_feed_of_the_corpus_gives_all_its_items() -> None:
    wrong = []
    for row in corpus():
        if row["source"] == "malformed" or "not a feed" in row["notes"]:
            continue
        at = datetime.fromisoformat(row["captured_on"]).replace(tzinfo=UTC)
        reading = read((CORPUS / row["file"]).read_bytes(), url=row["url"] or "", at=at)
        if len(reading.facts) + len(reading.ignored) != int(row["entries"]):
            wrong.append((row["file"], len(reading.facts), row["entries"]))
    assert not wrong


@pytest.mark.skipif(not corpus(), reason=f"the corpus of feeds is not at {CORPUS}")
def test_no_malformed_feed_of_the_corpus_raises_or_takes_long() -> None:
    times = {}
    for row in corpus():
        if row["source"] == "malformed":
            began = time.process_time()
            read((CORPUS / row["file"]).read_bytes())
            times[row["file"]] = time.process_time() - began
    assert len(times) > 100
    assert max(times.values()) < 1, max(times, key=lambda name: times[name])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "declared", ["", "<?xml version='1.0' encoding='utf-16'?>", "<?xml version='1.0' encoding='utf-8'?>"]
)
def test_wide_letters_are_read_whatever_is_declared(encoding: str, declared: str) -> None:
    text = f"{declared}<rss version='2.0'><channel><item><title>Caf\u00e9 \u4ef7</title></item></channel></rss>"
    assert [item.title for item in items(read(text.encode(encoding)))] == ["Caf\u00e9 \u4ef7"]


def test_an_entry_without_words_or_address_is_no_news() -> None:
    entries = "<item><title>A story</title></item><item><guid isPermaLink='false'>18</guid><title> </title></item>"
    reading = read(f"<rss version='2.0'><channel>{entries}</channel></rss>".encode())
    assert [item.title for item in items(reading)] == ["A story"]
    assert [one.what for one in reading.ignored] == ["18"]

"""The corpus of feeds replayed over its dates: every really new item once, by a count of its own over the raw files."""

import io
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import feedparser  # type: ignore[import-untyped]
import pytest

from crawler.replay import read_manifest, replay
from crawler.source import bundled_sources, claim
from store.connect import Connection

CORPUS = Path(os.environ.get("AIWIRE_CORPUS") or Path(__file__).resolve().parents[3] / "shared" / "corpus") / "feeds"

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus of feeds is not at {CORPUS}"),
]


def rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """The lines of the manifest that a feed claims, oldest first, with its source."""
    lines = [json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text().splitlines()]
    for row in sorted((line for line in lines if line["url"]), key=lambda line: line["captured_on"]):
        source = claim(bundled_sources(), row["url"])
        if source is not None and source.kind == "feed":
            yield source.id, row


def raw_entries(row: dict[str, Any]) -> list[dict[str, str]]:
    """guid, link, title and date of each entry, straight from the parser."""
    body = (CORPUS / row["file"]).read_bytes()
    if body.lstrip()[:1] == b"{":
        found = json.loads(body)["items"]
        return [_entry(e.get("id"), e.get("url"), e.get("title"), e.get("date_published")) for e in found]
    parsed = feedparser.parse(io.BytesIO(body), response_headers={"content-type": "application/xml"})
    return [
        _entry(e.get("id"), e.get("feedburner_origlink") or e.get("link"), e.get("title"), e.get("published"))
        for e in parsed.entries
    ]


def _entry(guid: Any, link: Any, title: Any, when: Any) -> dict[str, str]:
    link = re.sub(r"[?#&](?:utm_|ref=)[^#]*$", "", str(link or ""))
    link = re.sub(r"^https?://(?:www\.)?", "", link).rstrip("/")
    words = " ".join(re.findall(r"\w+", re.sub(r"<[^>]+>", "", str(title or "")).casefold()))
    return {"guid": str(guid or link or words), "link": link, "title": words, "when": str(when or "")}


def _end(entry: dict[str, str]) -> str:
    return f"end {entry['link'].rsplit('/', 1)[-1]} {entry['title']}"


def names(entry: dict[str, str], shared: Counter[str]) -> list[str]:
    """Under which names an entry is the same thing as another one that has one of them.

    `shared` counts guids, and ends of addresses with titles, in one file: what is there twice tells nothing apart.
    """
    found = [f"page {entry['link']} {entry['title']}"]
    if shared[_end(entry)] == 1:
        found.append(_end(entry))
    if shared[entry["guid"]] == 1:
        found.append(f"guid {entry['guid']}")
        if re.sub(r"^https?://(?:www\.)?", "", entry["guid"]).rstrip("/") == entry["link"]:
            found.append(f"permalink {entry['link']}")
    return found


def really_new() -> dict[str, int]:
    """How many different items each feed ever had: entries that share a name are one."""
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while parents.setdefault(name, name) != name:
            name = parents[name]
        return name

    heads = defaultdict(list)
    for source, row in rows():
        entries = raw_entries(row)
        told_apart = {(entry["guid"], entry["title"], entry["link"]) for entry in entries}
        shared = Counter(guid for guid, _, _ in told_apart)
        shared.update(_end({"link": link, "title": title}) for _, title, link in told_apart)
        for entry in entries:
            first, *rest = (f"{source} {name}" for name in names(entry, shared))
            for other in rest:
                parents[root(other)] = root(first)
            heads[source].append(first)
    return {source: len({root(head) for head in found}) for source, found in heads.items()}


@pytest.fixture(scope="module")
def expected() -> dict[str, int]:
    return really_new()


@pytest.mark.torture  # long
def test_each_really_new_item_is_told_once(connection: Connection, expected: dict[str, int]) -> None:
    manifest = read_manifest(CORPUS, bundled_sources())
    events = [event for event in replay(connection, manifest) if event.kind == "news.published"]
    told = Counter(event.source for event in events)
    assert sum(told.values()) > 3000
    slack = {"anthropic-engineering": 1}  # one page changed its address, its date and a word of its end at once
    wrong = {
        source: (told[source], count)
        for source, count in expected.items()
        if not count - slack.get(source, 0) <= told[source] <= count
    }
    assert wrong == {}
    assert set(told) <= set(expected)
    once = Counter((event.source, event.key) for event in events)
    assert max(once.values()) == 1
    _edits_are_edits(connection)
    assert connection.execute("SELECT count(*) FROM timeline.incidents").fetchone() == (6,)
    # A second import finds nothing to tell.
    assert [event for event in replay(connection, manifest) if event.kind == "news.published"] == []


def _edits_are_edits(connection: Connection) -> None:
    """What was edited keeps its former texts, and none of it is news a second time."""
    edited = connection.execute(
        "SELECT count(DISTINCT (source, key)), bool_and(changed <> '{}' OR number = 1) FROM timeline.news_revisions"
    ).fetchone()
    assert edited is not None
    assert edited[0] > 50
    assert edited[1]


def test_the_count_of_its_own_knows_what_it_counts() -> None:
    one = _entry("a", "https://www.wire.example/news/x/?utm_source=rss", "A <b>Title</b>", "")
    assert one == {"guid": "a", "link": "wire.example/news/x", "title": "a title", "when": ""}
    assert "end x a title" in names(one, Counter({"a": 2, "end x a title": 1}))

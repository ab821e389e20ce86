"""Edits of news: the former texts stay, dated, and each says what differs."""

from datetime import UTC, datetime, timedelta

import pytest

from store import snapshots, sources, timelines
from store.connect import Connection
from timeline.events import CaptureRef
from timeline.fold import advance
from timeline.news import NewsItem
from timeline.observations import Observation, SourceInfo

pytestmark = pytest.mark.postgres
FEED = SourceInfo(id="acme-news", provider="acme", kind="feed", trust="press")
T0 = datetime(2026, 8, 1, tzinfo=UTC)


def look(connection: Connection, hours: int, *items: NewsItem) -> int:
    at = T0 + timedelta(hours=hours)
    sha256 = snapshots.put(connection, at.isoformat().encode(), "application/xml")
    ref = CaptureRef(seq=1, url="https://acme.example/feed", captured_at=at, sha256=sha256)
    state = timelines.load_fold(connection, FEED.id)
    _, step = advance(FEED, state, Observation(at=at, capture=ref, facts=items))
    timelines.append(connection, FEED, step, origin="live")
    return len(step.events)


def item(title: str, summary: str = "", *, guid: str = "g", url: str = "https://acme.example/1") -> NewsItem:
    return NewsItem(provider="acme", guid=guid, url=url, title=title, summary=summary, categories=("Cats",))


def test_former_texts_are_kept(connection: Connection) -> None:
    row = sources.SourceRow(
        id=FEED.id, provider="acme", kind="feed", url="https://acme.example/feed", trust="press",
        every=timedelta(minutes=15), verified=True,
    )  # fmt: skip
    sources.register(connection, [row], T0)
    still = item("A story that stays", guid="s", url="https://acme.example/2")
    counts = [
        look(connection, 0, item("Title"), still),
        look(connection, 1, item("Title", "now with a summary"), still),
        look(connection, 2, still),
        look(
            connection, 3, item("Better title", "now with a summary", guid="new", url="https://acme.example/1/"), still
        ),
        look(connection, 4, item("Better title", "now with a summary", url="https://acme.example/1/"), still),
    ]
    assert counts == [2, 0, 0, 1, 0]  # another guid, address and title at once is another story


def test_an_edit_shows_what_differs(connection: Connection) -> None:
    row = sources.SourceRow(
        id=FEED.id, provider="acme", kind="feed", url="https://acme.example/feed", trust="press",
        every=timedelta(minutes=15), verified=True,
    )  # fmt: skip
    sources.register(connection, [row], T0)
    for hours, told in enumerate((item("Title"), item("Title", "More"), item("Other", "More"), item("Other", "More"))):
        look(connection, hours, told)
    rows = connection.execute(
        "SELECT number, title, summary, changed, extract(hour FROM seen_from), seen_until IS NULL "
        "FROM timeline.news_revisions ORDER BY number"
    ).fetchall()
    assert rows == [
        (1, "Title", "", [], 0, False),
        (2, "Title", "More", ["summary"], 1, False),
        (3, "Other", "More", ["title"], 2, True),
    ]
    now = connection.execute("SELECT title, categories, first_seen, edited_at FROM timeline.news").fetchall()
    assert now == [("Other", ["Cats"], T0, T0 + timedelta(hours=2))]

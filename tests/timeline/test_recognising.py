"""An item under another id is the item it was; two items under one id are two."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.timeline.makers import FEED, day, kinds, look
from timeline.fold import fold
from timeline.incidents import Incident
from timeline.news import NewsItem
from timeline.recognising import alike, loosely

AT = datetime(2026, 7, 1, 8, tzinfo=UTC)
SITE = "https://wire.example"


def entry(guid: str, title: str, url: str, **more: Any) -> NewsItem:
    return NewsItem(provider="wire", guid=guid, title=title, url=url, **more)


FIRST = entry("a", "Introducing Model Nine", f"{SITE}/news/model-nine", published_at=AT)
OTHER = entry("z", "An older story", f"{SITE}/news/older", published_at=AT - timedelta(days=9))


def published(*looks: list[NewsItem]) -> list[str]:
    """The titles told as news after the first look."""
    folded = fold(FEED, [look(day(number), *items) for number, items in enumerate(looks)])
    return [str((event.new or {})["title"]) for event in folded.events if not event.baseline]


@pytest.mark.parametrize(
    "again",
    [
        entry("b", "Introducing Model Nine", f"{SITE}/news/model-nine", published_at=AT),
        entry("b", "Introducing  model nine", "http://www.wire.example/news/model-nine/", published_at=AT),
        entry("b", "Introducing Model Nine", f"{SITE}/research/model-nine", published_at=AT + timedelta(days=3)),
        entry("b", "Introducing Model Nine", f"{SITE}/news/introducing-model-nine"),
        entry("b", "Introducing Model Nine, our best", f"{SITE}/news/model-nine", published_at=AT),
        entry("a", "Introducing Model Nine", f"{SITE}/news/model-nine", published_at=AT + timedelta(days=40)),
        entry("a", "Something else entirely", f"{SITE}/news/model-nine"),
    ],
    ids=["guid", "slash", "moved", "renamed page", "retitled", "re-dated", "edited"],
)
def test_what_is_known_is_no_news(again: NewsItem) -> None:
    assert published([FIRST, OTHER], [again, OTHER]) == []
    assert published([FIRST, OTHER], [OTHER], [again, OTHER]) == []


@pytest.mark.parametrize(
    "new",
    [
        entry("b", "Introducing Model Ten", f"{SITE}/news/model-ten", published_at=AT),
        entry("b", "Introducing Model Nine", f"{SITE}/news/model-nine-2", published_at=AT),
        entry("b", "Weekly notes", f"{SITE}/news/model-nine", published_at=AT + timedelta(days=7)),
        entry("b", "Introducing Model Nine", f"{SITE}/podcast/an-interview-about-it", published_at=AT),
    ],
    ids=["another", "numbered", "same page, later", "same title elsewhere"],
)
def test_what_is_new_is_news(new: NewsItem) -> None:
    assert published([FIRST, OTHER], [new, OTHER]) == [new.title]


def test_what_is_sent_again_beside_itself_is_no_news() -> None:
    again = entry("b", FIRST.title, FIRST.url, published_at=AT)
    assert published([FIRST], [FIRST, again]) == []


def test_a_series_at_one_address_is_a_series() -> None:
    """A changelog: one page, one title, many entries."""
    entries = [
        entry(
            f"u{number}",
            "Update",
            f"{SITE}/changelog",
            published_at=AT + number * timedelta(days=1),
            summary=f"{number}",
        )
        for number in range(4)
    ]
    assert len(published(entries[:1], entries[:2], entries[:4])) == 3


def test_items_that_share_a_guid_are_told_apart_for_ever() -> None:
    one, two, three = (entry(f"g#{letter}", letter, f"{SITE}/{letter}") for letter in "abc")
    shared = [entry("home", item.title, item.url) for item in (one, two, three)]
    from dataclasses import replace

    from timeline.recognising import shared_guid

    def told(*items: NewsItem) -> list[NewsItem]:
        """As the reader gives them: marked where a look shows several."""
        return [replace(item, guid=shared_guid(item)) for item in items] if len(items) > 1 else [*items]

    assert published(told(shared[0], shared[1]), told(shared[0]), told(shared[2])) == ["c"]
    assert published(told(shared[0]), told(shared[0], shared[1]), told(shared[1]), told(shared[0])) == ["b"]


def test_the_order_of_entries_is_nothing() -> None:
    items = [FIRST, OTHER, entry("b", FIRST.title, FIRST.url, published_at=AT)]
    forth, back = (fold(FEED, [look(day(0), *order)]) for order in (items, items[::-1]))
    assert forth.state.keys == back.state.keys
    assert kinds(forth.events, baseline=True) == kinds(back.events, baseline=True)


def test_addresses() -> None:
    assert loosely("HTTP://www.Wire.example/a/?x=1#y") == "wire.example/a?x=1#y"
    assert loosely("urn:x") == ""
    assert alike("wire.example/2026/model-nine", "wire.example/blog/model-nine")
    assert not alike("wire.example/a?id=1", "wire.example/a?id=2")
    assert not alike("wire.example", "wire.example")


def trouble(guid: str, hour: int, *, title: str = "Elevated errors", ended: bool = True) -> Incident:
    began = AT + timedelta(hours=hour)
    return Incident(
        provider="wire", guid=guid, title=title, status="resolved" if ended else "investigating", started_at=began,
        resolved_at=began + timedelta(minutes=30) if ended else None,
    )  # fmt: skip


def told(*looks: list[Incident]) -> list[str]:
    """The kinds of events after the first look."""
    folded = fold(FEED, [look(day(number), *incidents) for number, incidents in enumerate(looks)])
    return [event.kind for event in folded.events if not event.baseline]


def test_a_status_page_that_moves_tells_no_incident_again() -> None:
    before = [trouble("a", 0), trouble("b", 5, title="Latency", ended=False)]
    moved = [trouble("x", 0), trouble("y", 5, title="Latency")]
    assert told(before, moved) == ["incident.resolved"]  # of the one that went on
    assert told(before, [], moved, moved) == ["incident.resolved"]
    assert told(before, [trouble("x", 1), *before]) == ["incident.opened", "incident.resolved"]
    assert told(before, [trouble("x", 0), *before]) == [
        "incident.opened",
        "incident.resolved",
    ]  # two that are both there

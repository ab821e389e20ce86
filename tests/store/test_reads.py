"""Prices, notices and news as people ask for them: filtered, page by page, with a reader's rights."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from store import clock, news, notices, prices, sources, timelines
from store.connect import Connection, connect_reader
from store.sources import SourceRow
from tests.store.test_timelines import price, row, step
from timeline.facts import Fact
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.observations import Row, SourceInfo

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 1, tzinfo=UTC)
DAY = timedelta(days=1)
Ask = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def reader(connection: Connection, reader_url: str) -> Iterator[Connection]:
    """A reader's connection to a database with two sources of prices, notices and news."""
    for name, trust in (("acme", "official"), ("shop", "catalogue")):
        url = f"https://{name}.example"
        registered = SourceRow(id=name, provider="acme", kind="pricing", url=url, trust=trust, every=DAY)
        sources.register(connection, [registered], T0, only_add=True)
    clock.set_rehearsal(connection, T0 + 10 * DAY)
    own: list[Fact] = [price(str(n), model_id=f"m-{n}", model=f"Model {n}") for n in range(1, 6)]
    own += [price("7", model_id=None, model="Nameless"), price("8", model_id="m-1", meter="output")]
    own += [
        Notice(provider="acme", model="Old", model_id="old", status="deprecated", retires_on="2026-08-20"),
        Notice(provider="acme", model="Older", model_id="older", status="retired", retires_on="2026-08-02"),
        NewsItem(provider="acme", guid="1", url="https://x/1", title="First 100% news", published_at=T0, topics=("a",)),
        NewsItem(provider="acme", guid="2", url="https://x/2", title="Second", topics=("b",)),
    ]
    write(connection, "acme", "official", own)
    write(
        connection,
        "shop",
        "catalogue",
        [
            price("99", model_id="m-1", model="acme/m-1"),
            price("98", model_id="shop-only"),
            Notice(provider="acme", model="Old", model_id="old", status="active"),
        ],
    )
    connection.commit()
    with connect_reader(reader_url, autocommit=True) as opened:
        yield opened


def write(connection: Connection, source: str, trust: str, facts: Sequence[Fact]) -> None:
    wanted: dict[str, tuple[Row, ...]] = {fact.key: (row(fact, T0),) for fact in facts}
    info = SourceInfo(id=source, provider="acme", kind="pricing", trust=trust)
    timelines.append(connection, info, step(T0, wanted), origin="live")


def pages(ask: Ask, order: Sequence[str], limit: int = 2, **more: Any) -> list[dict[str, Any]]:
    """All pages, as a client would read them."""
    rows: list[dict[str, Any]] = []
    cursor = None
    while found := ask(cursor=cursor, limit=limit, **more):
        rows += found
        cursor = tuple(found[-1][name] for name in order)
    return rows


def test_current_prices_page_by_page(reader: Connection) -> None:
    def ask(**more: Any) -> list[dict[str, Any]]:
        return prices.current(reader, **more)

    whole = prices.current(reader)
    assert [(found["model_id"], found["meter"], str(found["amount"])) for found in whole] == [
        *[("m-1", "input", "1"), ("m-1", "output", "8"), ("m-2", "input", "2"), ("m-3", "input", "3")],
        *[("m-4", "input", "4"), ("m-5", "input", "5"), ("shop-only", "input", "98"), (None, "input", "7")],
    ]
    for limit in (1, 2, 3, 7):
        assert pages(ask, prices.ORDER, limit) == whole
    assert {found["certain"] for found in whole} == {False}


@pytest.mark.parametrize(
    ("filters", "amounts"),
    [
        ({"model": ["m-2"]}, ["2"]),
        ({"model": ["Model 3", "Nameless"]}, ["3", "7"]),
        ({"model": ["acme/m-1"], "meter": ["input"]}, ["1"]),  # the shop's name for it; the best source answers
        ({"model": ["m-*"], "meter": ["input"]}, ["1", "2", "3", "4", "5"]),
        ({"model": ["m_2"]}, []),
        ({"source": ["shop"]}, ["99", "98"]),
        ({"trust": ["catalogue"], "model": ["m-1"]}, ["99"]),
        ({"provider": ["nobody"]}, []),
        ({"currency": ["USD"], "unit": ["token"], "meter": ["output"]}, ["8"]),
    ],
)
def test_prices_by_filter(reader: Connection, filters: Any, amounts: list[str]) -> None:
    assert [str(found["amount"]) for found in prices.current(reader, **filters)] == amounts


def test_prices_as_of_and_as_known(reader: Connection) -> None:
    assert prices.as_of(reader, T0 - DAY) == []
    assert prices.as_of(reader, T0 + DAY, T0 - DAY) == []
    assert len(prices.as_of(reader, T0 + DAY, T0 + DAY)) == 8
    later = prices.as_of(reader, T0 + DAY, T0 + DAY, model=["m-1"], meter=["input"])
    assert [str(found["amount"]) for found in later] == ["1"]


def test_price_history_page_by_page(reader: Connection) -> None:
    def ask(**more: Any) -> list[dict[str, Any]]:
        return prices.history(reader, **more)

    whole = prices.history(reader)
    assert len(whole) == 9
    assert pages(ask, prices.HISTORY_ORDER, 4) == whole
    assert [found["source"] for found in prices.history(reader, model=["m-1"], meter=["input"])] == ["acme", "shop"]
    assert prices.history(reader, until=T0) == []
    assert len(prices.history(reader, since=T0 + DAY)) == 9


def test_where_models_are_in_their_lives(reader: Connection) -> None:
    def ask(**more: Any) -> list[dict[str, Any]]:
        return notices.status(reader, **more)

    whole = notices.status(reader)
    assert [(found["model_id"], found["status"]) for found in whole] == [("old", "deprecated"), ("older", "retired")]
    assert pages(ask, notices.ORDER, 1) == whole
    assert notices.status(reader, status=["active"]) == []  # what the shop says is not the best
    assert [found["status"] for found in notices.status(reader, source=["shop"])] == ["active"]
    assert notices.status(reader, T0 + DAY, T0 - DAY) == []
    assert len(notices.history(reader, model=["old"])) == 2


def test_deadlines_from_today_on(reader: Connection) -> None:
    def ask(**more: Any) -> list[dict[str, Any]]:
        return notices.deadlines(reader, since=date(2026, 1, 1), **more)

    assert [(found["model"], found["days_left"]) for found in notices.deadlines(reader)] == [("Old", 9)]
    assert [found["model"] for found in ask()] == ["Older", "Old"]
    assert [found["model"] for found in pages(ask, notices.DEADLINE_ORDER, 1)] == ["Older", "Old"]
    assert ask(kind=["price"]) == []
    assert len(ask(firm=True, model=["Old*"])) == 2
    assert len(ask(model=["old"])) == 1
    assert len(ask(until=date(2026, 8, 20))) == 1


def test_news_page_by_page(reader: Connection) -> None:
    found = news.page(reader)
    assert [each["title"] for each in found] == ["Second", "First 100% news"]
    first = news.page(reader, limit=1)[0]
    second = news.page(reader, limit=1, before=(first["at"], first["source"], first["key"]))
    assert [first, *second] == found
    assert [each["guid"] for each in news.page(reader, topic=["b", "c"])] == ["2"]
    assert [each["guid"] for each in news.page(reader, q="100%")] == ["1"]
    assert news.page(reader, since=T0 + DAY) == []

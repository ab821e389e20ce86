"""Deals as people are told of them: once, with who tells it; what is a rumour as one; updates and ends."""

from datetime import timedelta
from typing import Any

import pytest

from alerts import outbox
from alerts.circumstances import Outlet, Standing
from alerts.messages import Message, compose, text
from alerts.newest import newest
from alerts.notifiers.terminal import TerminalSettings
from alerts.routes import AlertConfig, Receiver
from alerts.routing import Route, default_routes
from store import deliveries, delivery_attempts, funding
from store.connect import Connection
from tests.alerts.examples import AT, deal
from tests.crawler.test_funding import DAY, HOUR, ONE, T0, TWO, Desk

BASE = "https://aiwire.example"


def test_a_message_says_what_is_known_and_who_says_so() -> None:
    told = [
        Outlet(publisher=name, url=f"https://{name}.example/a") for name in ("techcrunch", "gazette", "b", "c", "d")
    ]
    event = deal(valuation="400000000", total_raised="90000000")
    (message,) = compose([event], base_url=BASE, standing=Standing(outlets={"funding-1": told}))
    assert message.title == "Solmark raises $50M Series B led by Oxbow Capital at a $400M valuation"
    assert message.lines == (
        "Investors: Pine. $90M raised to date",
        "Told by TechCrunch, gazette, b, c and 1 more outlet.",
    )
    assert [link.label for link in message.links] == ["Evidence", "Timeline", "TechCrunch", "gazette", "b", "c"]
    assert message.links[1].url == f"{BASE}/?kind=funding.*&q=Solmark"
    assert (message.kind, message.subjects, message.notes) == ("news", ("deal/funding-1",), ())


def test_a_rumour_is_told_as_one_and_what_changed_comes_first() -> None:
    (message,) = compose([deal(status="rumoured", lead_investors=[], investors=[])])
    assert message.title == "Reported: Solmark in talks to raise $50M Series B"
    assert message.lines[0] == "Not confirmed: so far only reported."
    (message,) = compose([deal("funding.updated", {"amount": "40000000", "currency": "USD"})])
    assert message.title == "Update: Solmark's Series B is $50M, not $40M"
    assert message.lines[0] == "Solmark raises $50M Series B led by Oxbow Capital"
    assert "https://gazette.example/a" in text(message)
    own = Standing(outlets={"funding-1": [Outlet(publisher="solmark", url="", trust="official")]})
    (message,) = compose([deal()], standing=own)
    assert "Told by a party to it." in message.lines


def test_what_is_told_together_is_told_as_it_stands() -> None:
    first = deal(status="rumoured", amount="40000000")
    later = deal("funding.updated", {"status": "rumoured"}, amount="40000000", observed_at=AT + HOUR, source="other")
    last = deal("funding.updated", {"amount": "40000000", "currency": "USD"}, observed_at=AT + 2 * HOUR)
    (told,) = newest([first, later, last])
    assert (told.event.kind, told.event.headline) == (
        *("funding.announced", "Solmark raises $50M Series B led by Oxbow Capital"),
    )
    (told,) = newest([later, last])
    assert told.event.headline == (
        "Now announced: Solmark raises $50M Series B led by Oxbow Capital (reported at $40M)"
    )
    back = deal(
        "funding.updated", {"amount": "50000000", "currency": "USD"}, amount="40000000", observed_at=AT + 3 * HOUR
    )
    assert newest([last, back]) == []
    other = deal(key="funding-2")
    assert len(newest([first, other])) == 2


# ---------------------------------------------------------------- from feeds to messages

INSTANT = Route(receiver="us", kinds=("funding.*",))


def config(*routes: Route) -> AlertConfig:
    receivers = {"us": Receiver(name="us", notifier="terminal", settings=TerminalSettings())}
    return AlertConfig(receivers=receivers, routes=routes, workloads=(), contracts=(), watchlists={})


def told(connection: Connection, at: Any, *routes: Route, **options: Any) -> list[Message]:
    """What is queued by now and was not before, as sent."""
    outbox.route_pending(
        connection, config(*(routes or (INSTANT,))), at, group_wait=timedelta(0), base_url=BASE, **options
    )
    due = deliveries.claim_due(connection, "us", at, 100)
    for delivery in due:
        delivery_attempts.mark_sent(connection, delivery.id, at, status="sent", code="", receipt={})
    return [Message.from_json(delivery.message) for delivery in due]


@pytest.mark.postgres
def test_one_story_once_then_its_updates_and_its_end(connection: Connection) -> None:
    desk = Desk(connection)
    desk.look(ONE, T0 + HOUR, ("a", "Solmark in talks to raise $300 million, sources say"))
    desk.look(TWO, T0 + HOUR * 2, ("x", "Solmark in talks to raise $300M"))
    (first,) = told(connection, T0 + HOUR * 2)
    assert first.title == "Reported: Solmark in talks to raise $300M"
    assert first.lines == ("Not confirmed: so far only reported.", "Told by gazette and courier.")
    assert {link.label for link in first.links} >= {"gazette", "courier"}
    assert told(connection, T0 + HOUR * 3) == []
    desk.look(TWO, T0 + DAY, ("y", "Solmark raises $320 million Series C led by Oxbow Capital"))
    (update,) = told(connection, T0 + DAY)
    assert update.title.startswith("Now announced: Solmark raises $320M Series C")
    assert (update.about, update.subjects) == (first.key, first.subjects)
    desk.look(TWO, T0 + DAY + HOUR, ("y", "Correction: our story on Solmark"))
    titles = [message.title for message in told(connection, T0 + DAY + HOUR)]
    assert titles == [f"Withdrawn: {update.title}"]
    desk.look(ONE, T0 + DAY * 2, ("a", "Correction: our story")), desk.look(TWO, T0 + DAY * 2, ("x", "Another story"))
    titles = [message.title for message in told(connection, T0 + DAY * 2)]
    assert titles == [f"Withdrawn: {first.title}"]


@pytest.mark.postgres
def test_a_split_is_told_to_those_who_were_told_otherwise(connection: Connection) -> None:
    desk = Desk(connection)
    desk.look(ONE, T0 + HOUR, ("a", "Solmark raises $50M Series A"))
    desk.look(TWO, T0 + HOUR * 2, ("x", "Solmark closes $50M Series A"))
    first, closed = told(connection, T0 + HOUR), told(connection, T0 + HOUR * 2)
    assert len(first + closed) == 1  # told together, as it stood
    (row,) = desk.deals()
    funding.split(connection, row["id"], "https://courier.example/x", because="another Solmark", at=T0 + DAY)
    (taken,) = told(connection, T0 + DAY)
    assert "Why: another Solmark." in taken.notes


@pytest.mark.postgres
def test_the_default_is_a_digest_of_the_week_and_imports_are_told_only_when_asked(connection: Connection) -> None:
    desk = Desk(connection)
    desk.look(ONE, T0 + HOUR, ("a", "AI lab Solmark raises $150M Series B"), ("b", "Redrock AI raises $9M seed round"))
    desk.look(TWO, T0 + HOUR * 2, ("x", "AI lab Solmark closes $150M Series B led by Oxbow Capital"))
    desk.look(TWO, T0 + HOUR * 2.5, ("y", "Larkhall Foods raises $300M Series C"))
    routes = default_routes("us")
    assert told(connection, T0 + HOUR * 3, *routes) == []
    (digest,) = told(connection, T0 + DAY * 8, *routes)
    assert digest.kind == "digest"
    assert digest.lines == (
        "Solmark closes $150M Series B led by Oxbow Capital",
        "– Told by gazette and courier.",
    )
    desk.look(ONE, T0 + DAY * 9, ("c", "Brindle raises $1 billion Series D"), origin="import")
    assert told(connection, T0 + DAY * 9) == []
    desk.look(ONE, T0 + DAY * 10, ("d", "Wrenfield raises $1 billion Series D"), origin="import")
    (late,) = told(connection, T0 + DAY * 10, deliver_imports=True)
    assert late.title == "Wrenfield raises $1B Series D"

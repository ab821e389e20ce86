"""From a provider changing a price to the alert, over a day of 200 price pages at their default interval.

The day is rehearsed, from one moment at which something is due to the next: each visit is kept by the code that keeps
real ones and says when the next is due; pages are read, folded, routed and sent to a stand-in for Slack, as the wire
does it. Only the requests to the pages are not made, as nothing but their answers would count: the origin answers
at once, 304 where nothing changed. What a clock's tick and the way through the queue may take is added to every visit
and message: a tick of the clocks, and the budget of `event_to_wire`. There is no floor.
"""

import heapq
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from alerts import deliver, outbox, registry
from alerts.receiver import SlackReceiver
from alerts.routes import AlertConfig, parse_alerts
from bench import event_to_wire, grounds
from bench.measures import Result, at_most, percentile
from bench.pages import PricePage
from bench.session import Session
from crawler import capture, observe
from crawler.registration import registration
from crawler.source import Source, take_sources
from store import clock, sources
from store.connect import Connection, connect
from timeline.strict import load
from wiring import Pace

MOST = {0.50: 6.0, 0.95: 12.0}  # minutes
DAY = datetime(2026, 8, 12, tzinfo=UTC)
SOURCES, CHANGES = 200, 100
TICK = timedelta(seconds=Pace().tick)
ON_THE_WAY = timedelta(seconds=event_to_wire.MOST)
SOURCE = """
[[source]]
id = "day-{number}"
provider = "day-{number}"
kind = "pricing"
url = "https://day-{number}.example/pricing"
trust = "official"
"""
RECEIVER = """
[[receiver]]
name = "day"
slack = {{ webhook = "{webhook}", allow_hosts = ["{address}"] }}
[[route]]
receiver = "day"
kinds = ["price.changed"]
"""


@dataclass(kw_only=True)
class Page:
    """A source with what its origin serves now."""

    source: Source
    page: PricePage = field(default_factory=lambda: PricePage(models=3))
    version: int = 1


@dataclass(kw_only=True)
class Day:
    """The rehearsed day: what is due when."""

    url: str
    connection: Connection
    pages: dict[str, Page]
    config: AlertConfig
    now: datetime = DAY
    agenda: list[tuple[datetime, int, str, str]] = field(default_factory=list)
    visits: int = 0
    published: dict[str, datetime] = field(default_factory=dict)  # when a source's page changed

    def put(self, at: datetime, what: str, whom: str = "") -> None:
        """Something is due."""
        heapq.heappush(self.agenda, (at, len(self.agenda) + self.visits, what, whom))

    def run(self, until: datetime) -> None:
        """Everything in its order."""
        while self.agenda and self.agenda[0][0] <= until:
            self.now, _, what, whom = heapq.heappop(self.agenda)
            if what == "visit":
                self._visit(self.pages[whom])
            elif what == "change":
                self.pages[whom].page.change(1)
                self.pages[whom].version += 1
                self.published[whom] = self.now
            else:
                self._send()

    def _visit(self, page: Page) -> None:
        """As a spider's answer is kept and read; the next visit is due when the store says so."""
        self.visits += 1
        source, etag = page.source, f'"{page.version}"'
        visit = capture.prepare(self.connection, source)
        if visit.etag == etag:
            arrival = capture.Arrival(status=304, url=source.url, body=b"", headers={"etag": etag})
        else:
            body = page.page.html().encode()
            headers = {"etag": etag, "content-type": "text/html"}
            arrival = capture.Arrival(status=200, url=source.url, body=body, headers=headers)
        capture.record_arrival(self.connection, visit, arrival, run="day", now=self.now)
        if arrival.status == 200:
            self._read(source)
        row = self.connection.execute("SELECT next_due_at FROM source_state WHERE source = %s", [source.id]).fetchone()
        assert row is not None
        self.put(row[0] + TICK, "visit", source.id)

    def _read(self, source: Source) -> None:
        clock.set_rehearsal(self.connection, self.now)
        observe.observe(self.connection, source, at=self.now)
        wait = Pace().group_wait
        if outbox.route_pending(self.connection, self.config, self.now, group_wait=wait):
            self.put(self.now + wait, "send")

    def _send(self) -> None:
        clock.set_rehearsal(self.connection, self.now)
        sender = registry.notifier(self.config, "day")
        deliver.drain(
            lambda: connect(self.url, autocommit=True), "day", sender,
            clock=lambda: self.now, pace=timedelta(0), sleep=lambda seconds: None,
        )  # fmt: skip


def run(session: Session) -> Iterator[Result]:
    """The median and the 95th percentile, in simulated minutes."""
    count, changes = session.size(SOURCES, quick=20), session.size(CHANGES, quick=10)
    with grounds.database() as ground, connect(ground.url, autocommit=True) as connection, SlackReceiver() as receiver:
        day = _begin(ground.url, connection, receiver, count)
        dice = random.Random(17)
        for source in dice.sample(sorted(day.pages), changes):
            day.put(DAY + timedelta(hours=1 + 22 * dice.random()), "change", source)
        day.run(DAY + timedelta(days=1))
        arrived: dict[str, datetime] = dict(
            connection.execute(
                "SELECT source, min(sent_at) FROM delivery JOIN event ON event.id = ANY(delivery.events) GROUP BY 1"
            ).fetchall()
        )
        assert len(receiver.messages) == changes, f"{len(receiver.messages)} messages came of {changes} changes"
    taken = [(arrived[one] + ON_THE_WAY - at).total_seconds() / 60 for one, at in day.published.items()]
    for share, most in MOST.items():
        yield at_most(
            f"publication_to_alert.p{share * 100:.0f}",
            percentile(taken, share),
            most,
            "min",
            of="of simulated time",
            more={"sources": count, "changes": changes, "visits": day.visits, "worst_min": max(taken)},
        )


def _begin(url: str, connection: Connection, receiver: SlackReceiver, count: int) -> Day:
    """The sources registered, their first visits spread over an interval, as they come to be."""
    text = "".join(SOURCE.format(number=number) for number in range(count))
    found = take_sources(load(text, "aiwire.toml"))
    sources.register(connection, [registration(source) for source in found], DAY)
    config = parse_alerts(load(RECEIVER.format(webhook=receiver.webhook, address=receiver.address), "aiwire.toml"), {})
    day = Day(url=url, connection=connection, pages={one.id: Page(source=one) for one in found}, config=config)
    for source in found:
        day.put(DAY, "visit", source.id)
    return day

"""A page of 500 prices, some of which changed: from its bytes to committed events.

Ours keeps the bytes (snapshot, capture and fetch row: committed), reads, checks and folds them and appends facts and
events (committed), with a server that waits for the disk. The floor is the reader alone on the same bytes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench import grounds
from bench.measures import Result, interleave, wall
from bench.pages import METERS, PricePage
from bench.session import Session
from crawler import capture, observe
from crawler.capture import Arrival
from crawler.reading import document_of
from crawler.registration import registration
from crawler.source import Source, reader_of
from store import sources
from store.connect import Connection, connect

FACTS = 500
CHANGED = (
    10,
    50,
    200,
)  # prices that are others than before; from half of them on, the fold would wait for a second look
MOST = 5
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
STEP = timedelta(minutes=20)
SOURCE = Source(
    id="bench-pricing",
    provider="bench",
    kind="pricing",
    url="https://bench.example/pricing",
    trust="official",
    every=timedelta(minutes=10),
)


def run(session: Session) -> Iterator[Result]:
    """One row for each number of changes."""
    for changed in CHANGED:
        with grounds.database(durable=True) as ground, connect(ground.url, autocommit=True) as connection:
            sources.register(connection, [registration(SOURCE)], BEGIN)
            yield _measure(session, connection, changed)


def _measure(session: Session, connection: Connection, changed: int) -> Result:
    warm, pairs = 2, session.size(25, quick=4)
    page = PricePage(models=FACTS // len(METERS))
    states = [page.html().encode()]
    for _ in range(warm + pairs):
        page.change(changed)
        states.append(page.html().encode())
    reader, at, told = reader_of(SOURCE), BEGIN, 0
    document = document_of(SOURCE, states[0], url=SOURCE.url, at=BEGIN, content_type="text/html")
    assert len(reader(document).facts) == FACTS
    waiting = iter(states)

    def ours() -> None:
        nonlocal at, told
        at += STEP
        visit = capture.prepare(connection, SOURCE)
        arrival = Arrival(status=200, url=SOURCE.url, body=next(waiting), headers={"content-type": "text/html"})
        capture.record_arrival(connection, visit, arrival, run="bench", now=at)
        told = len(observe.observe(connection, SOURCE, at=at).events)

    def floor() -> None:
        reader(document)

    ours()  # the first page lists everything
    found = interleave(ours, floor, pairs=pairs, clock=wall, warm=warm)
    assert told == changed, told
    return found.result(
        f"changed_page_{changed}", most=MOST, of="extraction alone", more={"facts": FACTS, "changed": changed}
    )

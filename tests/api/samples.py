"""A small market of our own, told to the store through the fold: what the tests of the API ask about."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from crawler import funding
from store import captures, checks, issues, snapshots, sources, timelines, verdicts
from store.sources import SourceRow
from timeline.events import CaptureRef, Event
from timeline.facts import Fact
from timeline.figures import Figure
from timeline.fold import advance
from timeline.incidents import Incident
from timeline.issues import Issue
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.observations import Observation, SourceInfo
from timeline.prices import PricePoint

DEAL = "Solmark raises $50 million Series B led by Oxbow Capital"
START = datetime(2026, 2, 10, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PRICING = SourceInfo(id="acme-pricing", provider="acme", kind="pricing")
CATALOGUE = SourceInfo(id="shop-catalogue", provider="acme", kind="catalogue", trust="catalogue")
LIFECYCLE = SourceInfo(id="acme-lifecycle", provider="acme", kind="lifecycle")
GAZETTE = SourceInfo(id="gazette-news", provider="gazette", kind="feed", trust="press")


def incident(number, **more) -> Incident:
    told = Incident(
        provider="acme", guid=f"i-{number}", url=f"https://status.acme.example/{number}", title="Errors of the API",
        status="investigating", impact="major", components=("API",), started_at=START + number * DAY,
        summary="We are looking.", locator="entry 1",
    )  # fmt: skip
    return replace(told, **more)


def figures(*numbers: str) -> list[Figure]:
    """One of each subject of a leaderboard."""
    return [
        Figure(
            provider="gazette", subject=f"Swift {number}", measure="hallucination_rate", number=Decimal(text),
            unit="percent", label=f"{text} %", locator=f"table 1 row {number}",
        )
        for number, text in enumerate(numbers, 1)
    ]  # fmt: skip


def price(model, meter, amount, **more) -> PricePoint:
    point = PricePoint(
        provider="acme", model=model, model_id=model.lower().replace(" ", "-"), meter=meter, amount=Decimal(amount),
        currency="USD", per=Decimal(1_000_000), locator="table 1 row 2 column 3", label=f"${amount}",
    )  # fmt: skip
    return replace(point, **more)


def notice(model, status, **more) -> Notice:
    told = Notice(
        provider="acme", model=model, model_id=model.lower().replace(" ", "-"), status=status, label=status.title(),
        labelled=True, locator="table 1 row 4",
    )  # fmt: skip
    return replace(told, **more)


def item(number, title, **more) -> NewsItem:
    told = NewsItem(
        provider="gazette", guid=f"g-{number}", url=f"https://gazette.example/{number}", title=title,
        published_at=START + number * DAY, topics=("models",),
    )  # fmt: skip
    return replace(told, **more)


def register(connection, source: SourceInfo, *, now=START) -> None:
    row = SourceRow(
        id=source.id, provider=source.provider, kind=source.kind, url=f"https://{source.provider}.example/{source.id}",
        trust=source.trust, every=timedelta(minutes=10), verified=True,
    )  # fmt: skip
    sources.register(connection, [row], now, only_add=True)


def look(
    connection, source: SourceInfo, at: datetime, facts: Sequence[Fact], *, body: bytes | None = None
) -> list[Event]:
    """One look at a source, as the crawler has it: bytes, capture, facts, events. Returns the events."""
    text = body or "\n".join(f"<tr><td>{fact}</td></tr>" for fact in facts).encode()
    sha256 = snapshots.put(connection, text, "text/html; charset=utf-8")
    url = f"https://{source.provider}.example/{source.id}"
    capture, fresh = captures.see(connection, source=source.id, sha256=sha256, url=url, at=at, origin="live")
    ref = CaptureRef(seq=capture.seq, url=url, captured_at=capture.first_seen, sha256=sha256)
    state = timelines.load_fold(connection, source.id)
    _, step = advance(source, state, Observation(at=at, capture=ref, facts=facts, unchanged=not fresh))
    timelines.append(connection, source, step, origin="live")
    verdicts.mark_read(connection, source.id, capture.seq, verdict="good", extractor="1", facts=len(facts))
    checks.record_check(connection, source.id, at=at, outcome="changed", next_due_at=at + 30 * DAY, good=True)
    return [*step.events]


def prices_later(swift: str = "2.00", slow: str = "1.50") -> list[PricePoint]:
    """The whole price list at its last look, with the prices for input as given."""
    return [
        price("Swift 2", "input", swift), price("Swift 2", "output", "8.00"), price("Swift 2", "cache_read", "0.50"),
        price("Swift 2", "input", "2.00", conditions={"service_tier": "batch"}),
        price("slow-1", "input", slow), price("slow-1", "output", "8.00"),
        price("slow-1", "output", "9.00", effective_from=date(2026, 4, 1)),
    ]  # fmt: skip


def small_market(connection) -> list[Event]:
    """A cut of three meters, a rise, a price announced, two retirements, some news, a catalogue that lags behind."""
    for source in (PRICING, CATALOGUE, LIFECYCLE, GAZETTE):
        register(connection, source)
    later = START + 2 * DAY
    first = incident(0, status="resolved", resolved_at=START + timedelta(hours=1))
    batch = {"conditions": {"service_tier": "batch"}}
    told = look(connection, PRICING, START, [
        price("Swift 2", "input", "4.00"), price("Swift 2", "output", "16.00"), price("Swift 2", "cache_read", "1.00"),
        price("Swift 2", "input", "2.00", **batch), price("slow-1", "input", "1.00"), price("slow-1", "output", "8.00"),
    ])  # fmt: skip
    told += look(connection, CATALOGUE, START, [price("Swift 2", "input", "4.00"), price("rare-7", "input", "0.25")])
    told += look(connection, LIFECYCLE, START, [notice("slow-1", "active"), notice("slow-0", "legacy"), first])
    told += look(connection, GAZETTE, START, [item(0, DEAL), *figures("2.0", "4.1")])
    funding.read_items(connection, GAZETTE.id, at=START, tell=True)
    told += look(connection, PRICING, later, prices_later())
    told += look(connection, LIFECYCLE, later, [
        notice("slow-1", "deprecated", retires_on="2026-04-01", replacements=("swift-2",)),
        notice("slow-0", "deprecated", retires_on="2026-04-01"), first, incident(2),
    ])  # fmt: skip
    told += look(connection, GAZETTE, later, [item(0, DEAL), item(1, "A swift model"), *figures("2.0", "4.1")])
    issue = Issue(code="unknown_unit", message="per fortnight", locator="table 2")
    issues.note(connection, PRICING.id, [issue], at=later, seq=2)
    connection.commit()
    return told

"""A small market of our own, written through the store: what the tests of the API ask about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from store import captures, events, issues, snapshots, sources
from store.sources import SourceRow
from timeline.events import CaptureRef, Event
from timeline.issues import Issue

PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "javascript:alert(1)",
    "</title><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "`${alert(1)}`",
    "\u202eevil\u202c",
)
START = datetime(2026, 2, 20, 8, 0, tzinfo=UTC)


def add_source(connection, source_id, *, provider="acme", kind="pricing", trust="official", now=START):
    row = SourceRow(
        id=source_id, provider=provider, kind=kind, url=f"https://{provider}.example/{kind}", trust=trust,
        every=timedelta(minutes=10), verified=True,
    )  # fmt: skip
    sources.register(connection, [row], now, only_add=True)


def add_capture(connection, source_id, body, *, at, facts=2):
    sha256 = snapshots.put(connection, body, "text/html; charset=utf-8")
    url = f"https://acme.example/{source_id}"
    capture, _ = captures.see(connection, source=source_id, sha256=sha256, url=url, at=at, origin="live")
    captures.mark_read(connection, source_id, capture.seq, verdict="good", extractor="1", facts=facts)
    sources.record_check(connection, source_id, at=at, outcome="changed", next_due_at=at, good=True)
    return CaptureRef(seq=capture.seq, url=url, captured_at=at, sha256=sha256)


def price_event(model, meter, old, new, *, at, provider="acme", source="acme-pricing", **more):
    pct = (Decimal(new) - Decimal(old)) * 100 / Decimal(old)
    event = Event(
        kind="price.changed", source=source, provider=provider, key=f"{model} {meter}", subject_kind="model",
        model=model, model_id=model, meter=meter, old=_side(old), new=_side(new), change_pct=round(pct, 2),
        direction="cut" if pct < 0 else "rise", effective_at=at.date().isoformat(),
        observed_after=at - timedelta(minutes=10), observed_at=at, locator="table 1 row 1 column 2",
        headline=f"{provider} changes {model} {meter} from ${old} to ${new}",
    )  # fmt: skip
    return replace(event, **more)


def life_event(kind, model, *, at, provider="acme", source="acme-lifecycle", new=None, **more):
    event = Event(
        kind=kind, source=source, provider=provider, key=model, subject_kind="model", model=model, model_id=model,
        new=new, observed_after=at - timedelta(minutes=10), observed_at=at, headline=f"{provider}: {kind} {model}",
    )  # fmt: skip
    return replace(event, **more)


def news_event(title, url, *, at, provider="gazette", source="gazette-news"):
    return Event(
        kind="news.published", source=source, provider=provider, key=f"[{url!r}]", new={"title": title, "url": url},
        observed_after=at - timedelta(minutes=10), observed_at=at, headline=f"{provider}: {title}", trust="press",
    )  # fmt: skip


def _side(amount):
    return {"amount": amount, "state": "priced", "currency": "USD", "per": 1000000, "unit": "token"}


def small_market(connection):
    """Two captures of a price list with a cut of three meters, a retirement of two models, a rise, and some news."""
    add_source(connection, "acme-pricing")
    add_source(connection, "acme-lifecycle", kind="lifecycle")
    add_source(connection, "gazette-news", provider="gazette", kind="feed", trust="press")
    later = START + timedelta(days=2)
    before = add_capture(connection, "acme-pricing", b"<table><tr><td>swift-2<td>$10.00</table>", at=START)
    after = add_capture(connection, "acme-pricing", b"<table><tr><td>swift-2<td>$2.00</table>", at=later)
    proof = {"before": before, "after": after}
    told = [
        price_event("swift-2", "input", "10.00", "2.00", at=later, **proof),
        price_event("swift-2", "output", "40.00", "8.00", at=later, **proof),
        price_event("swift-2", "cache_read", "2.50", "0.50", at=later, **proof),
        price_event("slow-1", "input", "1.00", "1.50", at=later + timedelta(hours=3)),
        life_event("model.retirement_scheduled", "slow-1", at=later, new={"retires_on": "2026-04-01"},
                   effective_at="2026-04-01"),
        life_event("model.retirement_scheduled", "slow-0", at=later, new={"retires_on": "2026-04-01"},
                   effective_at="2026-04-01"),
        life_event("model.listed", "swift-2", at=START, new={"status": "active"}, baseline=True),
        news_event("A swift model", "https://gazette.example/1", at=later + timedelta(days=1)),
    ]  # fmt: skip
    events.insert(connection, told)
    issues.note(
        connection, "acme-pricing", [Issue(code="unknown_unit", message="per fortnight", locator="table 2")],
        at=later, seq=2,
    )  # fmt: skip
    connection.commit()
    return told

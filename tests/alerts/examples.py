"""Events as the fold makes them, for the tests of alerts. The figures are invented."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from timeline.events import CaptureRef, Event
from timeline.headlines import headline

AT = datetime(2026, 8, 12, 10, 10, tzinfo=UTC)
TEN_MINUTES = timedelta(minutes=10)


def reference(
    seq: int = 4, at: datetime = AT, url: str = "https://platform.openai.example/docs/pricing.md"
) -> CaptureRef:
    return CaptureRef(seq=seq, url=url, captured_at=at, sha256=f"{seq:x}" * 64)


def event(kind: str, model: str | None = "gpt-5.6-luna", **changes: Any) -> Event:
    provider = changes.get("provider", "openai")
    fields: dict[str, Any] = {
        "kind": kind,
        "source": f"{provider}-{'pricing' if kind.startswith('price.') else 'lifecycle'}",
        "provider": provider,
        "key": f"{model} {changes.get('meter')} {changes.get('conditions')}",
        "subject_kind": "model",
        "model": model,
        "model_id": model,
        "observed_after": AT - TEN_MINUTES,
        "observed_at": AT,
        "before": reference(3, AT - timedelta(days=1)),
        "after": reference(),
        "headline": f"{provider} {kind} {model}",
    }
    return Event(**(fields | changes))


def side(amount: str | None, **changes: Any) -> Mapping[str, Any]:
    state = "priced" if amount is not None else "not_offered"
    return {"amount": amount, "state": state, "currency": "USD", "per": 1_000_000, "unit": "token"} | changes


def price(meter: str, before: str, after: str, /, *, kind: str = "price.changed", **changes: Any) -> Event:
    pct = (Decimal(after) - Decimal(before)) * 100 / Decimal(before)
    fields: dict[str, Any] = {
        "meter": meter,
        "old": side(before),
        "new": side(after),
        "change_pct": pct.quantize(Decimal("0.01")),
        "direction": "cut" if pct < 0 else "rise",
    }
    return event(kind, **(fields | changes))


def retirement(
    on: str = "2026-11-26", *, model: str = "gpt-5.6-luna", kind: str = "model.retirement_scheduled"
) -> Event:
    none = {"retires_on": None, "not_before": None}
    return event(kind, model, old=none, new={"retires_on": on, "not_before": None}, effective_at=on)


def status(before: str, after: str, *, model: str = "gpt-5.6-luna") -> Event:
    return event("model.status_changed", model, old={"status": before}, new={"status": after})


def deal(kind: str = "funding.announced", old: Mapping[str, Any] | None = None, **terms: Any) -> Event:
    """An event of a round of $50M at Solmark; `terms` are other ones."""
    changes = {name: terms.pop(name) for name in ("key", "observed_at", "source", "trust", "after") if name in terms}
    new = {
        "label": "funding", "company": "Solmark", "round": "series_b", "status": "announced", "amount": "50000000",
        "currency": "USD", "lead_investors": ["Oxbow Capital"], "investors": ["Oxbow Capital", "Pine"],
        "title": "Solmark raises", "url": "https://gazette.example/a", "outlet": "gazette", **terms,
    }  # fmt: skip
    own = {"provider": "gazette", "source": "gazette-news", "trust": "press", "key": "funding-1"} | changes
    made = event(kind, None, old=old, new=new, meter=None, **own)
    return replace(made, subject_kind=None, headline=headline(made))

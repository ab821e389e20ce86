"""An event as the JSON object that `aiwire replay` prints: a published contract, to which fields are only added."""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from timeline.events import CaptureRef, Event


def event_to_json(event: Event) -> dict[str, Any]:
    """Plain JSON values; amounts are text, times are UTC with a Z."""
    return {
        "event": event.id,
        "kind": event.kind,
        "source": event.source,
        "provider": event.provider,
        "subject_kind": event.subject_kind,
        "model": event.model,
        "model_id": event.model_id,
        "meter": event.meter,
        "conditions": dict(event.conditions),
        "old": _plain(event.old),
        "new": _plain(event.new),
        "change_pct": _plain(event.change_pct),
        "direction": event.direction,
        "effective_at": event.effective_at,
        "observed_after": _plain(event.observed_after),
        "observed_at": _plain(event.observed_at),
        "origin": event.origin,
        "trust": event.trust,
        "baseline": event.baseline,
        "late": event.late,
        "before": _reference(event.before),
        "after": _reference(event.after),
        "locator": event.locator,
        "headline": event.headline,
    }


def _reference(capture: CaptureRef | None) -> dict[str, Any] | None:
    if capture is None:
        return None
    return {"url": capture.url, "captured_at": _plain(capture.captured_at), "sha256": capture.sha256}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value

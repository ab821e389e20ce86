"""One line for each event, in plain newspaper English with units."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from timeline.events import Event
from timeline.names import title

_CURRENCIES = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥", "JPY": "¥"}
_COUNTS = {1: "", 1_000: "thousand ", 1_000_000: "million "}
_STATES = {
    "free": "free",
    "included": "included",
    "not_offered": "not offered",
    "varies": "varying",
    "unknown": "unstated",
}
_LONGEST = 300
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


def headline(event: Event) -> str:
    """What happened, to whom, from what to what: never longer than a line, never with control characters."""
    line = KINDS[event.kind](event)
    if event.trust in ("catalogue", "reseller"):
        line = f"{line} (according to {event.source})"
    return _plain(line)


def amount(side: Mapping[str, Any] | None) -> str:
    """A price with its unit: `$3 per million tokens`, or the word for its state."""
    if side is None or side.get("amount") is None or side.get("state") != "priced":
        return _STATES.get((side or {}).get("state", "unknown"), "unstated")
    return f"{_money(side)} {_unit(side)}"


def _listed(event: Event) -> str:
    return f"{_who(event)} lists {_what(event)} {_at(event.new)}"


def _at(side: Mapping[str, Any] | None) -> str:
    return f"at {amount(side)}" if side and side.get("state") == "priced" else f"as {amount(side)}"


def _changed(event: Event) -> str:
    verb = {"cut": "cuts", "rise": "raises", None: "changes"}[event.direction]
    since = f" from {event.effective_at}" if event.effective_at and event.effective_at < _day(event) else ""
    return f"{_who(event)} {verb} {_what(event)} {_from_to(event)}{since}"


def _scheduled(event: Event) -> str:
    if event.old is None:
        return f"{_who(event)} will offer {_what(event)} {_at(event.new)} from {event.effective_at}"
    verb = {"cut": "cut", "rise": "raise", None: "change"}[event.direction]
    return f"{_who(event)} will {verb} {_what(event)} {_from_to(event)} on {event.effective_at}"


def _schedule_withdrawn(event: Event) -> str:
    planned = (
        f"{_who(event)} calls off the {_what(event)} price of {amount(event.old)} planned for {event.effective_at}"
    )
    return f"{planned}; it stays {_brief(event.new, event.old)}" if event.new else planned


def _delisted(event: Event) -> str:
    return f"{_who(event)} no longer lists {_what(event)} (was {amount(event.old)})"


def _corrected(event: Event) -> str:
    right = f"{amount(event.new)}, not {_brief(event.old, event.new)}"
    return f"{_who(event)} corrects {_what(event)}: {right}, from {event.effective_at}"


def _model_listed(event: Event) -> str:
    new = event.new or {}
    line = f"{_who(event)} lists {event.model} as {new.get('status')}"
    if new.get("retires_on"):
        verb = "retired on" if new["retires_on"] < _day(event) else "to retire on"
        return f"{line}, {verb} {new['retires_on']}"
    return f"{line}, not to retire before {new['not_before']}" if new.get("not_before") else line


def _status_changed(event: Event) -> str:
    was, now = (event.old or {}).get("status"), (event.new or {}).get("status")
    if now == "retired":
        return f"{_who(event)} retires {event.model}"
    if now == "deprecated" and was != "retired":
        return f"{_who(event)} deprecates {event.model}"
    return f"{_who(event)} moves {event.model} from {was} to {now}"


def _retirement_scheduled(event: Event) -> str:
    new = event.new or {}
    if new.get("retires_on"):
        if new["retires_on"] < _day(event):
            return f"{_who(event)} says {event.model} retired on {new['retires_on']}"
        return f"{_who(event)} schedules {event.model} to retire on {new['retires_on']}"
    return f"{_who(event)} will not retire {event.model} before {new.get('not_before')}"


def _retirement_moved(event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    if new.get("retires_on"):
        return (
            f"{_who(event)} moves the retirement of {event.model} from {old.get('retires_on')} to {new['retires_on']}"
        )
    floors = f"from {old.get('not_before')} to {new.get('not_before')}"
    return f"{_who(event)} moves the earliest retirement of {event.model} {floors}"


def _retirement_withdrawn(event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    line = f"{_who(event)} withdraws the retirement of {event.model} {_on(old)}"
    return f"{line}; now not before {new['not_before']}" if new.get("not_before") else line


def _on(side: Mapping[str, Any]) -> str:
    return f"on {side['retires_on']}" if side.get("retires_on") else f"not before {side.get('not_before')}"


def _retirement_due(event: Event) -> str:
    retires_on = str((event.new or {}).get("retires_on"))
    if len(retires_on) < len("2026-01-01"):
        return f"{_who(event)} retires {event.model} in {retires_on}"
    days = (date.fromisoformat(retires_on) - event.observed_at.date()).days
    when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    return f"{_who(event)} retires {event.model} {when}, on {retires_on}"


def _replacement_changed(event: Event) -> str:
    old, new = ((side or {}).get("replacements") or [] for side in (event.old, event.new))
    if not new:
        return f"{_who(event)} no longer names a replacement for {event.model}"
    instead = f" instead of {', '.join(old)}" if old else ""
    return f"{_who(event)} recommends {', '.join(new)}{instead} as replacement for {event.model}"


def _alias_repointed(event: Event) -> str:
    old, new = event.old or {}, event.new or {}
    return f"{_who(event)} points {event.model} to {new.get('model_id')} instead of {old.get('model_id')}"


def _model_delisted(event: Event) -> str:
    return f"{_who(event)} no longer lists {event.model}"


def _published(event: Event) -> str:
    return f"{_who(event)}: {(event.new or {}).get('title') or (event.new or {}).get('url')}"


KINDS: dict[str, Callable[[Event], str]] = {
    "price.listed": _listed,
    "price.changed": _changed,
    "price.scheduled": _scheduled,
    "price.schedule_withdrawn": _schedule_withdrawn,
    "price.delisted": _delisted,
    "price.corrected": _corrected,
    "model.listed": _model_listed,
    "model.status_changed": _status_changed,
    "model.retirement_scheduled": _retirement_scheduled,
    "model.retirement_moved": _retirement_moved,
    "model.retirement_withdrawn": _retirement_withdrawn,
    "model.retirement_due": _retirement_due,
    "model.replacement_changed": _replacement_changed,
    "model.alias_repointed": _alias_repointed,
    "model.delisted": _model_delisted,
    "news.published": _published,
}


def _who(event: Event) -> str:
    return title(event.provider)


def _what(event: Event) -> str:
    """The model and the meter, with what narrows it: `Claude Sonnet 5 input (batch)`."""
    meter = (event.meter or "").replace("_", " ")
    narrow = [_condition(name, value) for name, value in sorted(event.conditions.items())]
    return f"{event.model} {meter}" + (f" ({', '.join(narrow)})" if narrow else "")


def _condition(name: str, value: str | int) -> str:
    if name == "context_over":
        return f"over {value} tokens of context"
    if name == "context_upto":
        return f"up to {value} tokens of context"
    return (
        str(value)
        if name in ("service_tier", "cache_ttl", "region", "quality")
        else f"{name.replace('_', ' ')} {value}"
    )


def _from_to(event: Event) -> str:
    pct = "" if event.change_pct is None else f" ({event.change_pct:+.1f} %)"
    return f"from {_brief(event.old, event.new)} to {amount(event.new)}{pct}"


def _brief(side: Mapping[str, Any] | None, beside: Mapping[str, Any] | None) -> str:
    """One side beside another that gives the unit for both; the word for its state where it has no amount."""
    if side is None or side.get("state") != "priced" or side.get("amount") is None:
        return amount(side)
    per, printed = Decimal((beside or side).get("per", 1)), Decimal(side.get("per", 1))
    if (beside or {}).get("state") != "priced":
        return amount(side)
    if per == printed:
        return _money(side)
    return _money({**side, "amount": format((Decimal(side["amount"]) * per / printed).normalize(), "f"), "per": per})


def _money(side: Mapping[str, Any] | None) -> str:
    """The amount in its currency. A price for a single token is told for a million, as everybody reads them."""
    currency, number = (side or {}).get("currency") or "", str((side or {}).get("amount"))
    if side and _is_tiny(side):
        number = format((Decimal(number) * 1_000_000).normalize(), "f")
    return f"{_CURRENCIES[currency]}{number}" if currency in _CURRENCIES else f"{number} {currency}".strip()


def _unit(side: Mapping[str, Any]) -> str:
    per, unit = 1_000_000 if _is_tiny(side) else side.get("per", 1), str(side.get("unit", "")).replace("_", " ")
    if per in (1, "1"):
        return f"per {unit}"
    count = _COUNTS.get(per, f"{per} ") if isinstance(per, int) else f"{per} "
    return f"per {count}{unit}s"


def _is_tiny(side: Mapping[str, Any]) -> bool:
    return side.get("per") == 1 and side.get("unit") in ("token", "character")


def _day(event: Event) -> str:
    return event.observed_at.date().isoformat()


def _plain(line: str) -> str:
    plain = " ".join(_CONTROL.sub(" ", line).split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"

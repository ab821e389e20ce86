"""One story once: whether two sources tell the same change, which of them tells it, and who else saw it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

from alerts import wording
from timeline import names
from timeline.dates import day
from timeline.events import Event
from timeline.tellers import teller
from timeline.words import clean, listed, number

WINDOW: Final = timedelta(days=30)
"""How far apart two sources may have seen the same change: catalogues follow by hand."""
TOLERANCE: Final = Decimal("0.005")
"""By how much two amounts may differ, as a share: some print what they have converted and rounded."""
TRUST: Final = ("official", "cloud", "reseller", "catalogue", "press")
FAMILIES: Final[Mapping[str, str]] = {
    "price.listed": "listed",
    "price.changed": "changed",
    "price.scheduled": "changed",
    "price.delisted": "delisted",
    "model.listed": "model",
    "model.status_changed": "status",
    "model.retirement_scheduled": "retirement",
    "model.retirement_moved": "retirement",
    "model.retirement_withdrawn": "withdrawn",
    "model.retirement_due": "due",
    "model.replacement_changed": "replacement",
}
"""Kinds that can tell the same story, by what they have in common."""
SAME_SELLERS: Final[Mapping[str, str]] = {
    "amazon-bedrock": "amazon",
    "aws-bedrock": "amazon",
    "bedrock": "amazon",
    "google-vertex": "google",
    "vertex": "google",
    "azure-openai": "azure",
    "azure-foundry": "azure",
    "mistralai": "mistral",
    "moonshotai": "moonshot",
    "x-ai": "xai",
    "z-ai": "zai",
}
"""What catalogues call sellers that have another name here."""
_UNTOLD: Final = frozenset({"tier_mode", "region_scope"})
"""Conditions that only some sources state: they keep no two apart."""
_RULE: Final = frozenset({("service_tier", "standard"), ("cache_ttl", "5m")})
"""What holds where nothing is said."""
_SHOWN: Final = 3
"""Witnesses named in a message."""


def same_story(one: Event, other: Event) -> bool:
    """Whether two events of different sources tell the same: of one model, the same amounts or dates, about then."""
    family = FAMILIES.get(one.kind)
    return (
        family is not None
        and family == FAMILIES.get(other.kind)
        and one.source != other.source
        and seller(one) == seller(other)
        and abs(one.observed_at - other.observed_at) <= WINDOW
        and not model_names(one).isdisjoint(model_names(other))
        and (_same_price(one, other) if one.kind.startswith("price.") else _same_life(family, one, other))
    )


def model_names(event: Event) -> frozenset[str]:
    """All that the model of an event is called, in lower case."""
    found = (event.model_id, event.model)
    return frozenset(name for model in found if model for name in names.spellings(event.provider, model))


def seller(event: Event) -> str:
    """Who sells the model, by one name."""
    return SAME_SELLERS.get(event.provider, event.provider)


def same_sellers(provider: str) -> list[str]:
    """All names of a seller."""
    own = SAME_SELLERS.get(provider, provider)
    return [own, *(name for name, same in SAME_SELLERS.items() if same == own)]


def rank(event: Event) -> tuple[Any, ...]:
    """The most trusted tells it, then the earliest."""
    trust = TRUST.index(event.trust) if event.trust in TRUST else len(TRUST)
    return (trust, event.observed_at, getattr(event, "position", 0), event.id)


def note(witnesses: Iterable[Event], publishers: Mapping[str, str]) -> str:
    """`Also seen by LiteLLM on 12 August 2026 and on openai.com on 13 August 2026.`; empty where nobody did."""
    first: dict[str, Event] = {}
    for event in sorted(witnesses, key=lambda event: (event.observed_at, event.id)):
        first.setdefault(_teller(event, publishers), event)
    said = [f"{teller} on {day(event.observed_at)}" for teller, event in first.items()]
    return f"Also seen {listed(said, limit=_SHOWN)}." if said else ""


def _teller(event: Event, publishers: Mapping[str, str]) -> str:
    """`by LiteLLM`; of the provider itself and of clouds the host of the page: `on openai.com`."""
    publisher = publishers.get(event.source, event.source)
    if publisher != event.provider:
        return f"by {wording.provider(publisher)}"
    host = urlsplit(event.after.url).hostname if event.after else None
    return f"on {clean(host, 60)}" if host else f"in {clean(teller(event.source), 60)}"


def _same_price(one: Event, other: Event) -> bool:
    if one.meter != other.meter or _comparable(one.conditions) != _comparable(other.conditions):
        return False
    return _equal(one.old, other.old) and _equal(one.new, other.new)


def _comparable(conditions: Mapping[str, Any]) -> dict[str, str]:
    """Conditions without what is the rule where nothing is said: the standard tier, and prompts that are not long."""
    told = {name: str(value).casefold() for name, value in conditions.items() if name not in _UNTOLD}
    for side in ("context", "output"):
        if f"{side}_over" not in told:
            told.pop(f"{side}_upto", None)
    return {name: value for name, value in told.items() if (name, value) not in _RULE}


def _equal(one: Mapping[str, Any] | None, other: Mapping[str, Any] | None) -> bool:
    """Whether two sides are the same price, whatever number of units it is printed for."""
    if one is None or other is None:
        return one is other
    if any(one.get(name) != other.get(name) for name in ("currency", "unit")):
        return False
    amounts = [_unit_amount(side) for side in (one, other)]
    if None in amounts:
        return one.get("state") == other.get("state") and amounts[0] == amounts[1]
    low, high = sorted(abs(amount) for amount in amounts if amount is not None)
    return high - low <= high * TOLERANCE


def _unit_amount(side: Mapping[str, Any]) -> Decimal | None:
    amount, per = number(side.get("amount")), number(side.get("per"))
    if side.get("state") == "free":
        return Decimal(0)
    return amount / per if amount is not None and per else None


def _same_life(family: str, one: Event, other: Event) -> bool:
    """The same date, status or successors; where a scope tells a cloud's date from the maker's, the dates differ."""
    mine, its = (one.new or {}), (other.new or {})
    if family == "model":
        return True
    if family == "status":
        return bool(mine.get("status") == its.get("status"))
    if family == "replacement":
        return set(_texts(mine.get("replacements"))) == set(_texts(its.get("replacements")))
    if family == "withdrawn":
        mine, its = (one.old or {}), (other.old or {})
    if family == "due" and mine.get("days") != its.get("days"):
        return False
    return _date(mine) == _date(its) != (None, None)


def _date(side: Mapping[str, Any]) -> tuple[Any, Any]:
    """The firm date; the floor only where there is none."""
    firm = side.get("retires_on")
    return (firm, None if firm else side.get("not_before"))


def _texts(values: Any) -> Sequence[str]:
    return [str(value) for value in values] if isinstance(values, list | tuple) else ()

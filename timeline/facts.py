"""The kinds of fact there are, and their JSON form (design: the contract of `aiwire extract --json`)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from timeline.figures import Figure
from timeline.incidents import Incident
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.page_texts import PageText
from timeline.prices import PricePoint
from timeline.rule_dates import RuleDate
from timeline.specs import ModelSpec

Fact = PricePoint | Notice | NewsItem | Incident | ModelSpec | Figure | RuleDate | PageText
_ALL: tuple[type[Any], ...] = (PricePoint, Notice, NewsItem, Incident, ModelSpec, Figure, RuleDate, PageText)
KINDS: dict[str, type[Any]] = {kind.fact: kind for kind in _ALL}
_AMOUNTS = frozenset(("amount", "per", "number", "upto", "plus", "minus"))


def to_json(fact: Fact) -> dict[str, Any]:
    """A fact as plain JSON values; amounts are text with the digits as printed."""
    fields = {name: _out(getattr(fact, name)) for name in fact.__dataclass_fields__}
    if isinstance(fact, PricePoint):
        if fact.per == fact.per.to_integral_value():
            fields["per"] = int(fact.per)
        if not fact.by_name:
            del fields["by_name"]
    if isinstance(fact, Figure):
        fields = {"value" if name == "number" else name: value for name, value in fields.items()}
    return {"fact": fact.fact, **fields}


def from_json(data: dict[str, Any]) -> Fact:
    """The fact that `to_json` wrote. Raises KeyError for an unknown kind, TypeError for unknown fields."""
    kind = KINDS[data["fact"]]
    if kind is Figure:
        data = {"number" if name == "value" else name: value for name, value in data.items()}
    fact: Fact = kind(**{name: _in(name, value) for name, value in data.items() if name != "fact"})
    return fact


def _out(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_out(item) for item in value]
    return dict(value) if isinstance(value, dict) else value


def _in(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _AMOUNTS:
        return Decimal(str(value))
    if name in ("effective_from", "effective_to"):
        return date.fromisoformat(value)
    if name in ("published_at", "started_at", "resolved_at", "said_on"):
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value

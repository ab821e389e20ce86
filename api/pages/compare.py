"""Several models side by side: what each costs, since when and by whose word, and what a workload would cost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BeforeValidator, Field
from starlette.responses import Response

from api import answers, portraits, rendering, sides
from api.pages.calculators import Asked, Month, cost_of_month
from api.pages.lives import with_lives
from api.pages.model import of_specs
from api.pages.models import listed
from api.pages.moments import permanent
from api.parameters import Text
from store import models, prices
from store.connect import Connection
from timeline.names import maker, related

MOST = 6  # models
MOST_PRICES = 2_000
SPECS = (
    *(("context", "Context window"), ("output", "Longest answer"), ("knows", "Knowledge until")),
    ("released", "Released"),
)
EXAMPLES = ("openai/gpt-4o", "anthropic/claude-sonnet-4-5", "google/gemini-2.5-pro")


def _filled(values: object) -> object:
    """Without the boxes of the form that were left empty."""
    return [value for value in values if value != ""] if isinstance(values, list) else values


class CompareAsked(Asked):
    """What the address of the page asks for. A model is `provider/id`, or an id that one provider has."""

    model: Annotated[list[Text], BeforeValidator(_filled), Field(max_length=50)] = Field(default=[])


@dataclass(frozen=True, kw_only=True, slots=True)
class _Side:
    asked: str
    provider: str
    model: str
    name: str
    status: str | None
    fate: str
    lives: Sequence[Mapping[str, str]]  # of other platforms, regions or kinds of deployment
    read: datetime | None  # the last look that found any of its prices so
    spec: Mapping[str, Any]
    rows: Sequence[Mapping[str, Any]]
    history: Sequence[Mapping[str, Any]]
    month: Month


def compare(request: Request, wanted: Annotated[CompareAsked, Query()]) -> Response:
    """Prices by meter and conditions, a column a model."""
    reading = answers.reading_of(request)
    now = reading.now()
    asked = list(dict.fromkeys(name.strip() for name in wanted.model if name.strip()))
    with reading.connection() as connection:
        found = {name: _side(connection, name, wanted, now) for name in asked[:MOST]}
    known = [side for side in found.values() if side]
    firsts = portraits.first_sightings(row for side in known for row in side.history)
    top = max((side.month.amount or Decimal(0) for side in known), default=Decimal(0))
    return rendering.page(
        "compare.html", section="/compare", now=now, wanted=wanted, sides=known,
        unknown=[name for name, side in found.items() if not side], left_out=asked[MOST:],
        groups=sides.groups([side.rows for side in known], firsts, wanted.as_of or now),
        specs=_specs(known), cheapest=_cheapest(known), shares=[_share(side.month.amount, top) for side in known],
        fields=[*asked[:MOST], *[""] * max(1, 3 - len(asked))], examples=EXAMPLES,
        permanent=permanent(request, now), data_url=None,
    )  # fmt: skip


def _side(connection: Connection, asked: str, wanted: CompareAsked, now: datetime) -> _Side | None:
    best = _best(connection, asked, wanted)
    if best is None:
        return None
    (row,) = with_lives(connection, listed(connection, [best], wanted, now), wanted, now)
    provider, model = row["provider"], row["id"]
    names = [model, *sorted(related(provider, model) - {model})]
    held = prices.as_of(
        connection, wanted.as_of, wanted.known_at, provider=[provider], model=[model], limit=MOST_PRICES
    )
    history = prices.history(
        connection, at=wanted.as_of, known_at=wanted.known_at, provider=[provider], model=[model], limit=MOST_PRICES
    )
    told = models.specs(connection, provider, names, wanted.as_of, wanted.known_at)
    return _Side(
        asked=asked, provider=provider, model=model, name=row["model"] or model, status=row["status"],
        fate=row["fate"], lives=row["lives"],
        read=max((min(one["seen_until"], wanted.as_of or now) for one in held), default=None),
        spec=of_specs(told), rows=held, history=history,
        month=cost_of_month(connection, provider, model, wanted),
    )  # fmt: skip


def _best(connection: Connection, asked: str, wanted: CompareAsked) -> dict[str, Any] | None:
    """The model of that name: its maker's before a cloud's, one with prices before one without."""
    provider, slash, model = asked.partition("/")  # a slash may also be part of a name
    found = (_found(connection, model, wanted, provider) if slash else []) or _found(connection, asked, wanted)
    made_by = maker(asked)
    return min(
        found,
        key=lambda row: (row["provider"] != made_by, row["trust"] != "official", not row["prices"], row["provider"]),
        default=None,
    )


def _found(connection: Connection, model: str, wanted: CompareAsked, provider: str = "") -> list[dict[str, Any]]:
    sellers = [provider] if provider else []
    return models.page(
        connection, wanted.as_of, wanted.known_at, provider=sellers, model=[model], limit=20, subject_kind=["model"]
    )


def _specs(sides: Sequence[_Side]) -> list[tuple[str, list[str]]]:
    """What any of them can do, a line each."""
    lines = [(label, [side.spec.get(key, "") for side in sides]) for key, label in SPECS]
    return [(label, cells) for label, cells in lines if any(cells)]


def _cheapest(sides: Sequence[_Side]) -> str:
    """The one whose month costs least, where all are known in one currency."""
    amounts = {side.asked: side.month.amount for side in sides if side.month.amount is not None}
    if len(sides) < 2 or len(amounts) < len(sides) or len({side.month.currency for side in sides}) > 1:
        return ""
    return min(amounts, key=lambda name: amounts[name] or Decimal(0))


def _share(amount: Decimal | None, top: Decimal) -> int:
    """How long the bar of a month is, of 100."""
    return int(amount / top * 100) if amount and top else 0

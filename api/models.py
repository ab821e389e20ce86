"""Models: a list of them, and all that is known of one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Path, Query, Request
from starlette.responses import Response

from api import answers, lists, problems, schemas
from api import events as event_rows
from api import prices as price_rows
from api.lists import Listing, Rows
from api.parameters import MOST, ModelFilter, ModelMoments, Text
from store import event_pages, models, notices, prices, unknown
from store.connect import Connection
from store.models import ModelFilters
from timeline.names import related, resolve
from timeline.nearness import near

LATEST = 100  # events of one model
ABOUT = "Each model, endpoint, product or feature once: where it is in its life, and how many prices it has."

ProviderPath = Annotated[Text, Path(description="Who sells it, by id.", examples=["openai"])]
ModelPath = Annotated[Text, Path(description="Model id, or the name as printed.", examples=["gpt-4o"])]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """All that is known of one model: rows of the views. `model` is its id or, where there is none, its name."""

    provider: str
    model: str
    name: str
    status: Sequence[Mapping[str, Any]]
    prices: Sequence[Mapping[str, Any]]
    history: Sequence[Mapping[str, Any]]
    events: Sequence[Mapping[str, Any]]
    disagreements: Sequence[Mapping[str, Any]] = ()
    specs: Sequence[Mapping[str, Any]] = ()
    same: Sequence[str] = ()  # other ids of the very same model


def read_page(connection: Connection, wanted: ModelFilter, after: Any, limit: int) -> Rows:
    """The rows that follow a place."""
    return models.page(
        connection,
        wanted.as_of,
        wanted.known_at,
        cursor=after,
        limit=limit,
        status=wanted.status,
        subject_kind=wanted.subject_kind,
        **lists.filters(wanted, ModelFilters),
    )


def get_model(
    request: Request, provider: ProviderPath, model: ModelPath, wanted: Annotated[ModelMoments, Query()]
) -> Response:
    """One model: its status in every scope, its prices now and over time, and its latest changes; or as all that was at
    a moment.

    `disagreements`: sources, catalogues say, that tell otherwise of its life than the one that is believed; only now.
    """
    base_url = answers.reading_of(request).base_url

    def tell(connection: Connection) -> dict[str, Any]:
        found = read(connection, provider, model, wanted.as_of, wanted.known_at)
        return {
            "provider": found.provider,
            "model": found.model,
            "name": found.name,
            "status": found.status,
            "prices": [*map(price_rows.public, found.prices)],
            "history": [*map(price_rows.public, found.history)],
            "events": [event_rows.public(row, base_url) for row in found.events],
            "disagreements": found.disagreements,
        }

    return answers.told(request, tell, {"as_of": wanted.as_of, "known_at": wanted.known_at})


def read(
    connection: Connection, provider: str, model: str, at: datetime | None = None, known_at: datetime | None = None
) -> Found:
    """All that is known of a model at `at` as known at `known_at` (None: now), by its id or a name as printed.

    Raises a 404 problem where that is nothing.
    """
    if "*" in model:
        raise problems.not_found("a model has one name: /v1/models finds several with `model=gpt-5*`")
    status = notices.status(connection, at, known_at, provider=[provider], model=[model], limit=MOST)
    current = prices.as_of(connection, at, known_at, provider=[provider], model=[model], limit=MOST)
    history = prices.history(connection, at=at, known_at=known_at, provider=[provider], model=[model], limit=MOST)
    same = sorted(related(provider, resolve(provider, model) or model) - {model})
    if same and (status or current or history):  # an alias and its snapshot are one model: a page may name either
        status = status or notices.status(connection, at, known_at, provider=[provider], model=same, limit=MOST)
        current = current or prices.as_of(connection, at, known_at, provider=[provider], model=same, limit=MOST)
        history = history or prices.history(
            connection, at=at, known_at=known_at, provider=[provider], model=same, limit=MOST
        )
    ids = sorted({row["model_id"] for row in (*current, *history, *status) if row["model_id"]} - {*same})
    told = event_pages.page(
        connection, provider=[provider], model=[model, *ids, *same], withdrawn=True, as_of=at, known_at=known_at,
        limit=LATEST,
    )  # fmt: skip
    now = at is None and known_at is None
    doubts = (
        notices.disagreements(connection, provider=provider, model=[model, *ids], limit=MOST) if status and now else []
    )
    rows = (*status, *current, *history, *told)
    if not rows:
        like = near(model, unknown.model_names(connection))
        meant = f"; did you mean {' or '.join(like)}?" if like else ""
        raise problems.not_found(f"nothing is known of this model: /v1/models lists those there are{meant}")
    name = _name([row["model"] for row in rows if row["model"]], {model, *ids, *same}) or model
    return Found(
        provider=provider, model=ids[0] if len(ids) == 1 else model, name=name, status=status, prices=current,
        history=history, events=told, disagreements=doubts, same=same,
        specs=models.specs(connection, provider, [model, *ids, *same], at, known_at),
    )  # fmt: skip


def _name(printed: Sequence[str], ids: Collection[str]) -> str | None:
    """The first printed name that is no id, as price pages have it; else the first there is."""
    return next((name for name in printed if name not in ids), next(iter(printed), None))


MODELS = Listing(
    name="models", title="AI models", home="/", filters=ModelFilter, shape=schemas.Model, read=read_page,
    order=models.ORDER, types=(str, str, str), moves=True,
)  # fmt: skip

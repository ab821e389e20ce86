"""One model: what it costs and has cost, where it is in its life, what it can do, what happened to it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from api import answers, lifebars, models, portraits, rendering
from api.pages.calculators import Asked, cost_of_month
from api.pages.moments import permanent
from api.pages.pricelists import headline_prices, said
from store import notices, offers, unknown
from store.connect import Connection
from store.models import specs_since
from timeline.dates import is_past, short_day
from timeline.names import model_class
from timeline.words import tokens

MOST_OFFERS = 500


def model(
    request: Request,
    provider: models.ProviderPath,
    model: models.ModelPath,
    wanted: Annotated[Asked, Query()],
) -> Response:
    """The model with this id, or this name as printed."""
    reading = answers.reading_of(request)
    now = reading.now()
    with reading.connection() as connection:
        tag = answers.etag(connection, request, now)
        same = answers.unchanged(request, tag)
        if same is not None:
            return same
        found = models.read(connection, provider, model, wanted.as_of, wanted.known_at)
        at = wanted.as_of or now
        offered = offers.elsewhere(
            connection, provider, [found.model, model, *found.same], wanted.as_of, wanted.known_at
        )
        sold = _still_sold(connection, offered, wanted, at)
        month = cost_of_month(connection, provider, found.model, wanted) if found.prices else None
        names = [found.model, found.name, *found.same]
        paged = unknown.with_pages(
            connection, ((provider, name) for row in found.status for name in row["replacements"] or ())
        )
        later = specs_since(connection, provider, names) if wanted.fixed and not found.specs else None
    portrait = portraits.of_model(found, at)
    spec = of_specs(found.specs)
    plain = [row for row in portrait["notices"] if not row["scope"]] or portrait["notices"]
    bar = lifebars.life_bar(plain[0], at.date(), released=spec.get("released", ""), name=found.name) if plain else ""
    return rendering.page(
        "model.html", section="/models", now=now, tag=tag, data_url=f"/v1{rendering.model_path(provider, model)}",
        wanted=wanted, permanent=permanent(request, now), bar=bar, spec=spec, others=found.same,
        unread_spec=later, paged=paged, elsewhere=of_others(sold, at), month=month,
        family=model_class(provider, found.model) or "", **portrait,
    )  # fmt: skip


def _still_sold(
    connection: Connection, rows: Sequence[Mapping[str, Any]], wanted: Asked, at: datetime
) -> list[Mapping[str, Any]]:
    """Without the offers whose own seller says that the model is retired, or was to be by now."""
    if not rows:
        return []
    lives = notices.status(
        connection, wanted.as_of, wanted.known_at, provider=sorted({row["provider"] for row in rows}),
        model=sorted({row["model_id"] or row["model"] for row in rows}), limit=MOST_OFFERS,
    )  # fmt: skip
    over = {
        (life["provider"], life["model_id"] or life["model"])
        for life in lives
        if not life["scope"]
        and (life["status"] == "retired" or (life["retires_on"] and is_past(life["retires_on"], at)))
    }
    return [row for row in rows if (row["provider"], row["model_id"] or row["model"]) not in over]


def of_specs(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is said of a model beside its price: of each thing what the best trusted source says, and who says so."""
    said: dict[str, Any] = {}
    sources: dict[str, None] = {}
    for row in rows:
        for name, text in _spec(row).items():
            if text and name not in said:
                said[name] = text
                sources[row["source"]] = None
    return {**said, "sources": [*sources]} if said else {}


def _spec(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "context": f"{tokens(row['context_window'])} tokens" if row["context_window"] else "",
        "output": f"{tokens(row['max_output'])} tokens" if row["max_output"] else "",
        "reads": ", ".join(row["input_modalities"] or ()),
        "makes": ", ".join(row["output_modalities"] or ()),
        "weights": row["weights"] or "",
        "released": row["released_on"] or "",
        "knows": row["knowledge_cutoff"] or "",
    }


def of_others(rows: Sequence[Mapping[str, Any]], at: datetime) -> list[dict[str, str]]:
    """What each other seller asks for a million tokens of input and of output, without tiers and long contexts."""
    plain = headline_prices(rows)
    found = {(row["provider"], row["model_id"] or row["model"]): row for row in rows}
    return [
        {
            "seller": seller,
            "model": model,
            "input": said(plain[seller, model].get("input")),
            "output": said(plain[seller, model].get("output")),
            "source": row["source"],
            "snapshot": row["first_snapshot"] or "",
            "read": short_day(row["seen_until"]) if at - row["seen_until"] > portraits.UNSEEN else "",
        }
        for (seller, model), row in sorted(found.items())
        if (seller, model) in plain
    ]

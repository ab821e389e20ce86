"""models.dev: `api.json`, an object of providers with their models; USD per million tokens.

Source: https://models.dev/api.json and packages/core/src/schema.ts of https://github.com/anomalyco/models.dev. A model
is listed as `provider/model`, its file there. The map of prices may hold bands of prompt length (`context_over_200k`,
`tiers`) and, under `experimental.modes`, the prices of other ways of serving.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from crawler.extract.catalogues.offers import Entry, Listing, Priced, Quote, amount_of, collect, pointer, provider_of
from crawler.extract.document import Reading
from timeline.prices import Conditions

PER: Final = 1_000_000
METERS: Final[Mapping[str, Priced]] = {
    "input": Priced("input", per=PER),
    "output": Priced("output", per=PER),
    "cache_read": Priced("cache_read", per=PER),
    "cache_write": Priced("cache_write", per=PER),
    "reasoning": Priced("reasoning", per=PER),
    "input_audio": Priced("input_audio", per=PER),
    "output_audio": Priced("output_audio", per=PER),
    "input_image": Priced("input_image", per=PER),
    "output_image": Priced("output_image", per=PER),
}
_BAND: Final = re.compile(r"context_over_(\d+)k")


def is_api(data: Any) -> bool:
    """An object of providers, each with an object of models."""
    if not isinstance(data, dict) or not data:
        return False
    return all(isinstance(one, dict) and isinstance(one.get("models"), dict) and "id" in one for one in data.values())


def read(data: Mapping[str, Any]) -> Reading:
    """Every price and specification of every model of every provider."""
    return collect(
        _entry(provider, name, model)
        for provider, one in data.items()
        for name, model in one["models"].items()
        if isinstance(model, dict)
    )


def _entry(provider: str, name: str, model: Mapping[str, Any]) -> Entry:
    at = (provider, "models", name)
    cost, limit, kinds = (_object(model.get(field)) for field in ("cost", "limit", "modalities"))
    quotes = list(_quotes(cost, (*at, "cost"), {}))
    for mode, settings in _object(_object(model.get("experimental")).get("modes")).items():
        where = (*at, "experimental", "modes", mode, "cost")
        quotes += _quotes(_object(_object(settings).get("cost")), where, {"service_tier": mode})
    weights = model.get("open_weights")
    return Entry(
        listing=Listing(
            provider=provider_of(provider),
            name=f"{provider}/{name}",
            model_id=name,
            worthless=bool(quotes) and all(amount_of(quote.value) == 0 for quote in quotes),
            context_window=limit.get("context"),
            max_output=limit.get("output"),
            inputs=kinds.get("input"),
            outputs=kinds.get("output"),
            released_on=model.get("release_date"),
            knowledge_cutoff=model.get("knowledge"),
            weights="open" if weights is True else "closed" if weights is False else None,
        ),
        quotes=quotes,
        locator=pointer(*at),
    )


def _quotes(cost: Mapping[str, Any], at: tuple[str | int, ...], where: Conditions) -> Iterator[Quote]:
    for field, value in cost.items():
        if band := _BAND.fullmatch(field):
            yield from _quotes(_object(value), (*at, field), {**where, "context_over": int(band[1]) * 1000})
        elif field == "tiers" and isinstance(value, list):
            for number, tier in enumerate(map(_object, value)):
                size = amount_of(_object(tier.get("tier")).get("size"))
                limit = {"context_over": int(size)} if size else {}
                rest = {name: amount for name, amount in tier.items() if name != "tier"}
                yield from _quotes(rest, (*at, field, number), {**where, **limit})
        else:
            priced = METERS.get(field)
            yield Quote(field=field, value=value, priced=priced and priced.where(where), locator=pointer(*at, field))


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}

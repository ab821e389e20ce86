"""The Hugging Face router's models: each with the providers that serve it and their prices in USD per million tokens.

Source: https://router.huggingface.co/v1/models, described at https://huggingface.co/docs/inference-providers.
"""

from collections.abc import Mapping
from typing import Any, Final

from crawler.extract.catalogues.offers import Entry, Listing, Priced, Quote, amount_of, collect, pointer
from crawler.extract.document import Reading

_FIELDS: Final[Mapping[str, Priced]] = {
    "input": Priced("input", per=1_000_000),
    "output": Priced("output", per=1_000_000),
    "cache_read": Priced("cache_read", per=1_000_000),
    "cached_input": Priced("cache_read", per=1_000_000),
}


def is_router(data: Any) -> bool:
    """A list `data` of models with the providers that serve them."""
    models = data.get("data") if isinstance(data, dict) else None
    return (
        isinstance(models, list)
        and bool(models)
        and all(isinstance(model, dict) and isinstance(model.get("providers"), list) for model in models)
    )


def read(data: Mapping[str, Any]) -> Reading:
    """Every price of every model at every provider behind the router."""
    return collect(
        _entry(model, offer, ("data", number, "providers", place))
        for number, model in enumerate(data["data"])
        for place, offer in enumerate(model["providers"])
        if isinstance(offer, dict) and offer.get("provider")
    )


def _entry(model: Mapping[str, Any], offer: Mapping[str, Any], at: tuple[str | int, ...]) -> Entry:
    prices, kinds = offer.get("pricing") or {}, model.get("architecture") or {}
    quotes = [
        Quote(field=field, value=value, priced=_FIELDS.get(field), locator=pointer(*at, "pricing", field))
        for field, value in prices.items()
    ]
    return Entry(
        listing=Listing(
            provider="huggingface",
            name=f"{model['id']}:{offer['provider']}",  # how the router is asked for this very offer
            model_id=f"{model['id']}:{offer['provider']}",
            conditions={"route": str(offer["provider"])},
            worthless=bool(quotes) and all(amount_of(quote.value) == 0 for quote in quotes),
            context_window=offer.get("context_length"),
            inputs=kinds.get("input_modalities"),
            outputs=kinds.get("output_modalities"),
        ),
        quotes=quotes,
        locator=pointer(*at),
    )

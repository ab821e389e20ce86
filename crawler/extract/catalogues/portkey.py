"""Portkey's price files, one a provider: amounts are US cents, for one token unless a unit says otherwise.

Source: README and `pricing/<provider>.json` of https://github.com/Portkey-AI/models. The file does not name its
provider: the listing does, and the source says who that is.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from crawler.extract.catalogues.offers import Entry, Listing, Priced, Quote, amount_of, collect, pointer
from crawler.extract.document import Reading
from timeline.prices import Conditions

_TOKENS: Final[Mapping[str, Priced]] = {
    "request_token": Priced("input"),
    "response_token": Priced("output"),
    "cache_write_input_token": Priced("cache_write"),
    "cache_read_input_token": Priced("cache_read"),
    "request_audio_token": Priced("input_audio"),
    "response_audio_token": Priced("output_audio"),
    "cache_read_audio_input_token": Priced("cache_read", conditions={"modality": "audio"}),
    "cache_write_audio_input_token": Priced("cache_write", conditions={"modality": "audio"}),
    "request_image_token": Priced("input_image"),
    "response_image_token": Priced("output_image"),
    "request_text_token": Priced("input", conditions={"modality": "text"}),
    "response_text_token": Priced("output", conditions={"modality": "text"}),
    "cached_text_input_token": Priced("cache_read", conditions={"modality": "text"}),
    "cached_image_input_token": Priced("cache_read", conditions={"modality": "image"}),
    "thinking_token": Priced("reasoning"),
    "image_token": Priced("output_image"),
    "routing_units": Priced("input", conditions={"tool": "router"}),
    "web_search": Priced("web_search", "search"),
    "search": Priced("web_search", "search", conditions={"tool": "search"}),
    "file_search": Priced("tool_call", "call", conditions={"tool": "file search"}),
    "megapixels": Priced("image", "megapixel"),
    "video_seconds": Priced("video_second", "second"),
    "input_image": Priced("input_image", "image"),
    "image_1k": Priced("image", "image", conditions={"resolution": "1k"}),
}
_SHAPED: Final = (
    (re.compile(r"web_search_(low|medium|high)_context"), Priced("web_search", "search"), "search_context"),
    (re.compile(r"video_duration_seconds_(\d+_\d+)"), Priced("video_second", "second"), "resolution"),
    (re.compile(r"input_video_(\w+)"), Priced("input_video", "second"), "plan"),
    (re.compile(r"image_(\d+k)"), Priced("image", "image"), "resolution"),
)
_PLANS: Final[Mapping[str, Conditions]] = {"pay_as_you_go": {}, "batch_config": {"service_tier": "batch"}}
_DEFAULT: Final = "default"


def is_pricing(data: Any) -> bool:
    """An object of models, most of which have a `pricing_config`."""
    if not isinstance(data, dict) or not data:
        return False
    configured = [one for one in data.values() if isinstance(one, dict) and "pricing_config" in one]
    return len(configured) * 2 > len(data)


def read(data: Mapping[str, Any], provider: str) -> Reading:
    """Every price of every model; `default` is what models inherit and is none."""
    return collect(
        _entry(provider, name, model["pricing_config"] or {})
        for name, model in data.items()
        if name != _DEFAULT and isinstance(model, dict) and "pricing_config" in model
    )


def _entry(provider: str, name: str, config: Mapping[str, Any]) -> Entry:
    at = (name, "pricing_config")
    currency = str(config.get("currency") or "USD")
    quotes: list[Quote] = []
    for plan, where in _PLANS.items():
        quotes += _quotes(config.get(plan) or {}, (*at, plan), where, currency)
    worthless = bool(quotes) and all(amount_of(quote.value) == 0 for quote in quotes)
    listing = Listing(provider=provider, name=name, model_id=name, worthless=worthless)
    return Entry(listing=listing, quotes=quotes, locator=pointer(*at))


def _quotes(prices: Mapping[str, Any], at: tuple[str, ...], where: Conditions, currency: str) -> Iterator[Quote]:
    for field, value in prices.items():
        if field == "additional_units" and isinstance(value, dict):
            yield from _quotes(value, (*at, field), where, currency)
        elif field == "image" and isinstance(value, dict):
            yield from _images(value, (*at, field), where, currency)
        elif isinstance(value, dict) and "price" in value:
            yield _quote((*at, field), value["price"], _priced(field, where, currency))
        elif value not in (None, {}):
            yield _quote((*at, field), value, None)


def _images(sizes: Mapping[str, Any], at: tuple[str, ...], where: Conditions, currency: str) -> Iterator[Quote]:
    """Prices of an image by quality and size; `default` stands for all of them."""
    for quality, inner in sizes.items():
        for size, value in inner.items() if isinstance(inner, dict) else ():
            told = {"quality": quality, "resolution": size}
            narrower = {name: word for name, word in told.items() if word != _DEFAULT}
            priced = Priced("image", "image", conditions={**where, **narrower}, currency=currency)
            amount = value.get("price") if isinstance(value, dict) else value
            yield _quote((*at, quality, size), amount, priced)


def _priced(field: str, where: Conditions, currency: str) -> Priced | None:
    found = _TOKENS.get(field)
    for pattern, priced, condition in _SHAPED if found is None else ():
        if match := pattern.fullmatch(field):
            found = priced.where({condition: match[1].replace("_", "x") if condition == "resolution" else match[1]})
            break
    if found is None:
        return None
    return Priced(found.meter, found.unit, found.per, {**where, **found.conditions}, currency)


def _quote(at: tuple[str, ...], value: Any, priced: Priced | None) -> Quote:
    return Quote(field="/".join(at[2:]), value=value, priced=priced, locator=pointer(*at), cents=True)

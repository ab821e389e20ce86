"""genai-prices: a list of providers with models whose prices may be dated, tiered, or hold for hours of the day.

Source: `prices/data.json` and its schema of https://github.com/pydantic/genai-prices. USD for a million tokens
(`_mtok`), a thousand of a thing (`_kcount`, `_kpages`), a million characters (`_mchars`), or an hour. Of several prices
the last whose constraint is met holds; a tier applies to the whole prompt once that is longer than its start.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from crawler.extract.catalogues.offers import Entry, Listing, Priced, Quote, collect, pointer, provider_of
from crawler.extract.dates import iso_day
from crawler.extract.document import Reading
from timeline.prices import Conditions

_PER: Final = {"mtok": ("token", 1_000_000), "mchars": ("character", 1_000_000), "hours": ("hour", 1)}
_WAYS: Final = {"processing": "service_tier", "speed": "service_tier", "search_type": "search_context"}
_THINGS: Final[Mapping[str, Priced]] = {
    "web_searches_kcount": Priced("web_search", "search", 1000),
    "storage_searches_kcount": Priced("tool_call", "call", 1000, {"tool": "file search"}),
    "requests_kcount": Priced("request", "request", 1000),
    "input_text_messages_kcount": Priced("request", "message", 1000, {"direction": "input"}),
    "input_document_kpages": Priced("page", "page", 1000),
    "input_annotated_document_kpages": Priced("page", "page", 1000, {"tool": "annotation"}),
    "audio_hours": Priced("audio_second", "hour"),
}
_METERS: Final[Mapping[str, Priced]] = {
    "input": Priced("input"),
    "output": Priced("output"),
    "cache_read": Priced("cache_read"),
    "cache_write": Priced("cache_write"),
    "cache_write_5m": Priced("cache_write", conditions={"cache_ttl": "5m"}),
    "cache_write_1h": Priced("cache_write", conditions={"cache_ttl": "1h"}),
    "cache_audio_read": Priced("cache_read", conditions={"modality": "audio"}),
    "cache_image_read": Priced("cache_read", conditions={"modality": "image"}),
    "cache_video_read": Priced("cache_read", conditions={"modality": "video"}),
    "input_audio": Priced("input_audio"),
    "output_audio": Priced("output_audio"),
    "input_image": Priced("input_image"),
    "output_image": Priced("output_image"),
    "input_video": Priced("input_video"),
    "output_video": Priced("output_video"),
    "output_reasoning": Priced("reasoning"),
    "output_citation": Priced("output", conditions={"tool": "citation"}),
    "input_citation": Priced("input", conditions={"tool": "citation"}),
}


def is_data(data: Any) -> bool:
    """A list of providers, each with a list of models that have prices."""
    return (
        isinstance(data, list)
        and bool(data)
        and all(isinstance(one, dict) and isinstance(one.get("models"), list) and "id" in one for one in data)
    )


def read(data: list[Any]) -> Reading:
    """Every price of every model, dated where it is."""
    return collect(
        _entry(str(provider["id"]), model, (number, "models", place))
        for number, provider in enumerate(data)
        for place, model in enumerate(provider["models"])
        if isinstance(model, dict) and "id" in model
    )


def _entry(provider: str, model: Mapping[str, Any], at: tuple[str | int, ...]) -> Entry:
    prices = model.get("prices") or {}
    quotes: list[Quote] = []
    if isinstance(prices, dict):
        quotes += _quotes(prices, (*at, "prices"), {}, (None, None))
    else:
        for place, (one, span) in enumerate(zip(prices, _spans(prices), strict=True)):
            constraint = one.get("constraint") or {}
            quotes += _quotes(one.get("prices") or {}, (*at, "prices", place, "prices"), _hours(constraint), span)
    quotes += _variants(model.get("price_variants") or (), (*at, "price_variants"))
    return Entry(
        listing=Listing(
            provider=provider_of(provider),
            name=f"{provider}/{model['id']}",
            model_id=str(model["id"]),
            context_window=model.get("context_window"),
        ),
        quotes=quotes,
        locator=pointer(*at),
    )


def _variants(variants: Sequence[Mapping[str, Any]], at: tuple[str | int, ...]) -> Iterator[Quote]:
    """Prices for requests made in a certain way; of those for one way the later start goes first."""
    ways: dict[str, list[int]] = {}
    for place, one in enumerate(variants):
        ways.setdefault(str(sorted(one["when"].items())), []).append(place)
    for places in ways.values():
        group = [variants[place] for place in places]
        for place, one, span in zip(places, group, _spans(group), strict=True):
            where = {**_way(one["when"]), **_hours(one.get("constraint") or {})}
            yield from _quotes(one.get("prices") or {}, (*at, place, "prices"), where, span)


def _way(when: Mapping[str, str]) -> dict[str, str | int]:
    """How a request is made, as conditions; a way nobody knows is told as it is."""
    return {_WAYS.get(name, name): value for name, value in when.items()}


def _spans(prices: Sequence[Mapping[str, Any]]) -> list[tuple[date | None, date | None]]:
    """First and last day of each price: one without hours ends on the day before the next such one starts."""
    starts = [iso_day((one.get("constraint") or {}).get("start_date")) for one in prices]
    spans: list[tuple[date | None, date | None]] = [(start, None) for start in starts]
    dated = [place for place, one in enumerate(prices) if not _hours(one.get("constraint") or {})]
    for place, following in pairwise(dated):
        later = starts[following]
        spans[place] = (starts[place], later - timedelta(days=1) if later else None)
    return spans


def _hours(constraint: Mapping[str, Any]) -> dict[str, str | int]:
    if "start_time" not in constraint:
        return {}
    return {"time_window": f"{constraint['start_time']}-{constraint['end_time']}"}


def _quotes(
    prices: Mapping[str, Any], at: tuple[str | int, ...], where: Conditions, span: tuple[date | None, date | None]
) -> Iterator[Quote]:
    for field, value in prices.items():
        if value is None:
            continue
        if field == "tool_use_kcount" and isinstance(value, dict):
            for tool, amount in value.items():
                tool_call = Priced("tool_call", "call", 1000, {**where, "tool": tool})
                yield _quote((*at, field, tool), amount, tool_call, span)
            continue
        priced = _priced(field)
        tiers = value.get("tiers", ()) if isinstance(value, dict) else ()
        base = value.get("base") if isinstance(value, dict) else value
        yield _quote((*at, field), base, priced and priced.where(where), span)
        for number, tier in enumerate(tiers):
            banded = priced and priced.where({**where, "context_over": int(tier["start"])})
            yield _quote((*at, field, "tiers", number), tier["price"], banded, span)


def _priced(field: str) -> Priced | None:
    if found := _THINGS.get(field):
        return found
    meter, _, ending = field.rpartition("_")
    unit = _PER.get(ending)
    base = _METERS.get(meter)
    return Priced(base.meter, unit[0], unit[1], base.conditions) if base and unit else None


def _quote(
    at: tuple[str | int, ...], value: Any, priced: Priced | None, span: tuple[date | None, date | None]
) -> Quote:
    return Quote(
        field=str(at[-1]) if isinstance(at[-1], str) else f"{at[-3]}/{at[-2]}/{at[-1]}",
        value=value,
        priced=priced,
        locator=pointer(*at),
        starts=span[0],
        ends=span[1],
    )

"""The LiteLLM price map: a JSON object of models whose field names say meter, unit and tier.

Source: `model_prices_and_context_window.json` of https://github.com/BerriAI/litellm and its template entry
`sample_spec`; tokencost ships edited copies of the same map. Amounts are USD for one unit. The names are read as a
grammar, a base and what narrows it (`input_cost_per_token` + `_above_200k_tokens` + `_priority`), so that a new tier of
a known meter is understood; a name of money that is not is an issue, never a guess.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from crawler.extract.catalogues.offers import Entry, Priced, Quote, amount_of, collect, listed, maker_of, pointer
from crawler.extract.document import Ignored, Reading

TEMPLATE: Final = frozenset({"sample_spec", "fallback_generalizations"})
"""Entries that describe the map and are no models."""
_MONEY = re.compile(r"cost|price|uplift")
_NARROWED: Final = (
    (re.compile(r"_above_(\d+)k_tokens"), lambda found: {"context_over": int(found[1]) * 1000}),
    (re.compile(r"_above_1hr"), lambda found: {"cache_ttl": "1h"}),
    (re.compile(r"_(priority|flex)(?=_|$)"), lambda found: {"service_tier": found[1]}),
    (re.compile(r"_batch(?:es|_requests)"), lambda found: {"service_tier": "batch"}),
    (re.compile(r"_above_(\d+)s_interval"), lambda found: {"duration_over": f"{found[1]}s"}),
    (
        re.compile(r"_above_(\d+)_and_(\d+)_pixels(?:_and)?"),
        lambda found: {"resolution_over": f"{found[1]}x{found[2]}"},
    ),
    (re.compile(r"_premium_image"), lambda found: {"quality": "premium"}),
    (re.compile(r"_(\d+p|\dk)$"), lambda found: {"resolution": found[1]}),
)
_AUDIO: Final = {"modality": "audio"}
_IMAGE: Final = {"modality": "image"}
_BASES: Final[Mapping[str, Priced]] = {
    "input_cost_per_token": Priced("input"),
    "output_cost_per_token": Priced("output"),
    "output_cost_per_reasoning_token": Priced("reasoning"),
    "cache_read_input_token_cost": Priced("cache_read"),
    "input_cost_per_token_cache_hit": Priced("cache_read"),
    "cache_creation_input_token_cost": Priced("cache_write"),
    "input_cost_per_audio_token": Priced("input_audio"),
    "output_cost_per_audio_token": Priced("output_audio"),
    "cache_read_input_audio_token_cost": Priced("cache_read", conditions=_AUDIO),
    "cache_read_input_token_cost_per_audio_token": Priced("cache_read", conditions=_AUDIO),
    "cache_creation_input_audio_token_cost": Priced("cache_write", conditions=_AUDIO),
    "cache_read_input_image_token_cost": Priced("cache_read", conditions=_IMAGE),
    "input_cost_per_image_token": Priced("input_image"),
    "output_cost_per_image_token": Priced("output_image"),
    "output_cost_per_video_token": Priced("output_video"),
    "input_cost_per_image": Priced("input_image", "image"),
    "output_cost_per_image": Priced("image", "image"),
    "cost_per_image": Priced("image", "image"),
    "input_cost_per_pixel": Priced("input_image", "pixel"),
    "output_cost_per_pixel": Priced("image", "pixel"),
    "input_cost_per_character": Priced("input", "character"),
    "output_cost_per_character": Priced("output", "character"),
    "input_cost_per_second": Priced("duration", "second", conditions={"direction": "input"}),
    "output_cost_per_second": Priced("duration", "second", conditions={"direction": "output"}),
    "input_cost_per_video_per_second": Priced("input_video", "second"),
    "output_cost_per_video_per_second": Priced("video_second", "second"),
    "input_cost_per_audio_per_second": Priced("input_audio", "second"),
    "output_cost_per_audio_per_second": Priced("output_audio", "second"),
    "input_cost_per_query": Priced("request", "request"),
    "input_cost_per_request": Priced("request", "request"),
    "google_maps_grounding_cost_per_query": Priced("tool_call", "call", conditions={"tool": "google maps"}),
    "code_interpreter_cost_per_session": Priced("session", "session", conditions={"tool": "code interpreter"}),
    "file_search_cost_per_1k_calls": Priced("tool_call", "call", 1000, {"tool": "file search"}),
    "file_search_cost_per_gb_per_day": Priced("storage", "GB-day", conditions={"tool": "file search"}),
    "vector_store_cost_per_gb_per_day": Priced("storage", "GB-day", conditions={"tool": "vector store"}),
    "computer_use_input_cost_per_1k_tokens": Priced("input", "token", 1000, {"tool": "computer use"}),
    "computer_use_output_cost_per_1k_tokens": Priced("output", "token", 1000, {"tool": "computer use"}),
    "ocr_cost_per_page": Priced("page", "page"),
    "ocr_cost_per_credit": Priced("page", "credit"),
    "annotation_cost_per_page": Priced("page", "page", conditions={"tool": "annotation"}),
    "citation_cost_per_token": Priced("input", conditions={"tool": "citation"}),
    # Databricks units, as the map has them beside their worth in USD; the second name is the map's own slip.
    "input_dbu_cost_per_token": Priced("input", currency="DBU"),
    "output_dbu_cost_per_token": Priced("output", currency="DBU"),
    "output_db_cost_per_token": Priced("output", currency="DBU"),
    "cache_read_input_dbu_cost_per_token": Priced("cache_read", currency="DBU"),
    "cache_creation_input_dbu_cost_per_token": Priced("cache_write", currency="DBU"),
}
_OF_MODE: Final[Mapping[tuple[str, str], Priced]] = {
    ("audio_speech", "input_cost_per_character"): Priced("character", "character"),
    ("audio_transcription", "input_cost_per_second"): Priced(
        "audio_second", "second", conditions={"direction": "input"}
    ),
    ("audio_transcription", "output_cost_per_second"): Priced(
        "audio_second", "second", conditions={"direction": "output"}
    ),
    ("audio_speech", "output_cost_per_second"): Priced("audio_second", "second", conditions={"direction": "output"}),
    ("video_generation", "output_cost_per_second"): Priced("video_second", "second"),
    ("rerank", "input_cost_per_query"): Priced("rerank", "search"),
    ("search", "input_cost_per_query"): Priced("web_search", "search"),
}
_MULTIPLIERS: Final = ("uplift_multiplier", "provider_specific_entry")


def is_map(data: Any) -> bool:
    """Whether this is such a map: an object of objects, most of which name the seller or price its tokens."""
    if not isinstance(data, dict) or not data:
        return False
    entries = [entry for entry in data.values() if isinstance(entry, dict)]
    known = sum("litellm_provider" in entry or "output_cost_per_token" in entry for entry in entries)
    return len(entries) == len(data) and known * 2 > len(entries)


def read(data: Mapping[str, Any]) -> Reading:
    """Every price and specification of every model of the map."""
    described = [Ignored(what=name, why="describes the map, is no model") for name in data if name in TEMPLATE]
    return collect((_entry(name, entry) for name, entry in data.items() if name not in TEMPLATE), described)


def _entry(name: str, entry: Mapping[str, Any]) -> Entry:
    amounts = [amount_of(entry.get(field)) for field in ("input_cost_per_token", "output_cost_per_token")]
    quotes = tuple(_quotes(name, entry))
    return Entry(
        listing=listed(
            str(entry.get("litellm_provider") or maker_of(name) or name.partition("/")[0]),
            name,
            worthless=all(amount_of(quote.value) == 0 for quote in quotes) and any(amount == 0 for amount in amounts),
            context_window=entry.get("max_input_tokens"),
            max_output=entry.get("max_output_tokens"),
            inputs=entry.get("supported_modalities"),
            outputs=entry.get("supported_output_modalities"),
            retires_on=entry.get("deprecation_date"),
        ),
        quotes=quotes,
        locator=pointer(name),
        ignored=[
            Ignored(
                what=f"{name} {field}: {entry[field]}", why="multiplies prices, is none", locator=pointer(name, field)
            )
            for field in entry
            if any(part in field for part in _MULTIPLIERS)
        ],
    )


def _quotes(name: str, entry: Mapping[str, Any]) -> Iterator[Quote]:
    mode = str(entry.get("mode") or "")
    for field, value in entry.items():
        at = (name, field)
        if any(part in field for part in _MULTIPLIERS):
            continue
        if field == "tiered_pricing" and isinstance(value, list):
            yield from _bands(name, value, mode)
        elif field == "search_context_cost_per_query" and isinstance(value, dict):
            for size, cost in value.items():
                where = {"search_context": size.removeprefix("search_context_size_")}
                yield _quote((*at, size), cost, Priced("web_search", "search", conditions=where))
        elif field == "guardrail_cost_per_unit" and isinstance(value, dict):
            for unit, cost in value.items():
                yield _quote((*at, unit), cost, Priced("request", "unit", conditions={"tool": unit}))
        elif _MONEY.search(field):
            priced = meaning(field, mode)
            if field == "input_cost_per_token_cache_hit" and "cache_read_input_token_cost" in entry and priced:
                priced = priced.where({"field": "cache_hit"})  # the former name of the same price, still there
            yield _quote(at, value, priced)


def _bands(name: str, bands: Sequence[Any], mode: str) -> Iterator[Quote]:
    """`tiered_pricing`: prices that hold for prompts of a range of lengths, in tokens."""
    for number, band in enumerate(bands):
        limits = _limits(band, "range", "context") | _limits(band, "max_results_range", "results")
        for field, value in band.items():
            if _MONEY.search(field):
                priced = meaning(field, mode)
                yield _quote((name, "tiered_pricing", number, field), value, priced and priced.where(limits))


def _limits(band: Mapping[str, Any], field: str, what: str) -> dict[str, str | int]:
    """The ends of a range, [over, up to]; 0 bounds nothing."""
    ends = zip(("over", "upto"), band.get(field) or (), strict=False)
    return {f"{what}_{side}": int(end) for side, value in ends if (end := amount_of(value))}


def _quote(at: tuple[str | int, ...], value: Any, priced: Priced | None) -> Quote:
    return Quote(field="/".join(map(str, at[1:])), value=value, priced=priced, locator=pointer(*at))


def meaning(field: str, mode: str = "") -> Priced | None:
    """What a field of money prices in an entry of that mode, or None."""
    narrowed: dict[str, str | int] = {}
    for pattern, condition in _NARROWED:
        if found := pattern.search(field):
            narrowed |= condition(found)
            field = field[: found.start()] + field[found.end() :]
    base = _OF_MODE.get((mode, field)) or _BASES.get(field)
    return base and base.where(narrowed)

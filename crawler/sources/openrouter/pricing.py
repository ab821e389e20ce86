"""OpenRouter's models API: prices as text in USD per token, per image, per search or per request.

Fields as documented at https://openrouter.ai/docs/api-reference/list-available-models; -1 means that the price varies
with the model a router picks. `overrides` are bands of prompt length, each from `min_prompt_tokens` on.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from crawler.extract.document import Document, Ignored, Reading
from timeline.issues import Issue
from timeline.names import resolve
from timeline.prices import PricePoint, PriceState

VERSION = "2"

_FIELDS: Mapping[str, tuple[str, str, dict[str, str | int]]] = {  # field: meter, unit, conditions
    "prompt": ("input", "token", {}),
    "completion": ("output", "token", {}),
    "request": ("request", "request", {}),
    "image": ("input_image", "image", {}),
    "image_token": ("input_image", "token", {}),
    "image_output": ("output_image", "token", {}),
    "audio": ("input_audio", "token", {}),
    "audio_output": ("output_audio", "token", {}),
    "input_audio_cache": ("cache_read", "token", {"modality": "audio"}),
    "web_search": ("web_search", "search", {}),
    "internal_reasoning": ("reasoning", "token", {}),
    "input_cache_read": ("cache_read", "token", {}),
    "input_cache_write": ("cache_write", "token", {}),
    "input_cache_write_5m": ("cache_write", "token", {"cache_ttl": "5m"}),
    "input_cache_write_1h": ("cache_write", "token", {"cache_ttl": "1h"}),
}
_NO_PRICES = frozenset({"discount", "min_prompt_tokens", "overrides"})


def read(document: Document) -> Reading:
    """Every price of every model in the answer, wrapped, as served, or the list by itself."""
    try:
        models = _models(orjson.loads(document.body))
    except (ValueError, TypeError, KeyError) as error:
        message = f"expected an object with a list `data` of models, found {type(error).__name__}: {error}"
        return Reading(issues=(Issue(code="unreadable", message=message[:300], fatal=True),))
    facts: list[PricePoint] = []
    issues: dict[str, Issue] = {}
    ignored: list[Ignored] = []
    for index, model in enumerate(models):
        for field, value, conditions, locator in _priced(model, f"/data/{index}/pricing"):
            if field in _NO_PRICES:
                continue
            if field not in _FIELDS:
                message = f"{model.get('id')}: a price field {field!r} with {value!r} that nobody knows"
                issues.setdefault(field, Issue(code="unknown_field", message=message, locator=locator))
                continue
            amount = _amount(value)
            if amount is None:
                ignored.append(Ignored(what=f"{model.get('id')} {field}", why=f"no amount: {value!r}", locator=locator))
                continue
            facts.append(_fact(document, str(model["id"]), field, amount, conditions=conditions, locator=locator))
    return Reading(facts=tuple(facts), issues=tuple(issues.values()), ignored=tuple(ignored))


def _models(data: Any) -> list[dict[str, Any]]:
    while isinstance(data, dict) and "data" not in data:
        data = data["body"] if not isinstance(data["body"], str) else orjson.loads(data["body"])
    listed = data["data"] if isinstance(data, dict) else data
    if not listed:
        raise ValueError("an empty list")
    models: list[dict[str, Any]] = [model for model in listed if isinstance(model, dict) and model.get("id")]
    return models


def _priced(model: Mapping[str, Any], at: str) -> Iterator[tuple[str, Any, dict[str, str | int], str]]:
    """Each price field of a model with the band it holds for and its place."""
    pricing = model.get("pricing")
    if not isinstance(pricing, dict):
        return
    for field, value in pricing.items():
        yield field, value, {}, f"{at}/{field}"
    bands = [band for band in pricing.get("overrides") or () if isinstance(band, dict)]
    for number, band in enumerate(bands):
        over = band.get("min_prompt_tokens")
        if isinstance(over, int) and over > 0:
            for field, value in band.items():
                yield field, value, {"context_over": over}, f"{at}/overrides/{number}/{field}"


def _amount(value: object) -> Decimal | None:
    """An amount, -1 for one that varies, None for what is none."""
    try:
        amount = Decimal(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() and amount >= -1 else None


def _fact(
    document: Document, model: str, field: str, amount: Decimal, *, conditions: dict[str, str | int], locator: str
) -> PricePoint:
    meter, unit, own = _FIELDS[field]
    state: PriceState = "varies" if amount < 0 else "free" if amount == 0 else "priced"
    return PricePoint(
        provider=document.provider,
        model=model,
        model_id=resolve(document.provider, model) or model,  # what the API calls it is its id
        meter=meter,
        amount=None if amount < 0 else amount,
        state=state,
        currency="USD",
        unit=unit,
        conditions=own | conditions,
        locator=locator,
        label=f"{field}: {amount}",
    )

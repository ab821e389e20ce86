"""The reader of catalogues: it knows each by the shape of its JSON."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from crawler.extract.catalogues import bedrock_rows, genai_prices, huggingface, litellm, llm_prices, models_dev, portkey
from crawler.extract.document import Document, Reading
from timeline.issues import Issue

VERSION = "2"

SHAPES: tuple[tuple[Callable[[Any], bool], Callable[[Any, Document], Reading]], ...] = (
    (litellm.is_map, lambda data, _: litellm.read(data)),
    (models_dev.is_api, lambda data, _: models_dev.read(data)),
    (genai_prices.is_data, lambda data, _: genai_prices.read(data)),
    (llm_prices.is_data, lambda data, _: llm_prices.read(data)),
    (portkey.is_pricing, lambda data, document: portkey.read(data, document.provider)),
    (huggingface.is_router, lambda data, _: huggingface.read(data)),
    (bedrock_rows.is_rows, bedrock_rows.read),
)
"""What tells a shape, and its reader. A new one is a line here."""


def read(document: Document) -> Reading:
    """Everything a catalogue lists. JSON that is cut or of no known shape is an issue, and nothing is read."""
    try:
        data = json.loads(document.body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        return _unreadable(f"expected JSON, found {type(error).__name__}: {error}")
    for is_this, reader in SHAPES:
        if is_this(data):
            return reader(data, document)
    return _unreadable(f"JSON of no known catalogue: {_outline(data)}")


def _unreadable(message: str) -> Reading:
    return Reading(issues=(Issue(code="unreadable", message=message[:300], fatal=True),))


def _outline(data: Any) -> str:
    if isinstance(data, dict):
        return f"an object with {', '.join(map(repr, list(data)[:8]))}"
    return f"a list of {len(data)}" if isinstance(data, list) else type(data).__name__

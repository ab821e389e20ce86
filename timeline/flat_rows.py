"""Rows of exports as flat fields: nested objects, JSON in a cell, attributes of spans. Pure."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any


def records(row: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The records of one line: its spans where it is an export of OpenTelemetry (OTLP/JSON), else itself."""
    if not isinstance(row.get("resourceSpans"), list):
        yield row
        return
    for resource in filter(_is_object, row["resourceSpans"]):
        for scope in filter(_is_object, resource.get("scopeSpans") or ()):
            yield from filter(_is_object, scope.get("spans") or ())


def _is_object(value: object) -> bool:
    return isinstance(value, Mapping)


def _attributes(pairs: list[Any]) -> Mapping[str, Any]:
    """OTLP/JSON writes attributes as `{"key": ..., "value": {"intValue": "7"}}`."""
    return {
        str(pair["key"]): next(iter(pair["value"].values()), None)
        for pair in pairs
        if _is_object(pair) and "key" in pair and _is_object(pair.get("value"))
    }


def flat(row: Mapping[str, Any], before: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Nested fields as `a.b`, in small letters; attributes of a span as its own fields; without what is empty."""
    for name, value in row.items():
        key = str(name).strip().casefold()
        attributes = key in ("attributes", "span_attributes", "spanattributes")
        path = before if attributes else f"{before}{key}."
        inner = _attributes(value) if attributes and isinstance(value, list) else _json(value)
        if isinstance(inner, Mapping) and depth < 6:
            yield from flat(inner, path, depth + 1)
        elif value not in (None, ""):
            yield f"{before}{key}", value


def _json(value: object) -> object:
    """Exports to CSV write objects as JSON in a cell."""
    if isinstance(value, str) and value.lstrip()[:1] == "{" and len(value) < 100_000:
        try:
            return json.loads(value, parse_float=Decimal)
        except (ValueError, RecursionError):
            return value
    return value

"""Keys and ids: the same thing gets the same text, always."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces; decimals and dates as text. Equal values give equal text."""
    try:
        return orjson.dumps(value, default=_plain, option=_OPTIONS).decode()
    except TypeError:  # what orjson refuses and JSON has: half a surrogate pair, integers beyond 64 bits, other keys
        return _ENCODER.encode(value)


def digest(value: Any, *, size: int = 32) -> str:
    """The first `size` hex digits of the SHA-256 of the canonical text."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()[:size]


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Sequence | frozenset | set):
        return sorted(value, key=str) if isinstance(value, frozenset | set) else list(value)
    raise TypeError(f"cannot make a key of {type(value).__name__}: {value!r}")


_OPTIONS = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)

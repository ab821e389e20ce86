"""Cursors: where the next page of a list begins. Opaque to clients; a bad one is refused, never guessed at."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, date, datetime

import orjson

from timeline.issues import AiwireError

LONGEST = 2000  # characters: a cursor holds one sort key

Part = str | int | datetime | date | None
Kind = type | tuple[type, ...]  # what a part may be


class CursorError(AiwireError):
    """The cursor was not made by this API, or was made for another list."""


def encode(kind: str, parts: Sequence[Part]) -> str:
    """The cursor of the list `kind` for the sort key `parts`: times, dates, numbers, texts, as they sort."""
    plain = [_plain(part) for part in parts]
    return base64.urlsafe_b64encode(orjson.dumps([kind, *plain])).rstrip(b"=").decode()


def decode(kind: str, text: str, types: Sequence[Kind]) -> tuple[Part, ...]:
    """The sort key in a cursor of the list `kind`, with one value of each of `types` (a type, or several).

    Raises CursorError for anything that `encode` did not write for this list.
    """
    if len(text) > LONGEST:
        raise CursorError(f"a cursor has at most {LONGEST} characters, this one has {len(text)}")
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        found = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        parts = tuple(_part(item) for item in found[1:]) if isinstance(found, list) and found[:1] == [kind] else None
    except (ValueError, TypeError, KeyError, OverflowError, binascii.Error):
        parts = None
    if parts is None or [*map(_fits, parts, types)] != [True] * len(types) or len(parts) != len(types):
        raise CursorError(f"not a cursor of {kind}: take it from `next` (or the Link header) of the page before")
    return parts


def _part(item: object) -> Part:
    if isinstance(item, dict) and "d" in item:
        return date.fromisoformat(item["d"])
    if isinstance(item, dict):
        return datetime.fromisoformat(item["t"]).astimezone(UTC)
    if isinstance(item, str) and ("\x00" in item or any("\ud800" <= sign <= "\udfff" for sign in item)):
        raise ValueError("not text that the database can hold")
    if isinstance(item, int) and not -(2**63) <= item < 2**63:
        raise ValueError("not a number that the database can hold")
    if item is None or isinstance(item, str | int):
        return item
    raise TypeError(f"no sort key has a {type(item).__name__}")


def _plain(part: Part) -> object:
    if isinstance(part, datetime):
        return {"t": part.astimezone(UTC).isoformat()}
    return {"d": part.isoformat()} if isinstance(part, date) else part


def _fits(part: Part, kind: Kind) -> bool:
    return type(part) in (kind if isinstance(kind, tuple) else (kind,))

"""How amounts, units and lists are said: as a newspaper would, in one line of plain text.

Headlines, messages and pages all say it with these, and with `timeline.offers` and `timeline.dates`.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

MINUS, ARROW = "\N{MINUS SIGN}", "\N{RIGHTWARDS ARROW}"
STATES: Mapping[str, str] = {
    "free": "free",
    "included": "included",
    "not_offered": "not offered",
    "varies": "varies",
    "unknown": "not stated",
}
# As in Unicode's CLDR for English; where it has no sign of its own, the currency's code stands in front.
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "CN¥", "JPY": "¥", "INR": "₹", "KRW": "₩"}
_SCALES = {1_000: "1K", 1_000_000: "1M", 1_000_000_000: "1B"}
_SMALL = ("token", "character")  # nobody reads the price of a single one
_LARGEST = 27  # powers of ten: `1E+999999` is no price, and would take a megabyte to print
# Controls, and the invisible characters that re-order or hide text: bidirectional overrides, zero-width, tags.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
)
_BREAK = re.compile(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]")


# ---------------------------------------------------------------- text


def clean(text: str, limit: int) -> str:
    """One line of visible text of at most `limit` characters: what pages print never reaches a reader raw."""
    if not (text.isascii() and text.isprintable()):  # most texts have nothing to be taken out
        text = _UNSEEN.sub(lambda found: " " if _BREAK.search(found.group()) else "", text)
        text = "".join(c for c in text if unicodedata.category(c) not in ("Cs", "Cn", "Co"))
    return cut(" ".join(text.split()), limit)


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, ending in an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def capital(text: str) -> str:
    """The first letter made a capital, the others left alone."""
    return text[:1].upper() + text[1:]


def listed(items: Sequence[str], *, limit: int = 6) -> str:
    """`a`, `a and b`, `a, b and 3 more`."""
    shown = list(items) if len(items) <= limit else [*items[: limit - 1], f"{len(items) - limit + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def counted(count: int, noun: str) -> str:
    """`1 model`, `2,340 prices`."""
    return f"{count:,} {noun if count == 1 else _plural(noun)}"


def _plural(noun: str) -> str:
    if noun.endswith(("GB", "MB", "TB")):
        return noun
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return f"{noun}{'es' if noun.endswith(('s', 'sh', 'ch', 'x')) else 's'}"


# ---------------------------------------------------------------- amounts


def number(value: object) -> Decimal | None:
    """What a JSON value says, if it is a finite number of a size that anything has."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() and (not found or abs(found.adjusted()) <= _LARGEST) else None


@lru_cache(maxsize=4096)
def money(amount: Decimal, currency: str | None, *, cents: bool = True) -> str:
    """`$2.50`, `€0.0375`, `CHF 1,200.00`: every digit there is, never an exponent, and never one decimal alone.

    Whole amounts have cents too, so that they stand well below and beside others; `$3` where `cents` is false.
    """
    sign = MINUS if amount < 0 else ""
    places = max(2, len(f"{abs(amount).normalize():f}".partition(".")[2]))
    text = f"{abs(amount):,.{places}f}"
    text = text if cents else text.removesuffix(".00")
    if currency in _SYMBOLS:
        return f"{sign}{_SYMBOLS[currency]}{text}"
    return f"{sign}{clean(currency or '', 10)} {text}".strip()


def price(side: Mapping[str, Any] | None, *, beside: Mapping[str, Any] | None = None, cents: bool = True) -> str:
    """One side of an event, or a row with its columns, without the unit: `$2.50`, `free`, `not offered`.

    In the unit of `beside` where that is given: of two prices that are told together, one says the unit for both.
    """
    if not side:
        return "none"
    state = side.get("state", "priced")
    value = number(side.get("amount"))
    if state != "priced" or value is None:
        return STATES.get(state, STATES["unknown"])
    own, wanted = number(side.get("per")), _per(beside or side)
    if own and wanted and own != wanted:
        value = Context(prec=12).divide(value * wanted, own)
    return money(value, side.get("currency"), cents=cents)


def per_unit(side: Mapping[str, Any] | None) -> str:
    """`per 1M tokens`, `per image`, `per 1,000 searches`; empty where there is none."""
    count, unit = _per(side or {}), (side or {}).get("unit")
    if count is None or not isinstance(unit, str) or unit in ("", "unspecified"):
        return ""
    return _per_unit(count, unit)


@lru_cache(maxsize=1024)
def _per_unit(count: Decimal, unit: str) -> str:
    noun = clean(unit.replace("_", " "), 30)
    if count == 1:
        return f"per {noun}"
    scale = _SCALES.get(int(count)) if count == int(count) and noun.startswith(_SMALL) else None
    return f"per {scale or f'{count.normalize():,f}'} {_plural(noun)}"


def _per(side: Mapping[str, Any]) -> Decimal | None:
    """For how many of its unit a price is told: for a million where it is printed for a single token."""
    count = number(side.get("per"))
    return Decimal(1_000_000) if count == 1 and side.get("unit") in _SMALL else count


def per_cent(value: Decimal, *, signed: bool = True) -> str:
    """`−80 %`, `+2.5 %`; whole above ten, but never rounded to a hundred that is not."""
    size = abs(value)
    whole = size.quantize(Decimal(1), ROUND_HALF_UP)
    places = 0 if size >= 10 and (whole != 100 or size == 100) else 1 if size >= Decimal("0.1") else 2
    text = f"{size.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{(MINUS if value < 0 else '+') if signed else ''}{text} %"


def sizes(percents: Iterable[Decimal]) -> str:
    """How much several changes are, without their signs: `80 %`, `50 to 80 %`."""
    found = sorted(map(abs, percents))
    low, high = (per_cent(value, signed=False) for value in (found[0], found[-1]))
    return high if low == high else f"{low.removesuffix(' %')} to {high}"


def duration(minutes: int) -> str:
    """`40 minutes`, `3 hours 5 minutes`, `2 days 4 hours`: the two largest parts."""
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    parts = [counted(count, noun) for count, noun in ((days, "day"), (hours, "hour"), (rest, "minute")) if count]
    return " ".join(parts[:2]) or "less than a minute"


def tokens(count: object) -> str:
    """`200K`, `1M`, `272K`, `131,072`: a number of tokens."""
    value = number(count)
    if value is None:
        return clean(str(count), 20)
    for size, letter in ((1_000_000, "M"), (1_000, "K")):
        if value >= size and value % size == 0:
            return f"{int(value / size):,}{letter}"
    return f"{value.normalize():,f}"

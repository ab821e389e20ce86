"""How alerts say amounts, dates, times and names: as a newspaper would, in plain text."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from timeline import names
from timeline.events import Event

MINUS, ARROW = "\N{MINUS SIGN}", "\N{RIGHTWARDS ARROW}"
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "CN¥", "JPY": "JP¥", "INR": "₹", "KRW": "₩"}
_STATES = {
    "free": "free",
    "included": "included",
    "not_offered": "not offered",
    "varies": "varies",
    "unknown": "not stated",
}
_SCALES = {1_000: "1K", 1_000_000: "1M", 1_000_000_000: "1B"}
_METERS = {
    "cache_read": "cached input",
    "cache_write": "cache write",
    "gpu_hour": "GPU hour",
    "video_second": "video",
    "audio_second": "audio",
    "web_search": "web search",
}
# Controls, and the invisible characters that re-order or hide text: bidirectional overrides, zero-width, tags.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
)


def clean(text: str, limit: int) -> str:
    """One line of visible text of at most `limit` characters: what pages print never reaches a reader raw."""
    text = _UNSEEN.sub(lambda found: " " if re.search(r"[\t\n\r\x0b\x0c\x85\u2028\u2029]", found.group()) else "", text)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cs", "Cn", "Co"))
    return cut(" ".join(text.split()), limit)


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, ending in an ellipsis where something is missing."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def provider(name: str) -> str:
    """The provider as it writes itself: `OpenAI`."""
    return clean(names.title(name), 60)


def name_of(event: Event) -> str:
    """The model as its page prints it, else its id, else the source."""
    return clean(event.model or event.model_id or event.source, 70)


def subject(event: Event) -> str:
    """What an event is about, `provider/model` or `source/id`: the order of messages is kept by it."""
    model = event.model_id or event.model
    return f"{event.provider}/{model}" if model else f"source/{event.source}"


def headline(text: str) -> str:
    """As long as a headline may be: 150 characters are what a Slack header takes."""
    return clean(text, 150)


def money(amount: Decimal, currency: str | None) -> str:
    """`$2.50`, `€0.0375`, `CHF 1,200.00`: every digit there is, and never fewer than two decimals."""
    sign = MINUS if amount < 0 else ""
    digits = f"{abs(amount).normalize():f}"
    places = max(2, len(digits.partition(".")[2]))
    text = f"{abs(amount):,.{places}f}"
    if currency in _SYMBOLS:
        return f"{sign}{_SYMBOLS[currency]}{text}"
    return f"{sign}{clean(currency or '', 10)} {text}".strip()


def sum_of_money(amount: Decimal, currency: str | None) -> str:
    """A total: `$1,012`, `$12.40`, `less than $0.01`."""
    size = abs(amount)
    if 0 < size < Decimal("0.01"):
        return f"less than {money(Decimal('0.01'), currency)}"
    if size >= 100:
        whole = amount.quantize(Decimal(1), ROUND_HALF_UP)
        return money(whole, currency).removesuffix(".00")
    return money(amount.quantize(Decimal("0.01"), ROUND_HALF_UP), currency)


def number(value: object) -> Decimal | None:
    """What a JSON value says, if it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return None
    try:
        found = Decimal(value)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def amount(side: Mapping[str, Any] | None, *, per: object = None) -> str:
    """The price on one side of an event: `$2.50`, `free`, `not offered`; converted to `per` units where given."""
    if not side:
        return "none"
    state = side.get("state", "priced")
    value = number(side.get("amount"))
    if state != "priced" or value is None:
        return _STATES.get(state, "not stated")
    own, wanted = number(side.get("per")), number(per)
    if own and wanted and own != wanted:
        value = value * wanted / own
    return money(value, side.get("currency"))


def per_unit(side: Mapping[str, Any] | None) -> str:
    """`per 1M tokens`, `per image`, `per 1,000 searches`; empty where there is none."""
    count, unit = number((side or {}).get("per")), (side or {}).get("unit")
    if count is None or not isinstance(unit, str) or unit in ("", "unspecified"):
        return ""
    noun = clean(unit.replace("_", " "), 30)
    if count == 1:
        return f"per {noun}"
    scale = _SCALES.get(int(count)) if count == int(count) and noun.startswith(("token", "character")) else None
    return f"per {scale or f'{count.normalize():,f}'} {noun}{'es' if noun.endswith(('s', 'sh', 'ch', 'x')) else 's'}"


def per_cent(value: Decimal, *, signed: bool = True) -> str:
    """`−80 %`, `+2.5 %`; whole above ten, but never rounded to a hundred that is not."""
    size = abs(value)
    whole = size.quantize(Decimal(1), ROUND_HALF_UP)
    places = 0 if size >= 10 and (whole != 100 or size == 100) else 1 if size >= Decimal("0.1") else 2
    text = f"{size.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{(MINUS if value < 0 else '+') if signed else ''}{text} %"


def meter(name: str | None, conditions: Mapping[str, Any] | None = None) -> str:
    """What is billed and when: `input`, `batch output`, `cached input for prompts over 200K tokens`."""
    rest = {key: clean(str(value), 60) for key, value in (conditions or {}).items() if key not in _UNSAID}
    noun = _METERS.get(name or "", clean((name or "price").replace("_", " "), 40))
    ttl, tier = rest.pop("cache_ttl", None), rest.pop("service_tier", "standard")
    ahead = [tier if tier != "standard" else "", _ttl(ttl) if ttl else ""]
    ahead += [rest.pop(key, "") for key in ("cache_kind", "modality")]
    ahead += [clean(key.replace("_", "-"), 30) for key in sorted(rest) if rest[key].casefold() in ("yes", "true")]
    over, upto = rest.pop("context_over", None), rest.pop("context_upto", None)
    told = [" ".join([*filter(None, ahead), noun]) + _prompts(over, upto)]
    for key, value in sorted(rest.items()):
        if value.casefold() not in ("yes", "true"):
            told.append(_SAID.get(key, ", {key} {value}").format(key=clean(key.replace("_", " "), 30), value=value))
    return "".join(told)


_UNSAID = {"tier_mode"}
_SAID = {
    "region": " in {value}",
    "resolution": " at {value}",
    "duration": " of {value}",
    "plan": " on the {value} plan",
    "variant": ", {value}",
    "product": ", {value}",
    "tool": ", {value}",
}


def _prompts(over: str | None, upto: str | None) -> str:
    if over is not None and upto is not None:
        return f" for prompts of {tokens(over)} to {tokens(upto)} tokens"
    if over is not None:
        return f" for prompts over {tokens(over)} tokens"
    return f" for prompts up to {tokens(upto)} tokens" if upto is not None else ""


def _ttl(text: str) -> str:
    """`5-minute`, `1-hour`."""
    found = re.fullmatch(r"(\d{1,4})([mhd])", text)
    return f"{found.group(1)}-{ {'m': 'minute', 'h': 'hour', 'd': 'day'}[found.group(2)] }" if found else text


def tokens(count: object) -> str:
    """`200K`, `1M`, `272K`, `131,072`: a number of tokens."""
    value = number(count)
    if value is None:
        return clean(str(count), 20)
    for size, letter in ((1_000_000, "M"), (1_000, "K")):
        if value >= size and value % size == 0:
            return f"{int(value / size):,}{letter}"
    return f"{value.normalize():,f}"


def day(text: object) -> str:
    """`26 March 2026`, `March 2026`: as precise as what is given (`2026-03-26`, `2026-03`, or a time)."""
    if isinstance(text, date):  # datetime included
        text = text.isoformat()
    found = re.match(r"(\d{4})-(\d\d)(?:-(\d\d))?", text) if isinstance(text, str) else None
    if not found:
        return clean(str(text), 40)
    year, month, of_month = found.groups()
    try:
        when = date(int(year), int(month), int(of_month or 1))
    except ValueError:
        return clean(str(text), 40)
    return f"{when.day} {when:%B} {when.year}" if of_month else f"{when:%B} {when.year}"


def days_between(earlier: datetime, later: object) -> int | None:
    """Days from the day of `earlier` (UTC) to a stated full date; None where the date is not that precise."""
    found = re.match(r"\d{4}-\d\d-\d\d", later) if isinstance(later, str) else None
    try:
        return (date.fromisoformat(found.group()) - earlier.astimezone(UTC).date()).days if found else None
    except ValueError:
        return None


def window(after: datetime | None, at: datetime) -> str:
    """Between which two looks at the page it happened: `between 10:00 and 10:10 UTC on 12 August 2026`."""
    end = at.astimezone(UTC)
    if after is None:
        return f"at {end:%H:%M} UTC on {day(end)}" if not _dateless(end) else f"on {day(end)}"
    start = after.astimezone(UTC)
    if _dateless(start) and _dateless(end):
        return f"between {day(start)} and {day(end)}"
    if start.date() == end.date():
        return f"between {start:%H:%M} and {end:%H:%M} UTC on {day(end)}"
    return f"between {start:%H:%M} UTC on {day(start)} and {end:%H:%M} UTC on {day(end)}"


def listed(items: Sequence[str], *, limit: int = 6) -> str:
    """`a`, `a and b`, `a, b and 3 more`."""
    shown = list(items) if len(items) <= limit else [*items[: limit - 1], f"{len(items) - limit + 1} more"]
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def counted(count: int, noun: str) -> str:
    """`1 model`, `12 models`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def capital(text: str) -> str:
    """The first letter made a capital, the others left alone."""
    return text[:1].upper() + text[1:]


def _dateless(at: datetime) -> bool:
    """Midnight sharp: a capture of which only the day is known (several of a day are microseconds apart)."""
    return (at.hour, at.minute, at.second) == (0, 0, 0)

"""What a price is for, as people say it: the meter and the conditions, for a sentence and for a table."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from timeline.meters import meters
from timeline.words import clean, counted, tokens


class _Phrase(NamedTuple):
    """A condition in front of the noun or behind it, and by itself: `1-hour` and `1 hour`."""

    alone: str
    ahead: str = ""
    behind: str = ""


_AHEAD = (
    *("service_tier", "latency", "time_window", "commitment"),
    *("cache_ttl", "cache_kind", "direction", "stored", "modality"),
)
_BEHIND = {  # in a sentence, by itself
    "region": (" in {}", "{}"),
    "region_scope": (", {}", "{}"),
    "route": (", {}", "{}"),
    "quality": (" in {} quality", "{} quality"),
    "resolution": (" at {}", "{}"),
    "duration": (" of {}", "{}"),
    "plan": (" on the {} plan", "{} plan"),
    "variant": (", {}", "{}"),
    "product": (", {}", "{}"),
    "tool": (", {}", "{}"),
    "tier_mode": ("", "{}"),
}
_BOUNDED = {"context": "prompts", "output": "answers"}
_LENGTHS = {"s": "second", "m": "minute", "h": "hour", "d": "day"}


def meter(name: str | None) -> str:
    """What is billed, as people say: `input`, `cached input`, `audio output`."""
    known = meters().get(name or "")
    return known.said if known and known.said else clean((name or "price").replace("_", " "), 40)


def offer(name: str | None, conditions: Mapping[str, Any] | None = None) -> str:
    """What is billed and when, for a sentence: `batch output`, `cached input for prompts above 200K tokens`."""
    return _offer(name, tuple((key, str(value)) for key, value in (conditions or {}).items()))


@lru_cache(maxsize=4096)
def _offer(name: str | None, conditions: tuple[tuple[str, str], ...]) -> str:
    phrases = _phrases(dict(conditions))
    ahead = [phrase.ahead for phrase in phrases if phrase.ahead]
    return " ".join([*ahead, meter(name)]) + "".join(phrase.behind for phrase in phrases)


def conditions(values: Mapping[str, Any] | None) -> str:
    """`batch · 1 hour · prompts above 200K tokens`: when a price applies, for a table."""
    return " · ".join(phrase.alone for phrase in _phrases(values or {}))


def lasting(text: str) -> str:
    """`5 minutes`, `1 hour`: of `5m` and `1h`."""
    found = re.fullmatch(r"(\d{1,4})([smhd])", text)
    return counted(int(found[1]), _LENGTHS[found[2]]) if found else text


def _phrases(values: Mapping[str, Any]) -> list[_Phrase]:
    if not values:
        return []
    rest = {key: clean(str(value), 60) for key, value in values.items()}
    flags = {key for key, value in rest.items() if value.casefold() in ("yes", "true")}
    phrases = [_ahead(key, rest.pop(key)) for key in _AHEAD if key in rest and key not in flags]
    for key in sorted(flags):
        phrases.append(_Phrase(clean(key.replace("_", "-"), 30), ahead=clean(key.replace("_", "-"), 30)))
    for side, noun in _BOUNDED.items():
        over, upto = (rest.pop(f"{side}_{end}", None) for end in ("over", "upto"))
        if over is not None or upto is not None:
            said = f"{noun} {_between(over, upto)}"
            phrases.append(_Phrase(said, behind=f" for {said}"))
    return phrases + [_behind(key, value) for key, value in sorted(rest.items()) if key not in flags]


def _ahead(key: str, value: str) -> _Phrase:
    value = value.replace("_", "-")
    if key == "cache_ttl":
        alone = lasting(value)
        return _Phrase(alone, ahead=re.sub(r"^(\d+) ([a-z]+?)s?$", r"\1-\2", alone))
    if key == "latency":
        value = f"latency-{value}"
    return _Phrase(value, ahead="" if (key, value) == ("service_tier", "standard") else value)


def _behind(key: str, value: str) -> _Phrase:
    name = clean(key.replace("_", " "), 30)
    value = lasting(value) if key == "duration" else value.replace("_", " ") if key == "tier_mode" else value
    if key not in _BEHIND:  # a name of somebody's making: it is text, never a form to be filled in
        return _Phrase(f"{name} {value}", behind=f", {name} {value}")
    behind, alone = (form.format(value) for form in _BEHIND[key])
    return _Phrase(alone, behind=behind)


def _between(over: str | None, upto: str | None) -> str:
    if over is not None and upto is not None:
        return f"of {tokens(over)} to {tokens(upto)} tokens"
    return f"above {tokens(over)} tokens" if over is not None else f"up to {tokens(upto)} tokens"

"""Models that running text names: by id or reviewed name as a whole, never by a part of one or a prefix. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from timeline import names

_SHORT = 4
"""Names with fewer letters (`o3`) count only where the maker is named too."""
# What makes another model of the name before it, known or not: `GPT-4o mini`, `Gemini 2.5 Pro`, `Claude Opus 4.5`.
_GOES_ON = (
    r"(?![\w+]|[-.:@/]\w|[\s-]+(?:\d|(?:mini|nano|micro|turbo|pro|plus|max|ultra|lite|light|flash|air|fast|preview|"
    r"thinking|reasoning|instruct|vision|audio|realtime|image|video|code|coder|codex|embed\w*|large|medium|small|high|low|"
    r"sonnet|opus|haiku|experimental|exp|beta|alpha|chat|search|deep|live|tts|live|distill\w*|v\d\S*)\b))"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """A model in a text, from `start` to `end`."""

    provider: str
    model_id: str
    start: int
    end: int


def mentions(text: str) -> list[Mention]:
    """The models that a text names, in order; a longer name goes before a shorter one in it."""
    found = []
    low = text.casefold()
    for match in _pattern().finditer(text):
        provider, model_id = _known()[_bare(match[0])]
        if len(match[0]) < _SHORT and names.title(provider).casefold() not in low:
            continue
        found.append(Mention(provider=provider, model_id=model_id, start=match.start(), end=match.end()))
    return found


@cache
def _known() -> Mapping[str, tuple[str, str]]:
    """By name without case and with one kind of space: the maker, and the id. Of several makers the first on file,
    which lists makers before those who sell their models."""
    found: dict[str, tuple[str, str]] = {}
    for provider, name in names.spoken():
        model_id = names.resolve(provider, name)
        if model_id is not None and re.search(r"\d", name) and re.search(r"[^\W\d]", name):
            found.setdefault(_bare(name), (provider, model_id))
    return found


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(_known(), key=len, reverse=True)
    written = "|".join(r"[\s-]".join(map(re.escape, name.split(" "))) for name in longest)
    return re.compile(rf"(?<![\w.@/-])(?:{written}){_GOES_ON}", re.IGNORECASE)


def _bare(name: str) -> str:
    return re.sub(r"[\s-]+", " ", name).casefold()

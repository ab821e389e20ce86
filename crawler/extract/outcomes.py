"""What a piece of a price page came to, and the prices of one cell or line."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from crawler.extract.document import Ignored
from crawler.extract.labels import parts_of
from crawler.extract.money import Quote
from crawler.extract.price_facts import Around, Built, Setting, build
from crawler.extract.price_names import Subject
from crawler.extract.quoted_dates import dated_quotes
from crawler.extract.units import fold
from timeline.issues import Issue
from timeline.prices import PricePoint

_KINDS = (
    ("rerank", r"re-?rank|重排"),
    ("embedding", r"embed(?:ding)?s?\b|\b(?:bge|gte|e5|m3e)[-_]|[-_](?:bge|gte|e5)[-_]|向量|嵌入|임베딩"),
    ("video", r"\bvideos?\b|\bveo\b|\bsora\b|视频"),
    ("audio", r"\baudio\b|\bspeech\b|\bvoice\b|transcri|whisper|\btts\b|\basr\b|\bstt\b|语音|音频"),
    ("gpu", r"\bgpus?\b|\b[abhv]\d{2,3}s?\b|\bl(?:4|40s?)\b|\brtx\b|\bmi\d{3}x?\b|\btpus?\b|\bgh200\b"),
    ("image", r"\bimages?\b|图片|图像"),
    ("search", r"\bweb[ _-]?search\b|联网搜索|网络搜索"),
)
_NO_CONDITION = re.compile(  # words that tell days or discounts
    r"\b(?:was|were|now|previously|formerly|originally|until|till|then|since|effective|starting|before|after|save|off"
    r"|cap|capped|max|maximum|min|minimum|limit|limited|worth|vs|versus|compared|instead|elsewhere|regular|list|retail)\b|原价|现价",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What was read, what was not understood, and what was left out on purpose."""

    facts: tuple[PricePoint, ...] = ()
    issues: tuple[Issue, ...] = ()
    ignored: tuple[Ignored, ...] = ()


def together(outcomes: Iterable[Outcome]) -> Outcome:
    """All outcomes as one."""
    every = list(outcomes)
    return Outcome(
        facts=tuple(fact for each in every for fact in each.facts),
        issues=tuple(issue for each in every for issue in each.issues),
        ignored=tuple(ignored for each in every for ignored in each.ignored),
    )


def ignored(what: str, why: str, locator: str) -> Outcome:
    """Something left out on purpose."""
    return Outcome(ignored=(Ignored(what=what[:120], why=why, locator=locator),))


def refused(code: str, message: str, locator: str) -> Outcome:
    """Something that makes the page unbelievable as it is."""
    return Outcome(issues=(Issue(code=code, message=message, locator=locator, fatal=True),))


def hint_of(text: str) -> str:
    """The kind of thing a heading or a model's name is about; "" where it says none."""
    return next((kind for kind, pattern in _KINDS if re.search(pattern, fold(text), re.I)), "")


def build_all(quotes: Sequence[Quote], subjects: Sequence[Subject], around: Around, setting: Setting) -> Outcome:
    """The prices of one cell; those that would contradict each other are told apart by their own words."""
    quotes = _of_both(_stacked(dated_quotes(quotes, setting.at)), around)
    quotes = _counted(quotes, around)
    built = [build(quote, subjects, around, setting) for quote in quotes]
    clash = _clashing(built)
    for index, quote in enumerate(quotes):
        words = quote.head or quote.tail or quote.group
        if words and any(fact.key in clash for fact in built[index].facts):
            apart = replace(around, conditions=around.conditions | {"variant": words[:60]})
            timely = _NO_CONDITION.search(words) or words.count("(") != words.count(")")
            doubt = f"nothing says under which condition: {words[:60]!r} is none" if timely else ""
            built[index] = build(replace(quote, doubt=doubt), subjects, apart, setting)
    return Outcome(
        facts=tuple(fact for each in built for fact in each.facts),
        issues=tuple(issue for each in built for issue in each.issues),
    )


def _stacked(quotes: Sequence[Quote]) -> Sequence[Quote]:
    """Two bare amounts on lines of their own are joined like those of "$3 / $15"."""
    bare = [quote for quote in quotes if not (quote.head or quote.tail or quote.group or quote.pair or quote.phrase)]
    if len(quotes) != 2 or len(bare) != 2 or quotes[0].line == quotes[1].line:
        return quotes
    return [replace(quote, pair=number) for number, quote in enumerate(quotes, 1)]


def _counted(quotes: Sequence[Quote], around: Around) -> Sequence[Quote]:
    """Joined amounts, in doubt where a header lists more or fewer: "$2 / $8" under "Input / Cached / Output"."""
    joined = [quote for quote in quotes if quote.pair]
    listed = len(parts_of(around.labels[-1])) if around.labels else 0
    if not joined or not listed or listed == max(quote.pair for quote in joined):
        return quotes
    doubt = f"{len(joined)} joined amounts under a header that lists {listed}"
    return [replace(quote, doubt=quote.doubt or doubt) if quote.pair else quote for quote in quotes]


def _of_both(quotes: Sequence[Quote], around: Around) -> Sequence[Quote]:
    """What is free under "Input / Output" is free on both sides."""
    sides = next((label.sides for label in reversed(around.labels) if label.sides), ())
    if len(quotes) != 1 or quotes[0].state != "free" or quotes[0].pair or len(sides) < 2:
        return quotes
    return [replace(quotes[0], pair=number) for number in range(1, len(sides) + 1)]


def _clashing(built: Sequence[Built]) -> set[str]:
    """The keys of prices that differ and hold on the same days."""
    facts = [fact for each in built for fact in each.facts]
    return {
        one.key
        for one, other in combinations(facts, 2)
        if one.key == other.key and one.value != other.value and _meet(one, other)
    }


def _meet(one: PricePoint, other: PricePoint) -> bool:
    starts, ends = (one.effective_from, other.effective_from), (one.effective_to, other.effective_to)
    return not any(end and start and end < start for end, start in zip(ends, reversed(starts), strict=True))

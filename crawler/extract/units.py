"""What a price is for: "per 1M tokens", "/ MTok", "元/百万tokens", "GB / day", in cells, headers and captions."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from crawler.extract import european, japanese, korean
from crawler.extract.unit_words import ADJECTIVES, HELD, NOUNS, TIMES

REMEMBERED = 8192  # texts whose reading is kept: pages repeat their words
_SCALES = {
    "thousand": 1_000,
    "million": 1_000_000,
    "billion": 1_000_000_000,
    "k": 1_000,
    "m": 1_000_000,
    "mm": 1_000_000,
    "b": 1_000_000_000,
    "千": 1_000,
    "万": 10_000,
    "萬": 10_000,
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 100_000_000,
    "만": 10_000,
    "백만": 1_000_000,
}
_COUNT = (
    r"(?:(?P<n>(?<![$€£¥\d])(?<![$€£¥] )10{0,2}(?:\.000)+(?![\d.])|\d+(?:,\d{3})*(?:\.\d+)?(?![\d.]))\s*-?\s*)?"
    r"(?P<scale>thousand|million|billion|mm(?=[\s-])|[kmb](?![a-z])|十万|百万|千万|千|万|萬|亿|백만|만)?(?:개|個|个)?\s*"
)
_MTOK = (
    r"(?P<mtok>(?:(?:input|output|cached|prompt|completion)\s+)?(?P<ms>[mkb])"
    r"(?:[\s-]?(?:tok(?:en)?s?|tks?)|(?:(?<=/[mk])|(?<=/\s[mk]))t)\b)"
)
_LEAD = (
    r"(?P<lead>/|\bper\b|\bfor (?:each|every)\b|\bfor(?= 1(?:0|,?000|00|,?000,?000)? [a-z])"
    r"|\bevery\b|\beach\b|每|毎|·(?=\s*\w))"
)
_NOUN = "|".join(f"(?P<u{n}>{pattern})" for n, pattern in enumerate(NOUNS.values()))
_PIECE = re.compile(
    rf"(?:{_LEAD}\s*)?(?:(?:1|one)\s*(?={_MTOK.replace('?P<mtok>', '?:').replace('?P<ms>', '?:')}))?"
    rf"(?:{_MTOK}|{_COUNT}{ADJECTIVES}(?:{_NOUN})(?![a-z]|['’]s\b))",
    re.I,
)
_NAMES = tuple(NOUNS)
_HINT = re.compile(
    r"\d|/|\b(?:per|each|every)\b|[每毎千万萬亿百]|million|thousand|billion|[mkb]-?(?:tok|tk)|"
    r"만|백만|\bof\b",
    re.I,
)
_SLOT = re.compile(r"\b\d+[ -](?:minute|hour|second)(?=[ -](?:sessions?|videos?|clips?)\b)", re.I)
_JOINT = re.compile(r"\s*(?:-|·|\bof\b|,|\bof(?: [\w-]+){0,2} (?:storage|data|memory))?\s*$", re.I)
_BARE_COUNT = re.compile(
    r"(?:[/]|\bper\b|每)\s*(?:(?P<n>1,000,000|1,000|1000000|1000|10|1)\s?)?(?P<s>[mk]|"
    r"million|thousand|百万|千|万)(?![\w\u4e00-\u9fff])"
    r"|(?:[/]|\bper\b|每)\s*(?P<n2>1,000,000|1,000|1000000|1000)(?![\w,.])",
    re.I,
)
_PERIODS = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annual": "year",
    "annually": "year",
}
_PERIOD = re.compile(r"\b(hourly|daily|weekly|monthly|yearly|annual(?:ly)?)\b", re.I)
_NOTE = re.compile(
    r"(?<=\d)[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]+"
)  # "$3.00\u00b9": the mark of a footnote, no digit
_POWER = re.compile(r"(?<![\w.,$€£¥])10([\u00b3\u2076\u2079])(?![\u00b9\u00b2\u00b3\u2070\u2074-\u2079\d])")
_POWERS = frozenset(Decimal(10) ** power for power in range(10))


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """`per` of `name`: 1000000 token, 1 image, 1 GB-day. Compound names put what is used before its time."""

    per: Decimal
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class FoundUnit:
    """A unit in a text: where it starts and ends, and whether a word such as "per" or "/" led to it."""

    unit: Unit
    led: bool
    counted: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Piece:
    lead: str
    count: Decimal | None
    name: str
    start: int
    end: int


@lru_cache(maxsize=REMEMBERED)
def find_units(text: str) -> tuple[FoundUnit, ...]:
    """Every unit phrase of a folded text, in order."""
    if not _HINT.search(text):
        return ()
    found: list[FoundUnit] = []
    chain: list[_Piece] = []
    for piece in _pieces(text):
        gap = text[chain[-1].end : piece.start] if chain else ""
        if chain and _JOINT.match(gap) and (piece.lead or (piece.name in TIMES and chain[-1].name in HELD)):
            chain.append(piece)
            continue
        found += _closed(chain)
        chain = [piece]
    return (*found, *_closed(chain))


def first_unit(text: str, *, led: bool = False) -> Unit | None:
    """The first unit of a text that was led to or counted (only led to, if asked)."""
    for each in find_units(text):
        if each.led or (not led and each.counted):
            return each.unit
    return None


def counted_unit(text: str) -> Unit | None:
    """A count without its noun beside it: "Search Queries ($/1K)" is 1000 query, "Input ($/M)" one without a name."""
    counted = _BARE_COUNT.search(text)
    if not counted:
        return None
    noun = noun_in(f"{text[: counted.start()]} {text[counted.end() :]}")
    return Unit(per=scaled(counted["n"] or counted["n2"] or "1", counted["s"]), name=noun)


def noun_in(text: str) -> str:
    """The first thing a folded text names that can be counted, or ""."""
    return next((piece.name for piece in _pieces(text) if piece.name not in TIMES), "")


def periodic_unit(text: str) -> Unit | None:
    """A unit said by an adverb: "Hourly rate", "PTU monthly reservation"."""
    period = _PERIOD.search(text)
    if not period:
        return None
    name = _PERIODS[period[1].lower()]
    held = next((piece.name for piece in _pieces(text) if piece.name in HELD), "")
    return Unit(per=Decimal(1), name=f"{held}-{name}" if held else name)


@lru_cache(maxsize=REMEMBERED)
def fold(text: str) -> str:
    """One spelling of characters: full-width forms and compatibility signs folded, dashes and spaces alike."""
    text = _POWER.sub(lambda power: str(10 ** int(unicodedata.normalize("NFKC", power[1]))), text)
    text = unicodedata.normalize("NFKC", _NOTE.sub("", text))
    for language in (korean, japanese, european):
        text = language.in_english(text)
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    text = re.sub(r"\bone (?=(?:thousand|million|billion)\b)", "1 ", text, flags=re.I)
    return re.sub(r"[^\S\n]+", " ", text).strip()


def scaled(number: str, scale: str | None) -> Decimal:
    """A number as written with its scale: ("1,000", None) or ("1", "M")."""
    return Decimal(number.replace(",", "")) * _SCALES.get((scale or "").lower(), 1)


def _pieces(text: str) -> Iterator[_Piece]:
    text = _SLOT.sub(lambda slot: " " * len(slot[0]), text)
    for match in _PIECE.finditer(text):
        name = next((n for n in range(len(_NAMES)) if match[f"u{n}"]), None)
        if match["mtok"]:
            yield _Piece(match["lead"] or "", scaled("1", match["ms"]), "token", match.start(), match.end())
            continue
        if name is None or not _stands_alone(text, match):
            continue
        count = None
        sized = _NAMES[name] == "image" and re.fullmatch(r"[1248]\s?k image", match[0][-8:].strip(), re.I)
        if (match["n"] or match["scale"]) and not sized:
            number = match["n"] or "1"
            if not match["scale"] and re.fullmatch(r"10{0,2}(?:\.000)+", number):
                number = number.replace(".", "")  # "1.000" tokens are a thousand as well
            count = scaled(number, match["scale"])
        yield _Piece(match["lead"] or "", count, _NAMES[name], match.start(), match.end())


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Latin nouns start at a word's start."""
    start = match.start()
    before = text[start - 1] if start else " "
    first = text[start]
    return not (first.isascii() and first.isalnum() and before.isascii() and (before.isalnum() or before in "._"))


def _closed(chain: list[_Piece]) -> list[FoundUnit]:
    if not chain:
        return []
    first = chain[0]
    if not first.lead and first.count is None:
        chain = chain[1:] if len(chain) > 1 and first.name not in ("GB", "token", "character") else chain
        if not chain or (not chain[0].lead and len(chain) == 1):
            return []
        if not chain[0].lead:
            return [_compound(chain, led=True)]
        first = chain[0]
    if not first.lead and first.count not in _POWERS:
        return []
    return [_compound(chain, led=bool(first.lead))]


def _compound(chain: list[_Piece], *, led: bool) -> FoundUnit:
    per = Decimal(1)
    for piece in chain:
        per *= piece.count or 1
    names = [piece.name for piece in chain]
    names.sort(key=lambda name: name in TIMES)
    unit = Unit(per=per, name="-".join(dict.fromkeys(names)))
    return FoundUnit(
        unit=unit, led=led, counted=any(p.count is not None for p in chain), start=chain[0].start, end=chain[-1].end
    )

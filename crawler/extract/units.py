"""What a price is for: "per 1M tokens", "/ MTok", "元/百万tokens", "GB / day", in cells, headers and captions."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from crawler.extract import european, japanese, korean

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
_NOUNS = {
    "token": r"tokens?|toks?\b|토큰|トークン",
    "character": r"characters?|chars?\b|字符|个字|字(?![a-z\u4e00-\u9fff])|자(?![\uac00-\ud7a3])|文字",
    "byte": r"(?:utf-?8\s+)?bytes?",
    "image": r"(?:\d+[ -]steps? )?images?|imgs?\b|pictures?|photos?|张|幅|이미지|枚",
    "video": r"videos?|clips?|个?视频|동영상",
    "song": r"songs?|tracks?|music|首",
    "voice": r"voices?|音色",
    "second": r"seconds?|secs?\b|s\b|秒|초",
    "minute": r"minutes?|mins?\b|分钟|분",
    "hour": r"hours?|hrs?\b|h\b|小时|시간|時間",
    "day": r"days?|天|日",
    "week": r"weeks?|周",
    "month": r"months?|mos?\b|个?月|월",
    "year": r"years?|yrs?\b|年|년",
    "request": r"requests?|请求|요청",
    "transaction": r"transactions?",
    "call": r"calls?|invocations?|调用",
    "query": r"quer(?:y|ies)",
    "search": r"search(?:es)?(?!\s+(?:unit|content))",
    "search unit": r"search units?",
    "prompt": r"prompts?",
    "result": r"results?",
    "answer": r"answers?",
    "source": r"sources?",
    "citation": r"citations?",
    "session": r"sessions?",
    "container": r"containers?",
    "page": r"pages?|页",
    "document": r"documents?|docs?\b|文档",
    "file": r"files?|文件",
    "record": r"records?",
    "piece": r"[个条](?![\u4e00-\u9fff])",
    "text unit": r"text units?",
    "policy": r"polic(?:y|ies)",
    "GB": r"gi?bs?\b|gigabytes?|gibibytes?",
    "MB": r"mi?bs?\b|megabytes?",
    "TB": r"ti?bs?\b|terabytes?",
    "megapixel": r"megapixels?|mps?\b|百万像素",
    "pixel": r"pixels?|(?<!百万)像素",
    "tile": r"(?:\d+\s?x\s?\d+ )?tiles?",
    "step": r"steps?(?! images?\b)|步",
    "frame": r"frames?|帧",
    "run": r"runs?",
    "task": r"tasks?",
    "job": r"jobs?",
    "model": r"models?(?! units?)",
    "example": r"examples?|samples?",
    "use": r"uses?|usage|次",
    "seat": r"seats?|users?|members?|persons?|people|用户",
    "person": r"人",
    "GPU": r"gpus?",
    "node": r"nodes?",
    "instance": r"instances?|实例|台",
    "PTU": r"ptus?",
    "model unit": r"model units?",
    "compute unit": r"compute units?|算力单元",
    "custom model unit": r"custom model units?",
    "CCU": r"ccus?",
    "DBU": r"dbus?",
    "ACU": r"acus?",
    "neuron": r"neurons?",
    "agent": r"agents?",
    "workflow": r"workflows?",
    "contact": r"contacts?",
    "message": r"messages?",
    "conversation": r"conversations?",
    "credit": r"credits?|积分",
}
_TIMES = ("second", "minute", "hour", "day", "week", "month", "year")
_STORED = "GB MB TB token"
_RENTED = "GPU node instance PTU model_unit compute_unit custom_model_unit seat session container person agent"
_HELD = frozenset(  # what is held for a time, so that "GPU hour" and "GB-day" are one unit
    name.replace("_", " ") for name in f"{_STORED} {_RENTED}".split()
)
_ADJECTIVES = (
    r"(?:(?:input|output|cached?|prompt|completion|generated|processed|text|audio|image|video|speech|grounded|grounding"
    r"|search|tool|function|web|context|reasoning|thinking|citation|training|total|additional|active|running|billed?"
    r"|input/output|stored|indexed|embedded|media|successful|individual|api|chat|batch|rerank|agentic|of|the"
    r"|granted|licensed|named|uncached|unique|further|extra|subsequent|assistant|live|finished)[\s-]+|输入|输出|入力|出力|个)*"
)
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
_NOUN = "|".join(f"(?P<u{n}>{pattern})" for n, pattern in enumerate(_NOUNS.values()))
_PIECE = re.compile(
    rf"(?:{_LEAD}\s*)?(?:(?:1|one)\s*(?={_MTOK.replace('?P<mtok>', '?:').replace('?P<ms>', '?:')}))?"
    rf"(?:{_MTOK}|{_COUNT}{_ADJECTIVES}(?:{_NOUN})(?![a-z]|['’]s\b))",
    re.I,
)
_NAMES = tuple(_NOUNS)
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
        if chain and _JOINT.match(gap) and (piece.lead or (piece.name in _TIMES and chain[-1].name in _HELD)):
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
    return next((piece.name for piece in _pieces(text) if piece.name not in _TIMES), "")


def periodic_unit(text: str) -> Unit | None:
    """A unit said by an adverb: "Hourly rate", "PTU monthly reservation"."""
    period = _PERIOD.search(text)
    if not period:
        return None
    name = _PERIODS[period[1].lower()]
    held = next((piece.name for piece in _pieces(text) if piece.name in _HELD), "")
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
    names.sort(key=lambda name: name in _TIMES)
    unit = Unit(per=per, name="-".join(dict.fromkeys(names)))
    return FoundUnit(
        unit=unit, led=led, counted=any(p.count is not None for p in chain), start=chain[0].start, end=chain[-1].end
    )

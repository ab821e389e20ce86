"""What a header, a row's label or a few words beside a price mean: which meter, which unit, under which conditions."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from crawler.extract.amounts import currencies_in
from crawler.extract.conditions import Conditions, read_conditions
from crawler.extract.units import REMEMBERED, Unit, counted_unit, find_units, first_unit, fold, periodic_unit

Side = Literal["input", "output", ""]

LONGEST = 500  # characters of a label; what follows is an explanation
_W = r"(?<![a-z])"
_INPUT = re.compile(rf"{_W}(?:inputs?|prompts?(?! caching)|request tokens)(?![a-z])|输入|入力|입력", re.I)
_OUTPUT = re.compile(
    rf"{_W}(?:outputs?|completions?|(?:generated|generation|response) tokens)(?![a-z])|输出|出力|출력"
    r"|生成(?=价格|单价|tokens?)",
    re.I,
)
_CACHE = re.compile(rf"{_W}cach(?:e|es|ed|ing)(?![a-z])|缓存|キャッシュ|캐시", re.I)
_MISS = re.compile(rf"cache[- ]?miss|{_W}(?:un|non-?)cached|without cache|未命中|未缓存|非缓存|无缓存", re.I)
_WRITE = re.compile(rf"{_W}(?:writes?|writing|creations?|create)(?![a-z])|写入|创建|쓰기", re.I)
_READ = re.compile(rf"{_W}(?:reads?|reading|hits?|refresh(?:es)?|retrieval)(?![a-z])|命中|读取|적중|읽기", re.I)
_STORAGE = re.compile(rf"{_W}(?:storage|stored?)(?![a-z])|存储|储存|저장", re.I)
_TRAINING = re.compile(rf"{_W}(?:training|train)(?![a-z])|训练|微调|학습", re.I)
_REASONING = re.compile(
    rf"{_W}(?:reasoning|thinking) (?:tokens?|output)|思考.{{0,4}}输出|^\W*reasoning\W*(?:\d*[km]\W*)?$", re.I
)
_EMBEDDING = re.compile(rf"{_W}embed(?:ding)?s?(?![a-z])|向量|嵌入|임베딩", re.I)
_RERANK = re.compile(rf"{_W}re-?rank(?:ing|er)?(?![a-z])|重排", re.I)
_SEARCH = re.compile(rf"{_W}(?:web ?search|search (?:quer(?:y|ies)|requests?)|grounding)|联网搜索|검색", re.I)
_IMPLICIT = re.compile(rf"{_W}implicit(?:ly)?(?![a-z])|隐式", re.I)
_EXPLICIT = re.compile(rf"{_W}explicit(?:ly)?(?![a-z])|显式", re.I)
_MODALITIES = {
    "text": re.compile(rf"{_W}texts?(?![a-z])|文本|텍스트", re.I),
    "image": re.compile(rf"{_W}images?(?![a-z])|图片|图像|이미지", re.I),
    "video": re.compile(rf"{_W}videos?(?![a-z])|视频|동영상", re.I),
    "audio": re.compile(rf"{_W}(?:audio|speech|voice)(?![a-z])|音频|语音|오디오", re.I),
}
_PRICE = re.compile(
    rf"{_W}(?:pric(?:e|es|ing)|costs?|rates?(?! limit)|fees?|charges?|paid|pay)(?![a-z])"
    r"|单价|价格|定价|刊例价|目录价|列表价|费用|价钱|计费$|요금|가격|料金",
    re.I,
)
_RESERVED = re.compile(r"\b(?:reservations?|subscriptions?|commitments?)\b", re.I)
_IN_OUT = re.compile(
    r"\b(?:un)?(?:cached )?in(?= ?[/|]).{0,30}?[/|] ?out\b|(?<=[(\[])in(?= ?,).{0,30}?, ?out(?=[)\]])", re.I
)
_SHORT = re.compile(
    r"(\W*(?:(?:audio|text|images?|video) )?)(in|out)((?:\s+(?:tokens?|prices?|costs?))?\W*)", re.I
)  # alone: "In: $2.00 / Out: $8.00"
_SHORTEST = 40  # characters
_FIRST = re.compile(r"(?:the )?first ([a-z]+)", re.I)
_FILLER = re.compile(
    r"美元|欧元|日元|人民币|\b(?:usd|eur|cny|rmb|jpy|gbp)\b|\b(?:prices?|pricing|costs?|rates?|"
    r"fees?|charges?|per|the|of|for|in|and|or|to|a|an|with|prompt|tokens?|base|standard|"
    r"regular|normal|text|usage|api"
    r"|including|incl|excluding|thinking|reasoning|refreshes|hits?|reads?|writes?|us|"
    r"dollars?|amount|list|unit|model|models|each|by|is|are|paid|tier"
    r"|1m|1k|million|thousand|m|k|mtok|mtokens?)\b|刊例价|目录价|列表价|价格|单价|定价|费用|推理|的|为|元|백만|개당|요금|\d+[mk]?\b|[\W_]+|\d",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """The meaning of a few words. What is not said is empty; `rest` are the words nothing was made of."""

    text: str = ""
    sides: tuple[Side, ...] = ()  # in the order printed: ("input", "output") in "Input / Output"
    cache: Literal["", "read", "write", "storage"] = ""
    training: bool = False
    reasoning: bool = False
    embedding: bool = False
    rerank: bool = False
    search: bool = False
    stored: bool = False  # something is kept, and not in a cache
    modalities: tuple[str, ...] = ()
    conditions: Conditions = field(default_factory=dict)
    unit: Unit | None = None
    currencies: tuple[str, ...] = ()
    price: bool = False  # says in words that it is a price
    rest: str = ""

    @property
    def meters(self) -> bool:
        """Whether the words name what is billed."""
        return bool(self.sides or self.cache or self.training or self.reasoning)

    @property
    def prices(self) -> bool:
        """Whether the words can stand over prices."""
        return self.meters or self.price or bool(self.currencies) or (self.unit is not None and self.unit.name != "")


@lru_cache(maxsize=REMEMBERED)
def read_label(text: str, *, scale: int = 1) -> Label:
    """Read a header, a row's label, or the words beside an amount. `scale` as for `read_conditions`."""
    folded = _IN_OUT.sub(_spelled, fold(text[:LONGEST]))
    if len(folded) <= _SHORTEST and (short := _SHORT.fullmatch(_without_units(folded))):
        folded = re.sub(rf"\b{short[2]}\b", f"{short[2]}put", folded, count=1)
    miss = bool(_MISS.search(folded))
    cached = bool(_CACHE.search(folded)) and not miss
    spent = read_conditions(folded, scale=scale, cache=cached or bool(_WRITE.search(folded)))
    rest = spent.rest
    without_units = _without_units(rest)
    return Label(
        text=text,
        sides=_sides(without_units),
        cache=_cache_of(folded) if cached else "",
        training=bool(_TRAINING.search(folded)),
        reasoning=bool(_REASONING.search(folded) or _REASONING.search(without_units)),
        embedding=bool(_EMBEDDING.search(folded)),
        rerank=bool(_RERANK.search(folded)),
        search=bool(_SEARCH.search(folded)),
        stored=not cached and bool(_STORAGE.search(folded)),
        modalities=tuple(name for name, pattern in _MODALITIES.items() if pattern.search(folded)),
        conditions=spent.found | _explicitness(folded),
        unit=first_unit(rest) or _implied_unit(rest),
        currencies=tuple(currencies_in(folded)),
        price=bool(_PRICE.search(folded)),
        rest=_left(without_units),
    )


def _spelled(found: re.Match[str]) -> str:
    """ "in / cached in / out" with whole words."""
    return re.sub(r"\bout\b", "output", re.sub(r"\bin\b", "input", found[0], flags=re.I), flags=re.I)


def parts_of(label: Label) -> tuple[Label, ...]:
    """What each of several joined amounts is, where a label says it in as many parts: "Input / Cached / Output"."""
    folded = _IN_OUT.sub(_spelled, fold(label.text[:LONGEST]))
    bracket = re.search(r"[(\[]([^()\[\]]*[/|,][^()\[\]]*)[)\]]", folded)
    parts = [read_label(part) for part in re.split(r"\s*[/|,]\s*", bracket[1] if bracket else folded)]
    return tuple(parts) if len(parts) > 2 and all(part.meters and not part.rest for part in parts) else ()


def _implied_unit(text: str) -> Unit | None:
    if first := _FIRST.fullmatch(text.strip()):  # "First megapixel", beside "Each further megapixel"
        return first_unit(f"/ {first[1]}")
    return counted_unit(text) or (periodic_unit(text) if _PRICE.search(text) or _RESERVED.search(text) else None)


def modality_of(label: Label) -> str:
    """The one modality that makes a meter of its own: not where text is among them."""
    if not label.modalities or "text" in label.modalities:
        return ""
    if "audio" in label.modalities:
        return "audio"
    return label.modalities[0]


def _sides(text: str) -> tuple[Side, ...]:
    found: list[tuple[int, Side]] = [(match.start(), "input") for match in _INPUT.finditer(text)]
    found += [(match.start(), "output") for match in _OUTPUT.finditer(text)]
    if not found and _MISS.search(text):
        return ("input",)
    return tuple(dict.fromkeys(side for _, side in sorted(found)))


def _cache_of(folded: str) -> Literal["read", "write", "storage"]:
    if _STORAGE.search(folded):
        return "storage"
    if _WRITE.search(folded) and not _READ.search(folded):
        return "write"
    return "read"


def _explicitness(folded: str) -> Conditions:
    if _IMPLICIT.search(folded):
        return {"cache_kind": "implicit"}
    return {"cache_kind": "explicit"} if _EXPLICIT.search(folded) else {}


def _without_units(text: str) -> str:
    for each in reversed(find_units(text)):
        if each.led or each.counted:
            words = text[each.start : each.end]
            kept = " ".join(
                found[0] for found in (*_INPUT.finditer(words), *_OUTPUT.finditer(words), *_CACHE.finditer(words))
            )
            text = f"{text[: each.start]} {kept} {text[each.end :]}"
    return text


def _left(text: str) -> str:
    for pattern in (
        _INPUT,
        _OUTPUT,
        _CACHE,
        _MISS,
        _WRITE,
        _READ,
        _STORAGE,
        _TRAINING,
        _IMPLICIT,
        _EXPLICIT,
        *_MODALITIES.values(),
    ):
        text = pattern.sub(" ", text)
    return " ".join(_FILLER.sub(" ", text).split())

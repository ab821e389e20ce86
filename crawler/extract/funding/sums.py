"""Sums of money in a headline: amount in plain units, currency, range, and how exact it is said to be. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from timeline.funding import Qualifier

BARE = "$"  # a dollar sign without a country: the outlet says whose

_SIGNS = {
    "us$": "USD", "au$": "AUD", "a$": "AUD", "ca$": "CAD", "c$": "CAD", "nz$": "NZD", "hk$": "HKD", "nt$": "TWD",
    "s$": "SGD", "r$": "BRL", "rs": "INR", "₹": "INR", "€": "EUR", "£": "GBP", "¥": "JPY", "₩": "KRW",
    "₪": "ILS", "$": BARE, "rmb": "CNY", "nis": "ILS",
}  # fmt: skip
_CODES = (
    "USD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "CNY", "JPY", "KRW", "INR", "AUD", "CAD", "SGD", "HKD", "NZD",
    "TWD", "ILS", "AED", "SAR", "BRL", "PLN", "IDR", "MYR", "ZAR",
)  # fmt: skip
_UNITS = {
    "dollar": BARE, "us dollar": "USD", "u.s. dollar": "USD", "australian dollar": "AUD", "canadian dollar": "CAD",
    "hong kong dollar": "HKD", "singapore dollar": "SGD", "new zealand dollar": "NZD", "euro": "EUR", "pound": "GBP",
    "yuan": "CNY", "renminbi": "CNY", "rmb": "CNY", "yen": "JPY", "won": "KRW", "rupee": "INR", "franc": "CHF",
    "swiss franc": "CHF", "kronor": "SEK", "krona": "SEK", "swedish krona": "SEK", "swedish kronor": "SEK",
    "danish kroner": "DKK", "norwegian kroner": "NOK", "dirham": "AED", "riyal": "SAR", "shekel": "ILS",
    "reais": "BRL", "real": "BRL", "zloty": "PLN", "€": "EUR", "£": "GBP",
}  # fmt: skip
_SCALES = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "mln": 6, "mio": 6, "million": 6, "b": 9, "bn": 9, "billion": 9, "t": 12,
    "tn": 12, "trillion": 12, "lakh": 5, "lac": 5, "cr": 7, "crore": 7,
}  # fmt: skip
_WORDS: dict[str, int | Decimal] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "half a": Decimal("0.5"), "a quarter of a": Decimal("0.25"),
}  # fmt: skip

_NUM = r"(?:\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_SCALE = r"(?:trillion|tn|billion|bn|million|mln|mio|mn|thousand|crores?|cr|lakhs?|lacs?|[kmbt])(?![a-z])"
_SIGN = (
    r"(?:US\$|AU\$|A\$|CA\$|C\$|NZ\$|HK\$|NT\$|S\$|R\$|Rs\.?|RMB|NIS|" + "|".join(_CODES) + r"|[$€£₹¥₩₪])"
)  # the longer ones first
_UNIT = (
    r"(?:(?:US|U\.S\.|Australian|Canadian|Hong Kong|Singapore|New Zealand)[ ]dollars?|dollars?|euros?|pounds?|yuan|"
    r"renminbi|RMB|yen|won|rupees?|(?:Swiss[ ])?francs?|(?:Swedish[ ])?kron(?:or|a)|(?:Danish|Norwegian)[ ]kroner|"
    r"dirhams?|riyals?|shekels?|reais|zloty|" + "|".join(_CODES) + r")\b|[€£]"
)
_TOP = rf"(?:\s?(?:-|–|to)\s?(?P<top>{_NUM})(?=[\s-]?{_SCALE}))?"
_SIGNED = re.compile(
    rf"(?<![\w$])(?P<sign>{_SIGN})\s?(?P<num>{_NUM}){_TOP}(?:[\s-]?(?P<scale>{_SCALE}))?(?P<plus>\s?\+|-plus)?"
    rf"(?:[\s-](?P<unit>{_UNIT}))?",
    re.I,
)
_NAMED = re.compile(
    rf"(?<![\w$.,€£])(?P<num>{_NUM}){_TOP}[\s-]?(?P<scale>{_SCALE})?(?P<plus>\s?\+)?[\s-]?(?P<unit>{_UNIT})", re.I
)
_CRORE = re.compile(
    rf"(?<![\w$.,])(?P<num>{_NUM}){_TOP}[\s-]?(?P<scale>crores?|cr)\b(?P<plus>\+)?"
    r"(?=\s+(?:in|from|funding|round|fund|seed|series|pre|investment|at|debt|ipo|valuation|via|led)\b|\s*[,.;]|\s*$)",
    re.I,
)
_WORDED = re.compile(
    r"\b(?:(?P<num>half a|a quarter of a|an?|one|two|three|four|five|six|seven|eight|nine|ten)\s)"
    rf"(?P<scale>trillion|billion|million)[\s-](?P<unit>{_UNIT})",
    re.I,
)
_WEIGHED = re.compile(r"won|pounds?|reais", re.I)  # words that mean money only behind a million
_BEFORE: tuple[tuple[Qualifier, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?:{words})\s*$", re.I))  # type: ignore[misc]
    for name, words in (
        ("up_to", r"\bup to(?: about| around)?|\bas much as|\bas high as|\bat most|\ba maximum of"),
        (
            "at_least",
            r"(?:\bjust )?\bover|\bmore than|\bat least|\babove|\bupwards? of|\bnorth of|\bin excess of|"
            r"\bexceeding|\bgreater than|\ba minimum of|>",
        ),
        (
            "approx",
            r"[~≈]|\babout|\baround|\bapprox(?:imately|\.)?|\broughly|\bsome|\bnearly|\balmost|\bclose to|"
            r"\bjust (?:under|shy of)|\bunder|\bless than|\bestimated(?: at)?|\bcirca|\bca\.",
        ),
    )
)
_BETWEEN = re.compile(r"\s*(?:-|–|to|and)\s*(?:[~≈]|about|around)?\s*", re.I)
_CONVERTED = re.compile(r"\s*(?:\(|[,–—-]\s|, or|or)\s*(?:or |i\.e\. |equivalent to )?(?:[~≈]|about|around|roughly|"
                        r"approximately|some|nearly|over|more than|equivalent to)?\s*", re.I)  # fmt: skip
_MOST = 40  # sums of one text; a longer list is no headline


@dataclass(frozen=True, kw_only=True, slots=True)
class Sum:
    """One sum of money as printed, in plain units; `currency` is an ISO code or BARE. `top` is the high end of a range.

    `converted` is the same money in another currency, as the text adds it in brackets.
    """

    amount: Decimal
    currency: str
    start: int
    end: int
    top: Decimal | None = None
    qualifier: Qualifier | None = None
    converted: "Sum | None" = None


def sums_in(text: str) -> tuple[Sum, ...]:
    """Every sum of money of a text, in order; ranges and conversions are one sum."""
    found = sorted(_matches(text), key=lambda each: (each.start, -each.end))
    apart: list[Sum] = []
    for each in found:
        if not apart or each.start >= apart[-1].end:
            apart.append(each)
    return tuple(_joined(text, apart[:_MOST]))


def _matches(text: str) -> Iterator[Sum]:
    for pattern in (_SIGNED, _NAMED, _CRORE, _WORDED):
        for match in pattern.finditer(text):
            if pattern is not _NAMED or match["scale"] or not _WEIGHED.match(match["unit"]):
                yield _sum(text, match)


def _sum(text: str, match: re.Match[str]) -> Sum:
    parts = match.groupdict()
    scale = Decimal(10) ** _SCALES[(parts["scale"] or "").lower().rstrip("s")] if parts["scale"] else Decimal(1)
    worded = parts["num"].lower()
    amount = Decimal(_WORDS[worded]) if worded in _WORDS else _number(worded)
    top = _number(parts["top"]) * scale if parts.get("top") else None
    start, qualifier = _qualified(text, match.start())
    if parts.get("plus"):
        qualifier = "at_least"
    return Sum(
        amount=(amount * scale).normalize() + 0, currency=_currency(parts), start=start, end=match.end(), top=top,
        qualifier="range" if top is not None else qualifier,
    )  # fmt: skip


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _currency(parts: dict[str, str | None]) -> str:
    unit = (parts.get("unit") or "").lower()
    sign = (parts.get("sign") or "").lower().rstrip(".")
    signed = _SIGNS.get(sign) or (sign.upper() if sign else "")
    if unit and (not signed or signed == BARE):
        single = unit if unit in _UNITS else unit.removesuffix("s")
        return _UNITS.get(single) or unit.upper()
    return signed or "INR"  # only the crore pattern has neither


def _qualified(text: str, start: int) -> tuple[int, Qualifier | None]:
    """Where the sum begins with the words that qualify it, and what they say."""
    before = text[max(0, start - 30) : start]
    for qualifier, pattern in _BEFORE:
        if match := pattern.search(before):
            return start - (len(before) - match.start()), qualifier
    return start, None


def _joined(text: str, sums: Sequence[Sum]) -> Iterator[Sum]:
    """Ranges ("$3B to $4B", "between 52 and 59") and conversions ("50 billion yuan, about $7bn") as one sum."""
    waiting: Sum | None = None
    for each in sums:
        if waiting is None:
            waiting = each
            continue
        gap = text[waiting.end : each.start]
        if _is_range(text, waiting, each, gap):
            waiting = replace(waiting, top=each.amount, end=each.end, qualifier="range")
        elif waiting.converted is None and each.currency != waiting.currency and _CONVERTED.fullmatch(gap):
            waiting = replace(waiting, end=each.end + (text[each.end : each.end + 1] == ")"), converted=each)
        else:
            yield waiting
            waiting = each
    if waiting is not None:
        yield waiting


def _is_range(text: str, low: Sum, high: Sum, gap: str) -> bool:
    if low.currency != high.currency or low.amount >= high.amount or not _BETWEEN.fullmatch(gap):
        return False
    before = text[max(0, low.start - 12) : low.start].lower().rstrip()
    if "and" in gap:
        return before.endswith("between")
    return not before.endswith(("from", "price", "its", " by"))

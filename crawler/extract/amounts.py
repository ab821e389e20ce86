"""Amounts of money in a text, and the currencies it names. Strict and exact.

A sign that several currencies share stays unsettled until its page settles it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from crawler.extract.units import REMEMBERED, find_units, fold, scaled

UNSETTLED = {"¥": ("CNY", "JPY"), "kr": ("SEK", "NOK", "DKK")}  # signs that do not say which currency
_CURRENCIES = {
    "US$": "USD",
    "USD$": "USD",
    "USD": "USD",
    "$": "USD",
    "美元": "USD",
    "달러": "USD",
    "dollars": "USD",
    "dollar": "USD",
    "€": "EUR",
    "EUR": "EUR",
    "欧元": "EUR",
    "£": "GBP",
    "GBP": "GBP",
    "CN¥": "CNY",
    "CNY": "CNY",
    "RMB": "CNY",
    "元": "CNY",
    "人民币": "CNY",
    "JPY": "JPY",
    "日元": "JPY",
    "円": "JPY",
    "¥": "¥",
    "₩": "KRW",
    "KRW": "KRW",
    "원": "KRW",
    "₹": "INR",
    "INR": "INR",
    "₽": "RUB",
    "RUB": "RUB",
    "HK$": "HKD",
    "A$": "AUD",
    "C$": "CAD",
    "CA$": "CAD",
    "AU$": "AUD",
    "S$": "SGD",
    "R$": "BRL",
    "CHF": "CHF",
}
LONGEST = 4_000  # characters of a cell or line that may hold prices
_ENDS = r"(?![.,]?\d|[eE][+-]?\d)"  # a number that goes on is none that is understood: "1.2.3"
_NUMBER = rf"(?:(?:\d{{1,3}}(?:,\d{{3}})+(?![\d])|\d+)(?:\.\d+)?|\.\d+)(?:[eE]-\d{{1,2}})?{_ENDS}"
_SCALE = r"(?:百万|千万|十万|万|亿|千|million\b|billion\b|thousand\b)"
_BEFORE = "|".join(
    re.escape(s) for s in sorted(_CURRENCIES, key=len, reverse=True) if s not in "元円원" and s[0] not in "美欧人日달d"
)
_AFTER = r"美元|欧元|人民币|日元|달러|元|円|원|USD|EUR|CNY|RMB|JPY|RUB|€|£|₽"
_MONEY = re.compile(
    rf"(?<![A-Za-z0-9_.])(?P<c1>(?<![A-Za-z]){_BEFORE})\s?(?P<n1>{_NUMBER})(?:\s?(?P<s1>{_SCALE}))?(?:\s?(?:USD|"
    rf"EUR|CNY|RMB)\b)?"
    rf"|(?P<c3>{_BEFORE})\s?(?P<n3>{_NUMBER})(?:\s?(?P<s3>{_SCALE}))?(?:\s?(?:USD|EUR|CNY|RMB)\b)?"
    rf"|(?<![A-Za-z0-9_.,])(?P<n2>{_NUMBER})\s?(?P<s2>{_SCALE}|[kK](?=\s?[元$]))?\s?"
    rf"(?P<c2>{_AFTER}|\$(?!\s?\d)|dollars?\b|(?P<cents>cents?\b|¢))",
)
_BARE = re.compile(rf"^\s*(?P<n>{_NUMBER})(?=\s*(?:$|\n|/|\(|\*|per\b|每|,\s|[\u4e00-\u9fff]))")
_LABELLED = re.compile(rf"^(?=[^:]*[^\W\d_]).{{1,60}}:\s*(?P<n>{_NUMBER})\s*\*?$")
_BARE_NOW = re.compile(  # "原价 8,现价 4"
    rf"\s*(?:原价|list|regular|was)\s*:?\s*{_NUMBER}\s*[,;/]?\s*(?:现价|优惠价|now)\s*:?\s*(?P<n>{_NUMBER})\s*", re.I
)
_BARE_TWO = re.compile(  # "2.00 (1.00 off-peak)", "6.00 (audio) / 0.60 (text)"
    rf"\s*(?P<a>{_NUMBER})\s*(?:\([^()\d]*\)\s*/|/|\()\s*(?P<b>{_NUMBER})\s*(?P<of>\(?[^()\d]*\)?)\s*"
)
_COMMA = r"(?:(?P<{0}>\d{{1,3}}(?:\.\d{{3}})+|\d+),(?P<{1}>\d{{1,2}}|\d{{4,}}|(?<=\b0,)\d{{3}})(?![\d,]))"
_COMMA_DECIMAL = re.compile(  # beside a euro sign, alone on a line, or under one: "0,15" is no thousand
    rf"(?<![\d.,]){_COMMA.format('a', 'b')}(?=\s?(?:€|EUR\b|euros?\b))"
    rf"|(?:(?<=€)|(?<=€ )|(?<=EUR )){_COMMA.format('c', 'd')}"
    rf"|^{_COMMA.format('e', 'f')}$|(?:(?<=[$£¥])|(?<=[$£¥] ))(?P<g>0),(?P<h>\d+)(?![\d,])",
    re.M | re.I,
)
_GLUED = re.compile(r"(\.\d{2})(?=1[MKk]\s?(?:tokens?|characters?|chars?)\b)")  # "$15.001M characters": a lost slash
_LIST_GLUED = re.compile(r"(?<=[a-z])(?=\d+ ?[GT]B: ?\$)")  # "/ container4 GB: $0.12": a lost line break
_NAMED = re.compile(
    r"(?:(?<![A-Za-z])(?-i:[A-Z]{1,3}))?\$|€|£|¥|₩|₹|₽|美元|欧元|日元|人民币|元|円|달러|(?<=[\d(/])\s?원(?![\uac00-\ud7a3])"
    r"|\b(?:USD|EUR|GBP|CNY|RMB|JPY|KRW|INR|RUB|U\.S\. dollars?|US dollars?|euros?)\b",
    re.I,
)
_ONCE = re.compile(  # what a price was before, or would be: "(was $0.10)"
    r"(?:\b(?:it |which )?(?:was|were|previously|formerly|originally|normally|usually|down from|reduced from|instead of"
    r"|list price|old price|original price|regular price|before)(?: (?:priced|billed))?(?: at| of)?"
    r"|原价为?|原(?:定|始)?价格|划线价)\s*:?\s*$",
    re.I,
)
_NOW = re.compile(r"(?:\b(?:now|today|currently|new price|current price)|现价为?|现在)\s*:?\s*$", re.I)
_DATED = re.compile(
    r"[^$€£¥→]{0,40}?(?:20\d\d|\d月|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d)", re.I
)
_SIGNED = re.compile(r"(?:[$€£₩₹₽]|(?<![\w])[¥])\s?-?\.?\d")  # where an amount begins
_NEGATIVE = re.compile(r"^\s*(?:[-+](?:US)?[$€£¥]\s?[\d.]|\(\s?(?:US)?[$€£¥]\s?[\d.,]+\s?\)\s*$)|:\s*-[$€£¥]\s?[\d.]")
_FOREIGN = re.compile(r"(?<![A-Za-z])[A-Z]{1,3}\$(?=\s?\.?\d)")  # "NT$3": another country's dollar
_SIDE = re.compile(r"\s*(?:\w+ ){0,2}(?:input|output|in|out|cached?|prompts?|completions?)(?: tokens?)?", re.I)
_ARROW = re.compile(r"^\s*(?:→|->|=>|➜|➔|⟶)\s*$")


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount and where it stands. `currency` may be a shared sign, or None where nothing is printed."""

    amount: Decimal
    currency: str | None
    start: int
    end: int


@lru_cache(maxsize=REMEMBERED)
def has_money(text: str) -> bool:
    """Whether an amount with a currency stands in the text."""
    return _MONEY.search(mended(text[:LONGEST])) is not None


@lru_cache(maxsize=REMEMBERED)
def currencies_in(text: str) -> tuple[str, ...]:
    """The currencies a header or a sentence names ("USD", "元/百万tokens", "(in $)"), shared signs unsettled."""
    found = []
    folded = fold(text[:LONGEST])
    for match in _NAMED.finditer(folded):
        sign = match[0].strip().upper()
        sign = {"U.S. DOLLAR": "USD", "U.S. DOLLARS": "USD", "US DOLLAR": "USD", "US DOLLARS": "USD"}.get(sign, sign)
        found.append({"EURO": "EUR", "EUROS": "EUR"}.get(sign) or _CURRENCIES.get(sign, sign))
    return tuple(dict.fromkeys(found))


def amounts_in(line: str, *, bare: bool = False) -> list[Amount]:
    """The amounts of a line that `mended` has gone over. `bare`: a number alone at its start is an amount too."""
    found = _priced([_match(each) for each in _MONEY.finditer(line)], line)
    if not found and bare and (now := _BARE_NOW.fullmatch(line)):
        return [Amount(Decimal(now["n"].replace(",", "")), None, now.start("n"), now.end("n"))]
    if not found and bare and (two := _BARE_TWO.fullmatch(line)) and not _is_count(two["b"], two["of"]):
        return [Amount(Decimal(two[name].replace(",", "")), None, two.start(name), two.end(name)) for name in "ab"]
    if not found and bare and (number := _BARE.match(line) or _LABELLED.match(line)):
        return [Amount(Decimal(number["n"].replace(",", "")), None, number.start("n"), number.end("n"))]
    return _without_old(line, found) if found else []


def _is_count(number: str, words: str) -> bool:
    """Whether a number behind a slash says for how many: "0.5 / 1000 characters"."""
    return bool(find_units(f"/ {number} {words}")) or re.fullmatch(r"10{2,}", number.replace(",", "")) is not None


def is_broken(line: str) -> bool:
    """Whether an amount begins in a line that is none as it stands: "$1.2.3", "-$3", "($4)" in an accountant's way."""
    spans = [(found.start(), found.end()) for found in _MONEY.finditer(line)]
    begun = (found.start() for found in _SIGNED.finditer(line))
    return bool(_NEGATIVE.search(line)) or not all(any(start <= at < end for start, end in spans) for at in begun)


def current(line: str) -> str:
    """The line without amounts that it says are those of the past, where another one is left: "$0.05 (was $0.10)"."""
    found = [(each.start(), each.end()) for each in _MONEY.finditer(line)]
    heads = [line[end:start] for end, (start, _) in zip((0, *(end for _, end in found)), found, strict=False)]
    past = [_ONCE.search(head) for head in heads]
    if not any(past) or all(past):
        return line
    for (start, end), head, once in reversed(list(zip(found, heads, past, strict=True))):
        led = once or _NOW.search(head)
        if led:
            after = line[end:]
            if once and (when := _DATED.match(after)):  # its own days go with it
                after = after[when.end() :]
                after = after[closed.start() :] if (closed := re.search(r"[),;]|$", after)) else after
            line = line[: start - len(led[0])] + (after if once else line[start:])
    return re.sub(r"\(\s*\)", "", line).strip(" ,;")


def is_past(line: str) -> bool:
    """Whether all that a line prices is a price of the past: "was $0.10"."""
    found = _MONEY.search(line)
    led = found and _ONCE.search(line[: found.start()])
    return bool(led and not re.search(r"price|usually|normally|before", led[0], re.I))


def foreign_sign(line: str) -> str:
    """The first sign of a line that letters make another currency's, none of those known: "NT$"; else ""."""
    return next((found[0] for found in _FOREIGN.finditer(line) if found[0] not in _CURRENCIES), "")


def mended(text: str) -> str:
    """One spelling of characters, glued prices apart, a decimal comma as a point."""
    text = _LIST_GLUED.sub(r"\n", _GLUED.sub(r"\1 / ", fold(text)))
    return _COMMA_DECIMAL.sub(_pointed, text)


def _pointed(found: re.Match[str]) -> str:
    """A number with a decimal comma, written with a point."""
    whole, part = next((found[one], found[two]) for one, two in ("ab", "cd", "ef", "gh") if found[one])
    return f"{whole.replace('.', '')}.{part}"


def _match(found: re.Match[str]) -> Amount:
    number = found["n1"] or found["n2"] or found["n3"]
    scale = found["s1"] or found["s2"] or found["s3"]
    amount = scaled(number, scale)
    if found["cents"]:
        return Amount(amount / 100, "USD", found.start(), found.end())
    sign = found["c1"] or found["c2"] or found["c3"]
    return Amount(amount, _CURRENCIES.get(sign) or _CURRENCIES[sign.upper()], found.start(), found.end())


def _priced(matches: list[Amount], line: str) -> list[Amount]:
    """Without the money something is counted by ("1.69M / $1", "tokens per dollar")."""
    ends = {match.end for match in matches}
    kept = []
    for match in matches:
        before = line[: match.start].rstrip()
        divided = re.search(r"(?:/|\bper)$", before)
        between = line[max((end for end in ends if end <= match.start), default=0) : match.start].rstrip(" /")
        if not divided or len(before[: divided.start()].rstrip()) in ends or _SIDE.fullmatch(between):
            kept.append(match)
    return kept


def _without_old(line: str, matches: list[Amount]) -> list[Amount]:
    """Of "$2.50 → $1.25" only the new price."""
    return [
        match
        for match, following in zip(matches, [*matches[1:], None], strict=True)
        if following is None
        or not _ARROW.match(line[match.end : following.start])
        or _DATED.match(line[following.end :])  # the new price is one of a day to come
    ]

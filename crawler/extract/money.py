"""Amounts of money in a piece of text: strict, exact, with what stands before and after each of them.

Nothing is guessed: a sign that several currencies share stays unsettled until its page settles it, and what is no
amount is no quote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from crawler.extract.units import REMEMBERED, Unit, find_units, fold, scaled
from timeline.prices import PriceState

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
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?![\d])|\d+)(?:\.\d+)?|\.\d+"
_SCALE = r"(?:百万|千万|十万|万|亿|千|million\b|billion\b|thousand\b)"
_BEFORE = "|".join(
    re.escape(s) for s in sorted(_CURRENCIES, key=len, reverse=True) if s not in "元円원" and s[0] not in "美欧人日달d"
)
_AFTER = "|".join(
    re.escape(s)
    for s in ("美元", "欧元", "人民币", "日元", "달러", "元", "円", "원", "USD", "EUR", "CNY", "RMB", "JPY", "€", "£")
)
_MONEY = re.compile(
    rf"(?<![A-Za-z0-9_.])(?P<c1>(?<![A-Za-z]){_BEFORE})\s?(?P<n1>{_NUMBER})(?:\s?(?P<s1>{_SCALE}))?(?:\s?(?:USD|"
    rf"EUR|CNY|RMB)\b)?"
    rf"|(?P<c3>{_BEFORE})\s?(?P<n3>{_NUMBER})(?:\s?(?P<s3>{_SCALE}))?(?:\s?(?:USD|EUR|CNY|RMB)\b)?"
    rf"|(?<![A-Za-z0-9_.,])(?P<n2>{_NUMBER})\s?(?P<s2>{_SCALE}|[kK](?=\s?[元$]))?\s?"
    rf"(?P<c2>{_AFTER}|\$(?!\s?\d)|dollars?\b|(?P<cents>cents?\b|¢))",
)
_BARE = re.compile(rf"^\s*(?P<n>{_NUMBER})(?=\s*(?:$|\n|/|\(|\*|per\b|每|,\s|[\u4e00-\u9fff]))")
_COMMA_DECIMAL = re.compile(r"(?<![\d.,])(\d+),(\d{1,2}|\d{4,})(?![\d,])(?=\s?€)|(?<=€)(\d+),(\d{1,2})(?![\d,])")
_GLUED = re.compile(r"(\.\d{2})(?=1[MKk]\s?(?:tokens?|characters?|chars?)\b)")  # "$15.001M characters": a lost slash
_LIST_GLUED = re.compile(r"(?<=[a-z])(?=\d+ ?[GT]B: ?\$)")  # "/ container4 GB: $0.12": a lost line break
_NAMED = re.compile(
    r"US\$|\$|€|£|¥|₩|₹|美元|欧元|日元|人民币|元|円|달러"
    r"|\b(?:USD|EUR|GBP|CNY|RMB|JPY|KRW|INR|U\.S\. dollars?|US dollars?|euros?)\b",
    re.I,
)
_FREE = re.compile(
    r"(?:limited[- ]time |currently |temporarily )?(?:free(?: of charge)?|no (?:additional |"
    r"extra )?(?:charge|cost)|gratis)"
    r"|(?:限时)?(?:免费|不计费|不收费)(?:使用)?|무료|無料",
    re.I,
)
_INCLUDED = re.compile(r"included|包含|已包含|inclusive", re.I)
_NONE = re.compile(
    r"[-\\/×✗✘xX—]+|n\s?/?\s?a\.?|none|null|not (?:yet )?(?:available|supported|offered|"
    r"applicable)|unavailable|unsupported|tbd|tba"
    r"|coming soon|暂?不支持|暂无|无|不适用|敬请期待|해당 사항 없음|사용할 수 없음|no",
    re.I,
)
_VARIES = re.compile(
    r"(?:custom(?: pricing)?|contact (?:us|sales|your.*)|get in touch.*|talk to .*|varies.*|"
    r"variable|on request|negotiable"
    r"|token-based only|see .*|same as .*|market price|联系.*|咨询.*|获取.*|面议|按.{0,12}计费)",
    re.I,
)
_APPROXIMATE = re.compile(
    r"(?:约|大约|≈|~|approx(?:imately|\.)?|equivalent(?: to)?|roughly|about|estimated?(?: at)?)\s*$", re.I
)
_FROM = re.compile(r"(?:\bfrom|\bstarting (?:at|from)|\bas low as|\bstarts at|起价?)\s*$", re.I)
_UPTO = re.compile(r"(?:\bup to|\bat most|\bmaximum(?: of)?)\s*$", re.I)
_FROM_AFTER = re.compile(r"^\s*起")
_RANGE = re.compile(r"^\s*(?:-|–|to|~|至|到)\s*$")
_ARROW = re.compile(r"^\s*(?:→|->|=>|➜|➔|⟶)\s*$")
_TOLD_AFTER = re.compile(r"\s*[A-Za-z][\w -]{1,30}(?:,|;|\.|,? and|,? or)\s*")  # "$0.10 / hour batch, $0.20 ..."
_SIZED = re.compile(
    r"(?:/|per\b)\s*(?P<size>(?:[\w/-]+[ ,]+){0,4}?)(?P<noun>videos?|music|songs?|images?|clips?)\b", re.I
)
_COUNTED = re.compile(r"(?:/|per\b)\s*(?:(?P<n>1|1,000|1000|1,000,000)\s?)?(?P<s>[MKk]|million|thousand)?(?![\w,.])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """One price as printed.

    `head` is the label before it ("Input:"), `tail` the words after it without the unit ("prompts <= 200k tokens"),
    `group` the last line above it that had no price ("Audio"). `currency` may still be a shared sign (see UNSETTLED),
    or None where only the column says. `pair` counts amounts joined by a slash: 1 for "$3", 2 for "$15" in "$3 / $15".
    """

    amount: Decimal | None
    state: PriceState = "priced"
    currency: str | None = None
    unit: Unit | None = None
    phrase: str = ""  # the unit as printed: may say more ("per M input tokens")
    head: str = ""
    tail: str = ""
    group: str = ""
    printed: str = ""
    qualifier: str | None = None  # "from", "up to"
    approximate: bool = False
    pair: int = 0
    line: int = 0


@dataclass(frozen=True, slots=True)
class _Match:
    amount: Decimal
    currency: str | None
    start: int
    end: int


@lru_cache(maxsize=REMEMBERED)
def read_quotes(text: str, *, bare: bool = False) -> tuple[Quote, ...]:
    """Every price of a cell or line. `bare`: a number alone at the start of a line is an amount too.

    Texts of more than 4,000 characters are no cells and give nothing. Cells that say in words that something is free,
    not offered or negotiable give one quote with that state.
    """
    if len(text) > LONGEST:
        return ()
    text = _mended(text)
    if state := state_of(text):
        amount = Decimal(0) if state == "free" else None
        return (Quote(amount=amount, state=state, printed=text),)
    quotes: list[Quote] = []
    group = ""
    for number, line in enumerate(_lines(text)):
        found = _line_quotes(line, bare=bare)
        if not found:
            group = "" if re.search(r":\s*\S", line) else line
            continue
        quotes += [replace(quote, group=group, line=number) for quote in found]
    return tuple(quotes)


@lru_cache(maxsize=REMEMBERED)
def state_of(text: str) -> PriceState | None:
    """What a cell without any amount says about the price, where it says one of the known things and nothing else."""
    if len(text) > LONGEST:
        return None
    words = fold(text).strip(" .*。")
    bracketless = re.sub(r"\([^()]*\)", "", words).strip(" .*")
    for each in (words, bracketless):
        if each and _FREE.fullmatch(each):
            return "free"
        if each and _INCLUDED.fullmatch(each):
            return "included"
        if each and _NONE.fullmatch(each):
            return "not_offered"
        if each and _VARIES.fullmatch(each) and not has_money(each):
            return "varies"
    return None


@lru_cache(maxsize=REMEMBERED)
def has_money(text: str) -> bool:
    """Whether an amount with a currency stands in the text."""
    return _MONEY.search(_mended(text[:LONGEST])) is not None


@lru_cache(maxsize=REMEMBERED)
def currencies_in(text: str) -> tuple[str, ...]:
    """The currencies a header or a sentence names ("USD", "元/百万tokens", "(in $)"), shared signs unsettled."""
    found = []
    folded = fold(text[:LONGEST])
    for match in _NAMED.finditer(folded):
        sign = match[0].upper()
        sign = {"U.S. DOLLAR": "USD", "U.S. DOLLARS": "USD", "US DOLLAR": "USD", "US DOLLARS": "USD"}.get(sign, sign)
        found.append({"EURO": "EUR", "EUROS": "EUR"}.get(sign) or _CURRENCIES.get(sign, sign))
    return tuple(dict.fromkeys(found))


def _mended(text: str) -> str:
    text = _LIST_GLUED.sub(r"\n", _GLUED.sub(r"\1 / ", fold(text)))
    return _COMMA_DECIMAL.sub(lambda m: f"{m[1] or m[3]}.{m[2] or m[4]}", text)


def _lines(text: str) -> list[str]:
    """Lines, and the parts of a line that a semicolon separates."""
    lines: list[str] = []
    for line in text.split("\n"):
        parts = re.split(r"\s*;\s*", line)
        lines += parts if sum(has_money(part) or bool(_FREE.search(part)) for part in parts) > 1 else [line]
    return [line.strip(" •·\t") for line in lines if line.strip(" •·\t")]


def _line_quotes(line: str, *, bare: bool) -> list[Quote]:
    matches = _priced([_match(found) for found in _MONEY.finditer(line)], line)
    if not matches and bare and (found := _BARE.match(line)):
        matches = [_Match(Decimal(found["n"].replace(",", "")), None, found.start("n"), found.end("n"))]
    if not matches:
        return _worded(line)
    matches = _without_old(line, matches)
    quotes: list[Quote] = []
    label = ""
    for match, (head, tail) in zip(matches, _segments(line, matches), strict=True):
        own = head.strip(" ,")
        label = head if own.endswith(":") else "" if own else label
        quote = _quote(line, match, head if own else label, tail)
        also = quotes and quotes[-1].approximate and re.search(r"\b(?:and|or)\s*$", line[: match.start])
        quotes.append(replace(quote, approximate=True) if also else quote)
    return _shared(_ranged(_paired(line, matches, quotes)))


def _worded(line: str) -> list[Quote]:
    """A line such as "Output: free", or "Free of charge, up to 500 RPD"."""
    if led := re.match(rf"(?:{_FREE.pattern})(?=\s*,)", line, re.I):
        tail = line[led.end() :].strip(" ,")
        return [Quote(amount=Decimal(0), state="free", tail=tail, printed=line, qualifier="up to")]
    label, colon, rest = line.partition(":")
    if colon and (state := state_of(rest)):
        return [Quote(amount=Decimal(0) if state == "free" else None, state=state, head=label.strip(), printed=line)]
    return []


def _match(found: re.Match[str]) -> _Match:
    number = found["n1"] or found["n2"] or found["n3"]
    scale = found["s1"] or found["s2"] or found["s3"]
    amount = scaled(number, scale)
    if found["cents"]:
        return _Match(amount / 100, "USD", found.start(), found.end())
    sign = found["c1"] or found["c2"] or found["c3"]
    return _Match(amount, _CURRENCIES.get(sign) or _CURRENCIES[sign.upper()], found.start(), found.end())


def _priced(matches: list[_Match], line: str) -> list[_Match]:
    """Without the money something is counted by ("1.69M / $1", "tokens per dollar")."""
    ends = {match.end for match in matches}
    kept = []
    for match in matches:
        before = line[: match.start].rstrip()
        divided = re.search(r"(?:/|\bper)$", before)
        if not divided or len(before[: divided.start()].rstrip()) in ends:
            kept.append(match)
    return kept


def _without_old(line: str, matches: list[_Match]) -> list[_Match]:
    """Of "$2.50 → $1.25" only the new price."""
    return [
        match
        for match, following in zip(matches, [*matches[1:], None], strict=True)
        if following is None or not _ARROW.match(line[match.end : following.start])
    ]


def _segments(line: str, matches: list[_Match]) -> list[tuple[str, str]]:
    """For each amount the words before and after it; what stands between two amounts is divided."""
    heads, tails = [line[: matches[0].start]], []
    for one, other in pairwise(matches):
        tail, head = _divided(
            line[one.end : other.start], headed=bool(heads[0].strip(" :,(")) and not heads[0].rstrip().endswith(":")
        )
        tails.append(tail)
        heads.append(head)
    tails.append(line[matches[-1].end :])
    return list(zip(heads, tails, strict=True))


def _divided(gap: str, *, headed: bool) -> tuple[str, str]:
    """What belongs to the amount before, and what to the amount after."""
    if label := re.search(r"(?:^|[\s,;.)|])([^,;.()|]{1,40}:)\s*$", gap):
        return gap[: label.start(1)], label[1]
    led = next((unit for unit in find_units(gap) if unit.led and gap[: unit.start].strip() in ("", ",")), None)
    rest, taken = (gap[led.end :], gap[: led.end]) if led else (gap, "")
    bracket = re.match(r"\s*\([^()]*\)|\s*for \w+(?: tokens)?(?=\s*(?:,|and\b|or\b|$))", rest)
    if bracket:
        rest, taken = rest[bracket.end() :], taken + bracket[0]
    if _TOLD_AFTER.fullmatch(rest) and (led or bracket):
        return gap, ""
    if headed or led or bracket:
        return taken, rest
    return gap, ""


def _quote(line: str, match: _Match, head: str, tail: str) -> Quote:
    unit, phrase, tail = _unit_of(tail)
    before = next((each for each in reversed(find_units(head)) if each.led), None)
    if unit is None and before and not head[before.end :].strip(" :("):
        unit, phrase, head = before.unit, head[before.start :], head[: before.start]
    approximate = bool(_APPROXIMATE.search(head))
    qualifier = "from" if _FROM.search(head) or _FROM_AFTER.match(tail) else "up to" if _UPTO.search(head) else None
    return Quote(
        amount=match.amount,
        currency=match.currency,
        unit=unit,
        phrase=phrase,
        head=_tidy(_APPROXIMATE.sub("", head)),
        tail=_tidy(tail),
        printed=line,
        qualifier=qualifier,
        approximate=approximate,
    )


def _unit_of(tail: str) -> tuple[Unit | None, str, str]:
    """The unit that follows an amount at once, its words, and the words after it."""
    found = find_units(tail)
    if found and found[0].led and not tail[: found[0].start].strip(" (,"):
        return found[0].unit, tail[: found[0].end].strip(), tail[found[0].end :]
    stripped = tail.lstrip()
    implied = find_units(f"/{stripped}") if re.match(r"[A-Za-z0-9]", stripped) else ()
    if implied and implied[0].start == 0 and not re.match(r"\s*\d", tail):
        end = implied[0].end - 1
        return implied[0].unit, stripped[:end], stripped[end:]
    return _measured(stripped) or (None, "", tail)


def _measured(tail: str) -> tuple[Unit, str, str] | None:
    """Units with a size: "per 768P, 6s video", "/up-to-5 minutes music", "/ 1M": what is sized is kept as words."""
    sized = _SIZED.match(tail)
    if sized:
        unit = find_units(f"/{sized['noun']}")[0].unit
        return unit, sized[0], f"{sized['size'].strip(' ,')} {tail[sized.end() :]}"
    counted = _COUNTED.match(tail)
    if counted and (counted["n"] or counted["s"]):
        unit = Unit(per=scaled(counted["n"] or "1", counted["s"]), name="")
        return unit, counted[0], tail[counted.end() :]
    return None


def _paired(line: str, matches: Sequence[_Match], quotes: list[Quote]) -> list[Quote]:
    """Amounts that only a slash, a range sign or nothing joins."""
    for index in range(len(matches) - 1):
        gap = line[matches[index].end : matches[index + 1].start]
        if gap.strip() in ("/", "|", "") and not quotes[index].unit:
            first = quotes[index].pair or 1
            quotes[index] = replace(quotes[index], pair=first, tail="")
            quotes[index + 1] = replace(quotes[index + 1], pair=first + 1, head="")
        elif _RANGE.match(gap):
            quotes[index] = replace(quotes[index], qualifier="range", tail="")
            quotes[index + 1] = replace(quotes[index + 1], qualifier="range", head="")
    if quotes and quotes[-1].pair > 1:
        last = quotes[-1]
        return [
            replace(q, unit=q.unit or last.unit, phrase=q.phrase or last.phrase, head=q.head or quotes[0].head)
            for q in quotes
        ]
    return quotes


def _ranged(quotes: list[Quote]) -> list[Quote]:
    """ "$0.10 - $0.50" is no price but the statement that it varies."""
    done: list[Quote] = []
    for quote in quotes:
        if quote.qualifier == "range" and done and done[-1].state == "varies" and done[-1].qualifier == "range":
            done[-1] = replace(done[-1], unit=quote.unit, phrase=quote.phrase, tail=quote.tail)
        else:
            ranged = quote.qualifier == "range"
            done.append(replace(quote, state="varies", amount=None) if ranged else quote)
    return done


def _shared(quotes: list[Quote]) -> list[Quote]:
    """A unit printed once at the end of a list counts for the whole list."""
    last = quotes[-1]
    if (
        len(quotes) > 1
        and last.unit
        and last.unit.name != "token-hour"
        and not last.approximate
        and not any(quote.unit for quote in quotes[:-1])
        and not any(q.pair for q in quotes)
    ):
        return [
            replace(quote, unit=last.unit, tail=quote.tail or (last.tail if not last.head else "")) for quote in quotes
        ]
    return quotes


def _tidy(text: str) -> str:
    text = text.strip(" ,;:.|*·")
    if text.startswith("(") and text.endswith(")") and text.count("(") == 1:
        text = text[1:-1]
    text = re.sub(r"^\+\s*|^(?:and|then|or)\b\s*|\s*\b(?:and|then|or)$|\(\s*$|^\s*\)", "", text.strip())
    return text.strip(" ,;:.|")

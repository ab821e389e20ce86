"""Prices in a cell or line: each amount with what stands before and after it. What is no amount is no quote."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from crawler.extract.amount_units import unit_after
from crawler.extract.amounts import (
    LONGEST,
    Amount,
    amounts_in,
    current,
    foreign_sign,
    has_money,
    is_broken,
    is_past,
    mended,
)
from crawler.extract.price_words import FREE, state_of
from crawler.extract.units import REMEMBERED, Unit, find_units
from timeline.prices import PriceState

_APPROXIMATE = re.compile(
    r"(?:约|大约|≈|~|approx(?:imately|\.)?|equivalent(?: to)?|roughly|about|estimated?(?: at)?)\s*$", re.I
)
_FROM = re.compile(r"(?:\bfrom|\bstarting (?:at|from)|\bas low as|\bstarts at|起价?)\s*$", re.I)
_UPTO = re.compile(r"(?:\bup to|\bat most|\bmaximum(?: of)?)\s*$", re.I)
_FROM_AFTER = re.compile(r"^\s*起")
_RANGE = re.compile(r"^\s*(?:-|–|to|~|至|到)\s*$")
_TOLD_AFTER = re.compile(r"\s*[A-Za-z][\w -]{1,30}(?:,|;|\.|,? and|,? or)\s*")  # "$0.10 / hour batch, $0.20 ..."
_SIDE_AFTER = re.compile(  # "$0.60 in / $2.20 out": of the amount before, whatever stands before that
    r"\s*(?:\w+ )?(?:input|output|in|out|cached?|prompts?|completions?)(?: tokens?)?\s*(?:[/,|·•&]|\band\b)\s*", re.I
)


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
    first: date | None = None  # the first day it holds, where the words beside it say so, and the last
    last: date | None = None
    code: str = "unread_prices"  # of the issue, where there is a doubt
    doubt: str = ""  # why it is no price that can be believed


@lru_cache(maxsize=REMEMBERED)
def read_quotes(text: str, *, bare: bool = False) -> tuple[Quote, ...]:
    """Every price of a cell or line. `bare`: a number alone at the start of a line is an amount too.

    Texts of more than 4,000 characters are no cells and give nothing. Cells that say in words that something is free,
    not offered or negotiable give one quote with that state.
    """
    if len(text) > LONGEST:
        return ()
    text = mended(text)
    if state := state_of(text):
        amount = Decimal(0) if state == "free" else None
        return (Quote(amount=amount, state=state, printed=text),)
    quotes: list[Quote] = []
    group = ""
    for number, line in enumerate(_lines(text)):
        found = _doubtful(line) or _line_quotes(line, bare=bare)
        if not found:
            group = "" if re.search(r":\s*\S", line) else line
            continue
        quotes += [replace(quote, group=group, line=number) for quote in found]
    return tuple(quotes)


def _lines(text: str) -> list[str]:
    """Lines, and the parts of a line that a semicolon separates."""
    lines: list[str] = []
    for line in text.split("\n"):
        parts = re.split(r"\s*;\s*|,?\s+(?=then\b)" if FREE.match(line.strip()) else r"\s*;\s*", line)
        lines += parts if sum(has_money(part) or bool(FREE.search(part)) for part in parts) > 1 else [line]
    return [line.strip(" •·\t") for line in lines if line.strip(" •·\t")]


def _doubtful(line: str) -> list[Quote]:
    if sign := foreign_sign(line):
        return [Quote(amount=None, printed=line, doubt=f"{sign} is no currency known here", code="unknown_currency")]
    broken = "no amount as it stands: it goes on, or is below zero"
    return [Quote(amount=None, printed=line, doubt=broken)] if is_broken(line) else []


def _line_quotes(printed: str, *, bare: bool) -> list[Quote]:
    line = current(printed)
    if is_past(line):
        return [Quote(amount=None, printed=printed, doubt="a price of the past, and none of today")]
    matches = amounts_in(line, bare=bare)
    if not matches:
        return _worded(line)
    quotes: list[Quote] = []
    label = ""
    for match, (head, tail) in zip(matches, _segments(line, matches), strict=True):
        own = head.strip(" ,")
        label = head if own.endswith(":") else "" if own else label
        quote = replace(_quote(line, match, head if own else label, tail), printed=printed)
        also = quotes and quotes[-1].approximate and re.search(r"\b(?:and|or)\s*$", line[: match.start])
        quotes.append(replace(quote, approximate=True) if also else quote)
    between = line[matches[0].end : matches[-1].start]
    bracketed = between.count("(") > between.count(")")  # "$0.45 ($0.0001 per image)": the first is for no image
    quotes = _ranged(_paired(line, matches, quotes))
    return quotes if bracketed else _shared(quotes)


def _worded(line: str) -> list[Quote]:
    """A line such as "Output: free", or "Free of charge, up to 500 RPD"."""
    if led := re.match(rf"(?:{FREE.pattern})(?=\s*,)", line, re.I):
        tail = line[led.end() :].strip(" ,")
        return [Quote(amount=Decimal(0), state="free", tail=tail, printed=line, qualifier="up to")]
    if timed := re.match(
        rf"(?:{FREE.pattern})(?=\s*[,(]?\s*(?:until|till|through|thru|from|starting|before|up to)\b)", line, re.I
    ):
        return [Quote(amount=Decimal(0), state="free", tail=_tidy(line[timed.end() :]), printed=line)]
    label, colon, rest = line.partition(":")
    if colon and (state := state_of(rest)):
        return [Quote(amount=Decimal(0) if state == "free" else None, state=state, head=label.strip(), printed=line)]
    return []


def _segments(line: str, matches: list[Amount]) -> list[tuple[str, str]]:
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
    if other := re.fullmatch(r"\s*\(([^()]*?),?\s*\bor\s*", gap):  # "$3.00 (audio or $0.005 / minute)"
        return f"({other[1]})", other[1]
    if opened := re.fullmatch(r"\s*\(\s*([^()/]*[^\W\d_][^()/]*?)\s*", gap):  # "$2 (cached $0.2)"
        return "", opened[1]
    if _SIDE_AFTER.fullmatch(gap):
        return gap.rstrip(" /,|·•&"), ""
    if label := re.search(r"(?:^|[\s,;.)|])([^,;.()|]{1,40}:)\s*$", gap):
        return gap[: label.start(1)], label[1]
    led = next((unit for unit in find_units(gap) if unit.led and gap[: unit.start].strip() in ("", ",")), None)
    rest, taken = (gap[led.end :], gap[: led.end]) if led else (gap, "")
    bracket = re.match(r"\s*\([^()]*\)|\s*for \w+(?: tokens)?(?=\s*(?:,|and\b|or\b|$))", rest)
    if bracket:
        rest, taken = rest[bracket.end() :], taken + bracket[0]
    if _TOLD_AFTER.fullmatch(rest) and (led or bracket):
        return gap, ""
    return (taken, rest) if headed or led or bracket else (gap, "")


def _quote(line: str, match: Amount, head: str, tail: str) -> Quote:
    unit, phrase, tail = unit_after(tail)
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


def _paired(line: str, matches: Sequence[Amount], quotes: list[Quote]) -> list[Quote]:
    """Amounts that only a slash, a range sign or nothing joins."""
    for index in range(len(matches) - 1):
        gap = line[matches[index].end : matches[index + 1].start]
        if gap.strip() in ("/", "|", "") and not quotes[index].unit:
            first = quotes[index].pair or 1
            quotes[index] = replace(quotes[index], pair=first, tail="")
            quotes[index + 1] = replace(quotes[index + 1], pair=first + 1, head=quotes[index].head)
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

"""What a cell of figures says: a number with its unit, a range, a margin of error, or that there is none. Strict."""

import re
from dataclasses import dataclass
from decimal import Decimal

MOST_DIGITS = 27
LONGEST = 120  # characters of a cell of figures
_ABSENT = re.compile(
    r"[-\u2010-\u2015\u2212*.…\s]*|\+?n/?a\.?|n\.a\.?|nan|null|none|tb[cd]|unknown|pending"
    r"|not (?:fully |yet )?(?:reported|available|applicable|disclosed|tested|measured)|no data|--",
    re.I,
)
_FOOTNOTES = re.compile(
    r"(?:\s*(?:\[\^?\w{1,3}\]|[*†‡§¶#]|(?<![^\W\d_])[\u00b9\u00b2\u00b3\u2070-\u2079]|[\u24d0-\u24e9]))+\s*$"
)
_MEDALS = re.compile(r"^[\U0001f3c5\U0001f3c6\U0001f947-\U0001f949\u2b50\ufe0f\s]+")
_QUALIFIERS = {
    "about": r"~|≈|∼|about|approx(?:\.|imately)?|around|circa|c\.|ca\.|roughly|est\.?|estimated",
    "below": r"<|less than|under|below|fewer than",
    "above": r">|more than|over|above",
    "at most": r"≤|<=|up to|at most",
    "at least": r"≥|>=|at least",
}
_QUALIFIED = {name: re.compile(rf"(?:{pattern})(?=[\s\d$€£¥.+\-−])\s*", re.I) for name, pattern in _QUALIFIERS.items()}
_SIGN = r"[-+\u2212]?"
_PREFIX = r"[$€£¥]"
_NUMBER = {
    ".": r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,3}(?:[ '’][0-9]{3})+|[0-9]+)(?:\.[0-9]+)?|\.[0-9]+",
    ",": r"(?:[0-9]{1,3}(?:\.[0-9]{3})+|[0-9]{1,3}(?:[ '’][0-9]{3})+|[0-9]+)(?:,[0-9]+)?",
}
_UNIT = r"[^0-9±+()\[\]<>=~]{0,60}?"
_END = r"\s*(?P<{0}>{sign}{prefix}?{sign}(?:{number}))\s*(?P<unit_{0}>{unit})"
_RANGE = r"\s*(?:-|\u2013|\u2014|\u2212|~|\bto\b)\s*"


@dataclass(frozen=True, kw_only=True, slots=True)
class Number:
    """What stands in a cell; `printed` is its unit as printed, empty where the cell has none."""

    value: Decimal
    upto: Decimal | None = None
    plus: Decimal | None = None
    minus: Decimal | None = None
    qualifier: str | None = None
    printed: str = ""


class UnreadableNumberError(ValueError):
    """A cell that holds something else than one figure."""


def number_of(text: str, *, decimal: str = ".") -> Number | None:
    """The figure in a cell; None where the cell says that there is none. Raises UnreadableNumberError.

    `decimal` is what stands before decimals, "." or ",": of `1,234` the table's language must be known.
    """
    plain = _plain(text)
    if len(plain) > LONGEST:
        raise UnreadableNumberError("more text than a figure has")
    if _ABSENT.fullmatch(plain):
        return None
    qualifier, rest = _qualified(plain)
    found = _pattern(decimal).fullmatch(rest)
    if found is None:
        raise UnreadableNumberError("not one figure")
    value, upto = (_decimal(found[name], decimal) for name in ("low", "high"))
    if value is None or (upto is not None and upto < value):
        raise UnreadableNumberError("a range whose end is below its start")
    both, plus, minus = (_decimal(found[name], decimal) for name in ("both", "plus", "minus"))
    return Number(
        value=value,
        upto=upto,
        plus=both if plus is None else plus,
        minus=both if minus is None else minus,
        qualifier=qualifier,
        printed=_printed(found),
    )


def margins_of(text: str, *, decimal: str = ".") -> tuple[Decimal, Decimal] | None:
    """Margins in a cell of their own, up and down: `+4/-3`, `±4`, `4`; None where there are none."""
    plain = _plain(text)
    if _ABSENT.fullmatch(plain):
        return None
    number = _NUMBER[decimal]
    if found := re.fullmatch(rf"\+\s*({number})\s*%?\s*/\s*[-\u2212]\s*({number})\s*%?", plain):
        plus, minus = _decimal(found[1], decimal), _decimal(found[2], decimal)
    elif found := re.fullmatch(rf"±?\s*({number})\s*%?", plain):
        plus = minus = _decimal(found[1], decimal)
    else:
        raise UnreadableNumberError("not one margin of error")
    return None if plus is None or minus is None else (plus, minus)


def name_of(text: str) -> str:
    """A subject as printed, in one line, without medals and the marks of footnotes."""
    return _FOOTNOTES.sub("", _MEDALS.sub("", " ".join(text.split()))).strip()


def _plain(text: str) -> str:
    return name_of(text)


def _qualified(text: str) -> tuple[str | None, str]:
    for name in ("at most", "at least", "about", "below", "above"):
        if found := _QUALIFIED[name].match(text):
            return name, text[found.end() :]
    return None, text


def _pattern(decimal: str) -> re.Pattern[str]:
    number = _NUMBER[decimal]
    low, high = (_END.format(name, sign=_SIGN, prefix=_PREFIX, number=number, unit=_UNIT) for name in ("low", "high"))
    margin = rf"(?:\(?±\s*(?P<both>{number})\)?|\(?\+\s*(?P<plus>{number})\s*/\s*[-\u2212]\s*(?P<minus>{number})\)?)"
    return re.compile(rf"{low}(?:{_RANGE}{high})?(?:\s*{margin}\s*(?P<unit_margin>{_UNIT}))?\s*", re.I)


def _printed(found: re.Match[str]) -> str:
    """The unit of all the numbers in a cell, the sign of a currency first."""
    units = [" ".join((found[name] or "").split()) for name in ("unit_low", "unit_high", "unit_margin")]
    told = list(dict.fromkeys(filter(None, units)))
    signs = {sign for end in ("low", "high") for sign in re.findall(_PREFIX, found[end] or "")}
    if len(told) > 1 or len(signs) > 1:
        raise UnreadableNumberError("two units in one cell")
    return " ".join([*signs, *told])


def _decimal(text: str | None, decimal: str) -> Decimal | None:
    if text is None:
        return None
    digits = re.sub(rf"[ '’{'.' if decimal == ',' else ','}]|{_PREFIX}", "", text).replace(",", ".")
    digits = digits.replace("\u2212", "-")
    if digits.count("-") + digits.count("+") > 1 or len(digits) > MOST_DIGITS:
        raise UnreadableNumberError("not one figure")
    if re.match(r"[-+]?0\d", digits):
        raise UnreadableNumberError("a figure that begins with a 0")
    return Decimal(digits)

"""From when, and until when, a price holds: "through August 31, 2026", "starting September 1, 2026", "Now"."""

import re
from dataclasses import dataclass
from datetime import date

from crawler.extract.dates import StatedDate, find

_UNTIL = re.compile(
    r"(?:\b(?:valid |available |in effect |promotional |introductory |price |pricing )*"
    r"(?:through|thru|until|till|up to|ends?(?: on)?|expires?(?: on)?|before|at least (?:until|"
    r"through))|截至|截止(?:到|至)?|至|到|直到)\s*$",
    re.I,
)
_FROM = re.compile(
    r"(?:\b(?:starting|starts?|from|effective|as of|after|since|beginning|begins?|on or after|"
    r"take effect)(?: from| on| in| as of)?|自|从|起自)\s*$",
    re.I,
)
_FROM_AFTER = re.compile(r"^\s*(?:起|开始|onwards?|and later|or later|부터)", re.I)
_UNTIL_AFTER = re.compile(r"^\s*(?:止|前|为止|까지)", re.I)
_AT_LEAST = re.compile(r"at least|至少", re.I)
_BEFORE = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class Validity:
    """The first and the last day of a price, where stated, and the text without those words."""

    first: date | None = None
    last: date | None = None
    qualifier: str | None = None
    rest: str = ""


def read_validity(text: str, *, at: date) -> Validity:
    """The validity a label states. Dates without a year are those nearest to `at`."""
    first = last = None
    qualifier = None
    rest = text
    for stated in reversed(find(text, near=at).dates):
        before, after = text[max(0, stated.start - _BEFORE) : stated.start], text[stated.end :]
        opened, closed = _FROM.search(before), _UNTIL.search(before)
        if closed or _UNTIL_AFTER.match(after):
            last = stated.last
            qualifier = "at least until" if _AT_LEAST.search(before) or stated.qualifier == "not_before" else qualifier
        elif opened or _FROM_AFTER.match(after):
            first = stated.first
        else:
            continue
        rest = _without(rest, stated, opened or closed, after)
    if rest != text:
        rest = re.sub(r"\(\s*\)", "", rest).strip(" ,;-\n")
    return Validity(first=first, last=last, qualifier=qualifier, rest=rest)


def _without(text: str, stated: StatedDate, led: re.Match[str] | None, after: str) -> str:
    start = stated.start - (len(led[0]) if led else 0)
    tail = _FROM_AFTER.match(after) or _UNTIL_AFTER.match(after)
    return f"{text[:start].rstrip()} {text[stated.end + (tail.end() if tail else 0) :].lstrip()}"

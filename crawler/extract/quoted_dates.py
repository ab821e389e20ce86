"""From when and until when the prices of one cell hold, where the words beside its amounts say so."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import zip_longest

from crawler.extract.dates import find
from crawler.extract.money import Quote
from crawler.extract.validities import read_validity

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
_DATED = re.compile(rf"20\d\d|\d{{1,2}}\s?[月/.-]\s?\d|\b{_MONTH}[a-z]*\.? \d|\d {_MONTH}", re.I)
_EMPTY = re.compile(
    r"[\s(),;.:*→>=-]*(?:(?:and|then|after(?:wards)?|thereafter|after that|from then on)\b[\s(),;.:]*)?", re.I
)
_DAY = timedelta(days=1)


def dated_quotes(quotes: Sequence[Quote], at: date) -> list[Quote]:
    """The quotes with the days they state; a price that another one follows ends the day before.

    One that has ended by `at`, with its successor beside it, is left out. A date that cannot be, or of which nothing
    says whether the price begins or ends there, makes its quote doubtful.
    """
    told = [_dated(quote, at) for quote in quotes]
    for index in range(len(told) - 1):
        one, other = told[index], told[index + 1]
        if one.printed != other.printed and not other.printed.startswith("then "):
            continue
        if other.first and not (one.first or one.last) and _alike(one, other):
            told[index] = replace(one, last=other.first - _DAY)
        elif one.last and not (other.first or other.last) and _alike(one, other):
            told[index + 1] = replace(other, first=one.last + _DAY, head="", tail="")
    return [
        quote
        for quote, successor in zip_longest(told, told[1:])
        if not (quote.last and quote.last < at and successor and successor.first == quote.last + _DAY)
    ]


def _alike(one: Quote, other: Quote) -> bool:
    """Whether nothing but their days tells two quotes apart."""
    return bool(
        one.pair == other.pair
        and (_EMPTY.fullmatch(other.head) or other.head == one.head)
        and (_EMPTY.fullmatch(other.tail) or other.tail == one.tail)
    )


def _dated(quote: Quote, at: date) -> Quote:
    tail, head = read_validity(quote.tail, at=at), read_validity(quote.head, at=at)
    for text in (tail.rest, head.rest):
        left = find(text) if _DATED.search(text) else None
        if left and (left.dates or left.refused):
            return replace(quote, doubt="a date of which nothing says what happens then, or that cannot be")
    return replace(
        quote,
        tail=tail.rest.strip(" ,;:()") if tail.rest != quote.tail else quote.tail,
        head=head.rest.strip(" ,;:()") if head.rest != quote.head else quote.head,
        first=tail.first or head.first,
        last=tail.last or head.last,
        qualifier=quote.qualifier or tail.qualifier or head.qualifier,
    )

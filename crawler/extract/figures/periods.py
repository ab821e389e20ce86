"""What time a figure is about: years, quarters, months, written one way."""

import re

from crawler.extract.dates import find

_YEAR = r"(?:19|20)\d\d"
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), form)
    for pattern, form in (
        (rf"(?:cy|year)?\s*({_YEAR})", "{0}"),
        (rf"(?:fy|fiscal(?: year)?)\s*({_YEAR})", "FY{0}"),
        (r"fy\s*'?(\d\d)", "FY20{0}"),
        (rf"q([1-4])\s*[-/ ]?\s*({_YEAR})", "{1}-Q{0}"),
        (rf"({_YEAR})\s*[-/ ]?\s*q([1-4])", "{0}-Q{1}"),
        (rf"h([12])\s*[-/ ]?\s*({_YEAR})", "{1}-H{0}"),
        (rf"({_YEAR})\s*[-/ ]?\s*h([12])", "{0}-H{1}"),
        (rf"({_YEAR})\s*[-/\u2013]\s*(\d\d|{_YEAR})", "{0}/{1}"),
    )
)


def period_of(text: str) -> str | None:
    """`2024`, `FY2024`, `2024-Q1`, `2024-H1`, `2024-03`, `2024-03-31`, `2023/24`; None for anything else."""
    plain = " ".join(text.split()).strip("() ")
    if re.fullmatch(rf"{_YEAR}-(?:0[1-9]|1[0-2])", plain):
        return plain
    for pattern, form in _FORMS:
        if found := pattern.fullmatch(plain):
            return form.format(*found.groups())
    stated = find(plain)
    whole = len(stated.dates) == 1 and not stated.refused and not stated.rest(plain)
    return stated.dates[0].value if whole else None

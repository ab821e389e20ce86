"""Tables that count in what is bought before it is spent: DBUs, credits, points. No money, and not left unsaid."""

import re

from crawler.extract.blocks import Table
from crawler.extract.labels import read_label
from crawler.extract.outcomes import Outcome
from crawler.extract.units import fold
from timeline.issues import Issue

_POINTS = r"(?:dbus?|credits?|neurons?|resource units?|rus?|compute units?|points?|积分|点数)"
_COUNTED = re.compile(rf"(?<![\d,.])\d[\d,.]{{0,30}}+\s{{0,4}}(?P<of>{_POINTS})\b|^(?P<in>{_POINTS})\s*[\d.]", re.I)
_HEADED = re.compile(rf"(?<![a-z])(?P<of>{_POINTS})(?![a-z])(?!\s*(?:card|limit|balance|included))", re.I)
_NUMBER = re.compile(r"\d{1,7}(?:,\d{3})*(?:\.\d+)?")


def in_points(table: Table) -> Outcome | None:
    """The issue that a table of rates is not counted in money; None where it is no such table."""
    for column, path in enumerate(table.grid.headers):
        texts = [row[column].text for row in table.grid.body if row[column].text]
        counted = [found for text in texts if (found := _COUNTED.search(fold(text)))]
        header = fold(" ".join(path))
        headed = _HEADED.search(header)
        rates = headed and (read_label(header).prices or _HEADED.fullmatch(header.strip(" ():")))
        numbers = sum(bool(_NUMBER.fullmatch(fold(text))) for text in texts)
        if texts and (2 * len(counted) >= len(texts) or (rates and column and 2 * numbers >= len(texts))):
            unit = headed["of"] if headed and not counted else counted[0]["of"] or counted[0]["in"]
            message = f"{texts[0][:60]!r} and the like are counted in {unit!r}, which is no currency"
            return Outcome(issues=(Issue(code="unknown_currency", message=message, locator=table.locator),))
    return None

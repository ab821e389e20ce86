"""Tables with a row for each day on which a price changed: the newest that has come holds, the others are past."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from crawler.extract.blocks import Table
from crawler.extract.dates import find
from timeline.prices import PricePoint

_EFFECTIVE = re.compile(
    r"effective(?: date| from| on)?|(?:valid|applies|starts?|starting) (?:from|on|date)|生效(?:日期|时间)?", re.I
)


def without_past(facts: Sequence[PricePoint], at: date) -> tuple[PricePoint, ...]:
    """The prices that a day alone tells apart: the newest by `at`, and those to come from their days on."""
    days = {id(fact): day for fact in facts if (day := _day_of(fact, at))}
    newest: dict[tuple[object, ...], date] = {}
    for fact in facts:
        day = days.get(id(fact))
        if day and day <= at:
            newest[_meaning(fact)] = max(day, newest.get(_meaning(fact), day))
    done = []
    for fact in facts:
        day = days.get(id(fact))
        if day is None:
            done.append(fact)
        elif day > at:
            done.append(replace(_plain(fact), effective_from=fact.effective_from or day))
        elif day == newest[_meaning(fact)]:
            done.append(_plain(fact))
    return tuple(done)


def starting(facts: Sequence[PricePoint], table: Table, at: date) -> tuple[PricePoint, ...]:
    """The prices, those of rows with a day to come under "Effective" from that day on."""
    days: dict[str, date] = {}
    for column, path in enumerate(table.grid.headers):
        for row in table.grid.body if _EFFECTIVE.fullmatch(" ".join(path).strip()) else ():
            found = find(row[column].text, near=at).dates
            if len(found) == 1 and found[0].first > at:
                days[f"{table.locator} row {row[column].row}"] = found[0].first
    return tuple(
        replace(fact, effective_from=day)
        if (day := days.get(fact.locator.partition(" column ")[0])) and not fact.effective_from
        else fact
        for fact in facts
    )


def _day_of(fact: PricePoint, at: date) -> date | None:
    """The day that a condition is, where it is nothing else."""
    text = str(fact.conditions.get("variant", "")).strip()
    found = find(text, near=at).dates if text else ()
    whole = len(found) == 1 and not text[: found[0].start].strip(" ,.") and not text[found[0].end :].strip(" ,.")
    return found[0].first if whole else None


def _plain(fact: PricePoint) -> PricePoint:
    return replace(fact, conditions={key: value for key, value in fact.conditions.items() if key != "variant"})


def _meaning(fact: PricePoint) -> tuple[object, ...]:
    plain = _plain(fact)
    return plain.model, plain.meter, plain.currency, plain.unit, tuple(sorted(plain.conditions.items()))

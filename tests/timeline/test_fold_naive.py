"""The fold against the naive one: every question about every key, at every moment that matters."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from hypothesis import strategies as st

from tests.timeline.histories import histories, notices, prices, tried
from tests.timeline.makers import CATALOGUE, LIFECYCLE, PRICING
from tests.timeline.naive import Naive, edges
from timeline.fold import fold
from timeline.notices import Notice
from timeline.observations import KnownRow, Observation
from timeline.prices import PricePoint


@tried(300, histories(prices()), st.booleans())
def test_price_asof_is_what_the_naive_one_says(looks: list[Observation], settles: bool) -> None:
    folded, naive = fold(CATALOGUE if settles else PRICING, looks), Naive(looks, settles=settles)
    instants = moments(looks)
    for key in naive.about(PricePoint):
        rows = [row for row in folded.rows if row.key == key]
        for known in known_at(looks):
            for when in instants:
                assert believed(rows, when, known) == naive.price_asof(key, when, known), (key, when, known)


@tried(250, histories(notices()))
def test_model_status_asof_is_what_the_naive_one_says(looks: list[Observation]) -> None:
    folded, naive = fold(LIFECYCLE, looks), Naive(looks)
    for key in naive.about(Notice):
        rows = [row for row in folded.rows if row.key == key]
        for known in known_at(looks):
            for when in known_at(looks):
                assert believed(rows, when, known) == naive.model_status_asof(key, when, known), (key, when, known)


def believed(rows: Sequence[KnownRow], when: datetime, known: datetime) -> str | None:
    """The one row that answers, as the table is asked in SQL."""
    found = [
        row.row.fact
        for row in rows
        if row.known_from <= known
        and (row.known_to is None or known < row.known_to)
        and row.row.starts <= when
        and (row.row.ends is None or when < row.row.ends)
    ]
    assert len(found) <= 1, "two answers to one question"
    for fact in found:
        if isinstance(fact, PricePoint):
            return fact.state if fact.unit_amount is None else f"{fact.state} {fact.unit_amount.normalize()}"
        if isinstance(fact, Notice):
            return fact.status
    return None


def known_at(looks: Sequence[Observation]) -> list[datetime]:
    return [moment for look in looks for moment in (look.at, look.at + timedelta(minutes=1))]


def moments(looks: Sequence[Observation]) -> list[datetime]:
    stated = {edge for look in looks for fact in look.facts for edge in edges(fact)}
    return sorted({*known_at(looks), *stated, *(edge - timedelta(seconds=1) for edge in stated)})

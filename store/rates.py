"""The rates of one model, as bills need them: at a moment, or each with the time in which it held."""

from datetime import UTC, datetime
from itertools import pairwise

from store import prices
from store.connect import Connection
from timeline import names
from timeline.rates import Rate, rate_of_row
from timeline.spending import Stretch

MOST = 10_000  # prices of one model
EVER = datetime(1, 1, 1, tzinfo=UTC)  # before anything was known


def as_of(
    connection: Connection, provider: str, model: str, at: datetime | None = None, known_at: datetime | None = None
) -> list[Rate]:
    """What the model cost at `at` (None: now), as known at `known_at` (None: now), by any of its names."""
    rows = prices.as_of(connection, at, known_at, provider=[provider], model=_names(provider, model), limit=MOST)
    return [rate for row in rows if (rate := rate_of_row(row)) is not None]


def over(
    connection: Connection, provider: str, model: str, since: datetime | None = None, until: datetime | None = None
) -> list[Stretch]:
    """What the model cost from `since` to `until` (None: ever), as known now: between two changes of anybody's word on
    it, what the source said that speaks for each price.
    """
    called = _names(provider, model)
    rows = prices.history(connection, since=since, until=until, provider=[provider], model=called, limit=MOST)
    times = {at for row in rows for at in (row["effective_from"] or EVER, row["effective_to"]) if at is not None}
    edges = sorted({max(at, since or EVER) for at in times if until is None or at < until})
    spoken = prices.at_moments(connection, edges, provider=[provider], model=called)
    ends = dict(pairwise(edges))
    return [
        Stretch(rate=rate, begins=None if row["moment"] == EVER else row["moment"], ends=ends.get(row["moment"]))
        for row in spoken
        if (rate := rate_of_row(row)) is not None
    ]


def _names(provider: str, model: str) -> list[str]:
    known = names.resolve(provider, model) or model
    return sorted({model, known, *names.related(provider, known)})

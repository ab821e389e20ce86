"""The rates of one model, as bills need them: at a moment, or each with the time in which it held."""

from datetime import datetime

from store import prices
from store.connect import Connection
from timeline import names
from timeline.rates import Rate, rate_of_row
from timeline.spending import Stretch, stretches

MOST = 10_000  # prices of one model


def as_of(
    connection: Connection, provider: str, model: str, at: datetime | None = None, known_at: datetime | None = None
) -> list[Rate]:
    """What the model cost at `at` (None: now), as known at `known_at` (None: now), by any of its names."""
    rows = prices.as_of(connection, at, known_at, provider=[provider], model=_names(provider, model), limit=MOST)
    return [rate for row in rows if (rate := rate_of_row(row)) is not None]


def over(
    connection: Connection, provider: str, model: str, since: datetime | None = None, until: datetime | None = None
) -> list[Stretch]:
    """What the model cost from `since` to `until` (None: ever), as known now."""
    rows = prices.history(
        connection, since=since, until=until, provider=[provider], model=_names(provider, model), limit=MOST
    )
    return stretches(rows)


def _names(provider: str, model: str) -> list[str]:
    known = names.resolve(provider, model) or model
    return sorted({model, known, *names.related(provider, known)})

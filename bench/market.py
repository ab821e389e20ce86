"""A made-up market: prices of many models, as facts and as rows, the same on every run."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg

from store.connect import Connection
from timeline.keys import canonical
from timeline.prices import PricePoint

METERS = ("input", "output", "cache_read", "cache_write", "input_audio", "image")
CONDITIONS: tuple[dict[str, str | int], ...] = ({}, {"service_tier": "batch"})
UNITS = {"image": ("image", Decimal(1))}
PROVIDERS = 40


def catalogue(facts: int) -> list[PricePoint]:
    """So many prices, some models of some providers with all their meters and conditions."""
    return [_fact(number) for number in range(facts)]


def changed(facts: Sequence[PricePoint], places: Sequence[int], *, to: int) -> list[PricePoint]:
    """The prices at `places` with other amounts; which, is decided by `to`."""
    after = list(facts)
    for place in places:
        after[place] = replace(after[place], amount=Decimal(100 + place % 900 + to % 50) / 100)
    return after


def places(facts: int, count: int, *, seed: int) -> list[int]:
    """`count` places among so many facts."""
    return random.Random(seed).sample(range(facts), count)


def _fact(number: int) -> PricePoint:
    kinds = len(METERS) * len(CONDITIONS)
    model, kind = divmod(number, kinds)
    provider, meter = f"provider-{model % PROVIDERS}", METERS[kind % len(METERS)]
    unit, per = UNITS.get(meter, ("token", Decimal(1_000_000)))
    return PricePoint(
        provider=provider,
        model=f"Model {model}",
        model_id=f"{provider}/model-{model}",
        meter=meter,
        amount=Decimal(100 + number % 900) / 100,
        currency="USD",
        per=per,
        unit=unit,
        conditions=CONDITIONS[kind // len(METERS)],
        locator=f"/data/{model}/pricing/{meter}",
        label=f"{100 + number % 900}",
    )


PERIODS = 10  # how often each source has seen each price change, and one
SINCE = datetime(2021, 1, 1, tzinfo=UTC)
UNTIL = SINCE + timedelta(days=60 * PERIODS)
"""The last change is before it."""
OFFERS = """
CREATE TEMP TABLE offer (number int, key text, provider text, model text, model_id text, meter text, conditions jsonb,
                         amount numeric, per numeric, unit text, locator text, label text)
"""
FILL = Path(__file__).with_name("market.sql")


MIRROR = """
WITH made AS (
    INSERT INTO source (id, provider, kind, url, trust)
    SELECT id || '-mirror', provider, kind, url, 'catalogue' FROM source
), state AS (
    INSERT INTO source_state (source, last_good_at, health) SELECT id || '-mirror', %(until)s, 'ok' FROM source
)
INSERT INTO price (source, key, provider, model, model_id, meter, conditions, state, amount, currency, per, unit, label,
                   locator, effective, seen_until, known, recorded_at, origin, trust, first_seq, last_seq,
                   first_snapshot, last_snapshot)
SELECT source || '-mirror', key, provider, model, model_id, meter, conditions, state, amount, currency, per, unit,
       label, locator, effective, seen_until, known, recorded_at, origin, 'catalogue', first_seq, last_seq,
       first_snapshot, last_snapshot
  FROM price WHERE upper_inf(known) AND superseded_at IS NULL
 LIMIT greatest(0, %(rows)s - (SELECT count(*) FROM price WHERE upper_inf(known) AND superseded_at IS NULL))
"""


def fill(connection: Connection, rows: int) -> list[PricePoint]:
    """About so many rows of prices in an empty database, and the events they told; gives the prices there are."""
    facts = catalogue(max(len(METERS) * len(CONDITIONS), rows // (2 * (2 * PERIODS - 1))))
    connection.execute(OFFERS)
    with connection.cursor() as cursor, cursor.copy("COPY offer FROM STDIN") as copy:
        for number, fact in enumerate(facts):
            copy.write_row(
                [number, fact.key, fact.provider, fact.model, fact.model_id, fact.meter, canonical(fact.conditions),
                 fact.amount, fact.per, fact.unit, fact.locator, fact.label]
            )  # fmt: skip
    values = {"since": SINCE, "until": UNTIL, "periods": PERIODS}
    psycopg.ClientCursor(connection).execute(FILL.read_bytes(), values)
    connection.execute("VACUUM ANALYZE")
    return facts


def mirror(connection: Connection, rows: int) -> None:
    """So many rows of what is known now (twice those of `fill` at most): of each source there is a copy."""
    connection.execute(MIRROR, {"rows": rows, "until": UNTIL})
    connection.execute("VACUUM ANALYZE")

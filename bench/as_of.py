"""What one model cost on a day, among a million rows of prices.

The floor is the bare look-up of the rows that hold on that day by the index on the model, in the table itself. Both are
asked with the reader's settings, as the API asks, with models and days in no order. What counts is the round trip until
the rows have arrived; making Python values of them does not, as the floor has more. The plans are told beside it.
"""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, LiteralString

from bench import market
from bench.measures import Result, interleave, wall
from bench.session import Session
from store.connect import Connection, connect_reader

MOST = 2
EACH = 50  # questions in one measurement
BARE: LiteralString = """
SELECT * FROM aiwire.price
 WHERE model_id = %(model)s AND effective @> %(at)s::timestamptz AND upper_inf(known) AND superseded_at IS NULL
"""
BARE_THEN: LiteralString = """
SELECT * FROM aiwire.price
 WHERE model_id = %(model)s AND effective @> %(at)s::timestamptz AND known @> %(known_at)s::timestamptz
   AND superseded_at IS NULL
"""
OURS: LiteralString = "SELECT * FROM timeline.price_asof(%(at)s) WHERE model_id = %(model)s"
OURS_THEN: LiteralString = "SELECT * FROM timeline.price_asof(%(at)s, %(known_at)s) WHERE model_id = %(model)s"


def run(session: Session) -> Iterator[Result]:
    """As known now, and as known on another day."""
    with connect_reader(session.market.ground.url, autocommit=True) as connection:
        yield _compare(session, connection, "as_of", OURS, BARE)
        yield _compare(session, connection, "as_of_known_at", OURS_THEN, BARE_THEN)


def _compare(session: Session, connection: Connection, name: str, ours: LiteralString, bare: LiteralString) -> Result:
    dice = random.Random(5)
    models = sorted({fact.model_id or "" for fact in session.market.facts})
    asked = [_question(dice, models) for _ in range(EACH)]

    def count(question: LiteralString) -> int:
        return sum(len(connection.execute(question, values).fetchall()) for values in asked)

    def ask(question: LiteralString) -> None:
        for values in asked:
            connection.execute(question, values)

    kinds = len(market.METERS) * len(market.CONDITIONS)
    assert count(ours) == EACH * kinds, "one answer for each price"
    assert count(bare) == 2 * EACH * kinds, "one of each source"
    found = interleave(lambda: ask(ours), lambda: ask(bare), pairs=session.size(60, quick=10), clock=wall)
    plans = {"plan": _plan(connection, ours, asked[0]), "plan_of_floor": _plan(connection, bare, asked[0])}
    return found.result(
        name,
        most=MOST,
        of="the bare look-up by the index",
        each=EACH,
        more={"rows": session.market.rows, **plans},
    )


def _question(dice: random.Random, models: list[str]) -> dict[str, str | datetime]:
    """A model, a day on which every price of it was known, and when that was known."""
    at = market.SINCE + timedelta(days=dice.uniform(90, (market.UNTIL - market.SINCE).days))
    return {"model": dice.choice(models), "at": at, "known_at": at + timedelta(days=1)}


def _plan(connection: Connection, question: LiteralString, values: dict[str, Any]) -> list[str]:
    rows = connection.execute("EXPLAIN (ANALYZE, COSTS off, TIMING off, BUFFERS off) " + question, values)
    return [row[0] for row in rows]

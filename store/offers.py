"""The same model as others sell it. Works for a reader."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from store import prices
from store.connect import Connection


def elsewhere(
    connection: Connection,
    provider: str,
    model: Sequence[str],
    at: datetime | None = None,
    known_at: datetime | None = None,
    *,
    limit: int = 500,
) -> list[dict[str, Any]]:
    """What others than `provider` ask for the tokens of the model of these ids, at `at` as known at `known_at`.

    Rows of timeline.price_asof, under exactly the reviewed ids of the model (timeline.same_models), also with its maker
    in front as routers write them. Unlike timeline.offers it asks for these ids alone, which an index answers.
    """
    names = [name.casefold().rpartition("/")[2] for name in model]
    found = connection.execute(
        """
        SELECT DISTINCT same.name, same.maker FROM timeline.same_models AS same
          JOIN timeline.same_models AS asked USING (maker, maker_model) WHERE asked.name = ANY(%s)
        """,
        [names],
    ).fetchall()
    spelled = sorted({spelling for name, maker in found for spelling in (name, f"{maker}/{name}")})
    if not spelled:
        return []
    rows = prices.as_of(connection, at, known_at, model=spelled, meter=["input", "output"], unit=["token"], limit=limit)
    return [row for row in rows if row["provider"] != provider]

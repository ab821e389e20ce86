"""Prices as people ask for them: now, on a day, as known on a day, over time. Works for a reader."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString, TypedDict, Unpack

from psycopg.rows import dict_row

from store.captures import LAST_LOOK
from store.clock import database_now
from store.connect import Connection
from store.filters import Clause, Conditions, after, by_names, naming, steps, where
from store.speaking import speaking
from store.walks import ask_now, walk

ORDER = ("model_id", "provider", "meter", "key")  # of `as_of`: a cursor is these values of the last row
HISTORY_ORDER = (*ORDER, "effective_from", "source")  # of `history`
COLUMNS: LiteralString = (
    "provider, model, model_id, meter, conditions, state, amount, currency, per, unit, per_million, effective_from, "
    "effective_to, basis, certain, seen_until, known_from, source, trust, origin, label, locator, key, first_snapshot"
)


_MANY = 20  # values in a question: of so many, no plan that was made for any values knows how little they have


class PriceFilters(TypedDict, total=False):
    """Lists are alternatives; None and empty lists ask for nothing."""

    provider: Sequence[str]
    model: Sequence[str]  # id or printed name; `*` stands for any characters
    meter: Sequence[str]
    currency: Sequence[str]
    unit: Sequence[str]
    source: Sequence[str]
    trust: Sequence[str]
    condition: Sequence[str]  # `name:value`, see store.filters.on_conditions


CONDITIONS: Conditions = {
    "provider": "provider = ANY(%(provider)s)",
    **naming("timeline.price_history"),
    "meter": "meter = ANY(%(meter)s)",
    "currency": "currency = ANY(%(currency)s)",
    "unit": "unit = ANY(%(unit)s)",
    "source": "source = ANY(%(source)s)",
    "trust": "trust = ANY(%(trust)s)",
    "since": "(effective_to IS NULL OR effective_to > %(since)s)",
    "until": "effective_from < %(until)s",
    "at": "effective_from <= %(at)s",
}


def as_of(
    connection: Connection,
    at: datetime | None = None,
    known_at: datetime | None = None,
    *,
    cursor: Sequence[Any] | None = None,
    limit: int = 100,
    **filters: Unpack[PriceFilters],
) -> list[dict[str, Any]]:
    """What everything cost at `at` (None: now), as known at `known_at` (None: now): the best source of each price.

    Rows have COLUMNS of timeline.price_asof, in the order of ORDER; `cursor` has these values of the last row had.
    Filters choose among sources before the best is taken: `source` asks what that source says.
    """
    moment = database_now(connection) if at is None else at
    asked: dict[str, Any] = {**filters}
    conditioned = asked.pop("condition", ())
    times = {"at": moment, "known_at": known_at}
    if (named := _named(connection, asked, known_at)) is not None:
        condition, values = where(CONDITIONS, asked, named=named, conditioned=conditioned)
        rest, more = where({}, {}, beyond=after(ORDER, cursor))
        query: LiteralString = (
            f"SELECT * FROM ({_spoken(_claims(condition, known_at), known_at)}) AS spoken{rest} "
            "ORDER BY model_id, provider, meter, key LIMIT %(limit)s::int"
        )
        read = _rows if len(values) < _MANY else ask_now
        return read(connection, query, values | more | times | {"limit": limit})

    def ask(place: Clause | None, size: int) -> list[dict[str, Any]]:
        condition, values = where(CONDITIONS, asked, beyond=place, conditioned=conditioned)
        query = _WALK.replace("$claims", _claims(condition, known_at)).replace("$spoken", _spoken("claim", known_at))
        return ask_now(connection, query, values | times | {"size": size, "key": cursor[3] if cursor else ""})

    return walk(ask, cursor, limit)


_WALK: LiteralString = """
WITH claim AS MATERIALIZED (
    SELECT * FROM $claims ORDER BY model_id, provider, meter LIMIT %(size)s
)
SELECT (SELECT count(*) FROM claim) AS members, key > %(key)s AS behind, spoken.* FROM ($spoken) AS spoken
 ORDER BY model_id, provider, meter, key
"""


def _claims(condition: LiteralString, known_at: datetime | None) -> LiteralString:
    moments: LiteralString = "%(at)s::timestamptz" + ("" if known_at is None else ", %(known_at)s::timestamptz")
    return f"(SELECT * FROM timeline.price_claims({moments}){condition}) AS claim"


def _spoken(claims: LiteralString, known_at: datetime | None) -> LiteralString:
    known: LiteralString = "NULL" if known_at is None else "%(known_at)s::timestamptz"
    return speaking(COLUMNS, claims, "%(at)s::timestamptz", known)


def at_moments(
    connection: Connection, moments: Sequence[datetime], **filters: Unpack[PriceFilters]
) -> list[dict[str, Any]]:
    """`as_of` at each of the moments, as known now: its rows with the `moment` they answer, in no order."""
    asked: dict[str, Any] = {**filters}
    named = _named(connection, asked, None)
    condition, values = where(CONDITIONS, asked, named=named, conditioned=asked.pop("condition", ()))
    claims: LiteralString = f"(SELECT * FROM timeline.price_claims(moment){condition}) AS claim"
    query = (
        "SELECT moment, spoken.* FROM unnest(%(moments)s::timestamptz[]) AS moment, "
        f"LATERAL ({speaking(COLUMNS, claims, 'moment', 'NULL')}) AS spoken"
    )
    return _rows(connection, query, values | {"moments": [*moments]})


def current(
    connection: Connection,
    *,
    cursor: Sequence[Any] | None = None,
    limit: int = 100,
    **filters: Unpack[PriceFilters],
) -> list[dict[str, Any]]:
    """What everything costs now: `as_of` at the database's own time."""
    return as_of(connection, cursor=cursor, limit=limit, **filters)


def sellers(connection: Connection, model: str) -> list[str]:
    """Who has a price for a model of that id or printed name now, by id; a reader may ask."""
    return sorted({row["provider"] for row in as_of(connection, model=[model], limit=1000)})


def history(
    connection: Connection,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    at: datetime | None = None,
    known_at: datetime | None = None,
    cursor: Sequence[Any] | None = None,
    limit: int = 100,
    **filters: Unpack[PriceFilters],
) -> list[dict[str, Any]]:
    """What each source says about prices over time, as known at `known_at` (None: now): the columns of
    timeline.price_history.

    `since`: still in force at or after it; `until`: in force before it; `at`: by that moment, it included. In the order
    of HISTORY_ORDER; `cursor` has these values of the last row had.
    """
    asked: dict[str, Any] = {**filters, "since": since, "until": until, "at": at}
    conditioned = asked.pop("condition", ())
    rows: list[dict[str, Any]] = []
    named = _named(connection, asked, known_at)
    for step in steps(HISTORY_ORDER, cursor):
        if len(rows) < limit:
            condition, values = where(CONDITIONS, asked, beyond=step, named=named, conditioned=conditioned)
            rows += _history(connection, condition, values, known_at, limit - len(rows), named=named)
    return rows


def _history(
    connection: Connection,
    condition: LiteralString,
    values: dict[str, Any],
    known_at: datetime | None,
    limit: int,
    *,
    named: Clause | None,
) -> list[dict[str, Any]]:
    columns: LiteralString = (
        "provider, model, model_id, meter, conditions, state, amount, currency, per, unit, per_million, qualifier, "
        "effective_from, effective_to, basis, seen_until, held, known_from, source, trust, origin, label, locator, "
        "key, first_seq, last_seq, first_snapshot, last_snapshot, recorded_at"
    )
    # Of several named models all rows are found first: else a plan may read all models in order until it has met these.
    # What one id has is in order in the index.
    told: LiteralString = "timeline.price_history" if known_at is None else _KNOWN_THEN
    first: LiteralString = "MATERIALIZED" if named and [*named[1]] != ["ids"] else "NOT MATERIALIZED"
    query = (
        f"WITH found AS {first} (SELECT {columns} FROM {told}{condition}) SELECT * FROM found "
        "ORDER BY model_id, provider, meter, key, effective_from, source LIMIT %(limit)s::int"
    )
    return (ask_now if named is None else _rows)(connection, query, values | {"known_at": known_at, "limit": limit})


def _named(connection: Connection, asked: dict[str, Any], known_at: datetime | None) -> Clause | None:
    """The condition for the models that are named, all there is of which is soon found; takes them out of `asked`.

    None where models are not named, or by a pattern. What is known of a name now is not all that was known of it.
    """
    names = asked.get("model") or ()
    if not names or any("*" in name for name in names):
        return None
    asked.pop("model")
    condition, values = where({"names": "model = ANY(%(names)s)"}, {"names": [*names]})
    ids = {row[0] for row in connection.execute(_NAMED.replace("$named", condition), values)}
    nameless = None in ids or known_at is not None
    return by_names(names, sorted(ids - {*names, None}), nameless=nameless)


# Whatever was ever printed under a name stands in an index, one that still is needs one look.
_NAMED: LiteralString = """
SELECT model_id FROM (SELECT DISTINCT model, model_id FROM timeline.price_beliefs$named) AS ever
 WHERE model_id IS NULL
    OR EXISTS (SELECT FROM timeline.price_history AS now WHERE now.model_id = ever.model_id AND now.model = ever.model)
"""


# As timeline.price_claims has it of a moment; what was held back then is not kept.
_KNOWN_THEN: LiteralString = f"""(
    SELECT provider, model, model_id, meter, conditions, state, amount, currency, per, unit, per_million, qualifier,
           effective_from, effective_to, basis,
           coalesce(belief.seen_until, least(effective_to, coalesce(look.seen, known_from))) AS seen_until,
           false AS held, known_from, belief.source, trust, origin, label, locator, key, first_seq, last_seq,
           first_snapshot, last_snapshot, recorded_at
      FROM timeline.price_beliefs AS belief
      {LAST_LOOK}
     WHERE known @> %(known_at)s::timestamptz
) AS told"""


def _rows(connection: Connection, query: LiteralString, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as reading:
        return reading.execute(query, values).fetchall()

"""Models as people look for them: each once, by its id, with where it is in its life and whether it has a price."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, LiteralString, TypedDict, Unpack

from psycopg.rows import dict_row

from store.clock import database_now
from store.connect import Connection
from store.filters import Clause, Conditions, after, naming, where
from store.moments import told_at
from store.speaking import BEST
from store.walks import ask_now

ORDER = ("provider", "id", "subject_kind")  # a cursor is these values of the last row


MOST_IDS = 50_000  # looked through for one that is like another


class ModelFilters(TypedDict, total=False):
    """Lists are alternatives; None and empty lists ask for nothing."""

    provider: Sequence[str]
    model: Sequence[str]  # id or printed name; `*` stands for any characters
    source: Sequence[str]
    trust: Sequence[str]


_SHARED: Conditions = {
    "provider": "provider = ANY(%(provider)s)",
    "source": "source = ANY(%(source)s)",
    "trust": "trust = ANY(%(trust)s)",
}
_PRICED: Conditions = {**_SHARED, **naming("timeline.price_history")}
_TOLD: Conditions = {**_SHARED, **naming("timeline.model_history")}
_STATUS: Conditions = {
    "status": "status = ANY(%(status)s)",
    "subject_kind": "subject_kind = ANY(%(subject_kind)s)",
    "by_token": "(token_prices > 0) = %(by_token)s",
    "resold": "(token_trust IN ('cloud', 'reseller')) = %(resold)s",
    "over": "(status IS NOT DISTINCT FROM 'retired') = %(over)s",
}
COLUMNS: LiteralString = (
    "provider, id, subject_kind, model, model_id, status, label, announced_on, deprecates_on, retires_on, not_before, "
    "replacements, scope, prices, seen_until, source, trust"
)


def page(
    connection: Connection,
    at: datetime | None = None,
    known_at: datetime | None = None,
    *,
    cursor: Sequence[Any] | None = None,
    limit: int = 100,
    status: Sequence[str] | None = None,
    subject_kind: Sequence[str] | None = None,
    by_token: bool | None = None,
    resold: bool | None = None,
    over: bool | None = None,
    **filters: Unpack[ModelFilters],
) -> list[dict[str, Any]]:
    """Every model (endpoint, product, feature) a page tells of or prices at `at`, as known at `known_at` (None: now).

    `id` is the model id or, where there is none, the name as printed. Of several statuses the plain one (no scope) of
    the best source counts. `prices` counts the prices in force. `by_token`: only those whose input or output has a
    price by the token, or only the others; `resold`: of these only those that no better source prices than the list of
    a cloud or reseller, or only the others; `over`: only what is retired, or only the others. In the order of ORDER;
    `cursor` has these values of the last row.
    """
    times = {"at": database_now(connection) if at is None else at, "known_at": known_at}
    moments: LiteralString = "%(at)s::timestamptz" + ("" if known_at is None else ", %(known_at)s::timestamptz")
    chosen, values = where(
        _STATUS,
        {"status": status, "subject_kind": subject_kind, "by_token": by_token, "resold": resold, "over": over},
        beyond=after(ORDER, cursor, nullable=False),
    )
    rows: list[dict[str, Any]] = []
    for span in _spans(connection, cursor, limit, filters, priced=not status):
        told, told_values = where(_TOLD, filters, beyond=span)
        priced, priced_values = where(_PRICED, filters, beyond=span)
        query = _PAGE.replace("$times", moments).replace("$told", told).replace("$priced", priced)
        asked = told_values | priced_values | values | times | {"limit": limit - len(rows)}
        rows += ask_now(connection, query.replace("$chosen", chosen), asked)
        if len(rows) == limit:
            break
    return rows


# The best of some claims' trusts; a FILTER may follow, and `]` must.
_BEST_TRUST: LiteralString = (
    "(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'])["
    "min(array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], trust))"
)

_PAGE: LiteralString = f"""
WITH told AS (
    SELECT DISTINCT ON (provider, id, subject_kind) provider, coalesce(model_id, model) AS id, subject_kind,
           model, model_id, status, label, announced_on, deprecates_on, retires_on, not_before, replacements,
           scope, seen_until, source, trust
      FROM timeline.model_claims($times)$told
     ORDER BY provider, id, subject_kind, (scope = '{{}}') DESC, {BEST}, key
), priced AS (
    SELECT provider, coalesce(model_id, model) AS id, 'model' AS subject_kind, min(model) AS name,
           min(model_id) AS known_id, count(DISTINCT key)::int AS prices,
           count(*) FILTER (WHERE meter IN ('input', 'output') AND unit = 'token') AS token_prices,
           {_BEST_TRUST} FILTER (WHERE meter IN ('input', 'output') AND unit = 'token')] AS token_trust
      FROM timeline.price_claims($times)$priced
     GROUP BY 1, 2
), joined AS (
    SELECT provider, id, subject_kind, coalesce(model, name) AS model, coalesce(model_id, known_id) AS model_id,
           status, label, announced_on, deprecates_on, retires_on, not_before, replacements, scope,
           coalesce(prices, 0) AS prices, coalesce(token_prices, 0) AS token_prices, token_trust, seen_until,
           source, trust
      FROM told FULL JOIN priced USING (provider, id, subject_kind)
)
SELECT {COLUMNS} FROM joined$chosen ORDER BY provider, id, subject_kind LIMIT %(limit)s
"""
# The ids of a view step by step in an index, all in their order; of some providers, those of one after the other.
_STEPS: LiteralString = """
    WITH RECURSIVE step (provider, id) AS (
        (SELECT provider, coalesce(model_id, model) FROM timeline.$view
          WHERE (provider, coalesce(model_id, model)) $from (%(provider)s, %(id)s)
          ORDER BY provider, coalesce(model_id, model) LIMIT 1)
        UNION ALL
        SELECT following.* FROM step CROSS JOIN LATERAL (
            SELECT provider, coalesce(model_id, model) FROM timeline.$view
             WHERE (provider, coalesce(model_id, model)) > (step.provider, step.id)
             ORDER BY provider, coalesce(model_id, model) LIMIT 1) AS following
    )
    SELECT * FROM step LIMIT %(size)s
"""
_STEPS_AMONG: LiteralString = """
    SELECT among.provider, found.id FROM unnest(%(among)s::text[]) AS among (provider) CROSS JOIN LATERAL (
        WITH RECURSIVE step (id) AS (
            (SELECT coalesce(model_id, model) FROM timeline.$view
              WHERE provider = among.provider
                AND coalesce(model_id, model) $from CASE among.provider WHEN %(provider)s THEN %(id)s ELSE '' END
              ORDER BY coalesce(model_id, model) LIMIT 1)
            UNION ALL
            SELECT following.* FROM step CROSS JOIN LATERAL (
                SELECT coalesce(model_id, model) FROM timeline.$view
                 WHERE provider = among.provider AND coalesce(model_id, model) > step.id
                 ORDER BY coalesce(model_id, model) LIMIT 1) AS following
        )
        SELECT id FROM step
    ) AS found LIMIT %(size)s
"""
_ID: LiteralString = "(provider, coalesce(model_id, model))"  # an index has it
_FROM_TO: LiteralString = f"{_ID} >= (%(from_provider)s, %(from_id)s) AND {_ID} <= (%(to_provider)s, %(to_id)s)"
_OF_THESE: LiteralString = f"{_ID} IN (SELECT * FROM unnest(%(of_providers)s::text[], %(of_ids)s::text[]))"


def _spans(
    connection: Connection, cursor: Sequence[Any] | None, limit: int, filters: ModelFilters, *, priced: bool
) -> Iterator[Clause | None]:
    """Conditions for the models from `cursor` on, some more at a time: each model of an id of them all.

    Which ids come next is found step by step in an index, as there are a hundred prices for each.
    """
    if filters.get("model"):
        yield None
        return
    place, size, begin = (cursor or ("", ""))[:2], limit + 1, True  # one more: that of the cursor was had
    views: list[LiteralString] = ["model_beliefs", *(["price_beliefs"] if priced else [])]
    providers = filters.get("provider")
    while True:
        among = sorted(each for each in {*(providers or ())} if each >= place[0])
        step = _STEPS_AMONG if providers else _STEPS
        steps = [step.replace("$view", view).replace("$from", ">=" if begin else ">") for view in views]
        query: LiteralString = (
            f"SELECT provider, id FROM (({') UNION ('.join(steps)})) AS found ORDER BY provider, id LIMIT %(size)s"
        )
        values = {"provider": place[0], "id": place[1], "size": size, "among": among}
        found = ask_now(connection, query, values)
        if not found:
            return
        if providers:  # what lies between is of others
            yield _OF_THESE, {f"of_{name}s": [row[name] for row in found] for name in ("provider", "id")}
        else:
            ends = (("from", found[0]), ("to", found[-1]))
            yield _FROM_TO, {f"{end}_{name}": row[name] for end, row in ends for name in ("provider", "id")}
        if len(found) < size:
            return
        place, size, begin = tuple(found[-1].values()), 4 * size, False


def ids(connection: Connection) -> list[str]:
    """Every id, or name where there is none, by which a page tells of a model or prices it. For readers."""
    steps: list[LiteralString] = [
        _STEPS.replace("$view", view).replace("$from", ">=") for view in ("model_beliefs", "price_beliefs")
    ]
    query: LiteralString = f"SELECT DISTINCT id FROM (({') UNION ('.join(steps)})) AS found"
    rows = connection.execute(query, {"provider": "", "id": "", "size": MOST_IDS})
    return sorted(row[0] for row in rows)


def sellers(
    connection: Connection, at: datetime | None = None, known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Every provider with a price of tokens at `at`, as known at `known_at` (None: now), with how many `models` have
    one. For readers.

    A provider that sells others' models beside its own has two rows: of those that only its list as a cloud or reseller
    prices (`resold`), and of the rest.
    """
    moment = database_now(connection) if at is None else at
    moments: LiteralString = "%(at)s::timestamptz" + ("" if known_at is None else ", %(known_at)s::timestamptz")
    query: LiteralString = f"""
        WITH priced AS (
            SELECT provider, coalesce(model_id, model) AS id, {_BEST_TRUST}] AS trust
              FROM timeline.price_claims({moments}) WHERE meter IN ('input', 'output') AND unit = 'token'
             GROUP BY 1, 2
        )
        SELECT provider, trust IN ('cloud', 'reseller') AS resold, count(*)::int AS models
          FROM priced GROUP BY 1, 2 ORDER BY 1, 2
    """
    with connection.cursor(row_factory=dict_row) as reading:
        return reading.execute(query, {"at": moment, "known_at": known_at}).fetchall()


def named(connection: Connection) -> list[tuple[str, str]]:
    """Every name, id or as printed, by which a page tells of a model or prices it, and its provider. For readers."""
    rows = connection.execute(
        """
        SELECT provider, model, model_id FROM timeline.price_history
        UNION SELECT provider, model, model_id FROM timeline.model_history
        """
    )
    return sorted({(provider, name) for provider, model, model_id in rows for name in (model, model_id) if name})


def specs(
    connection: Connection,
    provider: str,
    model: Sequence[str],
    at: datetime | None = None,
    known_at: datetime | None = None,
) -> list[dict[str, Any]]:
    """What sources say of a provider's model beside its price, the best trusted first: rows of timeline.model_specs, as
    of `at`, as known at `known_at` (None: now). Of a time before the first look nothing is known.
    """
    told, times = told_at(connection, "model_specs", at, known_at)
    with connection.cursor(row_factory=dict_row) as reading:
        return reading.execute(
            f"SELECT * FROM {told} AS told WHERE provider = %(provider)s "
            "AND (model_id = ANY(%(model)s) OR model = ANY(%(model)s)) "
            "ORDER BY array_position(ARRAY['official', 'cloud', 'reseller', 'catalogue', 'press'], trust), "
            "since DESC, source",
            times | {"provider": provider, "model": list(model)},
        ).fetchall()


def specs_since(connection: Connection, provider: str, model: Sequence[str]) -> datetime | None:
    """The first look that found anything said of a model beside its price; None: there was none. For readers."""
    row = connection.execute(
        "SELECT min(since) FROM timeline.model_spec_beliefs WHERE provider = %(provider)s "
        "AND (model_id = ANY(%(model)s) OR model = ANY(%(model)s)) AND upper_inf(known)",
        {"provider": provider, "model": list(model)},
    ).fetchone()
    return row[0] if row else None

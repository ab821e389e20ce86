"""Where models are in their lives, as people ask for it: now, on a day, over time, and what ends when."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, LiteralString, TypedDict, Unpack

from psycopg.rows import dict_row

from store.clock import database_now
from store.connect import Connection
from store.filters import Conditions, after, naming, where
from store.speaking import BEST
from store.walks import ask_now

ORDER = ("model_id", "provider", "subject_kind", "key")  # of `status`: a cursor is these values of the last row
HISTORY_ORDER = (*ORDER, "effective_from", "source")  # of `history`
DEADLINE_ORDER = ("date", "provider", "model", "kind", "key", "source")  # of `deadlines`


class NoticeFilters(TypedDict, total=False):
    """Lists are alternatives; None and empty lists ask for nothing."""

    provider: Sequence[str]
    model: Sequence[str]  # id or printed name; `*` stands for any characters
    subject_kind: Sequence[str]
    status: Sequence[str]
    source: Sequence[str]
    trust: Sequence[str]


class DeadlineFilters(TypedDict, total=False):
    """Lists are alternatives; None and empty lists ask for nothing."""

    kind: Sequence[str]  # deprecation, retirement, price
    provider: Sequence[str]
    model: Sequence[str]
    subject_kind: Sequence[str]
    source: Sequence[str]
    trust: Sequence[str]
    firm: bool | None


CONDITIONS: Conditions = {
    "provider": "provider = ANY(%(provider)s)",
    **naming("timeline.model_history"),
    "subject_kind": "subject_kind = ANY(%(subject_kind)s)",
    "source": "source = ANY(%(source)s)",
    "trust": "trust = ANY(%(trust)s)",
    "status": "status = ANY(%(status)s)",
    "kind": "kind = ANY(%(kind)s)",
    "firm": "firm = %(firm)s",
    "since": "date >= %(since)s",
    "until": "date < %(until)s",
}


def status(
    connection: Connection,
    at: datetime | None = None,
    known_at: datetime | None = None,
    *,
    cursor: Sequence[Any] | None = None,
    limit: int = 100,
    **filters: Unpack[NoticeFilters],
) -> list[dict[str, Any]]:
    """Where every model was in its life at `at` (None: now), as known at `known_at` (None: now).

    Rows have the columns of timeline.model_status_asof, from the best source of each model, in the order of ORDER;
    `cursor` has these values of the last row had. `status` is asked of the best source.
    """
    moment = database_now(connection) if at is None else at
    times: LiteralString = "%(at)s::timestamptz" + ("" if known_at is None else ", %(known_at)s::timestamptz")
    asked: dict[str, Any] = {**filters}
    chosen, more = where(CONDITIONS, {"status": asked.pop("status", None)})
    condition, values = where(CONDITIONS, asked, beyond=after(ORDER, cursor))
    query = (
        f"SELECT * FROM (SELECT DISTINCT ON (model_id, provider, subject_kind, key) * "
        f"FROM timeline.model_claims({times}){condition} "
        f"ORDER BY model_id, provider, subject_kind, key, {BEST}) AS best{chosen} "
        "ORDER BY model_id, provider, subject_kind, key LIMIT %(limit)s::int"
    )
    return _rows(connection, query, values | more | {"at": moment, "known_at": known_at, "limit": limit})


def history(
    connection: Connection,
    *,
    cursor: Sequence[Any] | None = None,
    limit: int = 100,
    **filters: Unpack[NoticeFilters],
) -> list[dict[str, Any]]:
    """What each source says of models over time, as known now: the columns of timeline.model_history."""
    condition, values = where(CONDITIONS, filters, beyond=after(HISTORY_ORDER, cursor))
    columns: LiteralString = (
        "provider, subject_kind, model, model_id, status, label, release_stage, announced_on, deprecates_on, "
        "retires_on, not_before, replacements, scope, effective_from, effective_to, basis, seen_until, held, "
        "known_from, source, trust, origin, locator, key, first_seq, last_seq, first_snapshot, last_snapshot, "
        "recorded_at"
    )
    query = (
        f"SELECT {columns} FROM timeline.model_history{condition} "
        "ORDER BY model_id, provider, subject_kind, key, effective_from, source LIMIT %(limit)s::int"
    )
    return _rows(connection, query, values | {"limit": limit})


def deadlines(
    connection: Connection,
    at: datetime | None = None,
    known_at: datetime | None = None,
    *,
    since: date | None = None,
    until: date | None = None,
    cursor: Sequence[Any] | None = None,
    limit: int = 100,
    **filters: Unpack[DeadlineFilters],
) -> list[dict[str, Any]]:
    """What was announced by `at` (None: now) to end or change on a stated day, as known at `known_at` (None: now), the
    earliest first: the columns of timeline.deadlines.

    `since` is inclusive and None for the day of `at`, `until` exclusive. In the order of DEADLINE_ORDER; `cursor` has
    these values of the last row had.
    """
    moment = database_now(connection) if at is None else at
    asked = {**filters, "since": moment.date() if since is None else since, "until": until}
    condition, values = where(CONDITIONS, asked, beyond=after(DEADLINE_ORDER, cursor, nullable=False))
    times: LiteralString = "%(at)s::timestamptz" + ("" if known_at is None else ", %(known_at)s::timestamptz")
    query = (
        f"SELECT * FROM timeline.deadlines_asof({times}){condition} "
        "ORDER BY date, provider, model, kind, key, source LIMIT %(limit)s::int"
    )
    return ask_now(connection, query, values | {"at": moment, "known_at": known_at, "limit": limit})


def with_deadlines(connection: Connection, at: datetime | None = None, known_at: datetime | None = None) -> list[str]:
    """The providers with anything ahead at `at` (None: now), as known at `known_at` (None: now), by id."""
    moment = database_now(connection) if at is None else at
    times: LiteralString = "%(at)s::timestamptz" + ("" if known_at is None else ", %(known_at)s::timestamptz")
    query = f"SELECT DISTINCT provider FROM timeline.deadlines_asof({times}) WHERE date >= %(since)s ORDER BY provider"
    rows = ask_now(connection, query, {"at": moment, "known_at": known_at, "since": moment.date()})
    return [row["provider"] for row in rows]


def disagreements(connection: Connection, *, provider: str, model: Sequence[str], limit: int) -> list[dict[str, Any]]:
    """Where other sources say otherwise of a provider's model, by its ids or names: timeline.status_disagreement."""
    query: LiteralString = """
        SELECT * FROM timeline.status_disagreement
         WHERE provider = %(provider)s AND (model_id = ANY(%(model)s) OR model = ANY(%(model)s))
         ORDER BY key, other_source LIMIT %(limit)s::int
    """
    return _rows(connection, query, {"provider": provider, "model": list(model), "limit": limit})


def revisions(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], int]:
    """How often what is said of (provider, key) has changed, over all sources: it only ever grows as more is seen.

    `rows` are deadlines. Of an announced price each belief counts: another amount for the same day replaces the first.
    """
    told = [*rows]
    lasting = sorted({row["key"] for row in told if row["kind"] != "price"})
    priced = [row for row in told if row["kind"] == "price"]
    found = connection.execute(
        """
        SELECT provider, key, count(*)::int - 1 FROM (
            SELECT provider, key FROM timeline.model_history WHERE key = ANY(%(lasting)s)
             UNION ALL SELECT provider, key FROM timeline.rule_history WHERE key = ANY(%(lasting)s)
             UNION ALL SELECT provider, key FROM timeline.price_beliefs
                        WHERE (model_id = ANY(%(ids)s) OR model = ANY(%(names)s)) AND key = ANY(%(priced)s)
        ) AS said GROUP BY provider, key
        """,
        {
            "lasting": lasting,
            "priced": sorted({row["key"] for row in priced}),
            "ids": sorted({row["model_id"] for row in priced if row["model_id"]}),
            "names": sorted({row["model"] for row in priced}),
        },
    )
    return {(provider, key): count for provider, key, count in found}


def _rows(connection: Connection, query: LiteralString, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor(row_factory=dict_row) as reading:
        return reading.execute(query, values).fetchall()

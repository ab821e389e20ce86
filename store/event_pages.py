"""Events as people ask for them: pages of a list with filters, the weeks behind, who else saw one."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString, TypedDict, Unpack

from psycopg.rows import dict_row

from store.connect import Connection
from store.filters import LIKE_MODEL, containing, like, where
from store.walks import ask_now
from timeline.issues import MistakeError

SHORT = 10  # characters of an id that a person is shown; `full_id` takes them
_HEX = re.compile(r"[0-9a-f]{4,64}")
PAGE: LiteralString = "SELECT * FROM timeline.events"


class UnclearEventError(MistakeError):
    """Several events have ids that begin so."""


def full_id(connection: Connection, beginning: str) -> str:
    """The id of the one event whose id begins so (4 characters or more); as it was given where there is none.

    Raises UnclearEventError where there are several. Hexadecimal digits sort alike in every collation.
    """
    if not _HEX.fullmatch(beginning):
        return beginning
    found = connection.execute(
        "SELECT id FROM event WHERE id >= %(start)s AND id < %(start)s || 'g' ORDER BY id LIMIT 3", {"start": beginning}
    ).fetchall()
    ids = [row[0] for row in found]
    if beginning in ids or len(ids) < 2:
        return ids[0] if ids else beginning
    raise UnclearEventError(f"several events have ids that begin with {beginning!r}: {', '.join(ids)}; give more of it")


class EventFilters(TypedDict, total=False):
    """What `page` can be asked for. Lists are alternatives; None and empty lists ask for nothing."""

    kind: Sequence[str]  # `*` stands for any characters, here and in `model`
    provider: Sequence[str]
    model: Sequence[str]  # id or printed name
    meter: Sequence[str]
    source: Sequence[str]
    trust: Sequence[str]
    direction: Sequence[str]
    topic: Sequence[str]  # of what is told: news, deals and watched texts have topics, nothing else has
    subject_kind: Sequence[str]
    id: Sequence[str]
    key: Sequence[str]
    q: str | None  # the headline contains it, in any case
    since: datetime | None  # observed at or after
    until: datetime | None  # observed before
    as_of: datetime | None  # observed at or before
    min_change_pct: Decimal | None  # in either direction
    baseline: bool | None  # True: only what a first capture listed; False: without it
    condition: Sequence[str]  # `name:value`, see store.filters.on_conditions
    known_at: datetime | None  # what had been observed by then, and not been taken back


CONDITIONS: Mapping[str, LiteralString] = {
    "kind": "kind = ANY(%(kind)s)",
    "provider": "provider = ANY(%(provider)s)",
    "model": "(model_id = ANY(%(model)s) OR model = ANY(%(model)s))",
    LIKE_MODEL: "(model_id LIKE ANY(%(model_like)s) OR model LIKE ANY(%(model_like)s))",
    "meter": "meter = ANY(%(meter)s)",
    "source": "source = ANY(%(source)s)",
    "trust": "trust = ANY(%(trust)s)",
    "direction": "direction = ANY(%(direction)s)",
    "topic": "(new ? 'topics' AND new -> 'topics' ?| %(topic)s)",
    "subject_kind": "subject_kind = ANY(%(subject_kind)s)",
    "id": "id = ANY(%(id)s)",
    "key": "key = ANY(%(key)s)",
    "q": "headline ILIKE %(q)s",
    "since": "observed_at >= %(since)s",
    "until": "observed_at < %(until)s",
    "as_of": "observed_at <= %(as_of)s",
    "min_change_pct": "abs(change_pct) >= %(min_change_pct)s",
    "baseline": "baseline = %(baseline)s",
    "standing": "withdrawn_at IS NULL",
    "known_at": "observed_at <= %(known_at)s AND (withdrawn_at IS NULL OR withdrawn_at > %(known_at)s)",
    "before": "observed_at <= %(before)s AND (observed_at < %(before)s OR id > %(after_id)s)",
    "after_id": "true",
}


def page(
    connection: Connection,
    *,
    before: tuple[datetime, str] | None = None,
    limit: int = 100,
    withdrawn: bool = False,
    **filters: Unpack[EventFilters],
) -> list[dict[str, Any]]:
    """A page of timeline.events, the newest observed first; a reader may ask.

    `before` is (observed_at, id) of the last event of the page before. `withdrawn`: also what was taken back.
    """
    asked: dict[str, Any] = {**filters, "q": containing(filters.get("q"))}
    asked["standing"] = None if withdrawn or filters.get("known_at") else True
    conditioned = asked.pop("condition", ())
    if before is not None:
        asked |= {"before": before[0], "after_id": before[1]}
    if any("*" in kind for kind in filters.get("kind", ())):
        asked["kind"] = _kinds(connection, filters["kind"])
        if not asked["kind"]:
            return []
    condition, values = where(CONDITIONS, asked, conditioned=conditioned)
    query: LiteralString = PAGE + condition + " ORDER BY observed_at DESC, id LIMIT %(limit)s::int"
    patterns = any("*" in name for name in filters.get("model", ()))
    if conditioned or patterns or any(filters.get(name) for name in _PLANNED):
        return ask_now(connection, query, values | {"limit": limit})
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query, values | {"limit": limit}).fetchall()


_PLANNED = ("kind", "source", "trust", "direction", "topic", "subject_kind", "q", "min_change_pct", "baseline")
"""Filters of which it depends on the value whether an index of them leads to a page, or the newest in order."""


def _kinds(connection: Connection, patterns: Sequence[str]) -> list[str]:
    """The kinds there are that one of the patterns fits; steps through the index, however many events there are."""
    rows = connection.execute(
        """
        WITH RECURSIVE step (kind) AS (
            SELECT min(kind) FROM timeline.events
            UNION ALL
            SELECT (SELECT min(events.kind) FROM timeline.events WHERE events.kind > step.kind)
              FROM step WHERE step.kind IS NOT NULL
        )
        SELECT kind FROM step WHERE kind LIKE ANY(%s)
        """,
        [like(patterns)],
    )
    return [row[0] for row in rows]


def weekly(
    connection: Connection, until: datetime, weeks: int, known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """How many models had a price `cuts` or `rises`, were `listed`, or had an end announced (`ending`), in each of the
    weeks that end at `until`, the oldest first; a reader may ask.

    What resellers and catalogues see in others' lists is not counted, nor what was taken back: by `known_at`, where
    that is given, nor what was not yet seen then.
    """
    known, known_values = where(CONDITIONS, {"known_at": known_at, "standing": True if known_at is None else None})
    query: LiteralString = """
        WITH told AS (
            SELECT DISTINCT ceil(extract(epoch FROM %(until)s::timestamptz - observed_at) / 604800)::int AS week,
                   provider, coalesce(model_id, model) AS name,
                   CASE WHEN kind = 'price.changed' AND direction = 'cut' THEN 'cuts'
                        WHEN kind = 'price.changed' AND direction = 'rise' THEN 'rises'
                        WHEN kind = 'model.listed' THEN 'listed'
                        WHEN kind = 'model.retirement_scheduled' THEN 'ending' END AS what
              FROM timeline.events$known
               AND observed_at > %(since)s AND observed_at <= %(until)s AND NOT baseline
               AND kind IN ('price.changed', 'model.listed', 'model.retirement_scheduled')
               AND (trust IN ('official', 'cloud') OR origin = 'bundled')
        )
        SELECT number AS week, count(*) FILTER (WHERE what = 'cuts')::int AS cuts,
               count(*) FILTER (WHERE what = 'rises')::int AS rises,
               count(*) FILTER (WHERE what = 'listed')::int AS listed,
               count(*) FILTER (WHERE what = 'ending')::int AS ending
          FROM generate_series(1, %(weeks)s::int) AS number LEFT JOIN told ON greatest(told.week, 1) = number
         GROUP BY number ORDER BY number DESC
    """
    values = {"until": until, "since": until - timedelta(weeks=weeks), "weeks": weeks, **known_values}
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(query.replace("$known", known), values).fetchall()


def witnesses(connection: Connection, event: str) -> list[dict[str, Any]]:
    """Every other event that tells the same as this one, the earliest first; a reader may ask."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            """
            WITH story AS (
                SELECT coalesce((SELECT event FROM timeline.witnesses WHERE witness = %(event)s), %(event)s) AS id)
            SELECT witness AS id, source, teller, trust, observed_at, url, headline
              FROM timeline.witnesses JOIN story ON witnesses.event = story.id WHERE witness <> %(event)s
            UNION ALL
            SELECT events.id, events.source, coalesce(source.provider, events.provider), events.trust, observed_at,
                   after ->> 'url', headline
              FROM timeline.events JOIN story USING (id) LEFT JOIN timeline.source_health AS source USING (source)
             WHERE events.id <> %(event)s AND withdrawn_at IS NULL
             ORDER BY observed_at, id
            """,
            {"event": event},
        ).fetchall()


def providers(connection: Connection) -> list[str]:
    """Every provider that has an event, by id; steps through the index, however many events there are."""
    rows = connection.execute(
        """
        WITH RECURSIVE step (provider) AS (
            SELECT min(provider) FROM timeline.events
            UNION ALL
            SELECT (SELECT min(events.provider) FROM timeline.events WHERE events.provider > step.provider)
              FROM step WHERE step.provider IS NOT NULL
        )
        SELECT provider FROM step WHERE provider IS NOT NULL
        """
    )
    return [row[0] for row in rows]

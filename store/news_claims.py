"""What items claim of models: read by each version of the reader, held against official pages by a view."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.rows import dict_row

from store import events, funding
from store.connect import Connection
from timeline import names
from timeline.claims import Claim

Item = tuple[str, str]
"""Source and key of an item."""


def unread(connection: Connection, source: str, reader: str) -> list[tuple[int, str, str]]:
    """The texts of a source's items that `reader` has not read: number, title and summary."""
    return connection.execute(
        "SELECT id, title, summary FROM news WHERE source = %s AND superseded_at IS NULL "
        "AND claims_by IS DISTINCT FROM %s ORDER BY id",
        [source, reader],
    ).fetchall()


def put(
    connection: Connection, source: str, claims: Mapping[int, Sequence[Claim]], *, reader: str, at: datetime
) -> int:
    """Keep the claims of these texts in the place of what another reader found; returns how many there are."""
    texts = list(claims)
    gone = connection.execute("DELETE FROM news_claim WHERE news = ANY(%s)", [texts]).rowcount
    rows = [
        (text, claim.provider, claim.model_id, sorted(names.related(claim.provider, claim.model_id)), claim.claim,
         claim.direction, claim.words, at)
        for text, found in claims.items()
        for claim in found
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO news_claim (news, provider, model_id, model_ids, claim, direction, words, recorded_at) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            rows,
        )
    connection.execute("UPDATE news SET claims_by = %s WHERE id = ANY(%s)", [reader, texts])
    if gone or rows:
        events.count_change(connection, [source])
    return len(rows)


def of_items(connection: Connection, items: Sequence[Item]) -> dict[Item, list[dict[str, Any]]]:
    """The claims of these items, each with what the provider's page says; works for a reader."""
    found: dict[Item, list[dict[str, Any]]] = {}
    if not items:
        return found
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            SELECT news_claims.* FROM unnest(%s::text[], %s::text[]) AS asked (source, key)
              JOIN timeline.news_claims USING (source, key) ORDER BY claim, provider, model_id
            """,
            [[source for source, _ in items], [key for _, key in items]],
        ).fetchall()
    for row in rows:
        found.setdefault((row["source"], row["key"]), []).append(row)
    return found


def annotated(
    connection: Connection, rows: Sequence[dict[str, Any]], known_at: datetime | None = None
) -> list[dict[str, Any]]:
    """Rows of `store.news.page` each with the deal that it tells (`deal`, an id or None) and what it claims of models
    (`claims`: rows of timeline.news_claims, of now), as known at `known_at` (None: now); works for a reader.
    """
    items = [(row["source"], row["key"]) for row in rows]
    deals, claims = funding.deals_of_items(connection, items, known_at), of_items(connection, items)
    return [
        {**row, "deal": deals.get(item), "claims": claims.get(item, [])} for row, item in zip(rows, items, strict=True)
    ]

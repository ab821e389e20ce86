"""Deals as people ask for them, the latest first, and a person's decisions about them. Reading works for a reader."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, LiteralString, TypedDict, Unpack

from psycopg.rows import dict_row

from store import deals
from store.connect import Connection
from store.deals import Refolded
from store.filters import Conditions, containing, where
from store.moments import told_at
from timeline.issues import AiwireError


class FundingError(AiwireError):
    """A deal, an item or a decision was named that there is not, or that cannot be taken."""


class FundingFilters(TypedDict, total=False):
    """Lists are alternatives; None and empty lists ask for nothing."""

    id: Sequence[str]
    kind: Sequence[str]
    status: Sequence[str]
    round: Sequence[str]
    company: Sequence[str]  # in any case; `*` stands for any characters
    investor: Sequence[str]  # of the investors or the buyer, as company
    currency: Sequence[str]
    topic: Sequence[str]
    min_amount: Decimal | None  # of the same currency: ask for that too
    q: str | None  # the company, an investor or the buyer contains it
    since: datetime | None  # first reported at or after
    until: datetime | None  # and before


CONDITIONS: Conditions = {
    "id": "id = ANY(%(id)s)",
    "kind": "kind = ANY(%(kind)s)",
    "status": "status = ANY(%(status)s)",
    "round": "round = ANY(%(round)s)",
    "company": "company ILIKE ANY(%(company)s)",
    "investor": "EXISTS (SELECT FROM unnest(investors || lead_investors || acquirer) AS named "
    "WHERE named ILIKE ANY(%(investor)s))",
    "currency": "currency = ANY(%(currency)s)",
    "topic": "topics && %(topic)s",
    "min_amount": "coalesce(amount_max, amount) >= %(min_amount)s",
    "q": "(company ILIKE %(q)s OR acquirer ILIKE %(q)s OR array_to_string(investors, ' ') ILIKE %(q)s)",
    "since": "first_reported >= %(since)s",
    "until": "first_reported < %(until)s",
    "before": "(first_reported, id) < (%(before)s, %(id_before)s)",
    "id_before": "true",
}


def page(
    connection: Connection,
    at: datetime | None = None,
    known_at: datetime | None = None,
    *,
    before: tuple[datetime, str] | None = None,
    limit: int = 100,
    **filters: Unpack[FundingFilters],
) -> list[dict[str, Any]]:
    """A page of timeline.funding, the latest first reported first.

    Those reported by `at`, with the terms as known at `known_at`; None: now. `before` is (first_reported, id) of the
    last deal of the page before.
    """
    asked: dict[str, Any] = {**filters, "q": containing(filters.get("q"))}
    if before is not None:
        asked |= dict(zip(("before", "id_before"), before, strict=True))
    condition, values = where(CONDITIONS, asked, patterns=("company", "investor"))
    told, moments = told_at(connection, "funding", at, known_at)
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            f"SELECT * FROM {told}{condition} ORDER BY first_reported DESC, id DESC LIMIT %(limit)s::int",
            values | moments | {"limit": limit},
        ).fetchall()


def reports(
    connection: Connection, ids: Sequence[str], known_at: datetime | None = None, *, standing: bool = True
) -> list[dict[str, Any]]:
    """The reports of these deals, by deal the first told first; with `standing` only as the items read at `known_at`
    (None: now).
    """
    stood: LiteralString = "stands" if known_at is None else _STOOD
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            f"SELECT * FROM timeline.funding_reports WHERE deal = ANY(%(ids)s) AND ({stood} OR NOT %(standing)s) "
            "ORDER BY deal, told_at, item, seen_at",
            {"ids": list(ids), "standing": standing, "known_at": known_at},
        ).fetchall()


_STOOD: LiteralString = "seen_at <= %(known_at)s AND (edited_at IS NULL OR edited_at > %(known_at)s)"


def deals_of_items(
    connection: Connection, items: Sequence[tuple[str, str]], known_at: datetime | None = None
) -> dict[tuple[str, str], str]:
    """By source and key of an item the deal that it tells as it reads at `known_at` (None: now)."""
    stood: LiteralString = "stands" if known_at is None else _STOOD
    rows = connection.execute(
        f"""
        SELECT source, key, deal FROM unnest(%(sources)s::text[], %(keys)s::text[]) AS asked (source, key)
          JOIN timeline.funding_reports USING (source, key) WHERE {stood} AND deal IS NOT NULL
        """,
        {"sources": [source for source, _ in items], "keys": [key for _, key in items], "known_at": known_at},
    )
    return {(source, key): deal for source, key, deal in rows}


def history(connection: Connection, deal: str) -> list[dict[str, Any]]:
    """What was known of a deal over time, the first state first."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "SELECT * FROM timeline.funding_history WHERE deal = %s ORDER BY known_from", [deal]
        ).fetchall()


def decisions(connection: Connection, items: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """The decisions about any of these items (None: all), the newest first."""
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute(
            "SELECT * FROM timeline.funding_decisions "
            "WHERE %(items)s::text[] IS NULL OR these && %(items)s OR those && %(items)s ORDER BY id DESC",
            {"items": None if items is None else list(items)},
        ).fetchall()


# ------------------------------------------------------------- by hand


def split(connection: Connection, deal: str, item: str, *, because: str, at: datetime) -> tuple[int, Refolded]:
    """An item (its id or its address) tells another deal than the other items of `deal`; the decision's number.

    One transaction. Raises FundingError.
    """
    with connection.transaction():
        deals.lock(connection)
        items = _items(connection, deal)
        chosen = _item(connection, deal, item)
        others = [other for other in items if other != chosen]
        if not others:
            raise FundingError(f"{deal} is told by {chosen} alone: there is nothing to split it from")
        return _decide(connection, "apart", [chosen], others, because=because, at=at)


def join(connection: Connection, one: str, other: str, *, because: str, at: datetime) -> tuple[int, Refolded]:
    """Two deals are one; the decision's number. One transaction. Raises FundingError."""
    with connection.transaction():
        deals.lock(connection)
        if one == other:
            raise FundingError(f"{one} is one deal already: name two")
        if one.partition("-")[0] != other.partition("-")[0]:
            raise FundingError(f"{one} and {other} are of different kinds: only deals of one kind can be one")
        return _decide(
            connection, "together", _items(connection, one), _items(connection, other), because=because, at=at
        )


def undo(connection: Connection, decision: int, *, at: datetime) -> Refolded:
    """A decision holds no more. One transaction. Raises FundingError."""
    with connection.transaction():
        deals.lock(connection)
        row = connection.execute(
            "UPDATE funding_decision SET undone_at = %s WHERE id = %s::bigint AND undone_at IS NULL "
            "RETURNING these || those",
            [at, decision],
        ).fetchone()
        if row is None:
            raise FundingError(f"no decision {decision} holds: `aiwire funding decisions` lists them")
        return deals.refold_items(connection, row[0], at=at, because=f"decision {decision} was undone")


def _decide(
    connection: Connection, verdict: str, these: Sequence[str], those: Sequence[str], *, because: str, at: datetime
) -> tuple[int, Refolded]:
    [(number,)] = connection.execute(
        "INSERT INTO funding_decision (verdict, these, those, because, made_at) VALUES (%s, %s, %s, %s, %s) "
        "RETURNING id",
        [verdict, list(these), list(those), because, at],
    ).fetchall()
    return number, deals.refold_items(connection, [*these, *those], at=at, because=because)


def _items(connection: Connection, deal: str) -> list[str]:
    row = connection.execute("SELECT items FROM funding_deal WHERE deal = %s", [deal]).fetchone()
    if row is None:
        raise FundingError(f"no deal is called {deal!r}: `aiwire funding list` lists them")
    found: list[str] = row[0]
    return found


def _item(connection: Connection, deal: str, named: str) -> str:
    """The item of a deal by its id or its address."""
    rows = reports(connection, [deal])
    found = {row["item"] for row in rows if named in (row["item"], row["url"])}
    if len(found) != 1:
        known = ", ".join(row["item"] for row in rows)
        raise FundingError(f"expected one item of {deal} for {named!r}, found {len(found)}: it has {known}")
    return str(found.pop())

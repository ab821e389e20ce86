"""Deals kept as their reports say: terms over time and events, folded anew wherever a report changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row
from psycopg.types.range import Range

from store import events, funding_reports
from store.connect import Connection
from store.event_rows import StoredEvent
from store.funding_reports import TERMS
from timeline.deals import Deal, Decision, fold_deals
from timeline.events import Event
from timeline.telling_deals import tell_deal
from timeline.terms import terms_of

Fresh = Collection[tuple[str, datetime]]
"""The texts that are news now: the source, and when it was first seen. What they cause is told."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Refolded:
    """What folding deals anew came to. `deals` are all that were looked at."""

    deals: tuple[Deal, ...] = ()
    added: tuple[Event, ...] = ()
    withdrawn: tuple[str, ...] = ()  # ids of events

    @property
    def told(self) -> tuple[Event, ...]:
        """New events, in order."""
        return tuple(sorted(self.added, key=lambda event: (event.observed_at, event.key, event.kind)))


def lock(connection: Connection) -> None:
    """Waits until nobody else folds deals, and keeps others out until the transaction ends."""
    connection.execute("SELECT 1 FROM funding_state FOR UPDATE")


def refold(
    connection: Connection, parties: Collection[str], *, at: datetime, because: str, fresh: Fresh = ()
) -> Refolded:
    """Fold the deals of these parties anew, and write what differs, in the caller's transaction.

    An event that is new is told where one of the `fresh` texts caused it, or where it was read late; what no report
    says any more is withdrawn with `because`. A second time changes nothing. Takes the lock.
    """
    if not parties:
        return Refolded()
    lock(connection)
    return _refold(connection, funding_reports.related(connection, parties), at=at, because=because, fresh=fresh)


def refold_items(connection: Connection, items: Collection[str], *, at: datetime, because: str) -> Refolded:
    """The same for the deals of these items, after a decision about them."""
    lock(connection)
    rows = connection.execute(
        "SELECT DISTINCT unnest(parties) FROM funding_report WHERE superseded_at IS NULL AND item = ANY(%s)",
        [sorted(items)],
    )
    related = funding_reports.related(connection, {party for (party,) in rows})
    return _refold(connection, related, at=at, because=because, fresh=())


def decisions(connection: Connection) -> list[Decision]:
    """What persons decided and nobody undid, in order."""
    rows = connection.execute(
        "SELECT verdict, these, those FROM funding_decision WHERE undone_at IS NULL ORDER BY id"
    ).fetchall()
    return [Decision(verdict=verdict, these=tuple(these), those=tuple(those)) for verdict, these, those in rows]


def _refold(connection: Connection, items: set[str], *, at: datetime, because: str, fresh: Fresh) -> Refolded:
    by_hand = decisions(connection)
    items = _with_joined(connection, items, by_hand)
    before = funding_reports.deals_of(connection, items)
    deals = fold_deals(
        funding_reports.tellings(connection, items),
        decisions=by_hand,
        names=funding_reports.names_of(connection, items),
    )
    funding_reports.count_to(connection, items, {item: deal.name for deal in deals for item in deal.items})
    names = sorted(before | {deal.name for deal in deals})
    changed = _write_heads(connection, deals, names, at) + _write_terms(connection, deals, names, at)
    wanted = {event.id: event for deal in deals for event in tell_deal(deal)}
    added, withdrawn, corrected = _write_events(connection, wanted, names, at=at, because=because, fresh=fresh)
    if changed or added or withdrawn or corrected:
        connection.execute("UPDATE funding_state SET changes = changes + 1, changed_at = timeline.now()")
    return Refolded(deals=deals, added=tuple(added), withdrawn=tuple(withdrawn))


def _with_joined(connection: Connection, items: set[str], by_hand: Iterable[Decision]) -> set[str]:
    """With the items of the deals that a person joined to deals of these."""
    together = [{*one.these, *one.those} for one in by_hand if one.verdict == "together"]
    found = set(items)
    while more := set().union(*(group for group in together if group & found)) - found:
        rows = connection.execute(
            "SELECT DISTINCT unnest(parties) FROM funding_report WHERE superseded_at IS NULL AND item = ANY(%s)",
            [sorted(more)],
        )
        found |= more | funding_reports.related(connection, {party for (party,) in rows})
    return found


def _write_heads(connection: Connection, deals: Sequence[Deal], names: Sequence[str], at: datetime) -> int:
    kept = {deal.name for deal in deals}
    changed = connection.execute("DELETE FROM funding_deal WHERE deal = ANY(%s)", [[*{*names} - kept]]).rowcount
    for deal in deals:
        values = {
            "deal": deal.name,
            "label": deal.label,
            "items": list(deal.items),
            "outlets": len({telling.publisher for telling in deal.tellings}),
            "first_reported": deal.first_reported,
            "announced_on": deal.announced_on,
            "closed_on": deal.closed_on,
            "topics": sorted({topic for telling in deal.tellings for topic in telling.topics}),
            "at": at,
        }
        changed += connection.execute(
            """
            INSERT INTO funding_deal AS known
                   (deal, label, items, outlets, first_reported, announced_on, closed_on, topics, recorded_at)
            VALUES (%(deal)s, %(label)s, %(items)s, %(outlets)s, %(first_reported)s, %(announced_on)s, %(closed_on)s,
                    %(topics)s, %(at)s)
            ON CONFLICT (deal) DO UPDATE
               SET (items, outlets, first_reported, announced_on, closed_on, topics) = (EXCLUDED.items,
                    EXCLUDED.outlets, EXCLUDED.first_reported, EXCLUDED.announced_on, EXCLUDED.closed_on,
                    EXCLUDED.topics)
             WHERE (known.items, known.outlets, known.first_reported, known.announced_on, known.closed_on,
                    known.topics)
                   IS DISTINCT FROM (EXCLUDED.items, EXCLUDED.outlets, EXCLUDED.first_reported, EXCLUDED.announced_on,
                                     EXCLUDED.closed_on, EXCLUDED.topics)
            """,
            values,
        ).rowcount
    return changed


def _write_terms(connection: Connection, deals: Sequence[Deal], names: Sequence[str], at: datetime) -> int:
    """Rows that say the same over the same time stay as they are; an open one that ends now is closed in place."""
    wanted = {}
    for deal in deals:
        ends = [*(state.known_from for state in deal.states[1:]), None]
        for state, until in zip(deal.states, ends, strict=True):
            wanted[deal.name, state.terms, state.known_from] = until
    gone, changed = [], 0
    query = "SELECT * FROM funding_round WHERE superseded_at IS NULL AND deal = ANY(%s) ORDER BY id"
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(query, [list(names)]).fetchall()
    for row in rows:
        key = (row["deal"], terms_of(row), row["known"].lower)
        if key in wanted and (wanted[key] == row["known"].upper or row["known"].upper is None):
            until = wanted.pop(key)
            if until != row["known"].upper:
                changed += 1
                query = "UPDATE funding_round SET known = %s WHERE id = %s::bigint"
                connection.execute(query, [Range(row["known"].lower, until, "[)"), row["id"]])
        else:
            gone.append(row["id"])
    if gone:
        connection.execute("UPDATE funding_round SET superseded_at = %s WHERE id = ANY(%s::bigint[])", [at, gone])
    columns = ("deal", "label", *TERMS, "known", "recorded_at")
    insert = sql.SQL("INSERT INTO funding_round ({}) VALUES ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, columns)), sql.SQL(", ").join(map(sql.Placeholder, columns))
    )
    for (deal_name, terms, since), until in wanted.items():
        values: dict[str, Any] = {name: _plain(getattr(terms, name)) for name in ("label", *TERMS)}
        known = Range(since, until, "[)")
        connection.execute(insert, {**values, "deal": deal_name, "known": known, "recorded_at": at})
    return changed + len(gone) + len(wanted)


def _write_events(
    connection: Connection,
    wanted: Mapping[str, Event],
    names: Sequence[str],
    *,
    at: datetime,
    because: str,
    fresh: Fresh,
) -> tuple[list[Event], list[str], int]:
    stored = {event.id: event for event in events.of_deals(connection, names)}
    added = {number: event for number, event in wanted.items() if number not in stored}
    news = {
        number: event for number, event in added.items() if event.late or (event.source, event.observed_at) in fresh
    }
    silent = {number: event for number, event in added.items() if number not in news}
    events.add(connection, silent, recorded_at=at, routed_at=at, count=False)
    events.add(connection, news, recorded_at=at, routed_at=None, count=False)
    known = [_as_news(event, stored[number]) for number, event in wanted.items() if number in stored]
    corrected = [event for event in known if events.differ(event, stored[event.id], CORRECTED)]
    events.correct(connection, corrected, columns=CORRECTED)
    restored = [number for number in wanted if number in stored and stored[number].withdrawn_by == "rebuild"]
    events.restore(connection, restored)
    vanished = [one.id for one in stored.values() if one.id not in wanted and one.withdrawn_at is None]
    events.withdraw(connection, vanished, because=because, at=at, by="rebuild", count=False)
    return list(added.values()), vanished, len(corrected) + len(restored)


def _as_news(event: Event, stored: StoredEvent) -> Event:
    """What was news when it was seen stays so, also when a first look at another feed listed it before."""
    return replace(event, baseline=False) if stored.origin == "live" and not stored.baseline else event


CORRECTED = (*events.CORRECTED, "source")
"""What an earlier report may put right of an event that is known already: also whose report it was."""


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value

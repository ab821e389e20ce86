"""What items tell of deals: each text of an item read once by each version of the reader, with the item as evidence."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from psycopg import sql
from psycopg.rows import dict_row

from store.connect import Connection
from timeline.deals import Telling, item_id, parties
from timeline.events import CaptureRef
from timeline.funding import FundingRound, Reason, reason_json
from timeline.keys import canonical
from timeline.terms import terms_of

TERMS = tuple(field.name for field in fields(FundingRound) if field.name not in ("label", "also"))
"""The columns that a report and a round share."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A text of an item that this version of the reader has not read. `is_new`: no version has."""

    news: int
    source: str
    key: str
    title: str
    summary: str
    url: str
    published_at: datetime | None
    seen: datetime
    baseline: bool
    late: bool
    is_new: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """What a text was found to tell."""

    text: Text
    terms: FundingRound
    because: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


def unread(connection: Connection, source: str, reader: str) -> list[Text]:
    """The texts of a source's items, edited ones too, that `reader` has not read, in order of their sightings."""
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(
            """
            SELECT news.id AS news, news.source, news.key, title, summary, url, published_at, lower(known) AS seen,
                   told.baseline AND known @> told.observed_at AS baseline, told.late AS late,
                   NOT EXISTS (SELECT FROM funding_report AS other WHERE other.news = news.id) AS is_new
              FROM news
              LEFT JOIN funding_report AS report ON report.news = news.id AND report.superseded_at IS NULL
              LEFT JOIN LATERAL (
                    SELECT baseline, late, observed_at FROM event
                     WHERE event.source = news.source AND event.key = news.key AND kind = 'news.published'
                     ORDER BY position LIMIT 1) AS told ON true
             WHERE news.source = %s AND news.superseded_at IS NULL AND report.reader IS DISTINCT FROM %s
             ORDER BY lower(known), news.id
            """,
            [source, reader],
        ).fetchall()
    return [Text(**{**row, "baseline": bool(row["baseline"]), "late": bool(row["late"])}) for row in rows]


def drop_gone(connection: Connection, source: str, at: datetime) -> set[str]:
    """Supersede the reports of texts that are not believed any more; returns the parties of their deals."""
    rows = connection.execute(
        """
        UPDATE funding_report SET superseded_at = %s FROM news
         WHERE news.id = funding_report.news AND funding_report.source = %s AND funding_report.superseded_at IS NULL
           AND news.superseded_at IS NOT NULL
        RETURNING parties
        """,
        [at, source],
    )
    return {party for (found,) in rows for party in found}


def mark_anew(connection: Connection, source: str) -> set[str]:
    """Mark the reports of a source whose items turned out to be, or not to be, among what its first look listed.

    Older captures that were imported change that. Returns the parties of their deals.
    """
    rows = connection.execute(
        """
        UPDATE funding_report AS report SET (baseline, late) = (told.baseline, told.late)
          FROM (SELECT item.id, coalesce(event.baseline AND item.known @> event.observed_at, false) AS baseline,
                       coalesce(event.late, false) AS late
                  FROM news AS item JOIN event ON event.source = item.source AND event.key = item.key
                                              AND event.kind = 'news.published' AND event.withdrawn_at IS NULL
                 WHERE item.source = %s AND item.superseded_at IS NULL) AS told
         WHERE told.id = report.news AND report.superseded_at IS NULL AND report.label <> 'none'
           AND (report.baseline, report.late) IS DISTINCT FROM (told.baseline, told.late)
        RETURNING report.parties
        """,
        [source],
    )
    return {party for (found,) in rows for party in found}


def put(connection: Connection, reports: Sequence[Report], *, reader: str, at: datetime) -> set[str]:
    """Keep readings in the place of those of other versions.

    Returns the parties of all that these items told before and tell now: whose deals may be other ones.
    """
    ids = [report.text.news for report in reports]
    gone = connection.execute(
        "UPDATE funding_report SET superseded_at = %s WHERE news = ANY(%s) AND superseded_at IS NULL "
        "RETURNING news, deal, parties",
        [at, ids],
    ).fetchall()
    deals = {news: deal for news, deal, _ in gone}
    names = (
        "news",
        "source",
        "item",
        "reader",
        "label",
        *TERMS,
        "also",
        "parties",
        "because",
        "reasons",
        "baseline",
        "late",
    )
    columns = (*names, "deal", "recorded_at")
    query = sql.SQL("COPY funding_report ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, columns)))
    touched = {party for _, _, found in gone for party in found}
    with connection.cursor() as cursor, cursor.copy(query) as copy:
        for report in reports:
            text, own = report.text, sorted(parties(report.terms))
            terms = [_plain(getattr(report.terms, name)) for name in TERMS]
            because = list(report.because) if report.terms.label != "none" else []
            reasons = canonical([reason_json(reason) for reason in report.reasons])
            values = [text.news, text.source, item_id(text.source, text.key), reader, report.terms.label, *terms]
            values += [list(report.terms.also), own, because, reasons, text.baseline, text.late]
            copy.write_row([*values, deals.get(text.news), at])
    return touched | _parties_of(connection, {item_id(report.text.source, report.text.key) for report in reports})


def related(connection: Connection, wanted: Collection[str]) -> set[str]:
    """The items whose deals may depend on each other: those of these parties, of the parties of these items, and on."""
    known: set[str] = set()
    items: set[str] = set()
    fresh = set(wanted)
    while fresh:
        known |= fresh
        rows = connection.execute(
            """
            SELECT DISTINCT item FROM funding_report
             WHERE superseded_at IS NULL AND label <> 'none' AND parties && %s
            """,
            [sorted(fresh)],
        )
        found = {item for (item,) in rows} - items
        items |= found
        fresh = _parties_of(connection, found) - known
    return items


def tellings(connection: Connection, items: Collection[str]) -> list[Telling]:
    """Everything these items told and tell, in no order."""
    names = sql.SQL(", ").join(sql.Identifier("report", name) for name in ("label", "also", *TERMS))
    query = sql.SQL(
        """
        SELECT report.item, report.source, news.provider, news.trust, news.origin, report.baseline, report.late,
               news.url, news.title, news.topics, news.locator, published_at, lower(news.known) AS seen,
               upper(news.known) AS until, capture.seq, capture.url AS page, capture.first_seen, capture.sha256, {}
          FROM funding_report AS report JOIN news ON news.id = report.news
          LEFT JOIN capture ON capture.source = news.source AND capture.seq = news.first_seq
         WHERE report.superseded_at IS NULL AND news.superseded_at IS NULL AND report.item = ANY(%s)
        """
    ).format(names)
    with connection.cursor(row_factory=dict_row) as cursor:
        return [_telling(row) for row in cursor.execute(query, [sorted(items)])]


def names_of(connection: Connection, items: Collection[str]) -> dict[str, str]:
    """By item the deal it is counted to, where somebody may know that deal by its name: it was news when it was seen.

    A deal that was only ever imported or listed by a first look is named anew as if all had come in order.
    """
    rows = connection.execute(
        """
        SELECT DISTINCT report.item, report.deal FROM funding_report AS report JOIN event ON event.key = report.deal
         WHERE report.superseded_at IS NULL AND report.item = ANY(%s) AND event.kind LIKE 'funding.%%'
           AND event.kind = 'funding.announced' AND event.origin = 'live' AND NOT event.baseline
        """,
        [sorted(items)],
    )
    return dict(rows.fetchall())


def deals_of(connection: Connection, items: Collection[str]) -> set[str]:
    """The deals that any of these items is counted to."""
    rows = connection.execute(
        "SELECT DISTINCT deal FROM funding_report WHERE superseded_at IS NULL AND item = ANY(%s) AND deal IS NOT NULL",
        [sorted(items)],
    )
    return {deal for (deal,) in rows}


def count_to(connection: Connection, items: Collection[str], deals: Mapping[str, str]) -> None:
    """From now on these items are counted to `deals`; those that are not in there to none."""
    ordered = sorted(items)
    connection.execute(
        """
        UPDATE funding_report AS report SET deal = given.deal
          FROM unnest(%s::text[], %s::text[]) AS given (item, deal)
         WHERE report.item = given.item AND report.superseded_at IS NULL AND report.label <> 'none'
           AND report.deal IS DISTINCT FROM given.deal
        """,
        [ordered, [deals.get(item) for item in ordered]],
    )


def _parties_of(connection: Connection, items: Collection[str]) -> set[str]:
    rows = connection.execute(
        "SELECT DISTINCT unnest(parties) FROM funding_report WHERE superseded_at IS NULL AND item = ANY(%s)",
        [sorted(items)],
    )
    return {party for (party,) in rows}


def _telling(row: Mapping[str, Any]) -> Telling:
    capture = None
    if row["seq"] is not None:
        capture = CaptureRef(seq=row["seq"], url=row["page"], captured_at=row["first_seen"], sha256=row["sha256"])
    return Telling(
        item=row["item"],
        publisher=row["provider"],
        terms=terms_of(row),
        seen=row["seen"],
        until=row["until"],
        published=row["published_at"],
        source=row["source"],
        trust=row["trust"],
        origin=row["origin"],
        baseline=row["baseline"],
        late=row["late"],
        url=row["url"],
        title=row["title"],
        topics=tuple(row["topics"]),
        locator=row["locator"],
        capture=capture,
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value

"""Dated dumps of the public views for other tools: one file a view, a data dictionary, and a note on rights."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from psycopg import sql

from store.connect import Connection

Form = Literal["csv", "ndjson"]
VIEWS: Final = (
    "price_history", "price_changes", "price_disagreement", "offers", "model_history", "model_specs", "deadlines",
    "corrections", "news", "incidents", "news_claims", "funding", "funding_history", "funding_reports",
    "figure_history", "rule_history", "source_health",
)  # fmt: skip
"""What is dumped: what people read, without what only aiwire itself needs."""
RIGHTS: Final = """The facts here (prices, dates, names of models) were taken down by aiwire from the public pages and
catalogues that each row names in `source`. Texts quoted from them (titles, summaries, labels) belong to who wrote them.
Before you publish a dump, look at the terms of the sources in it: some state no licence.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """A column of a view, its type, and what it means."""

    view: str
    name: str
    type: str
    meaning: str


def columns(connection: Connection, views: Sequence[str] = VIEWS) -> list[Column]:
    """What each column holds, as the comments of the views say."""
    rows = connection.execute(
        """
        SELECT view.relname::text, attname::text, format_type(atttypid, atttypmod),
               coalesce(col_description(attrelid, attnum), '')
          FROM pg_attribute JOIN pg_class AS view ON view.oid = attrelid
         WHERE view.relnamespace = 'timeline'::regnamespace AND view.relname = ANY(%s) AND attnum > 0
           AND NOT attisdropped AND format_type(atttypid, atttypmod) NOT LIKE '%%range'
         ORDER BY array_position(%s::text[], view.relname::text), attnum
        """,
        [[*views], [*views]],
    )
    return [Column(view=view, name=name, type=kind, meaning=meaning) for view, name, kind, meaning in rows]


def dictionary(connection: Connection, *, at: datetime, views: Sequence[str] = VIEWS) -> str:
    """The data dictionary, in Markdown: each view with what it is, each column with its type and meaning."""
    about: dict[str, str] = dict(
        connection.execute(
            "SELECT relname::text, coalesce(obj_description(oid, 'pg_class'), '') FROM pg_class "
            "WHERE relnamespace = 'timeline'::regnamespace"
        ).fetchall()
    )
    parts = [f"# aiwire, as of {at:%Y-%m-%d %H:%M} UTC\n\n{RIGHTS}"]
    for view in views:
        rows = [f"| {one.name} | {one.type} | {_cell(one.meaning)} |" for one in columns(connection, [view])]
        parts.append(
            f"## {view}\n\n{about.get(view, '')}\n\n| column | type | meaning |\n|---|---|---|\n" + "\n".join(rows)
        )
    return "\n\n".join(parts) + "\n"


def rows(connection: Connection, view: str, form: Form) -> Iterator[bytes]:
    """The bytes of a view's file, in pieces. CSV has a header, and no cell a spreadsheet takes for a formula."""
    found = columns(connection, [view])
    with connection.cursor().copy(_query(view, found, form)) as copy:
        for piece in copy:
            yield bytes(piece)


def _query(view: str, found: Sequence[Column], form: Form) -> sql.Composed:
    named = sql.Identifier("timeline", view)
    if form == "ndjson":
        names = sql.SQL(", ").join(sql.Identifier(one.name) for one in found)
        # COPY's own text form would escape what JSON has escaped already: a quote that is never there turns it off.
        return sql.SQL(
            "COPY (SELECT row_to_json(dumped)::text FROM (SELECT {} FROM {}) AS dumped) TO STDOUT "
            "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"
        ).format(names, named)
    cells = sql.SQL(", ").join(_harmless(one) for one in found)
    return sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv, HEADER true)").format(cells, named)


def _harmless(column: Column) -> sql.Composable:
    name = sql.Identifier(column.name)
    if column.type != "text":
        return name
    return sql.SQL("CASE WHEN {0} ~ '^[=+@\\t\\r-]' THEN '''' || {0} ELSE {0} END AS {0}").format(name)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")

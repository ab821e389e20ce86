"""How facts become rows: the tables of prices, notices and news, which are alike in all that is about time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, LiteralString

from psycopg import errors, sql
from psycopg.types.range import Range

from store.connect import Connection, StoreError
from timeline.events import Origin
from timeline.keys import canonical
from timeline.observations import KnownRow, SourceInfo
from timeline.prices import compared
from timeline.spans import Identity


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """One kind of fact. `columns` are fields of the fact; `value` those by which it is the same fact over time."""

    name: LiteralString
    columns: tuple[str, ...]
    json: str | None = None  # the column that holds an object
    arrays: tuple[str, ...] = ()  # the columns that hold lists
    value: tuple[str, ...]
    meaning: Callable[[tuple[Any, ...]], tuple[object, ...]] = tuple  # of the value columns: as Fact.value gives it


def _price_value(columns: tuple[Any, ...]) -> tuple[object, ...]:
    state, amount, per = columns
    return (state, None if amount is None else compared(Decimal(amount) / Decimal(per)))


def _notice_value(columns: tuple[Any, ...]) -> tuple[object, ...]:
    return (*columns[:-1], tuple(columns[-1]))


def _spec_value(columns: tuple[Any, ...]) -> tuple[object, ...]:
    return tuple(tuple(value) if isinstance(value, list) else value for value in columns)


_SPEC = (
    *("context_window", "max_output", "input_modalities", "output_modalities", "weights", "released_on", "retires_on"),
    "knowledge_cutoff",
)
_FIGURE = ("number", "upto", "plus", "minus", "qualifier", "unit")
# By Fact.fact. A new kind of fact is a table like these, and a line here.
TABLES: Mapping[str, Table] = {
    "price": Table(
        name="price",
        columns=(
            *("provider", "model", "model_id", "meter", "conditions", "state", "amount", "currency", "per", "unit"),
            *("qualifier", "label", "locator"),
        ),
        json="conditions",
        value=("state", "amount", "per"),
        meaning=_price_value,
    ),
    "notice": Table(
        name="notice",
        columns=(
            *("provider", "subject_kind", "model", "model_id", "status", "label", "release_stage", "announced_on"),
            *("deprecates_on", "retires_on", "not_before", "replacements", "scope", "locator"),
        ),
        json="scope",
        arrays=("replacements",),
        value=("status", "release_stage", "announced_on", "deprecates_on", "retires_on", "not_before", "replacements"),
        meaning=_notice_value,
    ),
    "news": Table(
        name="news",
        columns=("provider", "guid", "url", "title", "summary", "published_at", "topics", "categories", "locator"),
        arrays=("topics", "categories"),
        value=("title", "summary", "url"),
    ),
    "incident": Table(
        name="incident",
        columns=(
            *("provider", "guid", "url", "title", "status", "impact", "components", "started_at", "resolved_at"),
            *("summary", "locator"),
        ),
        arrays=("components",),
        value=("title", "status", "impact", "components", "started_at", "resolved_at"),
        meaning=_spec_value,
    ),
    "spec": Table(
        name="spec",
        columns=("provider", "model", "model_id", *_SPEC, "locator"),
        arrays=("input_modalities", "output_modalities"),
        value=_SPEC,
        meaning=_spec_value,
    ),
    "figure": Table(
        name="figure",
        columns=("provider", "subject", "measure", *_FIGURE, "period", "scope", "label", "locator"),
        json="scope",
        value=_FIGURE,
    ),
    "rule": Table(
        name="rule",
        columns=(
            *(
                "provider",
                "jurisdiction",
                "instrument",
                "applies",
                "binding",
                "applies_from",
                "said_on",
                "url",
                "quote",
            ),
            "locator",
        ),
        value=("applies_from",),
    ),
    "page": Table(
        name="page",
        columns=("provider", "part", "title", "text", "sha256", "url", "locator"),
        value=("sha256",),
    ),
}
ABOUT_TIME = ("effective", "effective_basis", "seen_until", "known", "trust")
EVIDENCE = ("first_seq", "last_seq", "first_snapshot", "last_snapshot")

Record = dict[str, Any]  # column -> value, of one row


def record(source: SourceInfo, known: KnownRow) -> tuple[str, Record]:
    """The table a row belongs to and its columns, without `id`, `origin` and when it was recorded."""
    row, fact = known.row, known.row.fact
    table = TABLES[fact.fact]
    values: Record = {"source": source.id, "key": known.key}
    values |= {name: getattr(fact, name) for name in table.columns}
    if table.json:
        values[table.json] = dict(values[table.json])
    values |= {name: list(values[name]) for name in table.arrays}
    values |= {
        "effective": Range(row.starts, row.ends, "[)"),
        "effective_basis": row.basis,
        "seen_until": row.seen_until,
        "known": Range(known.known_from, known.known_to, "[)"),
        "trust": source.trust,
        "first_seq": row.first.seq,
        "last_seq": row.last.seq,
        "first_snapshot": row.first.sha256,
        "last_snapshot": row.last.sha256,
    }
    return table.name, values


def columns(table: str) -> tuple[str, ...]:
    """The columns of `record`, in its order."""
    return ("source", "key", *TABLES[table].columns, *ABOUT_TIME, *EVIDENCE)


def write(connection: Connection, records: Iterable[tuple[str, Record]], *, origin: Origin, at: datetime) -> int:
    """Adds rows, recorded at `at`; returns how many. Raises StoreError where one would contradict another."""
    by_table: dict[str, list[Record]] = {}
    for table, values in records:
        by_table.setdefault(table, []).append(values)
    for table, rows in by_table.items():
        names = (*columns(table), "origin", "recorded_at")
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        recorded_at = at.isoformat()
        try:
            with connection.cursor() as cursor, cursor.copy(query) as copy:
                for values in rows:
                    copy.write_row([*_texts(TABLES[table], values).values(), origin, recorded_at])
        except errors.ExclusionViolation as error:
            raise StoreError(
                f"two answers to one question, nothing was written: {error.diag.message_detail}: "
                "this is a fault of aiwire, please report it"
            ) from error
    return sum(map(len, by_table.values()))


def identities(
    connection: Connection, table: str, source: str, since: Mapping[str, datetime | None]
) -> Iterator[tuple[int, str, Identity]]:
    """(id, key, identity) of the rows of these keys believed now, of each those that had not ended by a time."""
    meant = TABLES[table]
    query = sql.SQL(
        """
        SELECT id, key, lower(effective), upper(effective), {}
          FROM unnest(%s::text[], %s::timestamptz[]) AS asked (name, since) JOIN {} ON key = name
         WHERE source = %s AND upper_inf(known) AND superseded_at IS NULL
           AND (since IS NULL OR upper_inf(effective) OR upper(effective) > since) ORDER BY id
        """
    ).format(sql.SQL(", ").join(map(sql.Identifier, meant.value)), sql.Identifier(meant.name))
    for number, key, starts, ends, *value in connection.execute(query, [[*since], [*since.values()], source]):
        yield number, key, (meant.meaning(tuple(value)), starts, ends)


def comparable(table: str, values: Record) -> tuple[object, ...]:
    """The values of a record, hashable: equal for equal rows, whatever order JSON objects have."""
    meant = TABLES[table]
    plain = dict(values)
    if meant.json:
        plain[meant.json] = canonical(values[meant.json])
    plain |= {name: tuple(values[name]) for name in meant.arrays}
    return (table, *plain.values())


def describe(table: str, values: Record) -> str:
    """A row for a person: what is said, and for when."""
    effective: Range[datetime] = values["effective"]
    since = effective.lower.isoformat() if effective.lower else "ever"
    until = effective.upper.isoformat() if effective.upper else "now on"
    if table == "price":
        amount = f"{values['amount']} {values['currency']} per {values['per']} {values['unit']}"
        said = amount if values["amount"] is not None else values["state"]
    elif table == "notice":
        dates = {name: values[name] for name in ("deprecates_on", "retires_on", "not_before") if values[name]}
        said = " ".join([values["status"], *(f"{name} {day}" for name, day in dates.items())])
    elif table == "spec":
        said = ", ".join(f"{name} {values[name]}" for name in _SPEC if values[name])
    elif table == "incident":
        said = f"{values['status']} {values['title']}".strip()
    elif table == "rule":
        said = f"{values['binding']} {values['applies_from'] or ''}".rstrip()
    elif table == "figure":
        said = f"{values['measure']} {values['label']} {values['unit']}"
    else:
        said = values["title"]
    return f"{said} ({since} to {until})"


def _texts(table: Table, values: Record) -> Record:
    """The values as COPY takes them: what psycopg would have to ask Python for is text already."""
    texts = values | {name: _range(values[name]) for name in ("effective", "known")}
    if table.json:
        texts[table.json] = canonical(values[table.json])
    return texts


def _range(value: Range[datetime]) -> str:
    return f"[{value.lower.isoformat() if value.lower else ''},{value.upper.isoformat() if value.upper else ''})"

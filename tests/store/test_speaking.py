"""Which source speaks where catalogues differ: each case of docs/sql.md, by the table alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from psycopg.types.json import Jsonb

from store import prices, rates, sources
from store.connect import Connection
from store.sources import SourceRow

pytestmark = pytest.mark.postgres
T0 = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
END = 400  # the last look of everybody, unless told otherwise
SOURCES = (("wide", "wide", "catalogue"), ("copy", "wide", "catalogue"), ("slow", "slow", "catalogue"),
           ("third", "third", "catalogue"), ("maker", "acme", "official"))  # fmt: skip


@dataclass(frozen=True)
class Said:
    """What a source said from one day to another."""

    source: str
    amount: str
    starts: int
    ends: int | None = None
    key: str = "chat"
    seen: int | None = None  # the last look, where nobody looked any more
    known: int | None = None


@pytest.fixture(autouse=True)
def registered(connection: Connection) -> None:
    rows = [
        SourceRow(id=name, provider=name, kind="catalogue", url="https://x", trust=trust, every=DAY,
                  config={"lineage": lineage})
        for name, lineage, trust in SOURCES
    ]  # fmt: skip
    sources.register(connection, rows, T0)
    connection.execute("UPDATE source_state SET last_good_at = %s", [T0 + END * DAY])


def say(connection: Connection, *said: Said) -> None:
    trust = {name: trust for name, _, trust in SOURCES}
    for one in said:
        ends = None if one.ends is None else T0 + one.ends * DAY
        seen = one.seen if one.seen is not None else one.ends
        connection.execute(
            """
            INSERT INTO price (source, key, provider, model, model_id, meter, conditions, state, amount, currency, per,
                               unit, effective, seen_until, known, origin, trust)
            VALUES (%s, %s, 'acme', %s, 'chat', 'input', %s, 'priced', %s, 'USD', 1000000, 'token',
                    tstzrange(%s, %s), %s, tstzrange(%s, NULL), 'live', %s)
            """,
            [one.source, one.key, one.key, Jsonb({}), one.amount, T0 + one.starts * DAY, ends,
             None if seen is None else T0 + seen * DAY, T0 + (one.starts if one.known is None else one.known) * DAY,
             trust[one.source]],
        )  # fmt: skip


def speaks(connection: Connection, day: int) -> str:
    rows = connection.execute("SELECT source, per_million FROM timeline.price_asof(%s)", [T0 + day * DAY]).fetchall()
    ((source, amount),) = rows
    asked = prices.as_of(connection, T0 + day * DAY, model=["chat"])
    assert [(row["source"], row["per_million"]) for row in asked] == rows
    return f"{source} {amount}"


CASES: dict[str, tuple[Sequence[Said], dict[int, str]]] = {
    "whoever changed its mind, not whoever was looked at last": (
        [Said("wide", "3", 0, 100, seen=90), Said("wide", "2", 100), Said("slow", "3", 10)],
        {50: "slow 3", 150: "wide 2"},
    ),
    "the one that leads, whoever that is": (
        [Said("wide", "3", 0, 200), Said("wide", "2", 200), Said("slow", "3", 10, 100), Said("slow", "2", 100, 300),
         Said("slow", "1", 300)],
        {50: "wide 3", 150: "slow 2", 250: "wide 2", 350: "slow 1"},
    ),
    "one that begins to list the model changes nothing": (
        [Said("wide", "3", 0, 100), Said("wide", "2", 100), Said("slow", "3", 150)],
        {200: "wide 2"},
    ),
    "two that agree later are news": (
        [Said("wide", "3", 0, 100), Said("wide", "2", 100), Said("slow", "1", 150), Said("third", "1", 160)],
        {155: "wide 2", 200: "third 1"},
    ),
    "copies of one catalogue are one witness": (
        [Said("slow", "3", 0, 100), Said("slow", "2", 100), Said("wide", "1", 150), Said("copy", "1", 160)],
        {200: "slow 2"},
    ),
    "those who have not changed yet are no majority": (
        [Said("slow", "3", 0), Said("third", "3", 5), Said("wide", "3", 0, 100), Said("wide", "2", 100)],
        {150: "wide 2"},
    ),
    "whoever stopped looking is asked last": (
        [Said("wide", "3", 0, 50), Said("wide", "2", 50, seen=60), Said("slow", "4", 0)],
        {100: "wide 2", 160: "slow 4"},
    ),
    "a slip of the unit does not speak": (
        [Said("wide", "3", 0, 100), Said("wide", "3000", 100, 150), Said("wide", "3", 150), Said("slow", "3", 10)],
        {120: "slow 3", 200: "wide 3"},
    ),
    "nor one that was there from the first": (
        [Said("wide", "3", 0), Said("third", "3", 0), Said("slow", "3000", 10)],
        {120: "third 3"},
    ),
    "a real cut to a tenth counts from its first day, borne out later": (
        [Said("wide", "3", 0, 100), Said("wide", "0.3", 100), Said("slow", "3", 10, 250), Said("slow", "0.3", 250)],
        {99: "slow 3", 101: "wide 0.3"},
    ),
    "an amount that was passed over": (
        [Said("wide", "0.1", 0, 100), Said("wide", "0.06", 100, 300), Said("wide", "0.15", 300),
         Said("slow", "0.1", 10, 200), Said("slow", "0.15", 200)],
        {150: "slow 0.1", 250: "slow 0.15", 350: "wide 0.15"},
    ),
    "a short one that those who lag never saw was not passed over": (
        [Said("wide", "3", 0, 100), Said("wide", "2", 100, 150), Said("wide", "1", 150), Said("slow", "3", 10, 250),
         Said("slow", "1", 250)],
        {120: "wide 2", 200: "wide 1"},
    ),
    "the figure, not the one rounded to cents": (
        [Said("wide", "0.075", 0), Said("slow", "0.08", 100)],
        {200: "wide 0.075"},
    ),
    "the figure, not the noise of a float": (
        [Said("wide", "0.05", 0), Said("slow", "0.049999999999999996", 100)],
        {200: "wide 0.05"},
    ),
    "half a price is not its rounding": (
        [Said("wide", "1.5", 0), Said("slow", "2", 100)],
        {200: "slow 2"},
    ),
    "one source with two listings of the model": (
        [Said("wide", "3", 0, 100, key="acme/chat"), Said("wide", "2", 100, key="acme/chat"), Said("wide", "3", 120)],
        {50: "wide 3", 200: "wide 2"},
    ),
    "an official page is never overruled": (
        [Said("maker", "3", 0), Said("wide", "3", 0, 100), Said("wide", "2", 100), Said("slow", "2", 110)],
        {200: "maker 3"},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("said", "answers"), CASES.values(), ids=CASES.keys())
def test_of_catalogues_that_differ(connection: Connection, said: Sequence[Said], answers: dict[int, str]) -> None:
    say(connection, *said)
    assert {day: speaks(connection, day) for day in answers} == answers


def test_as_it_was_known_a_cut_to_a_tenth_had_to_be_borne_out(connection: Connection) -> None:
    say(connection, Said("wide", "3", 0, 100), Said("wide", "0.3", 100), Said("slow", "3", 10, 250, known=250),
        Said("slow", "0.3", 250))  # fmt: skip
    query = "SELECT per_million FROM timeline.price_asof(%s, %s)"
    connection.execute(
        "INSERT INTO price (source, key, provider, model, model_id, meter, state, amount, currency, per, unit, "
        "effective, known, origin, trust) VALUES ('slow', 'chat', 'acme', 'chat', 'chat', 'input', 'priced', 3, 'USD', "
        "1000000, 'token', tstzrange(%s, NULL), tstzrange(%s, %s), 'live', 'catalogue')",
        [T0 + 10 * DAY, T0 + 10 * DAY, T0 + 250 * DAY],
    )
    for known, amounts in ((150, [3]), (300, [0])):
        rows = connection.execute(query, [T0 + 120 * DAY, T0 + known * DAY]).fetchall()
        assert [int(row[0]) for row in rows] == amounts


def test_one_source_is_heard_where_it_is_named(connection: Connection) -> None:
    say(connection, *CASES["whoever changed its mind, not whoever was looked at last"][0])
    found = prices.as_of(connection, T0 + 150 * DAY, source=["slow"])
    assert [row["per_million"] for row in found] == [3]
    claims = connection.execute(
        """
        SELECT source, per_million, timeline.price_standing(source, key, provider, model_id, meter, %(at)s)
          FROM timeline.price_claims(%(at)s) ORDER BY 1
        """,
        {"at": T0 + 150 * DAY},
    ).fetchall()
    assert claims == [("slow", 3, datetime(1, 1, 1, tzinfo=UTC)), ("wide", 2, T0 + 100 * DAY)]


def test_pages_of_prices_tell_each_price_once(connection: Connection) -> None:
    say(connection, Said("wide", "3", 0, key="a"), Said("slow", "2", 0, key="b"), Said("third", "1", 0, key="c"))
    first = prices.as_of(connection, T0 + DAY, limit=1)
    cursor = [first[0][name] for name in prices.ORDER]
    assert prices.as_of(connection, T0 + DAY, cursor=cursor) == []


def test_a_bill_over_time_follows_the_source_that_speaks(connection: Connection) -> None:
    say(connection, *CASES["an amount that was passed over"][0])
    held = rates.over(connection, "acme", "chat", T0 + 50 * DAY, T0 + 320 * DAY)
    paid = {day: [one.rate.unit_amount for one in held if one.holds(T0 + day * DAY)] for day in (60, 150, 250, 310)}
    assert paid == {60: [_million("0.1")], 150: [_million("0.1")], 250: [_million("0.15")], 310: [_million("0.15")]}
    assert [one for one in held if one.holds(T0 + 40 * DAY)] == []


def _million(amount: str) -> Decimal:
    return Decimal(amount) / 1_000_000

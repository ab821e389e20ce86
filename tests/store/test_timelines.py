"""Appending what the fold decided: rows in two times, events and memory, in one transaction."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from store import event_pages, routings, sources, timelines
from store.connect import Connection, StoreError, connect
from store.sources import SourceRow
from timeline.events import CaptureRef, Event
from timeline.facts import Fact
from timeline.news import NewsItem
from timeline.notices import Notice
from timeline.observations import Believed, Held, Row, SourceInfo, State, Step
from timeline.prices import PricePoint

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 1, tzinfo=UTC)
DAY = timedelta(days=1)
ACME = SourceInfo(id="acme", provider="acme", kind="pricing")


@pytest.fixture(autouse=True)
def registered(connection: Connection) -> None:
    row = SourceRow(id="acme", provider="acme", kind="pricing", url="https://a.example", trust="official", every=DAY)
    sources.register(connection, [row], T0)
    connection.commit()


def ref(number: int) -> CaptureRef:
    return CaptureRef(seq=number, url="https://a.example", captured_at=T0 + number * DAY, sha256=f"{number:064x}")


def price(amount: str = "3.00", **changes: object) -> PricePoint:
    fields: dict[str, object] = {
        "provider": "acme",
        "model": "Model A",
        "model_id": "model-a",
        "meter": "input",
        "amount": Decimal(amount),
        "currency": "USD",
        "per": Decimal(1000000),
        "conditions": {"service_tier": "batch"},
        "locator": "table 1",
        "label": f"${amount} / MTok",
    }
    return PricePoint(**(fields | changes))  # type: ignore[arg-type]


def row(fact: Fact, starts: datetime, ends: datetime | None = None, *, seen: int = 0, **more: Any) -> Row:
    return Row(fact=fact, starts=starts, ends=ends, first=ref(seen), last=ref(seen), **more)


def step(at: datetime, wanted: Mapping[str, tuple[Row, ...]], *, known: datetime | None = None, **more: Any) -> Step:
    """A look that finds `wanted` to be all there is of these keys, since `known` (None: since the look itself)."""
    beliefs = [Believed(key=key, known_from=known or at, rows=rows) for key, rows in wanted.items()]
    return Step(at=at, header={"last": at.isoformat()}, **({"beliefs": beliefs} | more))


def believed(connection: Connection, table: str = "price") -> list[tuple[Any, ...]]:
    """amount, effective, known: of the rows that were never superseded, in order."""
    what = {"price": "amount", "notice": "status", "news": "title"}[table]
    rows = connection.execute(
        f"SELECT {what}, lower(effective), upper(effective), lower(known), upper(known) FROM {table} "
        "WHERE superseded_at IS NULL ORDER BY lower(known), lower(effective)"
    ).fetchall()
    return [(str(first), *((at - T0) / DAY if at else None for at in times)) for first, *times in rows]


def test_every_field_of_every_kind_of_fact_is_kept(connection: Connection) -> None:
    notice = Notice(
        provider="acme",
        model="Old",
        model_id="old-1",
        status="deprecated",
        label="Deprecated",
        release_stage="ga",
        announced_on="2026-01",
        deprecates_on="2026-02-03",
        retires_on="2026-09-01",
        replacements=("new-1", "new-2"),
        scope={"region": "eu"},
        locator="row 3",
    )
    news = NewsItem(
        provider="acme",
        guid="g1",
        url="https://a.example/1",
        title="A title",
        summary="A summary",
        published_at=T0,
        topics=("ai",),
    )
    facts: list[Fact] = [price(qualifier="at least until"), notice, news]
    wanted = {fact.key: (row(fact, T0, basis="stated"),) for fact in facts}
    timelines.append(connection, ACME, step(T0, wanted), origin="import")
    found = connection.execute(
        "SELECT provider, model, model_id, meter, conditions, state, amount::text, currency, per, unit, qualifier, "
        "label, locator, effective_basis, origin, trust, first_seq, last_snapshot FROM price"
    ).fetchall()
    tail = ("stated", "import", "official", 0, f"{0:064x}")
    assert found == [
        (
            *("acme", "Model A", "model-a", "input", {"service_tier": "batch"}, "priced", "3.00", "USD", 1000000),
            *("token", "at least until", "$3.00 / MTok", "table 1", *tail),
        )
    ]
    found = connection.execute(
        "SELECT status, label, release_stage, announced_on, deprecates_on, retires_on, not_before, replacements, scope "
        "FROM notice"
    ).fetchall()
    assert found == [
        (
            *("deprecated", "Deprecated", "ga", "2026-01", "2026-02-03", "2026-09-01", None),
            *(["new-1", "new-2"], {"region": "eu"}),
        )
    ]
    found = connection.execute("SELECT guid, url, title, summary, published_at, topics FROM news").fetchall()
    assert found == [("g1", "https://a.example/1", "A title", "A summary", T0, ["ai"])]


def test_a_change_closes_what_was_known_and_opens_what_is(connection: Connection) -> None:
    key = price().key
    timelines.append(connection, ACME, step(T0, {key: (row(price("3"), T0),)}), origin="live")
    after = (row(price("3"), T0, T0 + DAY, seen_until=T0 + DAY / 2), row(price("2"), T0 + DAY, seen=1))
    timelines.append(connection, ACME, step(T0 + DAY, {key: after}), origin="live")
    assert believed(connection) == [
        ("3", 0.0, None, 0.0, 1.0),
        ("3", 0.0, 1.0, 1.0, None),
        ("2", 1.0, None, 1.0, None),
    ]
    # Nothing that still holds is written again.
    ids = connection.execute("SELECT id, xmin::text FROM price WHERE upper_inf(known) ORDER BY id").fetchall()
    later = (*after[:1], row(price("2"), T0 + DAY, T0 + 2 * DAY), row(price("1"), T0 + 2 * DAY, seen=2))
    timelines.append(connection, ACME, step(T0 + 2 * DAY, {key: later}), origin="live")
    again = connection.execute("SELECT id, xmin::text FROM price WHERE upper_inf(known) ORDER BY id").fetchall()
    assert again[0] == ids[0]
    assert len(again) == 3


def test_the_same_price_printed_otherwise_is_the_same_row(connection: Connection) -> None:
    key = price().key
    timelines.append(connection, ACME, step(T0, {key: (row(price("3.00"), T0),)}), origin="live")
    per_thousand = price("0.003", per=Decimal(1000), label="$0.003 / 1K")
    timelines.append(connection, ACME, step(T0 + DAY, {key: (row(per_thousand, T0),)}), origin="live")
    assert believed(connection) == [("3.00", 0.0, None, 0.0, None)]


def test_a_released_hold_counts_from_when_it_was_first_seen(connection: Connection) -> None:
    key = price().key
    timelines.append(connection, ACME, step(T0, {key: (row(price("3"), T0),)}), origin="live")
    after = (row(price("3"), T0, T0 + DAY), row(price("30"), T0 + DAY))
    released = step(T0 + 2 * DAY, {key: after}, known=T0 + DAY)
    timelines.append(connection, ACME, released, origin="live")
    assert believed(connection) == [
        ("3", 0.0, None, 0.0, 1.0),
        ("3", 0.0, 1.0, 1.0, None),
        ("30", 1.0, None, 1.0, None),
    ]


def test_what_changed_twice_in_one_step_was_known_in_between(connection: Connection) -> None:
    key = price().key
    timelines.append(connection, ACME, step(T0, {key: (row(price("3"), T0),)}), origin="live")
    first = (row(price("3"), T0, T0 + DAY), row(price("30"), T0 + DAY))
    then = (first[0], row(price("30"), T0 + DAY, T0 + 2 * DAY), row(price("2"), T0 + 2 * DAY))
    first_known = Believed(key=key, known_from=T0 + DAY, rows=first)
    both = step(T0 + 2 * DAY, {}, beliefs=[first_known, Believed(key=key, known_from=T0 + 2 * DAY, rows=then)])
    timelines.append(connection, ACME, both, origin="live")
    assert believed(connection) == [
        ("3", 0.0, None, 0.0, 1.0),
        ("3", 0.0, 1.0, 1.0, None),
        ("30", 1.0, None, 1.0, 2.0),
        ("30", 1.0, 2.0, 2.0, None),
        ("2", 2.0, None, 2.0, None),
    ]


def test_what_is_gone_is_closed_whatever_kind_it_was(connection: Connection) -> None:
    notice = Notice(provider="acme", model="Old", status="active")
    wanted = {price().key: (row(price(), T0),), notice.key: (row(notice, T0),)}
    timelines.append(connection, ACME, step(T0, wanted), origin="live")
    nothing: dict[str, tuple[Row, ...]] = {price().key: (), notice.key: ()}
    timelines.append(connection, ACME, step(T0 + DAY, nothing), origin="live")
    assert believed(connection) == [("3.00", 0.0, None, 0.0, 1.0)]
    assert believed(connection, "notice") == [("active", 0.0, None, 0.0, 1.0)]


def test_a_belief_of_no_duration_is_superseded(connection: Connection) -> None:
    key = price().key
    timelines.append(connection, ACME, step(T0, {key: (row(price("3"), T0),)}), origin="live")
    timelines.append(connection, ACME, step(T0, {key: (row(price("4"), T0),)}), origin="live")
    assert believed(connection) == [("4", 0.0, None, 0.0, None)]
    assert connection.execute("SELECT count(*) FROM price WHERE superseded_at IS NOT NULL").fetchone() == (1,)


def test_two_answers_to_one_question_are_refused_and_nothing_stays(connection: Connection) -> None:
    key = price().key
    timelines.append(connection, ACME, step(T0, {key: (row(price("3"), T0),)}), origin="live")
    connection.commit()
    overlapping = (row(price("3"), T0, T0 + 3 * DAY), row(price("4"), T0 + DAY))
    with pytest.raises(StoreError, match="two answers to one question"):
        timelines.append(connection, ACME, step(T0 + DAY, {key: overlapping}, events=[told()]), origin="live")
    assert believed(connection) == [("3", 0.0, None, 0.0, None)]
    assert event_pages.page(connection) == []
    assert timelines.load_fold(connection, "acme").header == {"last": T0.isoformat()}


def told(**changes: object) -> Event:
    fields: dict[str, object] = {
        "kind": "price.changed",
        "source": "acme",
        "provider": "acme",
        "key": price().key,
        "old": {"amount": "3", "per": 1},
        "new": {"amount": "2", "per": 1},
        "observed_at": T0 + DAY,
        "headline": "cut",
    }
    return Event(**(fields | changes))  # type: ignore[arg-type]


def test_facts_events_and_memory_are_one_transaction(connection: Connection, database_url: str) -> None:
    key = price().key
    whole = step(
        T0,
        {key: (row(price(), T0),)},
        events=[told()],
        held={"other": [Held(key="other", model="B", reason="zero", since=T0, detail="3 to 0")]},
        key_states={key: {"sig": "a", "amount": Decimal("3.00")}, "other": {"sig": "b"}},
    )
    with connect(database_url) as other:
        with connection.transaction():
            assert timelines.append(connection, ACME, whole, origin="live") == 1
            assert event_pages.page(other) == []
            assert believed(other) == []
            other.rollback()
        assert len(event_pages.page(other)) == 1
        assert len(believed(other)) == 1
        kept = timelines.load_fold(other, "acme")
        assert kept.header == {"last": T0.isoformat()}
        assert kept.keys == {key: {"sig": "a", "amount": "3.00"}, "other": {"sig": "b"}}
        assert sources.health(other)[0].held[0]["reason"] == "zero"


def test_a_look_is_written_whole_or_not_at_all(connection: Connection, database_url: str) -> None:
    """Also where the caller opened no transaction: what fails last leaves nothing of what came first."""
    key = price().key
    torn = step(T0, {key: (row(price(), T0),)}, events=[told()], key_states={key: {"amount": object()}})
    with connect(database_url, autocommit=True) as own:
        with pytest.raises(TypeError):
            timelines.append(own, ACME, torn, origin="live")
        assert event_pages.page(own) == []
        assert believed(own) == []
        assert timelines.load_fold(own, "acme") == State.empty()


def test_memory_is_changed_key_by_key(connection: Connection) -> None:
    first = step(T0, {}, key_states={"a": {"n": 1}, "b": {"n": 1}})
    timelines.append(connection, ACME, first, origin="live")
    timelines.append(connection, ACME, step(T0 + DAY, {}, key_states={"a": None, "b": {"n": 2}}), origin="live")
    assert timelines.load_fold(connection, "acme") == State.load({"last": (T0 + DAY).isoformat()}, {"b": {"n": 2}})
    assert timelines.load_fold(connection, "nobody") == State.empty()


def test_a_repeated_step_records_nothing_twice(connection: Connection) -> None:
    once = step(T0, {price().key: (row(price(), T0),)}, events=[told()])
    assert timelines.append(connection, ACME, once, origin="live") == 1
    assert timelines.append(connection, ACME, once, origin="live") == 0
    assert len(believed(connection)) == 1


def test_what_a_catalogue_took_back_before_it_settled_is_not_told(connection: Connection) -> None:
    timelines.append(connection, ACME, step(T0, {}, events=[told()]), origin="live")
    timelines.append(connection, ACME, step(T0 + DAY, {}, moot=[told().id]), origin="live")
    assert routings.unrouted(connection, 10) == []
    assert len(event_pages.page(connection)) == 1


def test_a_large_first_capture_is_written_whole(connection: Connection) -> None:
    facts = [price(str(number), model_id=f"model-{number}") for number in range(3000)]
    wanted = {fact.key: (row(fact, T0),) for fact in facts}
    states = {fact.key: {"sig": str(fact.amount)} for fact in facts}
    listed = [told(key=fact.key, baseline=True) for fact in facts]
    assert timelines.append(connection, ACME, step(T0, wanted, key_states=states, events=listed), origin="live") == 3000
    assert connection.execute("SELECT count(*) FROM price").fetchone() == (3000,)
    assert len(timelines.load_fold(connection, "acme").keys) == 3000

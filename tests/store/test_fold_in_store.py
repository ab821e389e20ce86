"""The store holds what the fold says: look by look, all at once, or rebuilt; and the SQL functions answer as it does.

tests/timeline holds the fold against a naive one, so what SQL answers is what the naive one says too.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store import folds, sources, timelines
from store.connect import Connection
from store.sources import SourceRow
from tests.timeline.histories import histories, restless
from tests.timeline.makers import CATALOGUE, PRICING, day, look, price
from timeline.fold import advance, fold
from timeline.notices import Notice
from timeline.observations import Folded, KnownRow, Observation, SourceInfo
from timeline.prices import PricePoint

pytestmark = pytest.mark.postgres
EVER = datetime.max.replace(tzinfo=UTC)
SECOND = timedelta(seconds=1)


def some(examples: int) -> settings:
    """The same examples each time, in one database, each undone before the next."""
    slow = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=slow)


@pytest.mark.parametrize("examples", [20, pytest.param(3000, marks=[pytest.mark.torture, pytest.mark.timeout(7200)])])
def test_appending_look_by_look_is_folding_all_at_once(connection: Connection, examples: int) -> None:
    @some(examples)
    @given(st.one_of(histories(), restless(12)), st.sampled_from((PRICING, CATALOGUE)))
    def check(looks: list[Observation], source: SourceInfo) -> None:
        begin(connection, source)
        told = append(connection, source, looks)
        whole = fold(source, looks)
        assert told == len({event.id for event in whole.events})
        compare(connection, whole, looks)
        rebuilt = timelines.replace(connection, source, whole, now=looks[-1].at, because="test")
        assert rebuilt.is_empty, rebuilt

    check()


@pytest.mark.parametrize("examples", [12, pytest.param(2000, marks=[pytest.mark.torture, pytest.mark.timeout(7200)])])
def test_a_rebuild_with_older_captures_is_having_had_them_in_order(connection: Connection, examples: int) -> None:
    @some(examples)
    @given(histories(), st.data())
    def check(looks: list[Observation], data: st.DataObject) -> None:
        begin(connection, PRICING)
        had = [look for look in looks if data.draw(st.booleans(), label=f"had the look at {look.at}")]
        append(connection, PRICING, had)
        whole = fold(PRICING, looks)
        timelines.replace(connection, PRICING, whole, now=looks[-1].at, because="older captures")
        compare(connection, whole, looks)
        standing = connection.execute("SELECT id FROM event WHERE withdrawn_at IS NULL").fetchall()
        assert {number for (number,) in standing} == {event.id for event in whole.events}
        again = timelines.replace(connection, PRICING, whole, now=looks[-1].at + SECOND, because="again")
        assert again.is_empty, again

    check()


@pytest.mark.parametrize("few", [0, 100])
def test_what_earlier_looks_of_a_transaction_put_away_is_recalled_once(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Many pasts are read at once, when looks before have added to them already."""
    monkeypatch.setattr(folds, "FEW", few)
    begin(connection, PRICING)
    looks = [look(day(3 * number), price(f"{10 + number}")) for number in range(8)]
    looks.append(look(day(30), price("18", effective_from=day(12).date())))
    append(connection, PRICING, looks[:6])
    state = timelines.load_fold(connection, PRICING.id)
    for seen in looks[6:]:
        state, step = advance(PRICING, state, seen)
        timelines.append(connection, PRICING, step, origin=seen.origin)
    whole, kept = fold(PRICING, looks), timelines.load_fold(connection, PRICING.id)
    assert {**kept.keys} == {**whole.state.keys}
    assert timelines.replace(connection, PRICING, whole, now=looks[-1].at, because="test").is_empty


def begin(connection: Connection, source: SourceInfo) -> None:
    connection.rollback()
    connection.execute("SELECT 1")  # one transaction, so that the next example finds nothing of this one
    url = "https://a.example"
    row = SourceRow(id=source.id, provider="a", kind=source.kind, url=url, trust=source.trust, every=timedelta(1))
    sources.register(connection, [row], datetime(2026, 1, 1, tzinfo=UTC))


def append(connection: Connection, source: SourceInfo, looks: Sequence[Observation]) -> int:
    told = 0
    for seen in looks:
        state = timelines.load_fold(connection, source.id)
        _, step = advance(source, state, seen)
        told += timelines.append(connection, source, step, origin=seen.origin)
    return told


def compare(connection: Connection, whole: Folded, looks: Sequence[Observation]) -> None:
    """Every key, at moments before, between and after the looks, as known at each of them and as known now."""
    moments = sorted({at for look in looks for at in (look.at - SECOND, look.at, look.at + timedelta(days=12))})
    for at in moments:
        assert ask(connection, "(%s)", [at]) == said(whole.rows, at, EVER - SECOND)
        for known_at in moments[:: max(1, len(moments) // 6)]:
            assert ask(connection, "(%s, %s)", [at, known_at]) == said(whole.rows, at, known_at)


def ask(connection: Connection, arguments: str, values: Sequence[datetime]) -> set[tuple[Any, ...]]:
    prices = f"SELECT key, state, amount / per FROM timeline.price_asof{arguments}"
    models = f"SELECT key, status, replacements FROM timeline.model_status_asof{arguments}"
    found = set(connection.execute(prices, values))
    return found | {(key, status, tuple(instead)) for key, status, instead in connection.execute(models, values)}


def said(rows: Sequence[KnownRow], at: datetime, known_at: datetime) -> set[tuple[Any, ...]]:
    """The same by scanning the rows of the fold."""
    found: set[tuple[Any, ...]] = set()
    for known in rows:
        fact = known.row.fact
        holds = known.row.starts <= at < (known.row.ends or EVER)
        if not holds or not known.known_from <= known_at < (known.known_to or EVER):
            continue
        if isinstance(fact, PricePoint):
            found.add((known.key, fact.state, fact.unit_amount))
        elif isinstance(fact, Notice):
            found.add((known.key, fact.status, fact.replacements))
    return found

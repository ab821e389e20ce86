"""timeline.cost: the same sums in SQL as in Python, and null where nothing is known."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from cli.costing import cost
from store import bundled, rates, sources, timelines
from store.connect import Connection
from store.sources import SourceRow
from tests.store.test_timelines import row, step
from tests.timeline.test_cost import LIST, PUBLISHED
from timeline.cost import bill
from timeline.observations import SourceInfo
from timeline.prices import PricePoint
from timeline.workloads import Workload

pytestmark = pytest.mark.postgres


@pytest.fixture(autouse=True)
def history(connection: Connection) -> None:
    bundled.load(connection, now=datetime.now(UTC))


def ask(connection: Connection, day: str, model: str, *counts: int, tier: str = "standard") -> list[tuple[Any, ...]]:
    requests, given, written, *cached = counts
    return connection.execute(
        "SELECT provider, currency, total FROM timeline.cost(%s, %s, %s, %s, %s, %s, %s)",
        [day, model, requests, given, written, cached[0] if cached else 0, tier],
    ).fetchall()


def test_a_cost_is_of_its_day(connection: Connection) -> None:
    assert ask(connection, "2024-07-31", "gpt-4o", 100_000, 500, 200) == [("openai", "USD", Decimal(550))]
    assert ask(connection, "2024-10-20", "gpt-4o", 100_000, 500, 200) == [("openai", "USD", Decimal(325))]
    assert ask(connection, "2022-01-01", "gpt-4o", 100_000, 500, 200) == []
    assert ask(connection, "2024-10-20", "gpt-4o", 1, 500, 200, tier="batch") == []


def test_what_is_not_known_is_null(connection: Connection) -> None:
    found = ask(connection, "2026-02-01", "claude-opus-4-6", 1, 100_000, 10)
    assert found == [] or found[0][2] is None  # only the prices of long prompts are in the history
    assert ask(connection, "2026-03-01", "claude-opus-4-6", 1, 300_000, 1000) == [
        ("anthropic", "USD", Decimal("3.0375"))
    ]


@pytest.mark.parametrize("tokens", [(500, 200, 0), (500, 0, 0), (0, 200, 0), (500, 200, 400)])
def test_sql_and_python_say_the_same(connection: Connection, tokens: tuple[int, int, int]) -> None:
    given, written, cached = tokens
    at = datetime(2025, 11, 1, tzinfo=UTC)
    models = connection.execute(
        "SELECT DISTINCT provider, model_id FROM timeline.price_asof(%s) WHERE unit = 'token'", [at]
    ).fetchall()
    assert len(models) > 5
    for provider, model in models:
        asked = Workload(
            name="x", provider=provider, model=model, requests_per_day=Decimal(0), input_tokens=Decimal(given),
            output_tokens=Decimal(written), cached_share=Decimal(cached) / given if given else Decimal(0),
        )  # fmt: skip
        expected = bill(asked, rates.as_of(connection, provider, model, at), Decimal(7)).total
        found = ask(connection, at.isoformat(), model, 7, given, written, cached)
        sums = [total for seller, _, total in found if seller == provider]
        assert sums == [expected] or (expected is None and sums == [])


def test_published_sums_are_the_same_in_sql_and_on_the_command_line(
    connection: Connection, verbs: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """The prices as a catalogue of that month lists them, beside the history that comes with aiwire."""
    list_prices(connection)
    for model, requests, given, written, dollars in PUBLISHED:
        seller = LIST[model][0]
        found = ask(connection, "2024-07-31", model, requests, given, written)
        assert [(who, currency) for who, currency, _ in found] == [(seller, "USD")]
        cost(
            model=[f"{seller}/{model}"], requests=str(requests), input_tokens=str(given), output_tokens=str(written),
            as_of="2024-07-31", json_=True,
        )  # fmt: skip
        told = json.loads(capsys.readouterr().out)
        assert found[0][2] == Decimal(told["total"]) == Decimal(dollars)
        assert ask(connection, "2022-01-01", model, requests, given, written) == []


def list_prices(connection: Connection) -> None:
    since = datetime(2024, 7, 20, tzinfo=UTC)
    source = SourceRow(
        id="list", provider="list", kind="catalogue", url="https://l.example", trust="catalogue", every=timedelta(1)
    )
    sources.register(connection, [source], since)
    facts = [
        PricePoint(
            provider=provider, model=model, model_id=model, meter=meter, amount=Decimal(amount), currency="USD",
            per=Decimal(1_000_000),
        )
        for model, (provider, *amounts) in LIST.items()
        for meter, amount in zip(("input", "output"), amounts, strict=True)
    ]  # fmt: skip
    info = SourceInfo(id="list", provider="list", kind="catalogue", trust="catalogue")
    timelines.append(connection, info, step(since, {fact.key: (row(fact, since),) for fact in facts}), origin="import")
    connection.commit()

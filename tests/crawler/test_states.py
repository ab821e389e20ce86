"""Price states of models.dev's history: read strictly, folded, written once, and what is worth telling."""

import gzip
import json
import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from alerts.routing import PRICES
from crawler.backfill.exports import BackfillError, unpacked
from crawler.backfill.folding import fold_states
from crawler.backfill.importing import backfill_states
from crawler.backfill.states import METERS, parse
from store.connect import Connection
from timeline.events import Event
from timeline.observations import Folded
from timeline.prices import PricePoint

NOW = datetime(2026, 9, 1, tzinfo=UTC)
CORPUS = Path(os.environ.get("AIWIRE_CORPUS", Path(__file__).resolve().parents[3] / "shared" / "corpus"))


def line(model: str, meter: str, amount: float, starts: str, ends: str | None = None, **more: Any) -> dict[str, Any]:
    return {
        "provider": "acme",
        "model": model,
        "meter": meter,
        "usd_per_mtok": amount,
        "valid_from": f"{starts}T12:00:00Z",
        "valid_to": ends and f"{ends}T12:00:00Z",
        "commit": "a" * 40,
        "start_reason": "model_added",
        "end_commit": ends and "b" * 40,
        "end_reason": ends and "price_changed",
        **more,
    }


def text(*lines: dict[str, Any]) -> bytes:
    return "".join(json.dumps(each) + "\n" for each in lines).encode()


def folded(*lines: dict[str, Any]) -> Folded:
    return fold_states(parse(text(*lines)), "0" * 64)


def news(found: Folded) -> list[Event]:
    return [event for event in found.events if not event.baseline and event.id not in found.moot]


OTHER = line("other", "input", 1.0, "2025-01-01")  # the first commit is the baseline


def asof(connection: Connection, at: str, model: str = "chat", *, known: str | None = None) -> dict[str, Any]:
    asked, values = ("%s::timestamptz", [at]) if known is None else ("%s::timestamptz, %s::timestamptz", [at, known])
    query = f"SELECT meter, per_million FROM timeline.price_asof({asked}) WHERE model_id = %s"
    return {meter: amount and float(amount) for meter, amount in connection.execute(query, [*values, model])}


def test_each_state_holds_for_its_time_and_a_second_time_changes_nothing(connection: Connection) -> None:
    body = text(
        OTHER,
        line("chat", "input", 3.0, "2025-02-01", "2025-03-01"),
        line("chat", "input", 2.0, "2025-03-01", start_reason="price_changed"),
        line("chat", "output", 15.0, "2025-02-01", "2025-04-01", end_reason="meter_removed"),
    )
    done = backfill_states(connection, body, now=NOW)
    assert (done.imported, done.known, done.bad, done.events) == (4, 0, 0, 5)
    assert asof(connection, "2025-01-31") == {}
    assert asof(connection, "2025-02-02") == {"input": 3, "output": 15}
    assert asof(connection, "2025-03-02") == {"input": 2, "output": 15}
    assert asof(connection, "2025-04-02") == {"input": 2}
    assert asof(connection, "2025-04-02", known="2025-02-15") == {"input": 3, "output": 15}
    told = connection.execute(
        "SELECT kind, origin, routed_at IS NULL FROM event WHERE NOT baseline ORDER BY 1"
    ).fetchall()
    assert told == [
        ("price.changed", "import", False),
        ("price.delisted", "import", False),
        ("price.listed", "import", False),
        ("price.listed", "import", False),
    ]
    rows = connection.execute("SELECT count(*), max(recorded_at) FROM price").fetchone()
    again = backfill_states(connection, body, now=NOW + timedelta(days=1))
    assert (again.imported, again.events) == (0, 0)
    assert connection.execute("SELECT count(*), max(recorded_at) FROM price").fetchone() == rows
    shorter = backfill_states(connection, text(OTHER), now=NOW + timedelta(days=2))
    assert shorter.imported == 1
    assert asof(connection, "2025-03-02") == {}
    assert connection.execute("SELECT count(*) FROM event WHERE withdrawn_at IS NULL").fetchone() == (1,)


def test_the_order_of_lines_makes_no_difference() -> None:
    lines = [
        OTHER,
        line("chat", "input", 3.0, "2025-02-01", "2025-03-01"),
        line("chat", "input", 2.0, "2025-03-01", start_reason="price_changed"),
    ]
    assert [event.id for event in folded(*lines).events] == [event.id for event in folded(*lines[::-1]).events]


def test_a_renamed_model_keeps_its_history_and_nobody_is_told(connection: Connection) -> None:
    ended = {"end_reason": "renamed", "renamed_to": "acme/labs/chat"}
    begun = {"start_reason": "renamed_from", "renamed_from": "acme/chat"}
    lines = (
        OTHER,
        line("chat", "input", 3.0, "2025-02-01", "2025-03-01"),
        line("chat", "input", 2.0, "2025-03-01", "2025-05-01", **ended),
        line("chat", "output", 15.0, "2025-02-01", "2025-05-01", **ended),
        line("labs/chat", "input", 2.0, "2025-05-01", **begun),
        line("labs/chat", "output", 12.0, "2025-05-01", **begun),
    )
    backfill_states(connection, text(*lines), now=NOW)
    assert asof(connection, "2025-02-02", "labs/chat") == {"input": 3, "output": 15}
    assert asof(connection, "2025-04-02", "labs/chat") == {"input": 2, "output": 15}
    assert asof(connection, "2025-06-02", "labs/chat") == {"input": 2, "output": 12}
    assert asof(connection, "2025-04-02", "labs/chat", known="2025-04-15") == {}
    assert asof(connection, "2025-04-02", "chat") == {"input": 2, "output": 15}
    assert asof(connection, "2025-06-02", "chat") == {}
    told = [(event.kind, event.model, event.meter) for event in news(folded(*lines)) if event.observed_at.month == 5]
    assert told == [("price.changed", "acme/labs/chat", "output")]


def test_what_git_takes_for_renamed_and_is_another_model_has_no_past(connection: Connection) -> None:
    ended = {"end_reason": "renamed", "renamed_to": "acme/chat-mini"}
    begun = {"start_reason": "renamed_from", "renamed_from": "acme/chat"}
    backfill_states(
        connection,
        text(
            line("chat", "input", 3.0, "2025-02-01", "2025-05-01", **ended),
            line("chat-mini", "input", 3.0, "2025-05-01", **begun),
        ),
        now=NOW,
    )
    assert asof(connection, "2025-04-02", "chat-mini") == {}
    assert asof(connection, "2025-06-02", "chat-mini") == {"input": 3}


def test_names_of_meters_that_are_none_stay_apart() -> None:
    found = folded(
        line("chat", "input", 3.0, "2025-02-01"),
        line("chat", "cache_read", 0.3, "2025-02-01"),
        line("chat", "cached_input", 0.4, "2025-02-01"),
        line("chat", "input", 6.0, "2025-02-01", context_over=200000),
        line("chat", "input", 18.0, "2025-02-01", mode="fast"),
        line("chat", "wishes", 1.0, "2025-02-01"),
    )
    facts = [row.row.fact for row in found.rows if isinstance(row.row.fact, PricePoint)]
    assert [(fact.meter, dict(fact.conditions), fact.amount) for fact in facts] == [
        ("input", {}, 3),
        ("cache_read", {}, Decimal("0.3")),
        ("cache_read", {"field": "cached_input"}, Decimal("0.4")),
        ("input", {"context_over": 200000}, 6),
        ("input", {"service_tier": "fast"}, 18),
    ]


@pytest.mark.parametrize("odd", [3000.0, 0.000003, 0.0, 16.0])
def test_a_slip_stands_as_written_and_is_told_nobody(odd: float) -> None:
    found = folded(
        OTHER,
        line("chat", "output", 15.0, "2025-02-01"),
        line("chat", "input", 3.0, "2025-02-01", "2025-03-01"),
        line("chat", "input", odd, "2025-03-01", "2025-04-01"),
        line("chat", "input", 3.0, "2025-04-01"),
    )
    assert [event.kind for event in news(found)] == ["price.listed"] * 2
    assert len(found.events) == 5
    assert not found.held


def test_a_slip_that_stands_is_explained() -> None:
    found = folded(
        OTHER, line("chat", "input", 3.0, "2025-02-01", "2025-03-01"), line("chat", "input", 3000.0, "2025-03-01")
    )
    (held,) = found.held
    assert (held.reason, held.model) == ("power_of_ten", "acme/chat")
    assert held.detail.startswith("believed and not told: $3 per 1M tokens became $3,000")


def test_what_is_taken_back_within_two_days_is_told_nobody() -> None:
    found = folded(
        OTHER,
        line("chat", "input", 3.0, "2025-02-01", "2025-03-01"),
        line("chat", "input", 2.0, "2025-03-01", "2025-03-02"),
        line("chat", "input", 3.0, "2025-03-02"),
    )
    assert [event.kind for event in news(found)] == ["price.listed"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "no price states"),
        (b'{"provider": "acme", "mod', "line 1: expected a price state"),
        (text(OTHER, {**OTHER, "usd_per_mtok": None}), "line 2: expected a price state"),
        (text(OTHER, {**OTHER, "model": 7}), "line 2: expected a price state"),
        (text({**OTHER, "usd_per_mtok": -1}), "line 1: -1 from"),
        (text({**OTHER, "valid_to": "2024-01-01T00:00:00Z"}), "an end after it"),
        (text(OTHER, {**OTHER, "usd_per_mtok": 2}), "line 2: acme/other input has two prices"),
        (b"[" * 100_000, "line 1: expected a price state"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_written(connection: Connection, body: bytes, message: str) -> None:
    with pytest.raises(BackfillError, match=message):
        backfill_states(connection, body, now=NOW)
    assert connection.execute("SELECT count(*) FROM price").fetchone() == (0,)


# Over the corpus


@pytest.fixture(scope="module")
def corpus() -> bytes:
    file = CORPUS / "history" / "models_dev.jsonl.gz"
    if not file.exists():
        pytest.skip(f"no corpus at {CORPUS}: set AIWIRE_CORPUS")
    return unpacked(file)


def test_every_state_of_the_corpus_is_written_back(corpus: bytes) -> None:
    """From the rows alone, in the file's own words: nothing is lost and nothing is made up."""
    raw = [json.loads(each, parse_float=Decimal) for each in corpus.splitlines()]
    assert {one["meter"] for one in raw} <= METERS.keys()
    wanted = {_raw(one) for one in raw}
    assert len(wanted) == len(raw)
    found = fold_states(parse(corpus), "0" * 64)
    names = {(priced.meter, priced.conditions.get("field")): name for name, priced in METERS.items()}
    back = set()
    for known in found.rows:
        row, fact = known.row, known.row.fact
        assert isinstance(fact, PricePoint)
        if known.known_to is not None:
            continue
        amount = Decimal(0) if fact.amount is None else fact.amount
        name = names[fact.meter, fact.conditions.get("field")]
        band, mode = fact.conditions.get("context_over"), fact.conditions.get("service_tier")
        back.add((fact.model, name, amount, band, mode, row.starts, row.ends))
    renamed = {state[:5] + state[6:] for state in wanted - back}  # one price that goes on under the new name
    assert renamed <= {state[:5] + state[6:] for state in back}
    assert len(wanted & back) > 0.9 * len(wanted)


def _raw(one: dict[str, Any]) -> tuple[Any, ...]:
    ends = one["valid_to"] and datetime.fromisoformat(one["valid_to"])
    path, starts = f"{one['provider']}/{one['model']}", datetime.fromisoformat(one["valid_from"])
    return (path, one["meter"], one["usd_per_mtok"], one.get("context_over"), one.get("mode"), starts, ends)


def test_nothing_of_the_corpus_that_would_be_told_flips_slips_swaps_or_is_nothing(corpus: bytes) -> None:
    """Of what the default routes tell, trust opened to catalogues; the check reads the raw file, not the rows."""
    found = fold_states(parse(corpus), "0" * 64)
    told = [event for event in news(found) if event.kind in PRICES]
    assert len(told) > 400
    raw = defaultdict(list)
    for one in map(json.loads, corpus.splitlines()):
        raw[f"{one['provider']}/{one['model']}"].append(one)
    assert [problem for event in told for problem in _problems(event, raw[str(event.model)])] == []


def _problems(event: Event, states: Sequence[dict[str, Any]]) -> Iterable[str]:
    """What the raw states around an event say against telling it."""
    old, new = (float((side or {}).get("amount") or 0) for side in (event.old, event.new))
    if not old or not new:
        yield f"{event.headline}: nothing"
        return
    power = round(new / old if new > old else old / new, 9)
    if power >= 5:
        yield f"{event.headline}: a slip by {power}"
    at = event.observed_at
    same = [state for state in states if _is_of(state, event)]
    soon = [state for state in same if at < _time(state["valid_from"]) <= at + timedelta(hours=48)]
    if any(state["usd_per_mtok"] == old for state in soon):
        yield f"{event.headline}: flips back"
    beside = [state for state in states if state not in same and _time(state["valid_from"]) == at]
    ended = [state for state in states if state["valid_to"] and _time(state["valid_to"]) == at]
    takes = [state for state in ended if state["usd_per_mtok"] == new and state not in same]
    gives = [state for state in beside if state["usd_per_mtok"] == old]
    if any(one["meter"] == other["meter"] and _where(one) == _where(other) for one in takes for other in gives):
        yield f"{event.headline}: swapped"


def _where(state: dict[str, Any]) -> tuple[Any, Any]:
    return state.get("context_over"), state.get("mode")


def _is_of(state: dict[str, Any], event: Event) -> bool:
    names = {priced.meter for name, priced in METERS.items() if name == state["meter"]}
    where = (event.conditions.get("context_over"), event.conditions.get("service_tier"))
    return event.meter in names and _where(state) == where


def _time(told: str) -> datetime:
    return datetime.fromisoformat(told)


def test_a_packed_file_is_read_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "states.jsonl.gz"
    file.write_bytes(gzip.compress(text(OTHER)))
    assert len(parse(unpacked(file))) == 1

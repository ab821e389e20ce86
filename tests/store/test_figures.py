"""Figures in the store: look by look as all at once, read now, on a day, as known on a day."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from store import facts, figures, sources, timelines
from store.connect import Connection, StoreError
from store.sources import SourceRow
from tests.timeline.makers import day, look
from timeline.figures import Figure
from timeline.fold import State, advance, fold
from timeline.observations import SourceInfo

pytestmark = pytest.mark.postgres
BOARD = SourceInfo(id="acme-board", provider="acme", kind="table")


def figure(number: str, subject: str = "Swift 2", **more: Any) -> Figure:
    fields: dict[str, Any] = {"measure": "hallucination_rate", "unit": "percent", "label": f"{number} %", **more}
    return Figure(provider="acme", subject=subject, number=Decimal(number), locator="table 1 row 2 column 2", **fields)


NEW = figure("1.10", "Swift 3", scope={"split": "hard"}, period="2026")
LOOKS = [
    look(day(0), figure("2.0"), figure("4.1", "Slow 1", plus=Decimal("0.2"), minus=Decimal("0.3"))),
    look(
        day(1),
        figure("1.5"),
        figure("4.1", "Slow 1"),
        figure("1.10", "Swift 3", scope={"split": "hard"}, period="2026"),
    ),
    look(day(2), figure("1.5"), figure("4.1", "Slow 1")),
    look(day(3), figure("1.5"), figure("4.1", "Slow 1")),
]


@pytest.fixture
def board(connection: Connection) -> Connection:
    row = SourceRow(
        id=BOARD.id, provider="acme", kind="table", url="https://acme.example/board", trust="official",
        every=timedelta(hours=1), verified=False, config={},
    )  # fmt: skip
    sources.register(connection, [row], day(0))
    state = State.empty()
    for seen in LOOKS:
        state, step = advance(BOARD, state, seen)
        timelines.append(connection, BOARD, step, origin="live")
    return connection


def test_a_rebuild_finds_everything_right(board: Connection) -> None:
    rebuilt = timelines.replace(board, BOARD, fold(BOARD, LOOKS), now=day(4), because="test", origin="live")
    assert rebuilt.is_empty


def test_what_stands_now_comes_with_what_stood_before(board: Connection) -> None:
    rows = figures.current(board)
    assert [(row["subject"], str(row["value"]), row["was"], row["change_pct"]) for row in rows] == [
        ("Slow 1", "4.1", Decimal("4.1"), Decimal(0)), ("Swift 2", "1.5", Decimal("2.0"), Decimal("-25.00")),
    ]  # fmt: skip
    assert [row["subject"] for row in figures.current(board, subject=["sw*", "Sw*"])] == ["Swift 2"]
    assert figures.current(board, measure=["no_*"]) == []
    assert [row["subject"] for row in figures.current(board, since=day(1), limit=1)] == ["Slow 1"]
    assert [row["subject"] for row in figures.current(board, cursor=[rows[0][name] for name in figures.ORDER])] == [
        "Swift 2"
    ]


def test_on_a_day_and_as_known_on_a_day(board: Connection) -> None:
    def at(number: float, known: float | None = None) -> dict[str, str]:
        rows = figures.as_of(board, day(number), None if known is None else day(known))
        return {row["subject"]: str(row["value"]) for row in rows}

    assert at(0.5) == {"Swift 2": "2.0", "Slow 1": "4.1"}
    assert at(1.5) == {"Swift 2": "1.5", "Slow 1": "4.1", "Swift 3": "1.10"}
    assert at(2.5) == {"Swift 2": "1.5", "Slow 1": "4.1"}
    assert at(2.5, 1.5) == {"Swift 2": "1.5", "Slow 1": "4.1", "Swift 3": "1.10"}  # that it was gone was not known yet


def test_history_tells_each_stretch(board: Connection) -> None:
    rows = figures.history(board, subject=["Swift*"])
    assert [(row["subject"], str(row["value"]), row["effective_from"], row["effective_to"]) for row in rows] == [
        ("Swift 2", "2.0", day(0), day(1)), ("Swift 2", "1.5", day(1), None), ("Swift 3", "1.10", day(1), day(2)),
    ]  # fmt: skip
    assert rows[2]["scope"] == {"split": "hard"} and rows[2]["period"] == "2026"


def test_the_store_refuses_two_answers(board: Connection) -> None:
    folded = fold(BOARD, LOOKS[:1])
    with pytest.raises(StoreError):
        facts.write(board, [facts.record(BOARD, folded.rows[0])], origin="live", at=day(0))

"""Figures over HTTP: now, on a day, over time."""

from decimal import Decimal

import pytest

from api.schemas import FigureHistoryPage, FigurePage
from tests.api.conftest import Site
from tests.api.samples import DAY, START, look, register
from timeline.figures import Figure
from timeline.observations import SourceInfo

pytestmark = pytest.mark.postgres
BOARD = SourceInfo(id="gazette-board", provider="gazette", kind="table")


def figure(number, subject="Swift 2", **more):
    fields = {"measure": "hallucination_rate", "unit": "percent", "label": f"{number} %", **more}
    return Figure(
        provider="gazette", subject=subject, number=Decimal(number), locator="table 1 row 2 column 2", **fields
    )


@pytest.fixture
def board(site: Site, connection) -> Site:
    register(connection, BOARD)
    look(connection, BOARD, START, [figure("2.0"), figure("4.1", "Slow 1", scope={"split": "hard"})])
    look(connection, BOARD, START + 2 * DAY, [figure("1.50"), figure("4.1", "Slow 1", scope={"split": "hard"})])
    connection.commit()
    return site


def test_figures_now_on_a_day_and_over_time(board):
    page = FigurePage.model_validate(board.ask("/v1/figures").json)
    assert [(row.subject, row.value) for row in page.data] == [("Slow 1", "4.1"), ("Swift 2", "1.50")]
    (swift,) = board.data("/v1/figures?subject=Swift*")
    assert (swift["was"], swift["change_pct"], swift["unit"]) == ("2.0", "-25.00", "percent")
    assert board.data("/v1/figures?since=2026-02-12&measure=halluc*&source=gazette-board") == [swift]
    assert board.data("/v1/figures?measure=votes") == []
    then = FigurePage.model_validate(board.ask("/v1/figures?as_of=2026-02-11").json)
    assert [(row.subject, row.value) for row in then.data] == [("Slow 1", "4.1"), ("Swift 2", "2.0")]
    assert [row["value"] for row in board.data("/v1/figures?as_of=2026-02-13&known_at=2026-02-11")] == ["4.1", "2.0"]
    history = FigureHistoryPage.model_validate(
        board.ask("/v1/figures/history?subject=Swift 2".replace(" ", "%20")).json
    )
    assert [(row.value, row.effective_to is None) for row in history.data] == [("2.0", False), ("1.50", True)]


def test_pages_and_refusals(board):
    first = board.ask("/v1/figures?limit=1").json
    assert [row["subject"] for row in first["data"]] == ["Slow 1"]
    assert [row["subject"] for row in board.ask(first["next"]).json["data"]] == ["Swift 2"]
    pages, at = [], "/v1/figures/history?limit=1"
    while at:
        answer = board.ask(at).json
        pages += answer["data"]
        at = answer["next"]
    assert len(pages) == 3
    assert [row["subject"] for row in board.data("/v1/figures?since=2026-02-12&as_of=2026-02-13")] == ["Swift 2"]
    assert board.ask("/v1/figures.csv").text.startswith("provider,subject,measure,value,")
    assert len(board.ask("/v1/figures/history.ndjson").text.splitlines()) == 3
    assert board.ask("/v1/figures?colour=blue").status == 422
    assert board.ask("/v1/figures?cursor=abc").status == 422
    tag = board.ask("/v1/figures").headers["etag"]
    assert board.ask("/v1/figures", If_None_Match=tag).status == 304


def test_the_timeline_page_tells_them(board):
    body = board.ask("/").text
    assert "hallucination rate now 1.50" in body and "−25" in body and "/models/gazette/Swift" not in body

"""Figures as people read them in a message, and which of them a route lets through."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from alerts.matching import match
from alerts.messages import compose, text
from alerts.newest import newest
from alerts.routing import Route
from tests.alerts.examples import AT, event, reference
from timeline.events import Event


def figure(old: str | None, new: str | None, subject: str = "Swift 2", **more: Any) -> Event:
    sides = [None if value is None else {"value": value, "unit": "percent"} for value in (old, new)]
    pct = direction = None
    if old and new:
        pct = Decimal(format((Decimal(new) - Decimal(old)) * 100 / Decimal(old), ".2f"))
        direction = "cut" if pct < 0 else "rise"
    fields = {"meter": "hallucination_rate", "subject_kind": "figure", "model_id": None, "provider": "acme", **more}
    fields |= {"old": sides[0], "new": sides[1], "change_pct": pct, "direction": direction}
    return event("figure.changed", subject, **fields)


def test_one_figure_is_a_sentence() -> None:
    (message,) = compose([figure("2.1", "1.4")], [], "http://here")
    assert message.title == "acme: Swift 2, hallucination rate 1.4 %, was 2.1 (−33 %)"
    assert [link.label for link in message.links] == ["Evidence", "Timeline", "Page"]
    assert compose([figure("2.1", None)])[0].title == "acme: Swift 2, hallucination rate gone (was 2.1 %)"
    scoped = compose([figure(None, "1.4", conditions={"split": "hard", "period": "2026"})])[0]
    assert scoped.title == "acme: Swift 2 (2026 and hard), hallucination rate 1.4 % (new)"


def test_the_figures_of_a_look_are_one_message_with_a_line_a_subject() -> None:
    events = [
        figure("2.1", "1.4"),
        figure("97", "98.5", meter="answer_rate"),
        figure(None, "0.7", "Swift 3"),
        figure("4", None, "Slow 1"),
    ]
    (message,) = compose(events)
    assert text(message).startswith(
        "acme: 4 figures of 3 entries changed, 1 new entry\n\n"
        "• Swift 2: hallucination rate 1.4 %, was 2.1 (−33 %); answer rate 98.5 %, was 97 (+1.6 %)\n"
        "• Swift 3: hallucination rate 0.7 % (new)\n"
        "• Slow 1: hallucination rate gone (was 4 %)\n"
    )
    (several,) = compose(events[:2])
    assert several.title == "acme: Swift 2 changes (hallucination rate and answer rate)"
    assert len(several.lines) == 2


@pytest.mark.parametrize(("asked", "subject", "reason"), [
    ({}, figure("2", "1"), "match"),
    ({"measures": ("hallucination_*",)}, figure("2", "1"), "match"),
    ({"measures": ("votes",)}, figure("2", "1"), "measure"),
    ({"measures": ("votes",)}, event("price.listed", new={"amount": "1"}), "match"),
    ({"direction": "rise"}, figure("2", "1"), "direction"),
    ({"min_change_pct": Decimal(10)}, figure("100", "95"), "below_threshold"),
    ({"min_change_pct": Decimal(10)}, figure("100", "80"), "match"),
    ({"min_change_pct": Decimal(10)}, figure(None, "80"), "match"),
    ({"models": ("swift*",)}, figure("2", "1"), "match"),
    ({"models": ("gpt*",)}, figure("2", "1"), "model"),
])  # fmt: skip
def test_routes_choose_among_figures(asked: dict[str, Any], subject: Event, reason: str) -> None:
    assert match(Route(**({"receiver": "r", "kinds": ("*",)} | asked)), subject) == reason


def test_several_changes_of_a_figure_are_told_as_one() -> None:
    at = AT + timedelta(minutes=10)
    second = replace(figure("1.4", "1.0"), observed_at=at, after=reference(5, at))
    (told,) = newest([figure("2.0", "1.4"), second])
    assert (told.event.change_pct, told.event.direction) == (Decimal("-50.00"), "cut")
    assert told.event.headline == "acme: Swift 2, hallucination rate now 1.0 %, was 2.0 (−50 %)"
    back = replace(figure("1.4", "2.0"), observed_at=at, after=reference(5, at))
    assert newest([figure("2.0", "1.4"), back]) == []

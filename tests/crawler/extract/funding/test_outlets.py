"""Headlines in the manner of many outlets: how many of them are read rightly, field by field."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from crawler.extract.funding.readings import read_item
from timeline.funding import FundingRound

LINES = [
    line
    for line in (Path(__file__).parent / "outlets.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
READ = []
for _line in LINES:
    *_expected, _text = _line.split("|", 8)
    _title, _summary, _url, *_ = [*_text.split(" ## "), "", ""]
    READ.append((_expected, read_item({"title": _title, "summary": _summary, "url": _url or None}).round, _title))
EVENTS = [(expected, got, title) for expected, got, title in READ if expected[0] != "none" != got.label]


def test_there_are_enough() -> None:
    assert len(LINES) >= 300


def test_events_are_told_from_other_news() -> None:
    missed = [title for expected, got, title in READ if expected[0] != "none" and got.label == "none"]
    invented = [title for expected, got, title in READ if expected[0] == "none" != got.label]
    assert 2 * len(EVENTS) / (2 * len(EVENTS) + len(missed) + len(invented)) >= 0.98, (missed, invented)


def test_labels() -> None:
    pairs = Counter((expected[0], str(got.label)) for expected, got, _ in READ)
    for label in {expected[0] for expected, _, _ in READ}:
        right = pairs[label, label]
        wrong = sum(n for pair, n in pairs.items() if (label in pair) and pair != (label, label))
        assert 2 * right / (2 * right + wrong) >= 0.95, label


@pytest.mark.parametrize(
    ("field", "least"),
    [("company", 0.98), ("round", 0.98), ("amount", 0.98), ("valuation", 0.98), ("status", 0.98), ("leads", 0.98)],
)
def test_fields(field: str, least: float) -> None:
    wrong = [(title, _field(field, got)) for expected, got, title in EVENTS if not _right(field, expected, got)]
    assert 1 - len(wrong) / len(EVENTS) >= least, wrong


def _right(field: str, expected: list[str], got: FundingRound) -> bool:
    _, company, stage, amount, valuation, status, leads, also = expected
    if field == "company":
        return _plain(got.company or "-") in {_plain(name) for name in (company, *also.split(";"))}
    if field == "leads":
        return {_plain(name) for name in leads.split(";") if name} == {_plain(name) for name in got.lead_investors}
    if field == "amount":
        number, _, currency = amount.partition(" ")
        return _sum(number) == got.amount and (not currency or currency == got.currency)
    if field == "valuation":
        return _sum(valuation.partition(" ")[0]) == got.valuation
    return {"round": stage, "status": status}[field] == (_field(field, got) or "-")


def _field(field: str, got: FundingRound) -> object:
    return getattr(got, {"leads": "lead_investors"}.get(field, field))


def _sum(printed: str) -> Decimal | None:
    return None if printed == "-" else Decimal(printed)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "", name.casefold())

"""Headlines of the same deal join, headlines of different deals never do: reading and joining together."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from crawler.extract.funding.readings import read_item
from timeline.rounds import Report, join

LINES = [
    line
    for line in (Path(__file__).parent / "pairs.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PAIRS = [(LINES[n], LINES[n + 1], LINES[n + 2]) for n in range(0, len(LINES), 3)]
RATES = {"CNY": "0.14", "EUR": "1.15", "GBP": "1.33", "INR": "0.012", "JPY": "0.0066"}


def dollars(currency: str, on: date) -> Decimal | None:
    return Decimal(RATES[currency]) if currency in RATES else None


def joined(one: str, other: str) -> bool:
    reports = []
    for number, line in enumerate((one, other)):
        day, _, title = line.partition("|")
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
        reports.append(Report(id=str(number), round=read_item({"title": title}).round, at=at))
    return any(len(event) == 2 for event in join(reports, dollars=dollars))


def test_reports_of_one_deal_join() -> None:
    same = [(one, other) for kind, one, other in PAIRS if kind == "S"]
    missed = [pair for pair in same if not joined(*pair)]
    assert len(same) >= 40 and 1 - len(missed) / len(same) >= 0.95, missed


def test_reports_of_different_deals_never_join() -> None:
    other = [(one, two) for kind, one, two in PAIRS if kind == "D"]
    assert len(other) >= 40 and not [pair for pair in other if joined(*pair)]

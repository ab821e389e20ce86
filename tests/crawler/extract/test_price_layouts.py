"""Pages in the layouts of many providers, with their prices: pages/NAME.html or .md, and NAME.csv beside it.

The layouts and sentences are ours; the prices were written down before the reader saw the page.
"""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.extract import prices
from crawler.extract.document import Document
from timeline.prices import PricePoint

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.name for path in PAGES.iterdir() if path.suffix in (".html", ".md", ".json"))
FIELDS = ("model", "meter", "amount", "currency", "per", "unit", "conditions", "effective_from", "effective_to")


def rows_of(name: str) -> list[tuple[str, ...]]:
    """What the reader makes of a page, one row a price."""
    body = (PAGES / name).read_bytes()
    at = datetime(2026, 8, 20, tzinfo=UTC)
    url = "https://acme.example/pricing"
    reading = prices.read(Document(body=body, url=url, at=at, source="acme", provider="acme", options={}))
    assert list(reading.issues) == []
    return sorted({row_of(fact) for fact in reading.facts if isinstance(fact, PricePoint)})


def row_of(fact: PricePoint) -> tuple[str, ...]:
    """One price as a row of the table beside a page."""
    amount = fact.state if fact.state != "priced" else str(fact.amount)
    conditions = "; ".join(f"{key}={value}" for key, value in sorted(fact.conditions.items()))
    dates = tuple(str(day or "") for day in (fact.effective_from, fact.effective_to))
    return (fact.model, fact.meter, amount, fact.currency or "", str(fact.per), fact.unit, conditions, *dates)


@pytest.mark.parametrize("name", NAMES)
def test_every_price_of_a_page_is_read_and_nothing_else(name: str) -> None:
    with (PAGES / name).with_suffix(".csv").open(newline="") as table:
        expected = sorted(tuple(row[field] for field in FIELDS) for row in csv.DictReader(table))
    assert rows_of(name) == expected

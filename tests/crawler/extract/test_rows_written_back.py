"""Rows of OpenRouter, Azure and Bedrock written back from what was read of them, in their own units."""

import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crawler.backfill.catalogues import CATALOGUES
from crawler.backfill.exports import unpacked
from crawler.extract.document import Document, Reading
from crawler.source import bundled_sources, reader_of
from timeline.prices import PricePoint

CORPUS = Path(os.environ.get("AIWIRE_CORPUS") or Path(__file__).parents[4] / "shared" / "corpus")
HISTORY = CORPUS / "history"
SOURCES = {source.id: source for source in bundled_sources()}

pytestmark = [
    pytest.mark.torture,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not HISTORY.exists(), reason=f"no corpus at {CORPUS}: set AIWIRE_CORPUS"),
]


def read(catalogue: str, file: Path) -> tuple[Any, Reading]:
    """The raw copy, and what is read of it with no region left out."""
    chosen = CATALOGUES[catalogue]
    source = replace(SOURCES[chosen.source], options={})
    body = chosen.prepare(unpacked(file))
    document = Document(
        body=body, url=source.url, at=datetime(2026, 9, 1, tzinfo=UTC), source=source.id, provider=source.provider
    )
    return json.loads(body, parse_float=Decimal), reader_of(source)(document)


def priced(found: Reading) -> list[PricePoint]:
    return [fact for fact in found.facts if isinstance(fact, PricePoint)]


def test_every_price_of_the_openrouter_captures() -> None:
    files = sorted((HISTORY / "openrouter").iterdir())
    assert len(files) == 61
    for file in files:
        data, found = read("openrouter", file)
        written = {fact.locator: Decimal(-1) if fact.state == "varies" else fact.amount for fact in priced(found)}
        assert written == dict(_of_openrouter(data)), file.name
        assert len({fact.key for fact in priced(found)}) == len(written)
        assert not found.issues


def _of_openrouter(data: Any) -> Iterator[tuple[str, Decimal]]:
    for number, model in enumerate(data["data"] if isinstance(data, dict) else data):
        at = f"/data/{number}/pricing"
        bands = model["pricing"].get("overrides") or []
        for field, value in model["pricing"].items():
            if field not in ("overrides", "discount"):
                yield f"{at}/{field}", Decimal(value)
        for place, band in enumerate(bands):
            for field, value in band.items():
                if field not in ("min_prompt_tokens", "discount"):
                    yield f"{at}/overrides/{place}/{field}", Decimal(value)


def test_every_row_of_azure_with_reservations_apart() -> None:
    data, found = read("azure", HISTORY / "azure" / "2025-08-25.ndjson.gz")
    rows, facts = data["Items"], {fact.locator: fact for fact in priced(found)}
    assert (len(rows), len(facts), len(priced(found))) == (10_670, 10_670, 10_670)
    for number, row in enumerate(rows):
        fact = facts[f"/Items/{number}"]
        assert fact.amount == row["retailPrice"], row
        assert fact.currency == row["currencyCode"]
        assert str(fact.effective_from) == row["effectiveStartDate"][:10]
        assert fact.conditions.get("region", "") == row["armRegionName"]
        assert fact.conditions.get("commitment", "") == row.get("reservationTerm", "").lower()
        if row["type"] == "Reservation":
            assert fact.unit in ("unit-month", "unit-year")
        else:
            assert fact.per == _quantity(row["unitOfMeasure"]), row
    committed = {fact.key for fact in facts.values() if "commitment" in fact.conditions}
    assert committed
    assert not committed & {fact.key for fact in facts.values() if "commitment" not in fact.conditions}


def _quantity(measure: str) -> int:
    """1, 1K, 1M, 10K: how many, as the API writes it."""
    found = re.match(r"(\d+)\s*([KM]?)", measure)
    assert found, measure
    return int(found[1]) * {"": 1, "K": 1_000, "M": 1_000_000}[found[2]]


def test_how_much_the_rows_of_bedrock_still_say() -> None:
    """The tabs of the page are lost in them: rows that say two things of one price are what they are, and counted."""
    for file in sorted((HISTORY / "bedrock").iterdir()):
        rows, found = read("bedrock", file)
        cells = Counter(amount for row in rows if not _example(row) for amount in _amounts(row))
        facts = priced(found)
        kept = Counter(fact.amount.normalize() for fact in facts if fact.amount)
        lost = cells.keys() - kept.keys()
        by_key = defaultdict(set)
        for fact in facts:
            by_key[fact.key].add(fact.value)
        torn = sum(len(values) > 1 for values in by_key.values())
        assert len(facts) >= 0.97 * cells.total(), file.name  # the others stand in two rows that say the same
        assert len(lost) <= 1, file.name
        assert 0.25 < torn / len(by_key) < 0.35, file.name
        assert kept.keys() <= cells.keys() | {Decimal(0)}, "amounts that no row has"


def _example(row: Mapping[str, Any]) -> bool:
    return bool({"Calculation", "Cost of input", "Line Item"} & row.keys())


def _amounts(row: Mapping[str, Any]) -> Iterator[Decimal]:
    for cell in row.values():
        for amount in re.findall(r"\$\s*([\d,]*\.?\d+)", str(cell)):
            yield Decimal(amount.replace(",", "")).normalize()

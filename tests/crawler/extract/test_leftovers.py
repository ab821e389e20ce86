"""Nothing of a page is dropped in silence: what gave no fact and no issue is named, with the reason and the place."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.extract import prices
from crawler.extract.amounts import has_money
from crawler.extract.blocks import Heading, Paragraph, Table
from crawler.extract.document import Reading
from crawler.reading import document_of
from crawler.source import bundled_sources, reader_of
from tests.crawler.extract.pricing import read as read_prices
from tests.crawler.extract.test_lifecycle import read as read_lifecycle
from timeline.prices import PricePoint

SOURCES = {source.id: source for source in bundled_sources() if source.kind == "pricing" and source.extract is None}
PAGES = sorted(page for page in (Path(__file__).parents[2] / "sources").glob("*/*/page.*") if page.parts[-3] in SOURCES)

PAGE = """# Prices

We raised $30 million last year.

## Models
| Model | Context window | Input | Output | Batch output |
|---|---|---|---|---|
| acme-1 | 128k | $1.00 / 1M tokens | ~~$5.00~~ $4.00 / 1M tokens | N/A |
| acme-2 | 64k | $0.10 / 1M tokens | - | N/A |
| Rate limit | 100 a minute | | | |

## Tokens of an image
| Size | Tokens |
|---|---|
| small | 85 |

## Worked example: a chat bot
| Step | Cost |
|---|---|
| 1M tokens | $1.00 |

```
curl -d '{"budget": "$5.00"}'
```
"""


def left(reading: Reading) -> set[tuple[str, str, str]]:
    return {(each.locator, each.what, each.why) for each in reading.ignored}


def test_tables_columns_rows_and_amounts_of_a_price_page() -> None:
    reading = read_prices(PAGE)
    assert len(reading.facts) == 3
    assert list(reading.issues) == []
    assert left(reading) == {
        ("paragraph 1", "We raised $30 million last year.", "an amount in running text"),
        ("table 1 column 2", "Context window", "a column that describes, without a price"),
        ("table 1 column 5", "Batch output", "says not offered in every row, no price"),
        ("table 1 row 4", "Rate limit | 100 a minute", "a row without an amount"),
        ("table 1 row 2 column 4", "$5.00", "crossed out"),
        ("table 1 row 3 column 4", "-", "says not offered, no price"),
        ("table 2", "Tokens of an image", "a table without an amount"),
        ("table 3", "Worked example: a chat bot", "a worked example"),
        ("code 1", """curl -d '{"budget": "$5.00"}'""", "amounts in code"),
    }


def test_a_page_that_is_read_whole_leaves_nothing_out() -> None:
    page = (
        "| Model | Input per 1M tokens | Output per 1M |\n|---|---|---|\n| acme-1 | $1 | $4 |\n| acme-2 | $2 | $8 |\n"
    )
    reading = read_prices(page)
    assert (len(reading.facts), list(reading.ignored)) == (4, [])


def test_an_entry_of_a_card_is_not_said_to_be_left_out() -> None:
    page = "### acme-1\n\nInput\n\n$3 / 1M tokens\n\nOutput\n\n$15 / 1M tokens\n"
    reading = read_prices(page)
    assert (len(reading.facts), list(reading.ignored)) == (2, [])


def test_a_sentence_is_read_once_whatever_its_heading() -> None:
    reading = read_prices("# Pricing\n\n## Tools\n\nWeb search costs $8 per 1,000 searches.\n")
    assert [fact.model for fact in reading.facts if isinstance(fact, PricePoint)] == ["Web search"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parts[-3])
def test_every_amount_of_a_page_is_a_price_an_issue_or_left_out_with_a_reason(page: Path) -> None:
    source, file = SOURCES[page.parts[-3]], page.parent / "meta.json"
    meta = json.loads(file.read_text()) if file.exists() else {}
    at = datetime.fromisoformat(meta.get("at", page.parent.name)).replace(tzinfo=UTC)
    document = document_of(source, page.read_bytes(), url=meta.get("url", source.url), at=at)
    reading = reader_of(source)(document)
    told = {each.locator for each in reading.ignored} | {each.locator for each in reading.issues}
    told |= {fact.locator for fact in reading.facts}
    for block in prices.blocks_of(document):
        if isinstance(block, Paragraph | Heading) and has_money(block.text):
            assert block.locator in told, block.text
        for row in block.grid.rows if isinstance(block, Table) else ():
            for cell in row:
                row_and_column = (f"{block.locator} row {cell.row}", f"{block.locator} column {cell.column}")
                places = {block.locator, *row_and_column, f"{block.locator} {cell.locator}"}
                assert places & told or cell.copied or not has_money(cell.text), (
                    block.locator,
                    cell.locator,
                    cell.text,
                )


LIFECYCLE = """# The life of models
We sometimes retire models. Retired models cannot be called.

| Model | Status | Shut down on | Colour |
|---|---|---|---|
| acme-1 | Retired | 2026-01-05 | red |
| | Retired | 2026-01-05 | blue |

| Model | Context window |
|---|---|
| acme-2 | 128k |

| Region | City |
|---|---|
| EU | Vienna |
"""


def test_tables_columns_rows_and_sentences_of_a_lifecycle_page() -> None:
    reading = read_lifecycle(LIFECYCLE)
    assert [fact.locator for fact in reading.facts] == ["table 1 row 1"]
    assert left(reading) >= {
        ("table 1", "Colour", "says nothing of a lifecycle"),
        ("table 1 row 2", "Retired | 2026-01-05 | blue", "a row that names no model"),
        ("table 2", "The life of models", "a table without a column of states or dates of an end"),
        ("table 3", "The life of models", "a table without a column of models"),
    }
    assert any(where == "paragraph 1" and "speaks of an end" in why for where, _, why in left(reading))

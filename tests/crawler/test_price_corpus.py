"""Captured price pages with prices checked by hand: every one of them is read; the other pages are read or refused."""

import csv
import json
import os
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from crawler.reading import document_of, judge
from crawler.source import bundled_sources, claim
from timeline.prices import PricePoint

CORPUS = Path(os.environ.get("AIWIRE_CORPUS") or Path(__file__).parents[3] / "shared" / "corpus") / "pricing"
TOKEN_METERS = ("input", "output", "cached_input", "cache_write_5m", "cache_write_1h", "batch_input", "batch_output")
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no captured pages at {CORPUS}: set AIWIRE_CORPUS")


def captures() -> list[dict[str, Any]]:
    file = CORPUS / "manifest.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.is_file() else []


def facts_of(capture: dict[str, Any]) -> tuple[list[PricePoint], list[str]]:
    """What the source of the page reads, and the codes of fatal issues."""
    source = claim([source for source in bundled_sources() if source.kind == "pricing"], capture["url"])
    assert source is not None, capture["url"]
    at = datetime.fromisoformat(capture["captured_on"]).replace(tzinfo=UTC)
    document = document_of(source, (CORPUS / capture["file"]).read_bytes(), url=capture["url"], at=at)
    judged = judge(source, document, live=False, last_good=None)
    facts = [fact for fact in judged.reading.facts if isinstance(fact, PricePoint)]
    return facts, [issue.code for issue in judged.reading.issues if issue.fatal]


def amount_of(row: dict[str, str]) -> Decimal | None:
    """The printed amount, None where the row has none."""
    try:
        return Decimal(row["price"])
    except InvalidOperation:
        return None


def named(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


@pytest.mark.parametrize(
    "capture", [each for each in captures() if each.get("truth")], ids=lambda capture: str(capture["file"])
)
def test_every_checked_price_is_read(capture: dict[str, Any]) -> None:
    facts, fatal = facts_of(capture)
    assert fatal == []
    read: Counter[tuple[str, Decimal | None, str | None]] = Counter(
        (named(fact.model), fact.amount, fact.currency) for fact in facts if fact.amount is not None
    )
    lines = (CORPUS / capture["truth"]).read_text(encoding="utf-8").splitlines()
    rows = [row for row in csv.DictReader(lines) if amount_of(row) is not None]
    missed = [
        (row["model"], row["meter"], row["price"], row["tier"])
        for row in rows
        if row["meter"] in TOKEN_METERS and not read[named(row["model"]), amount_of(row), row["currency"]]
    ]
    assert missed == []


@pytest.mark.parametrize(
    "capture", [each for each in captures() if not each.get("truth")], ids=lambda capture: str(capture["file"])
)
def test_every_other_page_is_read_or_refused_with_a_reason(capture: dict[str, Any]) -> None:
    facts, fatal = facts_of(capture)
    if fatal:
        assert set(fatal) <= {"no_subject", "no_facts", "lost_header"}
        assert capture["file"].startswith(("google-gemini/2025-10-15", "mistral/2024-09-17", "openai/2025-11-21"))
    elif not capture["file"].startswith("cohere-docs/"):
        assert facts

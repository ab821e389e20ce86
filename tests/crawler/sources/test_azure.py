"""The Azure Retail Prices API: abbreviated meter names, merged regions, starts, ends and reservations."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crawler.extract.document import Document, Reading
from crawler.sources.azure import pricing
from crawler.sources.azure.meter_names import read_meter
from timeline.prices import PricePoint


def row(name: str, price: Any, measure: str = "1K", **more: Any) -> dict[str, Any]:
    return {"meterName": name, "retailPrice": price, "unitOfMeasure": measure, "currencyCode": "USD", **more}


def read(items: Any, **options: Any) -> Reading:
    body = json.dumps({"Items": items} if isinstance(items, list) else items).encode()
    at = datetime(2026, 8, 1, tzinfo=UTC)
    return pricing.read(
        Document(body=body, url="https://prices.azure.com/", at=at, source="prices", provider="azure", options=options)
    )


def prices(reading: Reading) -> list[PricePoint]:
    return [fact for fact in reading.facts if isinstance(fact, PricePoint)]


@pytest.mark.parametrize(
    ("name", "measure", "said"),
    [
        ("gpt 4o 0806 Batch Inp Data Zone Tokens", "1K", ("gpt 4o 0806", "input", "token", "batch data zone")),
        ("gpt-4.1-mini-ft output regional Tokens", "1K", ("gpt-4.1-mini", "output", "token", "regional yes")),
        ("5.4 pro longco opt Gl 1M Tokens", "1M", ("5.4 pro", "output", "token", "global long context")),
        ("5.3 codex pp cd inp Gl 1M Tokens", "1M", ("5.3 codex", "cache_read", "token", "global priority")),
        ("5.6 sol ShortCo Cd Wr Std Gl 1M Tokens", "1M", ("5.6 sol", "cache_write", "token", "global short context")),
        ("gpt img 1.5 out img DZ 1M Tokens", "1M", ("gpt img 1.5", "output_image", "token", "data zone")),
        ("gpt img 1.5 in txt gl 1M Tokens", "1M", ("gpt img 1.5", "input", "token", "global")),
        ("gpt rt aud 0828 Inp glbl Tokens", "1K", ("gpt rt 0828", "input_audio", "token", "global")),
        ("gpt aud 0828 Outp glbl Tokens", "1K", ("gpt aud 0828", "output_audio", "token", "global")),
        ("gpt rt aud mn cd in DZ 1215 1M Tokens", "1M", ("gpt rt mn 1215", "cache_read", "token", "audio data zone")),
        ("gpt4o realtimePrvwAudInp DataZone Tokens", "1K", ("gpt4o realtimePrvw", "input_audio", "token", "data zone")),
        ("gpt4omini-rt-txt1217 Outp DZone Tokens", "1K", ("gpt4omini-rt 1217", "output", "token", "data zone")),
        ("text-embedding-3-large-glbl Tokens", "1K", ("text-embedding-3-large", "embedding", "token", "global")),
        ("babbage-002-FT-Trng-regnl tkn Tokens", "1K", ("babbage-002", "training", "token", "regional yes")),
        ("o3-mini RFT Training global Unit", "1 Hour", ("o3-mini", "training", "hour", "global yes")),
        ("4.1 ft hosting Dz Unit", "1 Hour", ("4.1", "unit_hour", "unit-hour", "data zone yes")),
        ("o4-mini-ft model grader input Tokens", "1K", ("o4-mini", "input", "token", "grader yes")),
        ("Image-Dall-E-3 HD HighRes-glbl Images", "100", ("Image-Dall-E-3", "image", "image", "global hd high")),
        ("Sora 1080p Sq 6-10s glbl Video", "1 Second", ("Sora", "video_second", "second", "1080p 6-10s global square")),
        ("Assistants-File Search-glbl GB", "1/Day", ("Assistants-File Search", "storage", "GB-day", "global")),
        ("file-search-tool-calls-glbl Calls", "1K", ("file-search-tool-calls", "tool_call", "call", "global")),
        ("Rerank v4 Pro DZ Search", "1K", ("Rerank v4 Pro", "rerank", "search", "data zone")),
        (
            "Speech-to-Text-Batch-Whisper-glbl Unit",
            "1 Hour",
            ("Speech-to-Text Whisper", "duration", "hour", "batch global"),
        ),
        ("Provisioned Managed Global Unit", "1/Hour", ("Provisioned Managed", "unit_hour", "unit-hour", "global")),
    ],
)
def test_names_of_meters(name: str, measure: str, said: tuple[str, str, str, str]) -> None:
    metered = read_meter(name, measure)
    assert metered is not None
    conditions = " ".join(sorted(map(str, metered.conditions.values())))
    assert (metered.model, metered.meter, metered.unit, conditions) == said


@pytest.mark.parametrize(("name", "measure"), [("gpt 9 Inp Widgets", "1K"), ("gpt 9 Inp Tokens", "1 Acre"), ("", "")])
def test_units_nobody_knows_are_issues(name: str, measure: str) -> None:
    assert read_meter(name, measure) is None
    reading = read([row(name, 1.0, measure)])
    assert not reading.facts
    assert [(issue.code, issue.fatal) for issue in reading.issues] == [("unknown_unit", True)]


def test_amounts_keep_their_digits_whatever_the_unit() -> None:
    found = prices(
        read([row("a Inp glbl Tokens", 8.3e-05), row("b Inp glbl Tokens", 0.0), row("c Inp glbl Tokens", 2)])
    )
    assert [(fact.amount, fact.state, int(fact.per)) for fact in found] == [
        (Decimal("0.000083"), "priced", 1000),
        (Decimal(0), "free", 1000),
        (Decimal(2), "priced", 1000),
    ]


@pytest.mark.parametrize("price", [None, "0.5", True, -1, float("1e400")])
def test_what_is_no_amount_is_an_issue(price: object) -> None:
    body = json.dumps({"Items": [row("a Inp glbl Tokens", price)]}).replace("Infinity", "1e999").encode()
    at = datetime(2026, 8, 1, tzinfo=UTC)
    reading = pricing.read(Document(body=body, url="https://prices.azure.com/", at=at, source="p", provider="azure"))
    assert not reading.facts
    assert any(issue.fatal for issue in reading.issues)


def test_regions_are_conditions_and_can_be_chosen() -> None:
    items = [
        row("a Inp Tokens", 1.0, regions=["eastus", "westus"]),
        row("a Inp Tokens", 2.0, armRegionName="japaneast"),
    ]
    assert {fact.conditions["region"]: fact.amount for fact in prices(read(items))} == {
        "eastus": Decimal("1.0"),
        "westus": Decimal("1.0"),
        "japaneast": Decimal("2.0"),
    }
    chosen = read(items, regions=["westus"])
    assert [fact.conditions for fact in prices(chosen)] == [{"region": "westus"}]
    assert [each.why for each in chosen.ignored] == ["only in regions that are not asked for"]


def test_a_later_start_ends_the_earlier_price() -> None:
    found = prices(
        read(
            [
                row("a Inp Tokens", 2.0, armRegionName="eastus", effectiveStartDate="2026-09-01T00:00:00Z"),
                row("a Inp Tokens", 3.0, armRegionName="eastus", effectiveStartDate="2025-01-01T00:00:00Z"),
                row("b Inp Tokens", 1.0, effectiveEndDate="2026-08-31T23:59:00Z"),
            ]
        )
    )
    assert [(fact.model, str(fact.amount), fact.effective_from, fact.effective_to) for fact in found] == [
        ("a", "3.0", date(2025, 1, 1), date(2026, 8, 31)),
        ("a", "2.0", date(2026, 9, 1), None),
        ("b", "1.0", None, date(2026, 8, 31)),
    ]


def test_reservations_are_prices_of_their_own() -> None:
    (fact,) = prices(
        read([row("Provisioned Managed Global Unit", 260.0, "1/Hour", type="Reservation", reservationTerm="1 Month")])
    )
    assert (fact.unit, fact.conditions["commitment"]) == ("unit-month", "1 month")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"Items": 5}', b'{"Items": [5]}', b'{"error": {}}'])
def test_other_answers_are_unreadable(body: bytes) -> None:
    at = datetime(2026, 8, 1, tzinfo=UTC)
    reading = pricing.read(Document(body=body, url="https://prices.azure.com/", at=at, source="p", provider="azure"))
    assert not reading.facts
    assert [issue.code for issue in reading.issues] == ["unreadable"]

"""Deals are read out of headlines by their grammar: our own sentences, and the corpus where it is."""

import json
import os
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crawler.extract.funding.readings import read_item
from timeline.funding import FundingRound, to_json

CORPUS = Path(os.environ.get("AIWIRE_CORPUS") or Path(__file__).resolve().parents[5] / "shared" / "corpus") / "feeds"
HEADLINES = [
    line
    for line in (Path(__file__).parent / "headlines.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]


def read(title: str, summary: str = "", url: str | None = None) -> FundingRound:
    return read_item({"id": "x", "title": title, "summary": summary, "url": url}).round


def told(round_: FundingRound) -> list[str]:
    """A round as the fields of a line of `headlines.txt`."""
    valued = round_.valuation_currency or round_.currency
    return [
        round_.label,
        round_.company or "-",
        round_.round or ("None" if round_.label == "fund_close" else "-"),
        "-" if round_.amount is None else f"{round_.amount:f} {round_.currency}",
        "-" if round_.valuation is None else f"{round_.valuation:f} {valued}",
        round_.status or "-",
        ";".join(round_.lead_investors),
    ]


@pytest.mark.parametrize("line", HEADLINES, ids=[line.split("|", 7)[7][:60] for line in HEADLINES])
def test_a_headline_is_read(line: str) -> None:
    *expected, text = line.split("|", 7)
    title, _, summary = text.partition(" ## ")
    assert told(read(title, summary)) == expected


def test_a_deal_of_an_earlier_year_is_no_news() -> None:
    title = "Quillon acquired speech startup Oxbow in 2021"
    item = {"id": "x", "title": title, "summary": ""}
    assert [read_item({**item, "published": day}).round.label for day in ("2026-03-01", "2021-03-01", None)] == [
        "none",
        "acquisition",
        "acquisition",
    ]


def test_a_bare_dollar_is_that_of_the_outlet() -> None:
    title = "Solmark raises $30m to build batteries"
    assert read(title, url="https://www.paper.com.au/business/solmark").currency == "AUD"
    assert read(title, url="https://www.paper.com/solmark").currency == "USD"
    assert read("Solmark raises US$30m", url="https://www.paper.com.au/solmark").currency == "USD"


def test_ranges_and_qualifiers() -> None:
    low = read("Sources: Solmark is in talks to raise $300M to $400M at a valuation of up to $5B (Reuters)")
    assert low.amount == 300_000_000 and low.amount_max == 400_000_000 and low.amount_qualifier == "range"
    assert low.valuation == 5_000_000_000 and low.valuation_qualifier == "up_to"
    assert read("Solmark raises more than $40M").amount_qualifier == "at_least"
    assert read("Solmark raises ~$40M").amount_qualifier == "approx"
    assert read("Solmark raises $40M").amount_qualifier is None


def test_the_other_currency_of_the_same_money_is_no_second_sum() -> None:
    read_as = read("Solmark raises 2 billion yuan (about $280 million) at a $3 billion valuation")
    assert read_as.amount == 2_000_000_000 and read_as.currency == "CNY"
    assert read_as.valuation == 3_000_000_000 and read_as.valuation_currency == "USD"


def test_sums_that_are_not_of_the_event() -> None:
    read_as = read(
        "Solmark, which had $70M in revenue in 2025, raised a $90M Series C led by Redrock at a $1.1B post-money"
        " valuation, up from $400M, bringing its total funding to $150M"
    )
    assert read_as.amount == 90_000_000 and read_as.valuation == 1_100_000_000 and read_as.valuation_basis == "post"
    assert read_as.total_raised == Decimal(150_000_000)
    assert read("Oxbow acquires Solmark, which had raised $150M").amount is None


def test_investors_and_acquirers() -> None:
    read_as = read("Solmark raises $9M Series A led by Redrock with participation from Harbour Ventures and Anvil")
    assert read_as.lead_investors == ("Redrock",)
    assert read_as.investors == ("Redrock", "Harbour Ventures", "Anvil")
    bought = read("Oxbow acquires Solmark")
    assert (bought.acquirer, bought.investors) == ("Oxbow", ("Oxbow",))


def test_every_reading_says_why() -> None:
    reasoned = read_item({"title": "Solmark raises $9M Series A at a $50M valuation"})
    because = "\n".join(reasoned.because)
    assert "raises" in because and "9000000 $ is open" in because and "valuation" in because
    assert any("no event" in step for step in read_item({"title": "Solmark opens a shop"}).because)


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        [],
        {},
        "",
        "x" * 100_000,
        "$" * 5_000,
        "raises " * 500,
        "$1M " * 300,
        "'s " * 400,
        "x" * 1_000_000,
        "a, " * 300_000,
        "(" * 1_000,
    ],
)
def test_hostile_fields_are_read_or_ignored(value: object) -> None:
    assert read_item({"title": value, "summary": value, "url": value}).round.label is not None


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "A ",
        "A, ",
        "$1,",
        "A's ",
        "raise a ",
        "schließt ",
        "valuation to ",
        "is now valued at ",
        "of $1 ",
        "A and ",
        "-",
    ],
)
def test_a_hostile_item_takes_bounded_time(part: str) -> None:
    text = "Acme " + part * (1_000_000 // len(part))
    began = time.process_time()
    read_item({"title": text, "summary": text})
    assert time.process_time() - began < 2  # some 0.1 s on an idle machine; backtracking would take minutes


def test_every_field_has_its_rule_and_its_place() -> None:
    title = "Zürich’s robot lab Solmark raises about €18.5 million Series A led by Redrock at a $90M valuation"
    reasons = {each.field: each for each in read_item({"title": title}).reasons}
    for field, words in (
        ("company", "Solmark"),
        ("amount", "about €18.5 million"),
        ("currency", "about €18.5 million"),
        ("round", "Series A"),
        ("valuation", "$90M"),
        ("lead_investors", "Redrock"),
        ("status", "raises"),
    ):
        reason = reasons[field]
        assert reason.where == "title" and title[reason.start : reason.end] == words and reason.rule, field
    read_as = read_item({"title": title}).round
    given = {field for field, value in to_json(read_as).items() if value not in (None, [], "")}
    assert given - {"valuation_currency"} <= set(reasons)


def test_german_headlines() -> None:
    told_as = read("Grazer Drohnen-Startup Solmark sammelt 7,5 Mio. Euro ein", "Angeführt wird die Runde von Redrock.")
    assert (told_as.label, told_as.company, told_as.amount, told_as.currency) == (
        "funding", "Solmark", Decimal(7_500_000), "EUR",
    )  # fmt: skip
    assert told_as.lead_investors == ("Redrock",)
    bought = read("Solmark wird von Oxbow übernommen")
    assert (bought.label, bought.company, bought.acquirer) == ("acquisition", "Solmark", "Oxbow")
    assert read("Solmark investiert zwei Milliarden Euro in neue Rechenzentren").label == "none"


def test_the_corpus() -> None:
    path = CORPUS / "funding_truth.jsonl"
    if not path.exists():
        pytest.skip("the corpus is not beside the checkout; set AIWIRE_CORPUS to read it")
    truth = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    read_as = [read_item(item).round for item in truth]
    events = [(item, got) for item, got in zip(truth, read_as, strict=True) if item["label"] != "none" != got.label]
    missed = sum((item["label"] == "none") != (got.label == "none") for item, got in zip(truth, read_as, strict=True))
    assert 2 * len(events) / (2 * len(events) + missed) >= 0.97
    for field, least in (("amount", 0.97), ("valuation", 0.97), ("round", 0.95), ("status", 0.93)):
        assert sum(_same(item[field], getattr(got, field)) for item, got in events) / len(events) >= least, field


def _same(expected: Any, got: Any) -> bool:
    return bool(
        expected == got if expected is None or got is None or isinstance(got, str) else Decimal(expected) == got
    )

"""One line for each event, as a reader sees it."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from timeline.events import Event
from timeline.headlines import KINDS, headline

SONNET = {"model": "Claude Sonnet 5", "meter": "input"}
CACHED: dict[str, Any] = {"model": "Claude Opus 5", "meter": "cache_write", "conditions": {"cache_ttl": "1h"}}
GPT: dict[str, Any] = {"provider": "openai", "model": "gpt-4-0314", "subject_kind": "model"}


def money(amount: str | None, state: str = "priced", **more: Any) -> dict[str, Any]:
    return {"amount": amount, "state": state, "currency": "USD", "per": 1_000_000, "unit": "token", **more}


def dates(retires_on: str | None = None, not_before: str | None = None) -> dict[str, Any]:
    return {"retires_on": retires_on, "not_before": not_before}


def event(kind: str, **more: Any) -> Event:
    fields = {"source": "a-source", "provider": "anthropic", "key": "k", **more}
    fields.setdefault("observed_at", datetime(2026, 7, 1, tzinfo=UTC))
    return Event(kind=kind, headline="", **fields)


ROUND: dict[str, Any] = {
    "label": "funding", "company": "Solmark", "round": "series_b", "status": "announced",
    "amount": "50000000", "currency": "USD",
}  # fmt: skip
TALK = {**ROUND, "status": "rumoured"}
BUY = {"label": "acquisition", "company": "Solmark", "acquirer": "Oxbow", "currency": "EUR", "status": "announced"}
ANNOUNCED: list[tuple[dict[str, Any], str]] = [
    (
        {**ROUND, "lead_investors": ["Oxbow"], "valuation": "400000000", "valuation_basis": "pre"},
        "Solmark raises $50M Series B led by Oxbow at a $400M pre-money valuation",
    ),
    ({**ROUND, "round": "seed", "investors": ["A", "B"]}, "Solmark raises $50M seed round from A and B"),
    ({**ROUND, "amount": None}, "Solmark raises a Series B"),
    ({**ROUND, "amount": None, "round": None}, "Solmark raises a round of undisclosed size"),
    ({**ROUND, "status": "closed", "round": None}, "Solmark closes $50M round"),
    ({**ROUND, "round": "grant", "currency": "GBP"}, "Solmark receives a grant of £50M"),
    (
        {**TALK, "amount": "1500000000", "amount_max": "2000000000", "round": None, "valuation": "10000000000"},
        "Reported: Solmark in talks to raise $1.5B to $2B at a $10B valuation",
    ),
    (
        {**TALK, "amount_qualifier": "at_least", "currency": "CHF"},
        "Reported: Solmark in talks to raise more than CHF 50M Series B",
    ),
    ({**BUY, "amount": "1250000000"}, "Oxbow to acquire Solmark for €1.25B"),
    ({**BUY, "status": "closed"}, "Oxbow acquires Solmark"),
    ({**BUY, "stake": "51.0"}, "Oxbow to acquire 51% of Solmark"),
    ({**BUY, "status": "rumoured", "acquirer": None}, "Reported: Solmark in talks to be acquired"),
    ({"label": "ipo", "company": "Solmark", "status": "announced"}, "Solmark plans an IPO"),
    (
        {"label": "ipo", "company": "Solmark", "status": "closed", "amount": "900000", "currency": "USD"},
        "Solmark goes public, raising $900K",
    ),
    ({**ROUND, "label": "debt", "investors": ["Oxbow Bank"]}, "Solmark borrows $50M from Oxbow Bank"),
    ({**ROUND, "label": "fund_close", "status": "closed"}, "Solmark closes a fund of $50M"),
]
UPDATED: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        {"status": "rumoured", "amount": "40000000", "currency": "USD"}, {},
        "Now announced: Solmark raises $50M Series B (reported at $40M)",
    ),
    ({"status": "announced"}, {"status": "closed"}, "Closed: Solmark closes $50M Series B"),
    ({"amount": "40000000", "currency": "USD"}, {}, "Update: Solmark's Series B is $50M, not $40M"),
    ({"amount": None}, {"status": "rumoured"}, "Update: Solmark's Series B is said to be $50M"),
    (
        {"valuation": None, "lead_investors": []}, {"valuation": "400000000", "lead_investors": ["Oxbow"]},
        "Update: Solmark's Series B values the company at $400M and it is led by Oxbow",
    ),
    ({"stake": None}, {"stake": "12.5"}, "Update: Solmark's Series B is for 12.5% of the company"),
    ({"round": "undisclosed"}, {}, "Update: Solmark's round is a Series B"),
    ({"company": "Solmarc"}, {}, "Update: the company is Solmark, not Solmarc"),
    ({"status": "announced"}, {"status": "rumoured"}, "Update: Solmark's Series B is only reported, not announced"),
]  # fmt: skip

LINES = [
    ("price.listed", {**SONNET, "new": money("3")}, "Anthropic lists Claude Sonnet 5 input at $3 per 1M tokens"),
    ("price.listed", {**SONNET, "new": money("0", "free")}, "Anthropic lists Claude Sonnet 5 input as free"),
    (
        "price.listed",
        {**SONNET, "new": money(None, "varies")},
        "Anthropic lists Claude Sonnet 5 input at varying prices",
    ),
    (
        "price.changed",
        {**SONNET, "old": money("3"), "new": money("2"), "change_pct": Decimal("-33.33"), "direction": "cut"},
        "Anthropic cuts Claude Sonnet 5 input from $3 to $2 per 1M tokens (−33 %)",
    ),
    (
        "price.changed",
        {
            **SONNET,
            "old": money("2.50"),
            "new": money("5"),
            "change_pct": Decimal("100.00"),
            "direction": "rise",
            "conditions": {"service_tier": "batch", "context_over": 200_000},
            "effective_at": "2026-06-01",
        },
        "Anthropic raises Claude Sonnet 5 batch input for prompts above 200K tokens from $2.50 to $5 per 1M tokens"
        " (+100 %), since 1 June 2026",
    ),
    (
        "price.changed",
        {**SONNET, "old": money("3"), "new": money(None, "varies")},
        "Anthropic changes Claude Sonnet 5 input from $3 per 1M tokens to varying prices",
    ),
    (
        "price.changed",
        {
            "model": "DALL·E 3",
            "meter": "image",
            "old": money("0.04", per=1, unit="image"),
            "new": money("0.08", per=1, unit="image", currency="CHF"),
            "direction": "rise",
        },
        "Anthropic raises DALL·E 3 image from $0.04 to CHF 0.08 per image",
    ),
    (
        "price.changed",
        {**SONNET, "old": money("0.000003", per=1), "new": money("0.00000026", per=1), "direction": "cut"},
        "Anthropic cuts Claude Sonnet 5 input from $3 to $0.26 per 1M tokens",
    ),
    (
        "price.changed",
        {**SONNET, "old": money("3"), "new": money("0.002", per=1000), "direction": "cut"},
        "Anthropic cuts Claude Sonnet 5 input from $0.003 to $0.002 per 1K tokens",
    ),
    (
        "price.changed",
        {**SONNET, "old": money("0.003", per=1000), "new": money("0.002", per=1000), "direction": "cut"},
        "Anthropic cuts Claude Sonnet 5 input from $0.003 to $0.002 per 1K tokens",
    ),
    (
        "price.changed",
        {**SONNET, "old": money("3"), "new": money("0", "free")},
        "Anthropic makes Claude Sonnet 5 input free (was $3 per 1M tokens)",
    ),
    (
        "price.changed",
        {**SONNET, "old": money(None, "free"), "new": money("0.075")},
        "Anthropic starts to charge for Claude Sonnet 5 input: $0.075 per 1M tokens",
    ),
    (
        "price.changed",
        {**CACHED, "old": money("10"), "new": money("8"), "direction": "cut"},
        "Anthropic cuts Claude Opus 5 cache write, 1 hour, from $10 to $8 per 1M tokens",
    ),
    (
        "price.delisted",
        {**CACHED, "meter": "cache_read", "conditions": {}, "old": money("0.30")},
        "Anthropic no longer lists Claude Opus 5 cached input (was $0.30 per 1M tokens)",
    ),
    (
        "price.listed",
        {**CACHED, "new": money("10")},
        "Anthropic lists Claude Opus 5 cache write, 1 hour, at $10 per 1M tokens",
    ),
    (
        "price.scheduled",
        {
            **SONNET,
            "old": money("2"),
            "new": money("3"),
            "change_pct": Decimal("50.00"),
            "direction": "rise",
            "effective_at": "2026-09-01",
        },
        "Anthropic will raise Claude Sonnet 5 input from $2 to $3 per 1M tokens (+50 %) on 1 September 2026",
    ),
    (
        "price.scheduled",
        {**SONNET, "new": money("3"), "effective_at": "2026-09-01"},
        "Anthropic will offer Claude Sonnet 5 input at $3 per 1M tokens from 1 September 2026",
    ),
    (
        "price.schedule_withdrawn",
        {**SONNET, "old": money("3"), "new": money("2"), "effective_at": "2026-09-01"},
        "Anthropic calls off the price of $3 per 1M tokens for Claude Sonnet 5 input, planned for 1 September 2026;"
        " it stays $2",
    ),
    (
        "price.delisted",
        {**SONNET, "old": money("3")},
        "Anthropic no longer lists Claude Sonnet 5 input (was $3 per 1M tokens)",
    ),
    (
        "price.corrected",
        {**SONNET, "old": money("3"), "new": money("2"), "effective_at": "2026-06-01"},
        "Anthropic corrects Claude Sonnet 5 input: $2 per 1M tokens, not $3, from 1 June 2026",
    ),
    (
        "price.changed",
        {**SONNET, "old": money("3"), "new": money("2"), "direction": "cut", "trust": "catalogue"},
        "Anthropic cuts Claude Sonnet 5 input from $3 to $2 per 1M tokens (according to a-source)",
    ),
    (
        "price.delisted",
        {**SONNET, "old": money("3"), "trust": "catalogue", "source": "bundled-prices"},
        "Anthropic no longer lists Claude Sonnet 5 input (was $3 per 1M tokens) "
        "(according to the bundled price history)",
    ),
    ("model.listed", {**GPT, "new": {"status": "active"}}, "OpenAI lists gpt-4-0314 as active"),
    (
        "model.listed",
        {**GPT, "new": {"status": "deprecated", **dates("2026-12-01")}},
        "OpenAI lists gpt-4-0314 as deprecated, to retire on 1 December 2026",
    ),
    (
        "model.listed",
        {**GPT, "new": {"status": "retired", **dates("2026-02-01")}},
        "OpenAI lists gpt-4-0314 as retired since 1 February 2026",
    ),
    (
        "model.listed",
        {**GPT, "new": {"status": "active", **dates(not_before="2027-01-01")}},
        "OpenAI lists gpt-4-0314 as active, not to retire before 1 January 2027",
    ),
    (
        "model.status_changed",
        {**GPT, "old": {"status": "active"}, "new": {"status": "deprecated"}},
        "OpenAI deprecates gpt-4-0314",
    ),
    (
        "model.status_changed",
        {**GPT, "old": {"status": "deprecated"}, "new": {"status": "retired"}},
        "OpenAI retires gpt-4-0314",
    ),
    (
        "model.status_changed",
        {**GPT, "old": {"status": "retired"}, "new": {"status": "deprecated"}},
        "OpenAI brings back gpt-4-0314 as deprecated",
    ),
    (
        "model.retirement_scheduled",
        {**GPT, "new": dates("2026-09-01"), "conditions": {"region": "us-east-1"}},
        "OpenAI schedules gpt-4-0314 (us-east-1) to retire on 1 September 2026",
    ),
    (
        "model.retirement_scheduled",
        {**GPT, "old": dates(), "new": dates("2026-12-01")},
        "OpenAI schedules gpt-4-0314 to retire on 1 December 2026",
    ),
    (
        "model.retirement_scheduled",
        {**GPT, "old": dates(), "new": dates("2026-03-26")},
        "OpenAI says gpt-4-0314 retired on 26 March 2026",
    ),
    (
        "model.retirement_scheduled",
        {**GPT, "old": dates(), "new": dates(not_before="2026-12-01")},
        "OpenAI will not retire gpt-4-0314 before 1 December 2026",
    ),
    (
        "model.retirement_scheduled",
        {**GPT, "old": dates(), "new": dates(not_before="2025-03-07")},
        "OpenAI will not retire gpt-4-0314 before 7 March 2025, which has passed",
    ),
    (
        "model.retirement_moved",
        {**GPT, "old": dates("2026-11-01"), "new": dates("2026-12-01")},
        "OpenAI moves the retirement of gpt-4-0314 from 1 November 2026 to 1 December 2026",
    ),
    (
        "model.retirement_moved",
        {**GPT, "old": dates(not_before="2026-11-01"), "new": dates(not_before="2026-12-01")},
        "OpenAI moves the earliest retirement of gpt-4-0314 from 1 November 2026 to 1 December 2026",
    ),
    (
        "model.retirement_scheduled",
        {**GPT, "old": dates(), "new": dates("2026-07")},
        "OpenAI schedules gpt-4-0314 to retire in July 2026",
    ),
    (
        "model.retirement_withdrawn",
        {**GPT, "old": dates(not_before="2026-11-01"), "new": dates()},
        "OpenAI no longer says that gpt-4-0314 stays until 1 November 2026",
    ),
    (
        "model.retirement_withdrawn",
        {**GPT, "old": dates("2026-11-01"), "new": dates(not_before="2026-12-01")},
        "OpenAI withdraws the retirement of gpt-4-0314 planned for 1 November 2026; now not before 1 December 2026",
    ),
    (
        "model.retirement_due",
        {**GPT, "new": {"retires_on": "2026-07-02", "days": 1}},
        "OpenAI retires gpt-4-0314 tomorrow, on 2 July 2026",
    ),
    (
        "model.retirement_due",
        {**GPT, "new": {"retires_on": "2026-09", "days": 60}},
        "OpenAI retires gpt-4-0314 in September 2026",
    ),
    (
        "model.replacement_changed",
        {**GPT, "old": {"replacements": ["a"]}, "new": {"replacements": ["b", "c"]}},
        "OpenAI recommends b and c instead of a as replacement for gpt-4-0314",
    ),
    (
        "model.replacement_changed",
        {**GPT, "old": {"replacements": ["a"]}, "new": {"replacements": []}},
        "OpenAI no longer names a replacement for gpt-4-0314",
    ),
    (
        "model.alias_repointed",
        {**GPT, "old": {"model_id": "a"}, "new": {"model_id": "b"}},
        "OpenAI points gpt-4-0314 to b instead of a",
    ),
    ("model.delisted", {**GPT, "old": {}}, "OpenAI no longer lists gpt-4-0314"),
    (
        "model.spec_changed",
        {**GPT, "old": {"context_window": 8192}, "new": {"context_window": 128000, "retires_on": "2027-06"}},
        "OpenAI gpt-4-0314: context window 128K tokens, was 8,192 tokens; retires on June 2027, was not told",
    ),
    ("news.published", {"new": {"title": "A  model", "url": "https://x"}}, "Anthropic: A model"),
    ("news.published", {"new": {"title": "", "url": "https://x"}}, "Anthropic: https://x"),
    (
        "incident.opened",
        {"new": {"title": "Errors on Chat", "impact": "major", "components": ["Chat", "Files"]}},
        "Anthropic incident (major): Errors on Chat [Files]",
    ),
    ("incident.opened", {"new": {"title": "Slow", "impact": "none", "components": []}}, "Anthropic incident: Slow"),
    ("incident.resolved", {"new": {"title": "Slow", "minutes": 1505}}, "Anthropic resolved after 1 day 1 hour: Slow"),
    ("incident.resolved", {"new": {"title": "Slow", "minutes": None}}, "Anthropic resolved: Slow"),
    *(("funding.announced", {"new": terms}, line) for terms, line in ANNOUNCED),
    *(("funding.updated", {"old": old, "new": {**ROUND, **new}}, line) for old, new, line in UPDATED),
    (
        "figure.changed",
        {"model": "Swift 2", "meter": "hallucination_rate", "new": {"value": "1.4", "unit": "percent"}},
        "Anthropic shows Swift 2, hallucination rate 1.4 %",
    ),
    (
        "rule.dated",
        {
            "provider": "european-commission",
            "model": "AI Act",
            "conditions": {"jurisdiction": "EU"},
            "old": {"applies_from": "2026-08-02", "binding": "applies"},
            "new": {"applies_from": "2027-12-02", "binding": "applies", "applies": "rules for high-risk systems"},
        },
        "EU: AI Act (rules for high-risk systems) applies from 2 December 2027, not 2 August 2026",
    ),
    (
        "page.changed",
        {"new": {"title": "Terms", "removed": 1, "added": 2, "changes": []}},
        "Anthropic changes Terms: 2 lines new, 1 line gone",
    ),
]


@pytest.mark.parametrize(("kind", "fields", "line"), LINES)
def test_a_headline_says_it_in_plain_english(kind: str, fields: dict[str, Any], line: str) -> None:
    assert headline(event(kind, **fields)) == line


def test_every_kind_has_a_headline_that_is_tested() -> None:
    assert {kind for kind, _, _ in LINES} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_headline_is_one_clean_line_whatever_the_page_says(kind: str) -> None:
    hostile = "a\x1b[31mb\r\nc\u202ed\u200b" + "x" * 5000
    sides: dict[str, Any] = {**money("3"), "title": hostile, "retires_on": "2026-08-01", "status": hostile}
    line = headline(event(kind, model=hostile, meter="input", old=sides, new={**sides, "days": 30}))
    assert len(line) <= 300
    assert line.isprintable()
    assert "\u202e" not in line

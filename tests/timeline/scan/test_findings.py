"""What a use of a model means on a day."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.timeline.scan.models import KNOWN
from timeline.notices import Status
from timeline.scan.findings import Found, as_row, sentence
from timeline.scan.known import KnownModel, KnownModels
from timeline.scan.usages import usages


def found(word: str, today: str = "2026-05-01") -> Found:
    (usage,) = usages(f'model = "{word}"', "a.py", KNOWN)
    return Found(file="a.py", usage=usage, today=date.fromisoformat(today))


@pytest.mark.parametrize(
    ("word", "today", "because", "says"),
    [
        ("gpt-4-0314", "2026-05-01", "retired", "gpt-4-0314 (OpenAI) was retired on 26 March 2026: use gpt-5 (input"),
        ("gpt-4", "2026-05-01", "retires", "retires on 23 October 2026, in 175 days: use gpt-5"),
        ("gpt-4", "2026-10-23", "retires", "retires on 23 October 2026"),
        ("gpt-4", "2026-10-24", "past", "was to retire on 23 October 2026, 1 day ago"),
        ("gemini-1.0-pro-001", "2026-05-01", "retired", "was retired in April 2025"),
        ("command", "2026-05-01", "deprecated", "is deprecated; no date is stated"),
        ("acme-1", "2026-05-01", "deprecates", "is deprecated from 1 January 2027"),
        ("claude-sonnet-4-6", "2026-05-01", None, "is active"),
        ("gpt-5", "2026-05-01", None, "nothing is known of its life"),
        (
            "claude-opus-4-0",
            "2026-05-01",
            "retires",
            "claude-opus-4-0 (Anthropic's claude-opus-4-20250514) retires on",
        ),
        ("acme-0", "2026-05-01", "retired", "was retired on 1 January 2026 (according to shop)"),
        ("azure/gpt-4", "2026-05-01", "retires", "This is OpenAI's own date: azure may keep another"),
    ],
)
def test_it_is_told_in_a_sentence(word: str, today: str, because: str | None, says: str) -> None:
    it = found(word, today)
    assert it.because == because
    assert says in sentence(it, KNOWN)
    assert sentence(it, KNOWN).startswith("a.py:1:10: ")


def test_an_end_in_a_part_is_told_as_that_and_due_nowhere() -> None:
    there = KnownModel(provider="acme", id="acme-9", status="retired", scope={"region": "eu-west-1"})
    known = KnownModels([there])
    (usage,) = usages('model = "acme-9"', "a.py", known)
    it = Found(file="a.py", usage=usage, today=date(2026, 5, 1))
    assert "is retired (eu-west-1 only)" in sentence(it, known)
    assert not it.is_due(30)


def test_the_difference_in_price_is_told_where_both_prices_are_known() -> None:
    row = as_row(found("gpt-4-0314"), KNOWN)
    first, second = row["replacements"]
    assert (first["model_id"], first["provider"]) == ("gpt-5", "openai")
    unit = {"currency": "USD", "per": 1_000_000, "unit": "token"}
    assert first["prices"] == [
        {"meter": "input", "old": "30", "new": "1.25", **unit, "change_pct": "-95.83"},
        {"meter": "output", "old": "60", "new": "10", **unit, "change_pct": "-83.33"},
    ]
    assert (second["model_id"], second["status"], second["prices"]) == ("gpt-4.1", None, [])
    assert "use gpt-5 (input −96 %, output −83 %) or gpt-4.1" in sentence(found("gpt-4-0314"), KNOWN)


def test_a_recommendation_that_is_gone_leads_to_one_that_stands() -> None:
    def model(id: str, *leads_to: str, retires_on: str | None = None, retired: bool = True) -> KnownModel:
        status: Status | None = ("retired" if retired else "deprecated") if retires_on else "active"
        return KnownModel(provider="acme", id=id, status=status, retires_on=retires_on, replacements=leads_to)

    known = KnownModels(
        [
            model("old-1", "old-2", retires_on="2024-01-04"), model("old-2", "old-3", retires_on="2026-09-28"),
            model("old-3", "old-1", "new-4", retires_on="2026-10-01", retired=False), model("new-4"),
            model("lost-1", "lost-2", retires_on="2024-01-04"), model("lost-2", "lost-1", retires_on="2026-09"),
        ]
    )  # fmt: skip

    def told(id: str, today: str) -> tuple[str, dict[str, Any]]:
        (usage,) = usages(f'model = "{id}"', "a.py", known)
        it = Found(file="a.py", usage=usage, today=date.fromisoformat(today))
        return sentence(it, known).partition(": use ")[2], as_row(it, known)["replacements"][0]

    said, row = told("old-1", "2026-11-27")
    assert said == "new-4 (in place of old-2, which has itself retired on 28 September 2026)"
    assert (row["model_id"], row["instead"]) == ("old-2", ["new-4"])
    assert told("old-2", "2026-11-27")[0] == "new-4 (in place of old-3, which was itself to retire on 1 October 2026)"
    said, row = told("old-2", "2026-09-28")
    assert (said, row["instead"]) == ("old-3 (retires itself on 1 October 2026)", [])
    said, row = told("lost-1", "2026-11-27")
    assert (said, row["instead"]) == ("lost-2, which has itself retired in September 2026", [])


def test_a_row_can_be_watched() -> None:
    row = as_row(found("azure/gpt-4"), KNOWN)
    assert {name: row[name] for name in ("model_id", "provider", "file", "line", "column", "written", "platform")} == {
        "model_id": "gpt-4", "provider": "openai", "file": "a.py", "line": 1, "column": 10, "written": "azure/gpt-4",
        "platform": "azure",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("word", "today", "days", "due"),
    [
        ("gpt-4", "2026-07-25", 90, True),
        ("gpt-4", "2026-07-24", 90, False),
        ("gpt-4", "2026-10-24", 0, True),
        ("gpt-4-0314", "2026-01-01", 0, True),  # its provider says it is gone
        ("command", "2026-05-01", 9999, False),
        ("claude-sonnet-4-6", "2026-05-01", 9999, False),  # a floor is no date
        ("acme-0", "2026-05-01", 90, False),  # a catalogue says so
        ("azure/gpt-4", "2026-10-20", 90, False),  # not known where it is called
    ],
)
def test_due_is_what_is_gone_or_goes_within_days(word: str, today: str, days: int, due: bool) -> None:
    assert found(word, today).is_due(days) is due


def test_every_field_is_documented() -> None:
    text = (Path(__file__).parents[3] / "docs" / "scan.md").read_text()
    documented = set(re.findall(r"^\| `(\w+)`", text, re.MULTILINE)) | set(
        re.findall(r"^\|(?: `\w+`,?)+", text, re.MULTILINE)
    )
    named = {name for cell in documented for name in re.findall(r"\w+", cell)}
    assert named == set(as_row(found("gpt-4-0314"), KNOWN))

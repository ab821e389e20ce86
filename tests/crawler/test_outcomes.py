from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from crawler.outcomes import RULES, Outcome, Return, issues_of, of_status
from crawler.source import KINDS, TRUSTS, Source

NOW = datetime(2026, 8, 12, tzinfo=UTC)


def outcome(name: str, detail: str = "") -> Outcome:
    return Outcome(
        source="acme-pricing",
        name=name,
        url="https://acme.example.com/",
        started_at=NOW,
        finished_at=NOW,
        detail=detail,
    )


@pytest.mark.parametrize(
    ("status", "name"),
    [
        (200, None),
        (203, None),
        (204, None),
        (206, "unexpected_status"),
        (300, "unexpected_status"),
        (302, "unexpected_status"),
        (400, "unexpected_status"),
        (401, "forbidden"),
        (403, "forbidden"),
        (404, "not_found"),
        (408, "server_error"),
        (410, "gone"),
        (418, "unexpected_status"),
        (429, "rate_limited"),
        (451, "forbidden"),
        (500, "server_error"),
        (503, "server_error"),
        (599, "server_error"),
    ],
)
def test_every_status_has_an_outcome(status: int, name: str | None) -> None:
    assert of_status(status, retry_after=False) == name


def test_a_503_that_says_when_is_a_rate_limit() -> None:
    assert of_status(503, retry_after=True) == "rate_limited"
    assert of_status(500, retry_after=True) == "server_error"


def test_every_failure_tells_a_person_what_to_do_sooner_or_later() -> None:
    for name, rule in RULES.items():
        assert rule.name == name
        assert rule.meaning
        assert not (rule.good and rule.failure)
        if rule.failure:
            assert rule.person_after in {1, 3}
            assert rule.do
            assert rule.returns is not Return.INTERVAL


def test_an_issue_opens_only_when_it_lasts() -> None:
    assert issues_of(outcome("timeout"), 2) == ()
    (issue,) = issues_of(outcome("timeout", "after 30 s"), 3)
    assert issue.code == "timeout"
    assert not issue.fatal
    assert issues_of(outcome("timeout", "after 31 s"), 4) == (issue,)  # one issue while it lasts
    (issue,) = issues_of(outcome("forbidden", "HTTP 403"), 1)
    assert "(HTTP 403)" in issue.message
    assert issues_of(outcome("unchanged"), 0) == ()


def test_a_page_that_moved_for_good_is_told_though_it_was_read() -> None:
    (issue,) = issues_of(outcome("changed"), 0, moved_to="https://acme.example.com/new")
    assert issue.code == "moved_permanently"
    assert "https://acme.example.com/new" in issue.message


def test_every_outcome_and_every_field_of_a_source_is_documented() -> None:
    text = (Path(__file__).parents[2] / "docs" / "sources.md").read_text()
    for rule in RULES.values():
        assert f"| `{rule.name}` | {rule.meaning} |" in text
    for name in {field.name for field in fields(Source)} | {"contact", "allow_hosts"}:
        assert f"`{name}`" in text
    for word in (*KINDS, *TRUSTS):
        assert f"`{word}`" in text

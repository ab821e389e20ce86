"""Issues last while they are seen, and are counted once."""

from datetime import UTC, datetime, timedelta

import pytest

from store import clock, issues, pruning, sources
from store.connect import Connection
from store.sources import SourceRow
from timeline.issues import Issue

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 12, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
UNIT = Issue(code="unknown_unit", message="found 'per moon'", locator="table 1 row 2")
WALL = Issue(code="bot_wall", message="a challenge page", fatal=True)


@pytest.fixture(autouse=True)
def registered(connection: Connection) -> None:
    row = SourceRow(id="acme", provider="acme", kind="pricing", url="https://a.example", trust="official", every=HOUR)
    sources.register(connection, [row], T0)


def test_an_issue_is_one_row_while_it_lasts(connection: Connection) -> None:
    assert issues.note(connection, "acme", [UNIT, UNIT], at=T0, seq=1) == 1
    assert issues.note(connection, "acme", [UNIT, WALL], at=T0 + HOUR, seq=2) == 1
    found = issues.open_issues(connection, "acme")
    assert [(issue.code, issue.fatal, issue.seq) for issue in found] == [
        ("bot_wall", True, 2),
        ("unknown_unit", False, 2),
    ]
    assert (found[1].first_seen, found[1].last_seen) == (T0, T0 + HOUR)


def test_what_is_not_seen_any_more_is_closed_and_may_return(connection: Connection) -> None:
    issues.note(connection, "acme", [UNIT], at=T0, seq=1)
    issues.note(connection, "acme", [], at=T0 + HOUR, seq=2)
    assert issues.open_issues(connection) == []
    assert issues.note(connection, "acme", [UNIT], at=T0 + 2 * HOUR, seq=3) == 1
    assert issues.open_issues(connection)[0].first_seen == T0 + 2 * HOUR


def test_a_page_read_well_says_nothing_about_the_network(connection: Connection) -> None:
    down = Issue(code="dns_failure", message="no such host")
    issues.note(connection, "acme", [down], at=T0, seq=None)
    issues.note(connection, "acme", [UNIT], at=T0, seq=1)
    assert {issue.code for issue in issues.open_issues(connection)} == {"dns_failure", "unknown_unit"}
    issues.note(connection, "acme", [], at=T0 + HOUR, seq=None)
    assert {issue.code for issue in issues.open_issues(connection)} == {"unknown_unit"}


def test_an_issue_of_an_old_capture_is_dropped_by_when_it_was_found_to_be_over(connection: Connection) -> None:
    connection.autocommit = True
    clock.set_rehearsal(connection, T0)
    then = T0 - timedelta(days=900)
    issues.note(connection, "acme", [UNIT], at=then, seq=1)
    issues.note(connection, "acme", [], at=then + HOUR, seq=2)
    assert [*pruning.prune(connection, before=T0)] == [], "imported and over a moment ago, whenever that was"
    assert [(step.what, step.rows) for step in pruning.prune(connection, before=T0 + HOUR)] == [("issues", 1)]

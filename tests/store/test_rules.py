"""Rule dates and watched texts in the store: the deadlines, what was withdrawn, and a rebuild that finds all right."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from store import notices, sources, timelines
from store.connect import Connection
from store.sources import SourceRow
from tests.timeline.makers import day, look
from timeline.calendars import calendar
from timeline.fold import State, advance, fold
from timeline.observations import Observation, SourceInfo
from timeline.page_texts import PageText
from timeline.rule_dates import RuleDate

pytestmark = pytest.mark.postgres
FEED = SourceInfo(id="office-news", provider="office", kind="feed")
OTHER = SourceInfo(id="bureau-news", provider="bureau", kind="feed")
PAGE = SourceInfo(id="office-page", provider="office", kind="page")


def rule(stated: str | None, applies: str = "", month: int = 1, **more: Any) -> RuleDate:
    fields: dict[str, Any] = {"binding": "applies", "said_on": datetime(2026, month, 1, tzinfo=UTC), **more}
    return RuleDate(
        provider="office", jurisdiction="EU", instrument="AI Act", applies=applies, applies_from=stated,
        url="https://office.example/1", quote="It shall apply.", **fields,
    )  # fmt: skip


def page(text: str) -> PageText:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return PageText(provider="office", part="page", title="Terms", text=text, sha256=sha256)


def folded(connection: Connection, source: SourceInfo, looks: list[Observation]) -> None:
    row = SourceRow(
        id=source.id, provider=source.provider, kind=source.kind, url=f"https://office.example/{source.id}",
        trust="official", every=timedelta(hours=1), verified=False, config={},
    )  # fmt: skip
    sources.register(connection, [row], day(0), only_add=True)
    state = State.empty()
    for seen in looks:
        state, step = advance(source, state, seen)
        timelines.append(connection, source, step, origin="live")
    rebuilt = timelines.replace(connection, source, fold(source, looks), now=day(9), because="test", origin="live")
    assert rebuilt.is_empty


def test_the_day_stated_last_stands_among_the_deadlines_and_in_the_calendar(connection: Connection) -> None:
    looks = [
        look(day(0), rule("2026-08-02", "high-risk systems")),
        look(day(1), rule("2099-12-02", "rules for high-risk systems", 5), rule("2099-08", "transparency")),
    ]
    folded(connection, FEED, looks)
    folded(connection, OTHER, [look(day(2), rule("2098-01-01", "high-risk systems", 2))])
    rows = notices.deadlines(connection, kind=["rule"])
    assert [(row["stated"], row["model"], row["jurisdiction"], row["source"]) for row in rows] == [
        ("2099-08", "AI Act: transparency", "EU", "office-news"),
        ("2099-12-02", "AI Act: rules for high-risk systems", "EU", "office-news"),
    ]
    revisions = notices.revisions(connection, rows)
    text = calendar(rows, revisions=revisions, base_url="http://here").decode()
    assert "SUMMARY:EU: AI Act: rules for high-risk systems applies\r\n" in text
    assert "URL:https://office.example/1\r\n" in text and "DTSTART;VALUE=DATE:20991202" in text
    history = connection.execute(
        "SELECT applies_from, stated_to IS NULL FROM timeline.rule_history WHERE source = 'office-news'"
    )
    assert sorted(history.fetchall()) == [("2026-08-02", False), ("2099-08", True), ("2099-12-02", True)]


def test_what_is_withdrawn_is_no_deadline(connection: Connection) -> None:
    gone = rule(None, "transparency", 6, binding="withdrawn")
    folded(connection, FEED, [look(day(0), rule("2099-08-02"), rule("2099-08", "transparency"), gone)])
    assert [row["stated"] for row in notices.deadlines(connection, kind=["rule"])] == ["2099-08-02"]
    all_of_it = rule(None, "", 7, binding="withdrawn")
    folded(connection, OTHER, [look(day(1), all_of_it)])
    assert notices.deadlines(connection, kind=["rule"]) == []
    again = rule("2099-09", "", 8, binding="in_force")
    folded(connection, PAGE, [look(day(2), again)])
    assert [row["stated"] for row in notices.deadlines(connection, kind=["rule"])] == ["2099-09"]


def test_all_texts_of_a_page_are_kept(connection: Connection) -> None:
    folded(connection, PAGE, [look(day(n), page(text)) for n, text in enumerate(["a", "b", "c", "a"])])
    rows = connection.execute(
        "SELECT text, effective_to IS NULL FROM timeline.pages ORDER BY effective_from"
    ).fetchall()
    assert rows == [("a", False), ("b", False), ("c", False), ("a", True)]

"""Rule dates and watched texts over time."""

import hashlib
from datetime import UTC, datetime
from typing import Any

from tests.timeline.makers import day, kinds, look, told
from timeline.facts import from_json, to_json
from timeline.fold import fold
from timeline.observations import SourceInfo
from timeline.page_texts import PageText
from timeline.rule_dates import RuleDate

FEED = SourceInfo(id="office-news", provider="office", kind="feed")
PAGE = SourceInfo(id="office-page", provider="office", kind="page")
EARLY, LATE = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
HOURS = 1 / 24


def rule(day_: str | None = "2026-08-02", **more: Any) -> RuleDate:
    fields: dict[str, Any] = {"binding": "applies", "said_on": EARLY, "applies": "rules for high-risk systems", **more}
    return RuleDate(provider="office", jurisdiction="EU", instrument="AI Act", applies_from=day_, **fields)


def page(*lines: str) -> PageText:
    text = "\n".join(lines)
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return PageText(provider="office", part="page", title="Terms", text=text, sha256=sha256)


def test_a_day_is_told_when_it_is_stated_and_when_it_moves() -> None:
    looks = [
        look(day(0)),
        look(day(1), rule()),
        look(day(2), rule("2027-12-02", said_on=LATE, applies="high-risk systems")),
    ]
    folded = fold(FEED, looks)
    assert told(folded) == [
        "EU: AI Act (rules for high-risk systems) applies from 2 August 2026",
        "EU: AI Act (high-risk systems) applies from 2 December 2027, not 2 August 2026",
    ]
    assert [event.effective_at for event in folded.events] == ["2026-08-02", "2027-12-02"]


def test_what_leaves_its_feed_stays_and_what_it_shows_again_moves_nothing() -> None:
    looks = [look(day(0), rule("2027-12-02", said_on=LATE)), look(day(1)), look(day(2)), look(day(3), rule())]
    folded = fold(FEED, looks)
    assert kinds(folded.events) == []
    assert [row.row.fact.value for row in folded.rows] == [("2027-12-02",)]


def test_what_a_page_no_longer_says_is_told_after_two_looks() -> None:
    looks = [look(day(0), rule(said_on=None)), look(day(1)), look(day(1 + 7 * HOURS))]
    assert told(fold(PAGE, looks)) == [
        "office no longer says that EU: AI Act (rules for high-risk systems) applies from 2 August 2026"
    ]


def test_a_month_moves_none_of_its_days() -> None:
    assert (
        kinds(fold(FEED, [look(day(0), rule("2026-08")), look(day(1), rule("2026-08-02", said_on=LATE))]).events) == []
    )


def test_a_changed_text_is_told_with_what_went_and_what_came() -> None:
    looks = [
        look(day(n), page("Be good", line, "The end")) for n, line in enumerate(("No harm", "No noise", "No noise"))
    ]
    (event,) = fold(PAGE, looks).events
    assert event.kind == "page.changed" and event.new is not None
    assert event.new["changes"] == [{"was": "No harm", "is": "No noise"}]
    assert event.headline == "office changes Terms: 1 line new, 1 line gone"


def test_the_fold_keeps_one_text_and_the_rows_all_of_them() -> None:
    texts = ["a", "b", "c", "a"]
    folded = fold(PAGE, [look(day(n), page("Be good", text)) for n, text in enumerate(texts)])
    assert [event.occurrence for event in folded.events] == [1, 1, 1]
    standing = [row.row.fact for row in folded.rows if row.known_to is None]
    assert [fact.text for fact in standing if isinstance(fact, PageText)] == [f"Be good\n{text}" for text in texts]
    (state,) = folded.state.keys.values()
    assert [row["fact"]["text"] for row in state["rows"]] == ["", "", "", "Be good\na"]


def test_another_page_waits_for_a_second_look() -> None:
    lines = [f"line {n}" for n in range(20)]
    wall, edited = page("Sign in"), page(*lines[:-1], "another line")
    assert kinds(fold(PAGE, [look(day(0), page(*lines)), look(day(1), wall), look(day(2), edited)]).events) == [
        "page.changed"
    ]
    assert kinds(fold(PAGE, [look(day(0), page(*lines)), look(day(1), wall), look(day(2), wall)]).events) == [
        "page.changed"
    ]


def test_facts_survive_json() -> None:
    for fact in (rule(), rule(None, binding="withdrawn", said_on=None), page("a", "b")):
        assert from_json(to_json(fact)) == fact

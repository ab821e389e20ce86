"""A digest of many feeds reads like a page: one line a story, by topic, without junk."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alerts import digests, news_pages
from alerts.messages import compose, text
from alerts.notifiers import slack_blocks
from timeline.events import CaptureRef, Event
from timeline.topics import topics_of

START = datetime(2026, 8, 12, 9, tzinfo=UTC)


def row(title: str, provider: str = "gazette", *, hours: float = 0, trust: str = "press", **new: Any) -> dict[str, Any]:
    said = {"title": title, "url": f"https://{provider}.example/{len(title)}", "topics": list(topics_of(title)), **new}
    said.setdefault("published_at", (START + timedelta(hours=hours)).isoformat())
    return {"kind": "news.published", "provider": provider, "trust": trust, "new": said}


def lines(*rows: dict[str, Any]) -> list[str]:
    return [*news_pages.lay_out(rows).lines]


def test_a_story_of_several_feeds_is_one_line_and_a_makers_own_word_goes_first() -> None:
    found = lines(
        row("Anthropic raises $13B Series F round at a $183B valuation", "gazette", hours=3),
        row("Anthropic raises $13B at $183B valuation in Series F", "courier", hours=2),
        row("Anthropic raises $13B Series F at $183B post-money valuation", "anthropic", hours=5, trust="official"),
    )
    assert found == [
        "Funding:",
        "– Anthropic raises $13B Series F at $183B post-money valuation "
        "(Anthropic, 12 Aug; also courier and gazette) [1]",
    ]


def test_different_stories_stay_apart() -> None:
    found = lines(row("Acme raises $10M seed round"), row("Zeta raises $12M seed round led by Beta"))
    assert len(found) == 3
    weeks = lines(
        row("The week in robots: arms", hours=0, topics=["robotics"]),
        row("The week in robots: arms", hours=200, url="https://gazette.example/2"),
    )
    assert len(weeks) == 3


def test_what_is_no_story_is_counted_and_not_shown() -> None:
    found = lines(
        row("Stock Movers: this and that"),
        row("Acme on its plans (Podcast)"),
        row("A talk", url="https://gazette.example/audio/1"),
        row("Something of no topic"),
    )
    assert found == ["Not shown: 4 items without a topic, or no story (podcasts, round-ups)"]


def test_releases_are_a_line_for_each_publisher() -> None:
    rows = [row(f"Tool v1.2.{n}", "ollama", hours=n, trust="official", topics=["releases"], url="") for n in range(9)]
    assert lines(*rows) == ["Software releases:", "– Ollama: Tool v1.2.8 (12 Aug, the newest of 9 releases)"]


def test_releases_say_of_what() -> None:
    rows = [{**row("v1.2", "anthropic", topics=["releases"]), "source": "anthropic-claude-code-releases"}]
    assert lines(*rows)[1] == "– Anthropic claude-code: v1.2 (12 Aug)"


def test_topics_have_their_order_and_their_most() -> None:
    funding = [row(f"Company{n} secures ${n}M", f"paper{n}", topics=["funding", "chips"]) for n in range(9)]
    found = lines(row("A robot arm", topics=["robotics"]), *funding)
    assert [line for line in found if not line.startswith("–")] == ["Funding:", "Robotics:"]
    assert found[news_pages.OF_TOPIC + 1] == "– and 3 more stories"


@pytest.mark.parametrize("title", ["", "<!channel> raises", "a\x1b[31m red", "x" * 5000])
def test_hostile_titles_stay_lines(title: str) -> None:
    page = news_pages.lay_out([row(title, topics=["funding"])] * 7)
    assert all(len(line) < 300 and line.isprintable() for line in page.lines)


def test_bad_dates_and_missing_fields_raise_nothing() -> None:
    rows: list[dict[str, Any]] = [
        {"kind": "news.published"},
        row("A title", published_at="yesterday"),
        row("B", url=None),
    ]
    assert news_pages.lay_out(rows).items == 3


def event(number: int, title: str) -> Event:
    at = START + timedelta(minutes=number)
    return Event(
        kind="news.published", source="gazette-news", provider="gazette", key=str(number), trust="press",
        headline=title,
        new={"title": title, "url": f"https://gazette.example/{number}", "topics": list(topics_of(title))},
        observed_at=at, after=CaptureRef(seq=number, url="https://gazette.example/", captured_at=at, sha256="0" * 64),
    )  # fmt: skip


def test_a_digest_of_much_news_is_the_page_and_of_little_is_as_it_was() -> None:
    many = [event(n, f"Company{n}x raises ${n}0M in a seed round") for n in range(8)]
    digest = digests.of_messages(compose(many), [one.id for one in many], START)
    assert digest.title == "Digest of 12 August 2026: 8 stories of 1 publisher"
    assert digest.lines[0] == "Funding:"
    assert "\n• Funding:\n   – Company7x raises $70M in a seed round" in text(digest)
    assert [link.label for link in digest.links] == [str(n) for n in range(1, news_pages.OF_TOPIC + 1)]
    few = many[:2]
    digest = digests.of_messages(compose(few), [one.id for one in few], START)
    assert "gazette: Company0x raises $00M in a seed round" in digest.lines


def test_a_week_fits_into_one_slack_message() -> None:
    many = [event(n, f"Firm{n} number{n} item{n} raises ${n}M in a seed round of the year") for n in range(300)]
    digest = digests.of_messages(compose(many), [one.id for one in many], START)
    sent = slack_blocks.payload(digest)
    assert len(str(sent)) < 12_000

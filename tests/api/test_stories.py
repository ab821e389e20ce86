from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from api import stories

NOW = datetime(2026, 2, 26, 10, 10, tzinfo=UTC)
numbers = count()


def row(kind, model, **more):
    made = {
        "id": f"{next(numbers):032x}", "kind": kind, "source": "acme-pricing", "provider": "openai", "model": model,
        "model_id": model, "meter": None, "conditions": {}, "old": None, "new": None, "change_pct": None,
        "direction": None, "effective_at": None, "observed_after": NOW, "observed_at": NOW, "withdrawn_at": None,
        "origin": "live", "trust": "official", "headline": f"a headline about {model}",
    }  # fmt: skip
    return made | more


def price(model, meter, old, new, **more):
    pct = (Decimal(new) - Decimal(old)) * 100 / Decimal(old)
    sides = [{"amount": a, "state": "priced", "currency": "USD", "per": 1000000, "unit": "token"} for a in (old, new)]
    direction = "cut" if pct < 0 else "rise"
    return row(
        "price.changed", model, meter=meter, old=sides[0], new=sides[1], change_pct=pct, direction=direction, **more
    )


def told(*rows):
    return [story for day in stories.days(rows) for story in day.stories]


def test_the_meters_of_one_model_are_one_story_in_an_order_people_expect():
    (story,) = told(
        price("o9", "output", "40", "20"), price("o9", "cache_read", "1", "0.5"), price("o9", "input", "9", "2")
    )
    assert story.headline.replace("\N{NARROW NO-BREAK SPACE}", " ") == "OpenAI cuts o9 by 50 to 78 %"
    assert [(line.meter, line.old, line.new) for line in story.lines] == [
        ("input", "$9.00", "$2.00"),
        ("output", "$40.00", "$20.00"),
        ("cached input", "$1.00", "$0.50"),
    ]
    assert (story.what, story.tone, story.unit) == ("price cut", "cut", "per 1M tokens")


def test_a_line_says_both_amounts_in_the_unit_of_the_new_one():
    change = price("o9", "input", "9", "2")
    change["new"] |= {"amount": "0.002", "per": 1000}
    (story,) = told(change)
    assert (story.lines[0].old, story.lines[0].new, story.unit) == ("$0.009", "$0.002", "per 1K tokens")
    change["new"] |= {"amount": "0.000002", "per": 1}
    (story,) = told(change)
    assert (story.lines[0].old, story.lines[0].new, story.unit) == ("$9.00", "$2.00", "per 1M tokens")


def test_one_price_is_told_with_what_it_is_for():
    for_long = {"context_over": 200000, "service_tier": "batch"}
    (story,) = told(price("o9", "input", "4", "2", conditions=for_long))
    assert story.headline.replace("\N{NARROW NO-BREAK SPACE}", " ") == (
        "OpenAI cuts o9 batch input for prompts above 200K tokens by 50 %"
    )
    assert (story.lines[0].meter, story.lines[0].conditions) == ("input", "batch · prompts above 200K tokens")


def test_a_headline_of_one_event_keeps_its_per_cent_in_one_piece():
    (story,) = told(row("model.alias_repointed", "o9", headline="(−33 %)"))
    assert story.headline == "(−33\N{NARROW NO-BREAK SPACE}%)"


def test_cuts_and_rises_together_are_neither():
    (story,) = told(price("o9", "input", "1", "2"), price("o9", "output", "4", "2"))
    assert (story.headline, story.what, story.tone) == (
        "OpenAI changes the prices of o9",
        "price change",
        "plain",
    )


def test_models_scheduled_to_retire_on_one_day_are_one_story():
    def scheduled(model, when, **more):
        return row("model.retirement_scheduled", model, effective_at=when, new={"retires_on": when}, **more)

    one, many, other = told(
        scheduled("b", "2026-04-01"), scheduled("x", "2026-03-01"), scheduled("a", "2026-04-01"),
        scheduled("a", "2026-04-01", provider="xai"),
    )  # fmt: skip
    assert one.headline == "a headline about x"
    assert many.headline == "OpenAI schedules 2 models to retire on 1 April 2026"
    assert [member["model"] for member in many.models] == ["a", "b"]
    assert other.first["provider"] == "xai"
    assert many.tone == "warn"


def test_a_price_that_is_gone_says_so():
    (story,) = told(price("o9", "input", "1", "2") | {"kind": "price.delisted", "new": None, "direction": None})
    assert (story.headline, story.lines[0].new) == ("OpenAI no longer lists o9 input", "no longer listed")


def test_news_is_told_by_its_own_title_and_links_to_it():
    new = {"title": "A title", "url": "https://x.example/1", "summary": "Short."}
    (story,) = told(row("news.published", None, new=new))
    assert (story.headline, story.link, story.brief) == ("A title", "https://x.example/1", True)


def test_days_are_utc_days():
    late = NOW.replace(hour=23, minute=30)
    assert [day.at for day in stories.days([row("model.listed", "a", observed_at=late + timedelta(hours=1)),
                                            row("model.listed", "b", observed_at=late)])] == [
        late + timedelta(hours=1), late,
    ]  # fmt: skip


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(stories.WHAT)), st.sampled_from(["a", "b", None]), st.integers(0, 3)),
        max_size=12,
    )
)
def test_no_event_is_lost_or_told_twice(items):
    rows = [row(kind, model, observed_at=NOW - timedelta(days=back)) for kind, model, back in items]
    assert sorted(member["id"] for story in told(*rows) for member in story.rows) == sorted(r["id"] for r in rows)

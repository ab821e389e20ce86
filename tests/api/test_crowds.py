"""Many changes of one look as one story, and the news of a day as one list."""

from api import crowds, stories
from tests.api.test_stories import price, row


def gathered(*rows):
    (day,) = crowds.gathered(stories.days(rows))
    return day


def test_many_models_of_one_look_are_one_story_with_the_greatest_change_first():
    rows = [price(f"o{number}", "input", "10", str(number)) for number in range(5, 10)]
    day = gathered(*rows, price("o5", "output", "40", "20"), row("price.listed", "z", new={"per": 1}))
    crowd, alone = day.stories
    assert crowd.headline == "OpenAI changes the prices of 5 models: 5 cut"
    assert [part.first["model"] for part in crowd.parts] == ["o5", "o6", "o7", "o8", "o9"]
    assert [line.meter for line in crowds.plain_lines(crowd.parts[0])] == ["input", "output"]
    assert (crowd.tone, crowd.unit, crowd.linked, crowd.models) == ("cut", "per 1M tokens", False, ())
    assert sorted(one["id"] for one in crowd.rows) == sorted(one["id"] for one in [*rows, *crowd.parts[0].rows[1:]])
    assert alone.parts == ()


def test_a_few_models_stand_each_by_itself_and_cuts_are_not_rises():
    few = [price(f"o{number}", "input", "10", "5") for number in range(crowds.FEW)]
    assert len(gathered(*few).stories) == crowds.FEW
    crowd, *rest = gathered(*few, price("o9", "input", "1", "2")).stories
    assert (crowd.headline, crowd.tone, rest) == ("OpenAI changes the prices of 5 models: 4 cut, 1 raised", "plain", [])


def test_many_prices_of_one_model_are_no_crowd():
    rows = [
        row("price.scheduled", "o1", meter="input", new={"amount": "1", "per": 1}, effective_at=f"2026-04-0{day}")
        for day in range(1, 8)
    ]
    assert not any(story.parts for story in gathered(*rows).stories)


def test_news_stand_apart_from_what_changed():
    day = gathered(price("o9", "input", "9", "2"), row("news.published", None, new={"title": "A title"}))
    assert [story.first["kind"] for story in day.stories] == ["price.changed"]
    assert [story.headline for story in day.news] == ["A title"]

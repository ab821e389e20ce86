"""Topics follow from rules that can be read; none from one word; each with what led to it."""

import pytest

from timeline.topics import FIELD, TopicRuleError, explained, parse, topics, topics_of


@pytest.mark.parametrize(
    ("title", "summary", "found"),
    [
        ("Acme raises $40M Series B to build AI agents", "", ("funding",)),
        ("Acme in talks at a $4 billion valuation", "The round would double what investors paid.", ("funding",)),
        ("Acme acquires Beta, a startup for AI code review", "", ("deals",)),
        ("Introducing Claude Nine", "Our most capable model, available in the API today.", ("models", "products")),
        ("v0.19.2", "What's changed: bug fixes and new features", ("releases",)),
        ("Waymo recalls robotaxis after a crash", "", ("vehicles",)),
        ("EU lawmakers agree on changes to the AI Act", "", ("regulation",)),
        ("A judge rules on copyright in a lawsuit against an AI lab", "", ("legal",)),
        ("Elevated errors on the API", "We are investigating.", ("outages",)),
        ("A 2 gigawatt data center for AI", "It will draw its power from the grid.", ("energy",)),
        ("Acme nears $300 million funding round, sources say", "", ("funding",)),
        ("City seeks $30 million in damages", "", ()),
        ("GPT-4o discontinued, says OpenAI", "", ("models",)),
        ("Mathematician Claude Roe has retired", "", ()),
        ("Google halves the price of Gemini 2.5 Flash", "", ("prices",)),
        ("Fuel prices cut in half", "", ()),
        ("The best headphones of the year", "They sound good.", ()),
        ("Funding", "", ()),
        ("Robot", "", ()),
    ],
)
def test_what_an_item_is_about(title: str, summary: str, found: tuple[str, ...]) -> None:
    assert tuple(topic for topic in topics_of(title, summary) if topic != FIELD) == found


@pytest.mark.parametrize(
    ("title", "summary", "of_it"),
    [
        ("Acme raises $40M Series B", "It makes agents on top of large language models.", True),
        ("Nvidia buys a startup", "", True),
        ("Quill.ai lands a seed round", "", True),
        ("Gemini 3.5 Flash is dearer", "", True),
        ("Gemini files for an IPO", "The exchange trades bitcoin.", False),
        ("Condominium tower borrows $525M", "Two banks lead.", False),
        ("Dubai and Mumbai funds buy a football club", "Terms are not disclosed.", False),
    ],
)
def test_what_concerns_the_field_is_told_by_naming_it(title: str, summary: str, of_it: bool) -> None:
    assert (FIELD in topics_of(title, summary)) == of_it


def test_no_topic_follows_from_one_word() -> None:
    """Every word of every rule, alone, gives nothing."""
    for topic in topics():
        for rule in topic.rules if topic.id != FIELD else ():
            for group in rule.groups:
                for word in group.pattern.split("(?:", 1)[1].split("|"):
                    bare = word.replace("\\", "").replace("s+", " ").split("[")[0].rstrip(")")
                    if len(bare.split()) == 1:
                        assert topics_of(bare) in {(), (FIELD,)}


def test_what_led_to_a_topic_is_told() -> None:
    (found,) = explained("Acme raises $40M in a round led by Beta Capital")
    assert (found.topic, found.because) == ("funding", "money raised, with its sum")
    assert found.words[:2] == ("raises", "$40M")


def test_a_category_of_the_feed_is_a_witness_and_never_the_only_one() -> None:
    assert topics_of("Acme lands €3m", "", ("Seed funding",)) == ("funding",)
    assert topics_of("Acme", "", ("funding", "seed round")) == ()


@pytest.mark.parametrize("groups", ["[]", '[["a"]]', '[["a"], ["@nothing"]]'])
def test_a_rule_of_one_word_is_refused(groups: str) -> None:
    text = f'[[topic]]\nid = "x"\ntitle = "X"\nrules = [{{ because = "y", groups = {groups} }}]'
    with pytest.raises(TopicRuleError, match="x"):
        parse(text)

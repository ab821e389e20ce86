"""Digests: stories by provider, with their figures, named after the day of whoever reads them."""

from datetime import UTC, datetime

from alerts.circumstances import Standing
from alerts.digests import again, of_messages
from alerts.messages import MAX_LINES, Message, compose, text
from tests.alerts.examples import AT, event, price, retirement
from tests.alerts.test_impact import standing, work

DUE = datetime(2026, 8, 12, 23, 0, tzinfo=UTC)


def test_a_price_list_is_told_with_its_models_and_figures() -> None:
    told = [
        price("input", "1", "2", model="a"),
        price("input", "5", "9", model="b"),
        price("input", "5", "1", model="c"),
        price("input", "7", "9", model="d"),
    ]
    found = of_messages(compose([*told, retirement(model="e")]), ["x"], DUE)
    assert found.lines == (
        "OpenAI changes the prices of 4 models: 1 cut and 3 raised. Prices per 1M tokens:",
        "– a: input $1.00 → $2.00 (+100 %)",
        "– b: input $5.00 → $9.00 (+80 %)",
        "– c: input $5.00 → $1.00 (−80 %)",
        "– d: input $7.00 → $9.00 (+29 %)",
        "OpenAI will retire e on 26 November 2026",
    )


def test_a_model_with_several_prices_is_told_with_its_figures() -> None:
    told = [price("input", "1", "2"), price("output", "3", "4"), price("cache_read", "0.1", "0.2")]
    found = text(of_messages(compose(told), ["x"], DUE))
    assert "   – Output: $3.00 → $4.00 (+33 %)" in found
    assert "per 1M tokens:" in found


def test_no_story_takes_the_room_of_the_others() -> None:
    stories = []
    for provider in ("openai", "anthropic", "google", "mistral"):
        models = [price("input", "1", f"2.{n:02}", model=f"m{n:02}", provider=provider) for n in range(60)]
        stories += compose(models)
    found = of_messages(stories, ["x"], DUE)
    assert len(found.lines) <= MAX_LINES
    assert found.omitted == 0
    assert [line.split()[0] for line in found.lines if not line.startswith("–")] == [
        "Anthropic", "Google", "Mistral", "OpenAI",
    ]  # fmt: skip
    assert sum("more changes" in line for line in found.lines) == 4


def test_a_digest_is_named_after_the_day_of_its_schedule() -> None:
    told = compose([price("input", "1", "2")])
    titles = [
        of_messages(told, ["x"], DUE, schedule=f"daily 08:00 {zone}").title
        for zone in ("Asia/Tokyo", "UTC", "America/Los_Angeles")
    ]
    days = [title.partition(":")[0] for title in titles]
    assert days == ["Digest of 13 August 2026", "Digest of 12 August 2026", "Digest of 12 August 2026"]


def test_a_digest_told_anew_keeps_its_day() -> None:
    old = of_messages(compose([retirement(model="a"), retirement(model="b")]), ["x", "y"], DUE)
    new = again(old, compose([retirement(model="b")]), ["y"])
    assert (new.title, new.lines) == (
        "Digest of 12 August 2026: 1 change at OpenAI",
        ("OpenAI will retire b on 26 November 2026",),
    )
    assert new.key != old.key
    health = event("source.broken", None, key="s", provider="", headline="a source is broken")
    bare = of_messages(compose([health]), ["z"], DUE)
    assert again(bare, compose([health]), ["z"]).title.startswith("Digest of 12 August 2026")


def lines(*messages: Message) -> tuple[str, ...]:
    return of_messages(messages, ["x"], AT).lines


def test_a_line_says_whose_word_it_is_where_it_is_not_the_providers() -> None:
    claim = compose([price("input", "1", "10", trust="catalogue")], [work()])
    (line,) = lines(*claim)
    assert line == "OpenAI raises gpt-5.6-luna input by 900 %: $1.00 → $10.00 per 1M tokens (according to a catalogue)"
    (own,) = lines(*compose([price("input", "1", "10")]))
    assert own.endswith("per 1M tokens")
    broken = compose([event("source.broken", None, trust="catalogue", headline="openai-pricing cannot be read")])
    assert lines(*broken) == ("openai-pricing cannot be read",)


def test_no_bill_is_made_of_a_claim_against_the_providers_own_price() -> None:
    known = Standing(prices=[standing("input", "1"), standing("output", "6")])
    claim = compose([price("input", "1", "10", trust="catalogue")], [work()], standing=known)
    assert of_messages(claim, ["x"], AT).effects == ()

"""What a digest makes of the messages it gathers."""

from alerts.digests import of_messages
from alerts.impact import Standing
from alerts.messages import Message, compose
from tests.alerts.examples import AT, event, price
from tests.alerts.test_impact import standing, work


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

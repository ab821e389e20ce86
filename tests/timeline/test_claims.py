"""What a headline claims of a model: a verb and the model together, and nothing by one word."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeline.claims import claims_of, reader
from timeline.mentions import mentions

CLAIMS = [
    ("OpenAI retires GPT-4o", [("gpt-4o", "retirement", None)]),
    ("OpenAI is discontinuing GPT-4o, GPT-4.1 and o4-mini next month",
     [("gpt-4o", "retirement", None), ("gpt-4.1", "retirement", None), ("o4-mini", "retirement", None)]),
    ("GPT-4o has been discontinued, users say", [("gpt-4o", "retirement", None)]),
    ("Anthropic to shut down access to Claude Opus 4.1", [("claude-opus-4-1", "retirement", None)]),
    ("Google pulls the plug on Gemini 2.5 Pro", [("gemini-2.5-pro", "retirement", None)]),
    ("Claude Opus 4.1 reaches end of life", [("claude-opus-4-1", "retirement", None)]),
    ("OpenAI slashes prices of GPT-4o by half", [("gpt-4o", "price", "cut")]),
    ("OpenAI cuts GPT-4o API prices", [("gpt-4o", "price", "cut")]),
    ("GPT-4o pricing drops", [("gpt-4o", "price", "cut")]),
    ("xAI raises the price of Grok 4", [("grok-4", "price", "rise")]),
    ("Price hike for Claude Opus 4.1", [("claude-opus-4-1", "price", "rise")]),
    ("OpenAI launches GPT-4.1", [("gpt-4.1", "availability", None)]),
    ("Claude Opus 4.1 is now generally available", [("claude-opus-4-1", "availability", None)]),
    # No verb, no model, or not together.
    ("GPT-4o", []),
    ("Why we retired from the GPT-4o beta of our own app", []),
    ("Retirement homes try GPT-4o", []),
    ("OpenAI retires its old logo", []),
    ("Price of eggs falls as GPT-4o writes recipes", []),
    ("We compared GPT-4o and Claude Opus 4.1", []),
    ("OpenAI cuts 200 jobs after GPT-4o", []),
    # Denied, asked, not sure.
    ("OpenAI will not retire GPT-4o", []),
    ("OpenAI won't retire GPT-4o", []),
    ("OpenAI hasn’t retired GPT-4o, it says", []),
    ("GPT-4o isn't deprecated", []),
    ("Is OpenAI retiring GPT-4o?", []),
    ("OpenAI may retire GPT-4o", []),
    ("OpenAI brings back GPT-4o after users protest", []),
    ("OpenAI delays plan to retire GPT-4o", []),
    # In a product: the pages of the API say nothing of that.
    ("Retiring GPT-4o, GPT-4.1 and o4-mini in ChatGPT", []),
    ("GPT-5.1 is now available in Windsurf", []),
    ("OpenAI pulls GPT-4o from its app", []),
    # Another model than the one whose name begins alike.
    ("OpenAI retires GPT-4o Ultra Thinking", []),
    ("OpenAI retires GPT-4o-2099-01-01-preview", []),
    ("Startup retires o3", []),
    ("OpenAI retires o3", [("o3", "retirement", None)]),
]  # fmt: skip


@pytest.mark.parametrize(("title", "expected"), CLAIMS)
def test_a_claim_needs_a_verb_and_a_model_that_belong_together(title: str, expected: list[tuple[str, ...]]) -> None:
    found = claims_of(title)
    assert [(claim.model_id, claim.claim, claim.direction) for claim in found] == expected
    assert all(claim.words in title for claim in found)


def test_a_summary_is_read_sentence_by_sentence_and_each_claim_is_made_once() -> None:
    found = claims_of("OpenAI retires GPT-4o", "The firm said so. It also cut prices of GPT-4.1. GPT-4o is retired.")
    assert [(claim.model_id, claim.claim) for claim in found] == [("gpt-4o", "retirement"), ("gpt-4.1", "price")]
    assert claims_of("A look back. OpenAI", "retires. GPT-4o stays") == ()


def test_names_are_found_whole_in_any_spelling_of_spaces() -> None:
    text = "gpt 4o, GPT-4o mini; Claude-Opus-4.1 (claude-opus-4-1-20250805)"
    found = [(one.model_id, text[one.start : one.end]) for one in mentions(text)]
    assert found == [
        ("gpt-4o", "gpt 4o"), ("gpt-4o-mini", "GPT-4o mini"), ("claude-opus-4-1", "Claude-Opus-4.1"),
        ("claude-opus-4-1-20250805", "claude-opus-4-1-20250805"),
    ]  # fmt: skip


def test_the_reader_is_named_by_rules_and_names() -> None:
    assert reader() == reader()
    assert reader().startswith("claims 3 names ")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text(alphabet="GPT-4o retires ⟦0⟧,.?’ and prices", max_size=400))
def test_no_text_breaks_it(text: str) -> None:
    for claim in claims_of(text, text):
        assert claim.model_id

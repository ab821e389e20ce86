"""What clouds and routers put around an id."""

import pytest

from tests.timeline.scan.models import KNOWN
from timeline.scan.spellings import LONGEST, spellings

OPUS = "anthropic.claude-3-opus-20240229-v1:0"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-1.5-pro"


@pytest.mark.parametrize(
    ("word", "provider", "id", "platform"),
    [
        ("gpt-4", "openai", "gpt-4", None),
        ("openai/gpt-4", "openai", "gpt-4", None),
        ("openrouter/openai/gpt-4:free", "openai", "gpt-4", "openrouter"),
        ("github/gpt-4", "openai", "gpt-4", "github"),
        ("azure/gpt-4@0613", "azure", "gpt-4@0613", "azure"),
        ("gpt-4@0613", "azure", "gpt-4@0613", None),
        ("ft:gpt-4:acme::8abc", "openai", "gpt-4", None),
        ("/openai/deployments/gpt-4/chat/completions", "openai", "gpt-4", None),
        ("https://acme.openai.azure.com/openai/deployments/gpt-4/chat", "openai", "gpt-4", "azure"),
        ("https://api.openai.com/v1/models/gpt-4", "openai", "gpt-4", None),
        ("anthropic/claude-3-opus-20240229", "anthropic", "claude-3-opus-20240229", None),
        ("anthropic.claude-3-opus-20240229-v1:0", "amazon", OPUS, None),
        ("us.anthropic.claude-3-opus-20240229-v1:0", "amazon", OPUS, "bedrock"),
        ("anthropic.claude-3-opus-20240229-v1:0:200k", "amazon", OPUS, "bedrock"),
        (f"bedrock/us-east-1/{OPUS}", "amazon", OPUS, "bedrock"),
        (f"bedrock/converse/{OPUS}", "amazon", OPUS, "bedrock"),
        (f"arn:aws:bedrock:eu-west-1::foundation-model/{OPUS}", "amazon", OPUS, "bedrock"),
        ("global.anthropic.claude-sonnet-4-6", "anthropic", "claude-sonnet-4-6", "bedrock"),
        ("anthropic.claude-opus-4-20250514-v1:0", "anthropic", "claude-opus-4-20250514", "bedrock"),
        ("vertex_ai/claude-3-opus", "google", "claude-3-opus", "vertex"),
        ("claude-3-opus@20240229", "anthropic", "claude-3-opus-20240229", None),
        ("publishers/google/models/gemini-1.5-pro", "google", "gemini-1.5-pro", "vertex"),
        ("locations/l/publishers/google/models/gemini-1.0-pro@001", "google", "gemini-1.0-pro-001", "vertex"),
        ("models/gemini-1.5-pro", "google", "gemini-1.5-pro", None),
        ("gemini/gemini-1.5-pro", "google", "gemini-1.5-pro", None),
        (f"{GEMINI}:generateContent", "google", "gemini-1.5-pro", None),
        ("x-ai/grok-3", "xai", "grok-3", None),
        ("claude-opus-4-0", "anthropic", "claude-opus-4-20250514", None),  # the alias of a snapshot that is told of
    ],
)  # fmt: skip
def test_a_word_stands_for_a_model(word: str, provider: str, id: str, platform: str | None) -> None:
    match = KNOWN.match(word)
    assert match is not None
    assert (match.model.provider, match.model.id, match.spelling.platform) == (provider, id, platform)


@pytest.mark.parametrize(
    "word",
    [
        "my-gpt-4-notes", "gpt-4-notes", "xgpt-4", "gpt-4.1.2", "GPT-4o", "gpt-4.", "gpt-4-", "-gpt-4", "gpt-4.json",
        "acme/gpt-4", "ghcr.io/openai/gpt-4", "acme/gpt-4:1.2", "./prompts/gpt-4", "prompts/gpt-4/system.txt",
        "models/gpt-4", "models/gpt-4/config.json", "mistral/gpt-4", "/gpt-4", "anthropic/gpt-4o",
        "https://platform.openai.com/docs/models/gpt-4", "https://example.org/gpt-4", "gpt-4>=1", "gpt-4=1",
        "anthropic.claude-9-v1:0", "ft:gpt-9:acme", "", "@", "gpt-4 turbo", "g" * (LONGEST + 1),
    ],
)  # fmt: skip
def test_other_words_stand_for_nothing(word: str) -> None:
    assert KNOWN.match(word) is None


def test_what_is_said_of_the_maker_is_not_said_of_a_cloud_that_has_dates_of_its_own() -> None:
    told = {
        word: match.is_of_maker
        for word in ("gpt-4", "azure/gpt-4", "azure/gpt-4@0613", "openrouter/openai/gpt-4", "vertex_ai/claude-3-opus")
        if (match := KNOWN.match(word))
    }
    assert told == {
        "gpt-4": False,
        "azure/gpt-4": True,
        "azure/gpt-4@0613": False,
        "openrouter/openai/gpt-4": False,
        "vertex_ai/claude-3-opus": False,
    }


@pytest.mark.parametrize(
    "word", ["a/" * 150, "openai/" * 40 + "x", "us." * 90 + "x", "a:" * 140 + "b", "a@" * 140 + "b"]
)
def test_long_words_are_read_at_once(word: str) -> None:
    assert len(list(spellings(word))) < 1000


def test_an_id_alone_is_its_makers() -> None:
    told = {
        word: (match.model.provider, match.model.status)
        for word in ("gpt-5", "azure/gpt-5", "azure/gpt-4")
        if (match := KNOWN.match(word))
    }
    assert told == {
        "gpt-5": ("openai", None),
        "azure/gpt-5": ("azure", "retired"),
        "azure/gpt-4": ("openai", "deprecated"),  # azure says nothing of it
    }

"""Names resolve exactly, or not at all."""

import re
import tomllib
from datetime import date
from importlib import resources
from itertools import chain
from pathlib import Path

import pytest

from timeline import names

CLASSES = ("frontier", "mid", "small", "code", "embedding", "rerank", "moderation", "image", "audio", "video")
REGISTRY = tomllib.loads((resources.files("timeline") / "names.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("provider", "printed", "model_id"),
    [
        ("anthropic", "Claude Sonnet 4.5", "claude-sonnet-4-5"),
        ("anthropic", "claude sonnet 4.5", "claude-sonnet-4-5"),
        ("anthropic", " Claude\u00a0Sonnet  4.5 ", "claude-sonnet-4-5"),
        ("anthropic", "`claude-3-opus-20240229`", "claude-3-opus-20240229"),
        ("anthropic", "claude-sonnet-4-5-20250929", "claude-sonnet-4-5-20250929"),
        ("openai", "GPT-4o mini", "gpt-4o-mini"),
        ("google", "Gemini 2.5 Flash-Lite", "gemini-2.5-flash-lite"),
        ("zai", "GLM-4.6", "glm-4.6"),
        ("anthropic", "Opus 4.1", "claude-opus-4-1"),
        ("amazon", "Claude 3.5 Sonnet v2", "anthropic.claude-3-5-sonnet-20241022-v2:0"),
        ("amazon", "Claude 인스턴트", "anthropic.claude-instant-v1"),
        ("azure", "gpt 4o 0806", "gpt-4o@2024-08-06"),
        ("azure", "4.1 mini", "gpt-4.1-mini"),
        ("google", "Imagen 3 빠름", "imagen-3.0-fast-generate-001"),
        ("minimax", "minimax-m2", "MiniMax-M2"),
        ("azure", "4.1 mini x", None),
        ("openai", "4.1 mini", None),
        ("anthropic", "Claude Sonnet 4.", None),
        ("anthropic", "Claude Sonnet 4.5 (beta)", None),
        ("anthropic", "Claude Sonnet", None),
        ("anthropic", "Claude 3.5 Sonnet", None),  # two models had that name
        ("openai", "gpt-4o-mini-2099-01-01", None),
        ("openai", "Claude Sonnet 4.5", None),
        ("nobody", "gpt-4o", None),
        ("anthropic", "", None),
    ],
)
def test_a_name_resolves_exactly_or_not_at_all(provider: str, printed: str, model_id: str | None) -> None:
    assert names.resolve(provider, printed) == model_id


def test_a_fixed_alias_and_its_snapshots_are_one_model() -> None:
    both = {"claude-sonnet-4-5", "claude-sonnet-4-5-20250929"}
    assert names.related("anthropic", "claude-sonnet-4-5") == both
    assert names.related("anthropic", "claude-sonnet-4-5-20250929") == both
    assert names.related("anthropic", "claude-new") == {"claude-new"}


def test_classes_and_titles() -> None:
    assert names.model_class("anthropic", "claude-haiku-4-5-20251001") == "small"
    assert names.model_class("anthropic", "claude-new") is None
    assert names.title("xai") == "xAI"
    assert names.title("nobody") == "nobody"


def test_every_provider_whose_pages_are_watched_has_a_title() -> None:
    folders = Path(__file__).resolve().parents[2].glob("crawler/sources/*/sources.toml")
    watched = {folder.parent.name.replace("_", "-") for folder in folders}
    assert {"moonshot", "xai", "zai"} <= watched
    assert watched <= {provider for provider, entry in REGISTRY.items() if entry.get("title")}


def test_a_repointing_is_found_between_two_days() -> None:
    found = names.repointed("openai", "gpt-4o", date(2024, 10, 1), date(2024, 10, 2))
    assert found is not None
    assert (found.old, found.new) == ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06")
    assert names.repointed("openai", "gpt-4o", date(2024, 10, 3), date(2025, 10, 2)) is None


@pytest.mark.parametrize("provider", [name for name, entry in REGISTRY.items() if entry.get("models")])
def test_every_id_is_one_an_api_could_take_and_every_model_has_a_class(provider: str) -> None:
    models = REGISTRY[provider]["models"]
    for model_id, entry in models.items():
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:/@-]*", model_id), model_id
        assert all(name == " ".join(name.split()) and name for name in entry.get("names", ()))
        assert names.resolve(provider, model_id) == model_id
    classes = {model_id: names.model_class(provider, model_id) for model_id in models}
    assert set(classes.values()) <= set(CLASSES), {name for name, found in classes.items() if found not in CLASSES}


def test_a_repointed_alias_and_what_it_stood_for_are_on_file() -> None:
    for provider, entry in REGISTRY.items():
        for each in entry.get("repointed", ()):
            assert {each["alias"], each["old"], each["new"]} <= set(entry["models"]), (provider, each)
            assert each["alias"] not in chain.from_iterable(names.related(provider, old) for old in [each["old"]])


@pytest.mark.parametrize(
    ("provider", "printed", "line"),
    [
        (
            "anthropic",
            "Claude Opus 4-1",
            '["Claude Opus 4.1", "Opus 4.1", "Claude Opus 4-1"], ... }  # if it is this one',
        ),
        ("openai", "gpt-9.1-mini", '"gpt-9.1-mini" = { class = "..." }'),
        ("nobody", "Acme  Large", '"<its API id>" = { names = ["Acme Large"], class = "..." }'),
    ],
)
def test_the_line_that_would_make_a_name_resolve(provider: str, printed: str, line: str) -> None:
    found = names.known_as(provider, printed)
    assert found.endswith(line)
    key = found.partition(" = ")[0]
    assert key != '"gpt-9"', "never a shorter or a longer name's id"


def test_a_new_name_changes_the_fingerprint_of_its_provider_alone() -> None:
    assert names.fingerprint("openai") != names.fingerprint("anthropic")
    assert re.fullmatch(r"[0-9a-f]{8}", names.fingerprint("nobody"))


@pytest.mark.parametrize("provider", REGISTRY)
def test_no_name_stands_for_two_models(provider: str) -> None:
    models = REGISTRY[provider].get("models", {})
    printed = [*models, *chain.from_iterable([*m.get("names", ()), *m.get("snapshots", ())] for m in models.values())]
    plain = [" ".join(name.split()).casefold() for name in printed]
    assert len(plain) == len(set(plain)), sorted({name for name in plain if plain.count(name) > 1})
    assert all(set(entry) <= {"names", "snapshots", "class"} for entry in models.values())
    assert all(set(entry) == {"alias", "old", "new", "on"} for entry in REGISTRY[provider].get("repointed", ()))

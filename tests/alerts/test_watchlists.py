"""Watchlists: what people have of their models, and which events are about those."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from alerts.routes import AlertConfig, parse_alerts
from alerts.watchlists import Watched, Watchlist, covers, of_litellm, of_scan, unknown
from configuration import load_configuration
from tests.alerts.examples import event
from timeline.strict import ConfigurationError, load

PROXY = """
model_list:
  - model_name: chat
    litellm_params: {model: azure/our-deployment, api_base: os.environ/AZURE_API_BASE}
    model_info: {base_model: azure/gpt-4o-2024-08-06}
  - model_name: writer
    litellm_params:
      model: bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0
  - model_name: router
    litellm_params: {model: openrouter/deepseek/deepseek-chat}
  - model_name: "*"
    litellm_params: {model: "openai/*"}
"""


def parse(text: str, files: Mapping[str, str]) -> AlertConfig:
    def read(name: str) -> str:
        if name not in files:
            raise FileNotFoundError(2, "No such file or directory", name)
        return files[name]

    table = load(text, "aiwire.toml")
    config = parse_alerts(table, {}, read)
    table.finish()
    return config


def watching(*names: str) -> Watchlist:
    return Watchlist(name="ours", models=tuple(Watched(name=name) for name in names))


@pytest.mark.parametrize(
    ("name", "provider", "model", "covered"),
    [
        ("openai/gpt-4o", "openai", "gpt-4o", True),
        ("gpt-4o", "openai", "gpt-4o", True),
        ("GPT-4o", "openai", "gpt-4o", True),
        ("openai/gpt-4o", "openai", "gpt-4o-mini", False),  # never by prefix
        ("openai/gpt-4o", "azure", "gpt-4o", False),
        ("azure/gpt-4o", "azure", "gpt-4o", True),
        ("azure/gpt-4o", "openai", "gpt-4o", False),
        ("bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0", "anthropic", "claude-3-5-sonnet-20241022", True),
        ("azure/gpt-4o", "azure", "gpt-4o@2024-08-06", True),  # every version of it
        ("azure/gpt-4o-2024-08-06", "azure", "gpt-4o@2024-08-06", True),
        ("azure/gpt-4o-2024-05-13", "azure", "gpt-4o@2024-08-06", False),
        ("bedrock/amazon.nova-lite-v1:0", "amazon", "amazon.nova-lite-v1:0", True),
        ("vertex_ai/claude-opus-4-5@20251101", "anthropic", "claude-opus-4-5-20251101", False),
        ("vertex_ai/gemini-2.0-flash", "google", "gemini-2.0-flash", True),
        ("gemini/gemini-2.0-flash", "google", "gemini-2.0-flash", True),
        ("openrouter/deepseek/deepseek-chat", "deepseek", "deepseek-chat", True),
        ("openrouter/openai/gpt-4o", "openrouter", "openai/gpt-4o", True),
        ("claude-opus-4-5", "anthropic", "claude-opus-4-5-20251101", True),  # a dated snapshot of the same model
        ("Claude Opus 4.5", "anthropic", "claude-opus-4-5-20251101", True),  # as the page prints it
        ("fireworks_ai/accounts/fireworks/models/llama-v3p1-8b", "fireworks", "llama-v3p1-8b", True),
        ("acme/gpt-4o", "openai", "gpt-4o", False),
    ],
)  # fmt: skip
def test_a_name_with_its_prefixes_stands_for_one_model(name: str, provider: str, model: str, covered: bool) -> None:
    told = event("model.status_changed", model, provider=provider)
    assert covers(watching(name), told) is covered


def test_a_proxy_configuration_is_read() -> None:
    found = list(of_litellm(PROXY, "litellm.yaml"))
    assert [watched.name for watched in found] == [
        "azure/gpt-4o-2024-08-06",
        "bedrock/us.anthropic.claude-3-5-sonnet-20241022-v2:0",
        "openrouter/deepseek/deepseek-chat",
    ]
    assert found[1].where == "litellm.yaml, model_list 2"


def test_a_scan_is_read() -> None:
    row = {"model_id": "gpt-4o", "provider": "openai", "file": "src/chat.py", "line": 12, "status": "active"}
    (watched,) = of_scan(json.dumps(row) + "\n\n", "scan.json")
    assert watched == Watched(name="gpt-4o", provider="openai", where="src/chat.py, line 12")
    ours = Watchlist(name="ours", models=(watched,))
    assert covers(ours, event("model.status_changed", "gpt-4o"))
    assert not covers(ours, event("model.status_changed", "gpt-4o", provider="azure"))


def test_a_route_tells_only_its_watchlist() -> None:
    config = parse(
        '[[watchlist]]\nname = "ours"\nfile = "models.txt"\nmodels = ["xai/grok-3"]\nlitellm = "proxy.yaml"\n'
        '[[route]]\nreceiver = "terminal"\nwatchlist = "ours"\n',
        {"models.txt": "# ours\nopenai/gpt-4o  # the bot\n\nanthropic/claude-opus-4-5\n", "proxy.yaml": PROXY},
    )
    (route,) = config.routes
    assert route.watchlist is config.watchlists["ours"]
    assert [watched.name for watched in config.watchlists["ours"].models][:3] == [
        "xai/grok-3",
        "openai/gpt-4o",
        "anthropic/claude-opus-4-5",
    ]
    assert config.watchlists["ours"].models[1].where == "models.txt, line 2"


def test_models_nobody_knows_are_found() -> None:
    known = [("openai", "gpt-4o"), ("anthropic", "claude-opus-4-5-20251101")]
    ours = watching("openai/gpt-4o", "claude-opus-4-5", "openai/gpt-4oo", "acme/gpt-4o")
    assert [watched.name for watched in unknown(ours, known)] == ["openai/gpt-4oo", "acme/gpt-4o"]


@pytest.mark.parametrize(
    ("field", "text", "problem"),
    [
        ("litellm", "model_list: [", "expected a file of YAML (line 1 of it is not)"),
        ("litellm", "router_settings: {}", "expected a file with a model_list"),
        ("litellm", "model_list: [{model_name: x}]", "expected a file with model_list 1: litellm_params with a model"),
        ("litellm", "!!python/object/apply:os.system ['true']", "expected a file of YAML"),
        ("litellm", "[" * 100_000, "expected a file"),
        ("scan", "{", "expected what `aiwire scan --json` prints"),
        ("scan", '{"model": "x"}', "expected a file with line 1: an object with a model_id"),
        ("file", "x\n" * 3_000_000, "expected a file of at most 4 MB"),
    ],
)
def test_a_file_that_is_something_else_says_so(field: str, text: str, problem: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse(f'[[watchlist]]\nname = "ours"\n{field} = "f"\n', {"f": text})
    assert problem in str(caught.value)
    assert str(caught.value).startswith("aiwire.toml, line 3: [[watchlist]] 1, ")


def test_files_are_looked_for_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "models.txt").write_text("openai/gpt-4o\n", encoding="utf-8")
    (tmp_path / "latin.txt").write_bytes(b"\xff\xfe")
    file = tmp_path / "aiwire.toml"
    file.write_text('[[watchlist]]\nname = "ours"\nfile = "models.txt"\n', encoding="utf-8")
    config = load_configuration({"AIWIRE_HOME": str(tmp_path)}, file=file)
    assert [watched.name for watched in config.alerts.watchlists["ours"].models] == ["openai/gpt-4o"]
    for name, problem in (("missing.txt", "No such file"), ("latin.txt", "a file of UTF-8 text"), (".", "directory")):
        file.write_text(f'[[watchlist]]\nname = "ours"\nfile = "{name}"\n', encoding="utf-8")
        with pytest.raises(ConfigurationError, match=problem):
            load_configuration({"AIWIRE_HOME": str(tmp_path)}, file=file)

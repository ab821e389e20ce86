"""What the README tells a newcomer to do works, and what it names is there."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

from alerts.notifiers import KINDS
from alerts.routes import parse_alerts
from configuration import load_configuration
from store import bundled
from store.connect import connect, connect_reader
from timeline.strict import load

CHECKOUT = Path(__file__).parent.parent
README = (CHECKOUT / "README.md").read_text()
OPERATIONS = (CHECKOUT / "docs" / "operations.md").read_text()
EXAMPLE = CHECKOUT / "aiwire.toml.example"
ENVIRON = {"SLACK_WEBHOOK_URL": "https://hooks.slack.example/services/none"}


def blocks(language: str, text: str = README) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.S)


def test_every_query_runs_for_a_reader_and_finds_something(database_url: str, reader_url: str) -> None:
    with connect(database_url, autocommit=True) as connection:
        bundled.load(connection, now=datetime(2026, 9, 1, tzinfo=UTC))
    queries = re.findall(r'aiwire sql "(.*?)"', README, re.S)
    assert len(queries) >= 3
    with connect_reader(reader_url) as connection:
        for query in queries:
            assert connection.execute(query.encode()).fetchall(), query


def test_the_example_configuration_is_a_good_one(tmp_path: Path) -> None:
    configuration = load_configuration(ENVIRON | {"AIWIRE_HOME": str(tmp_path)}, file=EXAMPLE)
    assert "finops" in configuration.alerts.receivers
    assert len(configuration.alerts.routes) == EXAMPLE.read_text(encoding="utf-8").count("\n[[route]]")
    priced = [route for route in configuration.alerts.routes if any(kind.startswith("price.") for kind in route.kinds)]
    assert {route.trust for route in priced} == {("official",)}
    assert [workload.name for workload in configuration.alerts.workloads] == ["support-bot"]
    assert any(source.id == "acme-news" for source in configuration.sources)


def test_the_first_alert_is_a_good_configuration(tmp_path: Path) -> None:
    file = tmp_path / "aiwire.toml"
    file.write_text(blocks("toml")[0])
    configuration = load_configuration(ENVIRON | {"AIWIRE_HOME": str(tmp_path)}, file=file)
    assert configuration.alerts.receivers_named == ("finops",)


def test_the_recipe_of_a_source_is_good_toml() -> None:
    assert all(tomllib.loads(block) for block in blocks("toml"))


def test_every_proof_of_the_operations_is_a_test_there_is() -> None:
    tests = "\n".join(path.read_text(encoding="utf-8") for path in sorted((CHECKOUT / "tests").rglob("test_*.py")))
    files = {path.name for path in (CHECKOUT / "tests").rglob("test_*.py")}
    named = re.findall(r"`(?:tests/)?(test_\w+(?:\.py)?)`", OPERATIONS)
    assert len(named) > 20
    for name in named:
        assert name in files if name.endswith(".py") else f"def {name}(" in tests, name


def test_every_path_named_is_there() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    code = re.findall(r"`((?:crawler|timeline|store|alerts|api|migrations|tests|docs)/[\w./*-]*)`", README)
    assert len(links) > 3
    assert len(code) > 3
    for name in {*links, *code}:
        assert list(CHECKOUT.glob(name.rstrip("/"))), f"{name} is not there"


def test_every_make_target_named_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (CHECKOUT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake ([a-z]+)\b", " ".join(blocks("sh")) + OPERATIONS)) <= targets


def test_every_receiver_of_the_example_can_be_copied() -> None:
    lines = re.findall(r"^#   ((?:slack|webhook|email) = \{.*\})$", EXAMPLE.read_text(), re.M)
    assert len(lines) == 3
    environ = {
        "SLACK_BOT_TOKEN": "xoxb-1", "ALERT_URL": "https://x.example/in", "ALERT_SECRET": f"whsec_{'c2Vj' * 8}"
    }  # fmt: skip
    for line in lines:
        config = parse_alerts(load(f'[[receiver]]\nname = "a"\n{line}', "aiwire.toml"), environ)
        assert config.receivers_named == ("a",)


def test_every_notifier_is_in_the_example() -> None:
    text = README + EXAMPLE.read_text()
    for name in KINDS:
        assert re.search(rf"\b{name} = {{", text) or name == "terminal", f"no example of {name}"

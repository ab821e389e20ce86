"""The examples of deploy/: they parse, they start commands there are, and ask for figures there are."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from api.health import Meters, _deliveries, _families
from cli import VERBS
from configuration import load_configuration
from tests.conftest import CHECKOUT
from tests.crawler.wires import NOW

DEPLOY = CHECKOUT / "deploy"
METRIC = re.compile(r"\b(?:aiwire_[a-z_]+|up)\b")


def told() -> set[str]:
    """Every name that /metrics tells, as Prometheus stores it."""
    families = [*_families([], NOW), *_deliveries([], NOW)]
    own = [family for meter in (Meters().requests, Meters().seconds) for family in meter.collect()]
    names = {family.name for family in (*families, *own)}
    names |= {f"{name}_{end}" for name in names for end in ("total", "bucket", "sum", "count")}
    return names | {"aiwire_database_up", "aiwire_change_counter", "up"}


def expressions() -> list[str]:
    rules = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))
    board = json.loads((DEPLOY / "grafana" / "aiwire.json").read_text(encoding="utf-8"))
    found = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    return found + [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def test_rules_and_dashboard_ask_for_figures_there_are() -> None:
    asked = {name for expression in expressions() for name in METRIC.findall(expression)}
    assert len(expressions()) > 12
    assert asked - told() == set()
    assert "aiwire_overdue_seconds" in asked


def commands() -> list[tuple[str, str]]:
    """Where each starts an aiwire, and with which verb."""
    units = [(path.name, path.read_text(encoding="utf-8")) for path in sorted((DEPLOY / "systemd").iterdir())]
    found = [(name, verb) for name, text in units for verb in re.findall(r"^ExecStart=\S+/aiwire (\w+)", text, re.M)]
    services: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    found += [(name, service["command"][1]) for name, service in services.items() if "command" in service]
    (verb,) = re.findall(r'CMD \["aiwire", "(\w+)"\]', (DEPLOY / "Dockerfile").read_text(encoding="utf-8"))
    return [*found, ("Dockerfile", verb)]


def test_what_is_started_is_a_command() -> None:
    assert {verb for _, verb in commands()} == {"up", "worker", "scheduler", "serve", "migrate", "prune"}
    assert {verb for _, verb in commands()} <= {*VERBS}


def test_the_configuration_of_the_containers_is_read(tmp_path: Path) -> None:
    environ = {"AIWIRE_HOME": str(tmp_path), "AIWIRE_CONFIG": str(DEPLOY / "aiwire.toml")}
    assert load_configuration(environ).host == "0.0.0.0"  # noqa: S104 -- inside a container


def test_the_api_of_the_containers_has_the_readers_password_and_no_receivers_secret() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    own = services["api"]["environment"]
    assert {*own} == {"DATABASE_URL", "AIWIRE_CONFIG"}
    assert "//aiwire_reader:${READER_PASSWORD" in own["DATABASE_URL"]
    given = services["migrate"]["environment"]
    assert given["AIWIRE_READER_PASSWORD"].startswith("${READER_PASSWORD")
    assert {name: given[name] for name in services["worker"]["environment"]} == services["worker"]["environment"]


def test_images_hold_no_environment_of_this_machine_and_no_secrets() -> None:
    left_out = (CHECKOUT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {".venv", ".git", ".aiwire", ".env", "aiwire.toml"} <= {*left_out}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
def test_systemd_understands_the_units() -> None:
    units = sorted(str(path) for path in (DEPLOY / "systemd").iterdir())
    done = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False, timeout=60
    )
    lines = [line for line in done.stderr.splitlines() if "is not executable" not in line]
    assert [line for line in lines if "aiwire" in line] == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")
@pytest.mark.parametrize("unit", sorted((DEPLOY / "systemd").glob("*.service")), ids=lambda unit: unit.name)
def test_a_unit_gives_its_program_no_more_than_it_needs(unit: Path) -> None:
    """By systemd's own measure: 10 is everything, 2.5 the least it calls well kept and we ask for."""
    judge = ["systemd-analyze", "security", "--offline=true", "--threshold=25", "--no-pager", str(unit)]
    done = subprocess.run(judge, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout[-200:] + done.stderr
    assert ("serve" in unit.name) == ("serve.environment" in unit.read_text(encoding="utf-8"))

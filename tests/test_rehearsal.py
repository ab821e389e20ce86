"""The whole system in rehearsal: real HTTP, queue, database, worker process and a Slack-shaped receiver."""

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from alerts.receiver import SlackReceiver
from crawler.replay import read_manifest
from crawler.source import bundled_sources
from rehearsal import Outcome, rehearse
from store.connect import connect
from tests import captures
from tests.conftest import Server, new_database
from tests.dumps import dump

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(600)]

TORTURE = bool(os.environ.get("AIWIRE_TORTURE"))


@dataclass(frozen=True, kw_only=True)
class Calm:
    """A rehearsal of the story in which nothing goes wrong."""

    url: str
    outcome: Outcome
    shown: list[dict[str, Any]]
    dump: str


@pytest.fixture(scope="module")
def calm(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Calm]:
    folder = captures.write(tmp_path_factory.mktemp("story"))
    with new_database(server, template=server.template) as url:
        outcome, shown, dumped = run(folder, folder / "home", url)
        yield Calm(url=url, outcome=outcome, shown=shown, dump=dumped)


def run(
    folder: Path, home: Path, url: str, *, kills: int = 0, seed: int = 0, file: Path | None = None
) -> tuple[Outcome, list[dict[str, Any]], str]:
    home.mkdir()
    shown: list[dict[str, Any]] = []
    manifest = read_manifest(folder, bundled_sources())
    outcome = asyncio.run(
        rehearse(
            manifest,
            home=home,
            database_url=url,
            say=lambda _: None,
            show=shown.append,
            file=file,
            kills=kills,
            seed=seed,
        )
    )
    with connect(url, autocommit=True) as connection:
        return outcome, shown, dump(connection)


def test_a_changed_page_becomes_a_slack_message(calm: Calm) -> None:
    titles = [str(message["text"]).splitlines()[0] for message in calm.shown]
    assert any("Sonnet 4.5" in title and "cuts" in title and "$3.00 → $2.50" in title for title in titles)
    assert any("Haiku 4.5" in title and "raises" in title for title in titles)
    assert any("claude-3-haiku-20240307" in title and "20 April 2026" in title for title in titles)
    assert not any("Opus" in title for title in titles), "nothing happened to Opus"
    assert all(times == 1 for times in calm.outcome.told.values())
    assert calm.outcome.fetches["not_modified"] > 0
    assert json.loads(json.dumps(asdict(calm.outcome)))["told"] == calm.outcome.told, "as --json prints it"


OWN = """
[server]
port = 1
token_envs = []
[[receiver]]
name = "fin ops"
slack = {{ webhook = "{webhook}", allow_hosts = ["{address}"] }}
[[receiver]]
name = "hook"
webhook = {{ url = "{webhook}", secret = "whsec_{secret}", allow_hosts = ["{address}"] }}
[[route]]
receiver = "fin ops"
kinds = ["price.changed"]
models = ["*sonnet*"]
[[route]]
receiver = "hook"
kinds = ["model.*"]
[[workload]]
name = "support-bot"
model = "anthropic/claude-sonnet-4-5"
requests_per_day = 1000
input_tokens = 1000
output_tokens = 100
[[contract]]
provider = "anthropic"
discount_pct = 50
"""


def test_the_reader_s_own_configuration_counts_and_none_of_its_receivers_gets_anything(
    tmp_path: Path, database_url: str
) -> None:
    folder, file = tmp_path / "story", tmp_path / "aiwire.toml"
    folder.mkdir()
    with SlackReceiver() as outside:
        file.write_text(OWN.format(webhook=outside.webhook, address=outside.address, secret="MDEy" * 8))
        _, shown, _ = run(captures.write(folder), tmp_path / "home", database_url, file=file)
        assert outside.posts == []
    told = [(message["to"], str(message["text"])) for message in shown]
    assert {to for to, _ in told} == {"fin ops", "hook"}
    (cut,) = [text for to, text in told if to == "fin ops"]
    assert "Sonnet 4.5" in cut
    assert "support-bot" in cut
    assert "support-bot pays $11.25 less a month: $67.50 → $56.25" in cut, "half of what the list says"


def test_events_name_both_captures_and_every_view_tells_the_same(calm: Calm) -> None:
    with connect(calm.url, autocommit=True) as connection:
        changes = connection.execute(
            "SELECT id, before, after FROM event WHERE kind = 'price.changed' ORDER BY id"
        ).fetchall()
        assert len(changes) == 4
        for _, before, after in changes:
            assert before["sha256"] != after["sha256"]
            known = connection.execute(
                "SELECT count(*) FROM snapshot WHERE sha256 IN (%s, %s)", [before["sha256"], after["sha256"]]
            )
            assert known.fetchone() == (2,)
        told = connection.execute("SELECT id FROM timeline.price_changes ORDER BY 1").fetchall()
        assert [row[0] for row in told] == [row[0] for row in changes]


def test_a_killed_worker_loses_nothing_and_tells_at_most_one_thing_twice_per_kill(
    tmp_path: Path, database_url: str, calm: Calm
) -> None:
    kills = 50 if TORTURE else 5
    folder = tmp_path / "story"
    folder.mkdir()
    wild, shown, dumped = run(captures.write(folder), tmp_path / "wild", database_url, kills=kills, seed=7)
    assert wild.kills == kills
    assert dumped == calm.dump
    told = calm.outcome.told
    assert set(wild.told) == set(told), "the same messages, by their ids"
    assert sum(wild.told.values()) <= sum(told.values()) + kills
    assert {_said(message) for message in shown} == {_said(message) for message in calm.shown}


def _said(message: dict[str, Any]) -> str:
    """A message without its links, which name the port of that rehearsal's pages."""
    return str(message["text"]).split("Evidence", 1)[0]

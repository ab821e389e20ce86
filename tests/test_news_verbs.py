"""`aiwire news` and `aiwire incidents` as people type them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import sources
from store.connect import connect
from store.news_claims import put
from tests.test_cli import aiwire
from timeline.claims import claims_of

pytestmark = pytest.mark.postgres
T0 = datetime(2026, 8, 1, tzinfo=UTC)


@pytest.fixture
def told(database_url: str) -> str:
    row = sources.SourceRow(
        id="acme-news", provider="acme", kind="feed", url="https://acme.example/feed", trust="press",
        every=timedelta(minutes=15), verified=True,
    )  # fmt: skip
    with connect(database_url, autocommit=True) as connection:
        sources.register(connection, [row], T0)
        connection.execute(
            "INSERT INTO news (source, key, provider, guid, url, title, published_at, topics, effective, known, "
            "origin, trust) VALUES ('acme-news', 'k', 'acme', 'k', 'https://acme.example/1', %(title)s, %(at)s, "
            "'{funding}', tstzrange(%(at)s, NULL), tstzrange(%(at)s, NULL), 'live', 'press')",
            {"at": T0, "title": "A \x1b[31mround"},
        )
        put(connection, "acme-news", {1: claims_of("GPT-4o is deprecated, OpenAI says")}, reader="r", at=T0)
        connection.execute(
            "INSERT INTO incident (source, key, provider, guid, title, impact, started_at, resolved_at, effective, "
            "known, origin, trust) VALUES ('acme-news', 'i', 'acme', 'i', 'Down', 'major', %(at)s, %(end)s, "
            "tstzrange(%(at)s, NULL), tstzrange(%(at)s, NULL), 'live', 'official')",
            {"at": T0, "end": T0 + timedelta(minutes=90)},
        )
    return database_url


def test_news_by_topic(tmp_path: Path, told: str) -> None:
    done = aiwire("news", "--topic", "funding", "--json", home=tmp_path, url=told)
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (row["topics"], row["url"]) == (["funding"], "https://acme.example/1")
    assert (row["deal"], [claim["verdict"] for claim in row["claims"]]) == (None, ["not_on_page"])
    assert aiwire("news", "--topic", "chips", "--json", home=tmp_path, url=told).stdout == ""
    shown = aiwire("news", home=tmp_path, url=told)
    assert shown.returncode == 0, shown.stderr
    assert "2026-08-01" in shown.stdout
    assert "retirement not on the maker's page" in " ".join(shown.stdout.split())
    assert "\x1b" not in shown.stdout


def test_incidents_and_downtime(tmp_path: Path, told: str) -> None:
    done = aiwire("incidents", "--json", home=tmp_path, url=told)
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (row["title"], row["minutes"], row["is_open"]) == ("Down", 90, False)
    assert aiwire("incidents", "--open", "--json", home=tmp_path, url=told).stdout == ""
    done = aiwire("incidents", "--downtime", "--json", home=tmp_path, url=told)
    (row,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (row["month"], row["minutes"], row["serious"]) == ("2026-08-01", 90, 1)

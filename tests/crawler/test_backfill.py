"""Backfill: dated copies and a checkout's history into the timeline, at their own times, once, and telling nobody."""

import gzip
import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crawler.backfill.catalogues import CATALOGUES
from crawler.backfill.exports import BackfillError, checkout_states, dated_files, unpacked
from crawler.backfill.importing import Backfilled, backfill
from crawler.source import Source, bundled_sources
from store.connect import Connection

LITELLM = next(source for source in bundled_sources() if source.id == "litellm-prices")


def price_map(amount: float, **more: Any) -> bytes:
    entry = {
        "litellm_provider": "openai",
        "mode": "chat",
        "input_cost_per_token": amount,
        "output_cost_per_token": 1e-5,
    }
    return json.dumps({"gpt-test": entry, "gpt-other": entry, **more}).encode()


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    folder = tmp_path / "copies"
    folder.mkdir()
    (folder / "2025-01-10.json").write_bytes(price_map(5e-6))
    (folder / "prices-2025-02-10.json.gz").write_bytes(gzip.compress(price_map(2.5e-6)))
    (folder / "2025-03-10T12-30-00Z.json").write_bytes(price_map(2e-6))
    return folder


def asof(connection: Connection, at: str) -> Decimal | None:
    query = (
        "SELECT per_million FROM timeline.price_asof(%s::timestamptz) WHERE model_id = 'gpt-test' AND meter = 'input'"
    )
    row = connection.execute(query, [at]).fetchone()
    return row[0] if row else None


def run(connection: Connection, folder: Path, source: Source = LITELLM) -> Backfilled:
    return backfill(connection, source, dated_files([folder]))


def test_each_copy_counts_from_its_own_time(connection: Connection, copies: Path) -> None:
    done = run(connection, copies)
    assert (done.imported, done.known, done.bad) == (3, 0, 0)
    days = ("2025-01-09", "2025-01-10", "2025-02-09", "2025-02-10", "2025-03-10", "2025-03-10T12:30Z")
    assert [asof(connection, day) for day in days] == [None, *map(Decimal, ("5", "5", "2.5", "2.5", "2"))]
    told = connection.execute(
        "SELECT observed_at, change_pct, origin FROM event WHERE kind = 'price.changed' AND model = 'gpt-test' "
        "ORDER BY observed_at"
    ).fetchall()
    assert told == [
        (datetime(2025, 2, 10, tzinfo=UTC), Decimal(-50), "import"),
        (datetime(2025, 3, 10, 12, 30, tzinfo=UTC), Decimal(-20), "import"),
    ]


def test_a_second_time_changes_nothing_and_an_older_copy_finds_its_place(connection: Connection, copies: Path) -> None:
    run(connection, copies)
    before = connection.execute("SELECT count(*), max(recorded_at) FROM price").fetchone()
    assert run(connection, copies).known == 3
    assert connection.execute("SELECT count(*), max(recorded_at) FROM price").fetchone() == before
    (copies / "2024-12-01.json").write_bytes(price_map(1e-5))
    assert run(connection, copies) == Backfilled(source="litellm-prices", imported=1, known=3, events=4)
    assert asof(connection, "2024-12-15") == 10
    assert asof(connection, "2025-01-10") == 5


def test_a_cut_copy_holds_the_timeline_and_the_next_one_goes_on(connection: Connection, copies: Path) -> None:
    (copies / "2025-02-20.json").write_bytes(price_map(9e-6)[:-20])
    done = run(connection, copies)
    assert (done.imported, done.bad) == (4, 1)
    assert asof(connection, "2025-02-20") == Decimal("2.5")


def test_an_alias_that_was_repointed_keeps_its_history_and_has_no_cut(connection: Connection, tmp_path: Path) -> None:
    """gpt-4o stood for another snapshot from 2024-10-02 on: before that day it cost what it cost."""
    old, new = {"gpt-4o-2024-05-13": 5e-6, "gpt-4o": 5e-6}, {"gpt-4o-2024-05-13": 5e-6, "gpt-4o": 2.5e-6}
    for day, prices in (("2024-09-20", old), ("2024-10-10", new)):
        entries = {
            name: {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": amount}
            for name, amount in prices.items()
        }
        (tmp_path / f"{day}.json").write_text(json.dumps(entries), encoding="utf-8")
    run(connection, tmp_path)
    query = "SELECT model_id, per_million FROM timeline.price_asof(%s::timestamptz) WHERE meter = 'input' ORDER BY 1"
    before, after = (connection.execute(query, [day]).fetchall() for day in ("2024-09-30", "2024-10-12"))
    assert before == [("gpt-4o", 5), ("gpt-4o-2024-05-13", 5)]
    assert after == [("gpt-4o", Decimal("2.5")), ("gpt-4o-2024-05-13", 5)]
    history = "SELECT count(*), count(DISTINCT key) FROM timeline.price_history WHERE model_id = 'gpt-4o'"
    assert connection.execute(history).fetchone() == (2, 1)
    told = connection.execute("SELECT kind, old, new FROM timeline.events WHERE NOT baseline").fetchall()
    assert told == [("model.alias_repointed", {"model_id": "gpt-4o-2024-05-13"}, {"model_id": "gpt-4o-2024-08-06"})]


def test_the_history_of_a_checkout(tmp_path: Path, connection: Connection) -> None:
    checkout, file = tmp_path / "litellm", CATALOGUES["litellm"].checkout or ""
    states = [("2025-01-01T08:00:00Z", 5e-6), ("2025-01-01T18:00:00Z", 4e-6), ("2025-01-05T08:00:00Z", 3e-6)]
    git(tmp_path, "init", "-q", "-b", "main", str(checkout))
    for at, amount in states:
        (checkout / file).write_bytes(price_map(amount))
        git(checkout, "add", ".")
        git(checkout, "commit", "-q", "-m", "prices", at=at)
    all_of_it = checkout_states(checkout, file, apart=timedelta(0))
    assert [export.at for export in all_of_it] == [datetime.fromisoformat(at) for at, _ in states]
    daily = checkout_states(checkout, file, apart=timedelta(days=1))
    assert [export.at for export in daily] == [datetime.fromisoformat(at) for at, _ in states[1:]]
    assert backfill(connection, LITELLM, daily).imported == 2
    assert asof(connection, "2025-01-02") == 4
    with pytest.raises(BackfillError, match="git knows no other"):
        checkout_states(checkout, "other.json", apart=timedelta(0))


def git(folder: Path, *words: str, at: str = "") -> None:
    who = {f"GIT_{role}_{what}": "x@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    when = {"GIT_AUTHOR_DATE": at, "GIT_COMMITTER_DATE": at} if at else {}
    subprocess.run(["git", "-C", str(folder), *words], check=True, env={**os.environ, **who, **when})


@pytest.mark.parametrize("name", ["prices.json", "2025-13-01.json", "12025-01-01.json"])
def test_a_copy_without_a_date_is_refused_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(BackfillError, match="no date in the name"):
        dated_files([tmp_path])


def test_a_broken_archive_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "2025-01-01.json.gz").write_bytes(gzip.compress(b"{}" * 1000)[:-10])
    with pytest.raises(BackfillError, match=r"2025-01-01\.json\.gz cannot be read"):
        unpacked(tmp_path / "2025-01-01.json.gz")


def test_every_catalogue_belongs_to_a_source_there_is() -> None:
    ids = {source.id for source in bundled_sources()}
    assert {catalogue.source for catalogue in CATALOGUES.values()} <= ids

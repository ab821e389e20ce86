"""A checkout of models.dev becomes price states: every way in which a file says, takes, keeps or loses a price."""

import json
import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from crawler.backfill.exports import BackfillError
from crawler.backfill.folding import fold_states
from crawler.backfill.importing import backfill_checkout
from crawler.backfill.states import parse
from crawler.backfill.trees import Walked, price_states
from store.connect import Connection
from tests.test_cli import aiwire

NOW = datetime(2026, 9, 1, tzinfo=UTC)
CHAT = "providers/acme/models/chat.toml"


@dataclass(frozen=True)
class Checkout:
    """A repository of our own with the layout of models.dev."""

    path: Path

    def git(self, *words: str, at: str = "2025-07-01T12:00:00Z") -> str:
        names = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.example", "GIT_AUTHOR_DATE": at}
        names |= {name.replace("AUTHOR", "COMMITTER"): value for name, value in names.items()}
        command = ["git", "-C", str(self.path), "-c", "core.quotePath=true", *words]
        done = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **names})
        return done.stdout.strip()

    def commit(self, at: str, **ignored: Any) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "x", at=at)
        return self.git("rev-parse", "HEAD")

    def write(self, path: str, text: str) -> None:
        (self.path / path).parent.mkdir(parents=True, exist_ok=True)
        (self.path / path).write_text(text, encoding="utf-8")

    def model(self, name: str, *costs: str, provider: str = "acme", head: str = "") -> str:
        path = f"providers/{provider}/models/{name}.toml"
        self.write(path, "\n".join([head, "[cost]", *costs]))
        return path


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(tmp_path / "models.dev")
    made.path.mkdir()
    made.git("init", "-q", "-b", "dev")
    made.write("providers/acme/provider.toml", 'name = "Acme"\n')
    made.model("other", "input = 1")
    made.commit("2025-06-30T12:00:00Z")
    return made


def walked(checkout: Checkout, *, hours: int = 0, **more: Any) -> Walked:
    return price_states(checkout.path, apart=timedelta(hours=hours), **more)


def spans(found: Walked, model: str = "chat", provider: str = "acme") -> list[tuple[Any, ...]]:
    """(meter, above, mode, amount, from, to) of each state of a model, as dates."""
    return [
        (
            state.meter, state.context_over, state.mode, state.amount, state.starts.date().isoformat(),
            state.ends.date().isoformat() if state.ends else None,
        )
        for state in parse(found.body)
        if (state.provider, state.model) == (provider, model)
    ]  # fmt: skip


def test_a_price_is_set_changed_joined_by_others_and_taken_away(checkout: Checkout) -> None:
    checkout.model("chat", "input = 3.00", "output = 15")
    first = checkout.commit("2025-07-01T12:00:00Z")
    checkout.model("chat", "input = 2.50", "output = 15", "cache_read = 0.30")
    second = checkout.commit("2025-07-05T12:00:00+02:00")
    (checkout.path / CHAT).unlink()
    third = checkout.commit("2025-08-01T12:00:00Z")
    found = walked(checkout)
    assert spans(found) == [
        ("input", None, None, Decimal("3.00"), "2025-07-01", "2025-07-05"),
        ("output", None, None, Decimal(15), "2025-07-01", "2025-08-01"),
        ("input", None, None, Decimal("2.50"), "2025-07-05", "2025-08-01"),
        ("cache_read", None, None, Decimal("0.30"), "2025-07-05", "2025-08-01"),
    ]
    lines = [json.loads(line) for line in found.body.splitlines()]
    told = [(one["commit"], one["start_reason"], one.get("end_commit"), one.get("end_reason")) for one in lines[1:]]
    assert told == [
        (first, "model_added", second, "price_changed"),
        (first, "model_added", third, "model_removed"),
        (second, "price_changed", third, "model_removed"),
        (second, "meter_added", third, "model_removed"),
    ]
    assert lines[1]["valid_to"] == "2025-07-05T10:00:00+00:00"
    assert found.left_out == ()


def test_bands_of_prompt_length_and_ways_of_serving_are_prices_of_their_own(checkout: Checkout) -> None:
    checkout.model("old", "input = 1", "[cost.context_over_200k]", "input = 2")
    checkout.model("new", "input = 1", "[[cost.tiers]]", 'tier = { type = "context", size = 272_000 }', "input = 2")
    checkout.model("fast", "input = 1", "[experimental.modes.fast.cost]", "input = 6")
    checkout.commit("2025-07-01T12:00:00Z")
    found = walked(checkout)
    when = ("2025-07-01", None)
    assert spans(found, "old") == [("input", None, None, 1, *when), ("input", 200_000, None, 2, *when)]
    assert spans(found, "new") == [("input", None, None, 1, *when), ("input", 272_000, None, 2, *when)]
    assert spans(found, "fast") == [("input", None, None, 1, *when), ("input", None, "fast", 6, *when)]


def test_what_a_file_takes_from_another_changes_with_it(checkout: Checkout) -> None:
    checkout.model("base", "input = 3", "output = 4", provider="lab")
    checkout.write("providers/acme/models/taker.toml", '[extends]\nfrom = "lab/base"\nomit = ["cost.output"]\n')
    checkout.write("providers/acme/models/own.toml", '[extends]\nfrom = "lab/base"\n[cost]\noutput = 9\n')
    checkout.write("providers/acme/models/deep/er.toml", '[extends]\nfrom = "acme/taker"\n')
    checkout.write("models/lab/thing.toml", "[cost]\ninput = 5\n")
    checkout.write("providers/acme/models/based.toml", 'base_model = "lab/thing"\n[cost]\noutput = 6\n')
    (checkout.path / "providers/acme/models/linked.toml").symlink_to("../../lab/models/base.toml")
    checkout.commit("2025-07-01T12:00:00Z")
    checkout.model("base", "input = 2", "output = 4", provider="lab")
    checkout.write("models/lab/thing.toml", "[cost]\ninput = 4\n")
    checkout.commit("2025-07-09T12:00:00Z")
    found = walked(checkout)
    before, after = ("2025-07-01", "2025-07-09"), ("2025-07-09", None)
    moved = [("input", None, None, 3, *before), ("input", None, None, 2, *after)]
    assert spans(found, "taker") == spans(found, "deep/er") == moved
    stays = ("output", None, None, Decimal(4), "2025-07-01", None)
    assert spans(found, "linked") == [moved[0], stays, moved[1]]
    assert spans(found, "own") == [moved[0], ("output", None, None, 9, "2025-07-01", None), moved[1]]
    assert spans(found, "based") == [
        ("input", None, None, 5, *before), ("output", None, None, 6, "2025-07-01", None),
        ("input", None, None, 4, *after),
    ]  # fmt: skip


def test_a_renamed_model_keeps_its_past_also_under_odd_names(checkout: Checkout) -> None:
    path = checkout.model('Ch at é "4p5', "input = 3", head='name = "Chat 4.5 of Acme"')
    checkout.commit("2025-07-01T12:00:00Z")
    (checkout.path / path).rename(checkout.path / "providers/acme/models/ch-at-é-4.5.toml")
    checkout.commit("2025-07-09T12:00:00Z")
    found = walked(checkout)
    (renamed,) = [state for state in parse(found.body) if state.model == "ch-at-é-4.5"]
    assert (renamed.renamed_from, renamed.start_reason) == ('acme/Ch at é "4p5', "renamed_from")
    folded = fold_states(parse(found.body), "0" * 64)
    starts = {(row.row.fact.model_id, row.row.starts.date().isoformat()) for row in folded.rows}  # type: ignore[union-attr]
    assert ("ch-at-é-4.5", "2025-07-01") in starts
    assert [event.kind for event in folded.events if not event.baseline] == ["price.listed"]


def test_only_the_last_commit_of_a_day_counts_where_a_day_is_asked_for(checkout: Checkout) -> None:
    for hour, amount in ((8, 3), (12, 300), (20, 2)):
        checkout.model("chat", f"input = {amount}")
        checkout.commit(f"2025-07-01T{hour:02}:00:00Z")
    assert [span[3] for span in spans(walked(checkout))] == [3, 300, 2]
    assert [span[3] for span in spans(walked(checkout, hours=24))] == [2]
    assert spans(walked(checkout, until=datetime(2025, 7, 1, 13, tzinfo=UTC), hours=24))[0][3] == 300


def test_a_merge_is_what_it_brought_and_clocks_never_run_backwards(checkout: Checkout) -> None:
    checkout.git("checkout", "-q", "-b", "side")
    checkout.model("chat", "input = 3")
    checkout.commit("2025-07-20T12:00:00Z")
    checkout.git("checkout", "-q", "dev")
    checkout.model("other", "input = 2")
    checkout.commit("2025-07-10T12:00:00Z")
    checkout.git("merge", "-q", "--no-ff", "-m", "merged", "side", at="2025-07-05T12:00:00Z")
    (state,) = [one for one in parse(walked(checkout).body) if one.model == "chat"]
    assert state.starts == datetime(2025, 7, 10, 12, 0, 0, 1, tzinfo=UTC)
    assert state.commit == checkout.git("rev-parse", "HEAD")


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("[cost]\ninput = 3\ninput = ", "is no TOML"),
        ('[cost]\ninput = "cheap"', "input is 'cheap', expected USD per million tokens"),
        ("[cost]\ninput = -1", "input is '-1'"),
        ("[cost]\ninput = nan", "input is 'NaN'"),
        ("[cost]\ninput = true", "input is 'True'"),
        ('base_model = "lab/lost"\n[cost]\ninput = 1', "it takes from models/lab/lost.toml, which is not there"),
        ('[extends]\nfrom = "acme/chat"', "take from each other in a ring"),
        ("[[cost.tiers]]\ninput = 2", "a tier of None tokens"),
        ("\udcff[cost]", "is no TOML"),
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing_until_it_is_mended(
    checkout: Checkout, broken: str, says: str
) -> None:
    checkout.model("chat", "input = 3")
    checkout.commit("2025-07-01T12:00:00Z")
    (checkout.path / CHAT).write_bytes(broken.encode("utf-8", "surrogateescape"))
    bad = checkout.commit("2025-07-05T12:00:00Z")
    checkout.model("chat", "input = 2")
    checkout.commit("2025-07-09T12:00:00Z")
    found = walked(checkout)
    assert [span[3:] for span in spans(found)] == [(3, "2025-07-01", "2025-07-09"), (2, "2025-07-09", None)]
    (left_out,) = found.left_out
    assert left_out.startswith(f"{bad[:12]} {CHAT}: ")
    assert says in left_out


def test_what_is_no_checkout_of_models_dev_is_refused(tmp_path: Path, checkout: Checkout) -> None:
    with pytest.raises(BackfillError, match="not a git repository"):
        price_states(tmp_path, apart=timedelta(0))
    (tmp_path / "empty").mkdir()
    other = Checkout(tmp_path / "empty")
    other.git("init", "-q")
    other.write("providers/README.md", "x")
    other.commit("2025-07-01T12:00:00Z")
    with pytest.raises(BackfillError, match=r"expected a checkout of models\.dev"):
        walked(other)


@pytest.mark.postgres
def test_a_shallow_clone_is_refused_and_takes_no_past_away(
    connection: Connection, checkout: Checkout, tmp_path: Path
) -> None:
    for day, amount in enumerate(("3", "2"), 1):
        checkout.model("chat", f"input = {amount}")
        checkout.commit(f"2025-07-0{day}T12:00:00Z")
    backfill_checkout(connection, checkout.path, apart=timedelta(0), now=NOW)
    checkout.git("clone", "-q", "--depth", "1", checkout.path.as_uri(), str(tmp_path / "shallow"))
    with pytest.raises(BackfillError, match="fetch --unshallow"):
        backfill_checkout(connection, tmp_path / "shallow", apart=timedelta(0), now=NOW)
    told = "SELECT per_million FROM timeline.price_history WHERE model_id = 'chat' ORDER BY effective_from"
    assert [row[0] for row in connection.execute(told)] == [3, 2]


@pytest.mark.postgres
def test_a_checkout_is_brought_in_goes_on_and_a_second_time_changes_nothing(
    checkout: Checkout, connection: Connection
) -> None:
    checkout.model("chat", "input = 3")
    checkout.commit("2025-07-01T12:00:00Z")
    seen: list[tuple[int, str]] = []
    done = backfill_checkout(
        connection, checkout.path, apart=timedelta(0), now=NOW, progress=lambda total, name: seen.append((total, name))
    )
    assert (done.source, done.imported, done.bad, len(seen)) == ("models-dev-states", 2, 0, 2)
    again = backfill_checkout(connection, checkout.path, apart=timedelta(0), now=NOW)
    assert (again.imported, again.known, again.events) == (0, 2, 0)
    checkout.model("chat", "input = 2", "mystery = 7")
    checkout.commit("2025-08-01T12:00:00Z")
    later = backfill_checkout(connection, checkout.path, apart=timedelta(0), now=NOW)
    assert later.events == 1
    assert later.left_out == ("1 states of mystery: nobody knows what that prices",)
    asked = "SELECT per_million FROM timeline.price_asof(%s) WHERE model_id = 'chat' AND source = 'models-dev-states'"
    assert connection.execute(asked, ["2025-07-15"]).fetchall() == [(3,)]
    assert connection.execute(asked, ["2025-08-15"]).fetchall() == [(2,)]
    assert connection.execute("SELECT count(*) FROM event WHERE routed_at IS NULL").fetchone() == (0,)


@pytest.mark.postgres
def test_the_command_says_what_it_did_what_it_left_out_and_what_cannot_be_asked(
    checkout: Checkout, database_url: str, tmp_path: Path
) -> None:
    checkout.model("chat", "input = 3", "mystery = 7")
    checkout.commit("2025-07-01T12:00:00Z")
    checkout.write(CHAT, "[cost")
    checkout.commit("2025-07-02T12:00:00Z")
    command = ("backfill", "models-dev", str(checkout.path), "--into", database_url, "--json")
    done = aiwire(*command, home=tmp_path)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["source"], told["imported"], told["bad"]) == ("models-dev-states", 2, 2)
    assert "is no TOML" in told["left_out"][0]
    assert "1 states of mystery" in done.stderr
    refused = aiwire(*command, "--since", "2025-07-02", home=tmp_path)
    assert (refused.returncode, "leave out --since" in refused.stderr) == (2, True)

"""The command as people type it: a process of its own, a real database, what it prints and how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer

import console
import supervisor
from cli import looking, running
from store.connect import connect
from tests import captures, warcs
from tests.conftest import CHECKOUT

pytestmark = pytest.mark.postgres


def aiwire(*words: str, home: Path, url: str | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AIWIRE_", "DATABASE_"))}
    environment |= {"AIWIRE_HOME": str(home), "PYTHONPATH": str(CHECKOUT), **({"DATABASE_URL": url} if url else {})}
    return subprocess.run(
        [sys.executable, "-m", "cli", *words],
        env=environment | more, cwd=home, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("extract", "page.md", "--kind", "nonsense"), "no reader reads kind"),
        (("extract", "page.md", "--kind", "pricing", "--source", "nobody"), "no source is called"),
        (("extract", "page.md", "--kind", "pricing", "--at", "yesterday"), "neither a date"),
        (("sources", "accept", "anthropic-pricing", ""), "not the hash"),
        (("events", "withdraw", "abc", "--because", " "), "needs a reason"),
        (("funding", "join", "a", "b", "--because", " "), "needs a reason"),
        (("alerts", "silence", "--until", "3d", "--because", "x"), "say what"),
        (("alerts", "silence", "--until", "2020-01-01", "--because", "x", "--kinds", "*"), "has passed"),
        (("alerts", "silence", "--until", "soon", "--because", "x", "--kinds", "*"), "neither a date"),
        (("alerts", "silence", "--until", "3d", "--because", " ", "--kinds", "*"), "needs a reason"),
        (("alerts", "silence", "--until", "3d", "--because", "x", "--kinds", "price.change"), "no kind of event"),
        (("alerts", "silence", "--until", "3d", "--because", "x", "--receiver", "x"), "no receiver"),
        (("alerts", "silence", "--until", "3d", "--because", "x", "--providers", "opnai"), 'did you mean "openai"'),
        (("prune", "--older-than", "2d"), "at least 7d"),
        (("nonsense",), "No such command"),
    ],
)
def test_a_mistake_in_what_was_asked_ends_with_2_and_no_traceback(
    tmp_path: Path, words: tuple[str, ...], says: str
) -> None:
    (tmp_path / "page.md").write_text(captures.pricing(captures.START), encoding="utf-8")
    done = aiwire(*words, home=tmp_path)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("text", "port", "says"),
    [
        (b"typo = 1", "8321", "line 1: typo"),
        (b'[server]\nbase_url = "localhost:8321"', "8321", "line 2: server.base_url: found 'localhost:8321'; expected"),
        (b'a = 1\nb = "\xff"', "8321", "line 2: found the byte 0xff"),
        (b"[server", "8321", "not valid TOML"),
        (b"", "harbour", "AIWIRE_PORT: found 'harbour'"),
        (b"", "99999", "AIWIRE_PORT: found '99999'"),
        (b'[[source]]\nid = "mine"\nprovider = "me"\nkind = "pages"\nurl = "https://example.org/"', "8321", "line 4"),
    ],
)
def test_a_broken_configuration_is_one_line_that_says_where(tmp_path: Path, text: bytes, port: str, says: str) -> None:
    (tmp_path / "aiwire.toml").write_bytes(text)
    done = aiwire("status", home=tmp_path, url="postgresql://u:hidden@127.0.0.1:1/x", AIWIRE_PORT=port)
    assert done.returncode == 2
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_without_a_database_that_is_said_and_no_password(tmp_path: Path) -> None:
    done = aiwire("events", "--json", home=tmp_path, url="postgresql://u:hidden@127.0.0.1:1/x")
    assert done.returncode == 1
    assert "no database answers: x at 127.0.0.1:1" in done.stderr
    assert "hidden" not in done.stderr + done.stdout


def test_sql_answers_what_python_and_json_have_no_word_for(tmp_path: Path, database_url: str) -> None:
    query = "SELECT 'infinity'::timestamptz AS t, '0044-01-01 BC'::date AS d, 'NaN'::float8 AS a, 2 AS a, 1.50 AS n"
    done = aiwire("sql", query, "--json", home=tmp_path, url=database_url)
    assert json.loads(done.stdout, parse_constant=pytest.fail) == {
        "t": "infinity",
        "d": "0044-01-01 BC",
        "a": "nan",
        "a_2": 2,
        "n": "1.50",
    }


def test_control_characters_do_not_reach_a_terminal(tmp_path: Path, database_url: str) -> None:
    done = aiwire("sql", "SELECT E'\\x1b]0;title\\x07 \\u202egnp' AS text", home=tmp_path, url=database_url)
    assert done.returncode == 0
    assert not {"\x1b", "\x07", "\u202e"} & set(done.stdout)
    assert "gnp" in done.stdout


def test_a_copy_is_written_to_stdout(tmp_path: Path, database_url: str) -> None:
    query = "COPY (SELECT 1 AS one, 'ü' AS text) TO STDOUT (FORMAT csv, HEADER)"
    assert aiwire("sql", query, home=tmp_path, url=database_url).stdout == "one,text\n1,ü\n"
    with pytest.raises(typer.BadParameter, match="leave out --json"):
        looking.sql(query, json_=True)


def test_commands_of_psql_are_for_psql() -> None:
    with pytest.raises(typer.BadParameter, match="is a command of psql: open `aiwire sql`"):
        looking.sql("\\d+ timeline.funding")


def test_a_long_table_is_cut_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"n": number} for number in range(console.LONGEST_TABLE + 5)]
    console.print_rows(rows, as_json=False, columns=("n",), empty="")
    assert "and 5 more rows" in capsys.readouterr().err
    console.print_rows(rows, as_json=True, columns=("n",), empty="")
    assert len(capsys.readouterr().out.splitlines()) == len(rows)


def test_a_source_is_captured_by_hand_in_a_database_that_never_saw_it(tmp_path: Path, database_url: str) -> None:
    """Nothing answers here: that is an outcome, in a line and in the fetches, and no password or variable is shown."""
    (tmp_path / "aiwire.toml").write_text(
        '[crawler]\nallow_hosts = ["127.0.0.1:1"]\n[[source]]\nid = "mine"\nprovider = "me"\nkind = "pricing"\n'
        'url = "http://127.0.0.1:1/prices"\n',
        encoding="utf-8",
    )
    done = aiwire("capture", "mine", "--json", home=tmp_path, url=database_url)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["outcome"] == "connection_failed"
    assert "locals" not in done.stderr
    with connect(database_url) as connection:
        assert connection.execute('SELECT source, outcome FROM "fetch"').fetchall() == [("mine", "connection_failed")]


def test_replay_into_a_database_then_rebuild_and_withdraw(tmp_path: Path, database_url: str) -> None:
    folder = tmp_path / "story"
    folder.mkdir()
    captures.write(folder)
    told = aiwire("replay", str(folder), "--into", database_url, "--json", home=tmp_path)
    events = [json.loads(line) for line in told.stdout.splitlines()]
    assert {"price.changed", "model.status_changed"} <= {event["kind"] for event in events}
    answers = [warcs.record(warcs.http(b"", "404 Not Found")), warcs.record(b"", url="file:///etc/passwd")]
    warcs.write(folder / "more.warc.gz", answers)
    again = aiwire("replay", str(folder), "--into", database_url, home=tmp_path)
    assert again.returncode == 1, "a record was refused"
    assert f"record 1 (at byte 0): {captures.PRICING} was no page (not_found: HTTP 404)" in again.stderr
    assert "record 2 (at byte " in again.stderr
    assert "'file:///etc/passwd', expected an address of http or https" in again.stderr
    head, *rows = again.stdout.splitlines()
    assert head.split() == ["source", "captures", "events", "issues"]
    assert {row.split()[0] for row in rows} == {"anthropic-pricing", "anthropic-lifecycle", "all"}
    assert rows[-1].split()[2] == "0", "what was imported is known"
    for _ in range(2):
        again = aiwire("rebuild", home=tmp_path, url=database_url)
        assert again.returncode == 0, again.stderr
        assert [line.partition(":")[0] for line in again.stdout.splitlines()] == [
            "anthropic-pricing",
            "anthropic-lifecycle",
        ]
        assert all("nothing changed" in line for line in again.stdout.splitlines())
    changed = next(event["event"] for event in events if event["kind"] == "price.changed")
    withdraw = ("events", "withdraw", changed, "--because", "misread")
    assert aiwire(*withdraw, home=tmp_path, url=database_url).returncode == 0
    assert aiwire(*withdraw, home=tmp_path, url=database_url).returncode == 1
    aiwire("rebuild", home=tmp_path, url=database_url)
    shown = aiwire("events", "--kind", "price.changed", "--json", home=tmp_path, url=database_url).stdout
    assert changed not in shown, "what a person withdrew stays withdrawn"


@pytest.mark.torture  # long
def test_deals_are_listed_shown_split_and_joined(tmp_path: Path, database_url: str) -> None:
    titles = ("Solmark raises $50M Series A", "Oxbow buys Brindle for $9M", "Solmark raises $50M Series A led by Oxbow")
    for count in (0, 3):
        items = "".join(
            f"<item><guid>{n}</guid><title>{title}</title></item>" for n, title in enumerate(titles[:count])
        )
        page = f"<rss version='2.0'><channel><title>t</title>{items}</channel></rss>"
        (tmp_path / f"{count}.xml").write_text(page, encoding="utf-8")
    url = "https://techcrunch.com/category/artificial-intelligence/feed/"
    lines = [{"file": f"{count}.xml", "url": url, "captured_on": f"2026-03-0{count + 1}"} for count in (0, 3)]
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    told = aiwire("replay", str(tmp_path), "--into", database_url, "--json", home=tmp_path)
    kinds = [json.loads(line)["kind"] for line in told.stdout.splitlines()]
    assert kinds == ["news.published"] * 3 + ["funding.announced"] * 2

    def asked(*words: str) -> list[dict[str, Any]]:
        done = aiwire("funding", *words, "--json", home=tmp_path, url=database_url)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    rows = asked("list")
    assert {(row["headline"], row["amount"], row["outlets"]) for row in rows} == {
        ("Solmark raises $50M Series A led by Oxbow", "50000000", 1),
        ("Oxbow to acquire Brindle for $9M", "9000000", 1),
    }
    (deal,) = asked("list", "--company", "sol*", "--kind", "funding")
    (shown,) = asked("show", deal["id"])
    assert len(shown["reports"]) == 2
    assert all(report["because"] for report in shown["reports"])
    (done,) = asked("split", deal["id"], deal["items"][1], "--because", "another round")
    first, second = [one["id"] for one in done["deals"]]
    plain = aiwire("funding", "show", first, home=tmp_path, url=database_url)
    assert "another round" in plain.stdout
    assert len(asked("list", "--company", "Solmark")) == 2
    assert asked("join", first, second, "--because", "the same after all")[0]["deals"][0]["id"] == deal["id"]
    assert len(asked("decisions")) == 2
    asked("undo", "2")
    assert len(asked("list", "--company", "Solmark")) == 2
    missing = aiwire("funding", "show", "funding-0", home=tmp_path, url=database_url)
    assert (missing.returncode, "no deal is called" in missing.stderr) == (1, True)
    assert aiwire("funding", "undo", "2", home=tmp_path, url=database_url).returncode == 1


def test_a_silence_is_made_listed_and_lifted(tmp_path: Path, database_url: str) -> None:
    words = ("--models", "gpt-*", "--kinds", "price.*", "--until", "3d", "--because", "we know")
    made = aiwire("alerts", "silence", *words, "--json", home=tmp_path, url=database_url)
    assert made.returncode == 0
    number = json.loads(made.stdout)["silence"]
    listed = aiwire("alerts", "silences", "--json", home=tmp_path, url=database_url)
    (row,) = [json.loads(line) for line in listed.stdout.splitlines()]
    assert (row["id"], row["state"], row["models"], row["because"]) == (number, "holds", ["gpt-*"], "we know")
    assert aiwire("alerts", "lift", str(number), home=tmp_path, url=database_url).returncode == 0
    again = aiwire("alerts", "lift", str(number), home=tmp_path, url=database_url)
    assert again.returncode == 1
    assert "no silence 1 holds" in again.stderr


def test_models_that_nobody_knows_are_named(tmp_path: Path, database_url: str) -> None:
    file = tmp_path / "aiwire.toml"
    file.write_text('[[watchlist]]\nname = "ours"\nmodels = ["openai/gpt-4oo"]\n', encoding="utf-8")
    shown = aiwire("alerts", "watch", "--json", home=tmp_path, url=database_url)
    assert shown.returncode == 1
    assert json.loads(shown.stdout)["known"] is False
    with file.open("a", encoding="utf-8") as more:
        more.write('[[route]]\nreceiver = "terminal"\nproviders = ["chatgpt"]\n')
    advised = aiwire("doctor", "--json", home=tmp_path, url=database_url)
    assert "no source tells of chatgpt ([[route]])" in advised.stdout
    assert "no page tells of openai/gpt-4oo (watchlist ours)" in advised.stdout


def test_a_dump_that_cannot_be_written_says_where(tmp_path: Path, database_url: str) -> None:
    (tmp_path / "taken").write_text("no folder", encoding="utf-8")
    done = aiwire("export", str(tmp_path / "taken"), home=tmp_path, url=database_url)
    assert done.returncode == 1
    assert "taken/aiwire-" in done.stderr
    assert "expected a folder that can be written to" in done.stderr
    assert "Traceback" not in done.stderr


def test_prune_says_what_it_would_drop_and_what_it_dropped(tmp_path: Path, database_url: str) -> None:
    with connect(database_url) as connection:
        connection.execute(
            "INSERT INTO source (id, provider, kind, trust) VALUES ('acme', 'acme', 'pricing', 'official')"
        )
        connection.execute(
            """
            INSERT INTO "fetch" (source, run, url, started_at, finished_at, outcome)
            SELECT 'acme', 'r', 'https://acme.example/', at, at, 'timeout'
              FROM generate_series(now() - interval '200 days', now() - interval '80 days', interval '40 days') AS at
            """
        )
        connection.execute(
            "INSERT INTO issue (source, code, message, first_seen, last_seen, closed_at, closing_recorded_at) "
            "SELECT 'acme', 'odd', each, at, at, at, at "
            "FROM unnest(ARRAY['one', 'other']) AS each, (SELECT now() - interval '200 days') AS _ (at)"
        )
    foretold = aiwire("prune", "--dry-run", "--older-than", "100d", home=tmp_path, url=database_url)
    assert (foretold.returncode, foretold.stderr.strip()) == (
        0,
        "would drop 3 failed fetches and 2 issues that are over",
    )
    done = aiwire("prune", "--older-than", "100d", "--json", home=tmp_path, url=database_url)
    assert json.loads(done.stdout)["dropped"]["failed_fetches"] == 3
    again = aiwire("prune", "--older-than", "100d", home=tmp_path, url=database_url)
    assert again.stderr.strip() == "nothing of it is older than 100d"


def test_who_tells_nobody_needs_no_secret(tmp_path: Path, database_url: str) -> None:
    (tmp_path / "aiwire.toml").write_text(
        '[server]\ntoken_envs = ["NO_TOKEN"]\n[[receiver]]\nname = "a"\nslack = { webhook_env = "NOT_SET_HERE" }\n'
        '[[receiver]]\nname = "b"\nwebhook = { url_env = "NOR_THIS", secret_env = "NOR_THAT" }\n'
        '[[receiver]]\nname = "c"\nslack = { token_env = "OR_THIS", channel = "x" }\n'
    )
    done = aiwire("sql", "SELECT 1 AS one", "--json", home=tmp_path, url=database_url)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"one": 1}), done.stderr
    for asks in (("prune", "--dry-run"), ("alerts", "silences")):
        done = aiwire(*asks, home=tmp_path, url=database_url)
        assert done.returncode == 0, done.stderr
    told = aiwire("alerts", "test", "a", home=tmp_path, url=database_url)
    assert (told.returncode, "webhook_env: found NOT_SET_HERE" in told.stderr) == (2, True), told.stderr


def test_the_address_is_printed_and_a_database_of_ones_own_is_not_stopped(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("AIWIRE_HOME", str(tmp_path))
    assert supervisor.stop(tmp_path) is False, "none was running"
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:p@127.0.0.1:1/x")
    running.url(json_=True)
    assert json.loads(capsys.readouterr().out) == {"url": "postgresql://u:p@127.0.0.1:1/x"}
    with pytest.raises(typer.Exit) as ended:
        running.stop()
    assert ended.value.exit_code == 2

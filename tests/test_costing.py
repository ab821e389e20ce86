"""`aiwire cost` over the bundled history: what it says, on which day, and how it ends."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.costing import _sold, _what_if
from cli.plumbing import providers
from store import bundled
from store.connect import connect
from store.prices import sellers
from tests.test_cli import aiwire
from timeline.issues import MistakeError

pytestmark = pytest.mark.postgres

CONFIGURATION = """
[[workload]]
name = "support-bot"
model = "openai/gpt-4o"
requests_per_day = 100000
input_tokens = 500
output_tokens = 200

[[contract]]
name = "enterprise"
provider = "openai"
discount_pct = 10
from = 2024-10-11
"""
ASK = ("cost", "--model", "openai/gpt-4o", "--requests", "100000", "--input-tokens", "500", "--output-tokens", "200")


@pytest.fixture
def home(tmp_path: Path, database_url: str) -> Path:
    (tmp_path / "aiwire.toml").write_text(CONFIGURATION, encoding="utf-8")
    with connect(database_url, autocommit=True) as connection:
        bundled.load(connection, now=datetime.now(UTC))
    return tmp_path


def test_a_cost_is_of_its_day_and_never_0_where_nothing_is_known(home: Path, database_url: str) -> None:
    def ask(day: str) -> tuple[int, dict[str, Any]]:
        done = aiwire(*ASK, "--as-of", day, "--json", home=home, url=database_url)
        return done.returncode, json.loads(done.stdout)

    code, told = ask("2024-07-31")
    assert (code, told["total"], told["currency"], told["missing"]) == (0, "550", "USD", [])
    code, told = ask("2022-01-01")
    assert (code, told["total"], told["missing"]) == (1, None, ["input", "output"])
    assert ask("2024-10-20")[1]["total"] == "292.5"  # the new list price, less the contract's 10 %
    listed = aiwire(*ASK, "--as-of", "2024-10-20", "--list", home=home, url=database_url)
    assert "openai/gpt-4o: $325.00 for 100,000 requests" in listed.stdout


def test_a_month_is_billed_at_the_rates_of_its_days(home: Path, database_url: str) -> None:
    """October 2024: one day at 5 and 15 dollars, nine at 2.50 and 10, and from the 11th 10 % less."""
    done = aiwire("cost", "--workload", "support-bot", "--month", "2024-10", "--json", home=home, url=database_url)
    told = json.loads(done.stdout)
    assert [part["total"] for part in told["periods"]] == ["550", "2925", "6142.5"]
    assert told["total"] == "9617.5"
    said = aiwire("cost", "--month", "2024-10", home=home, url=database_url).stdout
    assert "support-bot: $9,617.50 for 3,100,000 requests in 2024-10" in said
    assert "  2024-10-02 to 2024-10-11: $2,925.00" in said


DAYS = [
    ("2024-10-01", "gpt-4o"),
    ("2024-10-02", "openai/gpt-4o"),
    ("2024-10-12", "gpt-4o"),
    ("2024-10-12", "unheard-of"),
]
USAGE = {
    "usage.csv": "time,model,prompt_tokens\n" + "".join(f"{day},{model},1000000\n" for day, model in DAYS),
    "usage.jsonl": "".join(
        json.dumps({"startTime": f"{day}T00:00:00Z", "model": model, "usageDetails": {"input": 1_000_000}}) + "\n"
        for day, model in DAYS
    ),
}


@pytest.mark.parametrize("name", USAGE)
def test_recorded_usage_is_billed_row_by_row(home: Path, database_url: str, name: str) -> None:
    (home / name).write_text(USAGE[name], encoding="utf-8")
    done = aiwire("cost", "--usage", str(home / name), "--json", home=home, url=database_url)
    assert done.returncode == 0, done.stderr
    known, unknown = map(json.loads, done.stdout.splitlines())
    assert (known["model"], known["rows"], known["total"], known["currency"]) == ("gpt-4o", 3, "9.75", "USD")
    assert (unknown["model"], unknown["total"], unknown["missing"]) == ("unheard-of", None, ["provider"])
    assert "the cost of 1 of 4 rows is not known" in done.stderr


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "time,model,prompt_tokens\n2024-10-01,gpt-4o,many\n", "a.csv, line 2: prompt_tokens"),
        ("a.jsonl", "{}\n", "a.jsonl, line 1: found the fields none"),
        ("a.jsonl", "nonsense", "expected CSV with a header (.csv) or JSON lines"),
        ("a.jsonl", '{"torn', "a.jsonl, line 1: no JSON"),
        ("a.json", "[1]", "a.json, row 1: expected an object"),
    ],
)
def test_a_file_that_is_no_usage_is_refused(home: Path, database_url: str, name: str, text: str, says: str) -> None:
    (home / name).write_text(text, encoding="utf-8")
    done = aiwire("cost", "--usage", str(home / name), home=home, url=database_url)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--workload", "nobody"), "there is support-bot"),
        (("--model", "/gpt-4o"), "not a provider and a model"),
        (("--model", "openai/gpt-4o", "--requests", "many"), "--requests 'many'"),
        (("--model", "openai/gpt-4o", "--cached-share", "30"), "from 0 to 1"),
        (("--model", "openai/gpt-4o", "--service-tier", "slow"), "none of standard"),
        (("--month", "July"), "not a month"),
        (("--month", "2024-10", "--as-of", "2024-10-01"), "--month stands alone"),
    ],
)
def test_mistakes_end_with_2(tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    (tmp_path / "aiwire.toml").write_text(CONFIGURATION, encoding="utf-8")
    done = aiwire("cost", *words, home=tmp_path, url="postgresql://u:p@127.0.0.1:1/x", COLUMNS="300")
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_a_model_without_provider_is_resolved_or_candidates_are_named(database_url: str) -> None:
    with connect(database_url) as connection:
        bundled.load(connection, now=datetime.now(UTC))
        assert sellers(connection, "gpt-4o") == ["openai"]
        asked = _what_if("gpt-4o", "1", "1", None, cached_share="0", tier="standard")
        assert (asked.provider, asked.model) == ("openai", "gpt-4o")
        nobody = _what_if("no-such-model", "1", "1", None, cached_share="0", tier="standard")
        with pytest.raises(MistakeError, match="nobody is known to sell a model no-such-model"):
            _sold(connection, nobody)
        query = "SELECT model_id FROM timeline.price_current GROUP BY 1 HAVING count(DISTINCT provider) > 1 LIMIT 1"
        if row := connection.execute(query).fetchone():
            with pytest.raises(MistakeError, match="several sell"):
                _sold(connection, replace(nobody, model=row[0]))


def test_a_provider_nobody_knows_is_told_with_the_one_that_is_meant(database_url: str) -> None:
    with connect(database_url) as connection:
        assert providers(connection, None) == []
        assert providers(connection, "OpenAI") == providers(connection, "openai") == ["openai"]
        with pytest.raises(MistakeError, match=r"no provider is called openia; did you mean openai\?"):
            providers(connection, "openia")
        with pytest.raises(MistakeError, match="no provider is called zzz: `aiwire sources`"):
            providers(connection, "zzz")

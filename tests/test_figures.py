"""`aiwire figures`: what a watched table of one's own shows, over kept captures, now, on a day and over time."""

import json
from pathlib import Path

import pytest

from crawler.replay import read_manifest, replay
from crawler.source import parse_sources
from store.connect import connect
from tests.test_cli import aiwire

pytestmark = pytest.mark.postgres
URL = "https://acme.example/board.md"
OWN = f"""[[source]]
id = "acme-board"
kind = "table"
provider = "acme"
url = "{URL}"
table = {{ subject = "Model", measures = [{{ column = "Rate", measure = "hallucination_rate", unit = "percent" }}] }}
"""
PAGES = [
    ("2026-08-03", "# Board\n\n|Model|Rate|\n|---|---|\n|Swift 2|2.0 %|\n|Slow 1|4.1 %|\n"),
    ("2026-08-10", "# Board\n\n|Model|Score|\n|---|---|\n|Swift 2|9.0 %|\n|Slow 1|9.1 %|\n"),  # another column
    ("2026-08-24", "# Board\n\n|Model|Rate|\n|---|---|\n|Swift 2|1.5 %|\n|Slow 1|4.1 %|\n"),
]


@pytest.fixture
def board(tmp_path: Path, database_url: str) -> str:
    folder = tmp_path / "captures"
    folder.mkdir()
    lines = []
    for number, (at, page) in enumerate(PAGES):
        (folder / f"{number}.md").write_text(page, encoding="utf-8")
        lines.append(json.dumps({"file": f"{number}.md", "url": URL, "captured_on": at}))
    (folder / "manifest.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with connect(database_url, autocommit=True) as connection:
        replay(connection, read_manifest(folder, parse_sources(OWN, "aiwire.toml", user=True)))
    return database_url


@pytest.mark.torture  # long
def test_figures_now_on_a_day_and_over_time(tmp_path: Path, board: str) -> None:
    def figures(*words: str) -> list[tuple[str, str]]:
        done = aiwire("figures", "--json", *words, home=tmp_path, url=board)
        assert done.returncode == 0, done.stderr
        return [(row["subject"], row["value"]) for row in map(json.loads, done.stdout.splitlines())]

    assert figures() == [("Slow 1", "4.1"), ("Swift 2", "1.5")]
    assert figures("Swift*", "--measure", "halluc*") == [("Swift 2", "1.5")]
    assert figures("--as-of", "2026-08-12") == [("Slow 1", "4.1"), ("Swift 2", "2.0")]
    assert figures("Swift 2", "--history") == [("Swift 2", "2.0"), ("Swift 2", "1.5")]
    done = aiwire("figures", "--history", "--as-of", "2026-08-12", home=tmp_path, url=board)
    assert done.returncode == 2 and "--history" in done.stderr


def test_another_table_at_the_address_is_an_issue_and_changes_nothing(tmp_path: Path, board: str) -> None:
    query = "SELECT verdict, issues -> 0 ->> 'code' FROM capture WHERE source = 'acme-board' ORDER BY first_seen"
    done = aiwire("sql", "--json", "SELECT headline FROM timeline.events WHERE NOT baseline", home=tmp_path, url=board)
    assert [json.loads(line)["headline"] for line in done.stdout.splitlines()] == [
        "acme: Swift 2, hallucination rate now 1.5 %, was 2.0 (−25 %)"
    ]
    with connect(board) as connection:
        found = connection.execute(query.encode()).fetchall()
    assert found == [("good", None), ("bad", "missing_column"), ("good", None)]

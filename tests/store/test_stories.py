"""The stories of docs/sql.md: each query, over captures of ours, gives the answer that is printed beneath it."""

import json
import re
from pathlib import Path

import pytest

from crawler.replay import read_manifest, replay
from crawler.source import bundled_sources, parse_sources
from store.connect import Connection, connect_reader
from tests import captures

pytestmark = pytest.mark.postgres

DOCS = (Path(__file__).parent.parent.parent / "docs" / "sql.md").read_text()
PLANNED = """# What the models cost

| Model | Base Input Tokens | Output Tokens |
|---|---|---|
| Claude Sonnet 5 (through August 31, 2026) | $2 / MTok | $10 / MTok |
| Claude Sonnet 5 (starting September 1, 2026) | $3 / MTok | $15 / MTok |
| Claude Haiku 4.5 | $1 / MTok | $5 / MTok |
"""
TITLES = (
    "Solmark in talks to raise $300 million at $4 billion valuation, sources say",
    "Oxbow to acquire Brindle for €90 million",
    "Redrock raises $9M seed round",
    "Solmark closes $320 million Series C led by Oxbow Capital",
)


def feed(count: int) -> str:
    """The first `count` titles as a feed has them."""
    items = "".join(
        f"<item><guid>{number}</guid><title>{title}</title><link>https://techcrunch.com/{number}</link></item>"
        for number, title in enumerate(TITLES[:count])
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>News</title>{items}</channel></rss>"


CALLED_OFF = {"Claude Sonnet 5": ("2", "10"), "Claude Haiku 4.5": ("1", "5")}
STORIES = {
    "rise": [("2026-07-21", PLANNED), ("2026-08-12", captures.pricing(CALLED_OFF))],
    "looks": [
        ("2026-03-02T10:00:00Z", captures.pricing(captures.START)),
        ("2026-03-02T10:10:00Z", captures.pricing(captures.CUT)),
        ("2026-03-02T10:20:00Z", captures.pricing(captures.CUT, note="Another look.")),
    ],
    "funding": [(f"2026-03-{day:02}", feed(count)) for count, day in enumerate((1, 2, 4, 5, 9))],
    "board": [
        ("2026-08-03", "# Board\n\n|Model|Rate|\n|---|---|\n|Swift 2|2.0 %|\n|Slow 1|4.1 %|\n"),
        ("2026-08-24", "# Board\n\n|Model|Rate|\n|---|---|\n|Swift 3|1.1 %|\n|Swift 2|1.5 %|\n|Slow 1|4.1 %|\n"),
    ],
}
BOARD = "https://acme.example/board.md"
URLS = {"funding": "https://techcrunch.com/category/artificial-intelligence/feed/", "board": BOARD}
OWN = """[[source]]
id = "acme-board"
provider = "acme"
kind = "table"
url = "https://acme.example/board.md"
table = { subject = "Model", measures = [{ column = "Rate", measure = "hallucination_rate", unit = "percent" }] }
"""
QUESTIONS = re.findall(r"```sql story=(\w+)\n(.*?)```\n\n(\|.*?)\n\n", DOCS + "\n\n", re.S)


def told(folder: Path, story: str) -> Path:
    lines = []
    for number, (at, page) in enumerate(STORIES[story]):
        (folder / f"{number}.md").write_text(page, encoding="utf-8")
        lines.append(json.dumps({"file": f"{number}.md", "url": URLS.get(story, captures.PRICING), "captured_on": at}))
    (folder / "manifest.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return folder


def test_every_story_is_asked() -> None:
    assert [story for story, _, _ in QUESTIONS] == ["rise"] * 3 + ["looks"] * 2 + ["board"] * 2 + ["funding"] * 3


@pytest.mark.parametrize("story", STORIES)
def test_the_answers_are_those_printed(connection: Connection, reader_url: str, tmp_path: Path, story: str) -> None:
    connection.autocommit = True
    replay(
        connection,
        read_manifest(told(tmp_path, story), (*bundled_sources(), *parse_sources(OWN, "aiwire.toml", user=True))),
    )
    with connect_reader(reader_url) as reading:
        for _, query, printed in [question for question in QUESTIONS if question[0] == story]:
            cursor = reading.execute(query.encode())
            header = [column.name for column in cursor.description or ()]
            answer = [["true" if v is True else "false" if v is False else str(v) for v in row] for row in cursor]
            lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in printed.splitlines()]
            assert [header, *answer] == [lines[0], *lines[2:]], query

"""The real captures of the corpus: readable, and the same facts whatever does not change the meaning of a page."""

import json
import os
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from crawler.extract.document import Reading
from crawler.reading import document_of
from crawler.source import bundled_sources, claim, reader_of
from timeline.facts import to_json

CORPUS = (
    Path(os.environ.get("AIWIRE_CORPUS") or Path(__file__).resolve().parents[4] / "shared" / "corpus") / "lifecycle"
)
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason=f"the corpus of lifecycle pages is not at {CORPUS}")


def rows() -> list[dict[str, Any]]:
    listed = CORPUS / "manifest.jsonl"
    found = [json.loads(line) for line in listed.read_text().splitlines()] if listed.exists() else []
    return [row for row in found if row.get("truth")]


def read(row: dict[str, Any], body: bytes) -> Reading:
    source = claim(bundled_sources(), row["url"])
    assert source is not None, row["url"]
    at = datetime.fromisoformat(row["captured_on"]).replace(tzinfo=UTC)
    return reader_of(source)(document_of(source, body, url=row["url"], at=at))


def meaning(reading: Reading) -> set[str]:
    """The facts without their place and order."""
    facts = [to_json(fact) | {"locator": ""} for fact in reading.facts]
    return {json.dumps(fact | {"replacements": sorted(fact["replacements"])}, sort_keys=True) for fact in facts}


def shuffled(page: str) -> str:
    """Every Markdown table with its rows in another order."""
    lines, done, at = page.split("\n"), [], 0
    while at < len(lines):
        done.append(lines[at])
        at += 1
        if re.match(r"\s*\|?\s*:?-{2,}", done[-1]) and "|" in done[-1]:
            end = at
            while end < len(lines) and "|" in lines[end]:
                end += 1
            done += random.Random(7).sample(lines[at:end], end - at)
            at = end
    return "\n".join(done)


CHANGES: dict[str, Callable[[str], str]] = {
    "line ends": lambda page: page.replace("\n", "\r\n"),
    "row order": shuffled,
    "white space": lambda page: page.replace("| ", "|    "),
    "invisible characters": lambda page: re.sub(r"(?m)^(#+ )", "\\1\u200b", page),
    "a time stamp": lambda page: f"{page}\n\nPage id 8f3a2b, built 2026-08-20T10:00:00Z\n",
}


def test_every_capture_is_read() -> None:
    for row in rows():
        reading = read(row, (CORPUS / row["file"]).read_bytes())
        assert reading.facts, row["file"]
        assert not [issue for issue in reading.issues if issue.fatal], row["file"]
        assert len({fact.key for fact in reading.facts}) == len(reading.facts), row["file"]


@cache
def read_as_it_is(file: str) -> frozenset[str]:
    row = next(row for row in rows() if row["file"] == file)
    return frozenset(meaning(read(row, (CORPUS / file).read_bytes())))


@pytest.mark.parametrize("name", CHANGES)
def test_what_does_not_change_the_meaning_changes_no_fact(name: str) -> None:
    tried = 0
    pages = [row for row in rows() if row["format"] == "md"]
    # Each kind of noise on every third page, another third for each; all of them where time does not matter.
    for row in pages if os.environ.get("AIWIRE_TORTURE") else pages[sorted(CHANGES).index(name) % 3 :: 3]:
        page = (CORPUS / row["file"]).read_text()
        changed = CHANGES[name](page)
        if changed != page:
            tried += 1
            assert meaning(read(row, changed.encode())) == read_as_it_is(row["file"]), row["file"]
    assert tried > 12

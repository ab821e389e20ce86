"""Hostile lifecycle pages: bounded time, no crash, and nothing made up from them."""

import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.extract import lifecycle
from crawler.extract.document import Document, Reading

HEAD = "| Model | Shutdown date | Replacement |\n|---|---|---|\n"
SECONDS = 20.0  # of processor time, on a slow machine


def read(page: str) -> Reading:
    at = datetime(2026, 5, 15, tzinfo=UTC)
    return lifecycle.read(Document(body=page.encode(), url="https://x.example/", at=at, source="x", provider="x"))


BOMBS = {
    "rows": HEAD + "".join(f"| m-{n} | 2026-01-01 | x-{n} |\n" for n in range(11_000)),
    "one word": "A" * 50_000 + "." * 50_000 + " is deprecated.",
    "one sentence": "The model acme-1 is deprecated and " * 5_000,
    "code spans": " ".join(f"`acme-{n}`" for n in range(5_000)) + " are deprecated.",
    "claims about these models": HEAD
    + "".join(f"| m-{n} | | |\n" for n in range(2_000))
    + "\n\nThese models were retired July 1, 2026.\n" * 2_000,
    "lines above lists": "\n".join(f"{'  ' * min(n, 40)}- following models will be retired:" for n in range(1_500)),
    "commas": "on a, " * 30_000 + " is retired",
    "brackets": "acme-1 " + "(" * 30_000 + " is deprecated",
    "auxiliaries": "将于" * 20_000 + "下线",
    "headings": "\n".join(f"{'#' * (n % 6 + 1)} Retired models {n}\n\nIt was retired.\n" for n in range(2_000)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_costs_little(name: str) -> None:
    began = time.process_time()
    reading = read(BOMBS[name])
    assert time.process_time() - began < SECONDS
    if name == "rows":
        assert [(issue.code, issue.fatal) for issue in reading.issues] == [("too_many_facts", True)]


PHRASES = """acme-1 `acme-2` **acme-3** is are will be was were deprecated retired shut down on 2026-06-01 June 2026 no
sooner than | --- # ## - * : ： . 。 , models following the these use instead migrate to
将于 下线 （ ） ( ) <b> </td> <table>"""
WORDS = st.sampled_from([*PHRASES.split(), "\n", "\n\n"])


@settings(max_examples=200, deadline=None)
@given(st.lists(WORDS, max_size=60))
def test_no_mixture_of_its_own_words_makes_it_fail(words: list[str]) -> None:
    for fact in read(" ".join(words)).facts:
        assert len(fact.locator) > 0


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_no_text_makes_it_fail(text: str) -> None:
    read(text)

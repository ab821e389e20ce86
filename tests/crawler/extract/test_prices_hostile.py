"""Damaged and hostile price pages: nothing is guessed, and no page takes long."""

import time

import pytest

from tests.crawler.extract.pricing import codes, read, told
from timeline.prices import PricePoint

TABLE = "| Model | Input per 1M tokens | Output per 1M tokens |\n|---|---|---|\n| a-1 | $3 | $15 |\n| a-2 | $1 | $5 |\n"


@pytest.mark.parametrize(
    ("page", "code"),
    [
        (TABLE.replace(" per 1M tokens", ""), "unknown_unit"),
        (TABLE.replace("$", ""), None),  # no amounts at all: the checks say that nothing was found
        (TABLE.replace("$3", "€3"), "mixed_currencies"),
        (TABLE.replace("a-1 |", "|"), "no_subject"),
        (TABLE.replace("| a-1 ", "| 128,000 "), "no_subject"),
        (TABLE.replace("$15", "see below"), None),
        (TABLE.replace("$15", "a-3"), "unread_prices"),
        (
            TABLE.replace("$", "$-")
            .replace("$-3", "$-")
            .replace("$-15", "$-")
            .replace("$-1", "$-")
            .replace("$-5", "$-"),
            "unread_prices",
        ),
        ("| Model | Quality | Price per image |\n|---|---|---|\n| i-1 | $0.04 | $0.05 |\n", "unread_prices"),
        ("| Model | Input per 1M tokens |\n|---|---|\n| a-1 | ¥3 |\n", "unknown_currency"),
    ],
)
def test_what_is_not_understood_is_told(page: str, code: str | None) -> None:
    found = codes(page)
    assert (code in found) if code else not found


@pytest.mark.parametrize(
    "page",
    [
        TABLE.replace("\n", "\r\n"),
        TABLE.replace("$", "＄"),
        TABLE.replace(" per ", "\u00a0per\u00a0"),
        TABLE.replace("$3", "\u200b$3\u200b"),
        "\ufeff" + TABLE,
        f"<!-- a comment -->\n\n{TABLE}",
        f"---\ntitle: x\n---\n\n{TABLE}",
        f"<Tabs>\n<Tab title='Here'>\n\n{TABLE}\n</Tab>\n</Tabs>",
        f"{TABLE}\n\n{TABLE}",
        TABLE[: TABLE.index("| a-1")] + TABLE[TABLE.index("| a-2") :] + "| a-1 | $3 | $15 |\n",
    ],
)
def test_noise_changes_nothing(page: str) -> None:
    assert {fact[:3] for fact in told(page)} == {
        ("a-1", "input", "3"),
        ("a-1", "output", "15"),
        ("a-2", "input", "1"),
        ("a-2", "output", "5"),
    }


def test_a_page_cut_anywhere_tells_no_other_price() -> None:
    whole = {fact[:2]: fact[2] for fact in told(TABLE)}
    for end in range(len(TABLE)):
        if TABLE[end].isdigit():
            continue  # "$1" of "$15": a body cut short is the fetch's to notice
        for fact in read(TABLE[:end]).facts:
            assert isinstance(fact, PricePoint)
            assert whole[fact.model, fact.meter] == str(fact.amount)


def slow() -> dict[str, str]:
    """Pages made to take long."""
    row = "| m | " + " | ".join(["$1"] * 200) + " |\n"
    return {
        "spans": "<table><tr><th>Model</th><th>Input per 1M tokens</th></tr>"
        + "<tr><td rowspan=1000000000 colspan=1000000000>m</td><td>$1</td></tr>" * 50
        + "</table>",
        "wide": "| a " + "| Input per 1M tokens " * 200 + "|\n|---" + "|---" * 200 + "|\n" + row * 200,
        "long cell": "| Model | Input per 1M tokens |\n|---|---|\n| m | " + "$1, " * 100_000 + "|\n",
        "long name": "| Model | Input per 1M tokens |\n|---|---|\n| " + "m / " * 50_000 + "| $1 |\n",
        "long header": "| Model | " + "input per 1M tokens " * 20_000 + "|\n|---|---|\n| m | $1 |\n",
        "many tables": ("## H 1\n\n" + TABLE) * 700,
        "nested": "<table><tr><td>" * 400 + "$1" + "</td></tr></table>" * 400,
        "deep": "<div>" * 50_000 + "$1",
        "headings": "\n\n".join(f"{'#' * (1 + n % 6)} Model {n}\n\n$1 / 1M tokens" for n in range(3000)),
        "sentences": "Web search costs $10 per 1,000 searches. " * 5000,
        "lines": "$1\n" * 30_000,
        "brackets": "| Model | Input per 1M tokens |\n|---|---|\n| m " + "(" * 20_000 + "| $1" + "(" * 20_000 + " |\n",
        "numbers": "| Model | Input per 1M tokens |\n|---|---|\n| m | $" + "1," * 50_000 + " |\n",
        "spaces": "| Model | Input per 1M tokens |\n|---|---|\n| m | $1" + " " * 200_000 + "per |\n",
        "jsx": "<T rows={[" + "['a', 1, 2]," * 30_000,
        "braces": "<T rows={" + "{" * 100_000,
        "quotes": "<T rows={['" + "\\'" * 100_000,
        "clashes": "| Model | Input per 1M tokens | N |\n|---|---|---|\n"
        + "".join(f"| m | ${n} | {n} |\n" for n in range(1500)),
    }


@pytest.mark.parametrize("name", slow())
def test_no_page_takes_long(name: str) -> None:
    started = time.process_time()
    read(slow()[name])
    assert time.process_time() - started < 20

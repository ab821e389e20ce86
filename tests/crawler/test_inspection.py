"""What `aiwire sources check` says of a document: laid out like the page, with every check by itself."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.advice import ADVICE, ELSE, advice
from crawler.inspection import Inspection, inspect, suggested
from crawler.precedent import Precedent
from crawler.reading import document_of, judge
from crawler.source import Expect, Source

CRAWLER = Path(__file__).parents[2] / "crawler"
AT = datetime(2026, 8, 1, tzinfo=UTC)
SOURCE = Source(
    id="acme-pricing", provider="acme", kind="pricing", url="https://acme.example/p", trust="official",
    every=timedelta(minutes=10), expect=Expect(),
)  # fmt: skip


def look(page: str, *, source: Source = SOURCE, live: bool = True, last_good: Precedent | None = None) -> Inspection:
    return inspect(source, page.encode(), url=source.url, at=AT, live=live, last_good=last_good)


def sheet(inspection: Inspection, index: int = 0) -> list[tuple[str, ...]]:
    laid = inspection.laid[index]
    return [laid.columns, *laid.rows]


PLAIN = """# Acme
| Model | Input | Output |
|---|---|---|
| acme-1 | $1.00 / 1M tokens | $4.00 / 1M tokens |
| acme-2 | Free | $8.00 / 1M tokens |
"""


def test_models_in_rows_and_meters_in_columns() -> None:
    found = look(PLAIN)
    assert sheet(found) == [("model", "input", "output"), ("acme-1", "1.00", "4.00"), ("acme-2", "free", "8.00")]
    assert (found.laid[0].locator, found.laid[0].title, found.laid[0].common) == (
        "table 1",
        "Acme",
        "USD, per 1000000 token",
    )
    assert found.understood
    assert found.verdict == "good"
    assert (found.form, found.bytes) == ("markdown", len(PLAIN))


def test_a_table_on_its_side_is_turned() -> None:
    page = """# Acme
All prices are per 1M tokens.

| | acme-1 | acme-2 |
|---|---|---|
| Input | $1 | $2 |
| Output | $4 | $8 |
"""
    assert sheet(look(page)) == [("model", "input", "output"), ("acme-1", "1", "4"), ("acme-2", "2", "8")]


def test_conditions_stand_where_they_belong() -> None:
    page = """# Acme
| Model | Input per 1M tokens | Batch input per 1M tokens | Output per 1M tokens |
|---|---|---|---|
| acme-1 (≤ 200K tokens) | $1 | $0.50 | $4 |
| acme-1 (> 200K tokens) | $2 | $1 | $8 |
"""
    columns, *rows = sheet(look(page))
    assert columns == ("model", "conditions", "input", "input, service_tier=batch", "output")
    assert [row[0] for row in rows] == ["acme-1", "acme-1"]
    assert [row[2:] for row in rows] == [("1", "0.50", "4"), ("2", "1", "8")]
    assert "context_upto=200000" in rows[0][1]
    assert "context_over=200000" in rows[1][1]


def test_a_table_with_too_many_columns_is_one_price_a_line() -> None:
    header = " | ".join(f"{size}x{size}" for size in range(256, 1256, 100))
    prices = " | ".join(f"$0.0{n}" for n in range(10))
    page = f"# Acme\nPrice per image\n\n| Model | {header} |\n|{'---|' * 11}\n| acme-image | {prices} |\n"
    found = look(page)
    assert len(found.facts) == 10
    assert found.laid[0].columns == ("model", "meter", "amount", "conditions", "where")


def test_two_tables_and_a_sentence_are_three_sheets_each_under_its_heading() -> None:
    page = (
        PLAIN + "\n## Batch\n" + PLAIN.split("\n", 1)[1] + "\n## Web search\nWeb search costs $10 per 1,000 searches.\n"
    )
    found = look(page)
    assert [(laid.locator, laid.title) for laid in found.laid] == [
        ("table 1", "Acme"),
        ("table 2", "Acme > Batch"),
        ("paragraph 1", "Acme > Web search"),
    ]
    assert [name.model for name in found.unresolved] == ["acme-1", "acme-2"], "a tool is no model"


def test_notices_are_laid_out_with_their_dates() -> None:
    page = """# Acme
| Model | Status | Shut down on | Replacement |
|---|---|---|---|
| acme-1 | Retired | 2026-01-05 | acme-2 |
"""
    found = look(page, source=replace(SOURCE, id="acme-lifecycle", kind="lifecycle"))
    columns, row = sheet(found)
    told = dict(zip(columns, row, strict=True))
    assert told == {
        "model": "acme-1", "status": "retired", "label": "Retired", "retires": "2026-01-05",
        "replacements": "acme-2", "where": "table 1 row 1",
    }  # fmt: skip


def test_every_check_is_shown_by_itself() -> None:
    longer = PLAIN + "".join(f"| acme-{n} | $1.{n} / 1M tokens | $4 / 1M tokens |\n" for n in range(10, 28))
    before = judge(
        SOURCE, document_of(SOURCE, longer.encode(), url=SOURCE.url, at=AT), live=True, last_good=None
    ).precedent
    expect = Expect(facts=(1, 3), models=("acme", "other"), markers=("Output", "batch"))
    found = look(PLAIN, source=replace(SOURCE, expect=expect), last_good=before)
    assert [(each.asks, bool(each.wrong)) for each in found.checks] == [
        (
            "at least one fact, no login page and no bot wall; no impossible dates; nothing told twice with two values",
            False,
        ),
        ("1 to 3 facts", True),
        ("the page says 'Output'", False),
        ("the page says 'batch'", True),
        ("some model's name holds 'acme'", False),
        ("some model's name holds 'other'", True),
        ("whole, in the same letters, and of the size of the last good capture (40 facts)", True),
    ]
    assert found.verdict == "bad"
    codes = {doubt.issue.code for doubt in found.doubts}
    assert codes == {"count_above_maximum", "marker_missing", "model_missing", "collapsed"}
    older = look(PLAIN, source=replace(SOURCE, expect=expect), live=False)
    assert older.verdict == "good"
    assert [bool(each.wrong) for each in older.checks] == [False, True, False, True, False, True]


def test_another_page_fails_the_first_check_and_says_which_wall_it_is() -> None:
    found = look("<html><head><title>Just a moment...</title></head><body>Checking your browser</body></html>")
    assert found.checks[0].wrong.startswith("not the page but a bot wall")
    assert [doubt.issue.code for doubt in found.doubts] == ["bot_wall"]
    assert "keeps robots out" in found.doubts[0].do


def test_what_holds_the_timeline_comes_first() -> None:
    page = PLAIN + "| acme-3 | ask your dealer, it depends | $2 / 1M tokens |\n"
    page += "\n## Again\n| Model | Input per 1M tokens |\n|---|---|\n| acme-1 | $1.00 |\n"
    fatal = [doubt.issue.fatal for doubt in look(page).doubts]
    assert fatal
    assert fatal == sorted(fatal, reverse=True)


def test_what_a_source_could_expect_leaves_room_to_grow() -> None:
    assert suggested(look(PLAIN)) == 'expect = { facts = [2, 8], models = ["acme"] }'


@pytest.mark.parametrize("body", [b"", b"\x00\x01", b"{}", b"[1, 2", b"<rss></rss>", b"# nothing\n", b"\xff\xfe<\x00"])
def test_anything_at_all_can_be_looked_at(body: bytes) -> None:
    for kind in ("pricing", "lifecycle", "feed"):
        found = inspect(replace(SOURCE, kind=kind), body, url=SOURCE.url, at=AT)
        assert found.facts == ()
        assert found.checks


def test_every_issue_there_is_has_advice() -> None:
    shapes = (
        r'code="([a-z_]+)"', r'code(?:, message)? = "([a-z_]+)"', r'refused\(\s*"([a-z_]+)"', r'_issue\(\s*"([a-z_]+)"',
        r'\(\s*"([a-z]+_(?:wall|page))"',
    )  # fmt: skip
    shared = [
        file for file in CRAWLER.rglob("*.py") if not {"catalogues", "sources"} & set(file.relative_to(CRAWLER).parts)
    ]
    text = "\n".join(file.read_text() for file in shared)
    codes = {code for shape in shapes for code in re.findall(shape, text)}
    assert {"unknown_unit", "no_subject", "lost_header", "bot_wall", "collapsed", "unreadable_date"} <= codes
    assert codes <= set(ADVICE), sorted(codes - set(ADVICE))
    assert advice("never heard of") == ELSE

"""What a page lost since the last capture that was believed: its end, its letters, its tables."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.extract.document import Document, Reading
from crawler.precedent import Precedent, broken
from crawler.reading import Judged, document_of, judge
from crawler.source import Source
from timeline.gaps import Cover
from timeline.prices import PricePoint

ACME = Source(
    id="acme-pricing",
    provider="acme",
    kind="pricing",
    url="https://acme.example/pricing",
    trust="official",
    every=timedelta(minutes=10),
)
CHAT = (
    "| Model | Input per 1M tokens | Output per 1M tokens |\n|---|---|---|\n"
    "| chat-1 | $3 | $15.50 |\n| chat-2 ≤ 200K | $1 | $5 |\n"
)
TUNED = (
    "| Model | Training per 1M tokens | Input per 1M tokens |\n|---|---|---|\n"
    "| chat-1 | $25 | $6 |\n| chat-2 | $9 | $3 |\n"
)
PAGE = (
    f"# Prices\n\n## Chat\n\n{CHAT}\n## Fine-tuning\n\nPrices per 1M tokens.\n\n{TUNED}\n## Questions\n\nWrite to us.\n"
)
CHINESE = (
    "# 模型价格\n\n下表为各模型的价格,单位为元,按百万 tokens 计费。如有疑问请联系客服人员。\n\n"
    "| 模型 | 输入(元/百万 tokens) | 输出(元/百万 tokens) |\n|---|---|---|\n| chat-1 | 3 | 15 |\n| chat-2 | 1 | 5 |\n"
)


def seen(page: str | bytes, before: Judged | None = None, url: str = ACME.url, source: Source = ACME) -> Judged:
    body = page.encode() if isinstance(page, str) else page
    document = document_of(source, body, url=url, at=datetime(2026, 8, 1, tzinfo=UTC))
    return judge(source, document, live=True, last_good=before.precedent if before else None)


def fatal(judged: Judged) -> list[str]:
    return [issue.code for issue in judged.reading.issues if issue.fatal]


def html(page: str) -> str:
    rows = [line.strip("|").split("|") for line in page.splitlines() if line.startswith("|") and "---" not in line]
    body = "".join(f"<tr>{''.join(f'<td>{cell.strip()}</td>' for cell in row)}</tr>" for row in rows)
    return f"<!doctype html><html><body><h1>Prices</h1><table>{body}</table></body></html>"


def html_of_lives(page: str) -> str:
    """The same as HTML, with headings and header cells."""
    done, head = "", True
    for line in page.splitlines():
        if line.startswith("#"):
            done += f"<h2>{line.strip('# ')}</h2>"
        elif line.startswith("|") and "---" not in line:
            cell = "th" if head else "td"
            cells = "".join(f"<{cell}>{text.strip()}</{cell}>" for text in line.strip("|").split("|"))
            done += f"{'<table>' if head else ''}<tr>{cells}</tr>"
            head = False
        elif not line and not head:
            done, head = f"{done}</table>", True
    return f"<!doctype html><html><body>{done}{'' if head else '</table>'}</body></html>"


@pytest.mark.parametrize("end", ["| chat-1 | $3 | $1", "| chat-1 | $3 | $15.", "| chat-1 | $", "| chat-2 ≤ 2"])
def test_a_page_cut_inside_a_line_is_no_page(end: str) -> None:
    good = seen(PAGE)
    assert "cut_short" in fatal(seen(PAGE[: PAGE.index(end) + len(end)], good))
    open_ended = seen(PAGE.rstrip("\n"))
    assert "cut_short" in fatal(seen(PAGE[: PAGE.index(end) + len(end)], open_ended))


def test_a_page_that_ends_earlier_or_otherwise_is_one() -> None:
    good = seen(PAGE)
    for page in (
        PAGE.rstrip("\n"),
        PAGE.replace("Write to us.", "Write"),
        PAGE[: PAGE.index("## Quest")],
        PAGE + "More",
    ):
        assert fatal(seen(page, good)) == []


def test_a_last_sentence_that_became_shorter_is_no_cut() -> None:
    longer = PAGE.replace("Write to us.", "Write to us. Or call.")
    assert fatal(seen(PAGE.rstrip("\n"), seen(longer))) == []


def test_html_without_its_end_is_no_page_where_it_had_one() -> None:
    whole = html(CHAT)
    good = seen(whole)
    assert fatal(seen(whole[: whole.index("<td>$5</td>") + 6], good)) == ["cut_short"]
    assert fatal(seen(whole + "\n<!-- served by 7 -->\n", good)) == []
    open_ended = seen(whole.replace("</body></html>", ""))
    assert fatal(seen(whole.replace("</body></html>", "").replace("$5<", "$6<"), open_ended)) == []


@pytest.mark.parametrize(
    "damage",
    [
        lambda page: page.encode().decode("latin-1"),
        lambda page: page.encode().decode("gbk", "replace"),
        lambda page: "".join(letter if letter.isascii() else "?" for letter in page),
        lambda page: "".join(letter if letter.isascii() else "\ufffd" for letter in page),
    ],
    ids=["latin", "gbk", "question marks", "replaced"],
)
def test_a_page_in_other_letters_is_no_page(damage: Callable[[str], str]) -> None:
    good = seen(CHINESE)
    assert len(good.reading.facts) == 4
    assert "garbled" in fatal(seen(damage(CHINESE), good))


def test_one_broken_letter_in_a_name_is_told() -> None:
    assert fatal(seen(PAGE.replace("≤", "\ufffd"), seen(PAGE))) == ["garbled"]
    assert fatal(seen(PAGE.replace("Write", "\ufffdrite"), seen(PAGE))) == []


def test_a_translation_and_another_typography_are_not_garbled() -> None:
    assert "garbled" not in fatal(seen(PAGE, seen(CHINESE)))
    curly = PAGE.replace("Write to us.", "“Write” — to ‘us’…")
    assert fatal(seen(PAGE, seen(curly))) == []
    assert fatal(seen(curly, seen(PAGE))) == []


def test_a_table_that_vanishes_under_its_title_is_covered() -> None:
    good = seen(PAGE)
    lost = seen(PAGE.replace(TUNED, ""), good)
    tuned = {
        fact.key for fact in good.reading.facts if isinstance(fact, PricePoint) and "fine_tuned" in fact.conditions
    }
    assert len(tuned) == 4
    assert dict.fromkeys(tuned, Cover(titles={"fine-tuning": 1, "prices per 1m tokens.": 1})) == dict(
        lost.reading.covered
    )


@pytest.mark.parametrize(
    "page",
    [
        PAGE[: PAGE.index("## Fine")] + PAGE[PAGE.index("## Questions") :],  # the whole section
        PAGE.replace(f"Prices per 1M tokens.\n\n{TUNED}", "Fine-tuning is no longer offered to new customers.\n"),
        PAGE.replace("| chat-2 | $9 | $3 |\n", ""),  # a row of it
    ],
)
def test_what_a_page_really_drops_is_not_covered(page: str) -> None:
    assert seen(page, seen(PAGE)).reading.covered == {}


@pytest.mark.parametrize(
    ("page", "url"),
    [(html(CHAT), ACME.url), (PAGE.replace(TUNED, ""), "https://acme.example/fr"), (CHINESE, ACME.url)],
)
def test_another_address_language_or_markup_is_another_form(page: str, url: str) -> None:
    good, other = seen(PAGE).reading.outline, seen(page, seen(PAGE), url).reading.outline
    same = seen(PAGE + "\nMore.\n", url=f"{ACME.url}?page=1").reading.outline
    assert good
    assert other
    assert same
    assert good.form == same.form != other.form


def test_contradicting_prices_are_covered_and_both_places_named() -> None:
    twice = PAGE.replace("| chat-1 | $3 | $15.50 |\n", "| chat-1 | $3 | $15.50 |\n| chat-1 | $4 | $15.50 |\n")
    judged = seen(twice, seen(PAGE))
    (key,) = judged.reading.covered
    assert '"input"' in key
    assert judged.reading.covered[key].contradicted
    (issue,) = [issue for issue in judged.reading.issues if issue.code == "conflicting_facts"]
    assert issue.locator.count("row") == 2


def test_json_may_write_its_characters_as_escapes() -> None:
    plain = '{"names": ["' + "价格与模型" * 20 + '"], "vendor": "acme, a shop for models"}'
    escaped = json.dumps(json.loads(plain))
    assert escaped.isascii()
    assert [issue.code for issue in broken(as_json(escaped), (), Precedent.of(as_json(plain), Reading()))] == []
    lost = plain.encode("ascii", "replace").decode()
    assert [issue.code for issue in broken(as_json(lost), (), Precedent.of(as_json(escaped), Reading()))] == ["garbled"]


def as_json(text: str) -> Document:
    at = datetime(2026, 8, 1, tzinfo=UTC)
    return Document(body=text.encode(), url=ACME.url, at=at, source="acme", provider="acme")


ENDS = replace(ACME, id="acme-lifecycle", kind="lifecycle", url="https://acme.example/deprecations")
LIVES = (
    "# Deprecations\n\n## Retired\n\n| Model | Retired on | Replacement |\n|---|---|---|\n| acme-1 "
    "| 2026-05-01 | acme-2 |\n"
    "| acme-0 | 2026-04-01 | acme-2 |\n\n## Planned\n\n| Model | Announced on | Retires on |\n|---|---|---|\n"
    "| acme-2 | 2026-06-01 | 2026-12-01 |\n| acme-3 | 2026-07-01 | 2027-01-01 |\n"
)


@pytest.mark.parametrize("form", [str, html_of_lives])
def test_a_page_of_lifecycles_that_lost_its_titles_or_has_other_headers_over_its_rows_is_held(
    form: Callable[[str], str],
) -> None:
    good = seen(form(LIVES), source=ENDS)
    assert not fatal(good)
    assert "headings_lost" in fatal(seen(form(re.sub(r"^#.*\n", "", LIVES, flags=re.M)), good, source=ENDS))
    swapped = LIVES.replace("| Announced on | Retires on |", "| Retires on | Announced on |")
    assert "columns_mixed" in fatal(seen(form(swapped), good, source=ENDS))
    turned = swapped.replace("| 2026-06-01 | 2026-12-01 |", "| 2026-12-01 | 2026-06-01 |")
    turned = turned.replace("| 2026-07-01 | 2027-01-01 |", "| 2027-01-01 | 2026-07-01 |")
    assert not fatal(seen(form(turned), good, source=ENDS)), "the columns were moved as a whole"
    assert not fatal(seen(form(LIVES.replace("## Planned\n", "")), good, source=ENDS)), "one title less"

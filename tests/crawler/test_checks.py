"""What is refused, and what is not."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from crawler.checks import check
from crawler.extract.document import Document, Reading
from crawler.precedent import Precedent
from crawler.scales import rescaled
from timeline.facts import Fact
from timeline.issues import Issue
from timeline.notices import Notice
from timeline.prices import PricePoint


@dataclass(frozen=True)
class Expected:
    facts: tuple[int, int] | None = None
    models: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()


def price(model: str = "m", amount: str = "3", **changed: Any) -> PricePoint:
    fields: dict[str, Any] = {"provider": "acme", "model": model, "meter": "input", "currency": "USD"}
    fields |= {"amount": Decimal(amount), "per": Decimal(1_000_000), "locator": f"{model} {amount}"}
    return PricePoint(**fields | changed)


def document(body: bytes = b"# Prices") -> Document:
    at = datetime(2026, 8, 1, tzinfo=UTC)
    return Document(body=body, url="https://acme.example/pricing", at=at, source="acme-pricing", provider="acme")


def checked(
    *facts: Fact,
    body: bytes = b"# Prices",
    expect: Expected | None = None,
    live: bool = True,
    last_good: Precedent | None = None,
    issues: tuple[Issue, ...] = (),
) -> Reading:
    reading = Reading(facts=facts, issues=issues)
    return check(reading, document=document(body), expect=expect or Expected(), live=live, last_good=last_good)


def known(count: int) -> Precedent:
    return Precedent(facts=[price(str(number)) for number in range(count)])


def codes(reading: Reading) -> list[str]:
    return [issue.code for issue in reading.issues]


def test_a_good_reading_passes_untouched() -> None:
    facts = (price("a"), price("b"))
    reading = checked(*facts, expect=Expected((1, 5), ("A",), ("prices",)), last_good=known(2))
    assert (tuple(reading.facts), codes(reading)) == (facts, [])


@pytest.mark.parametrize(
    ("count", "before", "code"),
    [
        (3, 100, "collapsed"),
        (39, 100, "collapsed"),
        (40, 100, None),
        (300, 100, None),
        (400, 100, "exploded"),
        (100, 10, None),  # a small page may grow
        (1, 9, None),
    ],
)
def test_collapse_and_explosion_against_the_last_good_capture(count: int, before: int, code: str | None) -> None:
    reading = checked(*[price(str(n)) for n in range(count)], last_good=known(before))
    assert codes(reading) == ([code] if code else [])
    assert all(issue.fatal for issue in reading.issues)


@pytest.mark.parametrize(("count", "before", "code"), [(51, 100, None), (50, 100, "collapsed"), (4, 9, None)])
def test_half_a_catalogue_is_cut_off_also_in_an_import(count: int, before: int, code: str | None) -> None:
    reading = Reading(facts=[price(str(n)) for n in range(count)])
    for live in (True, False):
        found = check(
            reading, document=document(), expect=Expected(), live=live, last_good=known(before), catalogue=True
        )
        assert codes(found) == ([code] if code else [])


def test_between_imports_a_page_may_grow() -> None:
    facts = [price(f"m{n}") for n in range(400)]
    assert codes(checked(*facts, last_good=known(100), live=False)) == []


def test_a_page_that_loses_all_its_prices_is_bad_also_in_an_import() -> None:
    reading = checked(body=b"See our [pricing page](https://acme.example).", live=False, last_good=known(12))
    assert {"no_facts", "collapsed"} == set(codes(reading))
    assert all(issue.fatal for issue in reading.issues)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (
            b"<html><title>Just a moment...</title><body>Enable JavaScript and cookies to continue</body></html>",
            "bot_wall",
        ),
        (b"<html><body><form><input name=p type='password'></form></body></html>", "login_page"),
        (b"<html><body><h1>404</h1><p>Page not found</p></body></html>", "error_page"),
        (b"<html><body>Nothing here</body></html>", "no_facts"),
        (b'<html><body>Models<script>x="Page not found"</script></body></html>', "no_facts"),
    ],
)
def test_an_empty_page_says_what_it_is_instead(body: bytes, code: str) -> None:
    assert codes(checked(body=body)) == [code]


def test_a_feed_may_be_empty() -> None:
    assert codes(checked(body=b"<?xml version='1.0'?><rss><channel/></rss>")) == []


def test_a_page_that_need_not_name_a_price_may_be_empty_but_is_no_wall() -> None:
    assert codes(checked(expect=Expected((0, 5)))) == []
    walled = checked(expect=Expected((0, 5)), body=b"<title>Just a moment...</title>")
    assert codes(walled) == ["bot_wall"]


def test_counts_and_markers_are_asked_of_live_captures_only() -> None:
    expect = Expected((5, 9), ("claude",), ("Base input tokens",))
    assert codes(checked(price("gpt"), expect=expect)) == ["count_below_minimum", "marker_missing", "model_missing"]
    assert codes(checked(price("gpt"), expect=expect, live=False)) == []


def test_a_price_told_twice_is_told_once() -> None:
    assert len(checked(price(), price()).facts) == 1
    assert len(checked(price(), price(amount="0.003", per=Decimal(1000))).facts) == 1


def test_two_values_for_one_price_are_neither() -> None:
    reading = checked(price("a"), price("b", "1"), price("b", "2"), price("b", "1"))
    assert [fact.model for fact in reading.facts if isinstance(fact, PricePoint)] == ["a"]
    assert codes(reading) == ["conflicting_facts"]
    assert "b 1; b 2" in reading.issues[0].locator


def test_a_scheduled_price_beside_the_one_it_replaces_is_no_conflict() -> None:
    now = price(amount="2", effective_to=date(2026, 8, 31))
    then = price(amount="3", effective_from=date(2026, 9, 1))
    undated = price(amount="2")
    assert codes(checked(now, then)) == []
    assert codes(checked(undated, then)) == []
    assert codes(checked(now, replace_amount(now, "5"))) == ["conflicting_facts"]


def replace_amount(fact: PricePoint, amount: str) -> PricePoint:
    return price(amount=amount, effective_to=fact.effective_to)


@pytest.mark.parametrize(
    "fact",
    [
        price(effective_from=date(2626, 1, 1)),
        price(effective_from=date(1970, 1, 1)),
        price(effective_from=date(2026, 9, 1), effective_to=date(2026, 8, 1)),
        Notice(provider="acme", model="m", status="deprecated", retires_on="2525-01-01"),
        Notice(provider="acme", model="m", status="deprecated", announced_on="1970-01"),
    ],
)
def test_days_that_cannot_be_meant(fact: Fact) -> None:
    reading = checked(fact)
    assert codes(reading) == ["impossible_date"]
    assert reading.issues[0].fatal


def test_what_the_reader_found_wrong_is_kept() -> None:
    own = Issue(code="unknown_unit", message="per furlong", fatal=True)
    assert codes(checked(issues=(own,))) == ["unknown_unit"]


def test_the_last_day_of_the_calendar_is_a_day_like_others() -> None:
    at = datetime(9999, 12, 31, tzinfo=UTC)
    page = Document(body=b"# Prices", url="https://acme.example/pricing", at=at, source="acme", provider="acme")
    fact = price(effective_from=date(9999, 12, 31))
    reading = check(Reading(facts=(fact,)), document=page, expect=Expected(), live=False, last_good=None)
    assert codes(reading) == []


@pytest.mark.parametrize(("factor", "much"), [("1000", "1,000 times"), ("0.001", "a 1,000th of")])
def test_a_catalogue_that_moved_by_a_power_of_ten_counts_in_another_unit(factor: str, much: str) -> None:
    before = [price(str(number), "0.7") for number in range(12)]
    after = [price(str(number), str(Decimal("0.7") * Decimal(factor))) for number in range(6)] + before[6:]
    reading = check(
        Reading(facts=tuple(after)),
        document=document(),
        expect=Expected(),
        live=True,
        last_good=Precedent(facts=before),
        catalogue=True,
    )
    assert codes(reading) == ["rescaled"]
    assert f"6 of 12 prices are {much}" in reading.issues[0].message
    assert codes(checked(*after, last_good=Precedent(facts=before))) == []  # a page is held, and looked at once more


def test_a_catalogue_of_which_few_prices_moved_so_is_believed() -> None:
    before = [price(str(number)) for number in range(12)]
    assert list(rescaled([*(price(str(n), "30") for n in range(5)), *before[5:]], before)) == []
    assert list(rescaled([price(str(n), "6") for n in range(12)], before)) == []
    assert list(rescaled([price(str(n), "0", state="free") for n in range(12)], before)) == []

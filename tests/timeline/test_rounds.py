"""One deal told by many is one event; other deals of the same company are others."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from timeline.funding import FundingRound
from timeline.rounds import Report, company_key, join

START = datetime(2026, 3, 1, 9, tzinfo=UTC)


def report(name: str, day: int | None, **said: Any) -> Report:
    for field in ("amount", "valuation"):
        said[field] = Decimal(said[field]) if field in said else None
    base = FundingRound(
        label=said.pop("label", "funding"),
        company="Solmark",
        round="undisclosed",
        currency="USD",
        status=said.pop("status", "announced"),
    )
    return Report(id=name, round=replace(base, **said), at=None if day is None else START + timedelta(days=day))


def dollars(currency: str, on: date) -> Decimal | None:
    assert on >= START.date()
    return {"EUR": Decimal("1.2")}.get(currency)


def groups(*reports: Report, **options: Any) -> set[frozenset[str]]:
    found = join(reports, dollars=dollars, **options)
    assert found == join(reversed(reports), dollars=dollars, **options)  # the order of arrival does not matter
    return {frozenset(group) for group in found}


def test_talks_announcement_and_close_are_one_round() -> None:
    told = (
        report("talk", 0, status="rumoured", amount=300, valuation=4000),
        report("more", 20, status="rumoured", amount=500),
        report("done", 40, amount=520, round="series_c"),
        report("closed", 60, amount=520, status="closed"),
    )
    assert groups(*told) == {frozenset({"talk", "more", "done", "closed"})}


def test_the_next_talks_are_another_round() -> None:
    assert len(groups(report("a", 0, amount=100), report("b", 30, amount=400, status="rumoured"))) == 2
    assert len(groups(report("a", 0, amount=100, round="series_a"), report("b", 9, amount=100, round="series_b"))) == 2
    assert len(groups(report("a", 0, status="rumoured"), report("b", 90, status="rumoured"))) == 2


def test_sums_within_five_percent_at_the_rate_of_the_day() -> None:
    dollar = report("a", 0, amount=120)
    assert len(groups(dollar, report("b", 1, amount=98, currency="EUR"))) == 1
    assert len(groups(dollar, report("b", 1, amount=130, currency="EUR"))) == 2
    assert len(groups(dollar, report("b", None, amount=98, currency="EUR"))) == 1  # undated: by its figures


def test_before_and_after_the_money() -> None:
    assert len(groups(report("a", 0, valuation=900, amount=100), report("b", None, valuation=1000))) == 1
    assert len(groups(report("a", 0, valuation=900, amount=100), report("b", None, valuation=1300))) == 2


def test_kinds_and_companies_keep_apart() -> None:
    assert len(groups(report("a", 0, amount=100), report("b", 0, amount=100, label="debt"))) == 2
    assert len(groups(report("a", 0, amount=100), report("b", 0, amount=100, company="Oxbow"))) == 2
    assert len(groups(report("a", 0, amount=100), report("b", 0, amount=100, company="Solmark AI, Inc."))) == 1
    assert company_key("AI Labs") == "ailabs"  # nothing but corporate words is still a name


def test_purchases_join_by_target_and_buyer() -> None:
    bought = report("a", 0, label="acquisition", acquirer="Oxbow")
    assert len(groups(bought, report("b", 200, label="acquisition", acquirer="Oxbow", status="closed"))) == 1
    assert len(groups(bought, report("b", 2, label="acquisition", acquirer="Redrock"))) == 2
    turned = report("b", 3, label="acquisition", company="Oxbow", also=("Solmark",))
    assert len(groups(replace(bought, round=replace(bought.round, acquirer=None, also=("Oxbow",))), turned)) == 1


def test_a_listing_is_one_event_however_long_it_takes() -> None:
    talk = report("a", 0, label="ipo", status="rumoured")
    assert len(groups(talk, report("b", 300, label="ipo"))) == 1


def test_what_a_person_has_split_stays_split() -> None:
    told = report("a", 0, amount=100), report("b", 1, amount=100), report("c", 2, amount=100)
    assert groups(*told) == {frozenset("abc")}
    assert groups(*told, apart=[frozenset("ac"), frozenset("bc")]) == {frozenset("ab"), frozenset("c")}


def test_items_without_a_deal_and_round_ups_join_nothing() -> None:
    roundup = report("b", 1, also=("Oxbow",))
    assert groups(report("a", 0, amount=100), roundup, report("n", 1, label="none")) == {frozenset("a"), frozenset("b")}


def test_names_of_one_company() -> None:
    assert company_key("Solmark AI GmbH") == company_key("Solmark.ai") == company_key("Solmark, Inc.") == "solmark"
    assert company_key("Solmark Pvt Ltd") == company_key("SOLMARK Group") == company_key("Sólmark")
    assert company_key("Alphabet") == company_key("Google") and company_key("a16z") == company_key(
        "Andreessen Horowitz"
    )
    assert len({company_key(name) for name in ("Sierra", "Sierra Space", "Sierra Wireless")}) == 3
    assert company_key(None) == "" and company_key("Group") == "group"


def test_an_extension_is_of_its_round_and_the_next_round_is_not() -> None:
    first = report("a", 0, amount=100, round="series_c")
    assert len(groups(first, report("b", 30, amount=130, round="series_c"))) == 1
    assert len(groups(first, report("b", 30, amount=300, round="series_c"))) == 2
    assert len(groups(first, report("b", 100, amount=130, round="series_c"))) == 2


def test_an_undated_rumour_between_the_sums_of_talks() -> None:
    talks = (
        report("a", 0, status="rumoured", valuation=1000),
        report("b", 20, status="rumoured", valuation=5000),
        report("c", 120, amount=40),
    )
    inside, above = (report("u", None, status="rumoured", valuation=value) for value in (2000, 9000))
    assert frozenset("abu") in groups(*talks, inside)
    assert frozenset("u") in groups(*talks, above)

"""Changed texts and rule dates as people read them."""

from dataclasses import replace
from typing import Any

from alerts.messages import compose, text
from alerts.routing import default_routes
from tests.alerts.examples import event
from timeline.events import Event
from timeline.headlines import headline


def rule(stated: str, old: str | None = None, **more: Any) -> Event:
    sides = [day and {"applies_from": day, "binding": "applies", "quote": "It shall apply."} for day in (old, stated)]
    about = {"model_id": None, "provider": "office", "conditions": {"jurisdiction": "EU"}, "subject_kind": "rule"}
    told = event("rule.dated", "AI Act", old=sides[0], new=sides[1], **{**about, **more})
    return replace(told, headline=headline(told))


def test_one_rule_date_is_told_with_its_sentence() -> None:
    (message,) = compose([rule("2027-12-02", "2026-08-02")], [], "http://here")
    assert message.title == "EU: AI Act applies from 2 December 2027, not 2 August 2026"
    assert message.lines == ("In its words: It shall apply.",)
    assert [link.label for link in message.links] == ["Evidence", "Timeline", "Page"]


def test_the_rule_dates_of_a_look_are_one_message() -> None:
    (message,) = compose([rule("2027-12-02", key="a"), rule("2028-12-02", key="b")])
    assert message.title == "office dates 2 rules" and len(message.lines) == 2


def test_a_changed_text_is_told_in_its_words() -> None:
    changes = [{"was": "Be good", "is": "Be very good"}, {"was": "Old"}, {"is": "New <b>"}]
    told = event("page.changed", None, new={"title": "Terms", "changes": changes}, headline="acme changes Terms")
    (message,) = compose([told])
    assert "• Was: Be good Is: Be very good\n• Gone: Old\n• New: New <b>\n" in text(message)


def test_by_default_nobody_is_told() -> None:
    kinds = {kind for route in default_routes("r") for kind in route.kinds}
    assert not kinds & {"figure.changed", "rule.dated", "page.changed", "*"}


def test_the_same_change_has_one_id_however_it_is_printed() -> None:
    assert rule("2027-12-02").id == rule("2027-12-02", locator="elsewhere").id
    one, other = ({"value": value, "unit": "percent"} for value in ("2.0", "2.00"))
    assert event("figure.changed", "a", new=one).id == event("figure.changed", "a", new=other).id
    assert event("figure.changed", "a", new=one).id != event("figure.changed", "a", new={**one, "value": "3"}).id

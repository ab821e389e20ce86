"""Messages: what belongs together is told together, in words a person would write, and with a key that stays."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.circumstances import Sibling, Standing
from alerts.messages import Message, compose, parked_notice, text, trial, withdrawal
from tests.alerts.examples import AT, event, price, reference, retirement, side, status
from tests.alerts.test_impact import standing, work
from tests.payloads import HOSTILE
from timeline.events import Event
from timeline.workloads import Workload

BASE = "http://127.0.0.1:8321"
BATCH: dict[str, str | int] = {"service_tier": "batch"}
NEW_PRICE: dict[str, Any] = {"old": side("0.8"), "new": side("1")}
FLOOR = {"retires_on": None, "not_before": "2027-02-05"}

TITLES: list[tuple[list[Event], str]] = [
    (
        [price("output", "6.00", "1.20"), price("input", "1.00", "0.20")],
        "OpenAI cuts gpt-5.6-luna by 80 %: input $1.00 → $0.20, output $6.00 → $1.20 per 1M tokens",
    ),
    ([price("input", "1", "0.8"), price("output", "6", "4")], "OpenAI cuts gpt-5.6-luna by 20 to 33 %"),
    (
        [price("cache_read", "0.10", "0.125")],
        "OpenAI raises gpt-5.6-luna cached input by 25 %: $0.10 → $0.125 per 1M tokens",
    ),
    (
        [price("input", "1", "0.5", conditions=BATCH), price("output", "2", "1", conditions=BATCH)],
        "OpenAI cuts gpt-5.6-luna batch prices by 50 %: input $1.00 → $0.50, output $2.00 → $1.00 per 1M tokens",
    ),
    (
        [price("input", "1", "0.8"), price("output", "6", "6.6")],
        "OpenAI changes gpt-5.6-luna prices: input −20 % and output +10 %",
    ),
    (
        [price("input", "1", "0.8", kind="price.scheduled", effective_at="2026-09-01")],
        "OpenAI will cut gpt-5.6-luna input by 20 % from 1 September 2026: $1.00 → $0.80 per 1M tokens",
    ),
    (
        [event("price.schedule_withdrawn", meter="input", effective_at="2026-09-01", **NEW_PRICE)],
        "OpenAI calls off a price cut of gpt-5.6-luna planned for 1 September 2026",
    ),
    ([price("input", "1", "1", new=side("0", state="free"))], "OpenAI makes gpt-5.6-luna input free"),
    (
        [event("price.listed", meter="input", new=side("1")), event("price.listed", meter="output", new=side("3"))],
        "OpenAI lists gpt-5.6-luna: input $1.00, output $3.00 per 1M tokens",
    ),
    ([event("price.delisted", meter="input", old=side("1"))], "OpenAI no longer lists gpt-5.6-luna input"),
    ([retirement()], "OpenAI will retire gpt-5.6-luna on 26 November 2026"),
    ([retirement("2026-11")], "OpenAI will retire gpt-5.6-luna in November 2026"),
    ([retirement("2026-03-26")], "OpenAI says that gpt-5.6-luna retired on 26 March 2026"),
    (
        [retirement(), status("active", "deprecated")],
        "OpenAI deprecates gpt-5.6-luna; it retires on 26 November 2026",
    ),
    (
        [retirement("2026-08-12"), status("active", "retired")],
        "OpenAI retires gpt-5.6-luna, as of 12 August 2026",
    ),
    (
        [retirement("2026-08-12", kind="model.retirement_moved"), status("deprecated", "retired")],
        "OpenAI retires gpt-5.6-luna, as of 12 August 2026",
    ),
    (
        [event("model.retirement_scheduled", old={}, new=FLOOR)],
        "OpenAI keeps gpt-5.6-luna until at least 5 February 2027",
    ),
    (
        [event("model.retirement_moved", old={"retires_on": "2026-11-26"}, new={"retires_on": "2027-01-15"})],
        "OpenAI puts off the retirement of gpt-5.6-luna from 26 November 2026 to 15 January 2027",
    ),
    (
        [event("model.retirement_moved", old={"retires_on": "2026-11-26"}, new={"retires_on": "2026-10-15"})],
        "OpenAI brings forward the retirement of gpt-5.6-luna from 26 November 2026 to 15 October 2026",
    ),
    (
        [event("model.retirement_withdrawn", old={"retires_on": "2026-11-26"}, new={})],
        "OpenAI withdraws the retirement of gpt-5.6-luna (on 26 November 2026)",
    ),
    (
        [event("model.retirement_due", new={"retires_on": "2026-08-26", "days": 14})],
        "OpenAI retires gpt-5.6-luna in 14 days, on 26 August 2026",
    ),
    (
        [event("model.retirement_due", new={"retires_on": "2026-08-12", "days": 0})],
        "OpenAI retires gpt-5.6-luna today, 12 August 2026",
    ),
    ([status("deprecated", "retired")], "OpenAI retires gpt-5.6-luna"),
    ([status("preview", "active")], "OpenAI: gpt-5.6-luna is generally available"),
    ([status("retired", "active")], "OpenAI: gpt-5.6-luna is active again (was retired)"),
    (
        [event("model.replacement_changed", old={"replacements": ["a"]}, new={"replacements": ["b", "c"]})],
        "OpenAI recommends b and c instead of a to replace gpt-5.6-luna",
    ),
    ([event("news.published", None, new={"title": "Introducing things", "url": "https://x.example"})],
     "OpenAI: Introducing things"),
    ([event("source.broken", None, headline="openai-pricing cannot be read")], "openai-pricing cannot be read"),
]  # fmt: skip


@pytest.mark.parametrize(("events", "title"), TITLES, ids=lambda value: value if isinstance(value, str) else "")
def test_headlines(events: list[Event], title: str) -> None:
    (message,) = compose(events)
    assert message.title == title


def test_the_whole_of_a_price_message() -> None:
    events = [
        price("input", "1.00", "0.80"),
        price("output", "6", "6.60"),
        price("cache_read", "0.1", "0.05"),
        price("input", "2", "1.60", conditions={"context_over": 200_000}),
    ]
    (message,) = compose(events, [work()], BASE)
    assert text(message) == (
        "OpenAI changes gpt-5.6-luna prices: input −20 %, input for prompts above 200K tokens −20 % and 2 more\n\n"
        "Prices per 1M tokens:\n"
        "• Input: $1.00 → $0.80 (−20 %)\n"
        "• Input for prompts above 200K tokens: $2.00 → $1.60 (−20 %)\n"
        "• Cached input: $0.10 → $0.05 (−50 %)\n"
        "• Output: $6.00 → $6.60 (+10 %)\n\n"
        "support-bot pays $60.00 more a month: $5,100 → $5,160 (+1.2 %), at 100,000 requests a day with 500 tokens in "
        "and 200 out, 30 days a month.\n\n"
        "Seen on platform.openai.example between 10:00 and 10:10 UTC on 12 August 2026\n"
        f"Evidence: {BASE}/evidence/{events[0].id}\n"
        f"History: {BASE}/models/openai/gpt-5.6-luna\n"
        "Page: https://platform.openai.example/docs/pricing.md"
    )


def test_the_whole_of_a_retirement_message() -> None:
    replaced = event(
        "model.replacement_changed", old={"replacements": []}, new={"replacements": ["gpt-6", "gpt-6-mini"]}
    )
    (message,) = compose([retirement(), status("active", "deprecated"), replaced], [work()], BASE)
    assert message.title == "OpenAI deprecates gpt-5.6-luna; it retires on 26 November 2026"
    assert message.lines == ("That leaves 106 days.", "Replacement: gpt-6 and gpt-6-mini")
    assert message.effects == (
        "support-bot runs on gpt-5.6-luna and has to move within 106 days. What gpt-6 would cost is not known. "
        "What gpt-6-mini would cost is not known.",
    )


def test_a_list_that_changes_alike_has_its_figures_in_the_headline_and_says_nothing_twice() -> None:
    plain = [("input", "2", "3"), ("output", "10", "15"), ("cache_read", "0.2", "0.3")]
    ahead: dict[str, Any] = {"kind": "price.scheduled", "effective_at": "2026-09-01"}
    events = [price(meter, old, new, **ahead) for meter, old, new in plain]
    (message,) = compose([*events, price("input", "1", "1.5", conditions=BATCH, **ahead)])
    assert message.title == (
        "OpenAI will raise gpt-5.6-luna by 50 % from 1 September 2026: input $2.00 → $3.00, output $10.00 → $15.00 per "
        "1M tokens"
    )
    assert (message.lead, message.lines) == (
        "Prices per 1M tokens:",
        (
            "Input: $2.00 → $3.00",
            "Cached input: $0.20 → $0.30",
            "Output: $10.00 → $15.00",
            "Batch input: $1.00 → $1.50",
        ),
    )


def test_what_else_changed_on_the_page_is_said_in_a_line() -> None:
    told = price("input", "1", "0.5")
    look: dict[str, Any] = {"source": told.source, "observed_at": told.observed_at}
    others = [
        *(Sibling(event=f"m{n}", kind="model.listed", model=f"gpt-{n}", **look) for n in range(5)),
        Sibling(event="gone", kind="price.delisted", model="gpt-4", **look),
        Sibling(event=told.id, kind="price.changed", model="gpt-5.6-luna", **look),
        Sibling(event="else", kind="price.changed", model="x", source="other", observed_at=AT),
        Sibling(event="news", kind="news.published", model=None, **look),
    ]
    assert compose([told], standing=Standing(siblings=others))[0].also == (
        "Also on that page: 1 price gone (gpt-4) and 5 new entries (gpt-0, gpt-1, gpt-2 and 2 more).",
    )
    assert compose([told])[0].also == ()
    twice = [told, price("input", "3", "2", model="gpt-4o")]
    assert [bool(one.also) for one in compose(twice, standing=Standing(siblings=others))] == [True, False]


def test_standing_prices_make_the_bill_whole() -> None:
    (message,) = compose([price("input", "1", "0.5")], [work()], "", Standing(prices=[standing("output", "6")]))
    assert "pays $750 less a month: $5,100 → $4,350 (−15 %)" in message.effects[0]


def test_a_page_that_changes_for_many_models_is_one_message() -> None:
    models = [f"gpt-{n}" for n in range(40)]
    events = [price(meter, "2", "1", model=model) for model in models for meter in ("input", "output")]
    (message,) = compose(events, base_url=BASE)
    assert message.title == "OpenAI cuts the prices of 40 models by 50 %"
    assert len(message.lines) == 40
    assert message.lead == "Prices per 1M tokens:"
    assert message.lines[0] == "gpt-0: input $2.00 → $1.00, output $2.00 → $1.00 (−50 %)"
    assert message.subjects == tuple(f"openai/{model}" for model in models)


def test_what_all_prices_of_a_page_are_is_said_in_front_of_them() -> None:
    changes = [price("input", "2", "1", conditions=BATCH), price("output", "4", "3", conditions=BATCH)]
    names = [f"a-rather-long-name-{n}" for n in range(4)]
    events = [replace(change, model=name, model_id=name) for name in names for change in changes]
    (message,) = compose(events)
    assert message.title == "OpenAI cuts the batch prices of 4 models by 25 to 50 %"
    assert message.lead == "Batch prices per 1M tokens:"
    assert message.lines[0] == "a-rather-long-name-0: input $2.00 → $1.00 (−50 %); output $4.00 → $3.00 (−25 %)"


NAMED = Standing(replacements={f"openai/gpt-4-{n}": ["gpt-6"] for n in range(5)} | {"openai/gpt-5.6-luna": ["gpt-6"]})


def test_a_replacement_named_before_is_told_with_every_ending() -> None:
    for ending in (retirement(), status("active", "deprecated"), retirement(kind="model.retirement_due")):
        assert "Replacement: gpt-6" in compose([ending], standing=NAMED)[0].lines
    assert "Replacement: gpt-6" not in compose([status("deprecated", "active")], standing=NAMED)[0].lines
    told = event("model.replacement_changed", old={"replacements": ["gpt-5"]}, new={"replacements": ["gpt-6"]})
    assert compose([retirement(), told], standing=NAMED)[0].lines[1:] == ("Replacement: gpt-6 (was gpt-5)",)
    few = compose([retirement(model=f"gpt-4-{n}") for n in range(5)], standing=NAMED)[0]
    assert few.lines == ("That leaves 106 days.", "Replacement: gpt-6")
    page = compose([retirement(f"2026-11-{10 + n}", model=f"gpt-4-{n}") for n in range(5)], standing=NAMED)[0]
    assert page.lines[0] == "gpt-4-0: retires on 10 November 2026"
    assert page.lines[5:] == ("Replacement: gpt-6",)


def test_what_many_models_share_is_said_once() -> None:
    models = [f"gpt-4-long-name-{n}" for n in range(5)]
    events = [
        told for model in models for told in (retirement(model=model), status("active", "deprecated", model=model))
    ]
    (message,) = compose(events)
    assert message.title == "OpenAI deprecates 5 models; they retire on 26 November 2026"
    assert message.lines == (
        "gpt-4-long-name-0, gpt-4-long-name-1, gpt-4-long-name-2, gpt-4-long-name-3 and gpt-4-long-name-4",
        "That leaves 106 days.",
    )


def test_three_models_are_three_messages_in_order() -> None:
    events = [price("input", "2", f"1.{n}", model=f"m{n}") for n in range(3)]
    assert [message.subjects for message in compose(events)] == [("openai/m0",), ("openai/m1",), ("openai/m2",)]


def test_the_same_change_of_a_few_models_is_told_once_with_their_names() -> None:
    (told,) = compose([price("tool_call", "10", "5", model=model) for model in ("Web Search", "X Search")])
    assert told.title == "OpenAI cuts Web Search and X Search tool call by 50 %: $10.00 → $5.00 per 1M tokens"
    assert told.subjects == ("openai/Web Search", "openai/X Search")
    models = ("gpt-4-0314", "gpt-4-0613", "gpt-4-32k", "gpt-4-turbo")
    (named,) = compose([retirement(model=model, kind="model.retirement_scheduled") for model in models])
    assert named.title == "OpenAI will retire gpt-4-0314, gpt-4-0613, gpt-4-32k and gpt-4-turbo on 26 November 2026"
    both = [
        told for model in models[:2] for told in (retirement(model=model), status("active", "deprecated", model=model))
    ]
    assert compose(both)[0].title == "OpenAI deprecates gpt-4-0314 and gpt-4-0613; they retire on 26 November 2026"


def test_a_page_of_many_fates_says_how_many_of_each() -> None:
    ended = [status("deprecated", "retired", model=f"a{n}") for n in range(3)]
    ending = [retirement(model="b"), status("active", "deprecated", model="b")]
    kept = [event("model.retirement_scheduled", f"c{n}", old={}, new={"not_before": f"2027-0{n}-01"}) for n in (1, 2)]
    (message,) = compose([*ended, *ending, *kept])
    assert message.title == "OpenAI retires 3 models, deprecates 1 and sets earliest dates for 2"
    assert message.lines == (
        "a0, a1 and a2: deprecated → retired",
        "b: retires on 26 November 2026; active → deprecated",
        "c1: is kept until at least 1 January 2027",
        "c2: is kept until at least 1 February 2027",
    )


def test_models_of_one_fate_stand_on_one_line_and_the_gravest_first() -> None:
    dates = {
        "a": "2026-11-14",
        "b": "2026-12-02",
        "c": "2026-11-14",
        "d": "2026-12-02",
        "e": "2026-11-18",
        "f": "2026-12-09",
    }
    events = [retirement(day, model=name, kind="model.retirement_due") for name, day in dates.items()]
    (message,) = compose([replace(one, new={**(one.new or {}), "days": 30}) for one in events])
    assert message.title == "OpenAI retires 6 models within 119 days"
    assert message.lines == (
        "a and c: retire on 14 November 2026",
        "e: retires on 18 November 2026",
        "b and d: retire on 2 December 2026",
        "f: retires on 9 December 2026",
    )


def test_each_of_a_few_models_has_its_own_replacement() -> None:
    named = Standing(replacements={"openai/a": ["gpt-6"], "openai/b": ["gpt-6-mini"], "openai/c": []})
    pair = [status("deprecated", "retired", model=name) for name in ("a", "b")]
    assert compose(pair, standing=named)[0].lines == ("a: replaced by gpt-6", "b: replaced by gpt-6-mini")
    assert compose([pair[0], status("deprecated", "retired", model="c")], standing=named)[0].lines == (
        "a: replaced by gpt-6",
        "c: none",
    )


def test_a_model_that_was_gone_is_brought_back() -> None:
    moved = event("model.retirement_moved", old={"retires_on": "2026-07-30"}, new={"retires_on": "2026-09-16"})
    (message,) = compose([moved, status("retired", "deprecated")])
    assert message.title == "OpenAI brings back gpt-5.6-luna; it now retires on 16 September 2026"
    assert message.lines == (
        "It had been listed as retired since 30 July 2026.",
        "48 days later than the page had said: that leaves 35 days.",
    )
    (page,) = compose(
        [
            *(status("deprecated", "retired", model=f"a{n}") for n in range(4)),
            status("retired", "deprecated", model="b"),
            *(retirement(f"2026-12-0{n}", model=f"c{n}") for n in range(1, 4)),
        ]
    )
    assert page.title == "OpenAI retires 4 models, will retire 3 and brings back 1"


def test_several_that_were_gone_had_been_listed_and_none_is_without_a_word() -> None:
    old, new = {"retires_on": "2026-07-30"}, {"retires_on": "2026-09-16"}
    back = [
        told
        for name in ("a", "b")
        for told in (
            event("model.retirement_moved", name, old=old, new=new),
            status("retired", "deprecated", model=name),
        )
    ]
    assert compose(back)[0].lines[0] == "They had been listed as retired since 30 July 2026."
    names = [f"a-model-with-a-long-name-{n}" for n in range(4)]
    named = Standing(replacements={f"openai/{name}": ["gpt-6"] for name in names[:3]})
    (page,) = compose([status("deprecated", "retired", model=name) for name in names], standing=named)
    assert page.lines[0].endswith("a-model-with-a-long-name-2: replaced by gpt-6")
    assert page.lines[1] == "a-model-with-a-long-name-3: no replacement named"


def test_a_floor_that_has_passed_promises_nothing() -> None:
    past = event("model.retirement_scheduled", old={}, new={"retires_on": None, "not_before": "2026-03-07"})
    (message,) = compose([past], [work()])
    assert message.title == "OpenAI may retire gpt-5.6-luna at any time: the page says not before 7 March 2026"
    assert message.effects == ("support-bot runs on gpt-5.6-luna, which may be retired at any time.",)
    ahead = event("model.retirement_scheduled", old={}, new={"retires_on": None, "not_before": "2027-03-07"})
    assert compose([ahead], [work()])[0].effects == (
        "support-bot runs on gpt-5.6-luna, which is kept until at least 7 March 2027.",
    )


def test_what_is_no_model_is_not_called_one() -> None:
    many = [retirement(f"2026-11-1{n}", model=f"gpt-4-{n}") for n in range(4)]
    (message,) = compose([*many, replace(retirement("2026-11-20", model="Assistants"), subject_kind="endpoint")])
    assert message.title == "OpenAI sets retirement dates for 4 models and 1 endpoint"


def test_a_milestone_says_how_many_days_are_left_and_when_the_page_last_said_so() -> None:
    late = event("model.retirement_due", new={"retires_on": "2026-10-30", "days": 90})  # first seen after its day
    (message,) = compose([late], standing=Standing(seen={"openai/gpt-5.6-luna": AT - timedelta(days=2)}))
    assert message.title == "OpenAI retires gpt-5.6-luna in 79 days, on 30 October 2026"
    assert message.seen == "Stated on platform.openai.example, last seen there on 10 August 2026"
    many = [replace(late, model=name, model_id=name) for name in (f"a-rather-long-name-{n}" for n in range(4))]
    assert compose(many)[0].title == "OpenAI retires 4 models in 79 days, on 30 October 2026"


def test_milestones_of_one_day_are_one_message_whatever_page_they_are_from() -> None:
    due = [retirement("2026-08-26", model=name, kind="model.retirement_due") for name in ("a", "b")]
    (message,) = compose([due[0], replace(due[1], after=reference(7))])
    assert message.title == "OpenAI retires a and b in 14 days, on 26 August 2026"


def test_another_capture_is_another_message() -> None:
    later = price(
        "input", "0.5", "0.4", observed_at=AT + timedelta(hours=1), after=reference(5, AT + timedelta(hours=1))
    )
    assert len(compose([price("input", "1", "0.5"), later])) == 2


def test_more_lines_than_anyone_reads_are_counted() -> None:
    events = [price("input", "2", "1", model=f"m{n}") for n in range(250)]
    (message,) = compose(events)
    assert (len(message.lines), message.omitted) == (100, 150)
    assert "• and 150 more changes" in text(message)


def test_seen_is_as_precise_as_the_captures() -> None:
    def seen(after: datetime | None, at: datetime) -> str:
        return compose([price("input", "1", "2", observed_after=after, observed_at=at)])[0].seen

    where = "Seen on platform.openai.example"
    assert seen(None, AT) == f"{where} at 10:10 UTC on 12 August 2026"
    assert seen(AT - timedelta(days=1), AT) == (
        f"{where} between 10:10 UTC on 11 August 2026 and 10:10 UTC on 12 August 2026"
    )
    days = datetime(2025, 11, 13, tzinfo=UTC), datetime(2026, 2, 26, tzinfo=UTC)
    assert seen(*days) == f"{where} between 13 November 2025 and 26 February 2026"


def test_notes_say_what_a_reader_should_know_of_the_evidence() -> None:
    def notes(**changes: Any) -> tuple[str, ...]:
        return compose([price("input", "1", "2", **changes)])[0].notes

    assert notes() == ()
    assert notes(late=True) == ("Told late: the page had changed before aiwire could read it.",)
    assert notes(trust="catalogue") == ("Reported by a catalogue, not by the provider itself.",)


def test_news_is_its_publishers_own_and_only_a_single_item_is_linked() -> None:
    items = [
        event(
            "news.published", None, key=f"{n}", trust="press", new={"title": f"T{n}", "url": f"https://x.example/{n}"}
        )
        for n in range(2)
    ]
    (one,), (two,) = compose(items[:1]), compose(items)
    assert (one.notes, [link.label for link in one.links]) == ((), ["Article"])
    assert (two.title, two.lines, [link.label for link in two.links]) == ("OpenAI: 2 new items", ("T0", "T1"), ["Page"])


def test_a_stated_day_is_told() -> None:
    stated = compose([price("input", "1", "2", effective_at="2026-08-01"), price("output", "1", "2")])
    assert stated[0].effective == ""
    (message,) = compose([price(meter, "1", "2", effective_at="2026-08-01") for meter in ("input", "output")])
    assert message.effective == "In force since 1 August 2026, as the page states."
    assert "\n\nIn force since 1 August 2026" in text(message)


def test_an_announced_price_whose_day_came_says_so_and_when_the_page_was_last_read() -> None:
    due = price(
        "input", "2", "3", effective_at="2026-08-12", observed_after=None, after=reference(3, AT - timedelta(22))
    )
    read = {(due.source, due.key): AT - timedelta(days=4)}
    (message,) = compose([due], standing=Standing(read=read))
    assert message.effective == "In force since 12 August 2026, as announced."
    assert message.seen == ("Stated on platform.openai.example since 21 July 2026, last seen there on 8 August 2026")


def test_machines_are_told_the_same() -> None:
    (message,) = compose([price("input", "1", "0.5"), price("output", "1", "0.5")])
    assert [(each["event"], each["meter"]) for each in message.data] == list(
        zip(message.events, ("input", "output"), strict=True)
    )
    assert (message.kind, message.provider, message.at) == ("change", "openai", "2026-08-12T10:10:00Z")


def test_a_message_of_before_is_still_read() -> None:
    told = {"key": "k", "events": ["e"], "subjects": ["openai/x"], "title": "t", "lines": ["l"], "links": []}
    message = Message.from_json(told)
    assert (message.lines, message.kind, message.data) == (("l",), "change", ())


def test_the_key_is_of_the_events_alone() -> None:
    events = [price("input", "1", "2"), price("output", "1", "2")]
    (one,) = compose(events)
    (other,) = compose(reversed(events), [work()], BASE)
    assert one.key == other.key
    assert compose(events[:1])[0].key != one.key


@given(st.randoms(use_true_random=False))
def test_the_order_of_events_changes_no_key(chance: random.Random) -> None:
    events = [price(meter, "2", "1", model=f"m{n}") for n in range(6) for meter in ("input", "output")]
    events += [retirement(model=f"m{n}", kind="model.retirement_due") for n in range(2)]
    shuffled = chance.sample(events, len(events))
    assert sorted(m.key for m in compose(shuffled)) == sorted(m.key for m in compose(events))


def test_every_event_is_told_exactly_once() -> None:
    events = list({told.id: told for one, _ in TITLES for told in one}.values())
    told = [event_id for message in compose(events) for event_id in message.events]
    assert sorted(told) == sorted(event.id for event in events)


@pytest.mark.parametrize("payload", HOSTILE)
def test_page_text_is_one_visible_line(payload: str) -> None:
    events = [
        price("input", "1", "2", model=payload),
        event("news.published", None, new={"title": payload, "url": payload, "summary": payload}),
        event("source.broken", None, headline=payload),
        event("model.replacement_changed", payload, old={}, new={"replacements": [payload] * 9}),
    ]
    for message in compose(events, [work(name=payload)], BASE):
        for line in (message.title, *message.lines, *message.effects, *message.notes, message.seen):
            assert line.isprintable(), line
            assert len(line) <= 1500
        assert len(message.title) <= 150
        for link in message.links:
            assert link.url.startswith(("http://127.0.0.1:8321/", "https://platform.openai.example/"))
            assert not set(link.url) & set(' <>|"\n')


def test_a_message_survives_json() -> None:
    for events, _ in TITLES:
        (message,) = compose(events, [work()], BASE)
        assert Message.from_json(json.loads(json.dumps(message.to_json()))) == message


def test_a_withdrawal_says_what_is_taken_back_and_why() -> None:
    (told,) = compose([retirement()], base_url=BASE)
    message = withdrawal(told, [retirement()], "the page was misread")
    assert message.title == "Withdrawn: OpenAI will retire gpt-5.6-luna on 26 November 2026"
    assert message.notes == ("Why: the page was misread.",)
    assert (message.subjects, message.links) == (told.subjects, told.links)
    assert message.key != told.key
    assert (message.kind, message.about) == ("withdrawal", told.key)


def test_notices_of_operation_have_stable_keys() -> None:
    first, second = (parked_notice("finops", n, "404 no_service", AT) for n in (1, 7))
    assert first.key == second.key
    assert parked_notice("finops", 1, "404 no_service", AT + timedelta(days=1)).key != first.key
    one, same = (parked_notice("finops", n, "404", AT + timedelta(days=n), "down since") for n in (1, 7))
    assert one.key == same.key != first.key
    assert trial("finops", "a").key != trial("finops", "b").key


def test_no_workload_is_told_of_what_it_does_not_use() -> None:
    other: Workload = work(model="gpt-4o")
    assert compose([retirement()], [other])[0].effects == ()
    assert compose([price("input", "1", "2")], [other])[0].effects == ()


def test_prices_of_different_days_are_told_with_their_days() -> None:
    first = price("input", "1", "2", kind="price.scheduled", effective_at="2026-09-01")
    later = price("output", "6", "12", kind="price.scheduled", effective_at="2027-03-01")
    (message,) = compose([first, later])
    assert message.title == "OpenAI will raise gpt-5.6-luna by 100 %"
    assert message.lines == (
        "Input: $1.00 → $2.00 per 1M tokens from 1 September 2026",
        "Output: $6.00 → $12.00 per 1M tokens from 1 March 2027",
    )

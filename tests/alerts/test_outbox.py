"""Routing: what is told at once, added up, gathered, silenced, told once for all its sources, or not at all."""

import re
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from alerts import silencing
from alerts.deliver import drain
from alerts.messages import Message
from alerts.outbox import route_pending
from alerts.outcomes import Earlier, Outcome
from alerts.registry import Notifier
from alerts.routes import AlertConfig, parse_alerts
from alerts.silencing import Begun
from store import (
    clock,
    deliveries,
    delivery_attempts,
    events,
    routings,
    silences,
    sources,
    story_links,
)
from store.connect import Connection, connect
from store.silences import Silence
from store.sources import SourceRow
from tests.alerts.examples import AT, event, price, reference, retirement, side
from timeline.events import Event
from timeline.strict import load

pytestmark = pytest.mark.postgres
WAIT = timedelta(seconds=30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LITELLM = "https://raw.catalogue.example/prices.json"
ALL = '[[route]]\nreceiver = "terminal"\nkinds = ["*"]\n'


@pytest.fixture(autouse=True)
def registered(connection: Connection) -> None:
    rows = [
        SourceRow(id=name, provider=provider, kind="pricing", url="https://x.example", trust=trust, every=WAIT)
        for name, provider, trust in (
            ("openai-pricing", "openai", "official"),
            ("openai-site-pricing", "openai", "official"),
            ("openai-lifecycle", "openai", "official"),
            ("litellm-prices", "litellm", "catalogue"),
            ("models-dev", "models-dev", "catalogue"),
        )
    ]
    sources.register(connection, rows, AT)
    connection.commit()


def configured(text: str = ALL) -> AlertConfig:
    table = load(text, "aiwire.toml")
    config = parse_alerts(table, {})
    table.finish()
    return config


def at(told: Event, minutes: float, **changes: Any) -> Event:
    """The event as it was seen that many minutes after AT, by another look."""
    moment = AT + timedelta(minutes=minutes)
    return replace(told, observed_at=moment, after=reference(4 + int(minutes), moment), **changes)


def catalogued(told: Event, minutes: float, source: str = "litellm-prices") -> Event:
    """The same as a catalogue says it; it settles for two days."""
    seen = at(told, minutes, source=source, trust="catalogue", key=f"{source} {told.key}")
    return replace(
        seen, tell_after=seen.observed_at + timedelta(hours=48), after=reference(9, seen.observed_at, LITELLM)
    )


def brief(title: str) -> str:
    """`OpenAI cuts b input by 50 %: $1.00 → $0.50 per 1M tokens` as `cuts b 1.00-0.50`: the wording is not ours."""
    moves = re.findall(r"\$([\d.]+) → \$([\d.]+)", title)
    found = re.match(r"(\w+: )?OpenAI (cuts|raises) (\S+)", title)
    return " ".join([f"{found[1] or ''}{found[2]} {found[3]}", *map("-".join, moves)]) if moves and found else title


class Wire:
    """A database and its routing, at times of our choosing."""

    def __init__(self, connection: Connection, config: AlertConfig) -> None:
        self.connection = connection
        self.config = config

    def see(self, *told: Event, route_at: datetime | None = None) -> int:
        """Record events, then route at the time of the last one, or at another."""
        events.insert(self.connection, told, recorded_at=told[-1].observed_at)
        self.connection.commit()
        return self.route(route_at or told[-1].observed_at)

    def route(self, now: datetime) -> int:
        clock.set_rehearsal(self.connection, now)
        self.connection.commit()
        added = route_pending(self.connection, self.config, now, group_wait=WAIT)
        self.connection.commit()
        return added

    def send(self, receiver: str = "terminal") -> list[str]:
        """Take what is not sent yet for sent; the titles."""
        found = [row for row in self.rows(receiver) if row["state"] == "pending"]
        for row in found:
            delivery_attempts.mark_sent(self.connection, row["id"], AT)
        self.connection.commit()
        return [brief(row["title"]) for row in found]

    def rows(self, receiver: str = "terminal") -> list[dict[str, Any]]:
        self.connection.rollback()
        newest = deliveries.newest(self.connection, 1000)
        return [row for row in reversed(newest) if row["receiver"] == receiver]

    def states(self, receiver: str = "terminal") -> list[str]:
        return [row["state"] for row in self.rows(receiver)]

    def message(self, number: int = -1, receiver: str = "terminal") -> dict[str, Any]:
        found = deliveries.get(self.connection, self.rows(receiver)[number]["id"])
        assert found is not None
        return found.message


@pytest.fixture
def wire(connection: Connection) -> Wire:
    return Wire(connection, configured())


def cuts(*amounts: str, meter: str = "input", every: float = 60) -> list[Event]:
    """A price that goes from each amount to the next, an hour apart."""
    pairs = pairwise(amounts)
    return [at(price(meter, a, b, occurrence=n), n * every) for n, (a, b) in enumerate(pairs, 1)]


# ---------------------------------------------------------------- waiting


@pytest.mark.parametrize(
    ("late", "left"),
    [(0, 30), (2, 28), (15, 15), (20, 15), (3600, 15)],
    ids=lambda seconds: f"{seconds}s",
)
def test_the_wait_for_more_counts_from_the_event_and_half_of_it_is_always_left(
    wire: Wire, late: float, left: float
) -> None:
    now = AT + timedelta(seconds=late)
    wire.see(price("input", "1", "0.5"), route_at=now)
    assert wire.rows()[0]["not_before"] == now + timedelta(seconds=left)


def test_the_wait_of_what_settles_counts_from_when_it_has_settled(connection: Connection) -> None:
    wire = Wire(connection, configured('[[route]]\nreceiver = "terminal"\ntrust = ["catalogue"]\n'))
    wire.see(catalogued(price("input", "1", "0.5"), 0), route_at=AT + timedelta(hours=48, seconds=3))
    assert wire.rows()[0]["not_before"] == AT + timedelta(hours=48) + WAIT


# ------------------------------------------------------------- thresholds

ADDED_UP = '[[route]]\nreceiver = "terminal"\nkinds = ["price.*"]\nmin_change_pct = 5\n'


@pytest.mark.parametrize(
    ("told", "days", "messages"),
    [
        (replace(price("input", "1", "2"), observed_after=None, after=reference(3, AT - timedelta(days=40))), 3, 1),
        (replace(price("input", "1", "2"), observed_after=None, after=reference(3, AT - timedelta(days=40))), 10, 0),
        (price("input", "1", "2"), 10, 1),
        (replace(retirement("2026-08-19", kind="model.retirement_due"), observed_after=None), 7, 1),
        (replace(retirement("2026-08-19", kind="model.retirement_due"), observed_after=None), 8, 0),
    ],
    ids=["a planned price", "one of weeks ago", "a look of weeks ago", "on the last day", "a day that has passed"],
)
def test_what_the_calendar_brought_long_ago_is_history(wire: Wire, told: Event, days: int, messages: int) -> None:
    wire.see(told, route_at=AT + timedelta(days=days))
    assert len(wire.rows()) == messages


def test_small_changes_add_up_against_what_was_told_last(connection: Connection) -> None:
    wire = Wire(connection, configured(ADDED_UP))
    told = []
    for step in cuts("1.00", "0.98", "0.9604", "0.9412", "0.9224", "0.9039", "0.80", "0.79"):
        wire.see(step)
        told.append(wire.send())
    assert told == [
        [],
        [],
        ["cuts gpt-5.6-luna 1.00-0.9412"],
        [],
        [],
        ["cuts gpt-5.6-luna 0.9412-0.80"],
        [],
    ]


def test_what_wanders_and_comes_back_is_never_told(connection: Connection) -> None:
    wire = Wire(connection, configured(ADDED_UP))
    for step in cuts("1.00", "0.97", "1.00", "1.03", "1.00", "0.97", "1.00"):
        assert wire.see(step) == 0


def test_a_threshold_may_be_an_amount_of_money(connection: Connection) -> None:
    least = 'min_change = { amount = 0.10, currency = "USD", per = 1000000, unit = "token" }\n'
    wire = Wire(connection, configured(f'[[route]]\nreceiver = "terminal"\nkinds = ["price.*"]\n{least}'))
    assert [wire.see(step) for step in cuts("1.00", "0.95", "0.91", "0.89", "0.85")] == [0, 0, 1, 0]
    assert wire.send() == ["cuts gpt-5.6-luna 1.00-0.89"]
    euros = [side(amount, currency="EUR") for amount in ("1", "0.99")]
    assert wire.see(at(price("output", "1", "0.99", old=euros[0], new=euros[1]), 600)) == 1  # cannot be compared


def test_what_was_withdrawn_counts_for_nothing(connection: Connection) -> None:
    wire = Wire(connection, configured(ADDED_UP))
    wrong, right = price("input", "1.00", "0.50"), at(price("input", "1.00", "0.97"), 120)
    wire.see(wrong)
    wire.send()
    events.withdraw(connection, [wrong.id], because="misread", at=AT)
    connection.commit()
    wire.route(AT + HOUR)
    assert wire.send() == ["Withdrawn: cuts gpt-5.6-luna 1.00-0.50"]
    assert wire.see(right) == 0  # 3 % since the dollar it was told


def test_a_route_that_tells_all_goes_before_one_that_adds_up(connection: Connection) -> None:
    every = '[[route]]\nreceiver = "terminal"\nkinds = ["price.*"]\nmodels = ["gpt-5.6-luna"]\n'
    wire = Wire(connection, configured(ADDED_UP + every))
    for step in cuts("1.00", "0.98", "0.96"):
        wire.see(step)
        wire.send()
    assert [brief(row["title"]) for row in wire.rows()] == [
        "cuts gpt-5.6-luna 1.00-0.98",
        "cuts gpt-5.6-luna 0.98-0.96",
    ]


# ------------------------------------------------------- the newest state


def test_a_change_that_changes_again_before_it_is_sent_is_one_message(wire: Wire) -> None:
    assert wire.see(price("input", "1.00", "0.80")) == 1
    assert wire.see(at(price("input", "0.80", "0.50"), 0.2), at(price("output", "2", "1"), 0.2)) == 0
    assert wire.send() == ["cuts gpt-5.6-luna 1.00-0.50 2.00-1.00"]
    assert len(wire.rows()[0]["events"]) == 3


def test_what_comes_back_before_it_is_sent_is_not_told(wire: Wire) -> None:
    wire.see(price("input", "1.00", "0.80"))
    wire.see(at(price("input", "0.80", "1.00"), 0.2))
    assert wire.states() == ["superseded"]
    assert wire.rows()[0]["last_status"] == "what it told came back before it was sent"
    assert wire.send() == []


def test_what_was_sent_is_told_anew(wire: Wire) -> None:
    wire.see(price("input", "1.00", "0.80"))
    wire.send()
    wire.see(at(price("input", "0.80", "1.00"), 0.2))
    assert wire.send() == ["raises gpt-5.6-luna 0.80-1.00"]


def test_other_models_of_a_message_are_still_told(wire: Wire) -> None:
    wire.see(price("input", "1", "0.5", model="a"), price("input", "1", "0.5", model="b"))
    assert len(wire.rows()) == 1
    wire.see(at(price("input", "0.5", "1", model="a"), 0.2))
    assert wire.send() == ["cuts b 1.00-0.50"]
    assert len(wire.rows()) == 1  # the same message, in its place


def test_the_order_of_a_model_is_kept(wire: Wire) -> None:
    wire.see(price("input", "1.00", "0.80"), retirement())
    first = [row["id"] for row in wire.rows()]
    wire.see(at(price("input", "0.80", "0.70"), 0.1))
    assert [row["id"] for row in wire.rows()] == first


def test_only_trouble_that_lasts_is_told_by_default(connection: Connection) -> None:
    wire = Wire(connection, configured(""))
    broken = event("source.broken", None, key="s", source="openai-pricing", headline="openai-pricing is broken")
    well = event("source.recovered", None, key="s", source="openai-pricing", headline="openai-pricing is well")
    wire.see(broken)
    wire.see(at(well, 180))
    assert wire.states() == ["superseded"]
    wire.see(at(broken, 240, occurrence=2))
    pending = wire.rows()[-1]
    assert pending["not_before"] == AT + timedelta(hours=10)
    wire.send()
    wire.see(at(well, 700, occurrence=2))
    assert wire.rows()[-1]["not_before"] == AT + timedelta(minutes=700) + WAIT


# ----------------------------------------------------------------- digests

DAILY = '[[route]]\nreceiver = "terminal"\nkinds = ["*"]\ndigest = "daily 09:00 Europe/Berlin"\n'
NINE = datetime(2026, 8, 13, 7, 0, tzinfo=UTC)  # 09:00 in Berlin


def test_a_digest_is_one_message_with_the_newest_state(connection: Connection) -> None:
    wire = Wire(connection, configured(DAILY))
    assert wire.see(price("input", "1.00", "0.80"), price("input", "1", "2", model="b")) == 0
    assert wire.see(at(price("input", "0.80", "0.50"), 60), at(price("input", "2", "1", model="b"), 60)) == 0
    assert wire.see(at(retirement(), 90)) == 0
    assert wire.rows() == []
    assert wire.route(NINE - timedelta(seconds=1)) == 0
    assert wire.route(NINE) == 1
    assert wire.send() == ["Digest of 13 August 2026: 2 changes at OpenAI"]
    message = wire.message()
    assert [brief(line) for line in message["lines"]] == [
        "cuts gpt-5.6-luna 1.00-0.50",
        "OpenAI will retire gpt-5.6-luna on 26 November 2026",
    ]
    assert message["kind"] == "digest"
    assert wire.route(NINE + DAY) == 0  # nothing new: nothing is sent


def test_a_digest_says_what_stands_though_no_route_asked_for_what_came_after(connection: Connection) -> None:
    """A change below the least change makes the one that waits untrue; later ones add up against what was told."""
    daily = ADDED_UP + 'digest = "daily 09:00 Europe/Berlin"\n'
    wire = Wire(connection, configured(daily))
    wire.see(price("input", "10", "12"), price("output", "10", "12"))
    wire.see(at(price("input", "12", "11.50"), 30), at(price("output", "12", "11.50"), 30))
    wire.see(at(price("output", "11.50", "10"), 60))  # as it was
    assert wire.route(NINE) == 1
    wire.send()
    assert [brief(line) for line in wire.message()["lines"]] == ["raises gpt-5.6-luna 10.00-11.50"]
    assert len(wire.message()["events"]) == 2
    later = NINE + HOUR
    assert wire.see(replace(price("input", "11.50", "12.20"), observed_at=later, after=reference(8, later))) == 0
    assert wire.route(NINE + DAY) == 1  # 6 % since what it was told
    wrong = at(price("input", "12", "11.50"), 30)
    events.withdraw(connection, [wrong.id], because="misread", at=AT)
    connection.commit()
    assert wire.route(NINE + DAY) == 1  # whoever was told of it hears of that


def test_what_waits_for_another_digest_is_told_in_the_first_alone(connection: Connection) -> None:
    wire = Wire(connection, configured(DAILY))
    wire.see(price("input", "1", "2"))
    events.insert(connection, [replace(price("input", "2", "3"), observed_at=NINE, after=reference(8, NINE))])
    connection.commit()
    assert wire.route(NINE) == 1
    assert [brief(line) for line in wire.message()["lines"]] == ["raises gpt-5.6-luna 1.00-3.00"]
    assert wire.route(NINE + DAY) == 0


def test_a_digest_in_which_everything_came_back_is_not_sent(connection: Connection) -> None:
    wire = Wire(connection, configured(DAILY))
    wire.see(price("input", "1", "2"))
    wire.see(at(price("input", "2", "1"), 60))
    assert wire.route(NINE) == 0
    assert wire.rows() == []


def test_what_was_withdrawn_is_in_no_digest_and_needs_no_word(connection: Connection) -> None:
    wire = Wire(connection, configured(DAILY))
    gone = retirement(model="gone")
    wire.see(gone, retirement(model="stays"))
    events.withdraw(connection, [gone.id], because="misread", at=AT)
    connection.commit()
    assert wire.route(NINE) == 1
    assert wire.message()["lines"] == ["OpenAI will retire stays on 26 November 2026"]
    assert wire.route(NINE + HOUR) == 0


def test_a_receiver_may_have_both_and_hears_each_thing_once(connection: Connection) -> None:
    instant = '[[route]]\nreceiver = "terminal"\nkinds = ["price.*"]\n'
    wire = Wire(connection, configured(DAILY + instant))
    assert wire.see(price("input", "1", "2"), retirement()) == 1
    assert wire.route(NINE) == 1
    assert wire.message()["lines"] == ["OpenAI will retire gpt-5.6-luna on 26 November 2026"]


def test_a_due_digest_is_on_the_agenda(connection: Connection) -> None:
    from store import agenda

    wire = Wire(connection, configured(DAILY))
    wire.see(retirement())
    assert not agenda.due(connection, NINE - timedelta(seconds=1)).unrouted
    assert agenda.due(connection, NINE).unrouted


# ---------------------------------------------------------------- silences


def silence(connection: Connection, hours: float = 24, **changes: Any) -> int:
    number = silences.add(
        connection,
        Silence(because="we are moving anyway", starts_at=AT, ends_at=AT + timedelta(hours=hours), **changes),
    )
    connection.commit()
    return number


def test_what_is_silenced_is_kept_with_the_reason_and_never_sent(connection: Connection, wire: Wire) -> None:
    number = silence(connection, models=["gpt-5.6-*"], kinds=["price.*"])
    assert wire.see(price("input", "1", "2"), price("input", "1", "2", model="other"), retirement()) == 2
    kept = next(row for row in wire.rows() if row["state"] == "silenced")
    assert kept["last_status"] == "silenced until 13 August 2026 10:10 UTC: we are moving anyway"
    assert len(wire.send()) == 2
    assert wire.route(AT + 2 * DAY) == 0  # not late either
    assert deliveries.unpark(connection, "terminal", AT) == 0
    silences.lift(connection, number, AT + HOUR)
    connection.commit()
    assert wire.see(at(price("input", "2", "3"), 120)) == 1


def test_a_silence_ends_and_holds_for_its_receiver_only(connection: Connection) -> None:
    both = ALL + '[[receiver]]\nname = "other"\nterminal = {}\n' + ALL.replace('"terminal"', '"other"')
    wire = Wire(connection, configured(both))
    silence(connection, hours=1, receiver="terminal")
    assert wire.see(price("input", "1", "2")) == 1
    assert (wire.states(), wire.states("other")) == (["silenced"], ["pending"])
    wire.send("other")
    assert wire.see(at(price("input", "2", "3"), 61)) == 2


def test_nobody_is_told_of_the_withdrawal_of_what_was_silenced(connection: Connection, wire: Wire) -> None:
    silence(connection)
    told = price("input", "1", "2")
    wire.see(told)
    events.withdraw(connection, [told.id], because="misread", at=AT)
    connection.commit()
    assert wire.route(AT + HOUR) == 0


def test_a_digest_leaves_out_what_was_silenced_meanwhile(connection: Connection) -> None:
    wire = Wire(connection, configured(DAILY))
    wire.see(price("input", "1", "2"), retirement(model="other"))
    silence(connection, hours=48, models=["gpt-5.6-luna"])
    assert wire.route(NINE) == 1
    assert sorted(wire.states()) == ["pending", "silenced"]


def test_a_silence_takes_what_waits_where_it_covers_all_of_it(connection: Connection, wire: Wire) -> None:
    wire.see(price("input", "1", "2"), price("input", "1", "3", model="b"), retirement(model="c"))
    quiet = Silence(because="known", kinds=["price.*"], starts_at=AT, ends_at=AT + HOUR)
    assert silencing.begin(connection, wire.config, quiet, AT) == Begun(number=1, messages=2)
    connection.commit()
    assert sorted(wire.states()) == ["pending", "silenced", "silenced"]
    assert len(wire.send()) == 1


def test_a_silence_takes_what_waits_for_a_digest_though_it_is_over_when_that_goes_out(connection: Connection) -> None:
    both = DAILY + '[[receiver]]\nname = "other"\nterminal = {}\n' + DAILY.replace('"terminal"', '"other"')
    wire = Wire(connection, configured(both))
    wire.see(price("input", "1", "0.8"), retirement(model="other"))
    wire.see(at(price("input", "0.8", "0.5"), 10))
    quiet = Silence(
        because="known", models=["gpt-5.6-luna"], receiver="terminal", starts_at=AT, ends_at=AT + timedelta(hours=1)
    )
    assert silencing.begin(connection, wire.config, quiet, AT) == Begun(number=1, changes=2)
    connection.commit()
    (kept,) = wire.rows()
    assert (kept["state"], brief(kept["title"])) == ("silenced", "cuts gpt-5.6-luna 1.00-0.50")  # what it came to
    assert wire.route(NINE) == 2
    assert wire.message()["lines"] == ["OpenAI will retire other on 26 November 2026"]
    assert len(wire.message(receiver="other")["lines"]) == 2


def test_a_silence_takes_its_part_out_of_a_digest_that_waits_to_be_sent(connection: Connection) -> None:
    wire = Wire(connection, configured(DAILY))
    wire.see(price("input", "1", "0.5"), retirement(model="other"))
    wire.route(NINE)
    quiet = Silence(because="known", kinds=["price.*"], starts_at=NINE, ends_at=NINE + HOUR)
    silencing.begin(connection, wire.config, quiet, NINE)
    connection.commit()
    assert sorted(wire.states()) == ["pending", "silenced"]
    assert wire.message(0)["lines"] == ["OpenAI will retire other on 26 November 2026"]


def test_what_a_silence_takes_out_of_a_digest_is_not_known_to_its_reader(connection: Connection) -> None:
    """Later changes add up against what was told before."""
    wire = Wire(connection, configured(ADDED_UP + 'digest = "daily 09:00 Europe/Berlin"\n'))
    wire.see(price("input", "100", "90"))
    quiet = Silence(because="known", kinds=["price.*"], starts_at=AT, ends_at=AT + timedelta(minutes=5))
    silencing.begin(connection, wire.config, quiet, AT)
    connection.commit()
    wire.see(at(price("input", "90", "88"), 10))
    assert wire.route(NINE) == 1  # 2 % since the silence, 12 % since what it was told


# --------------------------------------------------------- one story once


def test_catalogues_are_witnesses_of_what_the_provider_says(wire: Wire) -> None:
    early = catalogued(price("input", "1.00", "0.80"), -600)
    wire.see(early)
    assert wire.rows() == []  # it settles
    wire.see(price("input", "1.00", "0.80"))
    assert wire.send() == ["cuts gpt-5.6-luna 1.00-0.80"]
    assert "Also seen by LiteLLM on 12 August 2026." in wire.message()["notes"]
    late = catalogued(price("input", "1.00", "0.8001", new=side("0.0008001", per=1000)), 600, "models-dev")
    wire.see(late)
    assert wire.route(AT + 4 * DAY) == 0
    assert len(wire.rows()) == 1
    wire.connection.rollback()
    found = wire.connection.execute("SELECT witness, teller FROM timeline.witnesses ORDER BY observed_at").fetchall()
    assert found == [(early.id, "litellm"), (late.id, "models-dev")]


def test_a_catalogue_alone_is_told_after_it_has_settled_and_the_provider_confirms(connection: Connection) -> None:
    official = '[[receiver]]\nname = "other"\nterminal = {}\n' + ALL.replace('"terminal"', '"other"')
    wire = Wire(connection, configured(ALL + official + 'trust = ["official"]\n'))
    wire.see(catalogued(price("input", "1.00", "0.80"), 0))
    assert wire.route(AT + timedelta(hours=47)) == 0
    assert wire.route(AT + timedelta(hours=48)) == 1
    assert wire.send() == ["cuts gpt-5.6-luna 1.00-0.80"]
    assert any("catalogue" in note for note in wire.message()["notes"])
    first = wire.message()["key"]
    wire.see(at(price("input", "1.00", "0.80"), 3000))
    assert wire.send() == ["Confirmed: cuts gpt-5.6-luna 1.00-0.80"]
    assert (wire.message()["about"], wire.message()["part"]) == (first, False)
    assert wire.send("other") == ["cuts gpt-5.6-luna 1.00-0.80"]
    wire.see(catalogued(price("input", "1.00", "0.80"), 3100, "models-dev"))
    assert wire.route(AT + 5 * DAY) == 0


def test_the_provider_confirms_one_of_several_changes_and_the_message_of_all_stands(wire: Wire) -> None:
    both = [catalogued(price(meter, "1.00", "0.80"), 0) for meter in ("input", "output")]
    wire.see(*both, route_at=AT + 2 * DAY)
    wire.send()
    wire.see(at(price("input", "1.00", "0.80"), 3000))
    assert wire.message()["about"] == wire.message(0)["key"]
    assert wire.message()["part"] is True
    wire.send()
    wire.see(at(price("output", "1.00", "0.80"), 3001))
    assert wire.message()["part"] is True


def test_a_silence_keeps_back_what_confirms_too(connection: Connection, wire: Wire) -> None:
    wire.see(catalogued(price("input", "1.00", "0.80"), 0), route_at=AT + 2 * DAY)
    wire.send()
    silence(connection, hours=96, providers=["openai"])
    wire.see(at(price("input", "1.00", "0.80"), 3000))
    assert wire.states() == ["sent", "silenced"]
    assert str(wire.rows()[-1]["last_status"]).startswith("silenced until")


@pytest.mark.parametrize("way", ["silenced", "parked"])
def test_what_nobody_got_is_told_in_full_when_the_provider_says_it(
    connection: Connection, wire: Wire, way: str
) -> None:
    if way == "silenced":
        silence(connection, hours=49)
    wire.see(catalogued(price("input", "1.00", "0.80"), 0), route_at=AT + 2 * DAY)
    if way == "parked":
        delivery_attempts.mark_parked(connection, wire.rows()[0]["id"], status="404", at=AT)
        connection.commit()
    assert wire.states() == [way]
    assert wire.see(at(price("input", "1.00", "0.80"), 3000)) == 1
    assert wire.send() == ["cuts gpt-5.6-luna 1.00-0.80"]
    assert wire.message()["about"] == ""
    other = replace(price("input", "1.00", "0.80"), source="openai-site-pricing", key="k")
    assert wire.see(at(other, 3100)) == 0  # and once


def test_what_a_catalogue_takes_back_while_it_settles_is_not_told(wire: Wire) -> None:
    wire.see(catalogued(price("input", "1.00", "0.80"), 0))
    wire.see(catalogued(price("input", "0.80", "1.00"), 600))
    assert wire.route(AT + timedelta(hours=50)) == 0  # the second has not settled, so the first has not either
    assert wire.route(AT + timedelta(hours=60)) == 0
    assert wire.rows() == []
    assert routings.unrouted(wire.connection, 10) == []


def test_two_pages_of_one_provider_are_one_story(wire: Wire) -> None:
    twin: dict[str, Any] = {
        "source": "openai-site-pricing",
        "key": "another key",
        "after": reference(2, AT, "https://openai.com/prices"),
    }
    assert wire.see(price("input", "1", "2"), price("input", "1", "2", **twin)) == 1
    assert "Also seen on openai.com on 12 August 2026." in wire.message()["notes"]
    wire.send()
    later = at(price("output", "1", "2"), 60)
    wire.see(later)
    wire.send()
    assert wire.see(at(replace(later, source="openai-site-pricing", key="k2"), 5000)) == 0


def test_retirements_of_one_day_are_one_story_and_others_are_not(wire: Wire) -> None:
    assert wire.see(retirement()) == 1
    wire.send()
    moved = replace(retirement(kind="model.retirement_moved"), source="openai-site-pricing", key="k")
    assert wire.see(at(moved, 60)) == 0
    assert wire.see(at(replace(retirement("2026-12-01"), source="openai-site-pricing", key="k"), 90)) == 1


@pytest.mark.parametrize(
    "other",
    [
        price("input", "1", "0.8", model="GPT-5.6-Luna"),
        price("input", "1", "0.8", conditions={"service_tier": "standard", "context_upto": 272_000}),
        price("input", "1", "0.8", conditions={"tier_mode": "whole_prompt"}),
        price("input", "1", "0.8", old=side("0.001", per=1000), new=side("0.0000008", per=1)),
        at(price("input", "1", "0.8"), 60 * 24 * 29),
    ],
)
def test_however_another_source_prints_it_it_is_the_same_story(wire: Wire, other: Event) -> None:
    wire.see(price("input", "1", "0.8"))
    wire.send()
    assert wire.see(replace(other, source="openai-site-pricing", key="k")) == 0


@pytest.mark.parametrize(
    "other",
    [
        price("output", "1", "0.8"),
        price("input", "1", "0.79"),
        price("input", "1", "0.8", conditions={"service_tier": "batch"}),
        price("input", "1", "0.8", conditions={"context_over": 272_000}),
        price("input", "1", "0.8", old=side("1", currency="EUR"), new=side("0.8", currency="EUR")),
        price("input", "1", "0.8", model="gpt-5.6-luna-mini"),
        price("input", "1", "0.8", provider="azure"),
        at(price("input", "1", "0.8"), 60 * 24 * 31),
    ],
)
def test_what_differs_is_a_story_of_its_own(wire: Wire, other: Event) -> None:
    wire.see(price("input", "1", "0.8"))
    wire.send()
    assert wire.see(replace(other, source="openai-site-pricing", key="k")) == 1


def test_a_price_that_goes_there_and_back_and_there_is_three_stories(wire: Wire) -> None:
    wire.see(price("input", "1", "2"))
    wire.send()
    wire.see(catalogued(price("input", "1", "2"), 60))
    wire.see(at(price("input", "2", "1"), 120))
    wire.send()
    wire.see(at(price("input", "1", "2", occurrence=2), 180))
    assert len(wire.send()) == 1


def test_stories_are_found_in_imports_too_and_told_to_nobody(wire: Wire) -> None:
    wire.see(
        price("input", "1", "2", origin="import"),
        replace(catalogued(price("input", "1", "2"), 60), origin="import", tell_after=None),
    )
    assert wire.rows() == []
    assert len(story_links.stories(wire.connection, [e.id for e in events.by_id(wire.connection, [])])) == 0
    found = wire.connection.execute("SELECT count(*) FROM timeline.witnesses").fetchone()
    assert found == (1,)


# ------------------------------------------- corrections and withdrawals


def test_a_correction_reaches_whoever_got_the_original_and_none_else(connection: Connection) -> None:
    other = '[[receiver]]\nname = "other"\nterminal = {}\n[[route]]\nreceiver = "other"\nmodels = ["b"]\n'
    wire = Wire(connection, configured('[[route]]\nreceiver = "terminal"\nkinds = ["price.changed"]\n' + other))
    wire.see(price("input", "1.00", "0.80"))
    wire.send()
    corrected = price("input", "0.80", "0.90", kind="price.corrected", effective_at="2026-08-01")
    assert wire.see(at(corrected, 60)) == 1
    assert wire.rows("other") == []


def test_a_message_that_waits_is_told_without_what_was_withdrawn(connection: Connection, wire: Wire) -> None:
    gone = price("input", "1.00", "0.80")
    wire.see(gone, price("output", "2", "1"))
    events.withdraw(connection, [gone.id], because="misread", at=AT)
    connection.commit()
    assert wire.route(AT + timedelta(seconds=5)) == 0
    assert wire.send() == ["cuts gpt-5.6-luna 2.00-1.00"]


def test_what_was_given_up_is_not_sent_after_it_was_withdrawn(connection: Connection, wire: Wire) -> None:
    gone = price("input", "1.00", "0.80")
    wire.see(gone)
    delivery_attempts.mark_parked(connection, wire.rows()[0]["id"], status="404")
    events.withdraw(connection, [gone.id], because="misread", at=AT)
    connection.commit()
    assert wire.route(AT + HOUR) == 0
    assert deliveries.unpark(connection, "terminal", AT) == 0


# ------------------------------------- withdrawn while it waits, or is sent


def withdraw(wire: Wire, *gone: Event) -> None:
    events.withdraw(wire.connection, [event.id for event in gone], because="misread", at=AT)
    wire.connection.commit()


def test_what_is_withdrawn_while_it_is_being_sent_is_taken_back_after(
    connection: Connection, database_url: str, wire: Wire
) -> None:
    gone = price("input", "1.00", "0.80")
    wire.see(gone)
    sending, routed = threading.Event(), threading.Event()

    def send(_message: Message, _now: datetime, _earlier: Earlier) -> Outcome:
        sending.set()
        assert routed.wait(20)
        return Outcome(outcome="sent", detail="200 ok", code="200")

    to = Notifier(receiver="terminal", send=send, notices_to=None)
    with ThreadPoolExecutor(1) as other:
        connect_ = partial(connect, database_url, autocommit=True)
        sent = other.submit(
            drain, connect_, "terminal", to, clock=lambda: AT + HOUR, pace=timedelta(0), sleep=lambda _: None
        )
        assert sending.wait(20)
        withdraw(wire, gone)
        try:
            assert wire.route(AT + HOUR) == 0  # it is not known yet what comes of it
        finally:
            routed.set()
        assert sent.result(20).sent == 1
    assert wire.states() == ["sent"]
    assert wire.route(AT + HOUR) == 1
    assert wire.states() == ["sent", "pending"]
    assert wire.message()["kind"] == "withdrawal"
    assert wire.route(AT + 2 * HOUR) == 0


def test_a_digest_that_waits_is_told_without_what_was_withdrawn(connection: Connection) -> None:
    wire = Wire(connection, configured(DAILY))
    gone = retirement(model="gone")
    wire.see(gone, retirement(model="stays"))
    assert wire.route(NINE) == 1
    withdraw(wire, gone)
    assert wire.route(NINE) == 0
    assert wire.send() == ["Digest of 13 August 2026: 1 change at OpenAI"]
    assert wire.message(0)["lines"] == ["OpenAI will retire stays on 26 November 2026"]
    assert gone.id not in wire.message(0)["events"]
    assert wire.route(NINE + HOUR) == 0


def test_a_digest_with_nothing_left_is_not_sent(connection: Connection) -> None:
    wire = Wire(connection, configured(DAILY))
    gone = [retirement(model="a"), retirement(model="b")]
    wire.see(*gone)
    wire.route(NINE)
    withdraw(wire, *gone)
    assert wire.route(NINE) == 0
    assert wire.states() == ["withdrawn"]


@pytest.mark.parametrize("route", [ALL, DAILY])
def test_what_was_given_up_is_sent_again_without_what_was_withdrawn(connection: Connection, route: str) -> None:
    wire = Wire(connection, configured(route))
    gone = price("input", "1.00", "0.80")
    wire.see(gone, price("output", "2", "1"))
    wire.route(NINE)
    delivery_attempts.mark_parked(connection, wire.rows()[0]["id"], status="404", at=AT)
    withdraw(wire, gone)
    assert wire.route(NINE) == 0
    assert wire.states() == ["parked", "withdrawn"]
    assert deliveries.unpark(connection, "terminal", NINE) == 1
    wire.send()
    message = wire.message(0)
    assert "2.00 → $1.00" in f"{message['title']} {message['lines']}"
    assert "0.80" not in str(message)


# ---------------------------------------------------------- all or nothing


@pytest.mark.parametrize("number", range(1, 6))
def test_a_routing_that_fails_anywhere_is_done_again_as_if_it_had_not_been(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Digests, silences, added-up values, witnesses and messages: one transaction. The n-th write of it fails."""
    wire = Wire(connection, configured(ADDED_UP + DAILY))
    silence(connection, hours=0.5, models=["quiet"])
    events.insert(
        connection,
        [
            price("input", "1.00", "0.50"),
            price("input", "1.00", "0.50", model="quiet"),
            price("input", "1.00", "0.99", model="small"),
            catalogued(price("input", "1.00", "0.50"), 0),
            retirement(),
        ],
    )
    connection.commit()
    writes = ["deliveries.add", "outbox.add_unsent", "digest_entries.add", "told_values.put", "story_links.link"]
    module, name = writes[number - 1].split(".")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("pulled the plug")

    with monkeypatch.context() as broken:
        broken.setattr(f"store.{module}.{name}", fail)
        with pytest.raises(RuntimeError):
            wire.route(AT)
    connection.rollback()
    assert everything(connection) == [0, 0, 0, 0]
    assert wire.route(AT) == 1
    assert wire.route(AT) == 0
    assert everything(connection) == [2, 2, 3, 1]


def everything(connection: Connection) -> list[int]:
    tables = ("delivery", "digest_entry", "told_value", "witness")
    rows = [connection.execute(f"SELECT count(*) FROM {table}").fetchone() for table in tables]  # type: ignore[arg-type]
    return [row[0] for row in rows if row]


ROUTER = """
import sys
from datetime import datetime, timedelta
from alerts import outbox
from alerts.routes import parse_alerts
from store.connect import connect
from timeline.strict import load
outbox.BATCH = 7
url, text, now = sys.argv[1], sys.argv[2], datetime.fromisoformat(sys.argv[3])
config = parse_alerts(load(text, "aiwire.toml"), {})
print("ready", flush=True)
with connect(url, autocommit=True) as connection:
    while connection.execute("SELECT 1 FROM event WHERE routed_at IS NULL LIMIT 1").fetchone():
        outbox.route_pending(connection, config, now, group_wait=timedelta(seconds=30))
"""


def test_killed_routers_lose_nothing_and_tell_nothing_twice(connection: Connection, database_url: str) -> None:
    """Two routers at a time, killed at random: every event is in one message or one digest in the end, never in two."""
    chance = Random(20260812)
    text = '[[route]]\nreceiver = "terminal"\nkinds = ["price.*"]\nmin_change_pct = 5\n' + DAILY
    told = [price("input", "2", f"1.{n:03}", model=f"m{n}") for n in range(120)]
    told += [at(retirement(model=f"m{n}"), n) for n in range(60)]
    twins = [replace(event, source="openai-site-pricing", key=f"twin {event.key}") for event in told[:40]]
    events.insert(connection, [*told, *twins])
    clock.set_rehearsal(connection, AT + 2 * HOUR)
    connection.commit()
    command = [sys.executable, "-c", ROUTER, database_url, text, str(AT + 2 * HOUR)]
    for _ in range(3):
        pair = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
        for router in pair:
            assert router.stdout is not None
            router.stdout.readline()
        time.sleep(chance.random() * 0.25)
        for router in pair:
            router.kill()
            router.communicate()
    assert subprocess.run(command, check=False, timeout=60).returncode == 0
    found = Counter(
        event
        for (ids,) in connection.execute("SELECT events FROM delivery WHERE state = 'pending'").fetchall()
        for event in ids
    )
    found.update(event for (event,) in connection.execute("SELECT event FROM digest_entry").fetchall())
    assert found == Counter(event.id for event in told)
    assert connection.execute("SELECT count(*) FROM witness").fetchone() == (40,)
    assert connection.execute("SELECT count(*) FROM told_value").fetchone() == (160,)

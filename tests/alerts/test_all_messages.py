"""Every message Slack could get: of whole replays and of generated extremes, held against Slack's documented rules."""

import itertools
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from alerts import slack_rules, standing
from alerts.circumstances import Sibling, Standing
from alerts.messages import Message, compose, text, withdrawal
from alerts.notifiers.slack_blocks import detail, head, payload
from crawler.replay import read_manifest, replay
from crawler.source import bundled_sources
from store.connect import Connection
from tests.alerts.examples import deal, event, price, reference, retirement, side, status
from tests.alerts.test_impact import standing as rate
from tests.alerts.test_impact import work
from tests.conftest import CHECKOUT
from tests.payloads import HOSTILE
from timeline.agreements import Contract
from timeline.events import Event

CORPUS = Path(os.environ.get("AIWIRE_CORPUS") or CHECKOUT.parent / "shared" / "corpus")
STORY = CHECKOUT / "tests" / "story"
BASE = "https://aiwire.example.org"
LABELS = "Evidence|History|Timeline|Page|Article|gazette"
WORKLOADS = (
    work(model="gpt-4o", cached_share=Decimal("0.3")),
    work(name="coder", provider="anthropic", model="claude-opus-4-20250514", input_tokens=Decimal(20_000)),
    work(name="classifier", provider="azure", model="gpt-4o-mini@2024-07-18", tier="batch"),
)
CONTRACTS = (Contract(name="enterprise", provider="openai", discount_pct=Decimal(10)),)


def refusals(message: Message) -> list[str]:
    """Why Slack would not take one of the forms of a message, or would show or do something else than it says."""
    found = []
    channel = {"channel": "C0123456789"}
    bodies: list[Mapping[str, Any]] = [payload(message), {**channel, **head(message)}]
    bodies.append({**channel, "ts": "1.2", **head(message)})
    more = detail(message)
    bodies += [{**channel, "thread_ts": "1.2", **more}] if more else []
    for body in bodies:
        refused = slack_rules.refusal(body)
        found += [refused] if refused else []
        found += [f"not escaped: {part}" for part in slack_rules.unescaped(body)]
        found += [
            f"acts: {one}" for one in slack_rules.commands(body) if not re.fullmatch(rf"<[^<>|]+\|({LABELS})>", one)
        ]
        if len(body["blocks"]) > 45 or not body["text"].strip():
            found.append(f"{len(body['blocks'])} blocks, text {body['text'][:20]!r}")
    plain = text(message)
    found += [] if plain.replace("\n", "").isprintable() else [f"not printable: {plain[:80]!r}"]
    return found


def with_what_takes_it_back(messages: Iterable[Message], events: Mapping[str, Event]) -> Iterator[Message]:
    """The messages, and those that correct or withdraw them."""
    for message in messages:
        yield message
        told = [events[event] for event in message.events if event in events]
        if told:
            yield withdrawal(message, told, "the page was misread")
        if len(told) > 1:
            yield withdrawal(message, told[:1], "the page was misread")


def check(messages: Iterable[Message], events: Sequence[Event]) -> int:
    count = 0
    for message in with_what_takes_it_back(messages, {each.id: each for each in events}):
        count += 1
        assert refusals(message) == [], message.title
        assert 0 < len(message.title) <= 150
    return count


def replayed(connection: Connection, folder: Path) -> int:
    """Every event of a replay told, baselines too, page by page with what stood then."""
    events = replay(connection, read_manifest(folder, bundled_sources()))
    looks = itertools.groupby(
        sorted(events, key=lambda each: (each.observed_at, each.source)),
        key=lambda each: (each.observed_at, each.source),
    )
    count = 0
    for _, found in looks:
        told = list(found)
        beside = standing.load(connection, told, WORKLOADS, CONTRACTS)
        count += check(compose(told, WORKLOADS, BASE, beside), told)
    return count


@pytest.mark.postgres
def test_every_message_of_a_small_story_is_accepted(connection: Connection) -> None:
    assert replayed(connection, STORY) >= 5


@pytest.mark.postgres
@pytest.mark.torture
@pytest.mark.timeout(1200)
@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no corpus at {CORPUS}: set AIWIRE_CORPUS")
@pytest.mark.parametrize("kind", ["pricing", "lifecycle", "feeds"])
def test_every_message_of_the_whole_corpus_is_accepted(connection: Connection, kind: str) -> None:
    assert replayed(connection, CORPUS / kind) >= 50


def hostile_events(said: str) -> list[Event]:
    """The text wherever a page, a catalogue or a feed could put it."""
    conditions: dict[str, str | int] = {"region": said, "quality": said, "service_tier": said, said[:40]: said}
    odd = {"currency": said, "unit": said}
    return [
        price("input", "1", "2", model=said, provider=said, source=said, conditions=conditions),
        price(said, "1", "2", old=side("1", **odd), new=side("2", **odd), effective_at=said),
        price("output", "1", "2", kind="price.scheduled", model=said, effective_at=said, trust=said),
        event("price.listed", said, meter=said, new=side("1", **odd), provider=said),
        event("price.schedule_withdrawn", said, meter="input", old=side("1"), new=side("2"), effective_at=said),
        event("price.corrected", said, meter="input", old=side("1", **odd), new=side("2"), effective_at=said),
        event("model.listed", said, new={"status": said, "retires_on": said, "replacements": [said] * 9}),
        event("model.status_changed", said, old={"status": said}, new={"status": said}),
        event("model.retirement_moved", said, old={"retires_on": said}, new={"retires_on": said}),
        event("model.retirement_scheduled", said, old={}, new={"not_before": said}),
        event("model.retirement_due", said, new={"retires_on": said, "days": 3}, after=reference(url=f"https://{said}/")),
        event("model.replacement_changed", said, old={"replacements": [said]}, new={"replacements": [said] * 50}),
        event("model.alias_repointed", said, old={"model_id": said}, new={"model_id": said}, headline=said),
        deal(company=said, outlet=said, url=said, investors=[said], lead_investors=[said], title=said, amount=said),
        deal("funding.updated", {"amount": said, "status": said, "acquirer": said}, company=said, acquirer=said),
        event("news.published", None, new={"title": said, "url": said, "summary": said}),
        event("source.broken", None, source=said, headline=said),
    ]  # fmt: skip


@pytest.mark.parametrize("said", [*HOSTILE, "x" * 4000, "<" * 4000, "a|b>c<d&e" * 400, "\u05d0" * 4000, "🧨" * 4000])
def test_whatever_a_page_says_slack_takes_and_shows_as_text(said: str) -> None:
    events = hostile_events(said)
    runs = [work(name=said, model=said), work(name=said, provider=said, model=said), *WORKLOADS]
    beside = Standing(
        prices=[rate("output", "6"), rate("input", "1", said)],
        replacements={f"openai/{said}": [said] * 20},
        retires={f"openai/{said}": said},
        contracts=[Contract(name=said, provider="openai", amounts={"input": Decimal(1)})],
        siblings=[
            Sibling(event=f"{n}", source=one.source, observed_at=one.observed_at, kind="model.listed", model=said)
            for n, one in enumerate(events)
        ],
    )
    assert check(compose(events, runs, BASE, beside), events) >= 10


@pytest.mark.parametrize("models", [1, 3, 40, 500])
def test_500_changes_on_one_page_are_one_message_within_the_limits(models: int) -> None:
    meters = [f"meter_{n}" for n in range(500 // models)]
    events = [
        price(meter, "2", f"1.{n % 97:02}", model=f"a-model-with-a-rather-long-name-{n:03}")
        for n in range(models)
        for meter in meters
    ]
    messages = compose(events, WORKLOADS, BASE)
    assert check(messages, events) >= len(messages)
    assert len(messages) == (models if models < 4 else 1)
    assert all(len(text(message)) < 40_000 for message in messages)


def test_500_lives_on_one_page_are_one_message_within_the_limits() -> None:
    kinds = [
        lambda name: retirement("2026-11-26", model=name),
        lambda name: status("active", "deprecated", model=name),
        lambda name: status("deprecated", "retired", model=name),
        lambda name: retirement(f"2027-0{len(name) % 9 + 1}-01", model=name, kind="model.retirement_due"),
    ]
    events = [kinds[n % 4](f"model-{'x' * (n % 50)}-{n}") for n in range(500)]
    named = {f"openai/{each.model}": [f"successor-{n}"] for n, each in enumerate(events)}
    assert check(compose(events, WORKLOADS, BASE, Standing(replacements=named)), events) >= 2


def test_two_thousand_workloads_fit() -> None:
    told = price("input", "1", "0.5")
    crowd = [work(name=f"workload {n} {'<&>' * 20}") for n in range(2000)]
    (message,) = compose([told], crowd, BASE)
    assert refusals(message) == []
    assert refusals(replace(message, effects=("&" * 9000,) * 50, also=("<" * 9000,), alternatives=(">" * 9000,))) == []


ESCAPES = [
    ("a & b", 1), ("a &amp; b &lt;c&gt;", 0), ("&nbsp;", 1), ("&#60;", 1), ("<!channel>", 2), ("<@U012>", 2),
    ("<#C024>", 2), ("<https://x.example|Page>", 0), ("<https://x.example>", 2), ("<mailto:a@b|mail>", 2),
    ("<javascript:alert(1)|Page>", 2), ("<https://x.example|Page> &amp; <b>", 2), ("a > b", 1),
]  # fmt: skip


@pytest.mark.parametrize(("said", "wrong"), ESCAPES)
def test_the_checker_knows_what_is_not_escaped(said: str, wrong: int) -> None:
    assert len(slack_rules.unescaped({"text": said})) == wrong
    block = {"type": "section", "text": {"type": "mrkdwn", "text": said}}
    assert len(slack_rules.unescaped({"text": "x", "blocks": [block], "link_names": 1})) == wrong + 1

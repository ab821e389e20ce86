"""Slack: every message within its documented limits, and nothing of a page acts there."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts import slack_rules
from alerts.circumstances import Standing
from alerts.messages import Link, Message, compose
from alerts.notifiers.slack_blocks import detail, escape, fit, head, payload
from tests.alerts.examples import event, price, retirement
from tests.alerts.test_impact import standing, work
from tests.alerts.test_messages import BASE, TITLES
from tests.payloads import HOSTILE


def accepted(message: Message) -> dict[str, Any]:
    body = payload(message)
    assert slack_rules.refusal(body) is None
    total = sum(len(part["text"]) for block in body["blocks"] for part in slack_rules.texts(block)) + len(body["text"])
    assert total < 10_000
    assert len(body["blocks"]) <= 45
    return body


@pytest.mark.parametrize(("events", "title"), TITLES, ids=lambda value: value if isinstance(value, str) else "")
def test_every_kind_of_message_is_accepted(events: list[Any], title: str) -> None:
    (message,) = compose(events, [work()], BASE)
    body = accepted(message)
    assert slack_rules.as_read(body).startswith(title)
    assert title in slack_rules.unescape(body["text"])


def test_the_whole_of_a_payload() -> None:
    first = price("input", "1.00", "0.20")
    (message,) = compose([first, price("output", "6", "1.2")], [work()], BASE)
    assert payload(message) == {
        "text": "OpenAI cuts gpt-5.6-luna by 80 %: input $1.00 → $0.20, output $6.00 → $1.20 per 1M tokens\n"
        "support-bot pays $4,080 less a month: $5,100 → $1,020 (−80 %), at 100,000 requests a day with 500 tokens in "
        "and 200 out, 30 days a month.",
        "blocks": [
            {
                "type": "header",
                "block_id": f"aiwire-{message.key}",
                "text": {
                    "type": "plain_text",
                    "text": "OpenAI cuts gpt-5.6-luna by 80 %: input $1.00 → $0.20, output $6.00 → $1.20 per 1M tokens",
                    "emoji": False,
                },
            },
            {
                "type": "section",
                "text": {"type": "plain_text", "text": message.effects[0], "emoji": False},
            },
            {
                "type": "context",
                "elements": [{"type": "plain_text", "text": f"{message.seen}.", "emoji": False}],
            },
            {
                "type": "context",
                "elements": [
                    {
                        "type": "mrkdwn",
                        "text": f"<{BASE}/evidence/{first.id}|Evidence> · "
                        f"<{BASE}/models/openai/gpt-5.6-luna|History> · "
                        f"<https://platform.openai.example/docs/pricing.md|Page> · id {message.key[:12]}",
                        "verbatim": True,
                    }
                ],
            },
        ],
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {
            "event_type": "aiwire_message",
            "event_payload": {"message_key": message.key, "events": list(message.events)},
        },
    }


@pytest.mark.parametrize("hostile", HOSTILE)
def test_page_text_does_nothing_in_slack(hostile: str) -> None:
    events = [
        price("input", "1", "2", model=hostile),
        event("news.published", None, new={"title": hostile, "url": hostile, "summary": hostile}),
        event("source.broken", None, headline=hostile),
        event("model.replacement_changed", hostile, old={}, new={"replacements": [hostile] * 9}),
        *(retirement(model=f"{hostile[:50]} {n}") for n in range(5)),
    ]
    for message in compose(events, [work(name=hostile, model=hostile)], BASE):
        body = accepted(message)
        ours = (f"<{BASE}/", "<https://platform.openai.example/docs/pricing.md|Page>")
        for command in slack_rules.commands(body):
            assert command.startswith(ours)
            assert re.fullmatch(r"<[^<>|]+\|(Evidence|History|Timeline|Page|Article)>", command)
        for block in body["blocks"]:
            for part in slack_rules.texts(block):
                assert part["text"].replace("\n", "").isprintable()
                if part["type"] == "mrkdwn":  # our own links and nothing else
                    assert re.fullmatch(r"(<[^<>]+> · )*id [0-9a-f]{12}", part["text"])
        assert body["text"].replace("\n", "").isprintable()


def test_500_changes_on_one_page_end_in_and_more() -> None:
    events = [price("input", "2", "1", model=f"model-with-a-rather-long-name-{n:03}") for n in range(500)]
    (message,) = compose(events, base_url=BASE)
    read = slack_rules.as_read(accepted(message))
    told = read.count("• model-with-a-rather-long-name-")
    assert told >= 90
    assert f"… and {500 - told} more changes" in read


def test_workloads_that_do_not_fit_are_counted_and_the_dearest_come_first() -> None:
    busy = [replace(work(name=f"team-{i:02}"), requests_per_day=Decimal(1000 * (i + 1))) for i in range(60)]
    (message,) = compose([price("input", "1", "2")], busy, standing=Standing(prices=[standing("output", "6")]))
    whole, first, thread = payload(message), head(message), detail(message)
    assert thread is not None
    for body in (whole, first, thread):
        assert slack_rules.refusal(body) is None
        shown = slack_rules.as_read(body)
        told = {name for name in (f"team-{i:02}" for i in range(60)) if name in shown}
        assert "team-59" in told
        assert "team-00" not in told
        assert f"… and {60 - len(told)} more" in shown


def test_asides_that_do_not_fit_are_counted() -> None:
    many = tuple(f"Cheapest other frontier model for team-{i:02}: {'x' * 60}" for i in range(40))
    message = Message(key="k", events=(), subjects=(), title="t", alternatives=many, also=many)
    shown = slack_rules.as_read(payload(message))
    assert shown.count("… and ") == 2


def test_lines_that_do_not_fit_are_counted_too() -> None:
    events = [price("input", "2", "1", model="<&>" * 20 + str(n)) for n in range(90)]
    (message,) = compose(events, base_url=BASE)
    read = slack_rules.as_read(accepted(message))
    told = read.count("• <&>")
    assert 0 < told < 90
    assert f"… and {90 - told} more changes" in read


_text = st.text(st.characters(codec="utf-8"), max_size=400) | st.sampled_from(["&" * 3000, "<!channel>", ""])


@settings(max_examples=60, deadline=None)
@given(
    title=_text.map(lambda text: text or "x"),
    lines=st.lists(_text, max_size=30),
    effects=st.lists(_text, max_size=10),
    notes=st.lists(_text, max_size=4),
    links=st.lists(st.integers(0, 10**6), max_size=5),
)
def test_anything_is_accepted(
    title: str, lines: list[str], effects: list[str], notes: list[str], links: list[int]
) -> None:
    accepted(
        Message(
            key="ab" * 16,
            events=("e" * 32,) * 300,
            subjects=(),
            title=title,
            lines=tuple(lines),
            effects=tuple(effects),
            notes=tuple(notes),
            links=tuple(Link(label="Evidence", url=f"https://x.example/{number}") for number in links),
        )
    )


@given(st.text(alphabet="ab&<>é", max_size=60), st.integers(6, 80))
def test_cutting_never_splits_an_entity(text: str, limit: int) -> None:
    cut = fit(text, limit)
    assert len(cut) <= limit
    assert escape(slack_rules.unescape(cut)) == cut
    assert text.startswith(slack_rules.unescape(cut).removesuffix("…"))


RULES: list[tuple[Any, str]] = [
    ([], "invalid_payload"),
    ({}, "no_text"),
    ({"text": "x", "colour": 1}, "invalid_payload"),
    ({"text": "x" * 40_001}, "msg_too_long"),
    ({"blocks": {}}, "no_text"),
    ({"text": "x", "blocks": {"a": 1}}, "invalid_blocks_format"),
    ({"blocks": [{"type": "divider"}] * 51}, "invalid_blocks"),
    ({"blocks": [{"type": "marquee"}]}, "invalid_blocks"),
    ({"blocks": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]}, "invalid_blocks"),
    ({"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]}, "invalid_blocks"),
    ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}]}, "invalid_blocks"),
    ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}]}, "invalid_blocks"),
    ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}]}, "invalid_blocks"),
    ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
    ({"blocks": [{"type": "context", "elements": []}]}, "invalid_blocks"),
    ({"blocks": [{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}]}, "invalid_blocks"),
    ({"blocks": [{"type": "divider", "block_id": "a"}] * 2}, "invalid_blocks"),
    ({"blocks": [{"type": "divider", "block_id": "a" * 256}]}, "invalid_blocks"),
    ({"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}] * 5}, "msg_blocks_too_long"),
    ({"text": "x", "metadata": {"event_type": "a"}}, "invalid_metadata_format"),
    ({"text": "x", "metadata": {"event_type": "a", "event_payload": {"x": "y" * 9000}}}, "metadata_too_large"),
]


@pytest.mark.parametrize(("body", "word"), RULES)
def test_the_checker_refuses_what_slack_refuses(body: Any, word: str) -> None:
    assert str(slack_rules.refusal(body)).startswith(word)


def test_the_checker_accepts_what_slack_documents() -> None:
    body = {
        "text": "Fallback",
        "blocks": [
            {"type": "header", "text": {"type": "plain_text", "text": "Budget", "emoji": True}},
            {"type": "section", "fields": [{"type": "mrkdwn", "text": "*When*"}] * 10},
            {"type": "divider"},
            {"type": "image", "alt_text": "chart", "image_url": "https://x.example/c.png"},
            {"type": "actions", "elements": [{"type": "button", "text": {"type": "plain_text", "text": "See"}, "url": "https://x"}]},
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "<https://x.example|here> &amp; there"}]},
        ],
    }  # fmt: skip
    assert slack_rules.refusal(body) is None
    assert slack_rules.as_read(body).endswith("here <https://x.example> & there")

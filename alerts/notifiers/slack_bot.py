"""Slack by a bot: a headline in the channel and the detail in its thread; put right where it stands when it was wrong.

One request an attempt, so that the rate is kept and a crash repeats one post at most: the receipt says how far it got.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from alerts import outcomes, slack_rules, transport
from alerts.messages import Message
from alerts.notifiers import credentials
from alerts.notifiers.slack_blocks import detail, head, payload
from alerts.notifiers.slack_words import BUSY, GONE, LOST, REFUSED
from alerts.outcomes import NOTHING, Earlier, Outcome
from timeline.addresses import BlockedAddressError
from timeline.keys import digest
from timeline.secrets import Secret, Unset, strike
from timeline.strict import Table

API: Final = "https://slack.com/api"
ANSWER_BYTES: Final = 262_144
"""Slack repeats the whole message in its answer."""
TIMEOUT: Final = timedelta(seconds=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class BotSettings:
    """`slack = { token_env = "NAME", channel = "C0123456789" }`; the bot needs the scope chat:write and an invitation.

    `api` is where Slack's methods are, another host for a stand-in or GovSlack; `allow_hosts` opens an internal one.
    """

    token: Secret
    channel: str
    api: str = API
    allow_hosts: tuple[str, ...] = ()
    timeout: timedelta = TIMEOUT


@dataclass(frozen=True, kw_only=True, slots=True)
class _Step:
    """One request, and what the receipt says once it was taken."""

    method: str
    body: Mapping[str, Any]
    noted: str  # the name under which the receipt keeps the `ts` of the answer
    last: bool


def parse(table: Table, environ: credentials.Environ) -> BotSettings:
    """The settings from the `slack` table of a receiver. Never shows the token in an error."""
    field, token = credentials.take(table, "token", "the bot's token", environ, example="xoxb-...")
    if not isinstance(token, Unset) and not _is_token(token.reveal()):
        hidden = "something else (not shown: it is a secret)"
        raise table.error(field, "a token that begins with xoxb-", found=hidden)
    api = table.take_str("api", default=API).rstrip("/")
    if not api.startswith(("https://", "http://")):
        raise table.error("api", f"an address like {API}")
    return BotSettings(
        token=token,
        channel=table.take_str("channel"),
        api=api,
        allow_hosts=table.take_list_of_str("allow_hosts", default=()),
        timeout=table.take_duration(
            "timeout", default=TIMEOUT, minimum=timedelta(seconds=1), maximum=timedelta(minutes=1)
        ),
    )


def _is_token(text: str) -> bool:
    return text.startswith("xox") and text.isascii() and text.isprintable()


def lane(settings: BotSettings) -> str:
    """The channel: all receivers of it share its rate."""
    return f"slack-{digest([settings.api, settings.channel.lstrip('#'), settings.token.reveal()], size=16)}"


def send(
    settings: BotSettings, message: Message, allowed: Collection[str], now: datetime, earlier: Earlier = NOTHING
) -> Outcome:
    """Make the next request that the message needs; `partly` where another follows."""
    step = _next(settings, message, earlier)
    if step is None:
        return Outcome(outcome="sent", detail="told already", code="200")
    try:
        answer = transport.post(
            f"{settings.api}/{step.method}",
            json.dumps(step.body, ensure_ascii=False).encode(),
            {
                "Content-Type": "application/json; charset=utf-8",
                "Authorization": f"Bearer {settings.token.reveal()}",
            },
            allowed={*allowed, *settings.allow_hosts},
            seconds=settings.timeout.total_seconds(),
            most=ANSWER_BYTES,
        )
    except BlockedAddressError as error:
        return outcomes.of_blocked(strike(str(error), [settings.token]))
    except transport.PostError as error:
        return outcomes.of_failure(strike(str(error), [settings.token]))
    return _read(settings, step, answer, now)


def preview(message: Message) -> str:
    """The headline, and what its thread adds."""
    more = detail(message)
    told = slack_rules.as_read(head(message))
    return f"{told}\n\n(in its thread)\n\n{slack_rules.as_read(more)}" if more else told


def _next(settings: BotSettings, message: Message, earlier: Earlier) -> _Step | None:
    """What is still to be done. What corrects a message that is there changes it, then says so in its thread.

    What is about a part of it says so in its thread alone: the rest of the message is as true as before.
    """
    original, done = earlier.original, earlier.receipt
    replies = message.part and "ts" in original
    if "ts" in original and "updated" not in done and not replies:
        body = {"channel": original.get("channel", settings.channel), "ts": original["ts"], **head(message)}
        return _Step(method="chat.update", body=body, noted="updated", last=False)
    if "ts" not in done:
        if replies or done.get("updated"):  # empty where the original was lost
            where = {
                "channel": original.get("channel", settings.channel),
                "thread_ts": original.get("ts", ""),
                "reply_broadcast": True,
            }
            return _Step(method="chat.postMessage", body={**where, **payload(message)}, noted="ts", last=True)
        body = {"channel": settings.channel, **head(message)}
        return _Step(method="chat.postMessage", body=body, noted="ts", last=detail(message) is None)
    more = detail(message)
    if more is None or "detail" in done or done.get("updated") or replies:
        return None
    body = {"channel": done.get("channel", settings.channel), "thread_ts": done["ts"], **more}
    return _Step(method="chat.postMessage", body=body, noted="detail", last=True)


def _read(settings: BotSettings, step: _Step, answer: transport.Answer, now: datetime) -> Outcome:
    body = strike(answer.body, [settings.token])
    if not 200 <= answer.status < 300:
        return outcomes.of_http(answer.status, answer.headers, body, now)
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict) or not isinstance(told.get("ok"), bool):
        detail = "200 (an answer that is not Slack's)"
        return Outcome(outcome="retry", detail=detail, code="200")
    if told["ok"]:
        receipt = {step.noted: str(told.get("ts", ""))[:40]}
        if step.noted == "ts":
            receipt["channel"] = str(told.get("channel", settings.channel))[:80]
        return Outcome(outcome="sent" if step.last else "partly", detail="200 ok", code="200", receipt=receipt)
    return _refused(step, outcomes.excerpt(str(told.get("error", ""))), answer, now)


def _refused(step: _Step, word: str, answer: transport.Answer, now: datetime) -> Outcome:
    known = word if word in GONE | REFUSED | BUSY | LOST else ""
    said = f"{step.method}: {word or 'no reason given'}"
    if word in LOST and step.noted == "updated":
        return Outcome(outcome="partly", detail=said, code=known, receipt={"updated": ""})
    if word in GONE:
        return Outcome(outcome="disabled", detail=said, code=known)
    if word in REFUSED:
        return Outcome(outcome="parked", detail=said, code=known)
    wait = outcomes.retry_after(answer.headers.get("retry-after"), now)
    return Outcome(outcome="retry", detail=said, code=known, retry_after=wait, busy=word in BUSY)

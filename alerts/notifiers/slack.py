"""Slack: by an incoming webhook, one message a post; or by a bot (slack_bot). The outbox does the retries."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from alerts import outcomes, slack_rules, transport
from alerts.messages import Message
from alerts.notifiers import credentials, slack_bot
from alerts.notifiers.slack_blocks import payload
from alerts.notifiers.slack_words import GONE
from alerts.outcomes import NOTHING, Earlier, Outcome
from timeline.addresses import BlockedAddressError, check_url
from timeline.keys import digest
from timeline.secrets import Secret, Unset, strike
from timeline.strict import Table

TIMEOUT: Final = timedelta(seconds=15)


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackSettings:
    """`slack = { webhook_env = "NAME" }` or `{ webhook = "https://..." }`; `allow_hosts` opens internal receivers."""

    webhook: Secret
    allow_hosts: tuple[str, ...] = ()
    timeout: timedelta = TIMEOUT


def parse(table: Table, environ: credentials.Environ) -> SlackSettings | slack_bot.BotSettings:
    """The settings from the `slack` table of a receiver. Never shows a webhook's address or a token in an error."""
    if any(name in table for name in ("token", "token_env", "channel")):
        return slack_bot.parse(table, environ)
    example = "https://hooks.slack.com/services/..."
    field, webhook = credentials.take(table, "webhook", "the address itself", environ, example=example)
    if not isinstance(webhook, Unset) and not webhook.reveal().startswith(("https://", "http://")):
        raise table.error(
            field, "an address that begins with https://", found="something else (not shown: it is a secret)"
        )
    return SlackSettings(
        webhook=webhook,
        allow_hosts=table.take_list_of_str("allow_hosts", default=()),
        timeout=table.take_duration(
            "timeout", default=TIMEOUT, minimum=timedelta(seconds=1), maximum=timedelta(minutes=1)
        ),
    )


def lane(settings: SlackSettings | slack_bot.BotSettings) -> str:
    """The channel behind the receiver: all that share it share its rate."""
    if isinstance(settings, slack_bot.BotSettings):
        return slack_bot.lane(settings)
    return f"slack-{digest(settings.webhook.reveal(), size=16)}"


def send(
    settings: SlackSettings | slack_bot.BotSettings,
    message: Message,
    allowed: Collection[str],
    now: datetime,
    earlier: Earlier = NOTHING,
) -> Outcome:
    """Post the message once. `allowed` are internal `host:port` receivers beside the settings' own."""
    if isinstance(settings, slack_bot.BotSettings):
        return slack_bot.send(settings, message, allowed, now, earlier)
    from alerts.notifiers.slack_poster import WebhookPoster  # late: Slack's library, for who sends alone

    opened = {*allowed, *settings.allow_hosts}
    try:
        check_url(settings.webhook.reveal(), allowed=opened)  # before the library sees it, whose errors quote it
        answer = WebhookPoster(settings.webhook, opened, settings.timeout).send_dict(payload(message))
    except BlockedAddressError as error:
        return outcomes.of_blocked(strike(str(error), [settings.webhook]))
    except transport.PostError as error:
        return outcomes.of_failure(strike(str(error), [settings.webhook]))
    body = strike(answer.body or "", [settings.webhook])
    found = outcomes.of_http(answer.status_code, answer.headers, body, now)
    if found.outcome == "parked" and body.strip() in GONE:  # 403 invalid_token, say
        return replace(found, outcome="disabled")
    return found


def preview(settings: SlackSettings | slack_bot.BotSettings, message: Message, now: datetime) -> str:
    """The message as a reader sees it."""
    if isinstance(settings, slack_bot.BotSettings):
        return slack_bot.preview(message)
    return slack_rules.as_read(payload(message))

"""Slack incoming webhooks: a message as Block Kit within Slack's limits, posted once; the outbox does the retries."""

import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.request import Request

from slack_sdk.webhook import WebhookClient, WebhookResponse

from alerts import outcomes, transport
from alerts.messages import Link, Message
from alerts.outcomes import Outcome
from timeline.addresses import BlockedAddressError, check_url
from timeline.secrets import Secret, strike
from timeline.strict import Table
from timeline.words import counted

# https://docs.slack.dev/reference/block-kit/blocks and .../composition-objects/text-object. The total is documented
# nowhere: Slack answers msg_blocks_too_long at about 13,200 characters over all blocks.
HEADER: Final = 150
SECTION: Final = 2_900  # Slack takes 3,000
CONTEXT: Final = 1_900
FALLBACK: Final = 1_200
TOTAL: Final = 9_500
_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_SILENT: Final = logging.getLogger("aiwire.slack.silent")
"""What the client library logs: nothing, as it would log the webhook's address."""
_SILENT.disabled = True
_SILENT.setLevel(logging.CRITICAL + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class SlackSettings:
    """`slack = { webhook_env = "NAME" }` or `{ webhook = "https://..." }`; `allow_hosts` opens internal receivers."""

    webhook: Secret
    allow_hosts: tuple[str, ...] = ()


def parse(table: Table, environ: Mapping[str, str]) -> SlackSettings:
    """The settings from the `slack` table of a receiver. Never shows the webhook's address in an error."""
    name = table.take_secret("webhook_env", default=None)
    webhook = table.take_secret("webhook", default=None)
    allow_hosts = table.take_list_of_str("allow_hosts", default=())
    if (name is None) == (webhook is None):
        what = "exactly one of webhook_env (the name of an environment variable) and webhook (the address itself)"
        raise table.error("webhook" if webhook else "webhook_env", what, found="both" if webhook else "neither")
    field = "webhook"
    if name is not None:
        field, webhook = "webhook_env", _from_environment(table, name.reveal(), environ)
    if webhook is None or not webhook.reveal().startswith(("https://", "http://")):
        raise table.error(
            field, "an address that begins with https://", found="something else (not shown: it is a secret)"
        )
    return SlackSettings(webhook=webhook, allow_hosts=allow_hosts)


def _from_environment(table: Table, name: str, environ: Mapping[str, str]) -> Secret:
    if not name.replace("_", "").isalnum() or not name.isascii():
        shown = "something else (not shown: it may be a secret)"
        raise table.error("webhook_env", "the name of an environment variable, like SLACK_WEBHOOK_URL", found=shown)
    value = environ.get(name, "").strip()
    if not value:
        problem = f"an environment variable that is set: export {name}=https://hooks.slack.com/services/..."
        raise table.error("webhook_env", problem, found=f"{name}, which is not set")
    return Secret(value)


def send(settings: SlackSettings, message: Message, allowed: Collection[str], now: datetime) -> Outcome:
    """Post the message once. `allowed` are internal `host:port` receivers beside the settings' own."""
    opened = {*allowed, *settings.allow_hosts}
    try:
        check_url(settings.webhook.reveal(), allowed=opened)  # before the library sees it, whose errors quote it
        answer = _Client(settings.webhook, opened).send_dict(payload(message))
    except BlockedAddressError as error:
        return Outcome(outcome="disabled", detail=strike(str(error), [settings.webhook]))
    except transport.PostError as error:
        return outcomes.of_failure(strike(str(error), [settings.webhook]))
    body = strike(answer.body or "", [settings.webhook])
    return outcomes.of_http(answer.status_code, answer.headers, body, now)


class _Client(WebhookClient):
    """slack_sdk's webhook client over our guarded transport, which neither follows redirects nor retries."""

    def __init__(self, webhook: Secret, allowed: Collection[str]) -> None:
        super().__init__(webhook.reveal(), logger=_SILENT, retry_handlers=[])
        self._allowed = allowed

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        body = req.data if isinstance(req.data, bytes) else b""
        answer = transport.post(url, body, dict(req.header_items()), allowed=self._allowed)
        return WebhookResponse(url=url, status_code=answer.status, body=answer.body, headers=dict(answer.headers))


def payload(message: Message) -> dict[str, Any]:
    """What is posted: all text escaped, page text in plain_text objects, addresses only in links of our own."""
    head = {"type": "header", "block_id": f"aiwire-{message.key}", "text": _plain(message.title, HEADER)}
    end = _end(message)
    fallback = fit("\n".join((message.title, *message.lines, *message.effects)), FALLBACK)
    room = TOTAL - len(fallback) - _size([head, *end])
    effects = _sections(message.effects, min(SECTION, room))[:1]
    room -= _size(effects)
    lead = [message.lead] if message.lead else []
    bullets = [*lead, *(f"• {line}" for line in message.lines)]
    lines, told = _within(bullets, room - 100)
    left = len(bullets) - told + message.omitted
    more = [_section(f"… and {counted(left, 'more change')}")] if left else []
    return {
        "text": fallback,
        "blocks": [head, *lines, *more, *effects, *end],
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {
            "event_type": "aiwire_message",
            "event_payload": {"message_key": message.key, "events": list(message.events[:20])},
        },
    }


def escape(text: str) -> str:
    """Slack's escaping: these three characters and no other."""
    return "".join(_ENTITIES.get(c, c) for c in text)


def fit(text: str, limit: int) -> str:
    """`text` escaped, in at most `limit` characters, never cut inside an entity, without control characters."""
    text = "".join(c for c in text if c.isprintable() or c == "\n")
    escaped = escape(text)
    if len(escaped) <= limit:
        return escaped
    out, size = [], 1
    for c in text:
        piece = _ENTITIES.get(c, c)
        if size + len(piece) > limit:
            break
        out.append(piece)
        size += len(piece)
    return "".join(out).rstrip() + "…"


def _end(message: Message) -> list[dict[str, Any]]:
    """Notes, where and when it was seen, the links and the message's id."""
    blocks = []
    said = " ".join(part for part in (*message.notes, f"{message.seen}." if message.seen else "") if part)
    if said:
        blocks.append({"type": "context", "elements": [_plain(said, CONTEXT)]})
    links = " · ".join([*map(_link, message.links), f"id {message.key[:12]}"])
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": links, "verbatim": True}]})
    return blocks


def _link(link: Link) -> str:
    return f"<{escape(link.url)}|{escape(link.label)}>"


def _within(lines: Iterable[str], room: int) -> tuple[list[dict[str, Any]], int]:
    """The sections that fit into `room` characters, and how many of the lines they tell."""
    kept: list[str] = []
    for line in lines:
        room -= len(escape(line)) + 1
        if room < 0:
            break
        kept.append(line)
    return _sections(kept, SECTION), len(kept)


def _sections(lines: Iterable[str], limit: int) -> list[dict[str, Any]]:
    """Lines in as few sections as hold them."""
    texts: list[str] = []
    for line in filter(str.strip, lines):
        joined = f"{texts[-1]}\n{line}" if texts else line
        if texts and len(escape(joined)) <= limit:
            texts[-1] = joined
        else:
            texts.append(line)
    return [_section(text, limit) for text in texts]


def _section(text: str, limit: int = SECTION) -> dict[str, Any]:
    return {"type": "section", "text": _plain(text, limit)}


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": fit(text, limit).strip() or "…", "emoji": False}


def _size(blocks: Iterable[Mapping[str, Any]]) -> int:
    texts = [block["text"]["text"] if "text" in block else block["elements"][0]["text"] for block in blocks]
    return sum(len(text) for text in texts)

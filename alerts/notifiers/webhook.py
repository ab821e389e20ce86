"""Webhooks for programs: a JSON message, signed as Standard Webhooks say, with the same id at every attempt.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from alerts import outcomes, transport
from alerts.messages import Message, text
from alerts.notifiers import credentials
from alerts.outcomes import NOTHING, Earlier, Outcome
from timeline.addresses import BlockedAddressError
from timeline.keys import canonical, digest
from timeline.secrets import Secret, Unset, strike
from timeline.strict import Table

PREFIX: Final = "whsec_"
TIMEOUT: Final = timedelta(seconds=15)
SECRET_BYTES: Final = range(24, 65)
"""As long as the specification asks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookSettings:
    """`webhook = { url_env = "NAME", secret_env = "NAME" }`; `url` or `secret` instead for the text itself.

    Several secrets, the newest first and spaces between, sign each message: so one can be replaced without a gap.
    """

    url: Secret
    secrets: tuple[Secret, ...]
    allow_hosts: tuple[str, ...] = ()
    timeout: timedelta = TIMEOUT


def parse(table: Table, environ: credentials.Environ) -> WebhookSettings:
    """The settings from the `webhook` table of a receiver. Shows neither address nor secret in an error."""
    hidden = "something else (not shown: it is a secret)"
    field, url = credentials.take(table, "url", "the address itself", environ, example="https://...")
    if not isinstance(url, Unset) and not url.reveal().startswith(("https://", "http://")):
        raise table.error(field, "an address that begins with https://", found=hidden)
    field, given = credentials.take(table, "secret", "the secret itself", environ, example=f"{PREFIX}...")
    unset = isinstance(given, Unset)
    secrets = (given,) if unset else tuple(Secret(part) for part in given.reveal().split())
    if not unset and (not secrets or any(_key(secret) is None for secret in secrets)):
        problem = f"{PREFIX} and 24 to 64 random bytes in base64, like `echo {PREFIX}$(openssl rand -base64 32)`"
        raise table.error(field, problem, found=hidden)
    return WebhookSettings(
        url=url,
        secrets=secrets,
        allow_hosts=table.take_list_of_str("allow_hosts", default=()),
        timeout=table.take_duration(
            "timeout", default=TIMEOUT, minimum=timedelta(seconds=1), maximum=timedelta(minutes=1)
        ),
    )


def lane(settings: WebhookSettings) -> str:
    """The address: all receivers of it share its rate."""
    return f"webhook-{digest(settings.url.reveal(), size=16)}"


def send(
    settings: WebhookSettings,
    message: Message,
    allowed: Collection[str],
    now: datetime,
    earlier: Earlier = NOTHING,
) -> Outcome:
    """Post the message once."""
    hidden = [settings.url, *settings.secrets]
    content = body(message, now)
    headers = {"Content-Type": "application/json", **signed(settings.secrets, message.key, content, now)}
    try:
        answer = transport.post(
            settings.url.reveal(),
            content,
            headers,
            allowed={*allowed, *settings.allow_hosts},
            seconds=settings.timeout.total_seconds(),
        )
    except BlockedAddressError as error:
        return outcomes.of_blocked(strike(str(error), hidden))
    except transport.PostError as error:
        return outcomes.of_failure(strike(str(error), hidden))
    return outcomes.of_http(answer.status, answer.headers, strike(answer.body, hidden), now)


def preview(settings: WebhookSettings, message: Message, now: datetime) -> str:
    """The body as it would be posted."""
    return body(message, now).decode()


def body(message: Message, now: datetime) -> bytes:
    """`{"type": "alert.change", "timestamp": ..., "data": {...}}`: the parts of the message, `text`, `changes`."""
    parts = message.to_json()
    changes = parts.pop("data")
    at = message.at or f"{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    told = {**parts, "text": text(message), "changes": changes}
    return canonical({"type": f"alert.{message.kind}", "timestamp": at, "data": told}).encode()


def signed(secrets: Collection[Secret], key: str, content: bytes, now: datetime) -> dict[str, str]:
    """The three headers of Standard Webhooks."""
    stamp = str(int(now.timestamp()))
    signatures = [_signature(_key(secret) or b"", f"{key}.{stamp}.".encode() + content) for secret in secrets]
    return {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": " ".join(signatures)}


def _signature(key: bytes, content: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()


def _key(secret: Secret) -> bytes | None:
    """The bytes of a secret; None where it is not written as one."""
    if not secret.reveal().startswith(PREFIX):
        return None
    try:
        key = base64.b64decode(secret.reveal().removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) in SECRET_BYTES else None

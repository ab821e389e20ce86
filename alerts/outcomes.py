"""What came of sending a message, and what to do next: a decision made in one place, applied by the outbox."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from timeline.keys import digest
from timeline.words import clean

Verdict = Literal["sent", "retry", "parked", "disabled"]

LONGEST_WAIT: Final = timedelta(hours=6)
"""No Retry-After is obeyed beyond this: a receiver must not be able to silence alerts for days."""
PATIENCE: Final = timedelta(hours=72)
"""How long a message is tried before it is parked."""
FIRST_PAUSE: Final = timedelta(seconds=15)
LONGEST_PAUSE: Final = timedelta(hours=1)
_RETRIED_STATUSES: Final = frozenset({408, 425, 429})
_GONE: Final = frozenset({401, 404, 410})


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """`sent`; `retry` (later, the same message); `parked` (this message never goes through); `disabled` (none does).

    `detail` is a status and a short, inert excerpt for the operator: never a secret, never page text in full.
    """

    outcome: Verdict
    detail: str
    retry_after: timedelta | None = None  # what the receiver asked for


def of_http(status: int, headers: Mapping[str, str], body: str, now: datetime) -> Outcome:
    """The decision for an HTTP answer. `headers` by lower-case name; `body` is only quoted, in a few characters."""
    detail = f"{status} {excerpt(body)}".strip()
    if 200 <= status < 300:
        if body.lstrip()[:1] == "<":  # a captive portal or proxy answers 200 with a page of its own
            return Outcome(outcome="retry", detail=f"{detail} (a page, where a receiver's short answer was expected)")
        return Outcome(outcome="sent", detail=detail)
    if 300 <= status < 400:
        return Outcome(outcome="disabled", detail=f"{detail} (redirects of a webhook are not followed)")
    if status in _RETRIED_STATUSES or status >= 500:
        return Outcome(outcome="retry", detail=detail, retry_after=retry_after(headers.get("retry-after"), now))
    return Outcome(outcome="disabled" if status in _GONE else "parked", detail=detail)


def of_failure(reason: str) -> Outcome:
    """The decision where there was no answer: it may have arrived, and is sent again with the same id."""
    return Outcome(outcome="retry", detail=clean(reason, 160))


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Seconds or an HTTP date, at least a second and at most LONGEST_WAIT; None where it says neither."""
    if value is None:
        return None
    text = value.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,6})?", text):
        wait = timedelta(seconds=float(text))
    else:
        try:
            when = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = (when if when.tzinfo else when.replace(tzinfo=UTC)) - now
    return min(max(wait, timedelta(seconds=1)), LONGEST_WAIT)


def next_attempt(
    key: str, *, attempts: int, created_at: datetime, now: datetime, retry_after: timedelta | None = None
) -> datetime | None:
    """When to try message `key` again after its `attempts`-th failure; None once PATIENCE is over.

    What the receiver asked for, else a pause that doubles up to an hour; both stretched by up to a fifth, by the key
    and not by chance, so that many messages do not come back at the same instant.
    """
    pause = retry_after or min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 20), LONGEST_PAUSE)
    jitter = int(digest([key, attempts], size=4), 16) / 0xFFFF
    again = now + pause * (1 + jitter / 5)
    return again if again <= created_at + PATIENCE else None


def excerpt(body: str) -> str:
    """The first words of an answer, without anything that could be markup, an address or a control character."""
    return clean(re.sub(r"[^\w .,:;=()-]+", " ", body[:400]), 80)

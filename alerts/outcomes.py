"""What came of sending a message, and what to do next: a decision made in one place, applied by the outbox."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, Literal

from timeline.keys import digest
from timeline.words import clean

Verdict = Literal["sent", "partly", "retry", "parked", "disabled"]

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
    """`sent`; `partly` (one request of several was taken, the next is due); `retry` (later, the same message);
    `parked` (this message never goes through); `disabled` (none does).

    `detail` is a status and a short, inert excerpt for the operator: never a secret, never page text in full. `code` is
    for everybody: a status, or a word of ours.
    """

    outcome: Verdict
    detail: str
    code: str = ""
    retry_after: timedelta | None = None  # what the receiver asked for
    busy: bool = False  # it is well and only asks for time: no reason ever to give up
    receipt: Mapping[str, str] = field(default_factory=dict)  # what to remember of this message; never a secret


@dataclass(frozen=True, kw_only=True, slots=True)
class Earlier:
    """What receipts of before say: of this message's other attempts, and of the message that it puts right."""

    receipt: Mapping[str, str] = field(default_factory=dict)
    original: Mapping[str, str] = field(default_factory=dict)


NOTHING: Final = Earlier()


def of_http(status: int, headers: Mapping[str, str], body: str, now: datetime) -> Outcome:
    """The decision for an HTTP answer. `headers` by lower-case name; `body` is only quoted, in a few characters."""
    detail, code = f"{status} {excerpt(body)}".strip(), str(status)
    if 200 <= status < 300:
        if body.lstrip()[:1] == "<":  # a captive portal or proxy answers 200 with a page of its own
            said = f"{detail} (a page, where a receiver's short answer was expected)"
            return Outcome(outcome="retry", detail=said, code=code)
        return Outcome(outcome="sent", detail=detail, code=code)
    if 300 <= status < 400:
        said = f"{detail} (redirects of a webhook are not followed)"
        return Outcome(outcome="disabled", detail=said, code=code)
    if status in _RETRIED_STATUSES or status >= 500:
        wait = retry_after(headers.get("retry-after"), now)
        return Outcome(outcome="retry", detail=detail, code=code, retry_after=wait, busy=status == 429)
    return Outcome(outcome="disabled" if status in _GONE else "parked", detail=detail, code=code)


def of_failure(reason: str) -> Outcome:
    """The decision where there was no answer: it may have arrived, and is sent again with the same id."""
    return Outcome(outcome="retry", detail=clean(reason, 160), code="no answer")


def of_blocked(reason: str) -> Outcome:
    """The decision where the address may not be contacted: nothing goes there until the configuration changes."""
    return Outcome(outcome="disabled", detail=clean(reason, 200), code="blocked address")


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
    key: str,
    *,
    attempts: int,
    created_at: datetime,
    now: datetime,
    retry_after: timedelta | None = None,
    busy: bool = False,
) -> datetime | None:
    """When to try message `key` again after its `attempts`-th failure; None once PATIENCE is over, never where `busy`.

    What the receiver asked for, else a pause that doubles up to an hour; both stretched by up to a fifth, by the key
    and not by chance, so that many messages do not come back at the same instant.
    """
    pause = retry_after or min(FIRST_PAUSE * 2 ** min(max(attempts - 1, 0), 20), LONGEST_PAUSE)
    jitter = int(digest([key, attempts], size=4), 16) / 0xFFFF
    again = now + pause * (1 + jitter / 5)
    return again if busy or again <= created_at + PATIENCE else None


def excerpt(body: str) -> str:
    """The first words of an answer, without anything that could be markup, an address or a control character."""
    return clean(re.sub(r"[^\w .,:;=()-]+", " ", body[:400]), 80)

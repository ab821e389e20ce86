"""When to look at a source again: arithmetic over its interval, its failures and what the server asks for."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from crawler.outcomes import Return, Rule

JITTER = 0.1  # of the interval, either way
LONGEST_BACKOFF = timedelta(hours=6)
LONGEST_SOON = (
    6  # times the interval, for what may pass by itself: within an hour at least, and LONGEST_BACKOFF at most
)
SHORTEST_LONGEST = timedelta(hours=1)
SLOWEST = 4  # times the interval, for a feed that says it changes rarely, or does
FIRST_BACKOFF = timedelta(minutes=2)
LONGEST_UNREACHED = timedelta(minutes=15)  # a network that is back is noticed within this
LONGEST_RETRY_AFTER = timedelta(hours=24)  # nobody may silence a source for longer with one header
DEFAULT_RETRY_AFTER = timedelta(minutes=15)  # for a 429 that does not say


def next_due(
    *,
    now: datetime,
    source: str,
    every: timedelta,
    rule: Rule,
    failures: int = 0,
    retry_after: timedelta | None = None,
    max_age: timedelta | None = None,
    pace: timedelta | None = None,
) -> datetime:
    """The next visit: never earlier than the server asked for, never given up.

    `failures` in a row, this one included. `max_age` is a lower bound up to twice the interval: a server may save
    itself some requests, not hide a change for a day. `pace` is how rarely it is enough to look, by what the source
    says and does: up to four times the interval.
    """
    if rule.returns is Return.AT_ONCE:
        return now
    wait = every if pace is None else max(every, min(pace, SLOWEST * every))
    if rule.returns is Return.SOON:
        longest = min(max(LONGEST_SOON * every, SHORTEST_LONGEST), LONGEST_BACKOFF)
        wait = min(_backoff(min(every, FIRST_BACKOFF), failures), longest)
    elif rule.returns is Return.UNREACHED:
        wait = min(_backoff(min(every, FIRST_BACKOFF), failures), LONGEST_UNREACHED)
    elif rule.returns is Return.LATER:
        wait = _backoff(every, failures)
    wait *= 1 + JITTER * _spread(source, now)
    if rule.good and max_age is not None:
        wait = max(wait, min(max_age, 2 * every))
    if retry_after is not None:
        wait = max(wait, min(retry_after, LONGEST_RETRY_AFTER))
    return now + wait


def retry_after_of(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long Retry-After asks to wait (RFC 9110 10.2.3: seconds or an HTTP date), capped; None: it does not say."""
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        wait = timedelta(seconds=int(text))
    elif (date := _http_date(text)) is not None:
        wait = date - now
    else:
        return None
    return min(max(wait, timedelta(0)), LONGEST_RETRY_AFTER)


def max_age_of(headers: Mapping[str, str]) -> timedelta | None:
    """How much longer the answer is fresh by its Cache-Control (RFC 9111 4.2); None where it need not be."""
    directives = headers.get("cache-control", "").lower()
    found = re.search(r'(?:^|[\s,])max-age="?([0-9]{1,9})', directives)
    if re.search(r"(?:^|[\s,])(no-cache|no-store)", directives):
        return None
    if found is None:
        return _until_expiry(headers)
    age = headers.get("age", "").strip()
    left = int(found.group(1)) - (int(age) if re.fullmatch(r"[0-9]{1,9}", age) else 0)
    return timedelta(seconds=left) if left > 0 else None


def _until_expiry(headers: Mapping[str, str]) -> timedelta | None:
    """How long the answer is fresh by Expires, which counts where Cache-Control says nothing (RFC 9111 5.3)."""
    expires, sent = (_http_date(headers.get(name, "").strip()) for name in ("expires", "date"))
    return expires - sent if expires and sent and expires > sent else None


def _backoff(first: timedelta, failures: int) -> timedelta:
    """Doubling from `first`, capped; a source whose interval is longer than the cap keeps its interval."""
    doublings = min(max(failures - 1, 0), 10)
    return min(first * int(2**doublings), max(LONGEST_BACKOFF, first))


def _spread(source: str, now: datetime) -> float:
    """A number in [-1, 1) that looks random and is the same for the same source and time."""
    seed = hashlib.sha256(f"{source} {now.isoformat()}".encode()).digest()
    return int.from_bytes(seed[:4], "big") / 2**31 - 1


def _http_date(text: str) -> datetime | None:
    if not re.match(r"[A-Za-z]{3}", text):
        return None
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

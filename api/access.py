"""Access: who may ask, where that is limited, and how often. Pure but for the buckets, which belong to one process."""

import base64
import binascii
import hashlib
import hmac
import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from api.problems import Problem
from timeline.secrets import Secret

OPEN = ("/livez", "/readyz")  # for whoever watches the process: without a token, as often as they like
CHALLENGE = 'Bearer realm="aiwire", Basic realm="aiwire", charset="UTF-8"'
MOST_CLIENTS = 10_000  # whose last requests are remembered; the ones seen longest ago are forgotten
WINDOW = 60.0  # seconds


@dataclass(frozen=True, kw_only=True, slots=True)
class Access:
    """The rules. `tokens`: one of these is needed for everything but OPEN; none: everybody may ask."""

    tokens: tuple[Secret, ...] = ()
    per_minute: int | None = None  # requests of one client, by its token or else its address; None: no limit


@dataclass(kw_only=True, slots=True)
class Gate:
    """Decides on each request. `clock` gives seconds that only grow."""

    access: Access
    clock: Callable[[], float] = time.monotonic
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def refusal(self, authorization: str, client: str, path: str) -> Problem | None:
        """401 without a token that is one of ours, 429 when it is too often; None: let it in."""
        if path in OPEN:
            return None
        who = ""
        if self.access.tokens:
            given = token_in(authorization)
            if given is None or not _known(given, self.access.tokens):
                detail = "a token is needed: send it as `Authorization: Bearer TOKEN`, or as the password of any user"
                return Problem(status=401, detail=detail, headers=(("WWW-Authenticate", CHALLENGE),))
            who = hashlib.sha256(given.encode()).hexdigest()
        most = self.access.per_minute
        return None if most is None else self._too_often(who or _network(client), most)

    def _too_often(self, who: str, most: int) -> Problem | None:
        """A bucket that holds a minute's requests and fills up evenly."""
        now = self.clock()
        left, seen = self._left.pop(who, (float(most), now))
        left = min(float(most), left + (now - seen) * most / WINDOW)
        self._left[who] = (left - 1 if left >= 1 else left, now)
        if len(self._left) > MOST_CLIENTS:
            self._left.popitem(last=False)
        if left >= 1:
            return None
        wait = str(math.ceil((1 - left) * WINDOW / most))
        detail = f"more than {most} requests a minute: ask again in {wait} s"
        return Problem(status=429, detail=detail, headers=(("Retry-After", wait),))


def token_in(authorization: str) -> str | None:
    """The token of an `Authorization` header: a bearer's, or the password of Basic, which browsers and feed readers
    can send.
    """
    scheme, _, given = authorization.strip().partition(" ")
    if scheme.lower() == "bearer":
        return given.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        return base64.b64decode(given.strip(), validate=True).decode().partition(":")[2] or None
    except (binascii.Error, UnicodeDecodeError):
        return None


def _known(given: str, tokens: tuple[Secret, ...]) -> bool:
    """Takes as long for every wrong token, however much of it is right."""
    digest = hashlib.sha256(given.encode()).digest()
    found = [hmac.compare_digest(digest, hashlib.sha256(token.reveal().encode()).digest()) for token in tokens]
    return any(found)


def _network(client: str) -> str:
    """Who shares an address with others of the same household: of IPv6 the first 64 bits."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client
    return str(ipaddress.ip_network((int(address) >> 64 << 64, 64))) if address.version == 6 else client

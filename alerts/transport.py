"""One guarded HTTP POST: the address checked is the one connected to, TLS is verified, redirects are not followed."""

import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from timeline.addresses import BlockedAddressError, Target, check_address, check_url
from timeline.issues import AiwireError

ANSWER_BYTES: Final = 4096
"""How much of an answer is read: receivers answer with a word."""
SECONDS: Final = 15.0
"""For the whole exchange, however slowly the other side drips."""
ADDRESSES: Final = 4
"""So many of a name's addresses are tried."""

Resolve = Callable[[str, int], list[str]]


class PostError(AiwireError):
    """There was no answer: no such name, no connection, a bad certificate, a timeout, a cut connection."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An HTTP answer whatever its status; header names in lower case."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a name, as the system knows them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def post(
    url: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    allowed: Collection[str] = (),
    seconds: float = SECONDS,
    most: int = ANSWER_BYTES,
    resolve: Resolve = resolve,
) -> Answer:
    """Send `body` to `url` and read the answer, `most` bytes of it.

    `allowed` are exact `host:port` texts of internal receivers. Raises BlockedAddressError for an address that may not
    be contacted and PostError where no answer came; neither ever names the path of `url`, which may be a secret.
    """
    target = check_url(url, allowed=allowed)
    if target.scheme != "https" and target.key not in allowed:
        raise BlockedAddressError(f"{target.key} is not asked over plain http: use https, or allow {target.key}")
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    deadline = Deadline(seconds)
    try:
        with deadline:
            opened = open_socket(target, allowed, seconds, resolve)
            deadline.watch(opened)
            with contextlib.closing(_connection(target, opened)) as connection:
                deadline.watch(connection.sock)
                connection.request("POST", path, body=body, headers=dict(headers))
                answer = _read(connection.getresponse(), most)
        if deadline.passed:  # http.client takes a cut connection for the end of an answer
            raise TimeoutError
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        said = f"no answer within {seconds:g} s" if deadline.passed else reason(error)
        raise PostError(f"{target.key}: {said}") from None
    return answer


def open_socket(target: Target, allowed: Collection[str], seconds: float, resolve: Resolve) -> socket.socket:
    """A connection to the first address of the target that takes one; every address is checked before.

    All attempts together take no longer than `seconds`: each has its share of what is left.
    """
    addresses = resolve(target.host, target.port)
    if target.key not in allowed:
        for address in addresses:
            check_address(address)
    failure: OSError = OSError("the name has no address")
    tried, until = addresses[:ADDRESSES], time.monotonic() + seconds
    for number, address in enumerate(tried):
        share = max((until - time.monotonic()) / (len(tried) - number), 0.001)
        try:
            opened = socket.create_connection((address, target.port), timeout=share)
        except OSError as error:
            failure = error
        else:
            opened.settimeout(seconds)
            return opened
    raise failure


def _connection(target: Target, opened: socket.socket) -> http.client.HTTPConnection:
    """An HTTP connection over a socket that is open already, wrapped in verified TLS for https."""
    plain = http.client.HTTPConnection(target.host, target.port)
    if target.scheme == "https":
        try:
            opened = ssl.create_default_context().wrap_socket(opened, server_hostname=target.host)
        except (OSError, ValueError):
            opened.close()
            raise
        plain.default_port = 443  # for the Host header
    plain.sock = opened
    return plain


def _read(response: http.client.HTTPResponse, most: int) -> Answer:
    body = response.read(most)
    return Answer(
        status=response.status,
        headers={name.lower(): value for name, value in response.getheaders()},
        body=body.decode("utf-8", "replace"),
    )


class Deadline:
    """Cuts the connection when the time is up: a socket's own timeout starts anew with every byte."""

    def __init__(self, seconds: float) -> None:
        """Starts to count in `with`; `passed` says whether it had to cut."""
        self.passed = False
        self._watched: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._pass)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def watch(self, one: socket.socket) -> None:
        """Cut this one too: at once where the time was up before it was opened. Raises TimeoutError then."""
        self._watched.append(one)
        if self.passed:
            one.close()
            raise TimeoutError

    def _pass(self) -> None:
        self.passed = True
        for one in self._watched:
            with contextlib.suppress(OSError):  # closed, or handed on to TLS, by now
                one.shutdown(socket.SHUT_RDWR)


def reason(error: Exception) -> str:
    """Why there was no answer, in words that hold nothing of the address but its host."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, socket.gaierror):
        return "no such host name, or no network"
    if isinstance(error, http.client.HTTPException) and not isinstance(error, http.client.RemoteDisconnected):
        return f"not an HTTP answer ({type(error).__name__})"
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__

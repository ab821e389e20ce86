"""The guarded POST: who may be contacted, what is verified, and how long anything may take."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alerts.transport import ADDRESSES, ANSWER_BYTES, PostError, post
from tests.crawler.hostile import certificate
from timeline.addresses import BlockedAddressError

SECRET = "/services/T0/B0/s3cr3tt0ken?key=hunter2"


def read(opened: socket.socket) -> bytes:
    got = opened.recv(65536)
    while got and not got.partition(b"\r\n\r\n")[2] and b"Content-Length: 0" not in got:
        got += (more := opened.recv(65536))
        if not more:
            break
    return got


@contextlib.contextmanager
def raw_server(
    behave: Callable[[socket.socket], None], *, tls: ssl.SSLContext | None = None
) -> Iterator[tuple[str, list[bytes]]]:
    """A server on loopback that reads a request and then does what it is told; gives host:port and the requests."""
    requests: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    accepted, _ = listening.accept()
                    with contextlib.suppress(OSError), accepted:
                        speaking = tls.wrap_socket(accepted, server_side=True) if tls else accepted
                        requests.append(read(speaking))
                        behave(speaking)

        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{listening.getsockname()[1]}", requests
        listening.shutdown(socket.SHUT_RDWR)


def answer(text: bytes) -> Callable[[socket.socket], None]:
    return lambda opened: opened.sendall(text)


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def test_a_post_arrives_as_it_was_sent() -> None:
    with raw_server(answer(OK)) as (address, requests):
        found = post(f"http://{address}/a/b?c=d", b'{"x": 1}', {"Content-Type": "application/json"}, allowed=[address])
    assert (found.status, found.body) == (200, "ok")
    head, _, body = requests[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /a/b?c=d HTTP/1.1\r\n")
    assert f"Host: {address}\r\n".encode() in head
    assert body == b'{"x": 1}'


REFUSED = [
    "http://127.0.0.1:1{path}",
    "https://127.0.0.1{path}",
    "https://localhost{path}",
    "https://[::1]{path}",
    "https://169.254.169.254{path}",
    "https://10.0.0.5{path}",
    "https://2130706433{path}",
    "https://0x7f000001{path}",
    "https://[::ffff:10.0.0.1]{path}",
    "https://[64:ff9b::a00:1]{path}",
    "https://100.64.0.1{path}",
    "https://user:pass@hooks.example.com{path}",
    "https://127.0.0.1\\@hooks.example.com{path}",
    "https://hooks.example.com\n.evil.example{path}",
    "file:///etc/passwd",
    "gopher://hooks.example.com{path}",
    "data:text/plain,hello",
    "http://hooks.example.com{path}",  # plain http is for receivers that were allowed by name
]


@pytest.mark.parametrize("url", REFUSED)
def test_internal_addresses_and_other_schemes_are_refused(url: str) -> None:
    with pytest.raises(BlockedAddressError) as caught:
        post(url.format(path=SECRET), b"", {}, resolve=lambda host, port: ["93.184.216.34"])
    assert "s3cr3t" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("addresses", [["10.0.0.5"], ["127.0.0.1"], ["93.184.216.34", "169.254.169.254"], ["fe80::1"]])
def test_a_name_that_leads_inside_is_refused_at_the_moment_of_connecting(addresses: list[str]) -> None:
    with pytest.raises(BlockedAddressError):
        post("https://hooks.example.com/x", b"", {}, resolve=lambda host, port: addresses)


def test_only_the_exact_host_and_port_is_allowed() -> None:
    with raw_server(answer(OK)) as (address, requests):
        other = f"127.0.0.1:{int(address.partition(':')[2]) ^ 1}"
        with pytest.raises(BlockedAddressError):
            post(f"http://{address}/x", b"", {}, allowed=[other, "127.0.0.1", "localhost:80"])
    assert requests == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with raw_server(answer(OK)) as (inside, inside_requests):
        moved = f"HTTP/1.1 {status} Moved\r\nLocation: http://{inside}/x\r\nContent-Length: 0\r\n\r\n".encode()
        with raw_server(answer(moved)) as (address, _):
            assert post(f"http://{address}/x", b"", {}, allowed=[address, inside]).status == status
        assert inside_requests == []


def test_a_bad_certificate_fails_before_anything_is_sent(tmp_path: Path) -> None:
    with (
        raw_server(answer(OK), tls=certificate(tmp_path)) as (address, requests),
        pytest.raises(PostError, match=r"^127\.0\.0\.1:[0-9]+: its certificate is not valid: self.signed certificate$"),
    ):
        post(f"https://{address}{SECRET}", b"x", {}, allowed=[address])
    assert requests == []


def _drip(opened: socket.socket) -> None:
    opened.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n")
    for _ in range(100):
        opened.sendall(b"x")
        time.sleep(0.1)


def _silence(opened: socket.socket) -> None:
    time.sleep(3)


def _endless_headers(opened: socket.socket) -> None:
    opened.sendall(b"HTTP/1.1 200 OK\r\n")
    for number in range(100):
        opened.sendall(b"X-%d: y\r\n" % number)
        time.sleep(0.1)


@pytest.mark.parametrize("behave", [_drip, _silence, _endless_headers])
def test_nothing_takes_longer_than_it_may(behave: Callable[[socket.socket], None]) -> None:
    with raw_server(behave) as (address, _):
        began = time.monotonic()
        with pytest.raises(PostError, match=r"no answer (within 0\.5 s|in time)"):
            post(f"http://{address}{SECRET}", b"", {}, allowed=[address], seconds=0.5)
        assert time.monotonic() - began < 2


def test_a_slow_look_up_of_the_name_is_part_of_the_time() -> None:
    def slowly(host: str, port: int) -> list[str]:
        time.sleep(0.3)
        return ["127.0.0.1"]

    with raw_server(_drip) as (address, requests):
        with pytest.raises(PostError, match=r"no answer within 0\.1 s"):
            post(f"http://{address}/x", b"", {}, allowed=[address], seconds=0.1, resolve=slowly)
        assert requests in ([], [b""])  # a connection at most, and nothing said on it


def test_all_addresses_of_a_name_share_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    def nobody(address: tuple[str, int], timeout: float) -> socket.socket:
        waited.append(timeout)
        time.sleep(timeout)
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", nobody)
    with pytest.raises(PostError, match=r"^hooks\.example\.com:443: no answer"):
        post(
            "https://hooks.example.com/x", b"", {}, seconds=0.2,
            resolve=lambda host, port: [f"93.184.216.{last}" for last in range(9)],
        )  # fmt: skip
    assert len(waited) == ADDRESSES
    assert sum(waited) == pytest.approx(0.2, abs=0.05)


def test_an_endless_answer_is_read_no_further_than_needed() -> None:
    def endless(opened: socket.socket) -> None:
        opened.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(OSError):
            while True:
                opened.sendall(b"x" * 65536)

    with raw_server(endless) as (address, _):
        assert len(post(f"http://{address}/x", b"", {}, allowed=[address]).body) == ANSWER_BYTES


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (lambda opened: None, "Remote|reset"),
        (answer(b"SSH-2.0-OpenSSH_9.6\r\n"), r"not an HTTP answer \(BadStatusLine\)"),
        (answer(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70000 + b"\r\n\r\n"), r"not an HTTP answer \(LineTooLong\)"),
        (answer(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok"), "IncompleteRead|$"),
    ],
)
def test_no_answer_is_an_error_that_names_no_secret(behave: Callable[[socket.socket], None], reason: str) -> None:
    with raw_server(behave) as (address, _):
        try:
            post(f"http://{address}{SECRET}", b"", {}, allowed=[address])
        except PostError as error:
            assert "s3cr3t" not in str(error)
            assert str(error).startswith(address)
        else:
            assert reason.endswith("$")


def test_nobody_listening_and_no_such_name() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"127.0.0.1:{closed.getsockname()[1]}"
    with pytest.raises(PostError, match="Connection refused"):
        post(f"http://{address}{SECRET}", b"", {}, allowed=[address])

    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with pytest.raises(PostError, match=r"^hooks\.example\.com:443: no such host name, or no network$"):
        post(f"https://hooks.example.com{SECRET}", b"", {}, resolve=unknown)

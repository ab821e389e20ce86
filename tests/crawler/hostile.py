"""A web server that does what bad servers do, on loopback. Paths name the behaviour."""

import asyncio
import gzip
import ssl
import zlib
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

import brotli  # type: ignore[import-untyped]
import zstandard
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BOMB = 60_000_000  # bytes after decompression
PAGE = b"<html><body><p>a page</p></body></html>"

# path -> (status line, headers, body)
FIXED: dict[str, tuple[str, dict[str, str], bytes]] = {
    "/good": ("200 OK", {"Content-Type": "text/html"}, PAGE),
    "/forbidden": ("403 Forbidden", {}, b"no"),
    "/unauthorized": ("401 Unauthorized", {}, b"no"),
    "/legal": ("451 Unavailable For Legal Reasons", {}, b"no"),
    "/missing": ("404 Not Found", {}, b"no"),
    "/gone": ("410 Gone", {}, b"no"),
    "/slowly": ("429 Too Many Requests", {"Retry-After": "3600"}, b"no"),
    "/slowly-date": ("429 Too Many Requests", {"Retry-After": "Wed, 12 Aug 2026 12:00:00 GMT"}, b"no"),
    "/slowly-unsaid": ("429 Too Many Requests", {}, b"no"),
    "/maintenance": ("503 Service Unavailable", {"Retry-After": "1800"}, b"no"),
    "/broken": ("500 Internal Server Error", {}, b"no"),
    "/teapot": ("418 I'm a teapot", {}, b"no"),
    "/unasked-304": ("304 Not Modified", {}, b""),
    "/empty": ("200 OK", {"Content-Type": "text/html"}, b""),
    "/blank": ("200 OK", {"Content-Type": "text/html"}, b" \r\n\t \n"),
    "/nothing": ("204 No Content", {}, b""),
    "/image": ("200 OK", {"Content-Type": "text/html"}, b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
    "/pdf": ("200 OK", {"Content-Type": "text/markdown"}, b"%PDF-1.7\n%text all the way\n" * 9),
    "/archive": ("200 OK", {"Content-Type": "application/zip"}, b"PK\x03\x04" + b"a" * 500),
    "/html-for-markdown.md": ("200 OK", {"Content-Type": "text/html"}, PAGE),
    "/latin1": ("200 OK", {"Content-Type": "text/html; charset=utf-8"}, "<p>caf\u00e9 \u00a35</p>".encode("latin-1")),
    "/utf16": ("200 OK", {"Content-Type": "text/xml"}, "\ufeff<rss>caf\u00e9</rss>".encode("utf-16-le")),
    "/utf16-no-mark": ("200 OK", {"Content-Type": "text/xml"}, "<rss>caf\u00e9</rss>".encode("utf-16-be")),
    "/no-charset": ("200 OK", {}, "<p>caf\u00e9</p>".encode("shift_jis", "replace")),
    "/to-private": ("302 Found", {"Location": "http://10.0.0.5/latest"}, b""),
    "/to-metadata": ("302 Found", {"Location": "http://169.254.169.254/latest/meta-data"}, b""),
    "/to-localhost": ("302 Found", {"Location": "http://localhost/"}, b""),
    "/to-decimal": ("302 Found", {"Location": "http://2130706433/"}, b""),
    "/to-backslash": ("302 Found", {"Location": "http://127.0.0.1\\@acme.example.com/"}, b""),
    "/to-userinfo": ("302 Found", {"Location": "http://acme.example.com@127.0.0.1/"}, b""),
    "/to-file": ("302 Found", {"Location": "file:///etc/passwd"}, b""),
    "/to-gopher": ("302 Found", {"Location": "gopher://acme.example.com/"}, b""),
    "/to-data": ("302 Found", {"Location": "data:text/html,hello"}, b""),
    "/to-elsewhere": ("302 Found", {"Location": "https://other.example.org/page"}, b""),
    "/to-nowhere": ("302 Found", {}, b""),
    "/loop": ("302 Found", {"Location": "/loop"}, b""),
    "/moved": ("301 Moved Permanently", {"Location": "/moved-twice"}, b""),
    "/moved-twice": ("308 Permanent Redirect", {"Location": "/good"}, b""),
    "/for-now": ("302 Found", {"Location": "/moved"}, b""),
    "/huge-by-length": ("200 OK", {"Content-Length": "99999999"}, b"x"),
    "/bomb-gzip": ("200 OK", {"Content-Encoding": "gzip"}, gzip.compress(b"\0" * BOMB, 6)),
    "/bomb-deflate": ("200 OK", {"Content-Encoding": "deflate"}, zlib.compress(b"\0" * BOMB, 6)),
    "/bomb-br": ("200 OK", {"Content-Encoding": "br"}, brotli.compress(b"\0" * BOMB, quality=1)),
    "/bomb-zstd": ("200 OK", {"Content-Encoding": "zstd"}, zstandard.compress(b"\0" * BOMB)),
    "/bomb-twice": ("200 OK", {"Content-Encoding": "gzip, gzip"}, gzip.compress(gzip.compress(b"\0" * BOMB, 6), 6)),
    "/zstd": ("200 OK", {"Content-Encoding": "zstd", "Content-Type": "text/html"}, zstandard.compress(PAGE)),
    "/br": ("200 OK", {"Content-Encoding": "br", "Content-Type": "text/html"}, brotli.compress(PAGE)),
    "/not-gzip": ("200 OK", {"Content-Encoding": "gzip"}, PAGE),
    "/not-br": ("200 OK", {"Content-Encoding": "br"}, PAGE),
    "/odd-encoding": ("200 OK", {"Content-Encoding": "compress"}, PAGE),
    "/secrets": ("200 OK", {"Set-Cookie": "session=hunter2", "Content-Type": "text/html"}, PAGE),
}


Streamed = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Hostile:
    """The server. `address` is its `host:port`; `asked` counts requests by path, `open_now` how many are under way."""

    def __init__(
        self, *, robots: bytes | None = None, robots_status: str = "200 OK", tls: ssl.SSLContext | None = None
    ) -> None:
        self.robots = robots
        self.robots_status = robots_status
        self.robots_headers: dict[str, str] = {}
        self.delay = 0.0  # before every answer, robots.txt included
        self.asked: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []
        self.now = self.most = 0  # requests under way; the most there ever were
        self.address = ""
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._start, "127.0.0.1", 0, ssl=self._tls)
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    def url(self, path: str) -> str:
        return f"{'https' if self._tls else 'http'}://{self.address}{path}"

    def _start(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = asyncio.ensure_future(self._talk(reader, writer))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            line = await reader.readline()
            headers = {}
            while (text := (await reader.readline()).decode("latin-1")).strip():
                name, _, value = text.partition(":")
                headers[name.lower()] = value.strip()
            path = line.split()[1].decode()
            self.asked[path] += 1
            self.headers.append(headers)
            self.now += 1
            self.most = max(self.most, self.now)
            try:
                await asyncio.sleep(self.delay)
                await self._answer(path, writer)
            finally:
                self.now -= 1
        except (OSError, IndexError):
            pass
        finally:
            writer.close()

    async def _answer(self, path: str, writer: asyncio.StreamWriter) -> None:
        path = path.split("?", 1)[0]
        if path == "/robots.txt":
            body, status = self.robots or b"", self.robots_status if self.robots is not None else "404 Not Found"
            writer.write(head(status, {**self.robots_headers, "Content-Length": str(len(body))}) + body)
        elif path in STREAMED:
            await STREAMED[path](writer)
        else:
            status, headers, body = FIXED.get(path, FIXED["/good"])
            writer.write(head(status, {"Content-Length": str(len(body)), **headers}) + body)
        await writer.drain()


async def hang(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


async def slow_headers(writer: asyncio.StreamWriter) -> None:
    await drip(writer, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 1000)


async def slow_drip(writer: asyncio.StreamWriter) -> None:
    writer.write(head("200 OK", {"Content-Length": "1000"}))
    await drip(writer, b"x" * 1000)


async def endless(writer: asyncio.StreamWriter) -> None:
    writer.write(head("200 OK", {"Content-Type": "text/html"}))
    while True:
        writer.write(b"<p>and on and on</p>" * 1000)
        await writer.drain()


async def endless_headers(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while True:
        writer.write(b"X-More: and on and on\r\n" * 1000)
        await writer.drain()


async def reset(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


def raw(text: bytes) -> Streamed:
    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(text)

    return send


def head(status: str, headers: dict[str, str]) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        *(f"{name}: {value}" for name, value in headers.items()),
        "Connection: close",
        "",
        "",
    ]
    return "\r\n".join(lines).encode("latin-1")


async def drip(writer: asyncio.StreamWriter, text: bytes) -> None:
    for byte in text:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)


STREAMED: dict[str, Streamed] = {
    "/hang": hang,
    "/slow-headers": slow_headers,
    "/slow-drip": slow_drip,
    "/endless": endless,
    "/endless-headers": endless_headers,
    "/reset": reset,
    "/cut": raw(head("200 OK", {"Content-Length": "1000"}) + b"<p>half a page"),
    "/cut-chunked": raw(head("200 OK", {"Transfer-Encoding": "chunked"}) + b"5\r\n<p>ha\r\n"),
    "/not-http": raw(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "/bad-length": raw(b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nx"),
    "/two-lengths": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
}


def certificate(folder: Path, *, name: str = "127.0.0.1", days: int = 30) -> ssl.SSLContext:
    """A server context with a self-signed certificate, as nobody should trust it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    start = datetime.now(UTC) - timedelta(days=60)
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=60 + days))
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + built.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context

"""The sites: one server on loopback that shows the pages under the names of many hosts, and misbehaves when told to."""

import asyncio
import contextlib
import gzip
import hashlib
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import formatdate

from tests.soak.pages import Page

BOMB = gzip.compress(b"\0" * 60_000_000, 6)
WALL = b"<html><head><title>Just a moment...</title></head><body>Verify you are human to go on.</body></html>"
PASSING = (
    "500", "503", "429", "drip", "bomb", "truncated", "cut", "reset", "empty", "wall", "binary", "elsewhere", "robots",
    "not found",
)  # fmt: skip
"""How a site may misbehave, for a number of answers."""


@dataclass(kw_only=True)
class Ill:
    """What is wrong with a source now: for so many answers more."""

    how: str
    left: int
    until: float = 0.0  # monotonic seconds; at the latest then it is well again


@dataclass(kw_only=True)
class Origin:
    """Listens on 127.0.0.1 in a thread of its own. The path of a page is the id of its source."""

    pages: Mapping[str, Page]
    hosts: Mapping[str, str]  # of each source, as it stands in its address
    chance: random.Random
    ills: dict[str, Ill] = field(default_factory=dict)
    well_since: dict[str, float] = field(default_factory=dict)  # wall clock seconds of a source's last bad answer
    answers: Counter[str] = field(default_factory=Counter)
    open: int = 0  # connections
    most_open: int = 0
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> "Origin":
        """Begin to listen."""
        ready = threading.Event()

        async def serve() -> None:
            server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
            self.port = int(server.sockets[0].getsockname()[1])
            ready.set()
            await server.serve_forever()

        threading.Thread(target=lambda: asyncio.run(serve()), daemon=True, name="origin").start()
        ready.wait(10)
        return self

    def fall_ill(self, source: str, how: str, answers: int, seconds: float) -> None:
        """The next so many answers of this source are bad ones."""
        with self.lock:
            self.ills[source] = Ill(how=how, left=answers, until=time.monotonic() + seconds)

    def heal(self) -> None:
        """All well from now on."""
        with self.lock:
            self.ills.clear()

    def is_ill(self, source: str) -> bool:
        """Whether something is wrong with it now."""
        with self.lock:
            ill = self.ills.get(source)
            if ill is not None and time.monotonic() > ill.until:
                self._well(source)
            return source in self.ills

    def _well(self, source: str) -> None:
        self.ills.pop(source, None)
        self.well_since[source] = time.time()

    def _next_ill(self, source: str, robots: bool) -> str:
        """How to misbehave in this answer; nothing where all is well."""
        with self.lock:
            ill = self.ills.get(source)
            if ill is not None and time.monotonic() > ill.until:
                self._well(source)
                ill = None
            if ill is None or robots != (ill.how == "robots"):
                return ""
            ill.left -= 1
            if ill.left <= 0:
                self._well(source)
            return ill.how

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.most_open = max(self.most_open, self.open)
        try:
            while line := await asyncio.wait_for(reader.readline(), 60):
                headers = {}
                while (text := (await reader.readline()).decode("latin-1")).strip():
                    name, _, value = text.partition(":")
                    headers[name.lower()] = value.strip()
                if not await self._answer(line.split()[1].decode(), headers, writer):
                    return
                await writer.drain()
        except (OSError, IndexError, TimeoutError):
            pass
        finally:
            self.open -= 1
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _answer(self, path: str, headers: Mapping[str, str], writer: asyncio.StreamWriter) -> bool:
        """Answer one request; False: that was the last on this connection."""
        source = path.strip("/")
        if path == "/robots.txt":
            name = headers.get("host", "").partition(":")[0]
            sick = any(self._next_ill(one, robots=True) for one, host in self.hosts.items() if host == name)
            writer.write(head("503 Service Unavailable" if sick else "404 Not Found", {"Content-Length": "0"}))
            return True
        page = self.pages.get(source)
        if page is None:
            writer.write(head("404 Not Found", {"Content-Length": "0"}))
            return True
        ill = self._next_ill(source, robots=False)
        self.answers[ill or "well"] += 1
        body = page.render().encode()
        if ill:
            return await self._misbehave(ill, page, body, writer)
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        if headers.get("if-none-match") == etag:
            self.answers["304"] += 1
            writer.write(head("304 Not Modified", {"ETag": etag}))
            return True
        length = {"Content-Length": str(len(body)), "Content-Type": page.content_type, "ETag": etag}
        writer.write(head("200 OK", length) + body)
        return True

    async def _misbehave(self, how: str, page: Page, body: bytes, writer: asyncio.StreamWriter) -> bool:
        plain = {"Content-Type": page.content_type}
        if how == "drip":
            writer.write(head("200 OK", {**plain, "Content-Length": str(len(body))}))
            for byte in body:
                writer.write(bytes([byte]))
                await writer.drain()
                await asyncio.sleep(0.5)
        elif how == "reset":
            sock = writer.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        elif how == "truncated":
            writer.write(head("200 OK", {**plain, "Content-Length": str(len(body))}) + body[: self._somewhere(body)])
        else:
            status, headers, sent = {
                "500": ("500 Internal Server Error", {}, b"no"),
                "503": ("503 Service Unavailable", {"Retry-After": "5"}, b"no"),
                "429": ("429 Too Many Requests", {"Retry-After": "10"}, b"no"),
                "bomb": ("200 OK", {**plain, "Content-Encoding": "gzip"}, BOMB),
                "cut": ("200 OK", plain, body[: self._somewhere(body)]),  # and says that it is all of it
                "empty": ("200 OK", plain, b""),
                "wall": ("200 OK", {"Content-Type": "text/html"}, WALL),
                "binary": ("200 OK", plain, b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
                "elsewhere": ("302 Found", {"Location": "https://elsewhere.example/login"}, b""),
                "not found": ("404 Not Found", {}, b"no"),
            }[how]
            writer.write(head(status, {**headers, "Content-Length": str(len(sent))}) + sent)
            return True
        return False

    def _somewhere(self, body: bytes) -> int:
        return self.chance.randint(len(body) // 10, len(body) - 2)


def head(status: str, headers: Mapping[str, str]) -> bytes:
    """The head of an answer."""
    lines = [f"HTTP/1.1 {status}", f"Date: {formatdate(usegmt=True)}", *(f"{k}: {v}" for k, v in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

"""A local origin: an HTTP server on loopback that answers for any address, with the pages it was given.

The crawler sends it every request of a rehearsal, the original URL in the header X-Aiwire-Url; asked without that
header it answers for its own address. It does what a well-kept web server does: ETag, Last-Modified, 304, HEAD.
"""

import asyncio
import contextlib
import hashlib
from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Self
from urllib.parse import urlsplit

from crawler.transport import ORIGINAL_URL

_LONGEST_LINE = 16 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What the origin answers for one URL."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200
    modified: datetime | None = None  # aware: sent as Last-Modified, and compared
    etag: str | None = None  # sent as it is; None: made from the body
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        """The entity tag, quoted."""
        return self.etag if self.etag is not None else f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One request the origin got."""

    method: str
    url: str  # the original one
    headers: Mapping[str, str]  # lower case


class Origin:
    """The server, with its pages by URL. Use as an async context manager; `address` is its `host:port`."""

    def __init__(self, *, keep: int = 1000) -> None:
        self._pages: dict[str, Page] = {}
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self.asked: deque[Asked] = deque(maxlen=keep)  # the newest requests
        self.statuses: Counter[int] = Counter()  # of everything but robots.txt
        self.address = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0, limit=_LONGEST_LINE)
        host, port = self._server.sockets[0].getsockname()[:2]
        self.address = f"{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
            for writer in list(self._open):
                writer.close()
            await self._server.wait_closed()

    def serve(self, url: str, body: bytes, *, content_type: str = "text/html; charset=utf-8") -> None:
        """From now on, answer with these bytes for this URL."""
        self.put(url, Page(body=body, content_type=content_type))

    def put(self, url: str, page: Page) -> None:
        """From now on, answer with this page for this URL (its fragment apart)."""
        self._pages[url.split("#", 1)[0]] = page

    def remove(self, url: str) -> None:
        """From now on, there is no such page."""
        self._pages.pop(url.split("#", 1)[0], None)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            while (asked := await _read(reader, self.address)) is not None:
                self.asked.append(asked)
                page = self._pages.get(asked.url.split("#", 1)[0])
                status, answer = _answer(asked, page)
                if urlsplit(asked.url).path != "/robots.txt":
                    self.statuses[status] += 1
                writer.write(answer)
                await writer.drain()
        except (OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # a client that hangs up or does not speak HTTP
        finally:
            self._open.discard(writer)
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()


async def _read(reader: asyncio.StreamReader, address: str) -> Asked | None:
    """The next request of a connection; None at its end. Raises ValueError for what is not HTTP."""
    line = await reader.readline()
    if not line.strip():
        return None
    method, target, _ = line.decode("latin-1").split()
    headers = {}
    while (text := (await reader.readline()).decode("latin-1")).strip():
        name, _, value = text.partition(":")
        headers[name.strip().lower()] = value.strip()
    original = headers.get(ORIGINAL_URL.lower()) or f"http://{headers.get('host') or address}{target}"
    return Asked(method=method, url=original, headers=headers)


def _answer(asked: Asked, page: Page | None) -> tuple[int, bytes]:
    if asked.method not in {"GET", "HEAD"}:
        return 405, _head(405, {"Allow": "GET, HEAD", "Content-Length": "0"})
    if page is None:
        return 404, _head(404, {"Content-Type": "text/plain", "Content-Length": "9"}) + b"not here\n"
    headers = {"Content-Type": page.content_type, "ETag": page.tag, **page.headers}
    if page.modified is not None:
        headers["Last-Modified"] = format_datetime(page.modified.astimezone(UTC), usegmt=True)
    if page.status == 200 and _unchanged(asked, page):
        return 304, _head(304, headers)
    body = b"" if asked.method == "HEAD" else page.body
    return page.status, _head(page.status, {"Content-Length": str(len(page.body)), **headers}) + body


def _unchanged(asked: Asked, page: Page) -> bool:
    """RFC 9110 13.2.2: If-None-Match decides where it is given, else If-Modified-Since."""
    if (tags := asked.headers.get("if-none-match")) is not None:
        return any(tag.strip().removeprefix("W/") == page.tag.removeprefix("W/") for tag in tags.split(","))
    since = asked.headers.get("if-modified-since")
    if since is None or page.modified is None:
        return False
    try:
        return page.modified.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Answer", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    return "\r\n".join(lines).encode("latin-1")

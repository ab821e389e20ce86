"""The only way out for the crawler: requests to public addresses over verified TLS, or all of them to one local origin.

Built on Scrapy 2.19's aiohttp handler, which works with and without a Twisted reactor. It touches what that handler
keeps private (requirements pin the version; the contract tests would notice).
"""

import asyncio
import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Collection
from functools import cache
from typing import Any, ClassVar

import aiohttp
import yarl
from aiohttp.abc import AbstractResolver, ResolveResult
from scrapy import Request
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.core.downloader.handlers._base_streaming import BaseStreamingDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response

from crawler.failures import PostponedError
from crawler.robots import site_of
from crawler.trip import trip_of
from timeline.addresses import BlockedAddressError, Target, check_address, check_url

ORIGINAL_URL = "X-Aiwire-Url"  # tells the local origin which page was asked for


@cache
def tls_context() -> ssl.SSLContext:
    """One verifying context for all crawls of a process: building it costs more than the rest of a crawl's start."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class DaemonResolver(AbstractResolver):
    """Asks the system, each time in a thread of its own that nothing waits for.

    Not aiohttp's: that one borrows asyncio's few shared threads, and a name server that hangs would take all of them,
    the database's included, and hold up the end of the process.
    """

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises socket.gaierror where it has none."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[tuple[Any, ...]]] = loop.create_future()

        def look_up() -> None:
            found: list[tuple[Any, ...]] = []
            failure: OSError | None = None
            try:
                found = socket.getaddrinfo(host, port, family, socket.SOCK_STREAM, 0, socket.AI_ADDRCONFIG)
            except (OSError, UnicodeError) as error:
                failure = error if isinstance(error, OSError) else socket.gaierror(str(error))
            with contextlib.suppress(RuntimeError):  # the loop is closed by now
                loop.call_soon_threadsafe(_settle, answer, found, failure)

        threading.Thread(target=look_up, name="resolve", daemon=True).start()
        return [
            ResolveResult(
                hostname=host,
                host=_numeric(kind, address),
                port=port,
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in await answer
        ]

    async def close(self) -> None:
        """Nothing to release."""


class GuardedResolver(AbstractResolver):
    """Resolves names and refuses any that has an address outside the public internet.

    aiohttp connects to the very addresses returned here, so a name that changes its mind later gains nothing.
    """

    def __init__(self, allowed: Collection[str], inner: AbstractResolver | None = None) -> None:
        self._allowed = allowed
        self._inner = inner or DaemonResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host. Raises BlockedAddressError (not an OSError, which aiohttp would dress up)."""
        found = await self._inner.resolve(host, port, family)
        if f"{host.lower().rstrip('.')}:{port}" not in self._allowed:
            for result in found:
                check_address(result["host"])
        return found

    async def close(self) -> None:
        """Release the inner resolver."""
        await self._inner.close()


class GuardedHandler(AiohttpDownloadHandler):
    """Scrapy's aiohttp handler with the address guard, our TLS context, and the local origin."""

    experimental: ClassVar[bool] = False  # known and tested in both reactor modes: no warning a crawl

    def __init__(self, crawler: Crawler) -> None:
        # Not AiohttpDownloadHandler.__init__: it builds a TLS context and an unguarded connector of its own.
        BaseStreamingDownloadHandler.__init__(self, crawler)
        self._trip = trip_of(crawler)
        self._ways = self._trip.ways
        self._ssl_context = tls_context()
        connector = aiohttp.TCPConnector(
            resolver=self.resolver(),
            use_dns_cache=False,
            limit=self._pool_size_total,
            limit_per_host=self._pool_size_per_host,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            response_class=_ClientResponse,
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            trust_env=False,
        )

    def resolver(self) -> AbstractResolver:
        """The resolver of this handler's connections."""
        return GuardedResolver(self._ways.allowed)

    async def download_request(self, request: Request) -> Response:
        """Fetch one URL, redirects not followed. Raises BlockedAddressError before, or right after, connecting."""
        self._require_time()
        site = site_of(request.url)
        rules = self._trip.robots.any(site)
        await self._trip.turns.wait(site, rules.crawl_delay if rules is not None else 0.0)
        self._require_time()
        request.meta["asked"] = time.monotonic()
        try:
            return await self._ask(request)
        finally:
            self._trip.turns.end(site)

    async def _ask(self, request: Request) -> Response:
        target = check_url(request.url, allowed=self._ways.allowed)
        if self._ways.origin is not None:
            return await self._from_origin(request, self._ways.origin)
        _same_host(request.url, target)
        response = await super().download_request(request)
        request.meta["received"] = len(response.body)
        if target.key not in self._ways.allowed and response.ip_address is not None:
            check_address(response.ip_address)
        return response

    def _require_time(self) -> None:
        """Scrapy ends everything it has queued before it closes, however long that takes."""
        if self._trip.patience.over:
            raise PostponedError("the crawl's time was up")

    async def _from_origin(self, request: Request, origin: str) -> Response:
        mapped = request.replace(url=f"http://{origin}/")
        mapped.headers[ORIGINAL_URL] = request.url
        response = await super().download_request(mapped)
        request.meta["download_latency"] = mapped.meta.get("download_latency")
        request.meta["received"] = len(response.body)
        return response.replace(url=request.url)


def _settle(answer: "asyncio.Future[Any]", found: Any, failure: OSError | None) -> None:
    if answer.done():  # nobody waits any more: the request ran into its time limit
        return
    if failure is not None:
        answer.set_exception(failure)
    else:
        answer.set_result(found)


def _numeric(kind: int, address: tuple[Any, ...]) -> str:
    """The address as text; of a link-local IPv6 address with its zone, so that the guard sees what it is."""
    return f"{address[0]}%{address[3]}" if kind == socket.AF_INET6 and address[3] else str(address[0])


def _same_host(url: str, target: Target) -> None:
    """The host that was checked is the host aiohttp will connect to, by aiohttp's own parser."""
    parsed = yarl.URL(url)
    if (parsed.scheme, (parsed.host or "").rstrip("."), parsed.port) != (target.scheme, target.host, target.port):
        raise BlockedAddressError(f"the URL for host {target.host!r} can be read as another host: refused")

"""What happens between a request and the network: robots.txt, redirects and decompression, each in its strict form."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Self
from urllib.parse import urlsplit

import tldextract
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.httpcompression import HttpCompressionMiddleware
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.utils._compression import _DecompressionMaxSizeExceeded
from scrapy.utils.httpobj import urlparse_cached

from crawler.failures import (
    RedirectedAwayError,
    RobotsDisallowedError,
    RobotsUnreachableError,
    TooLargeError,
    UndecodableError,
    explain,
)
from crawler.headers import of_response
from crawler.robots import Rules, parse, site_of
from crawler.source import Source
from crawler.trip import trip_of
from timeline.addresses import BlockedAddressError, check_url

ROBOTS = "robots"  # meta: this request is for a robots.txt
SOURCE = "source"  # meta: the crawler.source.Source a request is made for

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})


class RobotsMiddleware:
    """Asks robots.txt before every page and every redirect's target (RFC 9309).

    Not Scrapy's own: in 2.19 all but the first request that wait for the same robots.txt are allowed everything
    (scrapy#6802), and an unreachable one allows everything, where the RFC says it forbids everything.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._gates: dict[str, asyncio.Lock] = {}
        self._unreachable: dict[str, RobotsUnreachableError] = {}  # in this crawl

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """As Scrapy makes middlewares."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise RobotsDisallowedError or RobotsUnreachableError, or let it pass."""
        if request.meta.get(ROBOTS):
            return
        check_url(request.url, allowed=trip_of(self._crawler).ways.allowed)
        parts = urlparse_cached(request)
        site = site_of(request.url)
        async with self._gates.setdefault(site, asyncio.Lock()):
            rules = await self._rules(site)
            if not rules.allow(request.url):
                raise RobotsDisallowedError(f"{site}/robots.txt disallows {parts.path or '/'} for us")

    async def _rules(self, site: str) -> Rules:
        trip = trip_of(self._crawler)
        rules = trip.robots.fresh(site, trip.now)
        if rules is None and site not in self._unreachable:
            try:
                rules = await self._read(site, trip.now)
            except RobotsUnreachableError as error:
                self._unreachable[site] = error
            else:
                trip.robots.remember(site, rules)
        if rules is None:
            rules = trip.robots.any(site)
        if rules is None:
            raise self._unreachable[site]
        return rules

    async def _read(self, site: str, now: datetime) -> Rules:
        request = Request(f"{site}/robots.txt", priority=1000, meta={ROBOTS: True}, callback=NO_CALLBACK)
        try:
            response = await self._crawler.engine.download_async(request)
        except RedirectedAwayError:
            return Rules(parsed=None, read_at=now)  # RFC 9309 2.3.1.2: after five redirects it counts as missing
        except Exception as error:
            raise RobotsUnreachableError(f"{site}/robots.txt could not be read: {explain(error).detail}") from error
        if response.status == 429 or response.status >= 500:
            raise RobotsUnreachableError(
                f"{site}/robots.txt answers {response.status}",
                status=response.status,
                headers=of_response(response),
            )
        return parse(response.body, now) if response.status < 300 else Rules(parsed=None, read_at=now)


class RedirectsMiddleware(RedirectMiddleware):
    """Follows redirects within the source's own site, a few, and never to plain http; anything else is an outcome."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """The request of the next hop, or the response where it is no redirect."""
        try:
            result = super().process_response(request, response)
        except IgnoreRequest as error:
            raise RedirectedAwayError(f"more than {self.max_redirect_times} redirects in a row") from error
        if isinstance(result, Request):
            _check_hop(request, result.url, trip_of(self.crawler).ways.allowed)
        elif response.status in REDIRECTS and "Location" in response.headers:
            raise BlockedAddressError("the page redirects to an address that is neither http nor https")
        return result


def moved_to(response: Response) -> str | None:
    """Where the page has moved for good: the end of the permanent redirects that came before any other."""
    request = response.request
    reasons = [] if request is None else request.meta.get("redirect_reasons", [])
    urls = [] if request is None else [*request.meta.get("redirect_urls", []), response.url]
    permanent = 0
    while permanent < len(reasons) and reasons[permanent] in PERMANENT:
        permanent += 1
    return urls[permanent] if permanent else None


class DecompressionMiddleware(HttpCompressionMiddleware):
    """Decodes gzip, deflate, br and zstd up to the size limit; anything else is an outcome, not a body."""

    def process_response(
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """The response with its body decoded. Raises TooLargeError or UndecodableError."""
        try:
            result = super().process_response(request, response)
        except IgnoreRequest as error:
            raise TooLargeError("larger than the limit after decompression") from error
        except Exception as error:  # each decoder has its own errors
            raise UndecodableError(f"its Content-Encoding does not fit its bytes: {error}") from error
        if isinstance(result, Response) and result.headers.get("Content-Encoding"):
            raise UndecodableError("its Content-Encoding is none that was asked for")
        return result

    @classmethod
    def decoded(cls, body: bytes, encodings: Sequence[bytes], *, max_bytes: int) -> bytes:
        """The same for a body from an archive: `encodings` are the values of its Content-Encoding."""
        to_decode, unknown = cls._split_encodings(list(encodings))
        if unknown:
            raise UndecodableError("its Content-Encoding is none that was asked for")
        try:
            for encoding in to_decode:
                body = cls._decode(body, encoding, max_bytes)
        except _DecompressionMaxSizeExceeded as error:
            raise TooLargeError("larger than the limit after decompression") from error
        except Exception as error:  # each decoder has its own errors
            raise UndecodableError(f"its Content-Encoding does not fit its bytes: {error}") from error
        if len(body) > max_bytes:
            raise TooLargeError("larger than the limit for one download")
        return body


def _check_hop(request: Request, url: str, allowed: Collection[str]) -> None:
    """Raises RedirectedAwayError unless `url` belongs to the site of the source, or is where its robots.txt went."""
    check_url(url, allowed=allowed)
    before, after = urlsplit(request.url), urlsplit(url)
    if before.scheme == "https" and after.scheme != "https":
        raise RedirectedAwayError(f"it redirects from https to plain http, at {after.netloc}")
    source = request.meta.get(SOURCE)
    if request.meta.get(ROBOTS) or not isinstance(source, Source):
        return  # RFC 9309 2.3.1.2 follows a robots.txt across sites
    known = {_site(known_url) for known_url in (source.url, *source.former_urls)}
    if _site(url) not in known:
        raise RedirectedAwayError(f"it redirects to another site: {after.scheme}://{after.netloc}{after.path}")


def _site(url: str) -> str:
    """The registrable domain of a URL (example.co.uk), or its host and port where it has none."""
    parts = urlsplit(url)
    return _suffixes()(parts.hostname or "").top_domain_under_public_suffix or parts.netloc


@cache
def _suffixes() -> tldextract.TLDExtract:
    """The public suffix list that comes with the package: nothing is downloaded, nothing is cached on disk."""
    return tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

"""The one spider: it asks for the page of each source, once, and hands every answer or failure to a recorder."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import scrapy
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from crawler.capture import Arrival, Visit
from crawler.failures import Failure, explain
from crawler.headers import of_response
from crawler.middlewares import SOURCE, moved_to
from crawler.trip import Trip
from timeline.addresses import BlockedAddressError, check_url

ACCEPT = {
    "feed": "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5",
    "page": "text/html, application/xhtml+xml, text/markdown;q=0.9, application/json;q=0.9, */*;q=0.5",
}

Arrived = Callable[[Visit, Arrival], Awaitable[None]]
Failed = Callable[[Visit, Failure, timedelta], Awaitable[None]]


class SourceSpider(scrapy.Spider):
    """Pages and feeds alike: what differs between sources is in their readers, not in how they are fetched."""

    name = "sources"

    def __init__(self, *, trip: Trip, visits: Sequence[Visit], arrived: Arrived, failed: Failed, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.trip = trip
        self._visits = visits
        self._arrived = arrived
        self._failed = failed
        self.reason = ""  # why the crawl ended: "finished", or its time was up

    async def start(self) -> AsyncIterator[Any]:
        """One request a visit, conditional where there are validators."""
        for visit in self._visits:
            url = visit.source.url
            try:
                check_url(url, allowed=self.trip.ways.allowed)  # before Scrapy mends what is wrong with it
            except BlockedAddressError as error:
                await self._failed(visit, explain(error), timedelta(0))
                continue
            yield Request(
                url,
                headers=_headers(visit),
                meta={SOURCE: visit.source},
                callback=self.parse,
                errback=self.failed,
                cb_kwargs={"visit": visit},
            )

    def closed(self, reason: str) -> None:
        """Called by Scrapy at the end."""
        self.reason = reason

    async def parse(self, response: Response, visit: Visit) -> None:
        """An answer, whatever its status."""
        request = response.request
        await self._arrived(
            visit,
            Arrival(
                status=response.status,
                url=response.url,
                body=response.body,
                received=None if request is None else request.meta.get("received"),
                headers=of_response(response),
                moved_to=moved_to(response),
                elapsed=_elapsed(request),
            ),
        )

    async def failed(self, failure: TwistedFailure) -> None:
        """A request without an answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        await self._failed(
            request.cb_kwargs["visit"], explain(failure.value or RuntimeError("no reason given")), _elapsed(request)
        )


def _headers(visit: Visit) -> dict[str, str]:
    headers = {"Accept": ACCEPT["feed" if visit.source.kind in {"feed", "status"} else "page"]}
    if visit.etag:
        headers["If-None-Match"] = visit.etag
    if visit.last_modified:
        headers["If-Modified-Since"] = visit.last_modified
    return headers


def _elapsed(request: Request | None) -> timedelta:
    """Since the last hop was asked for; nothing where it never was."""
    asked = None if request is None else request.meta.get("asked")
    return timedelta(seconds=max(time.monotonic() - asked, 0.0)) if asked is not None else timedelta(0)

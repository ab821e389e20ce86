"""Why a request gave no page: the errors of the crawl, each turned into a named outcome with words for a person."""

import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import aiohttp
from scrapy import exceptions as scrapy_errors

from crawler.outcomes import of_status
from timeline.addresses import BlockedAddressError
from timeline.issues import AiwireError


class CrawlError(AiwireError, scrapy_errors.IgnoreRequest):  # Scrapy logs no trace of these
    """A request we decided not to make or whose answer we decided not to take."""


class RobotsDisallowedError(CrawlError):
    """robots.txt asks us not to fetch this page."""


class RobotsUnreachableError(CrawlError):
    """robots.txt could not be read, so nothing of the site may be."""

    def __init__(self, message: str, *, status: int | None = None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}


class RedirectedAwayError(CrawlError):
    """A redirect that is not followed."""


class PostponedError(CrawlError):
    """The crawl's time was up before this request's turn."""


class TooLargeError(CrawlError):
    """More bytes than allowed."""


class UndecodableError(CrawlError):
    """A body that is not what its Content-Encoding says."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """The outcome of a request without a page."""

    name: str  # a key of crawler.outcomes.RULES
    detail: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)  # lower case; Retry-After may be among them


def explain(error: BaseException) -> Failure:
    """The named outcome of any error a crawl can end in. What is not known is `internal_error`, never nothing."""
    if isinstance(error, RobotsUnreachableError):
        return _of_robots(error)
    if isinstance(error, scrapy_errors.DownloadConnectionRefusedError) and _caused_by_tls(error):
        return Failure(name="tls_failure", detail=_said(error))
    for kind, name in _NAMES.items():
        if isinstance(error, kind):
            return Failure(name=name, detail=_said(error))
    if isinstance(error, scrapy_errors.DownloadFailedError):
        broken = any(isinstance(cause, aiohttp.ClientResponseError | ValueError) for cause in _chain(error))
        return Failure(name="broken_response" if broken else "connection_failed", detail=_said(error))
    return Failure(name="internal_error", detail=f"{type(error).__name__}: {_clean(str(error))}")


_NAMES: Mapping[type[BaseException], str] = {
    PostponedError: "postponed",
    RobotsDisallowedError: "robots_disallowed",
    RedirectedAwayError: "redirected_away",
    TooLargeError: "too_large",
    UndecodableError: "undecodable",
    BlockedAddressError: "blocked_address",
    scrapy_errors.UnsupportedURLSchemeError: "blocked_address",
    scrapy_errors.NotSupported: "blocked_address",  # no handler for that scheme
    scrapy_errors.DownloadCancelledError: "too_large",  # the only reason Scrapy cancels one by itself
    scrapy_errors.DownloadTimeoutError: "timeout",
    scrapy_errors.CannotResolveHostError: "dns_failure",
    scrapy_errors.DownloadConnectionRefusedError: "connection_failed",
    scrapy_errors.ResponseDataLossError: "incomplete",
}

# Outcomes of robots.txt that are true of the page too: the host itself cannot be reached.
_OF_THE_HOST = {"postponed", "dns_failure", "connection_failed", "tls_failure", "timeout", "blocked_address"}


def _of_robots(error: RobotsUnreachableError) -> Failure:
    name = "robots_unreachable"
    if error.status is not None:
        found = of_status(error.status, retry_after="retry-after" in error.headers)
        name = "rate_limited" if found == "rate_limited" else name
    elif error.__cause__ is not None:
        found = explain(error.__cause__).name
        name = found if found in _OF_THE_HOST else name
    return Failure(name=name, detail=_said(error), status=error.status, headers=error.headers)


def _said(error: BaseException) -> str:
    """The innermost explanation, without the URL (its query may be a secret) that outer layers repeat."""
    if isinstance(error, AiwireError):
        return _clean(str(error))
    if isinstance(error, scrapy_errors.DownloadTimeoutError):
        return "the time allowed for one request was up"
    if isinstance(error, scrapy_errors.DownloadCancelledError):
        return "larger than the limit for one download"
    innermost = list(_chain(error))[-1]
    return _clean(str(innermost) or type(innermost).__name__)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def _caused_by_tls(error: BaseException) -> bool:
    return any(
        isinstance(cause, aiohttp.ClientSSLError | ssl.SSLError | ssl.CertificateError) for cause in _chain(error)
    )


def _clean(text: str) -> str:
    """One line of printable text, bounded: it goes into the database, onto terminals and into pages."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text[:2000])
    return " ".join(printable.split())[:300]

"""Scrapy's settings: everything it ships open is closed here, and everything that runs is listed on this screen."""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from scrapy.settings import Settings

from crawler.robots import AGENT

MAX_BYTES = 16 * 1024 * 1024  # of one answer, as sent and after decompression
REQUEST_SECONDS = 30.0  # for one request, from connecting to its last byte
CRAWL_SECONDS = 300.0  # after this no new request is begun; what is under way ends within REQUEST_SECONDS
DELAY = 1.0  # seconds between two requests to one host, at least
CONTACT = "https://example.org/aiwire-not-configured"  # a placeholder: the configuration says whom to reach


@dataclass(frozen=True, kw_only=True, slots=True)
class Manners:
    """How this installation behaves towards the sites it visits."""

    contact: str = CONTACT  # a page or mail address for the operators of watched sites
    delay: float = DELAY
    parallel: int = 16  # requests under way at a time, over all hosts; one a host
    request_seconds: float = REQUEST_SECONDS
    crawl_seconds: float = CRAWL_SECONDS
    max_bytes: int = MAX_BYTES


def user_agent(contact: str) -> str:
    """The honest User-Agent: product, version, and where to reach whoever runs it."""
    try:
        number = version("aiwire")
    except PackageNotFoundError:  # run from a checkout that is not installed
        number = "0"
    return f"{AGENT}/{number} (+{contact})"


def settings(manners: Manners = Manners(), *, reactor: bool = False) -> Settings:
    """The settings of a crawl. `reactor` is the one switch between asyncio alone and Twisted's asyncio reactor."""
    found = Settings()
    found.setdict(_closed() | _polite(manners) | {"TWISTED_REACTOR_ENABLED": reactor}, priority="project")
    return found


def _closed() -> dict[str, Any]:
    return {
        "DOWNLOAD_HANDLERS": {
            "http": "crawler.transport.GuardedHandler",
            "https": "crawler.transport.GuardedHandler",
            "file": None,
            "data": None,
            "ftp": None,
            "s3": None,
        },
        # The bases are replaced, so that nothing a later Scrapy adds to them runs unseen.
        "DOWNLOADER_MIDDLEWARES_BASE": {
            "crawler.middlewares.RobotsMiddleware": 100,
            "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
            "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
            "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
            "crawler.middlewares.DecompressionMiddleware": 590,
            "crawler.middlewares.RedirectsMiddleware": 600,
        },
        "SPIDER_MIDDLEWARES_BASE": {
            "scrapy.spidermiddlewares.start.StartSpiderMiddleware": 25,
            "scrapy.spidermiddlewares.referer.RefererMiddleware": 700,  # RedirectMiddleware needs it to send none
        },
        "EXTENSIONS_BASE": {
            "scrapy.extensions.closespider.CloseSpider": 0,
            "scrapy.extensions.throttle.AutoThrottle": 0,
        },
        "DOWNLOAD_VERIFY_CERTIFICATES": True,  # the guarded handler verifies whatever this says
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "ROBOTSTXT_OBEY": True,  # for whoever reads the settings: RobotsMiddleware obeys whatever this says
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": False,
        "METAREFRESH_ENABLED": False,
        "HTTPCACHE_ENABLED": False,
        "RETRY_ENABLED": False,  # coming back is decided in one place: crawler.due
        "REFERRER_POLICY": "no-referrer",
        "DUPEFILTER_CLASS": "scrapy.dupefilters.BaseDupeFilter",  # every source is asked, also two with one URL
    }


def _polite(manners: Manners) -> dict[str, Any]:
    # Without a reactor Scrapy 2.19 enforces the limit a host only where there is a delay: with none, everything queued
    # starts in one go, because the counter is raised by tasks that have not run yet.
    delay = max(manners.delay, 0.001)
    return {
        "USER_AGENT": user_agent(manners.contact),
        "CONCURRENT_REQUESTS": manners.parallel,
        "CONCURRENT_ITEMS": 1,  # the spider yields none; Scrapy makes that many tasks for every answer
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": delay,
        "DOWNLOAD_DELAY_JITTER": 0,
        "AUTOTHROTTLE_ENABLED": manners.delay > 0,
        "AUTOTHROTTLE_START_DELAY": manners.delay,
        "AUTOTHROTTLE_MAX_DELAY": 30.0,
        "DOWNLOAD_TIMEOUT": manners.request_seconds,
        "DOWNLOAD_MAXSIZE": manners.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": True,
        "REDIRECT_ENABLED": True,
        "REDIRECT_MAX_TIMES": 5,
        "CLOSESPIDER_TIMEOUT": manners.crawl_seconds + 1.0,
        "DEFAULT_REQUEST_HEADERS": {"Accept-Language": "en"},
        "LOG_ENABLED": False,
        "LOG_FORMATTER": "crawler.logs.DiscreetLogFormatter",
        "STATS_DUMP": False,
        "LOG_VERSIONS": [],
    }

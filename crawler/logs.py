"""What Scrapy may log: nothing of what becomes an outcome anyway, and never a URL, whose query may be a secret."""

import logging
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure


class DiscreetLogFormatter(LogFormatter):
    """Leaves out what is recorded as a fetch; of the rest it names the host alone."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult | None:  # type: ignore[override]
        """Recorded as a fetch."""
        return None

    def spider_error(
        self, failure: Failure, request: Request, response: Response | Failure, spider: Spider
    ) -> LogFormatterResult:
        """A fault of the spider itself."""
        return _fault(request)

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        """A failure that no errback took."""
        return _fault(request)


def quiet() -> None:
    """Let Scrapy log errors only, whatever its level was set to: its warnings name URLs, and become outcomes."""
    logger = logging.getLogger("scrapy")
    if logger.level < logging.ERROR:  # Scrapy's own set-up of logging makes it DEBUG
        logger.setLevel(logging.ERROR)


def _fault(request: Request) -> LogFormatterResult:
    args: dict[str, Any] = {"site": "/".join(request.url.split("/", 3)[:3])}
    return {"level": logging.ERROR, "msg": "the crawl failed on a page of %(site)s", "args": args}

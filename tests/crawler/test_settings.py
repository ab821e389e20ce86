"""What Scrapy ships open stays closed (attack 23)."""

import ssl

import pytest
from scrapy.settings import Settings

from crawler.settings import Manners, settings
from crawler.transport import tls_context

ASSERTED = {
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "REMOTE_CONTROL_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "ROBOTSTXT_OBEY": True,
    "COOKIES_ENABLED": False,
    "RETRY_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "HTTPPROXY_ENABLED": False,
    "HTTPCACHE_ENABLED": False,
    "DOWNLOAD_MAXSIZE": 16 * 1024 * 1024,
    "DOWNLOAD_TIMEOUT": 30.0,
    "CLOSESPIDER_TIMEOUT": 301.0,
    "REDIRECT_MAX_TIMES": 5,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "AUTOTHROTTLE_ENABLED": True,
    "DOWNLOAD_DELAY": 1.0,
}


@pytest.mark.parametrize("reactor", [False, True])
def test_every_unsafe_default_is_closed(reactor: bool) -> None:
    found = settings(reactor=reactor)
    assert {name: found[name] for name in ASSERTED} == ASSERTED
    assert found.getbool("TWISTED_REACTOR_ENABLED") is reactor


def test_only_two_schemes_have_a_handler_and_it_is_ours() -> None:
    handlers = settings().getwithbase("DOWNLOAD_HANDLERS")
    assert {scheme for scheme, handler in handlers.items() if handler} == {"http", "https"}
    assert set(Settings()["DOWNLOAD_HANDLERS_BASE"]) <= set(handlers)
    assert {handlers["http"], handlers["https"]} == {"crawler.transport.GuardedHandler"}


def test_nothing_runs_that_is_not_listed() -> None:
    running = settings().getwithbase("EXTENSIONS")
    assert set(running) == {"scrapy.extensions.closespider.CloseSpider", "scrapy.extensions.throttle.AutoThrottle"}
    middlewares = settings().getwithbase("DOWNLOADER_MIDDLEWARES")
    assert "crawler.middlewares.RobotsMiddleware" in middlewares
    for name in ("retry", "httpproxy", "cookies", "httpauth", "httpcache", "robotstxt"):
        assert not [path for path in middlewares if f".{name}." in path], name


def test_tls_is_verified_by_one_context_for_all() -> None:
    context = tls_context()
    assert context is tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version >= ssl.TLSVersion.TLSv1_2


def test_the_contact_is_in_the_user_agent() -> None:
    assert settings(Manners(contact="mailto:wire@acme.example.com"))["USER_AGENT"].endswith(
        "(+mailto:wire@acme.example.com)"
    )

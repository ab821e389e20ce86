import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.failures import RedirectedAwayError
from crawler.middlewares import ROBOTS, SOURCE, _check_hop, moved_to
from tests.crawler.wires import source
from tests.payloads import REFUSED
from timeline.addresses import BlockedAddressError

PAGE = source("https://docs.acme.co.uk/pricing", former_urls=("https://www.acme-labs.com/pricing",))


def hop(url: str, *, robots: bool = False, before: str = PAGE.url) -> None:
    _check_hop(Request(before, meta={ROBOTS: True} if robots else {SOURCE: PAGE}), url, ())


@pytest.mark.parametrize(
    "url",
    [
        "https://docs.acme.co.uk/pricing/new",
        "https://acme.co.uk/pricing",
        "https://www.acme.co.uk/pricing",
        "https://a.b.c.acme.co.uk/",
        "https://acme-labs.com/",
        "https://docs.acme.co.uk:8443/",
    ],
)
def test_redirects_within_the_sites_of_a_source_are_followed(url: str) -> None:
    hop(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://other.co.uk/pricing",  # co.uk is nobody's site
        "https://docs.acme.co.uk.example.org/",
        "https://notacme.co.uk/",
        "https://acme.com/",
        "https://93.184.215.14/",
    ],
)
def test_redirects_to_other_sites_are_not(url: str) -> None:
    with pytest.raises(RedirectedAwayError, match="another site"):
        hop(url)


@pytest.mark.parametrize("url", REFUSED, ids=repr)
def test_a_hop_to_an_internal_address_is_refused_before_anything_is_asked_of_it(url: str) -> None:
    """By the redirect itself: the request that would follow is checked too, but is not made in the first place."""
    with pytest.raises(BlockedAddressError):
        hop(url)


def test_never_from_https_to_http() -> None:
    with pytest.raises(RedirectedAwayError, match="plain http"):
        hop("http://docs.acme.co.uk/pricing")
    with pytest.raises(RedirectedAwayError, match="plain http"):
        hop("http://docs.acme.co.uk/robots.txt", robots=True)
    hop("https://docs.acme.co.uk/pricing", before="http://docs.acme.co.uk/pricing")


def test_robots_txt_may_be_on_another_site_but_not_on_an_internal_one() -> None:
    hop("https://other.example.org/robots.txt", robots=True)
    with pytest.raises(BlockedAddressError):
        hop("https://10.0.0.5/robots.txt", robots=True)


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [([], None), ([301], "/b"), ([308, 301], "/c"), ([301, 302], "/b"), ([302, 301], None), (["meta refresh"], None)],
)
def test_where_a_page_has_moved_for_good(reasons: list[object], expected: str | None) -> None:
    urls = [f"https://acme.example.com/{name}" for name in "abcd"][: len(reasons) + 1]
    meta = {"redirect_reasons": reasons, "redirect_urls": urls[:-1]}
    response = Response(urls[-1], request=Request(urls[-1], meta=meta))
    assert moved_to(response) == (f"https://acme.example.com{expected}" if expected else None)

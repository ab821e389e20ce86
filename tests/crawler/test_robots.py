import time
from dataclasses import replace
from datetime import timedelta

import pytest

from crawler.outcomes import Outcome
from crawler.robots import RobotsMemory, parse
from tests.crawler.hostile import Hostile
from tests.crawler.loops import run
from tests.crawler.wires import NOW, QUICK, Wire, source

PRIVATE = b"User-agent: *\nDisallow: /private\n"


async def crawl(wire: Wire, server: Hostile, *paths: str) -> list[Outcome]:
    pages = [source(server.url(path), id=f"page-{n}") for n, path in enumerate(paths)]
    return await wire.fetch(*pages, allow_hosts=[server.address])


def test_a_forbidden_page_is_not_fetched_with_many_requests_waiting_for_robots_txt(wire: Wire) -> None:
    async def story() -> tuple[list[str], Hostile]:
        async with Hostile(robots=PRIVATE) as server:
            server.delay = 0.1  # all of them wait for the same robots.txt
            outcomes = await crawl(
                wire, server, *(f"/page-{n}" for n in range(6)), "/private/a", "/private/b", "/page-9"
            )
            return [outcome.name for outcome in outcomes], server

    names, server = run(story())
    assert names == ["changed"] * 6 + ["robots_disallowed"] * 2 + ["changed"]
    assert server.asked["/robots.txt"] == 1
    assert not [path for path in server.asked if path.startswith("/private")]
    assert wire.issues() == ["robots_disallowed"] * 2


def test_a_redirect_into_a_forbidden_part_is_not_followed(wire: Wire) -> None:
    async def story() -> tuple[list[Outcome], Hostile]:
        async with Hostile(robots=b"User-agent: *\nDisallow: /good\n") as server:
            return await crawl(wire, server, "/moved"), server

    outcomes, server = run(story())
    assert outcomes[0].name == "robots_disallowed"
    assert server.asked["/good"] == 0


@pytest.mark.parametrize(
    ("status", "outcome", "asked"),
    [
        ("200 OK", "changed", 1),
        ("404 Not Found", "changed", 1),  # RFC 9309 2.3.1.3: unavailable, so everything is allowed
        ("403 Forbidden", "changed", 1),
        ("401 Unauthorized", "changed", 1),
        ("500 Internal Server Error", "robots_unreachable", 0),  # 2.3.1.4: unreachable, so nothing is
        ("503 Service Unavailable", "robots_unreachable", 0),
        ("429 Too Many Requests", "rate_limited", 0),
        ("302 Found", "changed", 1),  # to nowhere
    ],
)
def test_what_the_answer_to_robots_txt_means(wire: Wire, status: str, outcome: str, asked: int) -> None:
    async def story() -> tuple[list[Outcome], int]:
        async with Hostile(robots=b"", robots_status=status) as server:
            return await crawl(wire, server, "/page"), server.asked["/page"]

    outcomes, pages = run(story())
    assert (outcomes[0].name, pages) == (outcome, asked)


def test_a_rate_limited_robots_txt_is_left_alone_as_long_as_it_asks(wire: Wire) -> None:
    async def story() -> list[Outcome]:
        async with Hostile(robots=b"", robots_status="429 Too Many Requests") as server:
            server.robots_headers = {"Retry-After": "7200"}
            return await crawl(wire, server, "/a", "/b")

    for outcome in run(story()):
        assert outcome.name == "rate_limited"
        assert outcome.next_due_at is not None
        assert outcome.next_due_at >= NOW + timedelta(hours=2)


def test_an_unreachable_robots_txt_is_asked_for_once_a_crawl(wire: Wire) -> None:
    async def story() -> tuple[list[str], int]:
        async with Hostile(robots=b"", robots_status="500 Internal Server Error") as server:
            outcomes = await crawl(wire, server, "/a", "/b", "/c")
            return [outcome.name for outcome in outcomes], server.asked["/robots.txt"]

    assert run(story()) == (["robots_unreachable"] * 3, 1)
    assert wire.issues() == []  # it may pass by itself


def test_known_rules_hold_while_robots_txt_cannot_be_read(wire: Wire) -> None:
    async def story() -> list[tuple[str, str]]:
        found = []
        async with Hostile(robots=PRIVATE) as server:
            for status in ("200 OK", "500 Internal Server Error"):
                server.robots_status = status
                outcomes = await crawl(wire, server, "/page", "/private")
                found.append((outcomes[0].name, outcomes[1].name))
                wire.now += timedelta(hours=25)
            assert server.asked["/robots.txt"] == 2
        return found

    assert run(story()) == [("changed", "robots_disallowed"), ("unchanged", "robots_disallowed")]


def test_robots_txt_is_read_once_a_day(wire: Wire) -> None:
    async def story() -> list[int]:
        counts = []
        async with Hostile(robots=PRIVATE) as server:
            for hours in (0, 1, 22, 2, 1):
                wire.now += timedelta(hours=hours)
                await crawl(wire, server, "/page")
                counts.append(server.asked["/robots.txt"])
        return counts

    assert run(story()) == [1, 1, 1, 2, 2]


def test_a_host_that_is_down_is_said_to_be_down(wire: Wire) -> None:
    async def story() -> list[Outcome]:
        async with Hostile() as server:
            pass
        return await crawl(wire, server, "/page")

    (outcome,) = run(story())
    assert outcome.name == "connection_failed"
    assert "robots.txt" in outcome.detail


def test_a_crawl_delay_is_kept_from_request_to_request_and_by_every_machine(wire: Wire) -> None:
    async def story() -> tuple[float, str]:
        async with Hostile(robots=b"User-agent: aiwire\nCrawl-delay: 0.3\n") as server:
            began = time.monotonic()
            await crawl(wire, server, "/a", "/b")
            return time.monotonic() - began, server.address

    took, host = run(story())
    assert took >= 0.6  # robots.txt and two pages: two gaps
    assert wire.ask("SELECT not_before FROM host WHERE host = %s", host) == [(NOW + timedelta(seconds=0.3),)]


def test_two_requests_to_one_host_keep_their_distance(wire: Wire) -> None:
    async def story() -> float:
        async with Hostile() as server:
            pages = [source(server.url(f"/{n}"), id=f"page-{n}") for n in range(3)]
            began = time.monotonic()
            await wire.fetch(*pages, allow_hosts=[server.address], manners=replace(QUICK, delay=0.3))
            return time.monotonic() - began

    assert run(story()) >= 0.9  # robots.txt and three pages: three gaps


def test_we_are_addressed_by_our_own_name() -> None:
    rules = parse(b"User-agent: aiwire\nDisallow: /ours\n\nUser-agent: *\nDisallow: /\n", NOW)
    assert rules.allow("https://acme.example.com/theirs")
    assert not rules.allow("https://acme.example.com/ours")
    assert not parse(b"User-agent: *\nDisallow: /\n", NOW).allow("https://acme.example.com/ours")


def test_no_robots_txt_is_too_odd_to_parse() -> None:
    for body in (b"", b"\xff\xfe\x00", b"<html>not here</html>", b"\xef\xbb\xbfUser-agent: *\nAllow: /", b"a:" * 10**6):
        assert parse(body, NOW).allow("https://acme.example.com/page")
    assert not parse(b"\xef\xbb\xbfUser-agent: *\nDisallow: /page", NOW).allow("https://acme.example.com/page")
    assert parse(b"User-agent: *\nCrawl-delay: 86400", NOW).crawl_delay == 30.0


def test_the_memory_is_bounded() -> None:
    memory = RobotsMemory()
    for number in range(3000):
        memory.remember(f"https://{number}.example.com", parse(b"", NOW))
    assert memory.any("https://0.example.com") is None
    assert memory.any("https://2999.example.com") is not None
    assert len(memory._rules) == 1000


def test_robots_txt_may_be_elsewhere(wire: Wire) -> None:
    async def story() -> list[str]:
        async with (
            Hostile(robots=PRIVATE) as other,
            Hostile(robots=b"", robots_status="301 Moved Permanently") as server,
        ):
            server.robots_headers = {"Location": other.url("/robots.txt")}
            pages = [source(server.url(path), id=path.strip("/")) for path in ("/page", "/private")]
            outcomes = await wire.fetch(*pages, allow_hosts=[server.address, other.address])
            return [outcome.name for outcome in outcomes]

    assert run(story()) == ["changed", "robots_disallowed"]

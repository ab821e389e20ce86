"""The named outcomes of an attempt to fetch: what each means, whether a person should look, and when to come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from timeline.issues import Issue

if TYPE_CHECKING:
    from store.checks import HealthChange


class Return(StrEnum):
    """When to come back: crawler.due does the arithmetic."""

    INTERVAL = "interval"  # as the source is scheduled
    SOON = "soon"  # it may pass by itself: minutes at first, then backing off
    UNREACHED = "unreached"  # like SOON, but never long: nobody was bothered, and it may be our own network
    LATER = "later"  # it will not pass soon: the interval at first, then backing off
    AT_ONCE = "at once"  # nothing was asked yet


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """What aiwire does about one outcome."""

    name: str
    meaning: str
    good: bool = False  # the source said what it says now: its bytes are known
    failure: bool = True  # counts against the health of the source
    returns: Return = Return.LATER
    person_after: int | None = None  # open an issue at the n-th failure in a row; None: nobody needs to look
    do: str = ""  # what that person should do


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How one attempt to fetch one source ended. Every attempt ends as exactly one of these, and as one `fetch` row."""

    source: str
    name: str  # a key of RULES
    url: str
    started_at: datetime
    finished_at: datetime
    final_url: str | None = None  # where redirects led
    status: int | None = None  # of HTTP, where there was an answer
    detail: str = ""
    sha256: str | None = None  # of the bytes, where they were kept
    seq: int | None = None  # the capture these bytes belong to
    next_due_at: datetime | None = None
    health: "HealthChange | None" = None  # when this attempt changed the source's health

    @property
    def rule(self) -> Rule:
        """What aiwire does about it."""
        return RULES[self.name]

    @property
    def good(self) -> bool:
        """Whether the source's bytes are known now."""
        return self.rule.good


_LASTS = 3  # failures in a row after which something that passes by itself has not passed

RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule(name="changed", meaning="new bytes", good=True, failure=False, returns=Return.INTERVAL),
        Rule(name="unchanged", meaning="the same bytes again", good=True, failure=False, returns=Return.INTERVAL),
        Rule(
            name="not_modified",
            meaning="the server says nothing changed (304)",
            good=True,
            failure=False,
            returns=Return.INTERVAL,
        ),
        Rule(
            name="postponed",
            meaning="the crawl's time was up before this source's turn",
            failure=False,
            returns=Return.AT_ONCE,
        ),
        Rule(
            name="overtaken",
            meaning="another look was recorded while this one was under way: it says nothing about now",
            failure=False,
            returns=Return.INTERVAL,
        ),
        Rule(
            name="not_found",
            meaning="there is no page at this address (404)",
            person_after=1,
            do="find out where the page went and change the source's url",
        ),
        Rule(
            name="gone",
            meaning="the page was removed for good (410)",
            person_after=1,
            do="find out where the page went and change the source's url, or remove the source",
        ),
        Rule(
            name="forbidden",
            meaning="the server refuses us (401, 402, 403, 407, 451)",
            person_after=1,
            do="open the page in a browser: if people may read it, ask the provider, or watch another page",
        ),
        Rule(
            name="robots_disallowed",
            meaning="robots.txt asks robots to stay away from this page",
            person_after=1,
            do="respect it: watch another page, or ask the provider",
        ),
        Rule(
            name="robots_unreachable",
            meaning="robots.txt could not be read (a server error): until it can, nothing may be fetched (RFC 9309)",
            returns=Return.SOON,
            person_after=_LASTS,
            do="nothing, if the site recovers",
        ),
        Rule(
            name="rate_limited",
            meaning="the server asks us to come back later (429, or 503 with Retry-After)",
            person_after=_LASTS,
            do="raise the source's `every`",
        ),
        Rule(
            name="server_error",
            meaning="the server failed (5xx, 408)",
            returns=Return.SOON,
            person_after=_LASTS,
            do="nothing, if the site recovers",
        ),
        Rule(
            name="unexpected_status",
            meaning="an HTTP status that means nothing here",
            person_after=1,
            do="open the page in a browser and check the source's url",
        ),
        Rule(
            name="timeout",
            meaning="no complete answer in the time allowed",
            returns=Return.SOON,
            person_after=_LASTS,
            do="nothing, if the site recovers",
        ),
        Rule(
            name="too_large",
            meaning="more bytes than allowed, as sent or after decompression: nothing was kept",
            person_after=1,
            do="check the source's url: no page of this kind is that large",
        ),
        Rule(
            name="dns_failure",
            meaning="the host's name does not resolve",
            returns=Return.UNREACHED,
            person_after=_LASTS,
            do="check this machine's network, then the source's url",
        ),
        Rule(
            name="connection_failed",
            meaning="no connection, or it broke before there was an answer",
            returns=Return.UNREACHED,
            person_after=_LASTS,
            do="check this machine's network, then whether the site is up",
        ),
        Rule(
            name="tls_failure",
            meaning="the certificate is not valid for this host, or the encrypted connection failed",
            person_after=1,
            do="do not trust the page; check the clock and the CA certificates of this machine",
        ),
        Rule(
            name="incomplete",
            meaning="the connection broke before the announced end of the page",
            returns=Return.SOON,
            person_after=_LASTS,
            do="nothing, if the site recovers",
        ),
        Rule(
            name="broken_response",
            meaning="the answer is not valid HTTP",
            returns=Return.SOON,
            person_after=_LASTS,
            do="open the page in a browser and check the source's url",
        ),
        Rule(
            name="undecodable",
            meaning="the body is not what its Content-Encoding says, or in an encoding aiwire did not ask for",
            returns=Return.SOON,
            person_after=_LASTS,
            do="open the page in a browser; report it if it looks well there",
        ),
        Rule(
            name="blocked_address",
            meaning="the address, or one it resolved or redirected to, is not on the public internet",
            person_after=1,
            do="check the source's url; an internal page is opened by its exact host:port in the configuration",
        ),
        Rule(
            name="redirected_away",
            meaning="the page redirects to another site, or in circles: not followed",
            person_after=1,
            do="check where it leads and change the source's url",
        ),
        Rule(
            name="empty",
            meaning="a page without content",
            returns=Return.SOON,
            person_after=_LASTS,
            do="open the page in a browser and check the source's url",
        ),
        Rule(
            name="wrong_type",
            meaning="not text: an image, an archive or other binary data",
            person_after=1,
            do="check the source's url",
        ),
        Rule(
            name="internal_error",
            meaning="aiwire itself failed",
            person_after=1,
            do="this is a fault of aiwire: please report it with the detail",
        ),
    )
}

MOVED = "moved_permanently"


def of_status(status: int, *, retry_after: bool) -> str | None:
    """The outcome an HTTP status decides by itself; None: the body decides. 304 is not asked here."""
    if status in {200, 203, 204}:
        return None
    if status == 503 and retry_after:
        return "rate_limited"
    if status >= 500 or status == 408:
        return "server_error"
    return _STATUSES.get(status, "unexpected_status")


_STATUSES = {404: "not_found", 410: "gone", 429: "rate_limited"} | dict.fromkeys((401, 402, 403, 407, 451), "forbidden")


def issues_of(outcome: Outcome, failures: int, *, moved_to: str | None = None) -> tuple[Issue, ...]:
    """What a person should see after this attempt; `failures` counts the failures in a row, this one included."""
    found = []
    rule = outcome.rule
    if rule.person_after is not None and failures >= rule.person_after:
        # What may pass by itself has details that change from one attempt to the next: the issue stays one.
        detail = f" ({outcome.detail})" if outcome.detail and rule.person_after == 1 else ""
        found.append(Issue(code=rule.name, message=f"{rule.meaning}{detail}: {rule.do}"))
    if moved_to is not None:
        found.append(Issue(code=MOVED, message=f"the page moved for good to {moved_to}: change the source's url"))
    return tuple(found)

"""For whoever runs aiwire: is it alive, are its answers there and fresh, and the figures behind that."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import answers, problems, sight, times
from api.answers import Reading
from store import events, receivers, sources, versions
from store.receivers import ReceiverHealth
from store.sources import SourceHealth

LATE = timedelta(minutes=30)  # a source that waits this long for its visit: nobody is fetching
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


@dataclass(frozen=True, kw_only=True)
class Meters:
    """What this process counts about itself; a registry of its own, so that two applications do not mix."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    seconds: Histogram = field(init=False)

    def __post_init__(self) -> None:
        names = ("route", "status")
        requests = Counter("aiwire_http_requests", "Answers given.", names, registry=self.registry)
        seconds = Histogram(
            "aiwire_http_seconds", "Time to the first byte.", ("route",), buckets=BUCKETS, registry=self.registry
        )
        object.__setattr__(self, "requests", requests)
        object.__setattr__(self, "seconds", seconds)


class Measure:
    """Counts and times every answer by its route, never by its path: those are without number."""

    def __init__(self, app: ASGIApp, meters: Meters) -> None:
        self.app = app
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        status = "500"

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = str(message["status"])
                self.meters.seconds.labels(_route(scope)).observe(time.perf_counter() - started)
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            self.meters.requests.labels(_route(scope), status).inc()


def livez() -> Response:
    """The process answers; nothing else is asked."""
    return Response("alive\n", media_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


def readyz(request: Request) -> Response:
    """200 when the database answers and is of this version; 503 when not.

    Sources that nobody fetches, or of which none was read for hours, make it `late`, and those in trouble are
    counted, but what is known is still served: these do not make it unready.
    """
    reading = answers.reading_of(request)
    checks = [*_checks(reading)]
    ready = all(check["ok"] for check in checks if check["needed"])
    status = "ready" if ready and all(check["ok"] for check in checks) else "late" if ready else "not ready"
    return Response(
        answers.dumps({"status": status, "ready": ready, "checks": checks}),
        status_code=200 if ready else 503,
        headers={"Cache-Control": "no-store"},
        media_type="application/json",
    )


def metrics(request: Request) -> Response:
    """The figures of this process and, asked anew each time, of the database."""
    reading = answers.reading_of(request)
    registry = CollectorRegistry()
    registry.register(_Told(reading))
    body = generate_latest(request.app.state.meters.registry) + generate_latest(registry)
    return Response(body, media_type="text/plain; version=0.0.4; charset=utf-8", headers={"Cache-Control": "no-store"})


class _Told:
    """A collector of what the database knows."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def collect(self) -> Iterator[Metric]:
        """The families, or only that the database does not answer."""
        try:
            with self.reading.connection() as connection:
                found, counter = sources.health(connection), events.change_counter(connection)
                told = receivers.health(connection)
        except problems.DATABASE_ERRORS:
            yield GaugeMetricFamily("aiwire_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("aiwire_database_up", "Whether the database answers.", value=1)
        yield GaugeMetricFamily("aiwire_change_counter", "Counts up with every recorded change.", value=counter)
        yield from _families(found, self.reading.now())
        yield from _deliveries(told, self.reading.now())


def _families(found: Sequence[SourceHealth], now: datetime) -> Iterator[Metric]:
    health = GaugeMetricFamily("aiwire_source_health", "1 for the health the source has.", labels=["source", "health"])
    since = GaugeMetricFamily(
        "aiwire_source_seconds_since_good", "Seconds since the last good check.", labels=["source"]
    )
    failures = GaugeMetricFamily("aiwire_source_failures", "Failed visits since the last success.", labels=["source"])
    held = GaugeMetricFamily("aiwire_source_held", "Facts seen and not yet believed.", labels=["source"])
    issues = GaugeMetricFamily("aiwire_source_issues", "Open issues.", labels=["source"])
    for source in found:
        if not source.enabled:
            continue
        name = [source.source]
        health.add_metric([source.source, source.health], 1)
        failures.add_metric(name, source.failures)
        held.add_metric(name, len(source.held or []))
        issues.add_metric(name, source.issues)
        if source.last_good_at is not None:
            since.add_metric(name, (now - source.last_good_at).total_seconds())
    overdue = GaugeMetricFamily(
        "aiwire_overdue_seconds", "How long the source that waits longest for its visit has been waiting."
    )
    overdue.add_metric([], _overdue(found, now).total_seconds())
    yield from (health, since, failures, held, issues, overdue)


def _deliveries(told: Sequence[ReceiverHealth], now: datetime) -> Iterator[Metric]:
    """The outbox: how much waits for each receiver, and how long the oldest that did not get through."""
    waiting = GaugeMetricFamily("aiwire_deliveries_waiting", "Messages that wait for a receiver.", labels=["receiver"])
    given_up = GaugeMetricFamily("aiwire_deliveries_given_up", "Messages given up.", labels=["receiver"])
    sent = GaugeMetricFamily("aiwire_deliveries_sent", "Messages that got through.", labels=["receiver"])
    age = GaugeMetricFamily(
        "aiwire_deliveries_undelivered_seconds", "Age of the oldest message that failed.", labels=["receiver"]
    )
    for one in told:
        waiting.add_metric([one.receiver], one.waiting)
        given_up.add_metric([one.receiver], one.given_up)
        sent.add_metric([one.receiver], one.sent)
        if one.undelivered_since is not None:
            age.add_metric([one.receiver], (now - one.undelivered_since).total_seconds())
    yield from (waiting, given_up, sent, age)


def _checks(reading: Reading) -> Iterator[dict[str, object]]:
    try:
        with reading.connection() as connection:
            standing = versions.compared(connection)
            missing = standing.said if standing.database in ("empty", "older") else None
            found = [] if missing else sources.health(connection)
    except problems.DATABASE_ERRORS as error:
        yield {"name": "database", "needed": True, "ok": False, "detail": problems.of_database(error).detail}
        return
    yield {"name": "database", "needed": True, "ok": True, "detail": "answers"}
    if missing:
        yield {"name": "migrated", "needed": True, "ok": False, "detail": f"{missing}: run `aiwire migrate`"}
        return
    yield {"name": "migrated", "needed": True, "ok": True, "detail": standing.said}
    if standing.database == "newer":  # an upgrade goes on: what is known is still served
        told = f"the database is newer than this program ({standing.said}): start the new version of it"
        yield {"name": "version", "needed": False, "ok": False, "detail": told}
    late = _overdue(found, reading.now())
    told = f"the source that waits longest for its visit has waited {times.duration(late)}"
    yield {"name": "visits", "needed": False, "ok": late < LATE, "detail": told, "seconds": late.total_seconds()}
    seen = sight.sight(found, reading.now())
    told = seen.said or (
        f"the last good look was {times.ago(seen.last, reading.now())}" if seen.last else "no source is watched"
    )
    yield {"name": "reading", "needed": False, "ok": not seen.blind, "detail": told}
    watched = [source for source in found if source.enabled and source.kind != "bundled"]
    bad = [source.source for source in watched if source.health not in ("ok", "new")]
    told = f"{len(watched) - len(bad)} of {len(watched)} are well" + (f"; not: {', '.join(bad[:20])}" if bad else "")
    yield {"name": "sources", "needed": False, "ok": not bad, "detail": told}


def _overdue(found: Sequence[SourceHealth], now: datetime) -> timedelta:
    """How long the source that waits longest for its visit has been waiting; zero where none does."""
    due = [source.next_due_at for source in found if source.enabled and source.next_due_at is not None]
    return max([now - at for at in due if at < now], default=timedelta(0))


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", "none"))

"""The wire's news about itself: a source that broke or went stale is told once, and so is its recovery."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from store import checks, events, fetches, sources, watching
from store.connect import Connection
from store.fetches import Reachability
from store.sources import SourceHealth
from store.watching import Told
from timeline.events import Event
from timeline.keys import canonical

FEW_HOSTS = 3  # fewer hosts that cannot be reached are their own trouble, not the network's
WINDOW = timedelta(minutes=30)
BAD = {"broken": "source.broken", "stale": "source.stale"}


def watch(connection: Connection, *, now: datetime) -> int:
    """Tell what broke, went stale or recovered since the last call; returns how many events that made.

    While nothing at all can be reached the network is the news, and no source is blamed for it.
    """
    with connection.transaction():
        reach = fetches.reachability(connection, since=now - WINDOW)
        if unreachable(reach):
            return 0
        checks.mark_stale(connection, now, few_hosts=FEW_HOSTS)
        news = changes(sources.health(connection), watching.told(connection), now)
        events.insert(connection, news)
        return len(news)


def unreachable(reach: Reachability) -> bool:
    """Whether it is the network that is gone, and not some sites."""
    return reach.answered == 0 and reach.hosts >= FEW_HOSTS


def changes(health: Sequence[SourceHealth], told: Mapping[str, Told], now: datetime) -> list[Event]:
    """The events to tell: pure. A source that is broken and stale, in whatever order, is one incident."""
    news = []
    for source in health:
        before = told.get(source.source)
        lasts = before is not None and before.last != "source.recovered"
        if source.enabled and not source.muted and source.health in BAD and not lasts:
            news.append(_event(BAD[source.health], source, before, now))
        elif source.health == "ok" and lasts:
            news.append(_event("source.recovered", source, before, now))
    return news


def _event(kind: str, source: SourceHealth, before: Told | None, now: datetime) -> Event:
    return Event(
        kind=kind,
        source=source.source,
        provider=source.provider,
        key=canonical([source.source]),
        new={"health": source.health, "detail": source.detail},
        observed_after=source.last_good_at,
        observed_at=now,
        trust=source.trust,
        headline=_headline(kind, source),
        occurrence=(before.times.get(kind, 0) if before else 0) + 1,
    )


def _headline(kind: str, source: SourceHealth) -> str:
    detail = f": {source.detail}" if source.detail else ""
    if kind == "source.recovered":
        return f"{source.source} can be read again"
    if kind == "source.stale":
        return f"{source.source} has gone stale{detail}"
    return f"{source.source} cannot be understood, so its facts stand still{detail}"

"""The watching: sources that cannot be fetched, read or believed, who fetches them, and what is kept of it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from crawler.advice import advice
from crawler.outcomes import RULES
from doctor.findings import Finding, bad, few, note, ok
from store.diagnoses import Attempts, Work
from store.issues import OpenIssue
from store.sources import SourceHealth
from timeline import observations

QUEUED: Final = timedelta(minutes=5)
"""A job that could have run for so long waits for too few workers, or for one that hangs."""
KEPT: Final = timedelta(days=180)
"""Attempts older than that tell nobody anything: `aiwire prune` was never run."""
MANY: Final = 5_000_000
"""Rows of attempts that make a dump slow, whatever their age."""
GROUPS: Final = 8


def configured(wanted: Collection[str], health: Sequence[SourceHealth]) -> Iterator[Finding]:
    """Sources of the configuration that the running wire has not taken up, and those it has and nobody configured."""
    enabled = {source.source for source in health if source.enabled}
    new = sorted(set(wanted) - enabled)
    gone = sorted(enabled - set(wanted))
    for names, what in ((new, "not watched yet, though configured"), (gone, "watched, though no longer configured")):
        if names:
            do = "start aiwire again, or send it SIGHUP; see its log where it does not take the file"
            yield bad("registered", f"{few(names)}: {what}", do=do)
    if not new and not gone:
        yield ok("registered", f"{len(enabled)} sources, as configured")


def sources(health: Sequence[SourceHealth], issues: Sequence[OpenIssue]) -> Iterator[Finding]:
    """The sources in trouble by what troubles them, and what a person does about each."""
    watched = [source for source in health if source.enabled]
    never = [source.source for source in watched if source.last_fetch_at is None]
    if never and len(never) < len(watched):
        yield bad(
            "sources", f"never fetched: {few(never)}", do="`aiwire capture ID` fetches one now and says what came"
        )
    troubled = [source for source in watched if source.health not in ("ok", "new")]
    groups: dict[str, list[str]] = {}
    for source in troubled:
        groups.setdefault(_why(source, issues), []).append(source.source)
    for why, names in sorted(groups.items(), key=lambda group: -len(group[1]))[:GROUPS]:
        rule = RULES.get(why)
        meaning, do = (rule.meaning, rule.do) if rule else (f"not believed ({why})", advice(why))
        yield bad("sources", f"{meaning}: {few(names)}", do=do or "`aiwire sources check ID`", where=_where(names))
    if not troubled and not never:
        yield ok("sources", f"{len(watched)} watched, none in trouble")
    yield from _set_aside(watched)


def _set_aside(watched: Sequence[SourceHealth]) -> Iterator[Finding]:
    """What a person once silenced, and what waits for a person."""
    muted = [source.source for source in watched if source.muted]
    if muted:
        do = "`aiwire sources mute ID --off` lets it sound again"
        yield note("muted", f"nobody is told of {few(muted)}", do=do)
    held = [source.source for source in watched if any(one["reason"] not in observations.KEPT for one in source.held)]
    if held:
        do = "`aiwire status` says what and why; `aiwire sources accept ID SHA` takes it"
        yield note("held", f"seen and not believed yet, of {few(held)}", do=do)


def _why(source: SourceHealth, issues: Sequence[OpenIssue]) -> str:
    """The word for what is wrong: the outcome of the last attempt, else what was found when it was read."""
    outcome = source.last_outcome or ""
    if source.failures and outcome in RULES and RULES[outcome].failure:
        return outcome
    of_it = [issue.code for issue in issues if issue.source == source.source and issue.fatal]
    return of_it[0] if of_it else source.health


def _where(names: Sequence[str]) -> str:
    return f"`aiwire sources check {names[0]}`"


def work(found: Work) -> Iterator[Finding]:
    """Whether anybody works, and whether they keep up."""
    if not found.workers:
        waits = f"; {found.overdue} sources wait for their visit" if found.overdue else ""
        do = "start `aiwire up`, or `aiwire worker` and `aiwire scheduler`"
        yield bad("workers", f"nobody fetches, reads or tells{waits}", do=do)
        return
    yield ok("workers", f"{found.workers} signs of life within a minute")
    late = [
        f"{count} {what}"
        for count, what in (
            (found.overdue, "sources wait for their visit for half an hour"),
            (found.unread, "captures wait to be read"),
            (found.undelivered, "messages wait to be sent"),
        )
        if count
    ]
    if late and not found.waiting:
        do = "start `aiwire scheduler` (any number may run), or `aiwire worker --with-scheduler`"
        yield bad("queue", f"nobody puts work into the queue: {'; '.join(late)}", do=do)
    elif found.oldest is not None and found.oldest > QUEUED.total_seconds():
        do = "start more `aiwire worker`; where one hangs, its log says at what"
        yield bad("queue", f"{found.waiting} jobs wait, the oldest for {found.oldest / 60:.0f} minutes", do=do)
    elif late:
        yield note("queue", "; ".join(late), do="nothing, if it grows less; else start more `aiwire worker`")
    else:
        yield ok("queue", f"{found.waiting} jobs wait")


def retention(kept: Attempts, now: datetime) -> Finding:
    """Whether old attempts are ever dropped."""
    do = "`aiwire prune` once a week: deploy/systemd/aiwire-prune.timer, or cron"
    if kept.oldest is not None and now - kept.oldest > KEPT:
        return note("retention", f"failed attempts since {kept.oldest:%Y-%m-%d} are kept: nobody prunes", do=do)
    if kept.rows > MANY:
        return note("retention", f"about {kept.rows:,} attempts are kept", do=f"{do}; --older-than 30d")
    return ok("retention", f"about {kept.rows:,} attempts are kept")

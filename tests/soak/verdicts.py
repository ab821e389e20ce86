"""What a soak came to: figures, whether they are good, and a summary for people."""

import os
import statistics
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from tests.soak.faults import REPEATING, recoveries
from tests.soak.machine import ROLES, Sample
from tests.soak.pages import Expected
from tests.soak.running import Soak

STEADY = ("second worker", "second api", "supervisor")
WARM_SECONDS = 420.0  # at least: until each kind of bomb has been met; a shorter run says nothing of memory
WARM = 0.25  # of the run: what grows until then is caches
MOST_GROWTH = 0.06  # of what a process takes after warming up
PARTS = 12
MOST_SESSIONS = 2 * (8 + 6 + 2) + 2 * 8  # of two workers: pool, queue, two channels; of two APIs
LEAST_COUNTED = 4.0  # MB: less is noise


def figures(soak: Soak, *, seconds: float, quiet: bool, rebuilt: str, codes: dict[str, Any]) -> dict[str, Any]:
    """Everything that was measured."""
    watch, channel = soak.watch, soak.channel
    happened = list(watch.happened.values())
    expected = [*happened, *watch.awaited]
    repeating = sum(fault.kind in REPEATING for fault in soak.faults)
    return {
        "seed": soak.seed,
        "seconds": round(seconds),
        "sources": soak.sources,
        "processors": os.cpu_count(),
        "load": round(statistics.median(soak.loads), 1) if soak.loads else None,
        "changes of pages": soak.changes,
        "faults": len(soak.faults),
        "events expected": len(expected),
        "events lost": [_name(one) for one in watch.missed()],
        "events held": [_name(one) for one in watch.awaited if one not in watch.missed()],
        "events false": watch.false,
        "events twice": watch.twice,
        "messages due": len(happened),
        "messages missing": [_name(one) for one in happened if one.received_at is None],
        "messages unexpected": soak.unexpected,
        "messages received": len(channel.messages),
        "messages repeated": channel.repeated(),
        "repeats allowed": 2 * repeating + channel.unanswered,
        "posts": channel.posts,
        "taken without an answer": channel.unanswered,
        "given up": watch.parked,
        "seconds from change to event": _spread([_between(one.changed_at, one.recorded_at) for one in happened]),
        "seconds from event to message": _spread([_between(one.recorded_at, one.received_at) for one in happened]),
        "recovery": recoveries(soak.faults),
        "not recovered": [f"{one.kind} {one.target}" for one in soak.faults if one.seen and one.well_at is None],
        "memory": memory(soak.machine.samples),
        "most sessions": max(watch.sessions, default=0),
        **_sessions(watch.sessions),
        "looks that found a session stuck": watch.stuck,
        "most connections to the sites": soak.origin.most_open,
        "connections to the sites at the end": soak.origin.open,
        "answers of the sites": dict(soak.origin.answers),
        "events about sources and the wire": watch.troubles,
        "looks": watch.polls,
        "looks without a database": watch.blind,
        "starts": {name: program.starts for name, program in soak.machine.programs.items()},
        "ended with": codes,
        "left running": soak.machine.left(),
        "all told in time": quiet,
        "rebuild": rebuilt,
    }


def wrong(found: dict[str, Any]) -> list[str]:
    """What must not be."""
    empty = (
        "events lost", "events false", "events twice", "messages missing", "messages unexpected", "not recovered",
        "left running", "looks that found a session stuck", "connections to the sites at the end", "given up",
    )  # fmt: skip
    said = [f"{name}: {found[name]}" for name in empty if found[name]]
    if found["messages repeated"] > found["repeats allowed"]:
        said.append(f"{found['messages repeated']} messages were repeated, {found['repeats allowed']} may be")
    said += [f"memory of the {row['process']} is not flat: {row}" for row in found["memory"] if row["flat"] is False]
    if found["most sessions"] > MOST_SESSIONS:
        said.append(f"{found['most sessions']} sessions at once: more than all pools have together, {MOST_SESSIONS}")
    if not found["all told in time"]:
        said.append("not all was told before patience ended")
    if not found["events expected"]:
        said.append("nothing happened at all")
    if found["rebuild"]:
        said.append(f"a rebuild changes what was recorded: {found['rebuild']}")
    return said


def memory(samples: Sequence[Sample]) -> list[dict[str, Any]]:
    """Of each role what it takes, and how that grows once warm: of the process that lived longest."""
    rows = []
    end = max((sample.at for sample in samples), default=0.0)
    for role in ROLES:
        own = [sample for sample in samples if sample.role == role]
        if not own:
            continue
        by_pid: dict[int, list[Sample]] = {}
        for sample in own:
            by_pid.setdefault(sample.pid if role != "postgres" else 0, []).append(sample)
        longest = max(by_pid.values(), key=len)
        warm = (
            [sample for sample in longest if sample.at >= longest[0].at + max(WARM * end, WARM_SECONDS)]
            if role in STEADY
            else []
        )
        rows.append(
            {
                "process": role,
                "lives": len(by_pid),
                "median MB": round(statistics.median(sample.anonymous for sample in own), 1),
                "most MB": round(max(sample.anonymous for sample in own), 1),
                "most descriptors": max(sample.files for sample in own),
                "most threads": max(sample.threads for sample in own),
                **_growth(warm),
                "MB, the least of each part": [round(sample.anonymous, 1) for sample in _lowest(longest)],
            }
        )
    return rows


def _growth(warm: Sequence[Sample]) -> dict[str, Any]:
    low = _lowest(warm)
    if len(low) < PARTS:
        return {"MB an hour": None, "flat": None}
    slope = statistics.linear_regression([one.at for one in low], [one.anonymous for one in low]).slope
    grown = slope * (warm[-1].at - warm[0].at)
    files = statistics.linear_regression([one.at for one in warm], [float(one.files) for one in warm]).slope
    base = statistics.median(one.anonymous for one in warm)
    return {
        "MB an hour": round(slope * 3600, 1),
        "MB grown": round(grown, 1),
        "first third MB": round(statistics.median(one.anonymous for one in warm[: len(warm) // 3]), 1),
        "last third MB": round(statistics.median(one.anonymous for one in warm[-len(warm) // 3 :]), 1),
        "descriptors an hour": round(files * 3600, 1),
        "flat": grown <= max(LEAST_COUNTED, MOST_GROWTH * base),
    }


def _lowest(samples: Sequence[Sample]) -> list[Sample]:
    """The least of each twelfth: a bomb is let go when Python next collects its garbage, and until then is no leak."""
    size = len(samples) // PARTS
    return [min(samples[n * size : (n + 1) * size], key=lambda one: one.anonymous) for n in range(PARTS) if size]


def _sessions(counts: Sequence[int]) -> dict[str, float]:
    """Medians of how many sessions the database had."""
    quarter = max(1, len(counts) // 4)
    first, last = (statistics.median(part) if part else 0 for part in (counts[:quarter], counts[-quarter:]))
    return {"sessions, first quarter": first, "sessions, last quarter": last}


def summary(found: dict[str, Any]) -> str:
    """For people, in Markdown."""
    counts = [
        f"{found['seconds'] / 60:.0f} minutes, {found['sources']} sources, {found['changes of pages']} changes of "
        f"pages, {found['faults']} faults, seed {found['seed']}; "
        f"load of the machine {found['load']} on {found['processors']} processors",
        "",
        "| | |",
        "|---|---:|",
        f"| events expected | {found['events expected']} |",
        f"| of these first seen on a page cut short and still held for a second look | {len(found['events held'])} |",
        *(f"| {name} | {len(found[name])} |" for name in ("events lost", "events false", "events twice")),
        f"| messages due | {found['messages due']} |",
        f"| messages missing | {len(found['messages missing'])} |",
        f"| messages that tell what is not so | {len(found['messages unexpected'])} |",
        f"| messages repeated, of {found['repeats allowed']} that kills and lost answers allow | "
        f"{found['messages repeated']} |",
        *(
            f"| {name}: median, 95 %, worst | {' / '.join(map(str, found[name].values()))} |"
            for name in ("seconds from change to event", "seconds from event to message")
        ),
        "",
        "| fault | times | well again: median s | worst s | caught up: median s | worst s |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for row in found["recovery"]:
        cells = [row[f"{what}, {which} s"] for what in ("well again", "caught up") for which in ("median", "worst")]
        counts.append(f"| {row['fault']} | {row['times']} | {' | '.join('' if c is None else str(c) for c in cells)} |")
    counts += [
        "",
        "| process | lives | median MB | most MB | MB an hour | descriptors | threads |",
        "|---|" + "---:|" * 6,
    ]
    for row in found["memory"]:
        names = ("process", "lives", "median MB", "most MB", "MB an hour", "most descriptors", "most threads")
        counts.append(f"| {' | '.join('' if row.get(name) is None else str(row[name]) for name in names)} |")
    return "\n".join(counts)


def _name(one: Expected) -> str:
    return f"{one.changed_at:%H:%M:%S} {' '.join(filter(None, one.key))}"


def _between(before: datetime | None, after: datetime | None) -> float | None:
    return (after - before).total_seconds() if before and after else None


def _spread(seconds: Iterable[float | None]) -> dict[str, float | None]:
    known = sorted(one for one in seconds if one is not None)
    if not known:
        return {"p50": None, "p95": None, "worst": None}
    return {
        name: round(known[int(share * (len(known) - 1))], 1)
        for name, share in (("p50", 0.5), ("p95", 0.95), ("worst", 1))
    }

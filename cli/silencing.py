"""What is not told for a while, and what is watched: `aiwire alerts silence`, `silences`, `lift` and `watch`."""

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.plumbing import Json, Limit, configured, moment_of, owner, reading
from console import FINDINGS, ends, print_json, print_rows, say
from timeline.words import counted

if TYPE_CHECKING:
    from alerts.silencing import Begun
    from alerts.watchlists import Watched, Watchlist
    from store.silences import Silence

_LENGTH = re.compile(r"(\d{1,4})([hdw])")
_HOURS = {"h": 1, "d": 24, "w": 168}


def alerts_silence(
    until: Annotated[str, typer.Option(help="A date, a time with its zone, or a length: 6h, 3d, 2w.")],
    because: Annotated[str, typer.Option(help="Why: it stands beside what was not told.")],
    models: Annotated[list[str] | None, typer.Option(help="Globs of models; may be given again.")] = None,
    providers: Annotated[list[str] | None, typer.Option(help="Providers; may be given again.")] = None,
    kinds: Annotated[list[str] | None, typer.Option(help="Globs of kinds of events; may be given again.")] = None,
    receiver: Annotated[str | None, typer.Option(help="Only for this receiver.")] = None,
    json_: Json = False,
) -> None:
    """Tell nobody of some changes for a while: they are kept with the reason, and never sent late."""
    from alerts import silencing
    from store.clock import wall_clock
    from store.silences import Silence

    with ends():
        now = wall_clock()
        configuration = configured()
        _check(configuration.alerts.receivers, models, providers, kinds, receiver, because)
        providers = _spelt(providers or [], {source.provider for source in configuration.sources})
        silence = Silence(
            receiver=receiver,
            kinds=kinds or [],
            providers=providers,
            models=models or [],
            because=because.strip(),
            starts_at=now,
            ends_at=_until(until, now),
        )
        with owner() as connection:
            begun = silencing.begin(connection, configuration.alerts, silence, now, base_url=configuration.base_url)
        if json_:
            taken = {"taken": begun.messages, "taken_from_digests": begun.changes}
            print_json({"silence": begun.number, "ends_at": silence.ends_at, **taken})
        else:
            say(_told(begun, silence))


def _told(begun: "Begun", silence: "Silence") -> str:
    waited = f"; {counted(begun.messages, 'waiting message')} not sent" if begun.messages else ""
    waited += f"; {counted(begun.changes, 'change')} left out of the next digests" if begun.changes else ""
    until = f"{silence.ends_at:%Y-%m-%d %H:%M} UTC"
    return f"silence {begun.number} until {until}{waited}; to end it: aiwire alerts lift {begun.number}"


def alerts_silences(limit: Limit = 50, json_: Json = False) -> None:
    """The silences there are and were, newest first."""
    from dataclasses import asdict

    from store import silences
    from store.clock import wall_clock

    with ends(), owner() as connection:
        now = wall_clock()
        rows = []
        for silence in silences.newest(connection, limit):
            state = "lifted" if silence.lifted_at else "over" if silence.ends_at <= now else "holds"
            rows.append({"state": state} | asdict(silence))
        columns = ("id", "state", "ends_at", "receiver", "kinds", "providers", "models", "because")
        print_rows(rows, as_json=json_, columns=columns, empty="nothing was ever silenced")


def alerts_lift(silence: int) -> None:
    """End a silence early: what comes from now on is told again, what was silenced stays so."""
    from store import silences
    from store.clock import wall_clock

    with ends(), owner() as connection:
        if not silences.lift(connection, silence, wall_clock()):
            say(f"no silence {silence} holds: aiwire alerts silences lists them")
            raise typer.Exit(FINDINGS)
        say(f"silence {silence} is over")


def alerts_watch(json_: Json = False) -> None:
    """The watchlists of the configuration: every model as written, and those that no provider is known to have."""
    from alerts.watchlists import unknown
    from store import models

    with ends():
        watchlists = configured().alerts.watchlists
        with reading() as connection:
            known = models.named(connection)
        rows = [row for one in watchlists.values() for row in _rows(one, unknown(one, known))]
        columns = ("watchlist", "model", "provider", "known", "where")
        print_rows(rows, as_json=json_, columns=columns, empty="no [[watchlist]] and no [[workload]] is configured")
        if not all(row["known"] for row in rows):
            raise typer.Exit(FINDINGS)


def _rows(watchlist: "Watchlist", strange: "list[Watched]") -> list[dict[str, Any]]:
    return [
        {
            "watchlist": watchlist.name,
            "model": watched.name,
            "provider": watched.provider,
            "known": watched not in strange,
            "where": watched.where,
        }
        for watched in watchlist.models
    ]


def _check(
    receivers: Any,
    models: list[str] | None,
    providers: list[str] | None,
    kinds: list[str] | None,
    receiver: str | None,
    because: str,
) -> None:
    """Ends with exit code 2 for what would silence nothing, or everything by mistake."""
    from fnmatch import fnmatchcase

    from alerts.routing import event_kinds

    if not (models or providers or kinds or receiver):
        raise typer.BadParameter('say what: --models, --providers, --kinds or --receiver; all there is: --kinds "*"')
    if not because.strip():
        raise typer.BadParameter("--because needs a reason")
    if receiver is not None and receiver not in receivers:
        raise typer.BadParameter(f"no receiver {receiver!r} is configured: there is {', '.join(receivers)}")
    for kind in kinds or []:
        if not any(fnmatchcase(known, kind) for known in event_kinds()):
            raise typer.BadParameter(f"no kind of event is {kind!r}: there are {', '.join(event_kinds())}")


def _spelt(given: list[str], of_sources: set[str]) -> list[str]:
    """The providers as they are known. Ends with exit code 2 for one that no source and no page tells of."""
    from alerts.providers import known
    from store import models
    from timeline.providers import meant, spelt

    there = known(of_sources)
    for name in (spelt(name, there) for name in given):
        near = meant(name, there)
        if near is None and name not in there:
            with reading() as connection:
                there |= {provider for provider, _ in models.named(connection)}
        if name not in there:
            hint = f'did you mean "{near}"? ' if near else ""
            raise typer.BadParameter(f"no provider is {name!r}: {hint}`aiwire sources` lists them")
    return [spelt(name, there) for name in given]


def _until(text: str, now: datetime) -> datetime:
    length = _LENGTH.fullmatch(text.strip())
    ends_at = now + timedelta(hours=int(length[1]) * _HOURS[length[2]]) if length else moment_of(text)
    if ends_at is None or ends_at <= now:
        raise typer.BadParameter(f"--until {text!r} has passed")
    return ends_at

"""The `aiwire` command. Thin: one function a verb, each a few lines over the packages. All verbs are on this screen.

Exit codes: 0 done, 1 findings or failure, 2 a mistake in what was asked. `--json` prints one object a line.
"""

from collections.abc import Callable, Mapping

import typer

from cli import (
    adding,
    backfilling,
    capturing,
    checking,
    costing,
    delivering,
    exporting,
    funding,
    looking,
    operating,
    pruning,
    reading,
    rehearsing,
    running,
    scanning,
    silencing,
    telling,
)

VERBS: Mapping[str, Callable[..., None]] = {
    "up": running.up,
    "worker": running.worker,
    "scheduler": running.scheduler,
    "serve": running.serve,
    "migrate": running.migrate,
    "stop": running.stop,
    "url": running.url,
    "status": operating.status,
    "doctor": operating.doctor,
    "rebuild": operating.rebuild,
    "prune": pruning.prune,
    "prices": looking.prices,
    "history": looking.history,
    "deadlines": looking.deadlines,
    "news": reading.news,
    "incidents": reading.incidents,
    "figures": looking.figures,
    "cost": costing.cost,
    "scan": scanning.scan,
    "sql": looking.sql,
    "capture": capturing.capture,
    "extract": capturing.extract,
    "replay": capturing.replay,
    "demo": rehearsing.demo,
    "backfill": backfilling.backfill,
    "export": exporting.export,
}
SOURCES: Mapping[str, Callable[..., None]] = {
    "add": adding.add_source,
    "check": checking.check_source,
    "accept": operating.accept_source,
    "mute": operating.mute_source,
}
EVENTS: Mapping[str, Callable[..., None]] = {
    "withdraw": operating.withdraw_event,
}
FUNDING: Mapping[str, Callable[..., None]] = {
    "list": funding.list_deals,
    "show": funding.show_deal,
    "split": funding.split_deal,
    "join": funding.join_deals,
    "undo": funding.undo_decision,
    "decisions": funding.list_decisions,
}
ALERTS: Mapping[str, Callable[..., None]] = {
    "test": telling.alerts_test,
    "receiver": telling.alerts_receiver,
    "list": delivering.alerts_list,
    "show": delivering.alerts_show,
    "retry": delivering.alerts_retry,
    "preview": delivering.alerts_preview,
    "silence": silencing.alerts_silence,
    "silences": silencing.alerts_silences,
    "lift": silencing.alerts_lift,
    "watch": silencing.alerts_watch,
}


def application() -> typer.Typer:
    """All verbs and groups of verbs; `sources` and `events` list when no verb follows."""
    app = _group(VERBS, help="A wire service for the AI market: prices, model lifecycles and news as dated facts.")
    sources = _group(SOURCES, help="The watched pages and feeds, and how they are.", bare=operating.list_sources)
    events = _group(EVENTS, help="The timeline: what changed, newest first.", bare=looking.list_events)
    app.add_typer(sources, name="sources", invoke_without_command=True)
    app.add_typer(events, name="events", invoke_without_command=True)
    app.add_typer(_group(FUNDING, help="Rounds, purchases, listings, loans and funds."), name="funding")
    app.add_typer(_group(ALERTS, help="Receivers and deliveries."), name="alerts")
    return app


def main() -> None:
    """The entry point: `aiwire`."""
    application()()


def _group(
    verbs: Mapping[str, Callable[..., None]],
    *,
    help: str,
    bare: Callable[..., None] | None = None,
) -> typer.Typer:
    group = typer.Typer(no_args_is_help=bare is None, add_completion=False, pretty_exceptions_enable=False, help=help)
    if bare is not None:
        group.callback()(bare)
    for name, verb in verbs.items():
        group.command(name)(verb)
    return group

"""What messages need to know beside the events they tell: prices, successors, what else is for sale."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from alerts.circumstances import Checked, Outlet, Sibling, Standing, runs_on
from alerts.moves import ENDING, GONE
from alerts.wording import subject
from store import funding, news_claims, notices, prices, siblings
from store.connect import Connection
from timeline import names
from timeline.agreements import Contract
from timeline.events import Event
from timeline.rates import rate_of_row
from timeline.workloads import Workload

MOST: Final = 4000
"""Rows asked for at once: a message about more models than that names no replacements."""
Model = tuple[str, str]  # provider, id or name


def load(
    connection: Connection,
    told: Sequence[Event],
    workloads: Sequence[Workload],
    contracts: Sequence[Contract] = (),
) -> Standing:
    """What stands at the time of the newest of the events.

    Prices are asked for only where a workload is touched: of its model, its successors and all of its class.
    """
    if not told:
        return Standing(contracts=contracts)
    at = max(event.observed_at for event in told)
    lives = [_model(event) for event in told if event.kind.startswith("model.")]
    status = _rows(notices.status, connection, lives, at)
    replacements = {_subject(row): row["replacements"] for row in status if row["replacements"]}
    touched = [workload for workload in workloads if any(_touches(event, workload) for event in told)]
    wanted = {(workload.provider, name) for workload in touched for name in _names(workload)}
    others = {mate for workload in touched for mate in names.classmates(workload.provider, workload.model)}
    successors = _successors(told, touched, replacements)
    rows = _rows(prices.as_of, connection, [*wanted, *successors, *others], at)
    found = [rate for row in rows if (rate := rate_of_row(row)) and _counts(rate.provider, rate.trust, wanted)]
    known = {(provider, name) for provider, model in others for name in names.related(provider, model)}
    ended = _rows(notices.status, connection, known, at, status=list(GONE))
    return Standing(
        prices=found,
        replacements=replacements,
        gone=frozenset(_subject(row) for row in ended),
        retires={_subject(row): row["retires_on"] for row in status if row["retires_on"]},
        seen={_subject(row): row["seen_until"] for row in status if row["seen_until"]},
        read=_read(connection, told, at),
        contracts=contracts,
        siblings=_siblings(connection, told),
        outlets=_outlets(connection, told),
        claims=_claims(connection, told),
    )


def _read(connection: Connection, told: Sequence[Event], at: datetime) -> dict[tuple[str, str], datetime]:
    """Until when looks found the announced prices that the calendar tells of."""
    due = [_model(event) for event in told if event.by_calendar and event.kind.startswith("price.")]
    return {(row["source"], row["key"]): row["seen_until"] for row in _rows(prices.as_of, connection, due, at)}


def _outlets(connection: Connection, told: Sequence[Event]) -> dict[str, list[Outlet]]:
    """Who tells each deal by now."""
    deals = sorted({event.key for event in told if event.kind.startswith("funding.")})
    found: dict[str, list[Outlet]] = {}
    for row in funding.reports(connection, deals) if deals else ():
        outlet = Outlet(publisher=row["outlet"], url=row["url"], trust=row["trust"])
        found.setdefault(row["deal"], []).append(outlet)
    return found


def _claims(connection: Connection, told: Sequence[Event]) -> dict[str, list[Checked]]:
    """What the items claim of models, held against the providers' pages now."""
    items = {event.id: (event.source, event.key) for event in told if event.kind == "news.published"}
    found = news_claims.of_items(connection, sorted(set(items.values())))
    return {
        id_: [
            Checked(
                provider=row["provider"],
                model_id=row["model_id"],
                claim=row["claim"],
                verdict=row["verdict"],
                says=row["official_says"],
                as_of=row["official_as_of"],
            )
            for row in found[item]
        ]
        for id_, item in items.items()
        if item in found
    }


def _siblings(connection: Connection, told: Sequence[Event]) -> list[Sibling]:
    """News and the calendar have none: each item, and each day, is by itself."""
    pages = [event for event in told if event.kind.startswith(("price.", "model."))]
    looks = {(event.source, event.observed_at) for event in pages if event.kind != "model.retirement_due"}
    return [
        Sibling(event=one.id, source=one.source, observed_at=one.observed_at, kind=one.kind, model=one.model)
        for one in siblings.of_looks(connection, looks)
    ]


def _touches(event: Event, workload: Workload) -> bool:
    return (event.kind in ENDING or event.kind.startswith("price.")) and runs_on(workload, event)


def _names(workload: Workload) -> set[str]:
    known = names.resolve(workload.provider, workload.model) or workload.model
    return {workload.model, *names.related(workload.provider, known)}


def _successors(
    told: Sequence[Event], touched: Sequence[Workload], replacements: dict[str, Sequence[str]]
) -> set[Model]:
    ending = [event for event in told if any(runs_on(workload, event) for workload in touched)]
    stated = [(event, (event.new or {}).get("replacements") or ()) for event in ending]
    stated += [(event, replacements.get(subject(event), ())) for event in ending]
    return {
        (event.provider, spelt)
        for event, models in stated
        for model in models
        for spelt in {model, names.resolve(event.provider, model) or model}
    }


def _counts(provider: str, trust: str, wanted: Iterable[Model]) -> bool:
    """Prices of other models are only told of those who make them; of the workload's own provider any will do."""
    return trust == "official" or provider in {own for own, _ in wanted}


def _rows(
    ask: Callable[..., list[dict[str, Any]]],
    connection: Connection,
    models: Iterable[Model],
    at: datetime,
    **filters: Sequence[str],
) -> list[dict[str, Any]]:
    asked = sorted(set(models))
    if not asked:
        return []
    providers = sorted({provider for provider, _ in asked})
    named = sorted({name for _, name in asked})
    return ask(connection, at, provider=providers, model=named, limit=MOST, **filters)


def _model(event: Event) -> Model:
    return event.provider, event.model_id or event.model or ""


def _subject(row: dict[str, Any]) -> str:
    return f"{row['provider']}/{row['model_id'] or row['model']}"

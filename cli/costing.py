"""What a workload costs: now, on a past day as known on another, or over a month at the rates of each day."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.plumbing import Json, configured, moment_of, reading
from console import FINDINGS, ends, print_json, say
from timeline.names import offered
from timeline.words import number

if TYPE_CHECKING:
    from store.connect import Connection
    from timeline.agreements import Contract
    from timeline.workloads import Workload


def cost(
    workload: Annotated[list[str] | None, typer.Option(help="A [[workload]] of aiwire.toml; all if none.")] = None,
    model: Annotated[list[str] | None, typer.Option(help="Instead: a model: openai/gpt-4o, or gpt-4o.")] = None,
    input_tokens: Annotated[str, typer.Option(metavar="NUMBER", help="Of one request.")] = "0",
    output_tokens: Annotated[str, typer.Option(metavar="NUMBER", help="Of one request.")] = "0",
    requests_per_day: Annotated[str | None, typer.Option(metavar="NUMBER", help="Costs of 30 such days.")] = None,
    requests: Annotated[str | None, typer.Option(metavar="NUMBER", help="Instead: costs of so many.")] = None,
    cached_share: Annotated[str, typer.Option(metavar="0..1", help="Of the input, read from a cache.")] = "0",
    service_tier: Annotated[str, typer.Option(help="batch, flex, priority, ...")] = "standard",
    as_of: Annotated[str | None, typer.Option(help="A date or time: at the prices of then.")] = None,
    known_at: Annotated[str | None, typer.Option(help="A date or time: as was known then.")] = None,
    month: Annotated[str | None, typer.Option(help="2026-07: that month, each day at its rates.")] = None,
    usage: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Instead: what recorded usage cost, CSV or JSON lines."),
    ] = None,
    list_prices: Annotated[bool, typer.Option("--list", help="Without your own [[contract]] prices.")] = False,
    json_: Json = False,
) -> None:
    """What workloads cost: a price that is not known is never taken for 0. Exit 1 when no cost is known."""
    with ends():
        if month and (as_of or known_at or requests):
            raise typer.BadParameter("--month stands alone: it uses the rates of each of its days")
        if usage and (workload or model or month or as_of or known_at):
            raise typer.BadParameter("--usage stands alone: its rows say model, time and tokens")
        alerts = configured().alerts
        contracts = () if list_prices else alerts.contracts
        if usage is not None:
            known = _recorded(usage, contracts, as_json=json_)
        else:
            sizes = (input_tokens, output_tokens, requests_per_day)
            what_if = [_what_if(one, *sizes, cached_share=cached_share, tier=service_tier) for one in model or ()]
            wanted = what_if or _named(alerts.workloads, workload or [])
            times = (moment_of(as_of), moment_of(known_at))
            span, count = _month(month) if month else None, _number("--requests", requests)
            with reading() as connection:
                asked = [one if one.provider else _sold(connection, one) for one in wanted]
                rows = [
                    _over(connection, one, span, contracts)
                    if span
                    else _at(connection, one, times, contracts, requests=count)
                    for one in asked
                ]
            known = _tell(rows, as_json=json_)
        if not known:
            raise typer.Exit(FINDINGS)


def _recorded(usage: Path, contracts: Sequence["Contract"], *, as_json: bool) -> bool:
    from cli.usages import spent

    return spent(usage, contracts, as_json=as_json)


def _tell(rows: Sequence[dict[str, Any]], *, as_json: bool) -> bool:
    """Print the costs; whether any is known."""
    for row in rows:
        print_json(row) if as_json else _print(row)
    return any(row["total"] for row in rows)


def _at(
    connection: "Connection",
    one: "Workload",
    times: tuple[datetime | None, datetime | None],
    contracts: Sequence["Contract"],
    *,
    requests: Decimal | None,
) -> dict[str, Any]:
    """One request, `requests` of them or a month of them, at the prices of a moment."""
    from store import rates
    from store.clock import database_now
    from timeline.agreements import own_prices
    from timeline.cost import bill
    from timeline.statements import statement
    from timeline.workloads import DAYS

    at = times[0] or database_now(connection)
    held = rates.as_of(connection, one.provider, one.model, at, times[1])
    count = requests if requests is not None else one.month or Decimal(1)
    paid = bill(one, own_prices(one.provider, one.model, held, contracts, at.date()), count)
    head = {"workload": one.name, "provider": one.provider, "model": one.model, "as_of": at, "known_at": times[1]}
    span = "month" if requests is None and one.month else None
    daily = paid.total / DAYS if span and paid.total is not None else None
    return {**head, "span": span, **statement(paid, count), "per_day": daily and format(daily.normalize(), "f")}


def _over(
    connection: "Connection", one: "Workload", span: tuple[datetime, datetime], contracts: Sequence["Contract"]
) -> dict[str, Any]:
    from store import rates
    from timeline.spending import over, total
    from timeline.statements import periods, statement

    held = rates.over(connection, one.provider, one.model, *span)
    parts = over(one, held, *span, contracts)
    head = {"workload": one.name, "provider": one.provider, "model": one.model, "since": span[0], "until": span[1]}
    count = one.requests_per_day * (span[1] - span[0]).days
    return {**head, "span": f"{span[0]:%Y-%m}", **statement(total(parts), count), "periods": periods(parts)}


def _what_if(
    text: str, tokens_in: str, tokens_out: str, daily: str | None, *, cached_share: str, tier: str
) -> "Workload":
    from alerts.workloads import TIERS
    from timeline.workloads import Workload

    if text.startswith("/") or not text.strip("/ "):
        raise typer.BadParameter(f"--model {text!r} is not a provider and a model, like openai/gpt-4o")
    provider, name = offered(text) or ("", text)
    if tier not in TIERS:
        raise typer.BadParameter(f"--service-tier {tier!r} is none of {', '.join(TIERS)}")
    share = _number("--cached-share", cached_share) or Decimal(0)
    if share > 1:
        raise typer.BadParameter(f"--cached-share {cached_share} is more than all of the input: from 0 to 1")
    return Workload(
        name=text,
        provider=provider,
        model=name,
        requests_per_day=_number("--requests-per-day", daily) or Decimal(0),
        input_tokens=_number("--input-tokens", tokens_in) or Decimal(0),
        output_tokens=_number("--output-tokens", tokens_out) or Decimal(0),
        cached_share=share,
        tier=tier,
    )


def _sold(connection: "Connection", one: "Workload") -> "Workload":
    """The workload with whoever alone sells its model. Raises MistakeError where nobody does, or several do."""
    from store.prices import sellers
    from timeline.issues import MistakeError

    there = sellers(connection, one.model)
    if len(there) == 1:
        return replace(one, provider=there[0])
    ways = " or ".join(f"--model {seller}/{one.model}" for seller in there[:8])
    told = f"several sell {one.model}: say {ways}" if there else f"nobody is known to sell a model {one.model}"
    raise MistakeError(told + ("" if there else ": `aiwire prices` names those there are, as in openai/gpt-4o"))


def _named(known: Iterable["Workload"], wanted: Sequence[str]) -> list["Workload"]:
    found = {one.name: one for one in known}
    for name in wanted:
        if name not in found:
            there = ", ".join(found) or "none: write [[workload]] into aiwire.toml, or ask with --model"
            raise typer.BadParameter(f"no workload is called {name!r}; there is {there}")
    if not found:
        raise typer.BadParameter("no [[workload]] is in aiwire.toml: ask with --model, --requests and tokens")
    return [replace(found[name]) for name in wanted or found]


def _number(option: str, text: str | None) -> Decimal | None:
    if text is None:
        return None
    found = number(text.replace("_", "").replace(",", ""))
    if found is None or found < 0:
        raise typer.BadParameter(f"{option} {text!r} is not a number of at least 0")
    return found


def _month(text: str) -> tuple[datetime, datetime]:
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text)
    if not found or found[1] == "0000":
        raise typer.BadParameter(f"--month {text!r} is not a month like 2026-07")
    year, number_of = int(found[1]), int(found[2])
    following = (year + 1, 1) if number_of == 12 else (year, number_of + 1)
    return datetime(year, number_of, 1, tzinfo=UTC), datetime(*following, 1, tzinfo=UTC)


def _print(row: dict[str, Any]) -> None:
    """`support-bot: $4,350 a month at 100,000 requests a day` and a line for each meter."""
    import console
    from timeline.words import counted, money

    amount = number(row["total"])
    requests = number(row["requests"]) or Decimal(0)
    told = "unknown" if amount is None else money(amount, row["currency"])
    span = {"month": " in 30 days", None: ""}.get(row["span"], f" in {row['span']}")
    lines = [
        f"{row['workload']}: {told} for {requests.normalize():,f} {'request' if requests == 1 else 'requests'}{span}"
    ]
    lines += [f"  {line}" for line in map(_meter, row["lines"])]
    for part in row.get("periods", ()) if len(row.get("periods", ())) > 1 else ():
        paid = number(part["total"])
        said = "unknown" if paid is None else money(paid, part["currency"])
        lines.append(f"  {part['begins']:%Y-%m-%d} to {part['ends']:%Y-%m-%d}: {said}")
    typer.echo(console.clean("\n".join(lines)))
    if row["missing"]:
        say(f"not known: the price of {', '.join(row['missing'])} ({counted(len(row['missing']), 'meter')})")


def _meter(line: dict[str, Any]) -> str:
    from timeline.offers import conditions, meter
    from timeline.tellers import teller
    from timeline.words import money, per_unit, price

    amount, quantity = number(line["amount"]), number(line["quantity"]) or Decimal(0)
    rates = line["rates"]
    said = "unknown" if amount is None else money(amount, rates[0]["currency"] if rates else "USD")
    unit = line["unit"] if quantity == 1 else f"{line['unit']}s"
    told = f"{meter(line['meter'])}: {quantity.normalize():,f} {unit}, {said}"
    at = []
    for rate in rates:
        when = conditions(rate["conditions"])
        by = rate["contract"] or teller(rate["source"] or "")
        at.append(f"{price(rate)} {per_unit(rate)}{f' {when}' if when else ''} ({by})")
    told += f" at {', and at '.join(at)}" if at else ""
    return told + (f"; it depends on {', '.join(line['needs'])}" if line["needs"] else "")

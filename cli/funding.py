"""Deals: `aiwire funding list`, `show`, and a person's word on which reports are of one: `split`, `join`, `undo`."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.plumbing import Json, Limit, listed, moment_of, owner, reading
from console import FINDINGS, clean, ends, print_json, print_rows, say

if TYPE_CHECKING:
    from store.deals import Refolded

Because = Annotated[str, typer.Option(help="Why: whoever was told otherwise is told this.")]
COLUMNS = ("first_reported", "headline", "outlets", "id")


def list_deals(
    company: Annotated[str | None, typer.Option(help="Only of this company; * as a wildcard.")] = None,
    kind: Annotated[str | None, typer.Option(help="funding, acquisition, ipo, debt or fund_close.")] = None,
    status: Annotated[str | None, typer.Option(help="rumoured, announced or closed.")] = None,
    since: Annotated[str | None, typer.Option(help="A date or time: first reported at or after it.")] = None,
    limit: Limit = 50,
    json_: Json = False,
) -> None:
    """Money raised, companies bought and listed, loans and funds, the latest first."""
    from store import funding

    with ends(), reading() as connection:
        rows = funding.page(
            connection, limit=limit, company=listed(company), kind=listed(kind), status=listed(status),
            since=moment_of(since),
        )  # fmt: skip
        print_rows([_told(row) for row in rows], as_json=json_, columns=COLUMNS, empty="no such deal is known")


def show_deal(deal: str, json_: Json = False) -> None:
    """One deal: its terms over time, every report with why it was read so, and what a person decided."""
    from store import funding

    with ends(), reading() as connection:
        found = funding.page(connection, id=[deal])
        if not found:
            say(f"aiwire: no deal is called {clean(deal)!r}: `aiwire funding list` lists them")
            raise typer.Exit(FINDINGS)
        history = funding.history(connection, deal)
        reports = funding.reports(connection, [deal], standing=False)
        decisions = funding.decisions(connection, found[0]["items"])
        if json_:
            print_json({**_told(found[0]), "history": history, "reports": reports, "decisions": decisions})
            return
        typer.echo(clean("\n".join(_lines(found[0], history, reports, decisions))))


def split_deal(
    deal: str,
    item: Annotated[str, typer.Argument(help="Its id or its address.")],
    because: Because,
    json_: Json = False,
) -> None:
    """An item tells another deal than the others of this one, and stays apart from them."""
    from store import funding
    from store.clock import wall_clock

    _reason(because)
    with ends(), owner() as connection:
        _report(*funding.split(connection, deal, item, because=because.strip(), at=wall_clock()), as_json=json_)


def join_deals(one: str, other: str, because: Because, json_: Json = False) -> None:
    """Two deals are one; the one that was told first keeps its name."""
    from store import funding
    from store.clock import wall_clock

    _reason(because)
    with ends(), owner() as connection:
        _report(*funding.join(connection, one, other, because=because.strip(), at=wall_clock()), as_json=json_)


def undo_decision(decision: int, json_: Json = False) -> None:
    """A split or a join holds no more."""
    from store import funding
    from store.clock import wall_clock

    with ends(), owner() as connection:
        _report(decision, funding.undo(connection, decision, at=wall_clock()), as_json=json_)


def list_decisions(json_: Json = False) -> None:
    """What was split and joined by hand, the newest first."""
    from store import funding

    with ends(), reading() as connection:
        columns = ("id", "verdict", "these", "those", "because", "made_at", "undone_at")
        rows = funding.decisions(connection)
        print_rows(rows, as_json=json_, columns=columns, empty="nothing was split or joined by hand")


def _reason(because: str) -> None:
    if not because.strip():
        raise typer.BadParameter("--because needs a reason: whoever was told of the deal is told this")


def _report(decision: int, done: "Refolded", *, as_json: bool) -> None:
    """The decision, and the deals as they are now."""
    deals = [{"id": deal.name, "items": list(deal.items)} for deal in done.deals]
    if as_json:
        print_json({"decision": decision, "deals": deals, "withdrawn": list(done.withdrawn)})
        return
    say(f"decision {decision}; to undo it: aiwire funding undo {decision}")
    for deal in deals:
        typer.echo(f"{deal['id']}: {', '.join(deal['items'])}")


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    from timeline import deal_words

    return {**row, "headline": deal_words.deal({**row, "label": row["kind"]})}


def _lines(
    deal: Mapping[str, Any],
    history: Sequence[Mapping[str, Any]],
    reports: Sequence[Mapping[str, Any]],
    decisions: Sequence[Mapping[str, Any]],
) -> list[str]:
    lines = [f"{_told(deal)['headline']}  [{deal['id']}]", "", "As it was known"]
    lines += [f"  {row['known_from']:%Y-%m-%d %H:%M}  {_told(row)['headline']}" for row in history]
    lines += ["", "Who told it"]
    for row in reports:
        edited = "" if row["stands"] else f" (until {row['edited_at']:%Y-%m-%d %H:%M})"
        lines.append(f"  {row['told_at']:%Y-%m-%d %H:%M}  {row['outlet']}, item {row['item']}{edited}: {row['title']}")
        lines += [f"      {part}" for part in (row["url"], *row["because"]) if part]
    if decisions:
        lines += ["", "Decided by hand"]
    for row in decisions:
        state = "undone" if row["undone_at"] else "holds"
        lines.append(f"  {row['id']} ({state}): {', '.join(row['these'])} {row['verdict']} {', '.join(row['those'])}")
        lines.append(f"      {row['because']}")
    return lines

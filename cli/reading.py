"""`aiwire news` and `aiwire incidents`: what feeds and status pages told, on the terminal."""

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from cli.plumbing import Json, Limit, Provider, moment_of, providers, reading
from console import ends, print_rows


def news(
    provider: Provider = None,
    topic: Annotated[str | None, typer.Option(help="Only this topic: funding, deals, models, prices...")] = None,
    source: Annotated[str | None, typer.Option(help="Only this source.")] = None,
    trust: Annotated[str | None, typer.Option(help="Only official, cloud or press.")] = None,
    q: Annotated[str | None, typer.Option("--search", help="Words that title or summary contain.")] = None,
    since: Annotated[str | None, typer.Option(help="A date or time: published then or later.")] = None,
    until: Annotated[str | None, typer.Option(help="A date or time: published before it.")] = None,
    limit: Limit = 50,
    json_: Json = False,
) -> None:
    """What feeds published, the newest first; of claims about models also what the maker's own page says."""
    from store import news as asked
    from store import news_claims
    from timeline.names import title

    with ends(), reading() as connection:
        rows = asked.page(
            connection, limit=limit, provider=providers(connection, provider), topic=_listed(topic),
            source=_listed(source), trust=_listed(trust), q=q, since=moment_of(since), until=moment_of(until),
        )  # fmt: skip
        rows = news_claims.annotated(connection, rows)
        shown = rows if json_ else [_line(row, title(row["provider"])) for row in rows]
        columns = ("day", "publisher", "title", "topics", "found", "url")
        print_rows(shown, as_json=json_, columns=columns, empty="no feed has published anything yet")


def incidents(
    provider: Provider = None,
    open_: Annotated[bool, typer.Option("--open", help="Only what goes on.")] = False,
    since: Annotated[str | None, typer.Option(help="A date or time: begun then or later.")] = None,
    downtime: Annotated[bool, typer.Option("--downtime", help="Minutes of trouble by provider and month.")] = False,
    limit: Limit = 50,
    json_: Json = False,
) -> None:
    """What status pages told of trouble, the newest first."""
    from store import incidents as asked

    with ends(), reading() as connection:
        wanted = providers(connection, provider)
        if downtime:
            rows = asked.downtime(connection, provider=wanted[0] if wanted else None)[:limit]
            columns: tuple[str, ...] = ("month", "provider", "incidents", "serious", "minutes", "serious_minutes")
        else:
            rows = asked.page(
                connection,
                limit=limit,
                provider=wanted,
                is_open=True if open_ else None,
                since=moment_of(since),
            )
            columns = ("started_at", "provider", "impact", "minutes", "status", "title", "components")
        print_rows(rows, as_json=json_, columns=columns, empty="no status page has told of trouble")


def _line(row: dict[str, Any], publisher: str) -> dict[str, Any]:
    """A row as a person reads it: the day, who, what; nothing that is longer than a line can be."""
    text = str(row["title"])
    return {
        "day": f"{row['at']:%Y-%m-%d}",
        "publisher": publisher[:24],
        "title": text if len(text) <= 90 else f"{text[:89].rstrip()}…",
        "topics": ", ".join(row["topics"]),
        "found": "; ".join(dict.fromkeys(_found(row))),
        "url": row["url"],
    }


def _found(row: dict[str, Any]) -> Iterator[str]:
    """What is known of the item beside its words: its deal, and whether the makers' pages bear out what it claims."""
    if row["deal"]:
        yield f"deal {row['deal']}"
    for claim in row["claims"]:
        verdict = "not on the maker's page" if claim["verdict"] == "not_on_page" else claim["verdict"]
        yield f"{claim['model_id']}: {claim['claim']} {verdict}"


def _listed(value: str | None) -> list[str]:
    return [value] if value else []

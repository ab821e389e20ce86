"""What every command of the command line shares: output for people or as JSON lines, progress, and how errors end."""

import json
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from timeline.contract import event_to_json
from timeline.issues import AiwireError, MistakeError

if TYPE_CHECKING:
    from store.timelines import Rebuilt

OK, FINDINGS, USAGE = 0, 1, 2
LONGEST_TABLE = 2000  # rows; laying out more takes longer than anybody reads

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def say(text: str) -> None:
    """A line about what is being done, for a person, on stderr: stdout is for answers."""
    typer.echo(clean(text), err=True)


def clean(text: str) -> str:
    """Page text may carry terminal escapes: control characters never reach a terminal."""
    return _CONTROL.sub("\ufffd", text)


def print_json(row: Mapping[str, Any]) -> None:
    """One JSON object a line on stdout; amounts, times and numbers that JSON has no word for as text."""
    try:
        text = json.dumps(dict(row), ensure_ascii=False, default=_plain, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(row), ensure_ascii=False, default=_plain)
    typer.echo(text)


def print_rows(rows: Iterable[Mapping[str, Any]], *, as_json: bool, columns: Sequence[str], empty: str) -> None:
    """Rows as JSON lines (all fields) or as a table of `columns`; `empty` says what it means that there are none."""
    rows = list(rows)
    if as_json:
        for row in rows:
            print_json(row)
        return
    if not rows:
        say(empty)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(Text(clean(column.replace("_", " "))), overflow="fold")
    for row in rows[:LONGEST_TABLE]:
        table.add_row(*(Text(clean(_cell(row.get(column)))) for column in columns))
    Console(width=None if sys.stdout.isatty() else 200).print(table)
    if len(rows) > LONGEST_TABLE:
        say(f"and {len(rows) - LONGEST_TABLE} more rows: --json prints them all")


def print_rebuilt(rebuilt: "Rebuilt", *, as_json: bool) -> None:
    """What a rebuild changed and why, for people or as one JSON object."""
    if as_json:
        print_json(
            {
                "source": rebuilt.source,
                "because": rebuilt.because,
                "kept": rebuilt.kept,
                "changed": [
                    {"key": change.key, "subject": change.subject, "was": change.was, "now": change.now}
                    for change in rebuilt.changed
                ],
                "events_added": [event_to_json(event) for event in rebuilt.events_added],
                "events_corrected": [event_to_json(event) for event in rebuilt.events_corrected],
                "events_restored": [event_to_json(event) for event in rebuilt.events_restored],
                "events_withdrawn": list(rebuilt.events_withdrawn),
            }
        )
        return
    if rebuilt.is_empty:
        typer.echo(f"{rebuilt.source}: nothing changed, {rebuilt.kept} rows were right already")
        return
    lines = [f"{rebuilt.source} ({rebuilt.because}): {rebuilt.kept} rows kept, {len(rebuilt.changed)} facts changed"]
    for change in rebuilt.changed:
        lines.append(
            f"  {change.subject}: {'; '.join(change.was) or 'nothing'} -> {'; '.join(change.now) or 'nothing'}"
        )
    for word, events in (
        ("added", rebuilt.events_added),
        ("corrected", rebuilt.events_corrected),
        ("restored", rebuilt.events_restored),
    ):
        lines += [f"  event {word}{' (late)' if event.late else ''}: {event.headline}" for event in events]
    lines += [f"  event withdrawn: {number}" for number in rebuilt.events_withdrawn]
    typer.echo(clean("\n".join(lines)))


@contextmanager
def ends() -> Iterator[None]:
    """Turns our errors into one line on stderr and an exit code: 2 for a mistake in what was asked, else 1."""
    try:
        yield
    except MistakeError as error:
        say(f"aiwire: {error}")
        raise typer.Exit(USAGE) from error
    except AiwireError as error:
        say(f"aiwire: {error}")
        raise typer.Exit(FINDINGS) from error
    except BrokenPipeError:  # the reader of our output went away: `aiwire events | head`
        sys.stderr.close()
        raise typer.Exit(OK) from None


@contextmanager
def progress(total: int, what: str) -> Iterator[Callable[[str], None]]:
    """A progress bar on stderr when that is a terminal, else nothing. Call it with what is being worked on."""
    with counting(what) as advance:
        yield lambda current: advance(total, current)


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, str], None]]:
    """As `progress`, where the work itself finds out how much it is: call it with that, too."""
    console = Console(stderr=True)
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, disable=not console.is_terminal, transient=True,
    )  # fmt: skip
    with bars:
        task = bars.add_task(what, total=None)

        def advance(total: int, current: str) -> None:
            bars.update(task, total=total, advance=1, description=f"{what}: {clean(current)[:60]}")

        yield advance


@contextmanager
def working(what: str) -> Iterator[None]:
    """Says on stderr, when that is a terminal, what takes its time and that it goes on."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(Text(clean(what))):
        yield


def _cell(value: object) -> str:
    if value is None or isinstance(value, bool):
        return "" if value is None else "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, list | tuple):
        return ", ".join(_cell(item) for item in value)
    if isinstance(value, Mapping):
        return " ".join(f"{key}={_cell(item)}" for key, item in value.items())
    return str(value)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)


def _finite(value: object) -> object:
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {name: _finite(inner) for name, inner in value.items()}
    return [_finite(inner) for inner in value] if isinstance(value, list | tuple) else value

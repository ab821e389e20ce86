"""`aiwire export`: a dated dump of the public views, for other tools."""

from pathlib import Path
from typing import Annotated, Literal

import typer

import console
from cli.plumbing import Json, configured, quietly, reach
from console import ends, print_rows


def export(
    folder: Annotated[Path, typer.Argument(help="Where the dump goes: a folder of its own, named after the day.")],
    form: Annotated[Literal["csv", "ndjson"], typer.Option("--format", help="One file a view.")] = "csv",
    json_: Json = False,
) -> None:
    """Write the public views as files, with a data dictionary and a note on rights. Reads only, at one moment."""
    from store import dumps
    from store.clock import wall_clock
    from store.connect import connect_reader

    with ends():
        quietly()
        at = wall_clock()
        target = folder / f"aiwire-{at:%Y-%m-%d}"
        target.mkdir(parents=True, exist_ok=True)
        written = []
        with connect_reader(reach(configured()).reader) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            connection.execute("SET LOCAL statement_timeout = 0")  # a dump of years takes as long as it takes
            with console.progress(len(dumps.VIEWS), "exporting") as advance:
                for view in dumps.VIEWS:
                    advance(view)
                    file = target / f"{view}.{form}"
                    with file.open("wb") as out:
                        size = sum(out.write(piece) for piece in dumps.rows(connection, view, form))
                    written.append({"file": str(file), "bytes": size})
            told = dumps.dictionary(connection, at=at)
        (target / "README.md").write_text(told, encoding="utf-8")
        print_rows(written, as_json=json_, columns=("file", "bytes"), empty="")
